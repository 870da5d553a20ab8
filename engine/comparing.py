"""Compares a victim's address with those that no letter may go to unseen, by digests and without reading them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from engine.house import House
from store import addresses, people
from workflow.addresses import HOME, Grade, grade_of, keys


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing one address found.

    ``with_child`` is true where it is, or may be, the child's, a household's or a placement's, past or present; false
    where it is none of those and the home of every child is known; None where one is not known.  ``of`` names the
    others (``school``, ``staff``) whose it may be.
    """

    with_child: bool | None
    of: frozenset[str] = frozenset()


def compare(house: House, connection: Connection, case_id: int, lines: Sequence[str], postcode: str) -> Comparison:
    """Compare an address with those of the children of a case and of everybody who works here, by digests alone."""
    digests, has_number = digests_of(house, lines, postcode)
    children = people.child_numbers(connection, case_id)
    found: dict[tuple[int, str, bool], set[Grade]] = {}
    wanted = [digest for _, digest in digests]
    for number, of, other_number, grade in addresses.sharing(connection, house.service, wanted, children):
        found.setdefault((number, of, other_number), set()).add(Grade(grade))
    alike = {
        of
        for (_, of, other_number), grades in found.items()
        if grade_of(grades, both_numbered=has_number and other_number) is not None
    }
    others = frozenset(alike - set(HOME))
    if alike & set(HOME):
        return Comparison(True, others)
    present = addresses.of_persons(connection, house.service, children)
    homes = {person for person, of, _, _ in present if of in HOME}
    return Comparison(False if children and homes == set(children) else None, others)


def digests_of(house: House, lines: Sequence[str], postcode: str) -> tuple[list[tuple[str, str]], bool]:
    """The digests of an address by grade, and whether it names a house number."""
    made = keys(lines, postcode)
    return [(str(grade), house.keyring.match("address", key)) for grade, key in sorted(made.keys)], made.has_number


def known_addresses(house: House, connection: Connection, case_id: int) -> list[tuple[int, str, str, date]]:
    """What is known of where the children of a case live or learn: which child (from 1), whose, who said so, since."""
    children = people.child_numbers(connection, case_id)
    rows = addresses.of_persons(connection, house.service, children)
    return [(children.index(person) + 1, of, given_by, since) for person, of, given_by, since in rows]
