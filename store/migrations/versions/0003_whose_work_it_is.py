"""Lets an open case point to its action and an action to its owner, and adds cover and the morning letters."""

import sqlalchemy as sa
from alembic import op

from store.types import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OPEN_CASE = (
    "(is_open AND open_case_id IS NOT NULL AND open_case_id = case_id) OR (NOT is_open AND open_case_id IS NULL)"
)
_OWNER = "(person IS NULL AND owner = 'unassigned') OR (person IS NOT NULL AND owner = person)"
_ACTION_INDEXES = {
    "ix_action_owner": ["service_id", "owner", "rests", "due_on"],
    "ix_action_rests": ["service_id", "rests", "due_on"],
}


def upgrade() -> None:
    op.add_column("user_account", sa.Column("email", sa.String(length=254), nullable=True))
    op.add_column("web_session", sa.Column("queue", sa.String(length=200), nullable=True))
    op.create_index("ix_event_recorded", "event", ["service_id", "recorded_at"])
    _point_actions_to_people()
    _point_open_cases_to_actions()
    _new_tables()


def _point_actions_to_people() -> None:
    with op.batch_alter_table("action") as batch:
        batch.add_column(sa.Column("reference", sa.String(length=16), nullable=True))
        batch.add_column(sa.Column("person", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("rests", sa.String(length=8), nullable=True))
    # Whoever had cases without an account gets one that lets nobody in, so that the cases show up as nobody's.
    op.execute(
        "INSERT INTO user_account "
        "(service_id, name, role, shown_as, direct_number, password_hash, must_change, created_at, disabled_at) "
        "SELECT DISTINCT a.service_id, a.owner, 'practitioner', a.owner, '', '!', true, "
        "s.created_at, s.created_at FROM action a JOIN service s ON s.service_id = a.service_id "
        "WHERE a.owner <> 'unassigned' AND NOT EXISTS (SELECT 1 FROM user_account u "
        "WHERE u.service_id = a.service_id AND u.name = a.owner)"
    )
    op.execute(
        "UPDATE action SET "
        "reference = (SELECT c.reference FROM victim_case c WHERE c.case_id = action.case_id), "
        "person = CASE WHEN owner = 'unassigned' THEN NULL ELSE owner END, "
        "rests = CASE WHEN name = 'review_hold' THEN 'hold' WHEN waiting_on IS NOT NULL THEN 'waiting' ELSE '' END"
    )
    with op.batch_alter_table("action") as batch:
        batch.alter_column("reference", existing_type=sa.String(length=16), nullable=False)
        batch.alter_column("rests", existing_type=sa.String(length=8), nullable=False)
        batch.create_check_constraint(op.f("ck_action_owner"), _OWNER)
        batch.create_check_constraint(op.f("ck_action_said"), "name <> '' AND reason <> ''")
        batch.create_check_constraint(op.f("ck_action_rests"), "rests IN ('', 'hold', 'waiting')")
        batch.create_foreign_key("fk_action_person", "user_account", ["service_id", "person"], ["service_id", "name"])
        batch.drop_index("ix_action_owner")
    for name, columns in _ACTION_INDEXES.items():
        op.create_index(name, "action", columns)
    dated = sa.text("decision_on IS NOT NULL")
    op.create_index(
        "ix_action_decision", "action", ["service_id", "decision_on"], sqlite_where=dated, postgresql_where=dated
    )


def _point_open_cases_to_actions() -> None:
    with op.batch_alter_table("case_summary") as batch:
        batch.add_column(sa.Column("open_case_id", sa.Integer(), nullable=True))
    op.execute("UPDATE case_summary SET open_case_id = CASE WHEN is_open THEN case_id END")
    with op.batch_alter_table("case_summary") as batch:
        batch.create_check_constraint(op.f("ck_case_summary_open_case"), _OPEN_CASE)
        batch.create_foreign_key(
            "fk_case_summary_next_action",
            "action",
            ["service_id", "open_case_id"],
            ["service_id", "case_id"],
            deferrable=True,
            initially="DEFERRED",
        )


def _new_tables() -> None:
    op.create_table(
        "cover",
        sa.Column("cover_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("away", sa.String(length=64), nullable=False),
        sa.Column("deputy", sa.String(length=64), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.CheckConstraint("away <> deputy", name=op.f("ck_cover_two_people")),
        sa.CheckConstraint("until_day >= from_day", name=op.f("ck_cover_days")),
        sa.ForeignKeyConstraint(
            ["service_id", "away"], ["user_account.service_id", "user_account.name"], name="fk_cover_away"
        ),
        sa.ForeignKeyConstraint(
            ["service_id", "deputy"], ["user_account.service_id", "user_account.name"], name="fk_cover_deputy"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_cover_service_id")),
        sa.PrimaryKeyConstraint("cover_id", name=op.f("pk_cover")),
    )
    op.create_index("ix_cover_away", "cover", ["service_id", "away", "until_day"])
    op.create_index("ix_cover_deputy", "cover", ["service_id", "deputy", "until_day"])
    op.create_table(
        "digest",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("claimed_by", sa.String(length=32), nullable=False),
        sa.Column("ready_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=120), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.CheckConstraint("state IN ('claimed', 'waiting', 'sent', 'refused')", name=op.f("ck_digest_state")),
        sa.ForeignKeyConstraint(
            ["service_id", "user"], ["user_account.service_id", "user_account.name"], name="fk_digest_user"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_digest_service_id")),
        sa.PrimaryKeyConstraint("service_id", "user", "day", name=op.f("pk_digest")),
    )


def downgrade() -> None:
    op.drop_table("digest")
    op.drop_table("cover")
    with op.batch_alter_table("case_summary") as batch:
        batch.drop_constraint("fk_case_summary_next_action", type_="foreignkey")
        batch.drop_constraint(op.f("ck_case_summary_open_case"), type_="check")
        batch.drop_column("open_case_id")
    op.drop_index("ix_action_decision", "action")
    for name in _ACTION_INDEXES:
        op.drop_index(name, "action")
    with op.batch_alter_table("action") as batch:
        batch.drop_constraint("fk_action_person", type_="foreignkey")
        for name in ("ck_action_owner", "ck_action_said", "ck_action_rests"):
            batch.drop_constraint(op.f(name), type_="check")
        for column in ("rests", "person", "reference"):
            batch.drop_column(column)
    op.create_index("ix_action_owner", "action", ["service_id", "owner", "due_on"])
    op.drop_index("ix_event_recorded", "event")
    with op.batch_alter_table("web_session") as batch:
        batch.drop_column("queue")
    with op.batch_alter_table("user_account") as batch:
        batch.drop_column("email")
