"""Adds records that are being filled in, files that wait, links that fill gaps, and the chases of queries."""

import sqlalchemy as sa
from alembic import op

from store.types import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_draft",
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("force", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_record_draft_service_id")),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_record_draft")),
    )
    op.create_index("ix_record_draft_user", "record_draft", ["service_id", "user", "expires_at"])
    op.create_table(
        "waiting_file",
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("force", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("receipt", sa.JSON(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_waiting_file_service_id")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_waiting_file")),
    )
    op.create_index("ix_waiting_file_user", "waiting_file", ["service_id", "user", "expires_at"])
    op.create_table(
        "completion_link",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("force", sa.String(length=64), nullable=False),
        sa.Column("submission_id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_completion_link_service_id")),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_completion_link_case_id")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_completion_link")),
    )
    op.create_index("ix_completion_link_submission", "completion_link", ["service_id", "force", "submission_id"])
    op.create_table(
        "chase",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("query", sa.String(length=24), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("rung", sa.String(length=16), nullable=False),
        sa.Column("whom", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=False),
        sa.Column("ready_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint("state IN ('claimed', 'waiting', 'sent', 'by_hand', 'done')", name=op.f("ck_chase_state")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_chase_service_id")),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_chase_case_id")),
        sa.PrimaryKeyConstraint("service_id", "case_id", "query", "asked_on", "rung", name=op.f("pk_chase")),
    )
    op.create_index("ix_chase_state", "chase", ["service_id", "state", "due_on"])
    op.create_table(
        "chase_day",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("force", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_chase_day_service_id")),
        sa.PrimaryKeyConstraint("service_id", "force", "day", name=op.f("pk_chase_day")),
    )


def downgrade() -> None:
    op.drop_table("chase_day")
    op.drop_index("ix_chase_state", "chase")
    op.drop_table("chase")
    op.drop_index("ix_completion_link_submission", "completion_link")
    op.drop_table("completion_link")
    op.drop_index("ix_waiting_file_user", "waiting_file")
    op.drop_table("waiting_file")
    op.drop_index("ix_record_draft_user", "record_draft")
    op.drop_table("record_draft")
