"""Decides what a view of the queue holds and what may be filtered, and puts the order of a day into numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from workflow.actions import MOST_LATE, nearness
from workflow.calendar import Calendar


class View(StrEnum):
    """A part of the queue.

    What rests (a hold, or a wait for somebody else) is in a view of its own until its day, and then comes back to
    whoever has the case.  ``ADRIFT`` holds the cases of nobody, and of people who may no longer sign in.
    """

    MINE = "mine"
    TEAM = "team"
    UNASSIGNED = "unassigned"
    HOLD = "hold"
    WAITING = "waiting"
    DONE = "done"
    ADRIFT = "adrift"


@dataclass(frozen=True, slots=True)
class Only:
    """What is to be seen of a view; ``due_by`` is the last due day, ``owner`` the user who has the case."""

    tier: int | None = None
    action: str = ""
    overdue: bool = False
    enhanced: bool = False
    child_victim: bool = False
    due_by: date | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class DayOrder:
    """The order of the queue on one day, as a database can sort by it.

    ``late`` is for each number of working days, from one on, the last due day that is so late; ``decisions`` the weight
    of each day of a decision.  They say the same as ``workflow.actions.score`` without a calendar.
    """

    today: date
    late: tuple[date, ...]
    decisions: Mapping[date, float]


def day_order(calendar: Calendar, today: date, decision_days: Iterable[date]) -> DayOrder:
    """The order of a day; ``decision_days`` are those on which a decision is still to be made."""
    late: list[date] = []
    day = today - timedelta(days=1)
    while len(late) < MOST_LATE:
        if calendar.working_days_between(day, today) > len(late):
            late.append(day)
        else:
            day -= timedelta(days=1)
    weights = {each: nearness(each, calendar, today) for each in decision_days if each >= today}
    return DayOrder(today, tuple(late), weights)
