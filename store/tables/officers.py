"""Declares the tables of the officers' side: records that are being filled in, files that wait, links, and chases."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer
from sqlmodel import Field, SQLModel

from store.tables.columns import moment, one_of, sealed

CHASE_STATES = ("claimed", "waiting", "sent", "by_hand", "done")
"""What may have become of a chase: being sent, to be tried again, sent, for a person to do, done by a person."""


class RecordDraft(SQLModel, table=True):
    """A consent record that an officer is filling in page by page, sealed, until it is sent or its time is over."""

    __tablename__ = "record_draft"
    __table_args__ = (Index("ix_record_draft_user", "service_id", "user", "expires_at"),)

    draft_id: str = Field(primary_key=True, max_length=32)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    force: str = Field(max_length=64)
    user: str = Field(max_length=64)
    sealed: bytes = sealed()
    started_at: datetime = moment()
    expires_at: datetime = moment()


class WaitingFile(SQLModel, table=True):
    """A file that an officer looks at before it is taken in, sealed; once it was taken in, only its receipt is left."""

    __tablename__ = "waiting_file"
    __table_args__ = (Index("ix_waiting_file_user", "service_id", "user", "expires_at"),)

    file_id: str = Field(primary_key=True, max_length=32)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    force: str = Field(max_length=64)
    user: str = Field(max_length=64)
    sealed: bytes | None = sealed(nullable=True)
    receipt: Any = Field(default=None, sa_column=Column(JSON, nullable=True))
    expires_at: datetime = moment()


class CompletionLink(SQLModel, table=True):
    """A link with which the gaps of one submission can be filled in, once; only the digest of its token is kept.

    The token is made from ``seed`` and the key of the service, so that whoever has the database alone has no link.
    """

    __tablename__ = "completion_link"
    __table_args__ = (Index("ix_completion_link_submission", "service_id", "force", "submission_id"),)

    token_digest: str = Field(primary_key=True, max_length=64)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    force: str = Field(max_length=64)
    submission_id: str = Field(max_length=64)
    case_id: int = Field(sa_column=Column(Integer, ForeignKey("victim_case.case_id"), nullable=False))
    seed: str = Field(max_length=64)
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


class Chase(SQLModel, table=True):
    """One rung of the ladder by which a force is reminded of a query: said once, by e-mail or by a person."""

    __tablename__ = "chase"
    __table_args__ = (
        one_of("state", CHASE_STATES, "state"),
        Index("ix_chase_state", "service_id", "state", "due_on"),
    )

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    case_id: int = Field(sa_column=Column(Integer, ForeignKey("victim_case.case_id"), primary_key=True))
    query: str = Field(primary_key=True, max_length=24)
    asked_on: date = Field(primary_key=True)
    rung: str = Field(primary_key=True, max_length=16)
    whom: str = Field(max_length=16)
    due_on: date
    state: str = Field(max_length=16)
    claimed_by: str = Field(max_length=64)
    ready_at: datetime = moment()
    tries: int
    settled_at: datetime | None = moment(nullable=True)
    settled_by: str | None = Field(default=None, max_length=64)


class ChaseDay(SQLModel, table=True):
    """A day on which the queries of a force were looked at for what has to be chased: once, by one clock."""

    __tablename__ = "chase_day"

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    force: str = Field(primary_key=True, max_length=64)
    day: date = Field(primary_key=True)
    claimed_by: str = Field(max_length=64)
