"""Keeps the month in which each child victim turns 18, so that a clock need not open every birthday to find the few."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from store.database import is_sqlite
from store.tables import CaseSummary, ComingOfAge, VictimCase

_MANY = 500

_OF_CASE = (col(CaseSummary.service_id) == col(VictimCase.service_id)) & (
    col(CaseSummary.case_id) == col(VictimCase.case_id)
)


def unlearned(connection: Connection, service: str, after: int, limit: int) -> list[int]:
    """The victims of open cases, presumed under 18 at the offence, of whom nobody has looked when they turn 18."""
    known = select(col(ComingOfAge.person_id)).where(col(ComingOfAge.person_id) == col(VictimCase.person_id))
    query = (
        select(col(VictimCase.person_id))
        .join(CaseSummary, _OF_CASE)
        .where(
            col(VictimCase.service_id) == service,
            col(VictimCase.person_id) > after,
            # Put so that the index of the children among the open cases serves.
            col(CaseSummary.is_open),
            col(CaseSummary.child_victim),
            ~known.exists(),
        )
        .order_by(col(VictimCase.person_id))
        .limit(limit)
        .distinct()
    )
    return list(connection.execute(query).scalars())


def learn(connection: Connection, service: str, adult_in: Mapping[int, date | None]) -> None:
    """Keep the first day of the month in which each of these victims turns 18; None where it is not known."""
    # Another clock may learn the same at the same time, and it learns the same.
    add = sqlite.insert if is_sqlite(connection) else postgresql.insert
    rows = [{"service_id": service, "person_id": person_id, "adult_in": month} for person_id, month in adult_in.items()]
    connection.execute(add(ComingOfAge).on_conflict_do_nothing(), rows)


def near(connection: Connection, service: str, until: date, today: date) -> list[tuple[int, str]]:
    """The open cases, by number and reference, of victims whose month has come by ``until`` and not looked at today."""
    query = (
        select(col(VictimCase.case_id), col(VictimCase.reference))
        .join(ComingOfAge, col(ComingOfAge.person_id) == col(VictimCase.person_id))
        .join(CaseSummary, _OF_CASE)
        .where(
            *_come(service, until),
            or_(col(ComingOfAge.looked_on).is_(None), col(ComingOfAge.looked_on) < today),
            col(CaseSummary.is_open).is_(True),
            col(CaseSummary.child_victim).is_(True),
        )
        .order_by(col(VictimCase.case_id))
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def over(connection: Connection, service: str, until: date) -> list[int]:
    """The victims whose month has come by ``until`` and none of whose cases is open: they are learned again later."""
    still = (
        select(col(VictimCase.case_id))
        .join(CaseSummary, _OF_CASE)
        .where(col(VictimCase.person_id) == col(ComingOfAge.person_id), col(CaseSummary.is_open).is_(True))
    )
    query = select(col(ComingOfAge.person_id)).where(*_come(service, until), ~still.exists()).limit(_MANY)
    return list(connection.execute(query).scalars())


def forget(connection: Connection, persons: Sequence[int]) -> None:
    """Forget in which month these victims turn 18."""
    connection.execute(delete(ComingOfAge).where(col(ComingOfAge.person_id).in_(list(persons))))


def _come(service: str, until: date) -> tuple[ColumnElement[bool], ...]:
    return (col(ComingOfAge.service_id) == service, col(ComingOfAge.adult_in) <= until)


def looked(connection: Connection, person_id: int, today: date, *, settled: bool) -> None:
    """Note that the birthday of a victim was looked at today; once they are 18 there is nothing more to wait for."""
    change: dict[str, date | None] = {"looked_on": today}
    if settled:
        change["adult_in"] = None
    connection.execute(update(ComingOfAge).where(col(ComingOfAge.person_id) == person_id).values(**change))
