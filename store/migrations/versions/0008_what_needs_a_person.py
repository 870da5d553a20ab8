"""Adds what police sent that nobody could read, the cases that look alike, and an index on receipts by case."""

import sqlalchemy as sa
from alembic import op

from store.types import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "intake_task",
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("force", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("submission_id", sa.String(length=64), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint("kind IN ('unread_withdrawal', 'unread_rows')", name=op.f("ck_intake_task_kind")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_intake_task_service_id")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_intake_task")),
        sa.UniqueConstraint("service_id", "force", "digest", name=op.f("uq_intake_task_service_id_force_digest")),
    )
    op.create_index(
        "ix_intake_task_open",
        "intake_task",
        ["service_id", "raised_at"],
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "likeness",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("other_case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reasons", sa.String(length=120), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint("kind IN ('person', 'incident')", name=op.f("ck_likeness_kind")),
        sa.CheckConstraint("outcome IS NULL OR outcome IN ('same', 'different')", name=op.f("ck_likeness_outcome")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_likeness_service_id")),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_likeness_case_id")),
        sa.ForeignKeyConstraint(["other_case_id"], ["victim_case.case_id"], name=op.f("fk_likeness_other_case_id")),
        sa.PrimaryKeyConstraint("service_id", "case_id", "other_case_id", name=op.f("pk_likeness")),
    )
    op.create_index("ix_likeness_other", "likeness", ["other_case_id"])
    op.create_table(
        "likeness_key",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_likeness_key_service_id")),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_likeness_key_case_id")),
        sa.PrimaryKeyConstraint("service_id", "digest", name=op.f("pk_likeness_key")),
    )
    op.create_index("ix_likeness_key_case", "likeness_key", ["case_id"])
    op.create_index("ix_submission_case", "submission", ["case_id"])


def downgrade() -> None:
    op.drop_index("ix_submission_case", "submission")
    op.drop_index("ix_likeness_key_case", "likeness_key")
    op.drop_table("likeness_key")
    op.drop_index("ix_likeness_other", "likeness")
    op.drop_table("likeness")
    op.drop_index("ix_intake_task_open", "intake_task")
    op.drop_table("intake_task")
