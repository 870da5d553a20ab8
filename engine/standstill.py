"""Finds work that stands still: nobody's cases, holds past their day, clocks that did not ring, letters that wait."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from engine.house import House
from engine.worklist import gone
from store import cases, clockwork, digests, projections, queue_pages
from workflow.actions import QueueLine
from workflow.case import TEAM
from workflow.london import london_day
from workflow.steps import REVIEW_HOLD
from workflow.views import Only, View, day_order

Found = tuple[str, list[str], str, str]
"""What was looked at, what is wrong with which case, what is said where nothing is, and how bad it is."""

_MANY = 1000


def standing_still(house: House, now: datetime) -> Iterator[Found]:
    """Everything that waits for something that will not come by itself."""
    today = london_day(now)
    with house.reading() as connection:
        yield (
            "owners",
            _with_people_who_left(house, connection, today),
            "everybody who has a case may sign in",
            "warning",
        )
        yield "holds", _past_their_day(house, connection, today), "none is past its day", "warning"
        yield "work on hold", _all_on_hold(house, connection, today), "nobody has holds and nothing else", "warning"
        yield "timers", _not_rung(house, connection, today), "whatever time brought about was done", "failed"
        stuck = [f"{case}: {work}: {problem}" for case, work, problem, _ in clockwork.stuck(connection, house.service)]
        yield "stuck work", stuck, "none", "failed"
        unsent = digests.waiting(connection, house.service, today)
        yield (
            "morning letters",
            [f"{user}: {state}, tried {tries} times" for user, state, tries in unsent],
            "none waits",
            ("warning"),
        )


def _lines(
    house: House, connection: Connection, today: date, view: View | None, owners: set[str], only: Only
) -> list[QueueLine]:
    order = day_order(house.calendar, today, ())
    return queue_pages.page(connection, house.service, order, view, owners, only, None)


def _with_people_who_left(house: House, connection: Connection, today: date) -> list[str]:
    """Cases whose owner may no longer sign in or no longer has cases."""
    left = gone(connection, house)
    lines = _lines(house, connection, today, View.ADRIFT, left, Only())
    return [f"{line.case}: {line.owner} can no longer work on it" for line in lines if line.owner != TEAM]


def _past_their_day(house: House, connection: Connection, today: date) -> list[str]:
    lines = _lines(house, connection, today, None, set(), Only(action=REVIEW_HOLD, overdue=True))
    return [f"{line.case}: the hold was to be looked at on {line.action.due_on.isoformat()}" for line in lines]


def _all_on_hold(house: House, connection: Connection, today: date) -> list[str]:
    """People of whose cases every one is on hold: nobody may have noticed that their work stopped."""
    held: dict[str, int] = {}
    for line in _lines(house, connection, today, View.HOLD, set(), Only()):
        held[line.owner] = held.get(line.owner, 0) + 1
    owned = queue_pages.owners(connection, house.service, today)
    return [f"{owner}: all {number} cases are on hold" for owner, number, *_ in owned if held.get(owner) == number]


def _not_rung(house: House, connection: Connection, today: date) -> list[str]:
    """Cases to which something was to happen before today, and nothing did: no clock went round."""
    yesterday = today - timedelta(days=1)
    late = projections.to_look_at(connection, house.service, yesterday, 0, _MANY)
    return [f"{cases.by_number(connection, house.service, each).reference}: its day passed unseen" for each in late]
