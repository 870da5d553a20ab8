"""Declares the tables: the history, the people, the post, the projections and the doors."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from store.types import Document, Moment
from workflow.vocabulary import Role, State

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _one_of(column: str, values: Any, name: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


def _moment(nullable: bool = False) -> Any:
    return Field(sa_column=Column(Moment, nullable=nullable))


def _document(nullable: bool = False) -> Any:
    return Field(sa_column=Column(Document, nullable=nullable))


def _sealed() -> Any:
    return Field(sa_column=Column(LargeBinary, nullable=False))


def _number() -> Any:
    return Field(default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True))


def _case() -> Any:
    return Field(sa_column=Column(Integer, ForeignKey("victim_case.case_id"), nullable=False))


def _case_key() -> Any:
    return Field(sa_column=Column(Integer, ForeignKey("victim_case.case_id"), primary_key=True))


def _person() -> Any:
    return Field(sa_column=Column(Integer, ForeignKey("person.person_id"), nullable=False))


class Service(SQLModel, table=True):
    """A Youth Justice Service; only an example service may rehearse another time."""

    __tablename__ = "service"

    service_id: str = Field(primary_key=True, max_length=32)
    name: str
    is_example: bool = False
    created_at: datetime = _moment()
    dispatch_stopped_at: datetime | None = _moment(nullable=True)


class UserAccount(SQLModel, table=True):
    """Somebody who may come in, with one role."""

    __tablename__ = "user_account"
    __table_args__ = (_one_of("role", tuple(Role), "role"),)

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    name: str = Field(primary_key=True, max_length=64)
    role: str = Field(max_length=32)
    shown_as: str
    direct_number: str = ""
    force: str | None = None
    password_hash: str
    must_change: bool = True
    created_at: datetime = _moment()
    disabled_at: datetime | None = _moment(nullable=True)


class WebSession(SQLModel, table=True):
    """A browser that signed in; only a digest of its token is kept."""

    __tablename__ = "web_session"

    token_digest: str = Field(primary_key=True, max_length=64)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    user: str = Field(max_length=64)
    form_token: str = Field(max_length=64)
    created_at: datetime = _moment()
    seen_at: datetime = _moment()


class SignInAttempt(SQLModel, table=True):
    """A failed sign-in, by digest of the account and of the address, so that guessing can be slowed."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_subject_at", "service_id", "subject", "at"),)

    attempt_id: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    subject: str = Field(max_length=64)
    at: datetime = _moment()


class PoliceForce(SQLModel, table=True):
    """A police force that sends consent records, and the consent model it works by."""

    __tablename__ = "police_force"
    __table_args__ = (_one_of("model", ("opt_in", "opt_out"), "model"),)

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
    created_at: datetime = _moment()
    revoked_at: datetime | None = _moment(nullable=True)


class Person(SQLModel, table=True):
    """A victim or a child, sealed under a key of their own, so that erasing the key erases the person."""

    __tablename__ = "person"
    __table_args__ = (
        _one_of("kind", ("victim", "child"), "kind"),
        Index("ix_person_match", "service_id", "kind", "match"),
    )

    person_id: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    kind: str = Field(max_length=16)
    match: str = Field(max_length=64)
    wrapped_key: bytes = _sealed()
    sealed: bytes = _sealed()


class ContactPoint(SQLModel, table=True):
    """A way of reaching somebody: sealed, with the days between which it holds and who gave it."""

    __tablename__ = "contact_point"
    __table_args__ = (Index("ix_contact_point_person", "person_id", "channel"),)

    contact_point_id: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    person_id: int = _person()
    channel: str = Field(max_length=16)
    sealed: bytes = _sealed()
    given_by: str = Field(max_length=64)
    from_day: date
    until_day: date | None = None


class CharacteristicAnswer(SQLModel, table=True):
    """The status of one protected characteristic, and its value sealed."""

    __tablename__ = "characteristic"

    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    person_id: int = Field(sa_column=Column(Integer, ForeignKey("person.person_id"), primary_key=True))
    name: str = Field(primary_key=True, max_length=40)
    status: str = Field(max_length=24)
    sealed: bytes = _sealed()
    source: str = Field(max_length=24)
    asked_on: date | None = None


