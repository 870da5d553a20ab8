"""Makes a small service with months of work for the tests of reports, and counts it again from the raw events."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import text

from engine.entries import Actor, Entry
from engine.errors import WrongInput
from engine.house import House
from engine.intake.receive import receive
from engine.record import record
from tests.edge.consent_records import child_record, consent_record
from workflow.case import Case
from workflow.events import Event
from workflow.machine import NotAllowed
from workflow.vocabulary import Role

ROSA, IMRAN = Actor("rosa", Role.PRACTITIONER), Actor("imran", Role.PRACTITIONER)
MORGAN = Actor("morgan", Role.MANAGER)
FIRST = date(2026, 5, 4)
LAST = date(2026, 11, 20)


def morning(day: date) -> datetime:
    """Nine o'clock UTC of a day."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


_WAYS: tuple[tuple[tuple[int, Entry], ...], ...] = (
    (),
    ((6, Entry("consent_withdrawn", {"part": "all"})),),
    ((2, Entry("attempt_made", {"channel": "phone", "outcome": "no_answer"})),),
    (
        (1, Entry("attempt_made", {"channel": "phone", "outcome": "reached"})),
        (1, Entry("restorative_information_given", {"how": "phone"})),
        (
            3,
            Entry(
                "conversation_recorded",
                {"views": "given", "wants_updates": True, "wants_support": True, "explained": True},
            ),
        ),
        (4, Entry("restorative_offered", {"invited": True})),
        (5, Entry("restorative_answered", {"answer": "no"})),
        (20, Entry("decision_made", {})),
        (60, Entry("intervention_concluded", {"outcome": "completed"})),
        (62, Entry("conclusion_notice_given", {"how": "phone"})),
        (63, Entry("support_ended", {})),
    ),
    (
        (9, Entry("attempt_made", {"channel": "phone", "outcome": "reached"})),
        (
            12,
            Entry(
                "conversation_recorded",
                {"views": "not_yet", "wants_updates": False, "wants_support": False, "explained": False},
            ),
        ),
        (15, Entry("decision_made", {})),
        (40, Entry("complaint_received", {})),
        (45, Entry("complaint_acknowledged", {})),
        (90, Entry("intervention_concluded", {"outcome": "not_completed"})),
    ),
)


def work(house: House, number: int = 15, seed: int = 7) -> list[str]:
    """Cases that came between ``FIRST`` and ``LAST`` and went different ways; what a case refuses is left out."""
    chance, references = Random(seed), []
    deeds: list[tuple[date, int, str, Actor, Entry]] = []
    for place in range(number):
        day = FIRST + timedelta(days=place * (LAST - FIRST).days // number)
        make = child_record if place % 4 == 3 else consent_record
        raw = make(
            submission_id=f"R-{place}",
            submitted_at=morning(day).isoformat(),
            force="derbyshire",
            incident__crime_reference=f"26000{place:06d}/26",
            incident__occurred_on=(day - timedelta(days=5)).isoformat(),
            incident__reported_on=(day - timedelta(days=4)).isoformat(),
            incident__decision={"kind": "out_of_court_panel", "on": (day + timedelta(days=30)).isoformat()},
            consent__given_on=(day - timedelta(days=1)).isoformat(),
            characteristics__asked_on=(day - timedelta(days=1)).isoformat(),
            # Two of them are the same person.
            victim__family_name=f"Example{'abcdefghijklmno'[max(1, place) % 15]}",
        )
        reference = receive(house, raw, "derbyshire", "opt_in", morning(day)).case_reference
        assert reference is not None
        references.append(reference)
        worker = chance.choice((ROSA, IMRAN))
        given = Entry("case_assigned", {"to": worker.user})
        looked = Entry("triage_completed", {"note": "Looked."})
        first = day + timedelta(days=chance.randint(0, 2))
        deeds.append((first, len(deeds), reference, MORGAN, given))
        deeds.append((day + timedelta(days=2), len(deeds), reference, worker, looked))
        for after, entry in _WAYS[place % len(_WAYS)]:
            deeds.append((day + timedelta(days=2 + after), len(deeds), reference, worker, entry))
    for day, _, reference, actor, entry in sorted(deeds, key=lambda deed: deed[:2]):
        if day <= LAST:
            try:
                record(house, reference, [entry], actor=actor, now=morning(day))
            except (NotAllowed, WrongInput):
                continue
    return references


@dataclass(frozen=True)
class Raw:
    """One case as its raw rows tell it, with the number of its victim."""

    reference: str
    person: int
    events: tuple[Event, ...]

    def known(self, at: datetime) -> "Raw":
        """What was recorded until a moment."""
        return Raw(self.reference, self.person, tuple(e for e in self.events if e.recorded_at <= at))

    def case(self) -> Case:
        """The case, for the derivation of its duties."""
        return Case(self.reference, self.events)

    def days(self, *kinds: str, **fields: Any) -> list[date]:
        """The days of events of some kinds with these fields, none put right since."""
        wrong = {event.corrects for event in self.events}
        return sorted(
            event.day
            for event in self.events
            if event.kind in kinds
            and event.seq not in wrong
            and all(event.fields.get(name) == value for name, value in fields.items())
        )


def raw_cases(house: House) -> Iterator[Raw]:
    """Every case from the event table alone, read row by row without the modules that keep it."""
    with house.reading() as connection:
        cases = connection.execute(text("SELECT case_id, reference, person_id FROM victim_case ORDER BY case_id")).all()
        for case_id, reference, person in cases:
            rows = connection.execute(
                text(
                    'SELECT seq, kind, at, recorded_at, "by", fields, corrects, reached FROM event '
                    "WHERE case_id = :number ORDER BY seq"
                ),
                {"number": case_id},
            ).all()
            events = tuple(
                Event(seq, kind, _moment(at), _moment(known), by, json.loads(fields), corrects, json.loads(reached))
                for seq, kind, at, known, by, fields, corrects, reached in rows
            )
            yield Raw(reference, person, events)


def _moment(given: Any) -> datetime:
    found = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
