"""Takes a judged record in: a case, its people and its first events in one transaction, and a receipt."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection

from engine.correspondence import incident_match, name_of
from engine.entries import Actor, Entry
from engine.house import House
from engine.intake.judge import Judgement, content_digest, judge
from engine.intake.record import ConsentRecord
from engine.intake.understanding import children_of, entries_of, person_of, points_of
from engine.record import Deed, continue_case, finish, open_case
from store import cases, people, submissions
from store.cases import CaseKey
from workflow.events import Fields
from workflow.london import london_day, start_of_day
from workflow.machine import NotAllowed
from workflow.problems import Problem
from workflow.vocabulary import Role

_MAY_FOLLOW = ("update", "re_ask", "withdrawal", "correction")


@dataclass(frozen=True, slots=True)
class Receipt:
    """Our answer to one record: what became of it, what is missing, and what must be put right.

    ``is_new`` is false for the same submission come again; ``conflict`` marks a known number with other content.
    """

    receipt_id: str
    submission_id: str | None
    status: str
    case_reference: str | None
    gaps: tuple[Problem, ...] = ()
    errors: tuple[Problem, ...] = ()
    characteristics: float | None = None
    informed_choice: float | None = None
    is_new: bool = True
    conflict: bool = False

    def document(self) -> dict[str, Any]:
        """The receipt as it is sent and kept."""
        return {
            "receipt_id": self.receipt_id,
            "submission_id": self.submission_id,
            "status": self.status,
            "case_reference": self.case_reference,
            "gaps": [_problem(each) for each in self.gaps],
            "errors": [_problem(each) for each in self.errors],
            "completeness": {"characteristics": self.characteristics, "informed_choice": self.informed_choice},
            "complete_url": None,
        }


def _problem(problem: Problem) -> dict[str, str]:
    return {"path": problem.path, "rule": problem.rule, "remedy": problem.remedy}


def _kept(document: Mapping[str, Any], status: str | None = None) -> Receipt:
    completeness = document["completeness"]
    return Receipt(
        document["receipt_id"],
        document["submission_id"],
        status or document["status"],
        document["case_reference"],
        tuple(Problem(**each) for each in document["gaps"]),
        tuple(Problem(**each) for each in document["errors"]),
        completeness["characteristics"],
        completeness["informed_choice"],
        is_new=False,
    )


def feed(force: str) -> Actor:
    """The account in whose name a force's records are taken in."""
    return Actor(f"feed:{force}", Role.FEED, force)


class _DryRun(Exception):
    """Ends the transaction of a dry run without keeping anything."""


def receive(
    house: House,
    raw: Mapping[str, Any],
    force: str,
    model: Literal["opt_in", "opt_out"],
    now: datetime,
    *,
    dry_run: bool = False,
) -> Receipt:
    """Take one record in, whole or not at all; the same record again gives the first receipt and changes nothing."""
    judgement = judge(
        raw, force=force, model=model, now=now, today=london_day(now), consent_lasts=house.settings.days.consent_lasts
    )
    digest = content_digest(raw)
    receipt: Receipt | None = None
    try:
        with house.writing() as connection:
            receipt = _take(house, connection, judgement, digest, force, now)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    except NotAllowed as refusal:
        # A case that takes nothing more, such as one that was merged: an answer, and the other records go on.
        problem = Problem("submission_id", "case-takes-no-more", f"Speak to the service: {refusal}")
        return Receipt(f"R-{house.codes(16)}", judgement.submission_id, "rejected", None, errors=(problem,))
    if receipt is None:
        raise AssertionError("a record is always answered")
    return receipt


def _take(
    house: House, connection: Connection, judgement: Judgement, digest: str, force: str, now: datetime
) -> Receipt:
    submissions.hold_force(connection, house.service, force)
    number = judgement.submission_id
    earlier = submissions.of_submission(connection, house.service, force, number) if number else []
    for kept_digest, document, _ in earlier:
        if kept_digest == digest:
            return _kept(document, None if document["status"] == "rejected" else "duplicate")
    receipt_id = f"R-{house.codes(16)}"
    record = judgement.record
    if record is None:
        return _refuse(house, connection, receipt_id, judgement, digest, force, now)
    case_ids = [case_id for _, _, case_id in earlier if case_id is not None]
    if case_ids and record.reason not in _MAY_FOLLOW:
        problem = Problem(
            "submission_id",
            "submission-id-reused",
            "This number came before with other content: give the reason update.",
        )
        return Receipt(receipt_id, number, "rejected", None, errors=(problem,), conflict=True)
    known = cases.by_number(connection, house.service, case_ids[-1]) if case_ids else None
    document = person_of(record)
    gaps = judgement.gaps
    if record.reason == "withdrawal":
        found = _same_victims(house, connection, force, record, document)
        if known is not None and known.case_id not in [each.case_id for each in found]:
            found = [known, *found]
        key = _withdraw(house, connection, found, record, document, force, now)
    elif known is not None:
        key = _update(house, connection, known, record, judgement, document, now)
    else:
        twins = _same_victims(house, connection, force, record, document)
        if twins and record.reason in _MAY_FOLLOW:
            for twin in twins:
                _update(house, connection, twin, record, judgement, document, now)
            key = twins[0]
        else:
            if twins:
                gaps = (
                    *gaps,
                    Problem(
                        "victim",
                        "possible-duplicate",
                        "A record of this victim and incident is here: say if it is one.",
                    ),
                )
            withdrawn_on = _withdrawn_on(house, connection, twins)
            key = _open(house, connection, record, judgement, document, force, now, withdrawn_on)
    receipt = Receipt(
        receipt_id,
        number,
        "accepted_with_gaps" if gaps else "accepted",
        key.reference if key else None,
        gaps,
        (),
        judgement.completeness.characteristics,
        judgement.completeness.informed_choice,
    )
    case_id = key.case_id if key else None
    submissions.add(connection, house.service, force, str(number), digest, now, case_id, receipt.document())
    return receipt


