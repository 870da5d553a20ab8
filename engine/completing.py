"""Makes the links with which an officer fills in what is missing in a submission: for it alone, once, for some days."""

import base64
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.errors import NotFound
from engine.house import House
from engine.intake.answers import FILLED, answered
from engine.intake.asking import GAPS, query_of
from engine.intake.held import held_record
from engine.intake.receipts import Receipt
from store import cases, completion_links, people
from store.cases import CaseKey
from store.completion_links import KeptLink
from workflow.case import Case
from workflow.problems import Problem

GONE = "This link cannot be used. It may have been used already, or its time is over. Sign in to see what is asked."
"""What is said of a link that never was, was used, is over, or of which nothing is left to fill in: always the same."""

PATH = "/complete/"
"""Where a link leads."""

_TOGETHER = 500
"""How many submissions are looked up in one statement."""

_BY_PEOPLE = {
    "safety": ("safety_recorded",),
    "needs": ("needs_recorded",),
    "characteristics": ("characteristics_recorded",),
    "enhanced_rights": ("enhanced_rights_recorded",),
    "consent": ("consent_recorded", "consent_renewed", "consent_withdrawn"),
}
"""The parts of a record, each with the events by which somebody else than police may have settled it since."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a link opens: references by which the officer knows the record, and the places that are still empty."""

    submission_id: str
    crime_reference: str
    case_reference: str
    missing: tuple[Problem, ...]
    expires_at: datetime


def links(house: House, force: str, submissions: Sequence[str], now: datetime) -> dict[str, str]:
    """The token for each of these submissions of a force, all of which led to a case; made where none stands."""
    found: dict[str, str] = {}
    for start in range(0, len(submissions), _TOGETHER):
        found |= _links(house, force, submissions[start : start + _TOGETHER], now)
    return found


def _links(house: House, force: str, submissions: Sequence[str], now: datetime) -> dict[str, str]:
    with house.reading() as connection:
        there = completion_links.standing(connection, house.service, force, submissions, now)
    wanted = [number for number in dict.fromkeys(submissions) if number not in there]
    if wanted:
        with house.writing() as connection:
            there |= completion_links.standing(connection, house.service, force, wanted, now)
            led = completion_links.led_to(connection, house.service, force, wanted)
            fresh = [
                _new(house, force, number, led[number], now)
                for number in wanted
                if number in led and number not in there
            ]
            completion_links.add(connection, house.service, fresh)
            there |= {each.submission_id: each for each in fresh}
    return {number: _token(house, link.seed) for number, link in there.items()}


def with_links(
    house: House, force: str, receipts: Sequence[Mapping[str, Any]], address: str, now: datetime
) -> list[dict[str, Any]]:
    """The receipts, each with ``complete_url`` where something is missing in a record that led to a case.

    ``address`` is that of the service; without one no link can be given.  A link is never kept with its receipt.
    """
    wanted = [each["submission_id"] for each in receipts if _has_gaps(each)] if address else []
    tokens = links(house, force, wanted, now)
    return [
        {**each, "complete_url": f"{address.rstrip('/')}{PATH}{tokens[each['submission_id']]}"}
        if _has_gaps(each) and each["submission_id"] in tokens
        else dict(each)
        for each in receipts
    ]


def _has_gaps(receipt: Mapping[str, Any]) -> bool:
    return receipt.get("status") in ("accepted_with_gaps", "duplicate") and bool(
        receipt.get("gaps") and receipt.get("case_reference")
    )


def opened(house: House, token: str, now: datetime) -> Completion:
    """What a link opens.  Raises NotFound, alike for every link that cannot be used."""
    with house.reading() as connection:
        link, key = _link(house, connection, token, now)
        missing = _open_places(house, connection, link, key, now, to_answer=False)
    return Completion(link.submission_id, key.crime_reference or "", key.reference, missing, link.expires_at)


