"""Declares the tables of what came in and needs a person: what could not be read, and cases that look alike."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from store.tables.columns import case_key, moment, one_of

TASKS = ("unread_withdrawal", "unread_rows")
"""What may be asked of a person: a withdrawal that was refused, or rows of which nobody knows what they said."""


LIKENESSES = ("person", "incident")
"""What two cases may have in common: the victim, or the incident under another reference."""


class IntakeTask(SQLModel, table=True):
    """Something police sent that nobody could read and a person must ask about; never what it said."""

    __tablename__ = "intake_task"
    __table_args__ = (
        one_of("kind", TASKS, "kind"),
        UniqueConstraint("service_id", "force", "digest"),
        Index(
            "ix_intake_task_open",
            "service_id",
            "raised_at",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    task_id: str = Field(primary_key=True, max_length=32)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    force: str = Field(max_length=64)
    kind: str = Field(max_length=24)
    submission_id: str | None = Field(default=None, max_length=64)
    digest: str = Field(max_length=64)
    rows: int
    raised_at: datetime = moment()
    settled_at: datetime | None = moment(nullable=True)
    settled_by: str | None = Field(default=None, max_length=64)


class Likeness(SQLModel, table=True):
    """Two cases that look like one person or one incident, with the reasons; a person says whether they are."""

    __tablename__ = "likeness"
    __table_args__ = (
        one_of("kind", LIKENESSES, "kind"),
        CheckConstraint("outcome IS NULL OR outcome IN ('same', 'different')", name="outcome"),
        Index("ix_likeness_other", "other_case_id"),
    )

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    case_id: int = case_key()
    other_case_id: int = case_key()
    kind: str = Field(max_length=16)
    reasons: str = Field(max_length=120)
    raised_at: datetime = moment()
    outcome: str | None = Field(default=None, max_length=16)
    settled_at: datetime | None = moment(nullable=True)
    settled_by: str | None = Field(default=None, max_length=64)


class LikenessKey(SQLModel, table=True):
    """A digest of two facts about a victim that rarely agree by chance, and the first case that had it."""

    __tablename__ = "likeness_key"
    __table_args__ = (Index("ix_likeness_key_case", "case_id"),)

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    digest: str = Field(primary_key=True, max_length=64)
    case_id: int = Field(sa_column=Column(Integer, ForeignKey("victim_case.case_id"), nullable=False))