class VictimCase(SQLModel, table=True):
    """One victim of one incident; ``version`` is the number of its last event."""

    __tablename__ = "victim_case"
    __table_args__ = (
        UniqueConstraint("service_id", "reference"),
        Index("ix_victim_case_incident", "service_id", "force", "crime_reference"),
        Index("ix_victim_case_person", "person_id"),
    )

    case_id: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    reference: str = Field(max_length=16)
    person_id: int = _person()
    force: str = Field(max_length=64)
    crime_reference: str = Field(max_length=64)
    version: int = 0


class CaseChild(SQLModel, table=True):
    """A child responsible in a case."""

    __tablename__ = "case_child"

    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    case_id: int = _case_key()
    person_id: int = Field(sa_column=Column(Integer, ForeignKey("person.person_id"), primary_key=True))


class EventRow(SQLModel, table=True):
    """Something that happened to a case; rows are only ever added, which triggers enforce."""

    __tablename__ = "event"

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    case_id: int = _case_key()
    seq: int = Field(primary_key=True)
    kind: str = Field(max_length=48)
    at: datetime = _moment()
    recorded_at: datetime = _moment()
    by: str = Field(max_length=64)
    fields: Any = _document()
    corrects: int | None = None
    reached: Any = _document()
    tables: str = Field(max_length=16)
    chain: str = Field(max_length=64)


class Note(SQLModel, table=True):
    """Words about a person, sealed and apart from the history."""

    __tablename__ = "note"

    note_id: str = Field(primary_key=True, max_length=32)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    case_id: int = _case()
    by: str = Field(max_length=64)
    at: datetime = _moment()
    sealed: bytes = _sealed()


class Submission(SQLModel, table=True):
    """What a force sent and our answer to it; the record itself is not kept here."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("service_id", "force", "submission_id", "digest"),)

    submission_number: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    force: str = Field(max_length=64)
    submission_id: str = Field(max_length=64)
    digest: str = Field(max_length=64)
    received_at: datetime = _moment()
    case_id: int | None = Field(default=None, foreign_key="victim_case.case_id")
    receipt: Any = _document()


class Suppression(SQLModel, table=True):
    """A victim who must not be contacted and whose case we may not hold, kept as a digest only."""

    __tablename__ = "suppression"

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    match: str = Field(primary_key=True, max_length=64)
    since: date
    recorded_at: datetime = _moment()


class CaseSummary(SQLModel, table=True):
    """Projection: where a case stands, for lists."""

    __tablename__ = "case_summary"
    __table_args__ = (
        _one_of("state", tuple(State), "state"),
        Index("ix_case_summary_state", "service_id", "state"),
        Index(
            "ix_case_summary_look",
            "service_id",
            "look_on",
            "case_id",
            sqlite_where=text("look_on IS NOT NULL"),
            postgresql_where=text("look_on IS NOT NULL"),
        ),
    )

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    case_id: int = _case_key()
    reference: str = Field(max_length=16)
    state: str = Field(max_length=32)
    stage: str = Field(max_length=16)
    consent: str = Field(max_length=24)
    assignee: str = Field(max_length=64)
    is_open: bool
    enhanced: bool
    child_victim: bool
    opened_on: date
    entered_on: date
    look_on: date | None = None
    version: int


class DutyRow(SQLModel, table=True):
    """Projection: one duty of a case with its days; what is open is judged against the day it is read."""

    __tablename__ = "duty"
    __table_args__ = (
        Index(
            "ix_duty_open",
            "service_id",
            "due_on",
            "case_id",
            sqlite_where=text("standing = 'open'"),
            postgresql_where=text("standing = 'open'"),
        ),
        Index("ix_duty_rule", "service_id", "rule", "began_on"),
    )

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    case_id: int = _case_key()
    rule: str = Field(primary_key=True, max_length=48)
    occurrence: int = Field(primary_key=True)
    edition: str = Field(max_length=32)
    owner: str = Field(max_length=16)
    began_on: date
    told_on: date | None = None
    standard_due: date | None = None
    service_due: date | None = None
    enhanced_due: date | None = None
    due_on: date | None = None
    code_due_on: date | None = None
    met_on: date | None = None
    standing: str = Field(max_length=24)
    code_standing: str = Field(max_length=24)
    provisional: bool


class ActionRow(SQLModel, table=True):
    """Projection: the one next action of a case; one row a case, which the key enforces."""

    __tablename__ = "action"
    __table_args__ = (Index("ix_action_owner", "service_id", "owner", "due_on"),)

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    case_id: int = _case_key()
    name: str = Field(max_length=48)
    reason: str = Field(max_length=240)
    tier: int
    due_on: date
    urgent_tier: int
    urgent_from: date
    rule: str | None = Field(default=None, max_length=48)
    waiting_on: str | None = Field(default=None, max_length=24)
    owner: str = Field(max_length=64)
    enhanced: bool
    child_victim: bool
    reply_waiting: bool
    decision_on: date | None = None
    opened_on: date
    entered_on: date
    owned_since: date


class Letter(SQLModel, table=True):
    """A letter from draft to the text as it went out; at most one for a case, kind and occurrence."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("service_id", "case_id", "kind", "occurrence"),
        _one_of("state", ("drafted", "held", "approved", "released", "returned", "cancelled"), "state"),
        Index("ix_letter_state", "service_id", "state"),
    )

    letter_id: str = Field(primary_key=True, max_length=32)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    case_id: int = _case()
    kind: str = Field(max_length=16)
    occurrence: int
    state: str = Field(max_length=16)
    channel: str = Field(max_length=16)
    language: str = Field(max_length=16)
    format: str = Field(max_length=16)
    template_version: str = Field(default="", max_length=64)
    decision: Any = _document()
    drafted_at: datetime = _moment()
    approved_at: datetime | None = _moment(nullable=True)
    approved_by: str | None = Field(default=None, max_length=64)
    released_at: datetime | None = _moment(nullable=True)
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))


