"""Lists the deeds that are broken on purpose: what each begins from, what it does, and how to tell that it was done."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.entries import Entry
from engine.house import House
from engine.intake.receive import receive
from engine.post import approve, release
from engine.record import record
from engine.sweep import sweep
from store import cases
from tests.conftest import NOW
from tests.edge.faults.town import (
    FORCE,
    ROSA,
    another,
    approved,
    case,
    crime_reference,
    kept_letter,
    kinds,
    letters_of,
    only_letter,
    printed,
    ready,
    take_in,
    told,
)

LATER = NOW + timedelta(days=9)
"""The day on which reminders are due in a case of ``NOW``."""


@dataclass(frozen=True)
class Breakable:
    """A deed that can be done again after it broke: its beginning gives what ``act`` and ``is_done`` ask for."""

    begin: Callable[[House], str]
    act: Callable[[House, str, datetime], object]
    is_done: Callable[[House, str], bool]
    at: datetime = NOW


def references_behind(house: House, handle: str) -> set[str]:
    """The cases that a handle stands for: a reference is one, a letter has one, and a number may have one."""
    if handle.startswith("VC-"):
        return {handle}
    if handle.startswith("L-"):
        return {kept_letter(house, handle).reference}
    with house.reading() as connection:
        found = cases.of_incident(connection, house.service, FORCE, crime_reference(int(handle)))
    return {key.reference for key in found}


def _number(house: House) -> str:
    return str(another())


def _taken_once(house: House, number: str) -> bool:
    with house.reading() as connection:
        return len(cases.of_incident(connection, house.service, FORCE, crime_reference(int(number)))) == 1


def _writes(house: House, reference: str, now: datetime) -> None:
    entries = [Entry("note_written", {"note": "Words."}), Entry("case_assigned", {"to": "rosa"})]
    record(house, reference, entries, actor=ROSA, now=now, key=f"write-{reference}")


def _written_once(house: House, reference: str) -> bool:
    times = Counter(kinds(house, reference))
    return times["note_written"] == times["case_assigned"] == 1


def _triages(house: House, reference: str, now: datetime) -> None:
    record(house, reference, [Entry("triage_completed")], actor=ROSA, now=now, key=f"triage-{reference}")


def _drafted_once(house: House, reference: str) -> bool:
    return [letter.state for letter in letters_of(house, reference)] == ["drafted"]


def _approves(house: House, reference: str, now: datetime) -> None:
    letter = only_letter(house, reference)
    if letter.state == "drafted":
        approve(house, letter.letter_id, ROSA, now)


def _approved_once(house: House, reference: str) -> bool:
    return only_letter(house, reference).state == "approved" and kinds(house, reference).count("letter_approved") == 1


def _sent_once(house: House, letter_id: str) -> bool:
    letter = kept_letter(house, letter_id)
    sent = kinds(house, letter.reference).count("letter_sent")
    return letter.state == "released" and sent == 1 and letter_id in printed(house)


def _only_one_approved(house: House) -> str:
    """An approved letter, with no other in the outbox."""
    release(house, NOW, "before", limit=1000)
    return approved(house, another(), NOW)


def _only_one_due(house: House) -> str:
    """A case in which reminders are due, with no other in which they are."""
    sweep(house, LATER)
    return ready(house, another(), NOW)


def _left_behind(house: House) -> str:
    """An approved letter whose page lies in the print folder, because a release was killed before its commit."""
    letter_id = approved(house, another(), NOW)
    house.print_folder.put(letter_id, b"%PDF left behind")
    return letter_id


def _withdraws(house: House, letter_id: str, now: datetime) -> None:
    reference, entry = kept_letter(house, letter_id).reference, Entry("consent_withdrawn", {"part": "all"})
    record(house, reference, [entry], actor=ROSA, now=now, key=f"withdraw-{letter_id}")


def _stopped(house: House, letter_id: str) -> bool:
    letter = kept_letter(house, letter_id)
    withdrawn = kinds(house, letter.reference).count("consent_withdrawn")
    return letter.state == "cancelled" and withdrawn == 1 and letter_id not in printed(house)


def _reminded_once(house: House, reference: str) -> bool:
    said = Counter((e.text("rule"), e.text("rung")) for e in case(house, reference).of("reminder_raised"))
    return set(said.values()) == {1}


BREAKABLE = {
    "take_in": Breakable(
        _number, lambda house, n, now: receive(house, told(int(n)), FORCE, "opt_in", NOW), _taken_once
    ),
    "write": Breakable(lambda house: ready(house, another(), NOW), _writes, _written_once),
    "triage": Breakable(lambda house: take_in(house, another(), NOW), _triages, _drafted_once),
    "approve": Breakable(lambda house: ready(house, another(), NOW), _approves, _approved_once),
    "release": Breakable(_only_one_approved, lambda house, _, now: release(house, now, "clock"), _sent_once),
    "withdraw": Breakable(_left_behind, _withdraws, _stopped),
    "remind": Breakable(_only_one_due, lambda house, _, now: sweep(house, now), _reminded_once, LATER),
}
