"""Finds the children of police records among those we know, and never takes two for one because of one number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.correspondence import name_of
from engine.house import House
from engine.intake.children import child_match
from store import people

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """A child that police sent: the digest by which the person is found, and their number where we know them."""

    match: str
    document: Document
    person_id: int | None


def told_apart(house: House, connection: Connection, children: Sequence[Document]) -> list[Sent]:
    """The children of one batch, in their order; one who is new twice in it has the same digest both times.

    A number of police alone makes nobody the same child: the surname or the date of birth must agree as well.  One
    with whom they do not is a person of their own, found again by number, names and birthday together.
    """
    first = [child_match(house, child) for child in children]
    apart = [_apart(house, child) for child in children]
    known = people.first_matching(connection, house.service, "child", {*first, *apart}) if children else {}
    documents: dict[str, Document] = {}
    found = []
    for match, own, child in zip(first, apart, children, strict=True):
        if child.get("reference"):
            if match not in documents:
                there = known.get(match)
                documents[match] = child if there is None else people.find(connection, house.keyring, there).document
            if not _agree(documents[match], child):
                match = own
        found.append(Sent(match, child, known.get(match)))
    return found


def shared_numbers(house: House, connection: Connection) -> list[str]:
    """The numbers that police gave to several children, each with how many: a person asks whether they are one."""
    by_number: dict[str, list[Document]] = {}
    for person in people.every(connection, house.service, house.keyring, "child"):
        number = str(person.document.get("reference") or "")
        if number and not any(_agree(each, person.document) for each in by_number.setdefault(number, [])):
            by_number[number].append(person.document)
    return [f"{number} ({len(each)} children)" for number, each in sorted(by_number.items()) if len(each) > 1]


def _apart(house: House, child: Document) -> str:
    told = (str(child.get("reference") or ""), name_of(child), str(child.get("date_of_birth") or ""))
    return house.keyring.match("child of a number", *told)


def _agree(one: Document, other: Document) -> bool:
    """Whether what is known of two children of one number agrees; where neither is known by more, the number stands."""
    if not any(_said(one)) and not any(_said(other)):
        return True
    return any(mine and mine == theirs for mine, theirs in zip(_said(one), _said(other), strict=True))


def _said(child: Document) -> tuple[str, str]:
    return " ".join(str(child.get("family_name") or "").casefold().split()), str(child.get("date_of_birth") or "")
