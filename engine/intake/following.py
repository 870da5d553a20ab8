"""Takes in what police send about cases we hold: updates, corrections and withdrawals."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.correspondence import incident_match, name_of
from engine.entries import Entry
from engine.house import House
from engine.intake.children import child_match, conditions, is_same_child, links, reference_of
from engine.intake.judge import Judgement
from engine.intake.known_children import told_apart
from engine.intake.opening import answers_of, feed, notes_of, person_match
from engine.intake.record import ConsentRecord
from engine.intake.understanding import children_of, entries_of, points_of
from engine.paring import pare_back
from engine.record import Deed, continue_case, finish
from store import cases, people, submissions
from store.cases import CaseKey
from workflow.events import Fields
from workflow.london import london_day, start_of_day
from workflow.paring import is_pared_again

MAY_FOLLOW = ("update", "re_ask", "withdrawal", "correction")
"""The reasons for which a record may follow one of the same number, or of the same victim."""


def same_victims(
    house: House, connection: Connection, force: str, record: ConsentRecord, document: Mapping[str, Any]
) -> list[CaseKey]:
    """The cases of this victim of this incident: by name, or the only one there is where no name was given."""
    name = name_of(document).casefold()
    if record.incident.crime_reference is None:
        # Only a withdrawal may come without it: then the person is looked for, and one case must be theirs.
        numbers = people.matching(connection, house.service, "victim", person_match(house, document))
        theirs = [key for number in numbers for key in cases.of_person(connection, house.service, number)]
        return theirs if len(theirs) == 1 else []
    found = cases.of_incident(connection, house.service, force, record.incident.crime_reference)
    if not name:
        return found if len(found) == 1 else []
    return [key for key in found if _is_same(house, connection, key, name, document)]


def _is_same(house: House, connection: Connection, key: CaseKey, name: str, document: Mapping[str, Any]) -> bool:
    victim = people.find(connection, house.keyring, key.person_id).document
    birthdays = {victim.get("date_of_birth"), document.get("date_of_birth")} - {None}
    return name_of(victim).casefold() == name and len(birthdays) < 2


def withdrawn_on(house: House, connection: Connection, twins: Iterable[CaseKey]) -> date | None:
    """The last day on which this victim withdrew in a case beside this one."""
    found = [
        event.day
        for key in twins
        for event in cases.history(connection, house.service, key).of("consent_withdrawn")
        if event.text("part") == "all"
    ]
    return max(found, default=None)


def withdraw(
    house: House,
    connection: Connection,
    found: list[CaseKey],
    record: ConsentRecord,
    document: Mapping[str, Any],
    force: str,
    now: datetime,
) -> CaseKey | None:
    """A withdrawal always counts: on every case of this victim, or as an entry that stops a case that comes later."""
    withdrawal = record.consent.withdrawal
    on = withdrawal.on if withdrawal and withdrawal.on else london_day(now)
    part = withdrawal.part if withdrawal and withdrawal.part else "all"
    if not found:
        match = incident_match(house, force, record.incident.crime_reference or "", document)
        submissions.suppress(connection, house.service, match, on, now)
        return None
    fields: Fields = {"part": part}
    if withdrawal and withdrawal.told_to:
        fields["told_to"] = withdrawal.told_to
    for key in found:
        deed = continue_case(house, connection, key, feed(force), now)
        deed.add(Entry("consent_withdrawn", fields, min(start_of_day(on), now)))
        finish(deed)
    return found[0]


def update(
    house: House,
    connection: Connection,
    found: CaseKey,
    record: ConsentRecord,
    judgement: Judgement,
    document: Mapping[str, Any],
    now: datetime,
    *,
    kinds: frozenset[str] | None = None,
    points: frozenset[str] | None = None,
) -> CaseKey:
    """What a later record says, added to a case that is there; what it leaves out stays as it was.

    ``kinds`` are the only events it may mean and ``points`` the only ways of reaching the victim it gives anew, where
    the rest of the record is what we held ourselves.
    """
    deed = continue_case(house, connection, found, feed(found.force), now)
    victim = people.find(connection, house.keyring, found.person_id)
    people.rewrite(
        connection, victim, {**victim.document, **{k: v for k, v in document.items() if v not in (None, "", [])}}
    )
    _keep_about(deed, victim, record, now, points)
    for entry in entries_of(record, judgement, deed.case, now):
        if kinds is None or entry.kind in kinds:
            deed.add(entry)
    for entry in (*_link_children(deed, record, now), *conditions(record, deed.case, now), *notes_of(record)):
        deed.add(entry)
    if is_pared_again(deed.before, deed.case):
        # Still a no: what came with it is not held again, and the receipt says so.
        pare_back(deed)
    finish(deed)
    return found


def _link_children(deed: Deed, record: ConsentRecord, now: datetime) -> Iterable[Entry]:
    """Keep the children a later record adds, and give the entries that link them; each gets a strand of their own."""
    house, connection, case_id = deed.house, deed.connection, deed.key.case_id
    there = people.children(connection, house.keyring, case_id)
    # One who was unlinked by a person stays so, whatever police send again.
    gone = {event.text("child") for event in deed.case.of("child_unlinked")} - set(deed.case.children)
    sent = [child for child in children_of(record) if reference_of(child_match(house, child), child) not in gone]
    added = [child for child in sent if not any(is_same_child(each.document, child) for each in there)]
    kept = {each.person_id for each in there}
    for child in told_apart(house, connection, added):
        number = child.person_id
        if number is None:
            number = people.add(
                connection, house.service, house.keyring, "child", child.match, child.document
            ).person_id
        if number not in kept:
            cases.add_children(connection, house.service, [(case_id, number)])
            kept.add(number)
    # The children of a case from before there were links are linked with it, under what we know of them.
    known = [each.document for each in there] if sent else []
    return tuple(links([(child_match(house, child), child) for child in (*known, *added)], deed.case, now))


def _keep_about(
    deed: Deed, victim: people.KnownPerson, record: ConsentRecord, now: datetime, only: frozenset[str] | None
) -> None:
    service, connection, today = deed.house.service, deed.connection, london_day(now)
    for channel, values in points_of(record).items():
        if only is not None and channel not in only:
            continue
        people.end_contact_points(connection, victim.person_id, channel, today)
        for value in values:
            people.add_contact_point(connection, service, victim, channel, value, "police", today)
    answers = answers_of(record)
    people.answer_characteristics(connection, service, victim, answers, "police", record.characteristics.asked_on)
