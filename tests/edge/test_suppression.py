"""Holds that a suppression entry stands from a no until the victim asks for contact; nothing leaves between."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from engine.entries import Actor, Entry
from engine.house import House
from engine.intake.receive import receive
from engine.record import record
from engine.sweep import sweep
from tests.conftest import NOW
from tests.edge.consent_records import withdrawal_record
from tests.edge.faults.town import FORCE, case, crime_reference, letters_of, ready, take_in, told
from tests.edge.web_visitors import on_one_database
from workflow.events import Fields

LATER = NOW + timedelta(days=5)
BACK: Fields = {"scope": "contact|restorative_information|progress_updates"}


def _entries(house: House) -> list[tuple[str, str | None, str | None]]:
    """Every suppression entry: since when, until when, and who ended it."""
    with house.reading() as connection:
        rows = connection.execute(text("SELECT since, ended_on, ended_by FROM suppression ORDER BY recorded_at"))
        return [(str(since), ended_on and str(ended_on), ended_by) for since, ended_on, ended_by in rows]


def _withdrawal(number: int, **changes: Any) -> dict[str, Any]:
    own = {"submission_id": f"W-{number}", "force": FORCE, "incident__crime_reference": crime_reference(number)}
    victim = {"given_name": "Alex", "family_name": f"Example-{number}"}
    return withdrawal_record(**{**own, "victim": victim, **changes})


def test_a_victim_who_comes_back_ends_their_entry_and_gets_letters_again(house: House, practitioner: Actor) -> None:
    receive(house, _withdrawal(1), FORCE, "opt_in", NOW)
    reference = take_in(house, 1, NOW)
    stopped = _entries(house)

    record(house, reference, [Entry("victim_returned", {**BACK, "check_again": True})], actor=practitioner, now=LATER)
    record(house, reference, [Entry("triage_completed")], actor=practitioner, now=LATER)

    day = LATER.date().isoformat()
    assert [(ended, by) for _, ended, by in stopped] == [(None, None)]
    assert [(ended, by) for _, ended, by in _entries(house)] == [(day, "rosa")]
    reasons = [reason["code"] for letter in letters_of(house, reference) for reason in letter.decision["reasons"]]
    assert letters_of(house, reference)
    assert "suppressed" not in reasons


def test_a_withdrawal_in_a_case_we_hold_leaves_an_entry_and_nothing_is_sent_between(
    house: House, practitioner: Actor
) -> None:
    reference = ready(house, 1, NOW)
    withdrawn = Entry("consent_withdrawn", {"part": "all"})

    record(house, reference, [withdrawn], actor=practitioner, now=NOW)
    sweep(house, LATER)
    before = {letter.state for letter in letters_of(house, reference)}
    record(house, reference, [Entry("victim_returned", BACK)], actor=practitioner, now=LATER)
    sweep(house, LATER + timedelta(days=1))

    assert before == {"cancelled"}
    assert [ended for _, ended, _ in _entries(house)] == [LATER.date().isoformat()]
    assert not [event for event in case(house, reference).history if event.kind == "letter_sent"]


def test_one_who_withdraws_again_is_suppressed_again(house: House, practitioner: Actor) -> None:
    reference = ready(house, 1, NOW)
    withdrawn = Entry("consent_withdrawn", {"part": "all"})
    record(house, reference, [withdrawn], actor=practitioner, now=NOW)
    record(house, reference, [Entry("victim_returned", BACK)], actor=practitioner, now=LATER)

    record(house, reference, [withdrawn], actor=practitioner, now=LATER + timedelta(days=1))

    assert _entries(house) == [((LATER + timedelta(days=1)).date().isoformat(), None, None)]


@on_one_database
def test_a_confirmed_refusal_leaves_an_entry_and_a_part_withdrawn_leaves_none(
    house: House, practitioner: Actor
) -> None:
    no = {"consent__decision": "no", "consent__scope": {}}
    refused = receive(house, told(1, **no), FORCE, "opt_in", NOW).case_reference or ""
    informed = "who_we_are|what_we_offer|voluntary|what_is_shared|no_effect_on_case"
    record(house, refused, [Entry("refusal_confirmed", {"informed": informed})], actor=practitioner, now=NOW)
    partly = Entry("consent_withdrawn", {"part": "progress_updates"})
    record(house, ready(house, 2, NOW), [partly], actor=practitioner, now=NOW)

    assert _entries(house) == [(NOW.date().isoformat(), None, None)]


@on_one_database
def test_an_entry_of_one_victim_stops_nobody_else_of_the_same_name(house: House, practitioner: Actor) -> None:
    """A father and a son of one name, victims of one crime: only the one who withdrew is stopped."""
    father = ready(house, 1, NOW)
    record(house, father, [Entry("consent_withdrawn", {"part": "all"})], actor=practitioner, now=NOW)

    son = receive(
        house, told(1, submission_id="SON", victim__date_of_birth="2000-02-02"), FORCE, "opt_in", LATER
    ).case_reference
    assert son is not None
    record(house, son, [Entry("triage_completed")], actor=practitioner, now=LATER)

    assert case(house, son).is_open
    reasons = [reason["code"] for letter in letters_of(house, son) for reason in letter.decision["reasons"]]
    assert "suppressed" not in reasons
