"""Declares the tables of the clock: what was said, who goes round, what got stuck, cover and morning letters."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from store.tables.columns import case_key, moment, number, one_of


class ReminderRow(SQLModel, table=True):
    """A rung of a ladder that was said; the key keeps it from being said twice."""

    __tablename__ = "reminder"

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    case_id: int = case_key()
    rule: str = Field(primary_key=True, max_length=48)
    occurrence: int = Field(primary_key=True)
    rung: str = Field(primary_key=True, max_length=16)
    raised_at: datetime = moment()


class Heartbeat(SQLModel, table=True):
    """When a clock last went round."""

    __tablename__ = "heartbeat"

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    clock: str = Field(primary_key=True, max_length=32)
    at: datetime = moment()


class StuckWork(SQLModel, table=True):
    """A case that a sweep could not finish, shown to a manager; the sweep went on with the next."""

    __tablename__ = "stuck_work"

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    case_id: int = case_key()
    work: str = Field(primary_key=True, max_length=48)
    problem: str = Field(max_length=240)
    at: datetime = moment()


class Cover(SQLModel, table=True):
    """Somebody who stands in for a person who is away, from a day to a day; it ends by itself, and changes no case."""

    __tablename__ = "cover"
    __table_args__ = (
        ForeignKeyConstraint(
            ["service_id", "away"], ["user_account.service_id", "user_account.name"], name="fk_cover_away"
        ),
        ForeignKeyConstraint(
            ["service_id", "deputy"], ["user_account.service_id", "user_account.name"], name="fk_cover_deputy"
        ),
        CheckConstraint("away <> deputy", name="two_people"),
        CheckConstraint("until_day >= from_day", name="days"),
        Index("ix_cover_deputy", "service_id", "deputy", "until_day"),
        Index("ix_cover_away", "service_id", "away", "until_day"),
    )

    cover_id: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    away: str = Field(max_length=64)
    deputy: str = Field(max_length=64)
    from_day: date
    until_day: date
    recorded_at: datetime = moment()
    by: str = Field(max_length=64)
    ended_at: datetime | None = moment(nullable=True)


class DigestRow(SQLModel, table=True):
    """The morning letter to a member of staff about one London day; the key keeps it from being written twice."""

    __tablename__ = "digest"
    __table_args__ = (
        one_of("state", ("claimed", "waiting", "sent", "refused"), "state"),
        ForeignKeyConstraint(
            ["service_id", "user"], ["user_account.service_id", "user_account.name"], name="fk_digest_user"
        ),
    )

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    user: str = Field(primary_key=True, max_length=64)
    day: date = Field(primary_key=True)
    state: str = Field(max_length=8)
    claimed_by: str = Field(max_length=32)
    ready_at: datetime = moment()
    tries: int = 1
    problem: str = Field(default="", max_length=120)
    sent_at: datetime | None = moment(nullable=True)
