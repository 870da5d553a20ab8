"""The journey's edges through the one door: who may close how, what time alone does, and what a case says is to do."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from engine.desk import case_document, open_file, queue_lines
from engine.entries import Actor, Entry
from engine.house import House
from engine.record import record
from engine.sweep import sweep
from tests.conftest import NOW
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import another, case, kinds, ready
from workflow.london import start_of_day
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.vocabulary import Role, State, Track

pytest_plugins = ["tests.edge.faults.fixtures"]

ROSA, MORGAN = Actor("rosa", Role.PRACTITIONER), Actor("morgan", Role.MANAGER)


@pytest.fixture(scope="module")
def house(shared_town: House) -> House:
    """A house on each database, with practitioners and a manager who never sign in."""
    return shared_town


def noon(day: str) -> datetime:
    """Noon of a London day."""
    return start_of_day(date.fromisoformat(day)) + timedelta(hours=12)


def put(house: House, reference: str, event: str, day: str, actor: Actor = ROSA, **fields: Any) -> None:
    """Record one event at noon of a day."""
    record(house, reference, [Entry(event, fields)], actor=actor, now=noon(day))


@pytest.mark.parametrize("reason", ["unsafe_to_contact", "police_never_answered"])
def test_only_a_manager_closes_a_case_as_unsafe_or_because_police_were_silent(house: House, reason: str) -> None:
    reference = ready(house, another(), NOW)

    with pytest.raises(NotPermitted):
        put(house, reference, "case_closed", "2026-11-23", reason=reason)
    put(house, reference, "case_closed", "2026-11-23", MORGAN, reason=reason)

    assert case(house, reference).state is State.CLOSED


def test_only_a_manager_ends_an_alert_and_the_case_goes_on_where_it_was(house: House) -> None:
    reference = ready(house, another(), NOW)
    before = case(house, reference).state
    put(house, reference, "hold_placed", "2026-11-23", reason="safeguarding", until="2026-12-01")

    with pytest.raises(NotPermitted):
        put(house, reference, "alert_managed", "2026-11-24", plan_on="2026-11-24")
    with pytest.raises(NotAllowed):
        put(house, reference, "hold_ended", "2026-11-24")
    put(house, reference, "alert_managed", "2026-11-24", MORGAN, plan_on="2026-11-24")

    after = case(house, reference)
    assert (after.state, after.states[Track.HOLD]) == (before, "none")
    assert faults(house, noon("2026-11-24"), [reference]) == []


def test_a_victim_whom_only_the_phone_reaches_is_not_given_up_before_the_tenth_working_day(house: House) -> None:
    reference = ready(house, another(), NOW)
    only: dict[str, Any] = {"phone": "yes", "voicemail": "no", "text": "no", "email": "no", "post": "no", "visit": "no"}
    put(house, reference, "safety_recorded", "2026-11-23", **only, said_by="victim")
    for day in ("2026-11-23", "2026-11-25", "2026-11-27"):
        put(house, reference, "attempt_made", day, channel="phone", outcome="no_answer")

    with pytest.raises(NotAllowed, match="7 December"):
        put(house, reference, "attempts_exhausted", "2026-11-30")
    put(house, reference, "attempts_exhausted", "2026-12-07")

    assert case(house, reference).state is State.UNCONTACTABLE


def test_a_case_that_nobody_took_comes_back_by_itself_once(house: House) -> None:
    reference = ready(house, another(), NOW)
    put(house, reference, "transfer_offered", "2026-11-23", to="another-service", victim_asked=True)

    for day in ("2026-12-07", "2026-12-08", "2026-12-09"):
        sweep(house, noon(day))

    assert kinds(house, reference).count("transfer_returned") == 1
    returned = case(house, reference).last("transfer_returned")
    assert returned is not None
    assert (returned.recorded_day, returned.by) == (date(2026, 12, 8), "clock")
    assert faults(house, noon("2026-12-09"), [reference]) == []


def test_a_case_says_everything_there_is_to_do_and_the_queue_says_the_first(house: House) -> None:
    reference = ready(house, another(), NOW)
    put(house, reference, "complaint_received", "2026-11-23")

    document = case_document(house, open_file(house, reference, ROSA, noon("2026-11-23")))
    (line,) = [each for each in queue_lines(house, None, noon("2026-11-23")) if each["case"] == reference]

    found = document["actions"]
    assert found[0]["action"] == document["next_action"]["action"] == line["action"]
    assert {"complaint_first_word", "complaint_acknowledgement", "complaint_answer"} <= {
        each["action"] for each in found
    }
    assert all(each["reason"] and each["due_on"] for each in found)
    assert set(found[0]) <= set(line)
