"""Lets a suppression entry end, and adds the month in which a child victim turns 18."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("suppression") as batch_op:
        batch_op.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ended_by", sa.String(length=64), nullable=True))
        batch_op.create_check_constraint(op.f("ck_suppression_ended"), "(ended_on IS NULL) = (ended_by IS NULL)")
    op.create_table(
        "coming_of_age",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("adult_in", sa.Date(), nullable=True),
        sa.Column("looked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], name=op.f("fk_coming_of_age_person_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_coming_of_age_service_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_coming_of_age")),
    )
    op.create_index(
        "ix_coming_of_age_adult",
        "coming_of_age",
        ["service_id", "adult_in"],
        sqlite_where=sa.text("adult_in IS NOT NULL"),
        postgresql_where=sa.text("adult_in IS NOT NULL"),
    )
    # A clock asks every minute for child victims of whom nobody has looked when they turn 18.
    op.create_index(
        "ix_case_summary_children",
        "case_summary",
        ["service_id", "case_id"],
        sqlite_where=sa.text("is_open = 1 AND child_victim = 1"),
        postgresql_where=sa.text("is_open AND child_victim"),
    )


def downgrade() -> None:
    op.drop_index("ix_case_summary_children", table_name="case_summary")
    op.drop_index("ix_coming_of_age_adult", table_name="coming_of_age")
    op.drop_table("coming_of_age")
    # An entry that has ended must not stand again where nothing can say that it ended.
    op.execute("DELETE FROM suppression WHERE ended_on IS NOT NULL")
    with op.batch_alter_table("suppression") as batch_op:
        batch_op.drop_constraint(op.f("ck_suppression_ended"), type_="check")
        batch_op.drop_column("ended_by")
        batch_op.drop_column("ended_on")
