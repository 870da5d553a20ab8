"""Holds what police say about who the victim is to the child: on record at once, and only ever closer by their word."""

from typing import Any

from engine.entries import Actor, Entry
from engine.house import House
from engine.intake.receive import receive
from engine.record import record
from tests.conftest import NOW
from tests.edge.faults.town import FORCE, case, told
from tests.edge.web_visitors import on_one_database
from workflow.bars import near_child_unlooked
from workflow.vocabulary import Channel

pytestmark = on_one_database


def _sent(house: House, relationship: str, number: str = "first", **changes: Any) -> str:
    said = told(1, submission_id=number, victim__relationship_to_child=relationship, **changes)
    reference = receive(house, said, FORCE, "opt_in", NOW).case_reference
    assert reference is not None
    return reference


def _known(house: House, reference: str) -> list[str]:
    return [event.text("relationship") for event in case(house, reference).of("relationship_recorded")]


def test_it_is_on_record_before_anybody_calls_a_channel_safe(house: House) -> None:
    reference = _sent(house, "family")

    kinds = [event.kind for event in case(house, reference).history]

    assert _known(house, reference) == ["family"]
    assert kinds.index("relationship_recorded") < kinds.index("safety_recorded")


def test_a_later_word_that_they_are_close_bars_the_door_until_somebody_looks_again(house: House) -> None:
    reference = _sent(house, "stranger")
    before = near_child_unlooked(case(house, reference), Channel.VISIT)

    _sent(house, "neighbour", "second", reason="update", safety__safe_to={})

    assert not before
    assert near_child_unlooked(case(house, reference), Channel.VISIT)
    assert _known(house, reference) == ["stranger", "neighbour"]


def test_the_same_word_and_no_word_add_nothing(house: House) -> None:
    reference = _sent(house, "family")

    _sent(house, "family", "second", reason="update")
    _sent(house, "unknown", "third", reason="update")

    assert _known(house, reference) == ["family"]


def test_police_bring_nobody_further_away_than_a_person_said(house: House, practitioner: Actor) -> None:
    reference = _sent(house, "known")
    closer = Entry("relationship_recorded", {"relationship": "family", "source": "victim"})
    record(house, reference, [closer], actor=practitioner, now=NOW)

    _sent(house, "stranger", "second", reason="update")

    assert _known(house, reference) == ["known", "family"]
