"""Declares the tables of the post: letters, the pages as approved, the orders that stop all, and what is ready."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.tables.columns import case, document, moment, number, one_of, sealed

LETTER_STATES = ("drafted", "held", "approved", "in_doubt", "released", "returned", "cancelled", "discarded")
"""What a letter may be."""

CONSIGNMENT_STATES = ("waiting", "begun", "doubted", "taken", "delivered", "failed", "refused")
"""How far something is that is handed to somebody else to deliver."""


class Letter(SQLModel, table=True):
    """A letter from draft to the text as it went out; at most one for a case, kind and occurrence."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("service_id", "case_id", "kind", "occurrence"),
        one_of("state", LETTER_STATES, "state"),
        Index("ix_letter_state", "service_id", "state"),
    )

    letter_id: str = Field(primary_key=True, max_length=32)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    case_id: int = case()
    kind: str = Field(max_length=16)
    occurrence: int
    state: str = Field(max_length=16)
    channel: str = Field(max_length=16)
    language: str = Field(max_length=16)
    format: str = Field(max_length=16)
    template_version: str = Field(default="", max_length=64)
    decision: Any = document()
    drafted_at: datetime = moment()
    approved_at: datetime | None = moment(nullable=True)
    approved_by: str | None = Field(default=None, max_length=64)
    released_at: datetime | None = moment(nullable=True)
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))


class LetterPage(SQLModel, table=True):
    """The page of a letter as it was approved, byte by byte what goes out, sealed."""

    __tablename__ = "letter_page"

    letter_id: str = Field(primary_key=True, foreign_key="letter.letter_id", max_length=32)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    sealed: bytes = sealed()


class CheckedWords(SQLModel, table=True):
    """That somebody who speaks the language checked one version of the words of a letter, and no other."""

    __tablename__ = "checked_words"

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    kind: str = Field(primary_key=True, max_length=16)
    language: str = Field(primary_key=True, max_length=16)
    version: str = Field(primary_key=True, max_length=64)
    checked_by: str = Field(max_length=80)
    checked_on: date
    recorded_by: str = Field(max_length=64)
    recorded_at: datetime = moment()


class PrintBatch(SQLModel, table=True):
    """A file of letters for the printer: the how-manieth of its day, and the digest of its bytes."""

    __tablename__ = "print_batch"
    __table_args__ = (UniqueConstraint("service_id", "day", "in_day"),)

    batch_id: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    day: date
    in_day: int
    made_at: datetime = moment()
    by: str = Field(max_length=64)
    letters: int
    sheets: int
    digest: str = Field(max_length=64)


class BatchedLetter(SQLModel, table=True):
    """A letter that is in a batch, or (without one) was printed singly: it is in no other, ever."""

    __tablename__ = "batched_letter"

    letter_id: str = Field(primary_key=True, foreign_key="letter.letter_id", max_length=32)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    batch_id: int | None = Field(default=None, foreign_key="print_batch.batch_id", index=True)


class DispatchOrder(SQLModel, table=True):
    """An order to stop all letters, to ask that they may go again, or to let them go; rows are only ever added."""

    __tablename__ = "dispatch_order"
    __table_args__ = (one_of("deed", ("stop", "ask_to_lift", "lift"), "deed"),)

    order_id: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    deed: str = Field(max_length=16)
    reason: str = Field(max_length=32)
    by: str = Field(max_length=64)
    at: datetime = moment()


class OutboxRow(SQLModel, table=True):
    """An approved letter that waits to be released by a clock."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_ready", "service_id", "ready_at"),)

    letter_id: str = Field(primary_key=True, foreign_key="letter.letter_id", max_length=32)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    ready_at: datetime = moment()
    claimed_until: datetime | None = moment(nullable=True)
    claimed_by: str | None = Field(default=None, max_length=32)
    tries: int = 0
    problem: str | None = Field(default=None, max_length=240)


class Consignment(SQLModel, table=True):
    """A letter that is handed to somebody else to deliver, under a reference that says nothing about anybody."""

    __tablename__ = "consignment"
    __table_args__ = (
        UniqueConstraint("service_id", "reference"),
        one_of("state", CONSIGNMENT_STATES, "state"),
        Index("ix_consignment_ask", "service_id", "ask_at"),
        Index("ix_consignment_state", "service_id", "state"),
    )

    letter_id: str = Field(primary_key=True, foreign_key="letter.letter_id", max_length=32)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    way: str = Field(max_length=16)
    reference: str = Field(max_length=64)
    state: str = Field(max_length=16)
    number: str = Field(default="", max_length=64)
    status: str = Field(default="", max_length=32)
    begun_at: datetime = moment()
    begun_by: str = Field(max_length=32)
    ask_at: datetime | None = moment(nullable=True)
    asked: int = 0
    problem: str = Field(default="", max_length=240)
