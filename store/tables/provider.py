"""Declares the tables of sign-in through a provider: who is bound to whom there, and sign-ins that are under way."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.tables.columns import moment, sealed


class ProviderBinding(SQLModel, table=True):
    """Which user a subject of a provider is; only a digest of issuer and subject is kept."""

    __tablename__ = "provider_binding"
    __table_args__ = (
        ForeignKeyConstraint(
            ["service_id", "user"], ["user_account.service_id", "user_account.name"], name="fk_provider_binding_user"
        ),
        UniqueConstraint("service_id", "subject_digest", name="uq_provider_binding_subject"),
    )

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    user: str = Field(primary_key=True, max_length=64)
    subject_digest: str = Field(max_length=64)
    bound_by: str = Field(max_length=64)
    bound_at: datetime = moment()


class ProviderHandshake(SQLModel, table=True):
    """A sign-in at the provider that has not come back yet: taken out when it comes, so that it counts once.

    ``ticket_digest`` is of the cookie of the browser that began it; ``session_digest`` names the session whose user is
    asked to prove again who they are.
    """

    __tablename__ = "provider_handshake"
    __table_args__ = (Index("ix_provider_handshake_at", "service_id", "at"),)

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    state_digest: str = Field(primary_key=True, max_length=64)
    ticket_digest: str = Field(max_length=64)
    session_digest: str | None = Field(default=None, max_length=64)
    sealed: bytes = sealed()
    at: datetime = moment()
