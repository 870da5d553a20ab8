"""Keeps what the other feeds brought: the interventions of children, and which row of a spreadsheet is which case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from store.cases import KEY_COLUMNS, CaseKey
from store.people import KnownPerson
from store.tables import AccessDeed, CaseChild, ChildIntervention, Person, TrackerRow, VictimCase

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeptIntervention:
    """An intervention as it is kept: whose it is, about which crime, and its content still sealed."""

    intervention_id: str
    person_id: int
    crime_reference: str
    digest: str
    sealed: bytes


_KEPT = (
    col(ChildIntervention.intervention_id),
    col(ChildIntervention.person_id),
    col(ChildIntervention.crime_reference),
    col(ChildIntervention.digest),
    col(ChildIntervention.sealed),
)


def interventions(connection: Connection, service: str, numbers: Sequence[str]) -> dict[str, KeptIntervention]:
    """Those of these interventions that are kept, by their number."""
    rows = connection.execute(
        select(*_KEPT).where(
            col(ChildIntervention.service_id) == service, col(ChildIntervention.intervention_id).in_(numbers)
        )
    )
    return {row[0]: KeptIntervention(*row) for row in rows}


def of_crime(connection: Connection, service: str, crime_reference: str) -> list[KeptIntervention]:
    """The interventions about a crime, in the order of their numbers."""
    rows = connection.execute(
        select(*_KEPT)
        .where(col(ChildIntervention.service_id) == service, col(ChildIntervention.crime_reference) == crime_reference)
        .order_by(col(ChildIntervention.intervention_id))
    )
    return [KeptIntervention(*row) for row in rows]


def keep_intervention(
    connection: Connection,
    service: str,
    child: KnownPerson,
    number: str,
    crime_reference: str,
    digest: str,
    content: Json,
    at: datetime,
    *,
    is_new: bool,
) -> None:
    """Keep an intervention, sealed under the key of the child; ``is_new`` is false where one is replaced."""
    values = {
        "person_id": child.person_id,
        "crime_reference": crime_reference,
        "digest": digest,
        "sealed": child.key.seal(f"intervention.{number}", content),
    }
    if is_new:
        connection.execute(
            insert(ChildIntervention).values(service_id=service, intervention_id=number, first_at=at, **values)
        )
        return
    connection.execute(
        update(ChildIntervention)
        .where(col(ChildIntervention.service_id) == service, col(ChildIntervention.intervention_id) == number)
        .values(changed_at=at, **values)
    )


def content_of(child: KnownPerson, kept: KeptIntervention) -> Json:
    """What an intervention says, opened with the key of its child."""
    return dict(child.key.open(f"intervention.{kept.intervention_id}", kept.sealed))


def cases_of_crime(connection: Connection, service: str, crime_reference: str) -> list[CaseKey]:
    """The cases under a crime reference, of whichever force, oldest first."""
    rows = connection.execute(
        select(*KEY_COLUMNS)
        .where(col(VictimCase.service_id) == service, col(VictimCase.crime_reference) == crime_reference)
        .order_by(col(VictimCase.case_id))
    )
    return [CaseKey(*row) for row in rows]


def cases_of_people(connection: Connection, service: str, numbers: Sequence[int]) -> list[CaseKey]:
    """The cases in which these people are the victim, oldest first."""
    rows = connection.execute(
        select(*KEY_COLUMNS)
        .where(col(VictimCase.service_id) == service, col(VictimCase.person_id).in_(numbers))
        .order_by(col(VictimCase.case_id))
    )
    return [CaseKey(*row) for row in rows]


def cases_of_child(connection: Connection, service: str, person_id: int) -> list[CaseKey]:
    """The cases in which somebody is a child responsible, oldest first."""
    rows = connection.execute(
        select(*KEY_COLUMNS)
        .join(CaseChild, col(CaseChild.case_id) == col(VictimCase.case_id))
        .where(col(VictimCase.service_id) == service, col(CaseChild.person_id) == person_id)
        .order_by(col(VictimCase.case_id))
    )
    return [CaseKey(*row) for row in rows]


def victims_like(connection: Connection, service: str, match: str) -> list[int]:
    """The numbers of the victims with that match digest."""
    rows = connection.execute(
        select(col(Person.person_id)).where(
            col(Person.service_id) == service, col(Person.kind) == "victim", col(Person.match) == match
        )
    )
    return list(rows.scalars())


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row of a spreadsheet as it was brought over: its case, and by column the digests of what stood there."""

    case_id: int
    cells: Mapping[str, list[str]]


def tracker_row(connection: Connection, service: str, identity: str) -> KeptRow | None:
    """The row of that identity, or None where it was never brought over."""
    row = connection.execute(
        select(col(TrackerRow.case_id), col(TrackerRow.cells)).where(
            col(TrackerRow.service_id) == service, col(TrackerRow.identity) == identity
        )
    ).first()
    return KeptRow(row[0], row[1]) if row else None


def keep_tracker_row(
    connection: Connection,
    service: str,
    identity: str,
    case_id: int,
    cells: Mapping[str, list[str]],
    at: datetime,
    *,
    is_new: bool,
) -> None:
    """Keep which case a row is, and what stood in it; ``is_new`` is false where it came before."""
    if is_new:
        connection.execute(
            insert(TrackerRow).values(
                service_id=service, identity=identity, case_id=case_id, cells=dict(cells), first_at=at
            )
        )
        return
    connection.execute(
        update(TrackerRow)
        .where(col(TrackerRow.service_id) == service, col(TrackerRow.identity) == identity)
        .values(cells=dict(cells), changed_at=at)
    )


def is_told(connection: Connection, service: str, deed: str, case_id: int) -> bool:
    """Whether something about a case was noted for the manager already."""
    rows = connection.execute(
        select(col(AccessDeed.deed_id)).where(
            col(AccessDeed.service_id) == service, col(AccessDeed.deed) == deed, col(AccessDeed.case_id) == case_id
        )
    )
    return rows.first() is not None
