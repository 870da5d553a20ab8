"""Declares the tables of the doors: the service, who signs in, the forces and their keys, and who read what."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from store.tables.columns import case, moment, number, one_of
from workflow.vocabulary import Role


class Service(SQLModel, table=True):
    """A Youth Justice Service; only an example service may rehearse another time."""

    __tablename__ = "service"

    service_id: str = Field(primary_key=True, max_length=32)
    name: str
    is_example: bool = False
    created_at: datetime = moment()
    dispatch_stopped_at: datetime | None = moment(nullable=True)


class UserAccount(SQLModel, table=True):
    """Somebody who may come in, with one role."""

    __tablename__ = "user_account"
    __table_args__ = (one_of("role", tuple(Role), "role"),)

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    name: str = Field(primary_key=True, max_length=64)
    role: str = Field(max_length=32)
    shown_as: str
    direct_number: str = ""
    force: str | None = None
    password_hash: str
    must_change: bool = True
    created_at: datetime = moment()
    disabled_at: datetime | None = moment(nullable=True)
    email: str | None = Field(default=None, max_length=254)


class WebSession(SQLModel, table=True):
    """A browser that signed in; only a digest of its token is kept.

    ``proved_at`` is when its user last gave password and second factor; None while the second factor is still owed.
    """

    __tablename__ = "web_session"

    token_digest: str = Field(primary_key=True, max_length=64)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    user: str = Field(max_length=64)
    form_token: str = Field(max_length=64)
    created_at: datetime = moment()
    seen_at: datetime = moment()
    queue: str | None = Field(default=None, max_length=200)
    proved_at: datetime | None = moment(nullable=True)
    ended_at: datetime | None = moment(nullable=True)
    came_by: str = Field(default="password", max_length=16, sa_column_kwargs={"server_default": "password"})


class SignInAttempt(SQLModel, table=True):
    """A failed sign-in, by digest of the account and of the address, so that guessing can be slowed."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_subject_at", "service_id", "subject", "at"),)

    attempt_id: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    subject: str = Field(max_length=64)
    at: datetime = moment()


class PoliceForce(SQLModel, table=True):
    """A police force that sends consent records, and the consent model it works by."""

    __tablename__ = "police_force"
    __table_args__ = (one_of("model", ("opt_in", "opt_out"), "model"),)

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    name: str = Field(primary_key=True, max_length=64)
    model: str = Field(max_length=16)


class ForceKey(SQLModel, table=True):
    """A key with which a force's system calls the API; only its digest is kept."""

    __tablename__ = "force_key"

    key_id: str = Field(primary_key=True, max_length=32)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    force: str = Field(max_length=64)
    key_digest: str = Field(max_length=64, unique=True)
    created_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)


class ReadRow(SQLModel, table=True):
    """Who opened what, and when."""

    __tablename__ = "read_log"
    __table_args__ = (
        Index("ix_read_log_case", "service_id", "case_id", "at"),
        Index("ix_read_log_at", "service_id", "at"),
    )

    read_id: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    case_id: int = case()
    user: str = Field(max_length=64)
    action: str = Field(max_length=48)
    at: datetime = moment()
