"""Keeps beside each case and duty what reports count, and adds returns, file audits, judgements and exports."""

import sqlalchemy as sa
from alembic import op

from store.types import Document, Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_DAYS = (
    "identifiable_on",
    "asked_on",
    "consented_on",
    "safe_on",
    "contacted_on",
    "reached_on",
    "told_on",
    "talked_on",
    "offered_on",
    "agreed_on",
    "direct_on",
    "indirect_on",
    "completed_on",
    "first_ended_on",
    "last_ended_on",
    "closed_on",
)
_CODES = {"standing": 32, "consent_model": 16, "victim_kind": 24}
_PARTIAL = {
    "ix_case_summary_ended": ("last_ended_on", "last_ended_on IS NOT NULL"),
    "ix_case_summary_unmeasured": ("case_id", "others IS NULL"),
}
_TABLES = ("export_log", "self_judgement", "file_audit", "dip_sample", "kpi_return")


def upgrade() -> None:
    with op.batch_alter_table("case_summary") as batch:
        for name in _DAYS:
            batch.add_column(sa.Column(name, sa.Date(), nullable=True))
        for name, length in _CODES.items():
            batch.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
        batch.add_column(sa.Column("others", Document(), nullable=True))
    with op.batch_alter_table("case_summary") as batch:
        for name, length in _CODES.items():
            batch.alter_column(name, existing_type=sa.String(length=length), server_default=None)
    op.create_index("ix_case_summary_opened", "case_summary", ["service_id", "opened_on"])
    for name, (column, words) in _PARTIAL.items():
        condition = sa.text(words)
        op.create_index(
            name, "case_summary", ["service_id", column], sqlite_where=condition, postgresql_where=condition
        )
    with op.batch_alter_table("duty") as batch:
        batch.add_column(sa.Column("worker", sa.String(length=64), nullable=False, server_default=""))
        batch.add_column(sa.Column("took", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("waited", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("reason", sa.String(length=48), nullable=False, server_default=""))
    with op.batch_alter_table("duty") as batch:
        batch.alter_column("worker", existing_type=sa.String(length=64), server_default=None)
        batch.alter_column("reason", existing_type=sa.String(length=48), server_default=None)
    _new_tables()


def _service() -> sa.Column[str]:
    return sa.Column("service_id", sa.String(length=32), nullable=False)


def _of_service(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f(f"fk_{table}_service_id"))


def _key(table: str, column: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def _new_tables() -> None:
    op.create_table(
        "kpi_return",
        sa.Column("return_number", sa.Integer(), autoincrement=True, nullable=False),
        _service(),
        sa.Column("quarter", sa.String(length=8), nullable=False),
        sa.Column("frozen_at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("document", Document(), nullable=False),
        _of_service("kpi_return"),
        _key("kpi_return", "return_number"),
    )
    op.create_index("ix_kpi_return_quarter", "kpi_return", ["service_id", "quarter"])
    op.create_table(
        "dip_sample",
        sa.Column("sample_number", sa.Integer(), autoincrement=True, nullable=False),
        _service(),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.Column("drawn_at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        _of_service("dip_sample"),
        _key("dip_sample", "sample_number"),
        sa.UniqueConstraint("service_id", "month", name=op.f("uq_dip_sample_service_id_month")),
    )
    op.create_table(
        "file_audit",
        sa.Column("audit_number", sa.Integer(), autoincrement=True, nullable=False),
        _service(),
        sa.Column("sample_number", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answers", Document(), nullable=False),
        *(
            column
            for deed in ("reviewed", "verified", "finalised")
            for column in (
                sa.Column(f"{deed}_by", sa.String(length=64), nullable=False),
                sa.Column(f"{deed}_at", Moment(), nullable=True),
            )
        ),
        sa.CheckConstraint("state IN ('drawn', 'reviewed', 'verified', 'finalised')", name=op.f("ck_file_audit_state")),
        _of_service("file_audit"),
        sa.ForeignKeyConstraint(
            ["sample_number"], ["dip_sample.sample_number"], name=op.f("fk_file_audit_sample_number")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_file_audit_case_id")),
        _key("file_audit", "audit_number"),
        sa.UniqueConstraint("sample_number", "case_id", name=op.f("uq_file_audit_sample_number_case_id")),
    )
    op.create_table(
        "self_judgement",
        sa.Column("judgement_number", sa.Integer(), autoincrement=True, nullable=False),
        _service(),
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("item", sa.String(length=24), nullable=False),
        sa.Column("document", Document(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        _of_service("self_judgement"),
        _key("self_judgement", "judgement_number"),
    )
    op.create_index("ix_self_judgement_item", "self_judgement", ["service_id", "subject", "period", "item"])
    op.create_table(
        "export_log",
        sa.Column("export_number", sa.Integer(), autoincrement=True, nullable=False),
        _service(),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        _of_service("export_log"),
        _key("export_log", "export_number"),
    )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    with op.batch_alter_table("duty") as batch:
        for column in ("worker", "took", "waited", "reason"):
            batch.drop_column(column)
    for name in (*_PARTIAL, "ix_case_summary_opened"):
        op.drop_index(name, "case_summary")
    with op.batch_alter_table("case_summary") as batch:
        for column in ("others", *_CODES, *_DAYS):
            batch.drop_column(column)
