"""Keeps people: persons, ways of reaching them, characteristics and notes, sealed under each person's own key."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update
from sqlmodel import col

from store.bulk import Row, add_rows, new_numbers
from store.database import new_number
from store.sealed import Keyring, PersonKey
from store.tables import CaseChild, CharacteristicAnswer, ComingOfAge, ContactPoint, Note, Person

# Statements are built once: building one costs several times its execution.
_PERSON: BindParameter[Any] = bindparam("of_person")
_FIND = select(col(Person.wrapped_key), col(Person.sealed)).where(col(Person.person_id) == _PERSON)
_MATCHING = (
    select(col(Person.person_id))
    .where(
        col(Person.service_id) == bindparam("in_service"),
        col(Person.kind) == bindparam("of_kind"),
        col(Person.match) == bindparam("with_match"),
    )
    .order_by(col(Person.person_id))
)
_FIRST_MATCHING = (
    select(col(Person.match), col(Person.person_id))
    .where(
        col(Person.service_id) == bindparam("in_service"),
        col(Person.kind) == bindparam("of_kind"),
        col(Person.match).in_(bindparam("with_matches", expanding=True)),
    )
    .order_by(col(Person.person_id).desc())
)
_ADD_PERSON, _ADD_CONTACT_POINT, _ADD_NOTE = insert(Person), insert(ContactPoint), insert(Note)
_END_CONTACT_POINTS = (
    update(ContactPoint)
    .where(
        col(ContactPoint.person_id) == _PERSON,
        col(ContactPoint.channel) == bindparam("by_channel"),
        col(ContactPoint.until_day).is_(None),
    )
    .values(until_day=bindparam("until"))
)
_ANSWERED = select(col(CharacteristicAnswer.name)).where(col(CharacteristicAnswer.person_id) == _PERSON)
_ADD_ANSWER = insert(CharacteristicAnswer)
_CHANGE_ANSWER = (
    update(CharacteristicAnswer)
    .where(col(CharacteristicAnswer.person_id) == _PERSON, col(CharacteristicAnswer.name) == bindparam("with_name"))
    .values(
        status=bindparam("status"),
        sealed=bindparam("sealed"),
        source=bindparam("source"),
        asked_on=bindparam("asked_on"),
    )
)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person opened: the number, the key, and the document that was sealed."""

    person_id: int
    key: PersonKey
    document: Mapping[str, Any]


def add(connection: Connection, service: str, keyring: Keyring, kind: str, match: str, document: Any) -> KnownPerson:
    """A new person, sealed under a new key."""
    key, wrapped = keyring.new_person()
    values = {
        "service_id": service,
        "kind": kind,
        "match": match,
        "wrapped_key": wrapped,
        "sealed": key.seal("person", document),
    }
    result = connection.execute(_ADD_PERSON, values)
    return KnownPerson(new_number(result), key, document)


def find(connection: Connection, keyring: Keyring, person_id: int) -> KnownPerson:
    """The person of that number, which must exist.  Raises CannotOpen where the key does not fit."""
    wrapped, sealed = connection.execute(_FIND, {"of_person": person_id}).one()
    key = keyring.person(wrapped)
    return KnownPerson(person_id, key, key.open("person", sealed))


def every(connection: Connection, service: str, keyring: Keyring, kind: str) -> Iterator[KnownPerson]:
    """Every person of a kind, opened one by one, oldest first."""
    query = select(col(Person.person_id), col(Person.wrapped_key), col(Person.sealed))
    query = query.where(col(Person.service_id) == service, col(Person.kind) == kind)
    for number, wrapped, sealed in connection.execute(query.order_by(col(Person.person_id))):
        key = keyring.person(wrapped)
        yield KnownPerson(number, key, key.open("person", sealed))


def matching(connection: Connection, service: str, kind: str, match: str) -> list[int]:
    """The numbers of the persons with that match digest, oldest first."""
    asked = {"in_service": service, "of_kind": kind, "with_match": match}
    return list(connection.execute(_MATCHING, asked).scalars())


def first_matching(connection: Connection, service: str, kind: str, matches: Iterable[str]) -> dict[str, int]:
    """The oldest person of each of the match digests that somebody has."""
    asked = {"in_service": service, "of_kind": kind, "with_matches": list(matches)}
    return {row[0]: row[1] for row in connection.execute(_FIRST_MATCHING, asked)}