def _refuse(
    house: House,
    connection: Connection,
    receipt_id: str,
    judgement: Judgement,
    digest: str,
    force: str,
    now: datetime,
) -> Receipt:
    """Keep nothing of the record but that it was refused, and why."""
    receipt = Receipt(receipt_id, judgement.submission_id, "rejected", None, (), judgement.errors)
    if judgement.submission_id:
        submissions.add(
            connection, house.service, force, judgement.submission_id, digest, now, None, receipt.document()
        )
    return receipt


def _same_victims(
    house: House, connection: Connection, force: str, record: ConsentRecord, document: Mapping[str, Any]
) -> list[CaseKey]:
    """The cases of this victim of this incident: by name, or the only one there is where no name was given."""
    name = name_of(document).casefold()
    if record.incident.crime_reference is None:
        # Only a withdrawal may come without it: then the person is looked for, and one case must be theirs.
        birthday = str(document.get("date_of_birth") or "")
        match = house.keyring.match("person", name_of(document), birthday)
        numbers = people.matching(connection, house.service, "victim", match)
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


def _withdrawn_on(house: House, connection: Connection, twins: Iterable[CaseKey]) -> date | None:
    """The last day on which this victim withdrew in a case beside this one."""
    found = [
        event.day
        for key in twins
        for event in cases.history(connection, house.service, key).of("consent_withdrawn")
        if event.text("part") == "all"
    ]
    return max(found, default=None)


def _withdraw(
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


def _open(
    house: House,
    connection: Connection,
    record: ConsentRecord,
    judgement: Judgement,
    document: Mapping[str, Any],
    force: str,
    now: datetime,
    withdrawn_on: date | None,
) -> CaseKey:
    birthday = str(document.get("date_of_birth") or "")
    match = house.keyring.match("person", name_of(document), birthday)
    victim = people.add(connection, house.service, house.keyring, "victim", match, document)
    crime_reference = str(record.incident.crime_reference)
    deed = open_case(house, connection, victim.person_id, force, crime_reference, feed(force), now)
    _keep_person(deed, victim, record, now)
    for child in children_of(record):
        _link_child(deed, child)
    for entry in entries_of(record, judgement, deed.case, now):
        deed.add(entry)
    # A withdrawal may have come before its record, and without the reference of the crime.
    stops = (incident_match(house, force, known, document) for known in (crime_reference, ""))
    if any(submissions.is_suppressed(connection, house.service, match) for match in stops):
        deed.add(Entry("consent_withdrawn", {"part": "all", "told_to": "officer"}))
    elif withdrawn_on is not None:
        # What was said in the case beside this one was said by the same person; a later yes still counts.
        withdrawn = {"part": "all", "told_to": "officer"}
        deed.add(Entry("consent_withdrawn", withdrawn, min(start_of_day(withdrawn_on), now)))
    finish(deed)
    return deed.key


def _update(
    house: House,
    connection: Connection,
    found: CaseKey,
    record: ConsentRecord,
    judgement: Judgement,
    document: Mapping[str, Any],
    now: datetime,
) -> CaseKey:
    deed = continue_case(house, connection, found, feed(found.force), now)
    victim = people.find(connection, house.keyring, found.person_id)
    people.rewrite(
        connection, victim, {**victim.document, **{k: v for k, v in document.items() if v not in (None, "", [])}}
    )
    _keep_person(deed, victim, record, now)
    for entry in entries_of(record, judgement, deed.case, now):
        deed.add(entry)
    finish(deed)
    return found


def _keep_person(deed: Deed, victim: people.KnownPerson, record: ConsentRecord, now: datetime) -> None:
    service, connection, today = deed.house.service, deed.connection, london_day(now)
    for channel, values in points_of(record).items():
        people.end_contact_points(connection, victim.person_id, channel, today)
        for value in values:
            people.add_contact_point(connection, service, victim, channel, value, "police", today)
    answered = [
        (str(name), answer.status, answer.value)
        for name, answer in record.characteristics.answers()
        if answer.status is not None
    ]
    people.answer_characteristics(connection, service, victim, answered, "police", record.characteristics.asked_on)
    if record.notes or record.needs.note:
        words = "\n".join(each for each in (record.notes, record.needs.note) if each)
        people.write_note(
            connection, service, victim, deed.key.case_id, f"N-{deed.house.codes(16)}", deed.actor.user, now, words
        )


def _link_child(deed: Deed, child: Mapping[str, Any]) -> None:
    reference = str(child.get("reference") or "")
    named = (name_of(child), str(child.get("date_of_birth") or ""))
    match = deed.house.keyring.match("child", reference) if reference else deed.house.keyring.match("child", *named)
    there = people.matching(deed.connection, deed.house.service, "child", match)
    person_id = (
        there[0]
        if there
        else people.add(deed.connection, deed.house.service, deed.house.keyring, "child", match, child).person_id
    )
    cases.add_child(deed.connection, deed.house.service, deed.key.case_id, person_id)
