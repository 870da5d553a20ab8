"""Holds what the clock does when a child victim turns 18: told in time, told on the day, once, by few birthdays."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from engine.checking import check_house
from engine.desk import queue_lines
from engine.entries import Actor, Entry
from engine.house import House
from engine.intake.receive import receive
from engine.record import record
from engine.sweep import sweep
from store import people
from tests.conftest import NOW
from tests.edge.consent_records import child_record
from tests.edge.faults.town import FORCE, case, case_key, crime_reference
from tests.edge.web_visitors import on_one_database
from workflow.events import Fields
from workflow.machine import NotAllowed

BIRTHDAY = datetime(2027, 1, 14, 9, 0, tzinfo=UTC)
NOTICE = timedelta(days=30)
ENGAGED = (
    Entry("safety_recorded", {"phone": "yes", "said_by": "victim"}),
    Entry("wishes_recorded", {"child_wish": "yes", "guardian_wish": "yes"}),
    Entry("triage_completed"),
    Entry("attempt_made", {"channel": "phone", "outcome": "reached"}),
)
OWN: Fields = {"decision": "yes", "model": "opt_in", "scope": "contact", "given_by": "self"}


def _child(house: House, actor: Actor, number: int, given_by: str = "both", born: str = "2009-01-14") -> str:
    """A child victim whom we are in touch with, by the reference of the case."""
    own: dict[str, Any] = {
        "submission_id": f"C-{number}",
        "force": FORCE,
        "incident__crime_reference": crime_reference(number),
        "victim__date_of_birth": born,
        "consent__given_by": given_by,
    }
    reference = receive(house, child_record(**own), FORCE, "opt_in", NOW).case_reference
    assert reference is not None
    record(house, reference, ENGAGED, actor=actor, now=NOW)
    return reference


def _told(house: House, reference: str) -> list[tuple[str, date]]:
    kinds = ("coming_of_age_noted", "came_of_age")
    return [(event.kind, event.day) for event in case(house, reference).history if event.kind in kinds]


def _months(house: House) -> list[tuple[Any, ...]]:
    with house.reading() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT adult_in, looked_on FROM coming_of_age"))]


def test_a_case_is_told_thirty_days_before_and_on_the_day_and_once(house: House, practitioner: Actor) -> None:
    reference = _child(house, practitioner, 1)

    for day in (BIRTHDAY - NOTICE - timedelta(days=1), BIRTHDAY - NOTICE, BIRTHDAY - timedelta(days=1), BIRTHDAY):
        for clock in ("one", "two"):
            sweep(house, day, clock)
    sweep(house, BIRTHDAY + timedelta(days=40))

    assert _told(house, reference) == [
        ("coming_of_age_noted", (BIRTHDAY - NOTICE).date()),
        ("came_of_age", BIRTHDAY.date()),
    ]
    assert [str(month) for month, _ in _months(house)] == ["None"]
    checks = check_house(house, BIRTHDAY + timedelta(days=40), rebuild=False, tell=lambda done, total: None)["checks"]
    assert [each for each in checks if each["outcome"] == "failed"] == []


@on_one_database
def test_a_clock_that_was_down_tells_what_has_come_and_nothing_that_is_past(house: House, practitioner: Actor) -> None:
    reference = _child(house, practitioner, 1)

    sweep(house, BIRTHDAY + timedelta(days=3))

    assert [kind for kind, _ in _told(house, reference)] == ["came_of_age"]


def test_a_guardians_yes_no_longer_counts_and_the_queue_asks_for_their_own(house: House, practitioner: Actor) -> None:
    reference = _child(house, practitioner, 1, given_by="parent_guardian")
    call = Entry("attempt_made", {"channel": "phone", "outcome": "reached"})

    sweep(house, BIRTHDAY)
    (line,) = queue_lines(house, None, BIRTHDAY)
    with pytest.raises(NotAllowed, match="does not cover contact"):
        record(house, reference, [call], actor=practitioner, now=BIRTHDAY)
    again = Entry("consent_renewed", {**OWN, "given_by": "parent_guardian"})
    with pytest.raises(NotAllowed, match="only a yes of their own counts"):
        record(house, reference, [again], actor=practitioner, now=BIRTHDAY)
    record(house, reference, [Entry("consent_renewed", OWN), call], actor=practitioner, now=BIRTHDAY)

    assert (line["action"], line["rule"]) == ("ask_own_consent", "own-consent-owed")
    assert "no longer counts" in line["reason"]
    assert "own" not in queue_lines(house, None, BIRTHDAY)[0]["action"]


@on_one_database
def test_a_yes_that_was_theirs_as_well_goes_on_counting(house: House, practitioner: Actor) -> None:
    reference = _child(house, practitioner, 1, given_by="both")
    call = Entry("attempt_made", {"channel": "phone", "outcome": "reached"})

    sweep(house, BIRTHDAY)
    record(house, reference, [call], actor=practitioner, now=BIRTHDAY)

    assert case(house, reference).history[-1].kind == "attempt_made"


def test_a_birthday_that_was_corrected_is_learned_anew(house: House, practitioner: Actor) -> None:
    reference = _child(house, practitioner, 1)
    sweep(house, NOW)
    key = case_key(house, reference)

    with house.writing() as connection:
        victim = people.find(connection, house.keyring, key.person_id)
        people.rewrite(connection, victim, {**victim.document, "date_of_birth": "2010-01-14"})
    sweep(house, BIRTHDAY)

    assert _told(house, reference) == []
    assert [str(month) for month, _ in _months(house)] == ["2028-01-01"]


@on_one_database
def test_only_the_month_is_kept_in_the_open_and_grown_victims_are_not_looked_at(
    house: House, practitioner: Actor
) -> None:
    _child(house, practitioner, 1)

    sweep(house, NOW)

    assert [(str(month), looked) for month, looked in _months(house)] == [("2027-01-01", None)]


@on_one_database
def test_a_closed_case_is_told_when_it_opens_again(house: House, practitioner: Actor) -> None:
    reference = _child(house, practitioner, 1)
    sweep(house, NOW)
    record(house, reference, [Entry("support_ended")], actor=practitioner, now=NOW)
    later = BIRTHDAY + timedelta(days=100)

    sweep(house, later)
    closed, forgotten = _told(house, reference), _months(house)
    back: Fields = {"scope": "contact"}
    record(house, reference, [Entry("victim_returned", back)], actor=practitioner, now=later)
    sweep(house, later)

    assert closed == []
    assert forgotten == []
    assert [kind for kind, _ in _told(house, reference)] == ["came_of_age"]
