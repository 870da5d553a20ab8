"""Reads the protected characteristics of every victim for reports, which count them and show nobody's."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from store.sealed import Keyring, PersonKey
from store.tables import CharacteristicAnswer, Person


def answers(connection: Connection, service: str, keyring: Keyring) -> Iterator[tuple[int, str, str, Any]]:
    """The number of the person, the characteristic, its status, and the value where it was answered."""
    rows = connection.execute(
        select(
            col(CharacteristicAnswer.person_id),
            col(CharacteristicAnswer.name),
            col(CharacteristicAnswer.status),
            col(CharacteristicAnswer.sealed),
            col(Person.wrapped_key),
        )
        .join(Person, col(Person.person_id) == col(CharacteristicAnswer.person_id))
        .where(col(CharacteristicAnswer.service_id) == service)
        .order_by(col(CharacteristicAnswer.person_id))
    )
    opened: tuple[int, PersonKey] | None = None
    for person, name, status, sealed, wrapped in rows:
        if status != "answered":
            yield person, name, status, None
            continue
        if opened is None or opened[0] != person:
            opened = person, keyring.person(wrapped)
        yield person, name, status, opened[1].open(f"characteristic.{name}", sealed)
