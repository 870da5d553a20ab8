"""Adds the files for the printer (what left before counts as printed singly), and who checked translated words."""

import sqlalchemy as sa
from alembic import op

from store.types import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "print_batch",
        sa.Column("batch_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("in_day", sa.Integer(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_print_batch_service_id")),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_print_batch")),
        sa.UniqueConstraint("service_id", "day", "in_day", name=op.f("uq_print_batch_service_id_day_in_day")),
    )
    op.create_table(
        "batched_letter",
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["print_batch.batch_id"], name=op.f("fk_batched_letter_batch_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.letter_id"], name=op.f("fk_batched_letter_letter_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_batched_letter_service_id")),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_batched_letter")),
    )
    op.create_index(op.f("ix_batched_letter_batch_id"), "batched_letter", ["batch_id"])
    op.create_table(
        "checked_words",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("checked_by", sa.String(length=80), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_checked_words_service_id")),
        sa.PrimaryKeyConstraint("service_id", "kind", "language", "version", name=op.f("pk_checked_words")),
    )
    op.execute(
        sa.text(
            "INSERT INTO batched_letter (letter_id, service_id) "
            "SELECT letter_id, service_id FROM letter WHERE state IN ('released', 'returned')"
        )
    )


def downgrade() -> None:
    op.drop_table("checked_words")
    op.drop_table("batched_letter")
    op.drop_table("print_batch")
