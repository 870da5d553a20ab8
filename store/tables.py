"""Declares the tables: the history, the people, the post, the projections and the doors."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from store.types import Document, Moment
from workflow.case import TEAM
from workflow.catalogue.feedback import THEMES
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


LETTER_STATES = ("drafted", "held", "approved", "released", "returned", "cancelled", "discarded")
"""What a letter may be."""


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
    created_at: datetime = _moment()
    seen_at: datetime = _moment()
    queue: str | None = Field(default=None, max_length=200)
    proved_at: datetime | None = _moment(nullable=True)
    ended_at: datetime | None = _moment(nullable=True)


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
    """A victim, a child or one of staff, sealed under a key of their own: erasing the key erases the person."""

    __tablename__ = "person"
    __table_args__ = (
        _one_of("kind", ("victim", "child", "staff"), "kind"),
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


class KnownAddress(SQLModel, table=True):
    """An address that no victim's letter may go to unseen: a child's, a household's, a school's, or of staff."""

    __tablename__ = "known_address"
    __table_args__ = (Index("ix_known_address_person", "person_id"),)

    address_id: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    person_id: int = _person()
    of: str = Field(max_length=16)
    has_number: bool
    given_by: str = Field(max_length=64)
    from_day: date
    until_day: date | None = None
    sealed: bytes = _sealed()


class AddressKey(SQLModel, table=True):
    """A digest of one form of a known address, by which it is compared without being read."""

    __tablename__ = "address_key"
    __table_args__ = (Index("ix_address_key_digest", "service_id", "digest"),)

    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    address_id: int = Field(sa_column=Column(Integer, ForeignKey("known_address.address_id"), primary_key=True))
    grade: str = Field(primary_key=True, max_length=16)
    digest: str = Field(primary_key=True, max_length=64)


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
    __table_args__ = (Index("ix_event_recorded", "service_id", "recorded_at"),)

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
    __table_args__ = (
        UniqueConstraint("service_id", "force", "submission_id", "digest"),
        Index("ix_submission_case", "case_id"),
    )

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
    """Projection: where a case stands, for lists, and the milestones it has come to, for reports.

    ``open_case_id`` is the number of the case while it is open, and points to its next action: no transaction ends
    that leaves an open case without one.  ``others`` is empty in a row that an earlier release wrote: reports derive
    such a case from its history until its projections are made again.
    """

    __tablename__ = "case_summary"
    __table_args__ = (
        _one_of("state", tuple(State), "state"),
        CheckConstraint(
            "(is_open AND open_case_id IS NOT NULL AND open_case_id = case_id) "
            "OR (NOT is_open AND open_case_id IS NULL)",
            name="open_case",
        ),
        ForeignKeyConstraint(
            ["service_id", "open_case_id"],
            ["action.service_id", "action.case_id"],
            name="fk_case_summary_next_action",
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(
            ["service_id", "tables"],
            ["tables_version.service_id", "tables_version.version"],
            name="fk_case_summary_tables",
        ),
        Index("ix_case_summary_state", "service_id", "state"),
        Index("ix_case_summary_opened", "service_id", "opened_on"),
        Index(
            "ix_case_summary_ended",
            "service_id",
            "last_ended_on",
            sqlite_where=text("last_ended_on IS NOT NULL"),
            postgresql_where=text("last_ended_on IS NOT NULL"),
        ),
        Index(
            "ix_case_summary_unmeasured",
            "service_id",
            "case_id",
            sqlite_where=text("others IS NULL"),
            postgresql_where=text("others IS NULL"),
        ),
        Index("ix_case_summary_tables", "service_id", "tables"),
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
    open_case_id: int | None = None
    tables: str = Field(max_length=16)
    identifiable_on: date | None = None
    asked_on: date | None = None
    consented_on: date | None = None
    safe_on: date | None = None
    contacted_on: date | None = None
    reached_on: date | None = None
    told_on: date | None = None
    talked_on: date | None = None
    offered_on: date | None = None
    agreed_on: date | None = None
    direct_on: date | None = None
    indirect_on: date | None = None
    completed_on: date | None = None
    first_ended_on: date | None = None
    last_ended_on: date | None = None
    closed_on: date | None = None
    standing: str = Field(default="", max_length=32)
    consent_model: str = Field(default="", max_length=16)
    victim_kind: str = Field(default="", max_length=24)
    others: Any = _document(nullable=True)


class TablesVersion(SQLModel, table=True):
    """The tables of moves of one version, kept as data from its first use on; empty where it was used before that."""

    __tablename__ = "tables_version"

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    version: str = Field(primary_key=True, max_length=16)
    first_used_at: datetime = _moment()
    document: Any = _document(nullable=True)


class TablesRun(SQLModel, table=True):
    """A run that moved cases to other tables, or took such a run back; without an end it can be gone on with."""

    __tablename__ = "tables_run"
    __table_args__ = (_one_of("deed", ("migrate", "revert"), "deed"),)

    run_id: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    deed: str = Field(max_length=8)
    version: str = Field(max_length=16)
    undoes: int | None = Field(default=None, foreign_key="tables_run.run_id")
    by: str = Field(max_length=64)
    began_at: datetime = _moment()
    ended_at: datetime | None = _moment(nullable=True)
    counts: Any = _document(nullable=True)


class TablesMove(SQLModel, table=True):
    """A case that a run moved, and the number of the event that says so."""

    __tablename__ = "tables_move"

    run_id: int = Field(sa_column=Column(Integer, ForeignKey("tables_run.run_id"), primary_key=True))
    case_id: int = _case_key()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    seq: int


class SaidAndDone(SQLModel, table=True):
    """What victims said in feedback and what the service did about it, in words that may be published."""

    __tablename__ = "said_and_done"
    __table_args__ = (
        _one_of("theme", THEMES, "theme"),
        CheckConstraint("said <> '' AND did <> ''", name="said"),
        Index("ix_said_and_done_day", "service_id", "done_on"),
    )

    said_number: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    theme: str = Field(max_length=24)
    said: str = Field(max_length=400)
    did: str = Field(max_length=400)
    done_on: date
    by: str = Field(max_length=64)
    recorded_at: datetime = _moment()
    withdrawn_at: datetime | None = _moment(nullable=True)
    withdrawn_by: str | None = Field(default=None, max_length=64)


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
    worker: str = Field(default="", max_length=64)
    took: int | None = None
    waited: int | None = None
    reason: str = Field(default="", max_length=48)


class ActionRow(SQLModel, table=True):
    """Projection: the one next action of a case; one row a case, which the key enforces.

    Its owner is a person with an account (``person``) or the pool of the team.  ``rests`` says why nobody here acts
    before the day: ``hold``, ``waiting`` on somebody else, or empty.
    """

    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint(
            f"(person IS NULL AND owner = '{TEAM}') OR (person IS NOT NULL AND owner = person)", name="owner"
        ),
        CheckConstraint("name <> '' AND reason <> ''", name="said"),
        _one_of("rests", ("", "hold", "waiting"), "rests"),
        ForeignKeyConstraint(
            ["service_id", "person"], ["user_account.service_id", "user_account.name"], name="fk_action_person"
        ),
        Index("ix_action_owner", "service_id", "owner", "rests", "due_on"),
        Index("ix_action_rests", "service_id", "rests", "due_on"),
        Index(
            "ix_action_decision",
            "service_id",
            "decision_on",
            sqlite_where=text("decision_on IS NOT NULL"),
            postgresql_where=text("decision_on IS NOT NULL"),
        ),
    )

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
    reference: str = Field(max_length=16)
    person: str | None = Field(default=None, max_length=64)
    rests: str = Field(max_length=8)


class Letter(SQLModel, table=True):
    """A letter from draft to the text as it went out; at most one for a case, kind and occurrence."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("service_id", "case_id", "kind", "occurrence"),
        _one_of("state", LETTER_STATES, "state"),
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


