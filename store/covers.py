"""Keeps who stands in for whom, from a day to a day; a cover ends by itself, and no case is rewritten for it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update
from sqlmodel import col

from store.database import is_sqlite, new_number
from store.tables import Cover, UserAccount


@dataclass(frozen=True, slots=True)
class KeptCover:
    """A cover as it is kept; ``until_day`` is the last day of it."""

    cover_id: int
    away: str
    deputy: str
    from_day: date
    until_day: date
    by: str


_COLUMNS = tuple(getattr(Cover, name) for name in ("cover_id", "away", "deputy", "from_day", "until_day", "by"))


def _standing(service: str) -> Select[Any]:
    return select(*_COLUMNS).where(col(Cover.service_id) == service, col(Cover.ended_at).is_(None))


def covered(connection: Connection, service: str, deputy: str, day: date) -> list[str]:
    """The people for whom somebody stands in on a day, by name."""
    query = _standing(service).where(
        col(Cover.deputy) == deputy, col(Cover.from_day) <= day, col(Cover.until_day) >= day
    )
    return sorted({str(row.away) for row in connection.execute(query)})


def standing(connection: Connection, service: str, day: date) -> list[KeptCover]:
    """The covers of a day and those still to come, the earliest first."""
    query = _standing(service).where(col(Cover.until_day) >= day)
    rows = connection.execute(query.order_by(col(Cover.from_day), col(Cover.cover_id)))
    return [KeptCover(*row) for row in rows]


def hold_people(connection: Connection, service: str, names: tuple[str, ...]) -> None:
    """Hold the accounts of these people for this transaction, so that covers of one person are added one by one."""
    if not is_sqlite(connection):
        wanted = (col(UserAccount.service_id) == service, col(UserAccount.name).in_(names))
        connection.execute(
            select(col(UserAccount.name)).where(*wanted).order_by(col(UserAccount.name)).with_for_update()
        )


def overlapping(connection: Connection, service: str, name: str, first: date, last: date) -> KeptCover | None:
    """A cover of a person who is away on any of these days, or None."""
    query = _standing(service).where(
        col(Cover.away) == name, col(Cover.from_day) <= last, col(Cover.until_day) >= first
    )
    row = connection.execute(query.order_by(col(Cover.from_day))).first()
    return KeptCover(*row) if row else None


def standing_in(connection: Connection, service: str, name: str, first: date, last: date) -> KeptCover | None:
    """A cover in which a person stands in for somebody on any of these days, or None."""
    query = _standing(service).where(
        col(Cover.deputy) == name, col(Cover.from_day) <= last, col(Cover.until_day) >= first
    )
    row = connection.execute(query.order_by(col(Cover.from_day))).first()
    return KeptCover(*row) if row else None


def add(
    connection: Connection, service: str, away: str, deputy: str, first: date, last: date, by: str, at: datetime
) -> int:
    """A cover; gives its number."""
    values = {
        "service_id": service,
        "away": away,
        "deputy": deputy,
        "from_day": first,
        "until_day": last,
        "by": by,
        "recorded_at": at,
    }
    return new_number(connection.execute(insert(Cover).values(values)))


def find(connection: Connection, service: str, cover_id: int) -> KeptCover | None:
    """A cover that was not ended early, or None."""
    row = connection.execute(_standing(service).where(col(Cover.cover_id) == cover_id)).first()
    return KeptCover(*row) if row else None


def end(connection: Connection, service: str, cover_id: int, at: datetime) -> None:
    """End a cover before its last day."""
    connection.execute(
        update(Cover).where(col(Cover.service_id) == service, col(Cover.cover_id) == cover_id).values(ended_at=at)
    )
