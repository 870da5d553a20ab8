"""Adds what is handed to somebody else to deliver, and letters of which nobody knows whether they left."""

import sqlalchemy as sa
from alembic import op

from store.types import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_STATES = ("drafted", "held", "approved", "released", "returned", "cancelled", "discarded")
_ALL_STATES = ("drafted", "held", "approved", "in_doubt", "released", "returned", "cancelled", "discarded")


def _allow(values: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("letter") as batch_op:
        batch_op.drop_constraint(op.f("ck_letter_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_letter_state"), f"state IN ({listed})")


def upgrade() -> None:
    _allow(_ALL_STATES)
    op.create_table(
        "consignment",
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("begun_by", sa.String(length=32), nullable=False),
        sa.Column("ask_at", Moment(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=240), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'begun', 'doubted', 'taken', 'delivered', 'failed', 'refused')",
            name=op.f("ck_consignment_state"),
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.letter_id"], name=op.f("fk_consignment_letter_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_consignment_service_id")),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_consignment")),
        sa.UniqueConstraint("service_id", "reference", name=op.f("uq_consignment_service_id_reference")),
    )
    op.create_index("ix_consignment_ask", "consignment", ["service_id", "ask_at"])
    op.create_index("ix_consignment_state", "consignment", ["service_id", "state"])


def downgrade() -> None:
    op.drop_index("ix_consignment_state", table_name="consignment")
    op.drop_index("ix_consignment_ask", table_name="consignment")
    op.drop_table("consignment")
    # Whoever goes back decides by hand: the older tables know no doubt, and a letter must not go twice.
    op.execute("UPDATE letter SET state = 'cancelled' WHERE state = 'in_doubt'")
    _allow(_STATES)
