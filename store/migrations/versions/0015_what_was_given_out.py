"""Adds the tables that were given out, and lets cases whose figures are counted anew be derived until they are kept."""

import sqlalchemy as sa
from alembic import op

from store.types import Document, Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("publication_number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("tables", Document(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("given_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_publication_service_id")),
        sa.PrimaryKeyConstraint("publication_number", name=op.f("pk_publication")),
    )
    op.create_index("ix_publication_service", "publication", ["service_id", "publication_number"])
    # When a refusal has turned, and when a contact came after a withdrawal, is counted more exactly: these cases are
    # derived from their history until `check --rebuild` has kept them again.
    op.execute(
        sa.text(
            "UPDATE case_summary SET others = NULL WHERE EXISTS (SELECT 1 FROM event WHERE event.service_id = "
            "case_summary.service_id AND event.case_id = case_summary.case_id AND event.kind IN "
            "('officer_found_uninformed', 'consent_withdrawn'))"
        )
    )


def downgrade() -> None:
    op.drop_index("ix_publication_service", table_name="publication")
    op.drop_table("publication")