class OutboxRow(SQLModel, table=True):
    """An approved letter that waits to be released by a clock."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_ready", "service_id", "ready_at"),)

    letter_id: str = Field(primary_key=True, foreign_key="letter.letter_id", max_length=32)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    ready_at: datetime = _moment()
    claimed_until: datetime | None = _moment(nullable=True)
    claimed_by: str | None = Field(default=None, max_length=32)
    tries: int = 0
    problem: str | None = Field(default=None, max_length=240)


class ReminderRow(SQLModel, table=True):
    """A rung of a ladder that was said; the key keeps it from being said twice."""

    __tablename__ = "reminder"

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    case_id: int = _case_key()
    rule: str = Field(primary_key=True, max_length=48)
    occurrence: int = Field(primary_key=True)
    rung: str = Field(primary_key=True, max_length=16)
    raised_at: datetime = _moment()


class AnswerRow(SQLModel, table=True):
    """The answer given to a key, so that the same call twice is one effect."""

    __tablename__ = "answer"

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    caller: str = Field(primary_key=True, max_length=64)
    key: str = Field(primary_key=True, max_length=128)
    digest: str = Field(max_length=64)
    answer: Any = _document()
    at: datetime = _moment()


class Heartbeat(SQLModel, table=True):
    """When a clock last went round."""

    __tablename__ = "heartbeat"

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    clock: str = Field(primary_key=True, max_length=32)
    at: datetime = _moment()


class StuckWork(SQLModel, table=True):
    """A case that a sweep could not finish, shown to a manager; the sweep went on with the next."""

    __tablename__ = "stuck_work"

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    case_id: int = _case_key()
    work: str = Field(primary_key=True, max_length=48)
    problem: str = Field(max_length=240)
    at: datetime = _moment()


class ReadRow(SQLModel, table=True):
    """Who opened what, and when."""

    __tablename__ = "read_log"
    __table_args__ = (Index("ix_read_log_case", "service_id", "case_id", "at"),)

    read_id: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    case_id: int = _case()
    user: str = Field(max_length=64)
    action: str = Field(max_length=48)
    at: datetime = _moment()
