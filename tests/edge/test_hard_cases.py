"""Holds the rare and hard deeds at the door: a duplicate of what, a death that was none, and what each refusal says."""

import pytest

from engine.desk import queue_lines
from engine.entries import Actor, Entry
from engine.errors import WrongInput
from engine.house import House
from engine.record import record
from tests.conftest import NOW
from tests.edge.faults.town import case, letters_of, ready, take_in
from tests.edge.web_visitors import on_one_database
from workflow.machine import NotAllowed

pytestmark = on_one_database

DIED = Entry("victim_died")


def _merge(house: House, reference: str, survivor: str, actor: Actor) -> None:
    record(house, reference, [Entry("duplicate_found", {"survivor": survivor})], actor=actor, now=NOW)


def test_a_case_is_a_duplicate_only_of_another_case_that_is_there(house: House, practitioner: Actor) -> None:
    one, other = take_in(house, 1, NOW), take_in(house, 2, NOW)

    for survivor in ("VC-0000-0000", one):
        with pytest.raises(WrongInput, match="case that stays"):
            _merge(house, one, survivor, practitioner)
    _merge(house, one, other, practitioner)
    with pytest.raises(NotAllowed, match="merged itself"):
        _merge(house, other, one, practitioner)

    assert case(house, one).state == "merged"
    assert case(house, other).is_open


def test_a_no_is_not_lost_in_a_yes_when_two_cases_are_one(house: House, practitioner: Actor) -> None:
    no = take_in(house, 1, NOW, consent__decision="no", consent__scope={})
    yes = take_in(house, 2, NOW)

    with pytest.raises(NotAllowed, match="record the no there first"):
        _merge(house, no, yes, practitioner)
    _merge(house, yes, no, practitioner)

    assert case(house, no).is_open


def test_after_a_death_a_refusal_says_so_and_the_letters_are_stopped(house: House, practitioner: Actor) -> None:
    reference = ready(house, 1, NOW)

    record(house, reference, [DIED], actor=practitioner, now=NOW)

    call = Entry("attempt_made", {"channel": "phone", "outcome": "reached"})
    with pytest.raises(NotAllowed, match="The victim has died"):
        record(house, reference, [call], actor=practitioner, now=NOW)
    with pytest.raises(NotAllowed, match="take the entry back first"):
        record(house, reference, [Entry("hold_ended")], actor=practitioner, now=NOW)
    assert {letter.state for letter in letters_of(house, reference)} == {"cancelled"}
    (line,) = queue_lines(house, None, NOW)
    assert "who speaks for the family" in line["reason"]


def test_a_death_recorded_by_mistake_is_put_right(house: House, practitioner: Actor) -> None:
    reference = ready(house, 1, NOW)
    record(house, reference, [DIED], actor=practitioner, now=NOW)
    mistake = case(house, reference).last("victim_died")
    assert mistake is not None

    record(house, reference, [Entry("entry_retracted", corrects=mistake.seq)], actor=practitioner, now=NOW)
    (line,) = queue_lines(house, None, NOW)
    record(house, reference, [Entry("hold_ended")], actor=practitioner, now=NOW)

    assert line["action"] == "review_hold"
    assert case(house, reference).states["hold"] == "none"
    assert queue_lines(house, None, NOW)[0]["action"] != "review_hold"
