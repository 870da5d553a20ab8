"""Reads pages of the queue in the order of a day and counts its views, from the projection alone."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, or_, select
from sqlmodel import col

from store.database import is_sqlite
from store.projections import ACTION_COLUMNS, queue_line
from store.tables import ActionRow, EventRow, VictimCase
from workflow.actions import CHILD, ENHANCED, LATE, MOST_LATE, REPLY, QueueLine
from workflow.case import TEAM
from workflow.views import DayOrder, Only, View

Conditions = list[ColumnElement[bool]]
_LARGE = (View.TEAM, View.UNASSIGNED, View.ADRIFT)
"""The views that may hold every case of a service."""


def decision_days(connection: Connection, service: str, today: date) -> list[date]:
    """The days from today on for which a decision about a child is scheduled, each once."""
    here = (col(ActionRow.service_id) == service, col(ActionRow.decision_on) >= today)
    days = connection.execute(select(col(ActionRow.decision_on)).where(*here).distinct()).scalars()
    return [day for day in days if day is not None]


def page(
    connection: Connection,
    service: str,
    order: DayOrder,
    view: View | None,
    owners: Collection[str],
    only: Only,
    limit: int | None,
    offset: int = 0,
) -> list[QueueLine]:
    """Lines of a view in the order of the day; without a view, everything that is owed, resting or not.

    ``owners`` are those whose cases count as mine, or for ``ADRIFT`` those who may no longer sign in.
    """
    wanted = [*_within(service, view, owners, order.today), *_only(only, order.today)]
    if limit is not None and view in _LARGE:
        wanted += _up_to(connection, wanted, order.today, offset + limit)
    query = select(*ACTION_COLUMNS).where(*wanted)
    ranked = _order(is_sqlite(connection), order.today, order.late, tuple(order.decisions.items()))
    query = query.order_by(*ranked).limit(limit).offset(offset or None)
    return [queue_line(tuple(row)) for row in connection.execute(query)]


def _up_to(connection: Connection, wanted: Conditions, today: date, lines: int) -> Conditions:
    """What keeps the lines out that come after so many: the weight of a line costs more than finding its tier."""
    rank = _tier(today) * 2 + _behind_holds(today)
    last = connection.execute(select(rank).where(*wanted).order_by(rank).limit(lines)).scalars().all()
    return [rank <= last[-1]] if len(last) == lines else []


def number(connection: Connection, service: str, today: date, view: View, owners: Collection[str], only: Only) -> int:
    """How many lines a view holds."""
    query = _counting(service, view, owners, today).where(*_only(only, today))
    return int(connection.execute(query).scalar_one())


def numbers(
    connection: Connection, service: str, today: date, owners: Collection[str], gone: Collection[str]
) -> dict[View, int]:
    """How many lines each view holds but the one of what was done, in one reading; ``gone`` may no longer sign in."""
    owner, rests, due = col(ActionRow.owner), col(ActionRow.rests), col(ActionRow.due_on)
    # One walk along the index, instead of one for each view.
    rows = connection.execute(
        select(owner, rests, func.count(), func.sum(case((due <= today, 1), else_=0)))
        .where(col(ActionRow.service_id) == service)
        .group_by(owner, rests)
    )
    found: dict[View, int] = dict.fromkeys((view for view in View if view is not View.DONE), 0)
    for who, resting, all_, ripe in rows:
        to_do = int(ripe) if resting else int(all_)
        found[View.TEAM] += to_do
        found[View.MINE] += to_do if who in owners else 0
        found[View.UNASSIGNED] += to_do if who == TEAM else 0
        found[View.ADRIFT] += int(all_) if who == TEAM or who in gone else 0
        if resting in (View.HOLD, View.WAITING):
            found[View(resting)] += int(all_) - int(ripe)
    return found


def _counting(service: str, view: View, owners: Collection[str], today: date) -> Select[Any]:
    return select(func.count()).select_from(ActionRow).where(*_within(service, view, owners, today))


def _within(service: str, view: View | None, owners: Collection[str], today: date) -> Conditions:
    """What makes a line part of a view; written so that one index answers each."""
    owner, rests, due = col(ActionRow.owner), col(ActionRow.rests), col(ActionRow.due_on)
    here = [col(ActionRow.service_id) == service]
    to_do = or_(rests == "", and_(rests.in_(("hold", "waiting")), due <= today))
    match view:
        case View.MINE:
            return [*here, owner.in_(sorted(owners)), to_do]
        case View.UNASSIGNED:
            return [*here, owner == TEAM, to_do]
        case View.TEAM:
            return [*here, to_do]
        case View.HOLD | View.WAITING:
            return [*here, rests == view.value, due > today]
        case View.ADRIFT:
            return [*here, owner.in_(sorted({TEAM, *owners}))]
    return here


def _only(only: Only, today: date) -> Conditions:
    found: Conditions = []
    if only.tier is not None:
        found.append(_tier(today) == only.tier)
    if only.action:
        found.append(col(ActionRow.name) == only.action)
    if only.overdue:
        found.append(col(ActionRow.due_on) < today)
    if only.enhanced:
        found.append(col(ActionRow.enhanced).is_(True))
    if only.child_victim:
        found.append(col(ActionRow.child_victim).is_(True))
    if only.due_by is not None:
        found.append(col(ActionRow.due_on) <= only.due_by)
    if only.owner:
        found.append(col(ActionRow.owner) == only.owner)
    return found


def _tier(today: date) -> ColumnElement[int]:
    tier, urgent = col(ActionRow.tier), col(ActionRow.urgent_tier)
    return case((and_(col(ActionRow.urgent_from) <= today, urgent < tier), urgent), else_=tier)


def _behind_holds(today: date) -> ColumnElement[int]:
    """A hold whose day came stands at the top of its tier: 0 for it, 1 for everything else."""
    return case((and_(col(ActionRow.rests) == "hold", col(ActionRow.due_on) <= today), 0), else_=1)


@lru_cache(maxsize=16)
def _order(
    sqlite: bool, today: date, last_days: tuple[date, ...], decisions: tuple[tuple[date, float], ...]
) -> Sequence[Any]:
    """The order of ``workflow.actions.queue``, number for number; a test holds the two together.

    It is the same all day, and making it takes longer than a page.
    """
    due = col(ActionRow.due_on)
    late = case(*((due > day, literal(days)) for days, day in enumerate(last_days)), else_=literal(MOST_LATE))
    weight = (
        case((col(ActionRow.enhanced), ENHANCED), else_=0)
        + case((col(ActionRow.child_victim), CHILD), else_=0)
        + case((col(ActionRow.reply_waiting), REPLY), else_=0)
    )
    decision: Any = literal(0.0)
    if decisions:
        decision = case(dict(decisions), value=col(ActionRow.decision_on), else_=literal(0.0))
    entered = col(ActionRow.entered_on)
    age: Any = func.julianday(today.isoformat()) - func.julianday(entered) if sqlite else literal(today) - entered
    return (
        _tier(today),
        _behind_holds(today),
        (late * float(LATE) + weight + decision + age).desc(),
        col(ActionRow.opened_on),
        col(ActionRow.reference),
    )


def of_cases(connection: Connection, service: str, references: Collection[str]) -> dict[str, QueueLine]:
    """The lines of these cases, by reference; a case that owes nothing has none."""
    query = select(*ACTION_COLUMNS).where(
        col(ActionRow.service_id) == service, col(ActionRow.reference).in_(sorted(references))
    )
    lines = (queue_line(tuple(row)) for row in connection.execute(query))
    return {line.case: line for line in lines}


def done(
    connection: Connection, service: str, start: datetime, end: datetime, users: Collection[str] | None
) -> list[tuple[str, str, str, datetime]]:
    """What these people (None: anybody but the system) recorded from a moment to another: case, kind, by, when.

    The latest comes first.
    """
    by = col(EventRow.by)
    whose = by.in_(sorted(users)) if users is not None else and_(by.not_in(("clock", "system")), by.not_like("feed:%"))
    rows = connection.execute(
        select(col(VictimCase.reference), col(EventRow.kind), by, col(EventRow.recorded_at))
        .join(VictimCase, col(VictimCase.case_id) == col(EventRow.case_id))
        .where(
            col(EventRow.service_id) == service,
            col(EventRow.recorded_at) >= start,
            col(EventRow.recorded_at) < end,
            whose,
        )
        .order_by(col(EventRow.recorded_at).desc(), col(EventRow.case_id), col(EventRow.seq).desc())
    )
    return [(reference, kind, user, at) for reference, kind, user, at in rows]


def of_owner(connection: Connection, service: str, owner: str) -> list[str]:
    """The references of every case that somebody has and that asks for something, in order."""
    query = select(col(ActionRow.reference)).where(col(ActionRow.service_id) == service, col(ActionRow.owner) == owner)
    return list(connection.execute(query.order_by(col(ActionRow.reference))).scalars())


def owners(connection: Connection, service: str, today: date) -> list[tuple[str, int, int, int]]:
    """Who has cases: owner, how many, how many of them overdue, how many resting; by owner."""
    due, rests = col(ActionRow.due_on), col(ActionRow.rests)
    rows = connection.execute(
        select(
            col(ActionRow.owner),
            func.count(),
            func.sum(case((due < today, 1), else_=0)),
            func.sum(case((and_(rests != "", due > today), 1), else_=0)),
        )
        .where(col(ActionRow.service_id) == service)
        .group_by(col(ActionRow.owner))
        .order_by(col(ActionRow.owner))
    )
    return [(owner, int(all_), int(late or 0), int(resting or 0)) for owner, all_, late, resting in rows]
