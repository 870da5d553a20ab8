"""Declares the tables of what a manager returns and judges: KPI, samples, file audits, exports, feedback."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.tables.columns import case, document, moment, number, one_of
from workflow.catalogue.feedback import THEMES


class SaidAndDone(SQLModel, table=True):
    """What victims said in feedback and what the service did about it, in words that may be published."""

    __tablename__ = "said_and_done"
    __table_args__ = (
        one_of("theme", THEMES, "theme"),
        CheckConstraint("said <> '' AND did <> ''", name="said"),
        Index("ix_said_and_done_day", "service_id", "done_on"),
    )

    said_number: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    theme: str = Field(max_length=24)
    said: str = Field(max_length=400)
    did: str = Field(max_length=400)
    done_on: date
    by: str = Field(max_length=64)
    recorded_at: datetime = moment()
    withdrawn_at: datetime | None = moment(nullable=True)
    withdrawn_by: str | None = Field(default=None, max_length=64)


class KpiReturn(SQLModel, table=True):
    """A quarterly return as it was submitted; rows are only ever added."""

    __tablename__ = "kpi_return"
    __table_args__ = (Index("ix_kpi_return_quarter", "service_id", "quarter"),)

    return_number: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    quarter: str = Field(max_length=8)
    frozen_at: datetime = moment()
    by: str = Field(max_length=64)
    document: Any = document()


class DipSample(SQLModel, table=True):
    """A random sample of files of one month: the seed by which anybody can draw the same one again."""

    __tablename__ = "dip_sample"
    __table_args__ = (UniqueConstraint("service_id", "month"),)

    sample_number: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    month: str = Field(max_length=7)
    seed: str = Field(max_length=32)
    wanted: int
    out_of: int
    drawn_at: datetime = moment()
    by: str = Field(max_length=64)


class FileAudit(SQLModel, table=True):
    """The self-audit of one case in one sample: what people judged, and who reviewed, verified and finalised it."""

    __tablename__ = "file_audit"
    __table_args__ = (
        UniqueConstraint("sample_number", "case_id"),
        one_of("state", ("drawn", "reviewed", "verified", "finalised"), "state"),
    )

    audit_number: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    sample_number: int = Field(foreign_key="dip_sample.sample_number")
    case_id: int = case()
    state: str = Field(max_length=16)
    answers: Any = document()
    reviewed_by: str = Field(default="", max_length=64)
    reviewed_at: datetime | None = moment(nullable=True)
    verified_by: str = Field(default="", max_length=64)
    verified_at: datetime | None = moment(nullable=True)
    finalised_by: str = Field(default="", max_length=64)
    finalised_at: datetime | None = moment(nullable=True)


class SelfJudgement(SQLModel, table=True):
    """What a manager judged of one item of a yearly self-assessment; the newest row counts, none is changed."""

    __tablename__ = "self_judgement"
    __table_args__ = (Index("ix_self_judgement_item", "service_id", "subject", "period", "item"),)

    judgement_number: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    subject: str = Field(max_length=24)
    period: str = Field(max_length=8)
    item: str = Field(max_length=24)
    document: Any = document()
    by: str = Field(max_length=64)
    at: datetime = moment()


class ExportRow(SQLModel, table=True):
    """Who took which figures out of the system, in what form and for whom; rows are only ever added."""

    __tablename__ = "export_log"

    export_number: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    name: str = Field(max_length=32)
    form: str = Field(max_length=8)
    period: str = Field(max_length=32)
    shared: bool
    by: str = Field(max_length=64)
    at: datetime = moment()


class Publication(SQLModel, table=True):
    """Tables that were given out: what each number counted, by the numbers of cases, and which were hidden.

    What was given out cannot be taken back, so every later table is held against it; rows are only ever added.
    """

    __tablename__ = "publication"
    __table_args__ = (Index("ix_publication_service", "service_id", "publication_number"),)

    publication_number: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    name: str = Field(max_length=32)
    period: str = Field(max_length=32)
    tables: Any = document()
    by: str = Field(max_length=64)
    given_at: datetime = moment()
