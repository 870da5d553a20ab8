"""Keeps what victims said and the service did about it, and finds the cases in which feedback or a complaint stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from store.cases import CaseKey, by_number
from store.tables import EventRow, SaidAndDone


@dataclass(frozen=True, slots=True)
class Said:
    """What victims said, what was done about it, under which theme, when, and who recorded it."""

    said_number: int
    theme: str
    said: str
    did: str
    done_on: date
    by: str


def add(
    connection: Connection, service: str, theme: str, said: str, did: str, done_on: date, by: str, now: datetime
) -> None:
    """Keep an action that was taken from feedback."""
    values = {"theme": theme, "said": said, "did": did, "done_on": done_on, "by": by, "recorded_at": now}
    connection.execute(insert(SaidAndDone).values(service_id=service, **values))


def withdraw(connection: Connection, service: str, said_number: int, by: str, now: datetime) -> bool:
    """Take one back, so that it is shown no more; False where there is none that stands."""
    done = connection.execute(
        update(SaidAndDone)
        .where(
            col(SaidAndDone.service_id) == service,
            col(SaidAndDone.said_number) == said_number,
            col(SaidAndDone.withdrawn_at).is_(None),
        )
        .values(withdrawn_at=now, withdrawn_by=by)
    )
    return done.rowcount == 1


def said(connection: Connection, service: str, start: date, end: date) -> list[Said]:
    """What stands and was done from ``start`` to ``end``, the newest first."""
    columns = tuple(getattr(SaidAndDone, name) for name in Said.__dataclass_fields__)
    rows = connection.execute(
        select(*columns)
        .where(
            col(SaidAndDone.service_id) == service,
            col(SaidAndDone.done_on).between(start, end),
            col(SaidAndDone.withdrawn_at).is_(None),
        )
        .order_by(col(SaidAndDone.done_on).desc(), col(SaidAndDone.said_number).desc())
    )
    return [Said(*row) for row in rows]


def cases_with(connection: Connection, service: str, kinds: Sequence[str]) -> list[CaseKey]:
    """The cases in whose history there is an event of one of these kinds, oldest first."""
    numbers = connection.execute(
        select(col(EventRow.case_id))
        .where(col(EventRow.service_id) == service, col(EventRow.kind).in_(kinds))
        .distinct()
        .order_by(col(EventRow.case_id))
    ).scalars()
    return [by_number(connection, service, number) for number in list(numbers)]
