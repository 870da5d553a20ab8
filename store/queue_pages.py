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
    query = select(*ACTION_COLUMNS).where(*_within(service, view, owners, order.today), *_only(only, order.today))
    ranked = _order(is_sqlite(connection), order.today, order.late, tuple(order.decisions.items()))
    query = query.order_by(*ranked).limit(limit).offset(offset or None)
    return [queue_line(tuple(row)) for row in connection.execute(query)]


def number(connection: Connection, service: str, today: date, view: View, owners: Collection[str], only: Only) -> int:
    """How many lines a view holds."""
    query = _counting(service, view, owners, today).where(*_only(only, today))
    return int(connection.execute(query).scalar_one())


def numbers(
    connection: Connection, service: str, today: date, owners: Collection[str], gone: Collection[str]
) -> dict[View, int]:
    """How many lines each view holds but the one of what was done, in one reading; ``gone`` may no longer sign in."""
    whose = {View.MINE: owners, View.ADRIFT: gone}
    views = [view for view in View if view is not View.DONE]
    columns = [_counting(service, view, whose.get(view, ()), today).scalar_subquery().label(view) for view in views]
    found = connection.execute(select(*columns)).one()
    return dict(zip(views, map(int, found), strict=True))


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
    is_hold_over = and_(col(ActionRow.rests) == "hold", due <= today)
    return (
        _tier(today),
        case((is_hold_over, 0), else_=1),
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
