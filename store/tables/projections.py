"""Declares the projections: where a case stands, its duties and its one next action; all can be made again."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

from store.tables.columns import case_key, document, one_of
from workflow.case import TEAM
from workflow.vocabulary import State


class CaseSummary(SQLModel, table=True):
    """Projection: where a case stands, for lists, and the milestones it has come to, for reports.

    ``open_case_id`` is the number of the case while it is open, and points to its next action: no transaction ends
    that leaves an open case without one.  ``others`` is empty in a row that an earlier release wrote: reports derive
    such a case from its history until its projections are made again.
    """

    __tablename__ = "case_summary"
    __table_args__ = (
        one_of("state", tuple(State), "state"),
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
            "ix_case_summary_children",
            "service_id",
            "case_id",
            sqlite_where=text("is_open = 1 AND child_victim = 1"),
            postgresql_where=text("is_open AND child_victim"),
        ),
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
    case_id: int = case_key()
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
    others: Any = document(nullable=True)


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
    case_id: int = case_key()
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
        one_of("rests", ("", "hold", "waiting"), "rests"),
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
    case_id: int = case_key()
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
