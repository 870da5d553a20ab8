"""Reads the queue as people work from it: its views, filtered and counted, page by page, and what was done today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from engine.errors import WrongInput
from engine.house import House
from engine.whose import MAY_HAVE_CASES
from store import accounts, covers, queue_pages
from workflow.actions import QueueLine, is_hold_over, overdue_working_days, tier_on
from workflow.case import TEAM
from workflow.london import london_day, start_of_day
from workflow.views import Only, View, day_order

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a view: its lines as ``queue --json`` gives them, and how many the whole view holds."""

    lines: list[Json]
    total: int


def queue_page(
    house: House,
    view: View | None,
    now: datetime,
    *,
    user: str = "",
    only: Only | None = None,
    limit: int | None = None,
    offset: int = 0,
    known: int | None = None,
) -> Page:
    """A page of a view in the order of today; without a view, everything that is owed.

    ``user`` is whose cases are mine: theirs, and those of people they stand in for.  For what was done, no user means
    everybody.  ``known`` is how many the view holds, where that was counted already.  Raises WrongInput where the view
    of one person is asked for without saying whose.
    """
    only, today = only or Only(), london_day(now)
    if view is View.MINE and not user:
        raise WrongInput("Say whose queue: --practitioner USER.")
    with house.reading() as connection:
        if view is View.DONE:
            return _done(house, connection, now, user, limit, offset)
        away = covers.covered(connection, house.service, user, today) if user else []
        owners = gone(connection, house) if view is View.ADRIFT else {user, *away}
        order = day_order(house.calendar, today, queue_pages.decision_days(connection, house.service, today))
        lines = queue_pages.page(connection, house.service, order, view, owners, only, limit, offset)
        total = len(lines)
        if view is not None and (offset or (limit is not None and total == limit)):
            total = queue_pages.number(connection, house.service, today, view, owners, only) if known is None else known
    return Page([queue_line(house, line, today, away) for line in lines], total)


def numbers(house: House, user: str, now: datetime) -> dict[View, int]:
    """How many cases each view holds for a user, without filters."""
    today = london_day(now)
    with house.reading() as connection:
        owners = {user, *covers.covered(connection, house.service, user, today)}
        found = queue_pages.numbers(connection, house.service, today, owners, gone(connection, house))
        done = queue_pages.done(connection, house.service, *_day(today), [user])
    return {**found, View.DONE: len({reference for reference, *_ in done})}


def queue_line(house: House, line: QueueLine, today: date, away: list[str] | tuple[str, ...] = ()) -> Json:
    """A line of the queue as ``queue --json`` gives it; ``away`` are the people for whom the reader stands in."""
    return {
        "case": line.case,
        "action": line.action.name,
        "reason": line.action.reason,
        "tier": tier_on(line.action, today),
        "due_on": line.action.due_on.isoformat(),
        "overdue_working_days": overdue_working_days(line.action, house.calendar, today),
        "owner": line.owner,
        "enhanced": line.enhanced,
        "child_victim": line.child_victim,
        "waiting_on": line.action.waiting_on,
        "days_case": (today - line.opened_on).days,
        "days_owner": (today - line.owned_since).days,
        "rule": line.action.rule,
        "hold_ended": is_hold_over(line.action, today),
        "covering_for": line.owner if line.owner in away else None,
    }


def gone(connection: Connection, house: House) -> set[str]:
    """The users who may no longer sign in or no longer have cases; what they have, nobody looks after."""
    return {
        user.name
        for user in accounts.users(connection, house.service)
        if user.disabled_at is not None or user.role not in MAY_HAVE_CASES
    }


def _day(today: date) -> tuple[datetime, datetime]:
    return start_of_day(today), start_of_day(today + timedelta(days=1))


def _done(house: House, connection: Connection, now: datetime, user: str, limit: int | None, offset: int) -> Page:
    """The cases on which somebody recorded something today, the latest first, each with its next action if any."""
    today = london_day(now)
    by_case: dict[str, list[tuple[str, str, datetime]]] = {}
    for reference, kind, by, at in queue_pages.done(connection, house.service, *_day(today), [user] if user else None):
        by_case.setdefault(reference, []).append((kind, by, at))
    shown = list(by_case)[offset : None if limit is None else offset + limit]
    lines = queue_pages.of_cases(connection, house.service, shown)
    return Page([_done_line(house, each, by_case[each], lines, today) for each in shown], len(by_case))


_NOTHING = {
    "action": None,
    "reason": None,
    "tier": None,
    "due_on": None,
    "overdue_working_days": 0,
    "owner": None,
    "enhanced": None,
    "child_victim": None,
    "waiting_on": None,
    "days_case": None,
    "days_owner": None,
    "rule": None,
    "hold_ended": False,
    "covering_for": None,
}


def _done_line(
    house: House,
    reference: str,
    did: list[tuple[str, str, datetime]],
    lines: Mapping[str, QueueLine],
    today: date,
) -> Json:
    line = lines.get(reference)
    return {
        "case": reference,
        **(queue_line(house, line, today) if line else _NOTHING),
        "done": [{"event": kind, "by": by, "at": at.isoformat()} for kind, by, at in did],
    }


def who_has_what(house: House, now: datetime) -> list[Json]:
    """Everybody who has cases or may have them, and the pool of the team: how many, how many late, how many resting."""
    today = london_day(now)
    with house.reading() as connection:
        users = {user.name: user for user in accounts.users(connection, house.service)}
        owned = {owner: rest for owner, *rest in queue_pages.owners(connection, house.service, today)}
        left = gone(connection, house)
        standing = covers.standing(connection, house.service, today)
    deputies = {cover.away: cover.deputy for cover in standing if cover.from_day <= today}
    names = {TEAM, *owned, *(name for name, user in users.items() if name not in left)}
    return [
        {
            "owner": name,
            "shown_as": users[name].shown_as if name in users else "Nobody yet",
            "is_gone": name in left,
            "cases": owned.get(name, [0, 0, 0])[0],
            "overdue": owned.get(name, [0, 0, 0])[1],
            "resting": owned.get(name, [0, 0, 0])[2],
            "deputy": deputies.get(name),
        }
        for name in sorted(names, key=lambda each: (each != TEAM, each not in left, each))
    ]


def keep_queue(house: House, session: str, address: str) -> None:
    """Keep what was last asked of the queue in a browser session, for the next time somebody just opens it."""
    address = address[:200]
    with house.reading() as connection:
        same = accounts.kept_queue(connection, session) == address
    if not same:
        with house.writing() as connection:
            accounts.keep_queue(connection, session, address)


def kept_queue(house: House, session: str) -> str:
    """What was last asked of the queue in a browser session; empty where nothing was."""
    with house.reading() as connection:
        return accounts.kept_queue(connection, session)
