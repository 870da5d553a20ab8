"""Proves that no letter goes to a door that may be the child's, unless two people looked and said why."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from engine.addresses import record_child_address, record_staff_address
from engine.contact_details import give_point, mark_bad
from engine.desk import known_child_addresses, open_file
from engine.entries import Actor, Entry
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.letters_by_hand import clear_hold
from engine.points import point
from engine.post import approve, release
from engine.record import record
from tests.conftest import NOW
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import (
    ROSA,
    another,
    case,
    kept_letter,
    kinds,
    only_letter,
    printed,
    take_in,
    together,
)
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.vocabulary import Channel, Role

pytest_plugins = ["tests.edge.faults.fixtures"]

IMRAN, MORGAN = Actor("imran", Role.PRACTITIONER), Actor("morgan", Role.MANAGER)
VICTIMS, POSTCODE = ["1 Nowhere Street", "Exampleton"], "ZZ99 1AA"
ELSEWHERE = ["40 Sample Road", "Exampleton"], "ZZ98 7QP"
SAID_THEMSELVES = Entry("safety_recorded", {"post": "yes", "said_by": "victim"})


def _drafted(town: House, number: int, relationship: str = "stranger") -> tuple[str, str]:
    """A case with its first letter drafted: its reference and the letter."""
    reference = take_in(town, number, NOW, victim__relationship_to_child=relationship)
    record(town, reference, [SAID_THEMSELVES, Entry("triage_completed")], actor=ROSA, now=NOW)
    return reference, only_letter(town, reference).letter_id


def _codes(town: House, letter_id: str) -> list[str]:
    return [reason["code"] for reason in kept_letter(town, letter_id).decision["reasons"]]


def _child_lives(town: House, reference: str, lines: list[str], postcode: str, of: str = "child") -> None:
    record_child_address(town, reference, 1, of, lines, postcode, "youth_justice_file", ROSA, NOW)


@pytest.mark.parametrize(
    ("lines", "postcode"),
    [
        (VICTIMS, POSTCODE),
        (["Exampleton", "1, nowhere st."], "zz991aa"),
        (["Flat 3", "1 Nowhere Street"], POSTCODE),
        (["1 Nowhere Street", "Exampleton"], "ZZ99 1AB"),
    ],
    ids=["same", "written otherwise", "a flat", "a slip"],
)
def test_a_letter_to_the_childs_door_or_one_like_it_is_held(town: House, lines: list[str], postcode: str) -> None:
    reference, letter_id = _drafted(town, 1)
    assert kept_letter(town, letter_id).state == "drafted"

    _child_lives(town, reference, lines, postcode)

    assert kept_letter(town, letter_id).state == "held"
    assert _codes(town, letter_id) == ["address_shared"]
    with pytest.raises(NotAllowed, match="child's"):
        approve(town, letter_id, ROSA, NOW)
    assert faults(town, NOW) == []


def test_an_approved_letter_is_stopped_by_an_address_that_comes_before_it_leaves(town: House) -> None:
    reference, letter_id = _drafted(town, 1)
    approve(town, letter_id, ROSA, NOW)

    _child_lives(town, reference, VICTIMS, POSTCODE, "household")

    assert release(town, NOW, "clock").sent == ()
    assert kept_letter(town, letter_id).state == "held"
    assert printed(town) == set()
    assert faults(town, NOW) == []


def test_a_past_address_of_the_child_counts_like_a_present_one(town: House) -> None:
    reference, letter_id = _drafted(town, 1)

    _child_lives(town, reference, VICTIMS, POSTCODE)
    _child_lives(town, reference, *ELSEWHERE)

    assert _codes(town, letter_id) == ["address_shared"]


def test_somebody_close_to_the_child_waits_until_the_addresses_were_compared(town: House) -> None:
    reference, letter_id = _drafted(town, 1, "family")
    assert _codes(town, letter_id) == ["address_unchecked"]
    assert "case manager" in kept_letter(town, letter_id).decision["reasons"][0]["words"]

    _child_lives(town, reference, *ELSEWHERE)

    assert kept_letter(town, letter_id).state == "drafted"
    approve(town, letter_id, ROSA, NOW)
    assert release(town, NOW, "clock").sent == (letter_id,)


def test_police_alone_do_not_make_a_letter_safe_for_somebody_close_to_the_child(town: House) -> None:
    reference = take_in(town, 1, NOW, victim__relationship_to_child="peer_same_school")
    record(town, reference, [Entry("triage_completed")], actor=ROSA, now=NOW)
    letter_id = only_letter(town, reference).letter_id
    assert _codes(town, letter_id) == ["near_child"]

    record(town, reference, [SAID_THEMSELVES], actor=ROSA, now=NOW)

    assert kept_letter(town, letter_id).state == "drafted"


def test_an_unknown_relationship_waits_until_it_is_known_to_be_a_stranger(town: House) -> None:
    reference, letter_id = _drafted(town, 1, "unknown")
    assert _codes(town, letter_id) == ["address_unchecked"]

    said = Entry("relationship_recorded", {"relationship": "stranger", "source": "police"})
    record(town, reference, [said], actor=ROSA, now=NOW)

    assert kept_letter(town, letter_id).state == "drafted"


def test_one_child_of_two_is_not_enough_to_have_compared(town: House) -> None:
    two = [
        {"reference": f"CH-{name}", "given_name": name, "family_name": "Sample", "date_of_birth": "2012-05-05"}
        for name in ("Sam", "Kim")
    ]
    reference = take_in(town, 1, NOW, victim__relationship_to_child="family", incident__children=two)
    record(town, reference, [SAID_THEMSELVES, Entry("triage_completed")], actor=ROSA, now=NOW)
    letter_id = only_letter(town, reference).letter_id

    _child_lives(town, reference, *ELSEWHERE)
    assert _codes(town, letter_id) == ["address_unchecked"]

    record_child_address(town, reference, 2, "household", *ELSEWHERE, "police", ROSA, NOW)
    assert kept_letter(town, letter_id).state == "drafted"


def test_every_case_of_the_child_is_judged_again(town: House) -> None:
    first, first_letter = _drafted(town, 1)
    second, second_letter = _drafted(town, 2)

    _child_lives(town, first, VICTIMS, POSTCODE)

    assert kept_letter(town, second_letter).state == "held"
    assert _codes(town, second_letter) == _codes(town, first_letter) == ["address_shared"]
    assert kinds(town, second)[-2:] == ["child_address_recorded", "letter_held"]


def test_the_school_and_the_home_of_staff_are_compared_as_well(town: House) -> None:
    reference, letter_id = _drafted(town, 1)

    _child_lives(town, reference, VICTIMS, POSTCODE, "school")
    record_staff_address(town, "rosa", VICTIMS, POSTCODE, MORGAN, NOW)

    assert _codes(town, letter_id) == ["address_of_school"]
    with pytest.raises(NotAllowed, match="somebody who works here"):
        approve(town, letter_id, ROSA, NOW)


def test_an_address_is_nowhere_to_be_read(town: House) -> None:
    reference, _ = _drafted(town, 1)

    _child_lives(town, reference, ["77 Unmistakable Row", "Exampleton"], "ZZ97 7ZZ")

    file = open_file(town, reference, ROSA, NOW)
    assert known_child_addresses(town, file) == [(1, "child", "youth_justice_file", NOW.date())]
    with town.reading() as connection:
        for table in ("known_address", "address_key", "event", "person", "letter"):
            for row in connection.execute(text(f"SELECT * FROM {table}")):  # noqa: S608  (names of our own)
                assert "Unmistakable" not in str(tuple(row))
                assert b"Unmistakable" not in b"".join(cell for cell in row if isinstance(cell, bytes))


def test_two_different_people_clear_it_with_a_reason_and_then_it_goes(town: House) -> None:
    reference, letter_id = _drafted(town, 1)
    _child_lives(town, reference, VICTIMS, POSTCODE)
    holds = frozenset({"address_shared"})

    clear_hold(town, letter_id, holds, "The child moved out in May.", ROSA, NOW)
    assert kept_letter(town, letter_id).state == "held"
    with pytest.raises(NotAllowed, match="a second person"):
        clear_hold(town, letter_id, holds, "The child moved out in May.", ROSA, NOW)
    clear_hold(town, letter_id, holds, "I asked the case manager too.", IMRAN, NOW)

    assert kept_letter(town, letter_id).state == "drafted"
    assert kept_letter(town, letter_id).decision["reasons"][0]["words"].startswith("Cleared by two people: ")
    approve(town, letter_id, ROSA, NOW)
    assert kept_letter(town, letter_id).state == "drafted"
    approve(town, letter_id, IMRAN, NOW)
    assert release(town, NOW, "clock").sent == (letter_id,)
    notes = open_file(town, reference, ROSA, NOW).notes.values()
    assert {"The child moved out in May.", "I asked the case manager too."} <= set(notes)
    assert faults(town, NOW) == []


def test_what_does_not_hold_the_letter_or_cannot_be_cleared_is_not_cleared(town: House) -> None:
    reference, letter_id = _drafted(town, 1)
    with pytest.raises(NotAllowed):
        clear_hold(town, letter_id, frozenset({"address_shared"}), "It is not held at all.", ROSA, NOW)
    _child_lives(town, reference, VICTIMS, POSTCODE)

    with pytest.raises(WrongInput):
        clear_hold(town, letter_id, frozenset({"on_hold"}), "I would like to.", ROSA, NOW)
    with pytest.raises(WrongInput):
        clear_hold(town, letter_id, frozenset({"address_shared"}), "Fine.", ROSA, NOW)
    with pytest.raises(NotAllowed):
        clear_hold(town, letter_id, frozenset({"must_not_know"}), "It is somebody else.", ROSA, NOW)


def test_a_wrong_address_of_a_child_is_refused_and_not_repeated(town: House) -> None:
    reference, _ = _drafted(town, 1)

    for lines, postcode in ((["1 Secret Row"], "nowhere"), ([], "ZZ99 1AA"), (["x" * 46], "ZZ99 1AA")):
        with pytest.raises(WrongInput) as refused:
            _child_lives(town, reference, lines, postcode)
        assert "Secret" not in str(refused.value)
    with pytest.raises(NotFound):
        record_child_address(town, reference, 2, "child", *ELSEWHERE, "police", ROSA, NOW)
    with pytest.raises(NotPermitted):
        record_staff_address(town, "rosa", *ELSEWHERE, ROSA, NOW)


def _gives(town: House, reference: str, lines: list[str], postcode: str) -> None:
    given = point("post", "", lines, postcode)
    give_point(town, reference, "post", given, "victim", ROSA, NOW + timedelta(minutes=1))


def test_a_new_address_holds_what_waits_until_somebody_says_that_it_is_safe(town: House) -> None:
    reference, letter_id = _drafted(town, 1)
    approve(town, letter_id, ROSA, NOW)

    _gives(town, reference, *ELSEWHERE)

    assert kept_letter(town, letter_id).state == "held"
    assert str(case(town, reference).safe(Channel.POST)) == "unknown"
    assert str(case(town, reference).safe(Channel.PHONE)) == "yes"
    safe = Entry("safety_recorded", {"post": "yes", "said_by": "victim"})
    later = NOW + timedelta(minutes=2)
    record(town, reference, [safe], actor=ROSA, now=later)
    approve(town, letter_id, ROSA, later)
    assert release(town, later, "clock").sent == (letter_id,)
    assert faults(town, later) == []


def test_the_same_address_once_more_is_a_confirmation_and_resets_nothing(town: House) -> None:
    reference, letter_id = _drafted(town, 1)

    _gives(town, reference, ["1  NOWHERE street", "Exampleton"], "zz99 1aa")

    assert kept_letter(town, letter_id).state == "drafted"
    assert case(town, reference).history[-1].text("change") == "confirmed"


def test_an_address_that_is_a_year_old_is_to_be_confirmed_and_then_goes(town: House) -> None:
    reference, letter_id = _drafted(town, 1)
    later = NOW + timedelta(days=366)
    safe = Entry("safety_recorded", {"post": "yes", "said_by": "victim"})

    record(town, reference, [safe], actor=ROSA, now=later)
    assert _codes(town, letter_id) == ["address_old"]

    give_point(town, reference, "post", point("post", "", VICTIMS, POSTCODE), "victim", ROSA, later)
    assert kept_letter(town, letter_id).state == "drafted"


def test_a_bad_address_is_past_and_nothing_goes_there(town: House) -> None:
    reference, letter_id = _drafted(town, 1)

    mark_bad(town, reference, "post", "other_agency", ROSA, NOW + timedelta(minutes=1))

    assert kept_letter(town, letter_id).state == "held"
    assert "no_contact_point" in _codes(town, letter_id)
    with pytest.raises(NotAllowed):
        mark_bad(town, reference, "post", "other_agency", ROSA, NOW + timedelta(minutes=2))


def _side_by_side(town: House, rounds: int) -> None:
    """A child's address comes in while the letter is being released; whichever is first, none goes after it."""
    for _ in range(rounds):
        number = another()
        child = [{"reference": f"CH-{number}", "given_name": "Sam", "family_name": "Sample"}]
        reference = take_in(town, number, NOW, incident__children=child)
        record(town, reference, [Entry("triage_completed")], actor=ROSA, now=NOW)
        letter_id = only_letter(town, reference).letter_id
        approve(town, letter_id, ROSA, NOW)

        def comes(to: str = reference) -> tuple[str, ...]:
            _child_lives(town, to, VICTIMS, POSTCODE)
            return ()

        sent, _ = together([lambda: release(town, NOW, "clock").sent, comes])

        order = [k for k in kinds(town, reference) if k in ("letter_sent", "letter_held", "child_address_recorded")]
        was_sent = order == ["letter_sent", "child_address_recorded"]
        assert was_sent or order[0] == "child_address_recorded"
        assert was_sent == (letter_id in sent) == (letter_id in printed(town))
    assert faults(town, NOW) == []


def test_an_address_and_a_release_side_by_side_never_send_a_letter_after_the_address(town: House) -> None:
    _side_by_side(town, 6)


@pytest.mark.slow
def test_three_hundred_addresses_and_releases_side_by_side_never_send_a_letter_after_the_address(town: House) -> None:
    _side_by_side(town, 300)
