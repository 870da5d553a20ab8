"""Keeps the tables of moves of every version, says on which version each case stands, and logs who moved cases."""

import sqlalchemy as sa
from alembic import op

from store.types import Document, Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tables_version",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("first_used_at", Moment(), nullable=False),
        sa.Column("document", Document(), nullable=True),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_tables_version_service_id")),
        sa.PrimaryKeyConstraint("service_id", "version", name=op.f("pk_tables_version")),
    )
    # What the tables said then is lost: it was not kept before this.
    op.execute(
        "INSERT INTO tables_version (service_id, version, first_used_at, document) "
        "SELECT service_id, tables, min(recorded_at), NULL FROM event GROUP BY service_id, tables"
    )
    with op.batch_alter_table("case_summary") as batch:
        batch.add_column(sa.Column("tables", sa.String(length=16), nullable=True))
    op.execute(
        "UPDATE case_summary SET tables = (SELECT e.tables FROM event e WHERE e.service_id = case_summary.service_id "
        "AND e.case_id = case_summary.case_id AND e.seq = case_summary.version)"
    )
    with op.batch_alter_table("case_summary") as batch:
        batch.alter_column("tables", existing_type=sa.String(length=16), nullable=False)
        batch.create_foreign_key(
            "fk_case_summary_tables", "tables_version", ["service_id", "tables"], ["service_id", "version"]
        )
    op.create_index("ix_case_summary_tables", "case_summary", ["service_id", "tables"])
    op.create_table(
        "tables_run",
        sa.Column("run_id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("deed", sa.String(length=8), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("counts", Document(), nullable=True),
        sa.CheckConstraint("deed IN ('migrate', 'revert')", name=op.f("ck_tables_run_deed")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_tables_run_service_id")),
        sa.ForeignKeyConstraint(["undoes"], ["tables_run.run_id"], name=op.f("fk_tables_run_undoes")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_tables_run")),
    )
    op.create_table(
        "tables_move",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["victim_case.case_id"], name=op.f("fk_tables_move_case_id")),
        sa.ForeignKeyConstraint(["run_id"], ["tables_run.run_id"], name=op.f("fk_tables_move_run_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_tables_move_service_id")),
        sa.PrimaryKeyConstraint("run_id", "case_id", name=op.f("pk_tables_move")),
    )


def downgrade() -> None:
    op.drop_table("tables_move")
    op.drop_table("tables_run")
    op.drop_index("ix_case_summary_tables", "case_summary")
    with op.batch_alter_table("case_summary") as batch:
        batch.drop_constraint("fk_case_summary_tables", type_="foreignkey")
        batch.drop_column("tables")
    op.drop_table("tables_version")
