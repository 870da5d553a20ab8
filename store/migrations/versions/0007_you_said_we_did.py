"""Adds what victims said in feedback and what the service did about it, in words that may be published."""

import sqlalchemy as sa
from alembic import op

from store.types import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_THEMES = (
    "safety",
    "being_heard",
    "information",
    "pace",
    "choice",
    "access",
    "restorative_justice",
    "worker",
    "other_services",
    "other",
)


def upgrade() -> None:
    listed = ", ".join(f"'{theme}'" for theme in _THEMES)
    op.create_table(
        "said_and_done",
        sa.Column("said_number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("theme", sa.String(length=24), nullable=False),
        sa.Column("said", sa.String(length=400), nullable=False),
        sa.Column("did", sa.String(length=400), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint(f"theme IN ({listed})", name=op.f("ck_said_and_done_theme")),
        sa.CheckConstraint("said <> '' AND did <> ''", name=op.f("ck_said_and_done_said")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_said_and_done_service_id")),
        sa.PrimaryKeyConstraint("said_number", name=op.f("pk_said_and_done")),
    )
    op.create_index("ix_said_and_done_day", "said_and_done", ["service_id", "done_on"])


def downgrade() -> None:
    op.drop_index("ix_said_and_done_day", "said_and_done")
    op.drop_table("said_and_done")
