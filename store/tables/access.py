"""Declares the tables about who may come in and see what: second factors, walls, broken glass, deeds, search keys."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, LargeBinary
from sqlmodel import Field, SQLModel

from store.tables.columns import case, moment, number, one_of, sealed


def _of_user(name: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["service_id", "user"], ["user_account.service_id", "user_account.name"], name=name)


class SecondFactor(SQLModel, table=True):
    """What a user's second factor is made from, sealed, and counted from ``enrolled_at`` on, each step once.

    ``pending`` is one that was begun and not confirmed yet: until then the one before it holds.
    """

    __tablename__ = "second_factor"
    __table_args__ = (_of_user("fk_second_factor_user"),)

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    user: str = Field(primary_key=True, max_length=64)
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    pending: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    enrolled_at: datetime | None = moment(nullable=True)
    last_step: int = 0


class RecoveryCode(SQLModel, table=True):
    """A code that stands in for a lost second factor, once; only its digest is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (_of_user("fk_recovery_code_user"),)

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    user: str = Field(primary_key=True, max_length=64)
    digest: str = Field(primary_key=True, max_length=64)
    used_at: datetime | None = moment(nullable=True)


class FormDraft(SQLModel, table=True):
    """A form that came after its session had ended, sealed, until its user has signed in again."""

    __tablename__ = "form_draft"
    __table_args__ = (_of_user("fk_form_draft_user"), Index("ix_form_draft_user", "service_id", "user", "at"))

    draft_id: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    user: str = Field(max_length=64)
    path: str = Field(max_length=200)
    sealed: bytes = sealed()
    at: datetime = moment()


class Wall(SQLModel, table=True):
    """Somebody for whom a case, or every case of a child, does not exist, until it is lifted."""

    __tablename__ = "wall"
    __table_args__ = (
        _of_user("fk_wall_user"),
        CheckConstraint("(case_id IS NULL) <> (person_id IS NULL)", name="one_thing"),
        one_of("reason", ("own_conflict", "conflict", "childs_worker"), "reason"),
        Index("ix_wall_user", "service_id", "user", "lifted_at"),
    )

    wall_id: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    user: str = Field(max_length=64)
    case_id: int | None = Field(default=None, foreign_key="victim_case.case_id")
    person_id: int | None = Field(default=None, foreign_key="person.person_id")
    reason: str = Field(max_length=16)
    set_by: str = Field(max_length=64)
    set_at: datetime = moment()
    lifted_by: str | None = Field(default=None, max_length=64)
    lifted_at: datetime | None = moment(nullable=True)
    lifted_for: str | None = Field(default=None, max_length=32)


class BrokenGlass(SQLModel, table=True):
    """What somebody opened with a reason, for one case and a short time, and what was made of it afterwards.

    ``what`` is a colleague's whole ``case``, or what is sealed in a case: its ``phone``, ``email`` or ``post``.
    """

    __tablename__ = "broken_glass"
    __table_args__ = (
        _of_user("fk_broken_glass_user"),
        CheckConstraint("(outcome IS NULL) = (reviewed_at IS NULL)", name="reviewed"),
        Index("ix_broken_glass_user", "service_id", "user", "case_id", "until"),
        Index("ix_broken_glass_reviewed", "service_id", "reviewed_at"),
    )

    glass_id: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    user: str = Field(max_length=64)
    case_id: int = case()
    reason: str = Field(max_length=32)
    note_id: str | None = Field(default=None, max_length=32)
    at: datetime = moment()
    until: datetime = moment()
    reviewed_by: str | None = Field(default=None, max_length=64)
    reviewed_at: datetime | None = moment(nullable=True)
    outcome: str | None = Field(default=None, max_length=16)
    what: str = Field(default="case", max_length=8, sa_column_kwargs={"server_default": "case"})


class AccessDeed(SQLModel, table=True):
    """What somebody did about who may come in and see what; rows are only ever added, which triggers enforce."""

    __tablename__ = "access_deed"
    __table_args__ = (Index("ix_access_deed_at", "service_id", "at"),)

    deed_id: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    at: datetime = moment()
    by: str = Field(max_length=64)
    deed: str = Field(max_length=32)
    about: str = Field(default="", max_length=64)
    case_id: int | None = Field(default=None, foreign_key="victim_case.case_id")
    detail: str = Field(default="", max_length=120)


class SearchKey(SQLModel, table=True):
    """A digest of something by which a case may be looked for: a name by its sound, a day, a number."""

    __tablename__ = "search_key"
    __table_args__ = (Index("ix_search_key_case", "case_id"),)

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    digest: str = Field(primary_key=True, max_length=64)
    case_id: int = Field(sa_column=Column(Integer, ForeignKey("victim_case.case_id"), primary_key=True))