class LetterPage(SQLModel, table=True):
    """The page of a letter as it was approved, byte by byte what goes out, sealed."""

    __tablename__ = "letter_page"

    letter_id: str = Field(primary_key=True, foreign_key="letter.letter_id", max_length=32)
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    sealed: bytes = _sealed()


class DispatchOrder(SQLModel, table=True):
    """An order to stop all letters, to ask that they may go again, or to let them go; rows are only ever added."""

    __tablename__ = "dispatch_order"
    __table_args__ = (_one_of("deed", ("stop", "ask_to_lift", "lift"), "deed"),)

    order_id: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    deed: str = Field(max_length=16)
    reason: str = Field(max_length=32)
    by: str = Field(max_length=64)
    at: datetime = _moment()


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

    cover_id: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    away: str = Field(max_length=64)
    deputy: str = Field(max_length=64)
    from_day: date
    until_day: date
    recorded_at: datetime = _moment()
    by: str = Field(max_length=64)
    ended_at: datetime | None = _moment(nullable=True)


class DigestRow(SQLModel, table=True):
    """The morning letter to a member of staff about one London day; the key keeps it from being written twice."""

    __tablename__ = "digest"
    __table_args__ = (
        _one_of("state", ("claimed", "waiting", "sent", "refused"), "state"),
        ForeignKeyConstraint(
            ["service_id", "user"], ["user_account.service_id", "user_account.name"], name="fk_digest_user"
        ),
    )

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    user: str = Field(primary_key=True, max_length=64)
    day: date = Field(primary_key=True)
    state: str = Field(max_length=8)
    claimed_by: str = Field(max_length=32)
    ready_at: datetime = _moment()
    tries: int = 1
    problem: str = Field(default="", max_length=120)
    sent_at: datetime | None = _moment(nullable=True)


