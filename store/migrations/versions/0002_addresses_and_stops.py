"""Adds the addresses that letters are compared with, the pages as approved, and the orders that stop all letters."""

import sqlalchemy as sa
from alembic import op

from store.triggers import keep_append_only, let_go
from store.types import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_PEOPLE, _ALL_PEOPLE = ("victim", "child"), ("victim", "child", "staff")
_STATES = ("drafted", "held", "approved", "released", "returned", "cancelled")
_ALL_STATES = (*_STATES, "discarded")


def _allow(table: str, column: str, values: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{table}_{column}"), f"{column} IN ({listed})")


def upgrade() -> None:
    _allow("person", "kind", _ALL_PEOPLE)
    _allow("letter", "state", _ALL_STATES)
    op.create_table(
        "known_address",
        sa.Column("address_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("of", sa.String(length=16), nullable=False),
        sa.Column("has_number", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.String(length=64), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_known_address_person_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_known_address_service_id")),
        sa.PrimaryKeyConstraint("address_id", name=op.f("pk_known_address")),
    )
    op.create_index("ix_known_address_person", "known_address", ["person_id"])
    op.create_table(
        "address_key",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["known_address.address_id"], name=op.f("fk_address_key_address_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_address_key_service_id")),
        sa.PrimaryKeyConstraint("address_id", "grade", "digest", name=op.f("pk_address_key")),
    )
    op.create_index("ix_address_key_digest", "address_key", ["service_id", "digest"])
    op.create_table(
        "letter_page",
        sa.Column("letter_id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.letter_id"], name=op.f("fk_letter_page_letter_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_letter_page_service_id")),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_letter_page")),
    )
    op.create_table(
        "dispatch_order",
        sa.Column("order_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("deed", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("deed IN ('stop', 'ask_to_lift', 'lift')", name=op.f("ck_dispatch_order_deed")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_dispatch_order_service_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_dispatch_order")),
    )
    keep_append_only(op.get_bind(), "dispatch_order")


def downgrade() -> None:
    let_go(op.get_bind(), "dispatch_order")
    op.drop_table("dispatch_order")
    op.drop_table("letter_page")
    op.drop_index("ix_address_key_digest", table_name="address_key")
    op.drop_table("address_key")
    op.drop_index("ix_known_address_person", table_name="known_address")
    op.drop_table("known_address")
    # What the older tables do not know becomes the nearest that they know; the history keeps what it was.
    op.execute("UPDATE letter SET state = 'cancelled' WHERE state = 'discarded'")
    op.execute("DELETE FROM person WHERE kind = 'staff'")
    _allow("letter", "state", _STATES)
    _allow("person", "kind", _PEOPLE)
