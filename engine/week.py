"""Reads the days before one worker: what is arranged, what falls due on each day, and how they keep the Code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.house import House
from engine.reports import Figure, NothingToReport, cases_behind, compliance
from store import covers, queue_pages
from workflow.actions import QueueLine
from workflow.london import london_day
from workflow.views import Only, View, day_order
from workflow.vocabulary import Verdict

Json = dict[str, Any]

DAYS_SHOWN = 10
"""How many working days the picture of the load shows, today being the first where it is one."""

_BEHIND = (Verdict.OVERDUE, Verdict.MET_LATE, Verdict.RUNNING, Verdict.DUE_TODAY)


@dataclass(frozen=True, slots=True)
class Arranged:
    """Something that happens on a day: ``event`` (a restorative event) or ``decision`` (about a child)."""

    day: date
    what: str
    case: str


@dataclass(frozen=True, slots=True)
class Load:
    """What falls due on one day: how many cases, and how many of them come back from a hold or a wait."""

    day: date
    due: int
    comes_back: int


@dataclass(frozen=True, slots=True)
class Week:
    """The days before one worker; ``late`` is what was due before today."""

    arranged: Sequence[Arranged]
    load: Sequence[Load]
    late: int
    later: int


def week_of(house: House, user: str, now: datetime) -> Week:
    """The coming working days of a worker: their own cases, and those of people they stand in for."""
    today = london_day(now)
    with house.reading() as connection:
        mine = {user, *covers.covered(connection, house.service, user, today)}
        order = day_order(house.calendar, today, ())

        def lines(view: View, only: Only) -> list[QueueLine]:
            return queue_pages.page(connection, house.service, order, view, mine, only, None)

        working = lines(View.MINE, Only())
        resting = [
            line for who in sorted(mine) for view in (View.HOLD, View.WAITING) for line in lines(view, Only(owner=who))
        ]
    days = _working_days(house, today)
    due = [_shown_on(line.action.due_on, days) for line in working if line.action.due_on >= today]
    back = [_shown_on(line.action.due_on, days) for line in resting]
    return Week(
        arranged=_arranged([*working, *resting], today, days[-1]),
        load=tuple(Load(day, due.count(day), back.count(day)) for day in days),
        late=sum(line.action.due_on < today for line in working),
        later=due.count(None) + back.count(None),
    )


def own_compliance(house: House, user: str, start: date, end: date) -> Json | None:
    """How one worker kept the duties that began in a period, with the cases that are or were late or still run.

    None where nothing of theirs began in it.
    """
    try:
        report = compliance(house, start, end, by="worker")
    except NothingToReport:
        return None
    found: Mapping[str, Any] | None = next((row for row in report["groups"] if row["key"] == user), None)
    if found is None:
        return None
    behind = {
        verdict.value: cases_behind(house, start, end, None, Figure(verdict=verdict, key=user, by="worker"))
        for verdict in _BEHIND
        if found[verdict.value]
    }
    return {**found, "cases": behind}


def _working_days(house: House, today: date) -> list[date]:
    first = house.calendar.next_working(today)
    return [first, *(house.calendar.add_working_days(first, number) for number in range(1, DAYS_SHOWN))]


def _shown_on(due: date, days: Sequence[date]) -> date | None:
    """The bar of a due day: a day off counts with the working day before it; None for what comes later."""
    if due > days[-1]:
        return None
    return max((day for day in days if day <= due), default=days[0])


def _arranged(lines: Sequence[QueueLine], today: date, last: date) -> list[Arranged]:
    found = [Arranged(line.action.due_on, "event", line.case) for line in lines if line.action.name == "hold_event"] + [
        Arranged(line.decision_on, "decision", line.case) for line in lines if line.decision_on is not None
    ]
    return sorted((each for each in found if today <= each.day <= last), key=lambda each: (each.day, each.case))