class ReadRow(SQLModel, table=True):
    """Who opened what, and when."""

    __tablename__ = "read_log"
    __table_args__ = (
        Index("ix_read_log_case", "service_id", "case_id", "at"),
        Index("ix_read_log_at", "service_id", "at"),
    )

    read_id: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    case_id: int = _case()
    user: str = Field(max_length=64)
    action: str = Field(max_length=48)
    at: datetime = _moment()


class KpiReturn(SQLModel, table=True):
    """A quarterly return as it was submitted; rows are only ever added."""

    __tablename__ = "kpi_return"
    __table_args__ = (Index("ix_kpi_return_quarter", "service_id", "quarter"),)

    return_number: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    quarter: str = Field(max_length=8)
    frozen_at: datetime = _moment()
    by: str = Field(max_length=64)
    document: Any = _document()


class DipSample(SQLModel, table=True):
    """A random sample of files of one month: the seed by which anybody can draw the same one again."""

    __tablename__ = "dip_sample"
    __table_args__ = (UniqueConstraint("service_id", "month"),)

    sample_number: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    month: str = Field(max_length=7)
    seed: str = Field(max_length=32)
    wanted: int
    out_of: int
    drawn_at: datetime = _moment()
    by: str = Field(max_length=64)


class FileAudit(SQLModel, table=True):
    """The self-audit of one case in one sample: what people judged, and who reviewed, verified and finalised it."""

    __tablename__ = "file_audit"
    __table_args__ = (
        UniqueConstraint("sample_number", "case_id"),
        _one_of("state", ("drawn", "reviewed", "verified", "finalised"), "state"),
    )

    audit_number: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    sample_number: int = Field(foreign_key="dip_sample.sample_number")
    case_id: int = _case()
    state: str = Field(max_length=16)
    answers: Any = _document()
    reviewed_by: str = Field(default="", max_length=64)
    reviewed_at: datetime | None = _moment(nullable=True)
    verified_by: str = Field(default="", max_length=64)
    verified_at: datetime | None = _moment(nullable=True)
    finalised_by: str = Field(default="", max_length=64)
    finalised_at: datetime | None = _moment(nullable=True)


class SelfJudgement(SQLModel, table=True):
    """What a manager judged of one item of a yearly self-assessment; the newest row counts, none is changed."""

    __tablename__ = "self_judgement"
    __table_args__ = (Index("ix_self_judgement_item", "service_id", "subject", "period", "item"),)

    judgement_number: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    subject: str = Field(max_length=24)
    period: str = Field(max_length=8)
    item: str = Field(max_length=24)
    document: Any = _document()
    by: str = Field(max_length=64)
    at: datetime = _moment()


class ExportRow(SQLModel, table=True):
    """Who took which figures out of the system, in what form and for whom; rows are only ever added."""

    __tablename__ = "export_log"

    export_number: int = _number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    name: str = Field(max_length=32)
    form: str = Field(max_length=8)
    period: str = Field(max_length=32)
    shared: bool
    by: str = Field(max_length=64)
    at: datetime = _moment()
