"""Adds second factors, walls, broken glass, deeds about access, kept forms and search keys, and the other roles."""

import sqlalchemy as sa
from alembic import op

from store.triggers import keep_append_only, let_go
from store.types import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ROLES = ("practitioner", "manager", "police", "clock", "feed")
_ALL_ROLES = (
    "practitioner",
    "manager",
    "police",
    "safeguarding",
    "data_lead",
    "auditor",
    "case_manager",
    "clock",
    "feed",
)


def _allow(roles: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table("user_account") as batch:
        batch.drop_constraint(op.f("ck_user_account_role"), type_="check")
        batch.create_check_constraint(op.f("ck_user_account_role"), f"role IN ({listed})")


def _service(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f(f"fk_{table}_service_id"))


def _user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["service_id", "user"], ["user_account.service_id", "user_account.name"], name=f"fk_{table}_user"
    )


def _case(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f(f"fk_{table}_case_id"))


def upgrade() -> None:
    _allow(_ALL_ROLES)
    with op.batch_alter_table("web_session") as batch:
        batch.add_column(sa.Column("proved_at", Moment(), nullable=True))
        batch.add_column(sa.Column("ended_at", Moment(), nullable=True))
    op.execute("UPDATE web_session SET proved_at = created_at")
    _coming_in()
    _seeing()
    _finding()


def _coming_in() -> None:
    op.create_table(
        "second_factor",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("pending", sa.LargeBinary(), nullable=True),
        sa.Column("enrolled_at", Moment(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        _service("second_factor"),
        _user("second_factor"),
        sa.PrimaryKeyConstraint("service_id", "user", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        _service("recovery_code"),
        _user("recovery_code"),
        sa.PrimaryKeyConstraint("service_id", "user", "digest", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "form_draft",
        sa.Column("draft_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        _service("form_draft"),
        _user("form_draft"),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_form_draft")),
    )
    op.create_index("ix_form_draft_user", "form_draft", ["service_id", "user", "at"])


def _seeing() -> None:
    op.create_table(
        "wall",
        sa.Column("wall_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("set_at", Moment(), nullable=False),
        sa.Column("lifted_by", sa.String(length=64), nullable=True),
        sa.Column("lifted_at", Moment(), nullable=True),
        sa.Column("lifted_for", sa.String(length=32), nullable=True),
        sa.CheckConstraint("(case_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_wall_one_thing")),
        sa.CheckConstraint("reason IN ('own_conflict', 'conflict', 'childs_worker')", name=op.f("ck_wall_reason")),
        _service("wall"),
        _user("wall"),
        _case("wall"),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_wall_person_id")),
        sa.PrimaryKeyConstraint("wall_id", name=op.f("pk_wall")),
    )
    op.create_index("ix_wall_user", "wall", ["service_id", "user", "lifted_at"])
    op.create_table(
        "broken_glass",
        sa.Column("glass_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("note_id", sa.String(length=32), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("reviewed_by", sa.String(length=64), nullable=True),
        sa.Column("reviewed_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.CheckConstraint("(outcome IS NULL) = (reviewed_at IS NULL)", name=op.f("ck_broken_glass_reviewed")),
        _service("broken_glass"),
        _user("broken_glass"),
        _case("broken_glass"),
        sa.PrimaryKeyConstraint("glass_id", name=op.f("pk_broken_glass")),
    )
    op.create_index("ix_broken_glass_user", "broken_glass", ["service_id", "user", "case_id", "until"])
    op.create_index("ix_broken_glass_reviewed", "broken_glass", ["service_id", "reviewed_at"])
    op.create_table(
        "access_deed",
        sa.Column("deed_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("deed", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(length=120), nullable=False),
        _service("access_deed"),
        _case("access_deed"),
        sa.PrimaryKeyConstraint("deed_id", name=op.f("pk_access_deed")),
    )
    op.create_index("ix_access_deed_at", "access_deed", ["service_id", "at"])
    keep_append_only(op.get_bind(), "access_deed")
    op.create_index("ix_read_log_at", "read_log", ["service_id", "at"])


def _finding() -> None:
    op.create_table(
        "search_key",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        _service("search_key"),
        _case("search_key"),
        sa.PrimaryKeyConstraint("service_id", "digest", "case_id", name=op.f("pk_search_key")),
    )
    op.create_index("ix_search_key_case", "search_key", ["case_id"])


def downgrade() -> None:
    op.drop_index("ix_read_log_at", "read_log")
    let_go(op.get_bind(), "access_deed")
    for table in ("search_key", "access_deed", "broken_glass", "wall", "form_draft", "recovery_code", "second_factor"):
        op.drop_table(table)
    # A session that ended or still owes its second factor must not come alive again where neither is known.
    op.execute("DELETE FROM web_session WHERE ended_at IS NOT NULL OR proved_at IS NULL")
    with op.batch_alter_table("web_session") as batch:
        batch.drop_column("ended_at")
        batch.drop_column("proved_at")
    # Roles that the older tables do not know: the account stays for what it did, and lets nobody in.
    op.execute(
        "UPDATE user_account SET role = 'police', "
        "disabled_at = COALESCE(disabled_at, created_at) "
        "WHERE role IN ('safeguarding', 'data_lead', 'auditor', 'case_manager')"
    )
    _allow(_ROLES)