def complete(house: House, token: str, part: Mapping[str, Any], now: datetime) -> Receipt | tuple[Problem, ...]:
    """Fill in what is missing, and use the link up in the same transaction; problems leave everything as it was.

    Only what is still empty is taken: whatever else came is left out.  Raises NotFound, and NotAllowed.
    """
    with house.writing() as connection:
        link, key = _link(house, connection, token, now)
        places = tuple(each.path for each in _open_places(house, connection, link, key, now))
        taken = _within(part, places)
        if not taken:
            return (Problem("record", "required", "Fill in at least one of these."),)
        done = answered(
            house, connection, link.force, f"{key.reference}.{GAPS}", {"answer": FILLED, "record": taken}, now
        )
        if isinstance(done, Receipt) and not completion_links.use(connection, house.service, link.token_digest, now):
            raise NotFound(GONE)
        return done


def _link(house: House, connection: Connection, token: str, now: datetime) -> tuple[KeptLink, CaseKey]:
    link = completion_links.find(connection, house.service, _digest(token), now)
    if link is None:
        raise NotFound(GONE)
    return link, cases.by_number(connection, house.service, link.case_id)


def _open_places(
    house: House, connection: Connection, link: KeptLink, key: CaseKey, now: datetime, *, to_answer: bool = True
) -> tuple[Problem, ...]:
    """The gaps of a submission that nobody has filled since: where we hold an answer, a link asks for none."""
    try:
        query, case = query_of(house, connection, link.force, f"{key.reference}.{GAPS}", to_answer=to_answer)
    except NotFound:
        raise NotFound(GONE) from None
    victim = people.find(connection, house.keyring, key.person_id)
    held = held_record(connection, key, link.submission_id, case, victim, now)
    settled = _settled_by_people(case)
    found = tuple(
        each
        for each in query.missing
        if ("." in each.path or each.path == "station")
        and each.path.partition(".")[0] not in settled
        and not _is_held(held, each.path.split("."))
    )
    if not found:
        raise NotFound(GONE)
    return found


def _settled_by_people(case: Case) -> frozenset[str]:
    """The parts that somebody of the service recorded themselves: theirs stand, whatever police would add."""
    return frozenset(
        part
        for part, kinds in _BY_PEOPLE.items()
        if any(event.kind in kinds and not event.by.startswith("feed:") for event in case.history)
    )


def _is_held(node: Any, steps: Sequence[str]) -> bool:
    """Whether there is an answer at a place; "unknown" and "not asked" are none."""
    for step in steps:
        if isinstance(node, list):
            index = int(step) - 1 if step.isdigit() else -1
            node = node[index] if 0 <= index < len(node) else None
        else:
            node = node.get(step) if isinstance(node, Mapping) else None
    if isinstance(node, Mapping) and "status" in node:
        return node["status"] not in ("not_asked", "asked_unable") and not (
            node["status"] == "answered" and node.get("value") in (None, "NS")
        )
    if isinstance(node, Mapping):
        return False
    return node not in (None, "", [], "unknown")


def _within(part: Mapping[str, Any], places: Sequence[str], above: str = "") -> dict[str, Any]:
    """What of a part of a record lies at or under one of the places."""
    found: dict[str, Any] = {}
    for name, value in part.items():
        path = f"{above}{name}"
        if any(path == each or path.startswith(f"{each}.") for each in places):
            found[name] = value
        elif isinstance(value, Mapping):
            inner = _within(value, places, f"{path}.")
            if inner:
                found[name] = inner
    return found


def _new(house: House, force: str, number: str, case_id: int, now: datetime) -> KeptLink:
    seed = secrets.token_hex(32)
    return KeptLink(_digest(_token(house, seed)), force, number, case_id, seed, now + house.officers.link_lasts)


def _token(house: House, seed: str) -> str:
    """The token of a seed: nobody makes it who has the database and not the key of the service."""
    return base64.urlsafe_b64encode(bytes.fromhex(house.keyring.match("completion link", seed))).decode().rstrip("=")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
