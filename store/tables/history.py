"""Declares the tables of what happened: cases, their events and notes, what forces sent and what was answered."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.tables.columns import case, case_key, document, moment, number, person, sealed


class VictimCase(SQLModel, table=True):
    """One victim of one incident; ``version`` is the number of its last event."""

    __tablename__ = "victim_case"
    __table_args__ = (
        UniqueConstraint("service_id", "reference"),
        Index("ix_victim_case_incident", "service_id", "force", "crime_reference"),
        Index("ix_victim_case_person", "person_id"),
    )

    case_id: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    reference: str = Field(max_length=16)
    person_id: int = person()
    force: str = Field(max_length=64)
    crime_reference: str = Field(max_length=64)
    version: int = 0


class CaseChild(SQLModel, table=True):
    """A child responsible in a case."""

    __tablename__ = "case_child"

    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    case_id: int = case_key()
    person_id: int = Field(sa_column=Column(Integer, ForeignKey("person.person_id"), primary_key=True))


class EventRow(SQLModel, table=True):
    """Something that happened to a case; rows are only ever added, which triggers enforce."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_recorded", "service_id", "recorded_at"),)

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    case_id: int = case_key()
    seq: int = Field(primary_key=True)
    kind: str = Field(max_length=48)
    at: datetime = moment()
    recorded_at: datetime = moment()
    by: str = Field(max_length=64)
    fields: Any = document()
    corrects: int | None = None
    reached: Any = document()
    tables: str = Field(max_length=16)
    chain: str = Field(max_length=64)


class Note(SQLModel, table=True):
    """Words about a person, sealed and apart from the history."""

    __tablename__ = "note"

    note_id: str = Field(primary_key=True, max_length=32)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    case_id: int = case()
    by: str = Field(max_length=64)
    at: datetime = moment()
    sealed: bytes = sealed()


class Submission(SQLModel, table=True):
    """What a force sent and our answer to it; the record itself is not kept here."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("service_id", "force", "submission_id", "digest"),
        Index("ix_submission_case", "case_id"),
    )

    submission_number: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    force: str = Field(max_length=64)
    submission_id: str = Field(max_length=64)
    digest: str = Field(max_length=64)
    received_at: datetime = moment()
    case_id: int | None = Field(default=None, foreign_key="victim_case.case_id")
    receipt: Any = document()


class Suppression(SQLModel, table=True):
    """A victim who must not be contacted, kept as a digest only; ended, and by whom, once they asked for contact."""

    __tablename__ = "suppression"
    __table_args__ = (CheckConstraint("(ended_on IS NULL) = (ended_by IS NULL)", name="ended"),)

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    match: str = Field(primary_key=True, max_length=64)
    since: date
    recorded_at: datetime = moment()
    ended_on: date | None = None
    ended_by: str | None = Field(default=None, max_length=64)


class AnswerRow(SQLModel, table=True):
    """The answer given to a key, so that the same call twice is one effect."""

    __tablename__ = "answer"

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    caller: str = Field(primary_key=True, max_length=64)
    key: str = Field(primary_key=True, max_length=128)
    digest: str = Field(max_length=64)
    answer: Any = document()
    at: datetime = moment()
