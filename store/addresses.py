"""Keeps the addresses that letters are compared with: sealed, and by digests of their forms."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from store.database import new_number
from store.people import KnownPerson
from store.sealed import Keyring
from store.tables import AddressKey, CaseChild, KnownAddress, Person


def add(
    connection: Connection,
    service: str,
    person: KnownPerson,
    of: str,
    value: Any,
    digests: Iterable[tuple[str, str]],
    *,
    has_number: bool,
    given_by: str,
    from_day: date,
) -> int:
    """A known address of a person, with the digests (grade and digest) of its forms; gives its number."""
    values = {
        "service_id": service,
        "person_id": person.person_id,
        "of": of,
        "has_number": has_number,
        "given_by": given_by,
        "from_day": from_day,
        "sealed": person.key.seal(f"known_address.{of}", value),
    }
    number = new_number(connection.execute(insert(KnownAddress), values))
    rows = [
        {"service_id": service, "address_id": number, "grade": grade, "digest": digest}
        for grade, digest in sorted(set(digests))
    ]
    connection.execute(insert(AddressKey), rows)
    return number


def end(connection: Connection, person_id: int, of: str, until_day: date) -> None:
    """From that day an address of a person is a past one; it is compared with all the same."""
    connection.execute(
        update(KnownAddress)
        .where(
            col(KnownAddress.person_id) == person_id,
            col(KnownAddress.of) == of,
            col(KnownAddress.until_day).is_(None),
        )
        .values(until_day=until_day)
    )


def of_persons(connection: Connection, service: str, persons: Collection[int]) -> list[tuple[int, str, str, date]]:
    """What is known of the present addresses of persons: person, whose, who said so, since; never the address."""
    rows = connection.execute(
        select(
            col(KnownAddress.person_id), col(KnownAddress.of), col(KnownAddress.given_by), col(KnownAddress.from_day)
        )
        .where(
            col(KnownAddress.service_id) == service,
            col(KnownAddress.person_id).in_(persons),
            col(KnownAddress.until_day).is_(None),
        )
        .order_by(col(KnownAddress.address_id))
    )
    return [(person, of, given_by, since) for person, of, given_by, since in rows]


def sharing(
    connection: Connection, service: str, digests: Collection[str], persons: Collection[int]
) -> list[tuple[int, str, bool, str]]:
    """The addresses, past and present, of these persons and of all staff that share a digest.

    Each as its number, whose it is, whether it names a house number, and the grade of the digest.
    """
    rows = connection.execute(
        select(
            col(KnownAddress.address_id),
            col(KnownAddress.of),
            col(KnownAddress.has_number),
            col(AddressKey.grade),
        )
        .join(AddressKey, col(AddressKey.address_id) == col(KnownAddress.address_id))
        .where(
            col(AddressKey.service_id) == service,
            col(AddressKey.digest).in_(digests),
            col(KnownAddress.person_id).in_(persons) | (col(KnownAddress.of) == "staff"),
        )
        .distinct()
    )
    return [(number, of, has_number, grade) for number, of, has_number, grade in rows]


def cases_of_child(connection: Connection, service: str, person_id: int) -> list[int]:
    """The numbers of the cases in which somebody is a child responsible."""
    return list(
        connection.execute(
            select(col(CaseChild.case_id))
            .where(col(CaseChild.service_id) == service, col(CaseChild.person_id) == person_id)
            .order_by(col(CaseChild.case_id))
        ).scalars()
    )


def staff(connection: Connection, service: str, keyring: Keyring, match: str, document: Any) -> KnownPerson:
    """The person behind a user of the service, made where there is none yet."""
    row = connection.execute(
        select(col(Person.person_id), col(Person.wrapped_key), col(Person.sealed)).where(
            col(Person.service_id) == service, col(Person.kind) == "staff", col(Person.match) == match
        )
    ).first()
    if row is not None:
        key = keyring.person(row[1])
        return KnownPerson(row[0], key, key.open("person", row[2]))
    key, wrapped = keyring.new_person()
    values = {
        "service_id": service,
        "kind": "staff",
        "match": match,
        "wrapped_key": wrapped,
        "sealed": key.seal("person", document),
    }
    return KnownPerson(new_number(connection.execute(insert(Person), values)), key, document)
