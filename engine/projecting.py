"""Derives one case again and writes the answers to the projections, in the transaction that changed it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from engine.house import House
from store import projections
from workflow.actions import QueueLine, next_action
from workflow.case import TEAM, Case
from workflow.catalogue import CATALOGUE
from workflow.duties import Duty, duties
from workflow.london import london_day
from workflow.measures import measure
from workflow.reminders import next_look
from workflow.vocabulary import Track

Derived = tuple[projections.Row, list[projections.Row], projections.Row | None]

UNASSIGNED = TEAM
"""The owner of a case that nobody has yet: the team."""


def derive(house: House, case: Case, today: date, owed: Sequence[Duty] | None = None) -> Derived:
    """The summary, the duties and the next action of a case, as they are to be kept; ``owed`` saves deriving them."""
    if owed is None:
        owed = duties(case, house.rulebook, house.calendar, today)
    action = next_action(case, owed)
    opened_on, entered_on, owned_since = days(case)
    line = None
    if action is not None:
        decision = case.next_decision
        line = QueueLine(
            case=case.reference,
            action=action,
            owner=case.assignee or UNASSIGNED,
            enhanced=case.enhanced_from is not None,
            child_victim=case.is_child,
            reply_waiting=_reply_waits(case),
            decision_on=decision.day_of("on") if decision else None,
            opened_on=opened_on,
            entered_on=entered_on,
            owned_since=owned_since,
        )
    return (
        projections.summary_row(case, opened_on, entered_on, next_look(case, owed, house.calendar)),
        [projections.duty_row(duty, measure(case, duty, house.calendar)) for duty in owed],
        projections.action_row(line) if line else None,
    )


def days(case: Case) -> tuple[date, date, date]:
    """When the case was opened, came into its present state, and came to its present owner."""
    opened = case.history[0].recorded_day
    entered = owned = opened
    state = None
    for event in case.history:
        if event.reached.get(Track.JOURNEY) != state:
            state, entered = event.reached.get(Track.JOURNEY), event.recorded_day
        if event.kind == "case_assigned":
            owned = event.recorded_day
    return opened, entered, owned


def _reply_waits(case: Case) -> bool:
    """Whether the victim's reply is the last thing anybody did; what the system recorded since answers nobody."""
    for event in reversed(case.history):
        if event.kind == "victim_replied":
            return True
        kind = CATALOGUE.get(event.kind)
        if kind is None or kind.opens_form:
            return False
    return False


def project(
    house: House,
    connection: Connection,
    case_id: int,
    case: Case,
    now: datetime,
    *,
    owed: Sequence[Duty] | None = None,
    kept: list[projections.Row] | None = None,
) -> None:
    """Write what was derived; ``owed`` and ``kept`` save deriving the duties, and reading what is kept of them."""
    summary, rows, action = derive(house, case, london_day(now), owed)
    projections.write(connection, house.service, case_id, summary, rows, action, kept)
