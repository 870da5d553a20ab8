"""Adds the interventions of children from the case management system, and the rows of a service's own spreadsheet."""

import sqlalchemy as sa
from alembic import op

from store.types import Document, Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "child_intervention",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("intervention_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("crime_reference", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("first_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_child_intervention_person_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_child_intervention_service_id")),
        sa.PrimaryKeyConstraint("service_id", "intervention_id", name=op.f("pk_child_intervention")),
    )
    op.create_index("ix_child_intervention_crime", "child_intervention", ["service_id", "crime_reference"])
    op.create_index("ix_child_intervention_person_id", "child_intervention", ["person_id"])
    op.create_table(
        "tracker_row",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("cells", Document(), nullable=False),
        sa.Column("first_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_tracker_row_case_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_tracker_row_service_id")),
        sa.PrimaryKeyConstraint("service_id", "identity", name=op.f("pk_tracker_row")),
    )
    op.create_index("ix_tracker_row_case", "tracker_row", ["case_id"])


def downgrade() -> None:
    op.drop_index("ix_tracker_row_case", table_name="tracker_row")
    op.drop_table("tracker_row")
    op.drop_index("ix_child_intervention_person_id", table_name="child_intervention")
    op.drop_index("ix_child_intervention_crime", table_name="child_intervention")
    op.drop_table("child_intervention")
