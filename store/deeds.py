"""Keeps what was done about access: reads of a case, deeds, and colleagues' cases opened with a reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlmodel import col

from store.tables import AccessDeed, BrokenGlass, ReadRow, VictimCase


@dataclass(frozen=True, slots=True)
class KeptRead:
    """Who opened which case in which way, and when."""

    reference: str
    user: str
    action: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptDeed:
    """Who did what about access, to whom or to which case; ``detail`` is a code."""

    at: datetime
    by: str
    deed: str
    about: str
    reference: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class KeptGlass:
    """A colleague's case that was opened with a reason, and what somebody made of it afterwards."""

    glass_id: int
    reference: str
    case_id: int
    person_id: int
    user: str
    what: str
    reason: str
    note_id: str | None
    at: datetime
    until: datetime
    reviewed_by: str | None
    outcome: str | None


def reads(
    connection: Connection,
    service: str,
    *,
    user: str = "",
    reference: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[KeptRead]:
    """Who opened what, the latest first; only of a user, a case, or between two moments where they are given."""
    query = (
        select(col(VictimCase.reference), col(ReadRow.user), col(ReadRow.action), col(ReadRow.at))
        .join(VictimCase, col(VictimCase.case_id) == col(ReadRow.case_id))
        .where(col(ReadRow.service_id) == service)
    )
    if user:
        query = query.where(col(ReadRow.user) == user)
    if reference:
        query = query.where(col(VictimCase.reference) == reference)
    if start is not None:
        query = query.where(col(ReadRow.at) >= start)
    if end is not None:
        query = query.where(col(ReadRow.at) < end)
    rows = connection.execute(
        query.order_by(col(ReadRow.at).desc(), col(ReadRow.read_id).desc()).limit(limit).offset(offset)
    )
    return [KeptRead(*row) for row in rows]


def add(
    connection: Connection,
    service: str,
    at: datetime,
    by: str,
    deed: str,
    *,
    about: str = "",
    case_id: int | None = None,
    detail: str = "",
) -> None:
    """Note a deed about access; it is never changed again."""
    values = {"at": at, "by": by, "deed": deed, "about": about, "case_id": case_id, "detail": detail}
    connection.execute(insert(AccessDeed).values(service_id=service, **values))


def listed(connection: Connection, service: str, limit: int, offset: int = 0) -> list[KeptDeed]:
    """The deeds about access, the latest first."""
    rows = connection.execute(
        select(
            col(AccessDeed.at),
            col(AccessDeed.by),
            col(AccessDeed.deed),
            col(AccessDeed.about),
            col(VictimCase.reference),
            col(AccessDeed.detail),
        )
        .outerjoin(VictimCase, col(VictimCase.case_id) == col(AccessDeed.case_id))
        .where(col(AccessDeed.service_id) == service)
        .order_by(col(AccessDeed.at).desc(), col(AccessDeed.deed_id).desc())
        .limit(limit)
        .offset(offset)
    )
    return [KeptDeed(*row) for row in rows]


def break_glass(connection: Connection, service: str, **values: Any) -> None:
    """What somebody opens with a reason: a colleague's case, or what is sealed in a case."""
    connection.execute(insert(BrokenGlass).values(service_id=service, **values))


def glass_until(
    connection: Connection, service: str, user: str, case_id: int, now: datetime, what: str = "case"
) -> datetime | None:
    """Until when somebody may look at what they opened with a reason; None where they may not."""
    return connection.execute(
        select(func.max(col(BrokenGlass.until))).where(
            col(BrokenGlass.service_id) == service,
            col(BrokenGlass.user) == user,
            col(BrokenGlass.case_id) == case_id,
            col(BrokenGlass.what) == what,
            col(BrokenGlass.at) <= now,
            col(BrokenGlass.until) > now,
        )
    ).scalar()


_GLASS = (
    select(
        col(BrokenGlass.glass_id),
        col(VictimCase.reference),
        col(VictimCase.case_id),
        col(VictimCase.person_id),
        col(BrokenGlass.user),
        col(BrokenGlass.what),
        col(BrokenGlass.reason),
        col(BrokenGlass.note_id),
        col(BrokenGlass.at),
        col(BrokenGlass.until),
        col(BrokenGlass.reviewed_by),
        col(BrokenGlass.outcome),
    )
    .join(VictimCase, col(VictimCase.case_id) == col(BrokenGlass.case_id))
    .order_by(col(BrokenGlass.at).desc(), col(BrokenGlass.glass_id).desc())
)


def glasses(connection: Connection, service: str, *, waiting: bool, limit: int = 100) -> list[KeptGlass]:
    """What was opened with a reason, the latest first: what waits to be looked at, or what was looked at already."""
    reviewed = col(BrokenGlass.reviewed_at)
    rows = connection.execute(
        _GLASS.where(
            col(BrokenGlass.service_id) == service, reviewed.is_(None) if waiting else reviewed.is_not(None)
        ).limit(limit)
    )
    return [KeptGlass(**row._asdict()) for row in rows]


def glass(connection: Connection, service: str, glass_id: int) -> KeptGlass | None:
    """One of them by its number, or None."""
    row = connection.execute(
        _GLASS.where(col(BrokenGlass.service_id) == service, col(BrokenGlass.glass_id) == glass_id)
    ).first()
    return KeptGlass(**row._asdict()) if row else None


def waiting_glasses(connection: Connection, service: str, other_than: str) -> int:
    """How many opened cases wait to be looked at by somebody; nobody looks at their own."""
    query = select(func.count()).where(
        col(BrokenGlass.service_id) == service,
        col(BrokenGlass.reviewed_at).is_(None),
        col(BrokenGlass.user) != other_than,
    )
    return int(connection.execute(query).scalar_one())


def end_glass(connection: Connection, service: str, glass_id: int, at: datetime) -> None:
    """Close at a moment what is still open then."""
    connection.execute(
        update(BrokenGlass)
        .where(
            col(BrokenGlass.service_id) == service,
            col(BrokenGlass.glass_id) == glass_id,
            col(BrokenGlass.until) > at,
        )
        .values(until=at)
    )


def openings_since(connection: Connection, service: str, since: datetime) -> dict[str, int]:
    """How often each user opened something with a reason since a moment."""
    rows = connection.execute(
        select(col(BrokenGlass.user), func.count())
        .where(col(BrokenGlass.service_id) == service, col(BrokenGlass.at) >= since)
        .group_by(col(BrokenGlass.user))
    )
    return {user: int(number) for user, number in rows}


def review(connection: Connection, service: str, glass_id: int, by: str, at: datetime, outcome: str) -> bool:
    """What was made of an opened case; False where somebody has looked at it already."""
    changed = connection.execute(
        update(BrokenGlass)
        .where(
            col(BrokenGlass.service_id) == service,
            col(BrokenGlass.glass_id) == glass_id,
            col(BrokenGlass.reviewed_at).is_(None),
        )
        .values(reviewed_by=by, reviewed_at=at, outcome=outcome)
    )
    return changed.rowcount == 1
