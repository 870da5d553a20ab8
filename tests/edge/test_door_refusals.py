"""Proves that a refused deed leaves nothing behind: no event, no note, no row in any table, no file."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from engine.entries import CLOCK, Actor, Entry
from engine.errors import NotFound, StaleCase, WrongInput
from engine.house import House
from engine.post import approve, preview
from engine.record import record
from engine.sweep import sweep
from tests.conftest import NOW
from tests.edge.faults.soundness import faults, row_counts
from tests.edge.faults.town import ROSA, another, approved, case, kinds, only_letter, printed, ready, take_in
from workflow.events import Fields
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.vocabulary import Role

pytest_plugins = ["tests.edge.faults.fixtures"]


@pytest.fixture
def town(shared_town: House) -> House:
    """One house for all tests of this module, because what is refused leaves nothing behind."""
    return shared_town


NOTE = Entry("note_written", {"note": "Words that must not stay."})
OFFICER = Actor("sergeant", Role.POLICE, "derbyshire")
UNKNOWN_CASE = "VC-0000-0000"


def _refused(
    town: House, entries: list[Entry], fault: type[Exception], *, actor: Actor = ROSA, now: datetime = NOW, **more: Any
) -> str:
    """Ask for entries that must be refused, each after a note; gives the words of the refusal."""
    reference = more.pop("reference", None) or ready(town, another(), NOW)
    before = row_counts(town)
    with pytest.raises(fault) as refusal:
        record(town, reference, entries, actor=actor, now=now, **more)
    assert row_counts(town) == before
    assert faults(town, now) == []
    return str(refusal.value)


def test_an_event_the_tables_forbid_leaves_nothing(town: House) -> None:
    said = _refused(town, [NOTE, Entry("readiness_confirmed", _DATED)], NotAllowed)
    assert "contact due" in said


_DATED = {"victim_consented_on": "2026-11-01", "child_consented_on": "2026-11-01", "risk_assessed_on": "2026-11-01"}


def test_an_event_of_the_future_leaves_nothing(town: House) -> None:
    _refused(town, [NOTE, Entry("decision_made", at=NOW + timedelta(minutes=6))], NotAllowed)


def test_an_event_this_role_may_not_record_leaves_nothing(town: House) -> None:
    _refused(town, [NOTE, Entry("characteristics_time_passed")], NotPermitted)
    _refused(town, [NOTE], NotPermitted, actor=OFFICER, reference=ready(town, another(), NOW))


def test_wrong_input_leaves_nothing_and_is_never_repeated(town: House) -> None:
    reference = ready(town, another(), NOW)
    canary = "Zyxwvut-Canary"
    wrong = [
        Entry("no_such_event", {"note": canary}),
        Entry("attempt_made", {"channel": canary, "outcome": "reached", "note": "Words."}),
        Entry("attempt_made", {"outcome": "reached"}),
        Entry("note_written", {canary: "yes"}),
        Entry("note_written", {"note": canary * 400}),
        Entry("entry_retracted", {"note": canary}),
        Entry("entry_retracted", {"note": canary}, corrects=99),
        Entry("case_assigned", {"to": f"{canary} {canary}"}),
    ]
    for entry in wrong:
        said = _refused(town, [NOTE, entry], WrongInput, reference=reference)
        assert canary not in said or entry.fields.get(canary) is not None


def test_what_the_system_recorded_itself_is_not_taken_back(town: House) -> None:
    reference = ready(town, another(), NOW)
    sweep(town, NOW + timedelta(days=9))
    ours = [event.seq for event in case(town, reference).of("case_opened", "letter_drafted", "reminder_raised")]
    assert len(ours) > 2

    for seq in ours:
        entry = Entry("entry_retracted", corrects=seq)
        said = _refused(town, [NOTE, entry], WrongInput, reference=reference, now=NOW + timedelta(days=9))
        assert said == "What the system recorded itself cannot be taken back."

    swept = sweep(town, NOW + timedelta(days=9))
    assert (swept.reminders, swept.stuck) == (0, 0)


def test_a_moment_without_its_zone_is_wrong_input(town: House) -> None:
    said = _refused(town, [NOTE, Entry("decision_made", at=datetime(2026, 11, 20, 9, 0))], WrongInput)  # noqa: DTZ001
    assert "time zone" in said


def test_a_moment_out_of_all_reason_is_refused_in_words(town: House) -> None:
    reference = take_in(town, another(), NOW)
    east = timezone(timedelta(hours=14))
    for moment in (
        datetime(1, 1, 1, tzinfo=east),
        datetime(202, 11, 20, tzinfo=UTC),
        datetime(1899, 12, 31, tzinfo=UTC),
    ):
        said = _refused(town, [NOTE, Entry("crime_reported", at=moment)], WrongInput, reference=reference)
        assert said == "Give a day from 1900 on."
    latest = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    _refused(town, [NOTE, Entry("crime_reported", at=latest)], NotAllowed, reference=reference)

    record(town, reference, [Entry("crime_reported", at=datetime(1900, 1, 1, tzinfo=UTC))], actor=ROSA, now=NOW)

    assert faults(town, NOW) == []


def test_a_stale_page_leaves_nothing(town: House) -> None:
    _refused(town, [NOTE], StaleCase, seen=1)


def test_a_case_that_is_not_there_leaves_nothing(town: House) -> None:
    ready(town, another(), NOW)
    for reference in (UNKNOWN_CASE, "", "VC-7K3M-9QF2' OR 1=1 --", "\N{SNOWMAN}"):
        _refused(town, [NOTE], NotFound, reference=reference or "nothing")


def test_the_second_entry_refused_takes_the_first_with_it(town: House) -> None:
    reference = ready(town, another(), NOW)
    before = kinds(town, reference)
    entries = [
        NOTE,
        Entry("attempt_made", {"channel": "phone", "outcome": "reached", "note": "We spoke."}),
        Entry("triage_completed"),
    ]
    _refused(town, entries, NotAllowed, reference=reference)
    assert kinds(town, reference) == before


def test_a_refused_deed_does_not_use_up_its_key(town: House) -> None:
    reference = ready(town, another(), NOW)
    _refused(town, [Entry("triage_completed")], NotAllowed, reference=reference, key="once")

    written = record(town, reference, [NOTE], actor=ROSA, now=NOW, key="once")

    assert not written.repeated
    assert kinds(town, reference)[-1] == "note_written"


def test_a_fault_within_the_deed_takes_everything_with_it(town: House) -> None:
    def breaks(_: Any) -> None:
        raise ZeroDivisionError

    _refused(town, [NOTE], ZeroDivisionError, within=breaks)


def _leaves_nothing(town: House, deed: Callable[[], object], fault: type[Exception]) -> str:
    before, pages = row_counts(town), printed(town)
    with pytest.raises(fault) as refusal:
        deed()
    assert (row_counts(town), printed(town)) == (before, pages)
    assert faults(town, NOW) == []
    return str(refusal.value)


def test_approving_what_is_not_to_be_approved_leaves_nothing(town: House) -> None:
    done = approved(town, another(), NOW)
    reference = ready(town, another(), NOW)
    letter = only_letter(town, reference)
    record(town, reference, [Entry("hold_placed", {"reason": "illness", "until": "2026-12-01"})], actor=ROSA, now=NOW)

    assert "already approved" in _leaves_nothing(town, lambda: approve(town, done, ROSA, NOW), NotAllowed)
    assert "hold" in _leaves_nothing(town, lambda: approve(town, letter.letter_id, ROSA, NOW), NotAllowed)
    _leaves_nothing(town, lambda: approve(town, done, OFFICER, NOW), NotPermitted)
    _leaves_nothing(town, lambda: approve(town, letter.letter_id, CLOCK, NOW), NotPermitted)
    _leaves_nothing(town, lambda: approve(town, letter.letter_id, ROSA, NOW, seen=1), StaleCase)
    _leaves_nothing(town, lambda: approve(town, "L-NOSUCHLETTER0000", ROSA, NOW), NotFound)
    _leaves_nothing(town, lambda: preview(town, "L-NOSUCHLETTER0000", NOW), NotFound)


def test_a_letter_event_cannot_be_recorded_past_the_post(town: House) -> None:
    reference = ready(town, another(), NOW)
    letter = only_letter(town, reference)
    fields: Fields = {"letter": letter.letter_id, "kind": letter.kind, "occurrence": letter.occurrence}
    for kind in ("letter_drafted", "letter_held", "letter_cleared", "letter_cancelled"):
        _refused(town, [Entry(kind, fields)], NotPermitted, reference=reference)
    _refused(town, [Entry("letter_sent", {**fields, "channel": "post"})], NotPermitted, reference=reference)
    _refused(town, [Entry("letter_approved", fields)], NotAllowed, reference=reference)
    _refused(town, [Entry("letter_returned", {**fields, "reason": "refused"})], NotAllowed, reference=reference)
    assert case(town, reference).of("letter_approved", "letter_returned") == ()
