"""Opens the cases of records that are new to us, many at once: the people, the cases, and their first events."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.alike import Alike
from engine.correspondence import incident_match, name_of, suppressions_of
from engine.entries import Actor, Entry
from engine.house import House
from engine.intake.children import child_match, conditions, links
from engine.intake.judge import Judgement
from engine.intake.known_children import told_apart
from engine.intake.likeness import Facts, likeness_facts, suggest
from engine.intake.record import ConsentRecord
from engine.intake.understanding import children_of, entries_of, person_of, points_of
from engine.record import begin_cases, open_cases
from engine.search_keys import digests_of
from engine.suppressing import end_with_later_yes
from engine.targeted import ask_whether_same
from store import cases, searching, submissions
from store.cases import CaseKey
from store.people import KnownPerson, Newcomers
from workflow.case import Case
from workflow.london import london_day, start_of_day
from workflow.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Opening:
    """A record that opens a case: what it says, what we make of it, the victim as kept under seal.

    ``withdrawn_on`` is the last day on which the same victim withdrew in a case beside this one.
    """

    record: ConsentRecord
    judgement: Judgement
    document: Mapping[str, Any]
    withdrawn_on: date | None = None

    @property
    def crime_reference(self) -> str:
        """The reference of the crime, without which no record opens a case."""
        return str(self.record.incident.crime_reference)


def opening(record: ConsentRecord, judgement: Judgement, withdrawn_on: date | None = None) -> Opening:
    """A record that opens a case, with its victim as kept."""
    return Opening(record, judgement, person_of(record), withdrawn_on)


def feed(force: str) -> Actor:
    """The account in whose name a force's records are taken in."""
    return Actor(f"feed:{force}", Role.FEED, force)


def open_records(
    house: House,
    connection: Connection,
    openings: Sequence[Opening],
    force: str,
    now: datetime,
    alike: Alike | None = None,
) -> list[CaseKey]:
    """Open a case for each record, in their order, within a transaction that is under way."""
    if not openings:
        return []
    today = london_day(now)
    children = [[(child_match(house, child), child) for child in children_of(each.record)] for each in openings]
    sent = told_apart(house, connection, [child for group in children for _, child in group])
    numbers = {each.match: each.person_id for each in sent if each.person_id is not None}
    fresh = {each.match: each.document for each in sent if each.match not in numbers}
    newcomers = Newcomers(connection, house.service, house.keyring, len(openings) + len(fresh))
    for match, child in fresh.items():
        numbers[match] = newcomers.person("child", match, child).person_id
    victims = [newcomers.person("victim", person_match(house, each.document), each.document) for each in openings]
    for each, victim in zip(openings, victims, strict=True):
        _keep_about(newcomers, victim, each.record, today)
    newcomers.keep_people()
    named = [(victim.person_id, each.crime_reference) for each, victim in zip(openings, victims, strict=True)]
    keys = open_cases(house, connection, named, force)
    owners = [key.case_id for key, group in zip(keys, children, strict=True) for _ in group]
    linked = [(case_id, numbers[each.match]) for case_id, each in zip(owners, sent, strict=True)]
    cases.add_children(connection, house.service, linked)
    searching.add_first(connection, house.service, _found_by(house, openings, keys))
    stopped = _stopped(house, connection, openings, force)
    stories = [
        _first_entries(each, group, is_stopped, now)
        for each, group, is_stopped in zip(openings, children, stopped, strict=True)
    ]
    begin_cases(house, connection, list(zip(keys, stories, strict=True)), feed(force), now, alike)
    for each, key in zip(openings, keys, strict=True):
        if each.withdrawn_on is not None:
            end_with_later_yes(house, connection, key)
    suggest(house, connection, [(key, _facts(each)) for key, each in zip(keys, openings, strict=True)], now)
    ask_whether_same(house, connection, keys, feed(force), now)
    return keys


def _facts(opening: Opening) -> Facts:
    occurred_on = opening.record.incident.occurred_on
    day = occurred_on.isoformat() if occurred_on else ""
    return likeness_facts(opening.document, points_of(opening.record), day)


def _found_by(house: House, openings: Sequence[Opening], keys: Sequence[CaseKey]) -> Iterator[tuple[int, set[str]]]:
    """The digests by which each of the new cases can be looked for."""
    for each, key in zip(openings, keys, strict=True):
        points = [(channel, value) for channel, values in points_of(each.record).items() for value in values]
        yield key.case_id, digests_of(house.keyring, each.document, points, each.crime_reference)


def _first_entries(
    opening: Opening, children: Sequence[tuple[str, Mapping[str, Any]]], is_stopped: bool, now: datetime
) -> list[Entry]:
    nothing = Case("")
    entries = list(entries_of(opening.record, opening.judgement, nothing, now))
    entries += [*links(children, nothing, now), *conditions(opening.record, nothing, now)]
    entries += notes_of(opening.record)
    withdrawn = {"part": "all", "told_to": "officer"}
    if is_stopped:
        entries.append(Entry("consent_withdrawn", withdrawn))
    elif opening.withdrawn_on is not None:
        # What was said in the case beside this one was said by the same person; a later yes still counts.
        entries.append(Entry("consent_withdrawn", withdrawn, min(start_of_day(opening.withdrawn_on), now)))
    return entries


def _stopped(house: House, connection: Connection, openings: Sequence[Opening], force: str) -> list[bool]:
    """Of each record, whether a withdrawal of its victim came before it.

    That one may have come without the reference of the crime, or without the name; where it named nobody, every
    victim of the crime is taken to have withdrawn until a person has looked: contact unwanted is the worse mistake.
    """
    # Where the case in which they withdrew is there, that one says on which day it was, and a later yes counts.
    stops = [
        stops_of(house, force, each.crime_reference, each.document)[1 if each.withdrawn_on else 0 :]
        for each in openings
    ]
    standing = submissions.suppressed_among(connection, house.service, [match for each in stops for match in each])
    return [not standing.isdisjoint(each) for each in stops]


def stops_of(house: House, force: str, crime_reference: str, document: Mapping[str, Any]) -> tuple[str, ...]:
    """The digests under which a suppression that stops this victim of this crime may be kept."""
    return (
        *suppressions_of(house, force, crime_reference, document),
        incident_match(house, force, "", document),
        incident_match(house, force, crime_reference, {}),
    )


def _keep_about(newcomers: Newcomers, victim: KnownPerson, record: ConsentRecord, today: date) -> None:
    for channel, values in points_of(record).items():
        for value in values:
            newcomers.contact_point(victim, channel, value, "police", today)
    newcomers.characteristics(victim, answers_of(record), "police", record.characteristics.asked_on)


def answers_of(record: ConsentRecord) -> list[tuple[str, str, Any]]:
    """The characteristics that have a status: name, status, value."""
    return [
        (str(name), answer.status, answer.value)
        for name, answer in record.characteristics.answers()
        if answer.status is not None
    ]


def notes_of(record: ConsentRecord) -> list[Entry]:
    """The entries for the words of a record about the victim, without which nobody would come upon them."""
    return [Entry("note_written", {"note": words}) for words in (record.notes, record.needs.note) if words]


def person_match(house: House, document: Mapping[str, Any]) -> str:
    """The digest by which a victim is found again: name and date of birth."""
    return house.keyring.match("person", name_of(document), str(document.get("date_of_birth") or ""))