def beginning_with(connection: Connection, service: str, kind: str, start: str) -> int | None:
    """The only person whose match digest begins so; None where there is none, or more than one."""
    begins = col(Person.match).startswith(start, autoescape=True)
    query = select(col(Person.person_id)).where(col(Person.service_id) == service, col(Person.kind) == kind, begins)
    found = list(connection.execute(query.limit(2)).scalars())
    return found[0] if len(found) == 1 else None


class Newcomers:
    """People who are not kept yet, with everything about them, to be added together in one transaction."""

    def __init__(self, connection: Connection, service: str, keyring: Keyring, many: int) -> None:
        self._connection, self._service, self._keyring = connection, service, keyring
        self._numbers = iter(new_numbers(connection, Person, "person_id", many))
        self._people: list[Row] = []
        self._points: list[Row] = []
        self._answers: list[Row] = []

    def person(self, kind: str, match: str, document: Any) -> KnownPerson:
        """A new person, sealed under a new key."""
        key, wrapped = self._keyring.new_person()
        number = next(self._numbers)
        row = {
            "person_id": number,
            "service_id": self._service,
            "kind": kind,
            "match": match,
            "wrapped_key": wrapped,
            "sealed": key.seal("person", document),
        }
        self._people.append(row)
        return KnownPerson(number, key, document)

    def contact_point(self, person: KnownPerson, channel: str, value: Any, given_by: str, from_day: date) -> None:
        """A way of reaching somebody from a day on."""
        self._points.append(_point_row(self._service, person, channel, value, given_by, from_day))

    def characteristics(
        self, person: KnownPerson, answers: Iterable[tuple[str, str, Any]], source: str, asked_on: date | None
    ) -> None:
        """Status and value of characteristics: name, status, value."""
        about = {"source": source, "asked_on": asked_on, "service_id": self._service, "person_id": person.person_id}
        for name, status, value in answers:
            sealed = person.key.seal(f"characteristic.{name}", value)
            self._answers.append({"name": name, "status": status, "sealed": sealed, **about})

    def keep_people(self) -> None:
        """Add the people, the ways of reaching them, and their characteristics."""
        add_rows(self._connection, Person, self._people)
        add_rows(self._connection, ContactPoint, self._points)
        add_rows(self._connection, CharacteristicAnswer, self._answers)


def rewrite(connection: Connection, person: KnownPerson, document: Any) -> None:
    """Replace what is known of a person; their birthday may be another, so it is learned anew when they turn 18."""
    connection.execute(delete(ComingOfAge).where(col(ComingOfAge.person_id) == person.person_id))
    connection.execute(
        update(Person)
        .where(col(Person.person_id) == person.person_id)
        .values(sealed=person.key.seal("person", document))
    )


def add_contact_point(
    connection: Connection, service: str, person: KnownPerson, channel: str, value: Any, given_by: str, from_day: date
) -> None:
    """A way of reaching somebody from a day on."""
    connection.execute(_ADD_CONTACT_POINT, _point_row(service, person, channel, value, given_by, from_day))


def _point_row(service: str, person: KnownPerson, channel: str, value: Any, given_by: str, from_day: date) -> Row:
    return {
        "service_id": service,
        "person_id": person.person_id,
        "channel": channel,
        "sealed": person.key.seal(f"contact_point.{channel}", value),
        "given_by": given_by,
        "from_day": from_day,
    }


@dataclass(frozen=True, slots=True)
class KnownPoint:
    """A way of reaching somebody, opened, with who gave it and since which day it holds."""

    channel: str
    value: Any
    given_by: str
    from_day: date


def known_points(connection: Connection, person: KnownPerson, channel: str, on: date) -> list[KnownPoint]:
    """The ways of reaching somebody by a channel that hold on a day, newest first, with who gave each and when."""
    rows = connection.execute(
        select(
            col(ContactPoint.sealed),
            col(ContactPoint.given_by),
            col(ContactPoint.from_day),
            col(ContactPoint.until_day),
        )
        .where(col(ContactPoint.person_id) == person.person_id, col(ContactPoint.channel) == channel)
        .order_by(col(ContactPoint.contact_point_id).desc())
    )
    return [
        KnownPoint(channel, person.key.open(f"contact_point.{channel}", sealed), given_by, from_day)
        for sealed, given_by, from_day, until_day in rows
        if until_day is None or until_day > on
    ]


