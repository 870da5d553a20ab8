"""Adds sign-in through a provider, how a session began, and what of a case was opened with a reason."""

import sqlalchemy as sa
from alembic import op

from store.types import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider_binding",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("subject_digest", sa.String(length=64), nullable=False),
        sa.Column("bound_by", sa.String(length=64), nullable=False),
        sa.Column("bound_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_provider_binding_service_id")),
        sa.ForeignKeyConstraint(
            ["service_id", "user"], ["user_account.service_id", "user_account.name"], name="fk_provider_binding_user"
        ),
        sa.PrimaryKeyConstraint("service_id", "user", name=op.f("pk_provider_binding")),
        sa.UniqueConstraint("service_id", "subject_digest", name="uq_provider_binding_subject"),
    )
    op.create_table(
        "provider_handshake",
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("state_digest", sa.String(length=64), nullable=False),
        sa.Column("ticket_digest", sa.String(length=64), nullable=False),
        sa.Column("session_digest", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.service_id"], name=op.f("fk_provider_handshake_service_id")),
        sa.PrimaryKeyConstraint("service_id", "state_digest", name=op.f("pk_provider_handshake")),
    )
    op.create_index("ix_provider_handshake_at", "provider_handshake", ["service_id", "at"])
    op.add_column("broken_glass", sa.Column("what", sa.String(length=8), server_default="case", nullable=False))
    op.add_column("web_session", sa.Column("came_by", sa.String(length=16), server_default="password", nullable=False))


def downgrade() -> None:
    op.drop_column("web_session", "came_by")
    op.drop_column("broken_glass", "what")
    op.drop_index("ix_provider_handshake_at", table_name="provider_handshake")
    op.drop_table("provider_handshake")
    op.drop_table("provider_binding")
