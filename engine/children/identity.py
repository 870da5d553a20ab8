"""Finds who the child of a row is, and never takes two children for one because a system gave them one number."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.children.checking import ChildRow
from engine.correspondence import name_of
from engine.house import House
from engine.intake.children import child_match, reference_of
from store import people
from store.people import KnownPerson
from workflow.problems import Problem

SHARED = Problem(
    "child_id",
    "child-id-of-several",
    "Put the number right at its source: it stands for children of other names or birthdays. They are kept apart here.",
)


@dataclass(frozen=True, slots=True)
class Found:
    """The child of a row: the person, the reference to give in a case, and whether the number is another's too."""

    person: KnownPerson
    code: str
    is_shared: bool


def shared_numbers(rows: Iterable[ChildRow]) -> frozenset[str]:
    """The numbers of children under which a file has more than one name or birthday."""
    seen: dict[str, set[tuple[str, str, str]]] = {}
    for row in rows:
        seen.setdefault(row.child_id, set()).add(row.identity)
    return frozenset(number for number, identities in seen.items() if len(identities) > 1)


def find_child(house: House, connection: Connection, row: ChildRow, shared: frozenset[str]) -> Found:
    """The child of a row, kept now if new.

    Somebody known under the number counts only with the same names and birthday.  Where the number is, or proves to
    be, that of several, each of them is found by number, names and birthday together, under a reference of ours.
    """
    by_number, by_name = child_match(house, {"reference": row.child_id}), child_match(house, row.child)
    known = people.first_matching(connection, house.service, "child", [by_number, by_name])
    is_shared = row.child_id in shared
    if by_number in known:
        person = people.find(connection, house.keyring, known[by_number])
        if _is_same(person, row):
            return Found(_filled(connection, person, row), row.child_id, is_shared)
        is_shared = True
    if by_name in known and row.child.get("date_of_birth"):
        # One whom police named without a number: the same names and the same birthday.
        person = people.find(connection, house.keyring, known[by_name])
        return Found(person, reference_of(by_name, person.document), is_shared)
    if not is_shared:
        document = {"reference": row.child_id, **row.child}
        return Found(_kept(house, connection, by_number, document), row.child_id, is_shared)
    own = house.keyring.match("child", row.child_id, *row.identity)
    return Found(_kept(house, connection, own, dict(row.child)), reference_of(own, row.child), is_shared)


def _kept(house: House, connection: Connection, match: str, document: dict[str, str]) -> KnownPerson:
    there = people.matching(connection, house.service, "child", match)
    if there:
        return people.find(connection, house.keyring, there[0])
    return people.add(connection, house.service, house.keyring, "child", match, document)


def _is_same(person: KnownPerson, row: ChildRow) -> bool:
    named, birthdays = name_of(person.document), {person.document.get("date_of_birth"), row.child.get("date_of_birth")}
    names_fit = not named or " ".join(named.casefold().split()) == " ".join(row.identity[:2])
    return names_fit and len(birthdays - {None}) < 2


def _filled(connection: Connection, person: KnownPerson, row: ChildRow) -> KnownPerson:
    """The person with what the row knows and we did not."""
    missing = {name: value for name, value in row.child.items() if not person.document.get(name)}
    if missing:
        people.rewrite(connection, person, {**person.document, **missing})
    return person
