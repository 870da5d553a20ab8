"""Keeps cases and their history: lock, load, append, and the chain that binds each entry to the one before."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, insert, select, update
from sqlmodel import col

from store.bulk import Row, add_rows, new_numbers
from store.database import is_sqlite
from store.tables import CaseChild, EventRow, VictimCase
from store.types import Canonical, canonical
from workflow.case import Case
from workflow.events import Event
from workflow.placed import MOVED, as_placed


@dataclass(frozen=True, slots=True)
class CaseKey:
    """What identifies a case in the store, and the version it stands at."""

    case_id: int
    reference: str
    person_id: int
    force: str
    crime_reference: str
    version: int


KEY_COLUMNS = (
    col(VictimCase.case_id),
    col(VictimCase.reference),
    col(VictimCase.person_id),
    col(VictimCase.force),
    col(VictimCase.crime_reference),
    col(VictimCase.version),
)
"""What identifies a case, as a query selects it."""
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
_BY_REFERENCE = select(*KEY_COLUMNS).where(
    col(VictimCase.service_id) == _SERVICE, col(VictimCase.reference) == bindparam("with_reference")
)
_LOCKED = _BY_REFERENCE.with_for_update()
_BY_NUMBER = select(*KEY_COLUMNS).where(col(VictimCase.service_id) == _SERVICE, col(VictimCase.case_id) == _CASE)
_OF_INCIDENT = (
    select(*KEY_COLUMNS)
    .where(
        col(VictimCase.service_id) == _SERVICE,
        col(VictimCase.force) == bindparam("of_force"),
        col(VictimCase.crime_reference) == bindparam("with_crime_reference"),
    )
    .order_by(col(VictimCase.case_id))
)
_KNOWN_INCIDENTS = select(col(VictimCase.crime_reference)).where(
    col(VictimCase.service_id) == _SERVICE,
    col(VictimCase.force) == bindparam("of_force"),
    col(VictimCase.crime_reference).in_(bindparam("with_crime_references", expanding=True)),
)
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
_ADD_EVENTS = insert(EventRow)
_MOVE_ON = (
    update(VictimCase)
    .where(col(VictimCase.case_id) == _CASE, col(VictimCase.version) == bindparam("from_version"))
    .values(version=bindparam("to_version"))
)


def add_all(connection: Connection, service: str, force: str, fresh: Sequence[tuple[str, int, str]]) -> list[CaseKey]:
    """New cases without events, each given as reference, person and crime reference; gives their keys in order."""
    numbers = new_numbers(connection, VictimCase, "case_id", len(fresh))
    keys = [
        CaseKey(number, reference, person_id, force, crime_reference, 0)
        for number, (reference, person_id, crime_reference) in zip(numbers, fresh, strict=True)
    ]
    add_rows(connection, VictimCase, [{"service_id": service, **_columns(key)} for key in keys])
    return keys


def _columns(key: CaseKey) -> Row:
    return {name: getattr(key, name) for name in CaseKey.__dataclass_fields__}


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
    asked = {"in_service": service, "of_force": force, "with_crime_reference": crime_reference}
    return [CaseKey(*row) for row in connection.execute(_OF_INCIDENT, asked)]


def known_incidents(connection: Connection, service: str, force: str, crime_references: Sequence[str]) -> set[str]:
    """Those of the crime references under which there is a case."""
    asked = {"in_service": service, "of_force": force, "with_crime_references": crime_references}
    return set(connection.execute(_KNOWN_INCIDENTS, asked).scalars())


def of_person(connection: Connection, service: str, person_id: int) -> list[CaseKey]:
    """The cases of one person, oldest first."""
    rows = connection.execute(
        select(*KEY_COLUMNS)
        .where(col(VictimCase.service_id) == service, col(VictimCase.person_id) == person_id)
        .order_by(col(VictimCase.case_id))
    )
    return [CaseKey(*row) for row in rows]


def history(connection: Connection, service: str, key: CaseKey) -> Case:
    """The case with all its events, the states before a change of the tables called as they are called now."""
    return Case(key.reference, as_placed(kept_history(connection, service, key)))


def kept_history(connection: Connection, service: str, key: CaseKey) -> tuple[Event, ...]:
    """All events of a case exactly as they were written."""
    rows = connection.execute(_HISTORY, {"in_service": service, "of_case": key.case_id})
    return tuple(_event(tuple(row)) for row in rows)


def count(connection: Connection, service: str) -> int:
    """How many cases there are."""
    return int(connection.execute(select(func.count()).where(col(VictimCase.service_id) == service)).scalar_one())


def keys(connection: Connection, service: str) -> list[CaseKey]:
    """The key of every case, oldest first."""
    rows = connection.execute(
        select(*KEY_COLUMNS).where(col(VictimCase.service_id) == service).order_by(col(VictimCase.case_id))
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


class _Writing:
    """Events as they are kept, each bound to the one before; what many of them share is written out once."""

    def __init__(self) -> None:
        self._documents: dict[tuple[Any, ...], Canonical] = {}
        self._texts: dict[str, str] = {}
        self._moments: dict[datetime, str] = {}

    def document(self, value: Mapping[str, Any]) -> Canonical:
        """The fields or the states of an event, written out."""
        # Sorting tells true from 1, which are the same key: the kind of each value belongs to it.
        known = (*value, *value.values(), *map(type, value.values()))
        if known not in self._documents:
            self._documents[known] = Canonical(canonical(dict(value)))
        return self._documents[known]

    def _text(self, value: str) -> str:
        if value not in self._texts:
            self._texts[value] = canonical(value)
        return self._texts[value]

    def _moment(self, value: datetime) -> str:
        # In UTC, as it is read again: the same moment given in London time must be the same digest.
        if value not in self._moments:
            self._moments[value] = value.astimezone(UTC).isoformat()
        return self._moments[value]

    def link(self, previous: str, reference: str, event: Event, fields: str, reached: str) -> str:
        """The chain digest of an event after the one before it: of the canonical list of all it says."""
        content = (
            f'["{previous}",{self._text(reference)},{event.seq},{self._text(event.kind)},'
            f'"{self._moment(event.at)}","{self._moment(event.recorded_at)}",'
            f"{self._text(event.by)},{fields},"
            f"{'null' if event.corrects is None else event.corrects},"
            f"{reached},{self._text(event.tables)}]"
        )
        return hashlib.sha256(content.encode()).hexdigest()


def link(previous: str, reference: str, event: Event) -> str:
    """The chain digest of an event after the one before it."""
    writing = _Writing()
    return writing.link(previous, reference, event, writing.document(event.fields), writing.document(event.reached))


def append(connection: Connection, service: str, key: CaseKey, events: Sequence[Event]) -> bool:
    """Append events and raise the version; False where another writer was first, and then nothing may be kept."""
    previous = last_link(connection, service, key.case_id)
    connection.execute(_ADD_EVENTS, _event_rows(_Writing(), service, key, events, previous))
    moved = connection.execute(
        _MOVE_ON, {"of_case": key.case_id, "from_version": key.version, "to_version": events[-1].seq}
    )
    return moved.rowcount == 1


def append_first(connection: Connection, service: str, opened: Sequence[tuple[CaseKey, Sequence[Event]]]) -> bool:
    """Append the first events of cases that have none yet, as ``append`` does for one."""
    writing = _Writing()
    rows = [row for key, events in opened for row in _event_rows(writing, service, key, events, "")]
    add_rows(connection, EventRow, rows)
    moves = [
        {"of_case": key.case_id, "from_version": key.version, "to_version": events[-1].seq} for key, events in opened
    ]
    return connection.execute(_MOVE_ON, moves).rowcount == len(opened)


def _event_rows(writing: _Writing, service: str, key: CaseKey, events: Sequence[Event], previous: str) -> list[Row]:
    rows: list[Row] = []
    for event in events:
        fields, reached = writing.document(event.fields), writing.document(event.reached)
        previous = writing.link(previous, key.reference, event, fields, reached)
        rows.append(
            {
                "service_id": service,
                "case_id": key.case_id,
                "seq": event.seq,
                "kind": event.kind,
                "at": event.at,
                "recorded_at": event.recorded_at,
                "by": event.by,
                "fields": fields,
                "corrects": event.corrects,
                "reached": reached,
                "tables": event.tables,
                "chain": previous,
            }
        )
    return rows


def broken_link(connection: Connection, service: str, key: CaseKey, case: Case) -> int | None:
    """The number of the first entry of a case whose chain digest or number does not fit; None where all fit."""
    kept = connection.execute(_CHAIN, {"in_service": service, "of_case": key.case_id}).scalars()
    previous = ""
    is_moved = any(event.kind == MOVED for event in case.history)
    history = kept_history(connection, service, key) if is_moved else case.history
    for expected_seq, (event, chain) in enumerate(zip(history, kept, strict=True), start=1):
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


def add_children(connection: Connection, service: str, links: Sequence[tuple[int, int]]) -> None:
    """Link children responsible to cases that have none yet, each link given as case and person."""
    add_rows(
        connection,
        CaseChild,
        [{"service_id": service, "case_id": case_id, "person_id": person} for case_id, person in dict.fromkeys(links)],
    )


def remove_child(connection: Connection, case_id: int, person_id: int) -> None:
    """Take a child responsible out of a case; the child stays known for other cases."""
    mine = delete(CaseChild).where(col(CaseChild.case_id) == case_id, col(CaseChild.person_id) == person_id)
    connection.execute(mine)


def with_several_children(connection: Connection, service: str) -> set[int]:
    """The numbers of the cases with which more than one child is kept."""
    query = select(col(CaseChild.case_id)).where(col(CaseChild.service_id) == service)
    return set(connection.execute(query.group_by(col(CaseChild.case_id)).having(func.count() > 1)).scalars())
