"""Keeps cases and their history: lock, load, append, and the chain that binds each entry to the one before."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, insert, select, update
from sqlmodel import col

from store.database import is_sqlite, new_number
from store.tables import CaseChild, EventRow, VictimCase
from store.types import canonical
from workflow.case import Case
from workflow.events import Event


@dataclass(frozen=True, slots=True)
class CaseKey:
    """What identifies a case in the store, and the version it stands at."""

    case_id: int
    reference: str
    person_id: int
    force: str
    crime_reference: str
    version: int


_KEY_COLUMNS = (
    col(VictimCase.case_id),
    col(VictimCase.reference),
    col(VictimCase.person_id),
    col(VictimCase.force),
    col(VictimCase.crime_reference),
    col(VictimCase.version),
)
_EVENT_COLUMNS = (
    col(EventRow.seq),
    col(EventRow.kind),
    col(EventRow.at),
    col(EventRow.recorded_at),
    col(EventRow.by),
    col(EventRow.fields),
    col(EventRow.corrects),
    col(EventRow.reached),
    col(EventRow.tables),
)


# Statements are built once: building one costs several times its execution.
_SERVICE: BindParameter[Any] = bindparam("in_service")
_CASE: BindParameter[Any] = bindparam("of_case")
_BY_REFERENCE = select(*_KEY_COLUMNS).where(
    col(VictimCase.service_id) == _SERVICE, col(VictimCase.reference) == bindparam("with_reference")
)
_LOCKED = _BY_REFERENCE.with_for_update()
_BY_NUMBER = select(*_KEY_COLUMNS).where(col(VictimCase.service_id) == _SERVICE, col(VictimCase.case_id) == _CASE)
_HISTORY = (
    select(*_EVENT_COLUMNS)
    .where(col(EventRow.service_id) == _SERVICE, col(EventRow.case_id) == _CASE)
    .order_by(col(EventRow.seq))
)
_CHAIN = (
    select(col(EventRow.chain))
    .where(col(EventRow.service_id) == _SERVICE, col(EventRow.case_id) == _CASE)
    .order_by(col(EventRow.seq))
)
_LAST_LINK = _CHAIN.order_by(None).order_by(col(EventRow.seq).desc()).limit(1)
_ADD_CASE = insert(VictimCase)
_ADD_EVENTS = insert(EventRow)
_MOVE_ON = (
    update(VictimCase)
    .where(col(VictimCase.case_id) == _CASE, col(VictimCase.version) == bindparam("from_version"))
    .values(version=bindparam("to_version"))
)


def add(connection: Connection, service: str, reference: str, person_id: int, force: str, crime_reference: str) -> int:
    """A new case without events; gives its number."""
    values = {
        "service_id": service,
        "reference": reference,
        "person_id": person_id,
        "force": force,
        "crime_reference": crime_reference,
        "version": 0,
    }
    result = connection.execute(_ADD_CASE, values)
    return new_number(result)


def find(connection: Connection, service: str, reference: str) -> CaseKey | None:
    """The case of that reference, or None."""
    row = connection.execute(_BY_REFERENCE, {"in_service": service, "with_reference": reference}).first()
    return CaseKey(*row) if row else None


def lock(connection: Connection, service: str, reference: str) -> CaseKey | None:
    """The case of that reference, held for this transaction so that nobody else writes to it."""
    query = _BY_REFERENCE if is_sqlite(connection) else _LOCKED
    row = connection.execute(query, {"in_service": service, "with_reference": reference}).first()
    return CaseKey(*row) if row else None


def by_number(connection: Connection, service: str, case_id: int) -> CaseKey:
    """The case of that number, which must exist."""
    row = connection.execute(_BY_NUMBER, {"in_service": service, "of_case": case_id}).one()
    return CaseKey(*row)


def of_incident(connection: Connection, service: str, force: str, crime_reference: str) -> list[CaseKey]:
    """The cases of one incident, oldest first."""
    rows = connection.execute(
        select(*_KEY_COLUMNS)
        .where(
            col(VictimCase.service_id) == service,
            col(VictimCase.force) == force,
            col(VictimCase.crime_reference) == crime_reference,
        )
        .order_by(col(VictimCase.case_id))
    )
    return [CaseKey(*row) for row in rows]


def of_person(connection: Connection, service: str, person_id: int) -> list[CaseKey]:
    """The cases of one person, oldest first."""
    rows = connection.execute(
        select(*_KEY_COLUMNS)
        .where(col(VictimCase.service_id) == service, col(VictimCase.person_id) == person_id)
        .order_by(col(VictimCase.case_id))
    )
    return [CaseKey(*row) for row in rows]


def history(connection: Connection, service: str, key: CaseKey) -> Case:
    """The case with all its events."""
    rows = connection.execute(_HISTORY, {"in_service": service, "of_case": key.case_id})
    return Case(key.reference, tuple(_event(tuple(row)) for row in rows))


def count(connection: Connection, service: str) -> int:
    """How many cases there are."""
    return int(connection.execute(select(func.count()).where(col(VictimCase.service_id) == service)).scalar_one())


def keys(connection: Connection, service: str) -> list[CaseKey]:
    """The key of every case, oldest first."""
    rows = connection.execute(
        select(*_KEY_COLUMNS).where(col(VictimCase.service_id) == service).order_by(col(VictimCase.case_id))
    )
    return [CaseKey(*row) for row in rows]


def histories(connection: Connection, service: str) -> Iterator[tuple[CaseKey, Case]]:
    """Every case with its events, one after another, without holding them all."""
    for key in keys(connection, service):
        yield key, history(connection, service, key)


def _event(row: tuple[Any, ...]) -> Event:
    return Event(*row)


def last_link(connection: Connection, service: str, case_id: int) -> str:
    """The chain digest of the last event of a case; empty where there is none."""
    row = connection.execute(_LAST_LINK, {"in_service": service, "of_case": case_id}).first()
    return str(row[0]) if row else ""


def link(previous: str, reference: str, event: Event) -> str:
    """The chain digest of an event after the one before it."""
    content = canonical(
        [
            previous,
            reference,
            event.seq,
            event.kind,
            # In UTC, as they are read again: the same moment given in London time must be the same digest.
            event.at.astimezone(UTC).isoformat(),
            event.recorded_at.astimezone(UTC).isoformat(),
            event.by,
            dict(event.fields),
            event.corrects,
            dict(event.reached),
            event.tables,
        ]
    )
    return hashlib.sha256(content.encode()).hexdigest()


def append(connection: Connection, service: str, key: CaseKey, events: Sequence[Event]) -> bool:
    """Append events and raise the version; False where another writer was first, and then nothing may be kept."""
    previous = last_link(connection, service, key.case_id)
    rows = []
    for event in events:
        previous = link(previous, key.reference, event)
        rows.append(
            {
                "service_id": service,
                "case_id": key.case_id,
                "seq": event.seq,
                "kind": event.kind,
                "at": event.at,
                "recorded_at": event.recorded_at,
                "by": event.by,
                "fields": dict(event.fields),
                "corrects": event.corrects,
                "reached": dict(event.reached),
                "tables": event.tables,
                "chain": previous,
            }
        )
    connection.execute(_ADD_EVENTS, rows)
    moved = connection.execute(
        _MOVE_ON, {"of_case": key.case_id, "from_version": key.version, "to_version": events[-1].seq}
    )
    return moved.rowcount == 1


def broken_link(connection: Connection, service: str, key: CaseKey, case: Case) -> int | None:
    """The number of the first entry of a case whose chain digest or number does not fit; None where all fit."""
    kept = connection.execute(_CHAIN, {"in_service": service, "of_case": key.case_id}).scalars()
    previous = ""
    for expected_seq, (event, chain) in enumerate(zip(case.history, kept, strict=True), start=1):
        previous = link(previous, key.reference, event)
        if chain != previous or event.seq != expected_seq:
            return event.seq
    return None if key.version == case.version else case.version


def add_child(connection: Connection, service: str, case_id: int, person_id: int) -> None:
    """Link a child responsible to a case, once."""
    there = connection.execute(
        select(col(CaseChild.person_id)).where(col(CaseChild.case_id) == case_id, col(CaseChild.person_id) == person_id)
    ).first()
    if there is None:
        connection.execute(insert(CaseChild).values(service_id=service, case_id=case_id, person_id=person_id))