def contact_points(connection: Connection, person: KnownPerson, on: date) -> list[tuple[str, Any]]:
    """The ways of reaching somebody that hold on a day, newest first: channel and value."""
    rows = connection.execute(
        select(col(ContactPoint.channel), col(ContactPoint.sealed), col(ContactPoint.until_day))
        .where(col(ContactPoint.person_id) == person.person_id)
        .order_by(col(ContactPoint.contact_point_id).desc())
    )
    return [
        (channel, person.key.open(f"contact_point.{channel}", sealed))
        for channel, sealed, until_day in rows
        if until_day is None or until_day > on
    ]


def end_contact_points(connection: Connection, person_id: int, channel: str, until_day: date) -> None:
    """From that day the ways of reaching somebody by a channel no longer hold."""
    connection.execute(_END_CONTACT_POINTS, {"of_person": person_id, "by_channel": channel, "until": until_day})


def answer_characteristics(
    connection: Connection,
    service: str,
    person: KnownPerson,
    answers: Iterable[tuple[str, str, Any]],
    source: str,
    asked_on: date | None,
) -> None:
    """Keep status and value of characteristics (name, status, value), each in place of an earlier answer."""
    there = set(connection.execute(_ANSWERED, {"of_person": person.person_id}).scalars())
    fresh, again = [], []
    for name, status, value in answers:
        row: dict[str, Any] = {"status": status, "sealed": person.key.seal(f"characteristic.{name}", value)}
        row |= {"source": source, "asked_on": asked_on}
        if name in there:
            again.append({**row, "of_person": person.person_id, "with_name": name})
        else:
            fresh.append({**row, "service_id": service, "person_id": person.person_id, "name": name})
    if fresh:
        connection.execute(_ADD_ANSWER, fresh)
    if again:
        connection.execute(_CHANGE_ANSWER, again)


def characteristics(connection: Connection, person: KnownPerson) -> dict[str, tuple[str, Any]]:
    """The status and value of every characteristic that has one."""
    rows = connection.execute(
        select(
            col(CharacteristicAnswer.name), col(CharacteristicAnswer.status), col(CharacteristicAnswer.sealed)
        ).where(col(CharacteristicAnswer.person_id) == person.person_id)
    )
    return {name: (status, person.key.open(f"characteristic.{name}", sealed)) for name, status, sealed in rows}


def write_note(
    connection: Connection,
    service: str,
    person: KnownPerson,
    case_id: int,
    note_id: str,
    by: str,
    at: datetime,
    words: str,
) -> None:
    """Keep words about a person apart from the history."""
    connection.execute(_ADD_NOTE, _note_row(service, person, case_id, note_id, by, at, words))


def _note_row(service: str, person: KnownPerson, case_id: int, note_id: str, by: str, at: datetime, words: str) -> Row:
    return {
        "service_id": service,
        "note_id": note_id,
        "case_id": case_id,
        "by": by,
        "at": at,
        "sealed": person.key.seal(f"note.{note_id}", words),
    }


def notes(connection: Connection, person: KnownPerson, case_id: int) -> dict[str, str]:
    """The notes of a case by their reference."""
    rows = connection.execute(select(col(Note.note_id), col(Note.sealed)).where(col(Note.case_id) == case_id))
    return {note_id: person.key.open(f"note.{note_id}", sealed) for note_id, sealed in rows}


def child_numbers(connection: Connection, case_id: int) -> list[int]:
    """The numbers of the children responsible in a case, in an order that stays."""
    query = select(col(CaseChild.person_id)).where(col(CaseChild.case_id) == case_id)
    return list(connection.execute(query.order_by(col(CaseChild.person_id))).scalars())


def children(connection: Connection, keyring: Keyring, case_id: int) -> list[KnownPerson]:
    """The children responsible in a case."""
    return [find(connection, keyring, number) for number in child_numbers(connection, case_id)]
