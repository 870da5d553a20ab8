"""Keeps which rungs of a chase were said: each once, claimed by one clock before it goes out, or left to a person."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from store.database import is_sqlite
from store.tables import Chase, ChaseDay, VictimCase


@dataclass(frozen=True, slots=True)
class KeptChase:
    """One rung: on which case, what was asked since when, which rung, to whom, on which day it became due."""

    case_id: int
    reference: str
    force: str
    crime_reference: str | None
    query: str
    asked_on: date
    rung: str
    whom: str
    due_on: date
    tries: int = 0


_COLUMNS = (
    col(Chase.case_id),
    col(VictimCase.reference),
    col(VictimCase.force),
    col(VictimCase.crime_reference),
    col(Chase.query),
    col(Chase.asked_on),
    col(Chase.rung),
    col(Chase.whom),
    col(Chase.due_on),
    col(Chase.tries),
)


def claim_day(connection: Connection, service: str, force: str, day: date, clock: str) -> bool:
    """Take it on to look at what a force is asked on a day; False where a clock did so before."""
    table = sqlite.insert(ChaseDay) if is_sqlite(connection) else postgresql.insert(ChaseDay)
    fresh = table.values(service_id=service, force=force, day=day, claimed_by=clock)
    # The drivers do not agree on how many rows an insertion counts: the row itself is the answer.
    return connection.execute(fresh.on_conflict_do_nothing().returning(col(ChaseDay.day))).first() is not None


def said(connection: Connection, service: str, case_id: int, query: str, asked_on: date) -> set[str]:
    """The rungs that were said of something that was asked."""
    rows = connection.execute(
        select(col(Chase.rung)).where(
            col(Chase.service_id) == service,
            col(Chase.case_id) == case_id,
            col(Chase.query) == query,
            col(Chase.asked_on) == asked_on,
        )
    )
    return set(rows.scalars())


def add(
    connection: Connection,
    service: str,
    case_id: int,
    query: str,
    asked_on: date,
    rung: str,
    *,
    whom: str,
    due_on: date,
    state: str,
    ready_at: datetime,
) -> bool:
    """A rung that is due, ``waiting`` to be sent or ``by_hand``; False where it was said before."""
    table = sqlite.insert(Chase) if is_sqlite(connection) else postgresql.insert(Chase)
    fresh = table.values(
        service_id=service,
        case_id=case_id,
        query=query,
        asked_on=asked_on,
        rung=rung,
        whom=whom,
        due_on=due_on,
        state=state,
        claimed_by="",
        ready_at=ready_at,
        tries=0,
    )
    return connection.execute(fresh.on_conflict_do_nothing().returning(col(Chase.case_id))).first() is not None


def ready(connection: Connection, service: str, now: datetime) -> list[KeptChase]:
    """The rungs that may go out now: waiting, or left behind by a clock that died."""
    return _chases(
        connection,
        service,
        col(Chase.state).in_(("waiting", "claimed")) & (col(Chase.ready_at) <= now),
    )


def by_hand(connection: Connection, service: str) -> list[KeptChase]:
    """The rungs that wait for a person, the oldest first."""
    return _chases(connection, service, col(Chase.state) == "by_hand")


def _chases(connection: Connection, service: str, those: ColumnElement[bool]) -> list[KeptChase]:
    rows: Any = connection.execute(
        select(*_COLUMNS)
        .select_from(Chase)
        .join(VictimCase, col(VictimCase.case_id) == col(Chase.case_id))
        .where(col(Chase.service_id) == service, those)
        .order_by(col(Chase.due_on), col(Chase.case_id), col(Chase.query))
    )
    return [KeptChase(*row) for row in rows]


def claim(connection: Connection, service: str, chase: KeptChase, clock: str, now: datetime, until: datetime) -> bool:
    """Claim a rung that is ready until a moment; False where another clock has it."""
    return (
        connection.execute(
            update(Chase)
            .where(*_is(service, chase), col(Chase.state).in_(("waiting", "claimed")), col(Chase.ready_at) <= now)
            .values(state="claimed", claimed_by=clock, ready_at=until, tries=col(Chase.tries) + 1)
        ).rowcount
        == 1
    )


def settle(
    connection: Connection,
    service: str,
    chase: KeptChase,
    state: str,
    at: datetime,
    *,
    by: str,
    was: str = "claimed",
    ready_at: datetime | None = None,
) -> bool:
    """Say what became of a rung; False where it is no longer what it was."""
    return (
        connection.execute(
            update(Chase)
            .where(*_is(service, chase), col(Chase.state) == was)
            .values(state=state, settled_at=at, settled_by=by, ready_at=ready_at or at)
        ).rowcount
        == 1
    )


def _is(service: str, chase: KeptChase) -> tuple[Any, ...]:
    return (
        col(Chase.service_id) == service,
        col(Chase.case_id) == chase.case_id,
        col(Chase.query) == chase.query,
        col(Chase.asked_on) == chase.asked_on,
        col(Chase.rung) == chase.rung,
    )
