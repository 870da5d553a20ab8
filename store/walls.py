"""Keeps walls: for whom a case, or every case of a child, does not exist, until somebody else lifts it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update
from sqlmodel import col

from store.tables import CaseChild, CaseSummary, VictimCase, Wall

_MINE = (
    col(Wall.service_id) == bindparam("in_service"),
    col(Wall.user) == bindparam("of_user"),
    col(Wall.lifted_at).is_(None),
)
_CASES = select(col(Wall.case_id)).where(*_MINE, col(Wall.case_id).is_not(None))
_CHILDRENS_CASES = select(col(CaseChild.case_id)).where(
    col(CaseChild.person_id).in_(select(col(Wall.person_id)).where(*_MINE, col(Wall.person_id).is_not(None)))
)
_UNSEEN = _CASES.union(_CHILDRENS_CASES)


@dataclass(frozen=True, slots=True)
class KeptWall:
    """A wall as it is kept; ``cases`` are the references of the cases behind it."""

    wall_id: int
    user: str
    reason: str
    set_by: str
    set_at: datetime
    of_child: bool
    cases: tuple[str, ...]


def unseen(connection: Connection, service: str, user: str) -> frozenset[int]:
    """The numbers of the cases that do not exist for a user now."""
    found = connection.execute(_UNSEEN, {"in_service": service, "of_user": user}).scalars()
    return frozenset(number for number in found if number is not None)


def of_same_children(connection: Connection, service: str, case_id: int, assignee: str) -> list[str]:
    """The references of the cases that share a child with this one and that somebody has, in order."""
    children = select(col(CaseChild.person_id)).where(col(CaseChild.case_id) == case_id)
    rows = connection.execute(
        select(col(CaseSummary.reference))
        .join(CaseChild, col(CaseChild.case_id) == col(CaseSummary.case_id))
        .where(
            col(CaseSummary.service_id) == service,
            col(CaseSummary.assignee) == assignee,
            col(CaseChild.person_id).in_(children),
        )
        .distinct()
        .order_by(col(CaseSummary.reference))
    )
    return list(rows.scalars())


def add(connection: Connection, service: str, **values: Any) -> None:
    """A new wall: ``user``, ``reason``, ``set_by``, ``set_at``, and ``case_id`` or ``person_id``."""
    connection.execute(insert(Wall).values(service_id=service, **values))


def find(connection: Connection, service: str, wall_id: int) -> KeptWall | None:
    """The standing wall of that number, or None."""
    return next((each for each in standing(connection, service) if each.wall_id == wall_id), None)


def standing(connection: Connection, service: str) -> list[KeptWall]:
    """Every wall that stands, the newest first, with the cases behind it."""
    rows = connection.execute(
        select(
            col(Wall.wall_id),
            col(Wall.user),
            col(Wall.reason),
            col(Wall.set_by),
            col(Wall.set_at),
            col(Wall.person_id),
            col(VictimCase.reference),
        )
        .outerjoin(CaseChild, col(CaseChild.person_id) == col(Wall.person_id))
        .join(
            VictimCase,
            or_(col(VictimCase.case_id) == col(Wall.case_id), col(VictimCase.case_id) == col(CaseChild.case_id)),
        )
        .where(col(Wall.service_id) == service, col(Wall.lifted_at).is_(None))
        .order_by(col(Wall.wall_id).desc(), col(VictimCase.reference))
    )
    found: dict[int, KeptWall] = {}
    for wall_id, user, reason, set_by, set_at, person_id, reference in rows:
        before = found[wall_id].cases if wall_id in found else ()
        found[wall_id] = KeptWall(wall_id, user, reason, set_by, set_at, person_id is not None, (*before, reference))
    return list(found.values())


def lift(connection: Connection, service: str, wall_id: int, by: str, at: datetime, why: str) -> bool:
    """Lift a wall; False where none of that number stands."""
    changed = connection.execute(
        update(Wall)
        .where(col(Wall.service_id) == service, col(Wall.wall_id) == wall_id, col(Wall.lifted_at).is_(None))
        .values(lifted_by=by, lifted_at=at, lifted_for=why)
    )
    return changed.rowcount == 1
