"""Proves what a person does with letters: asking, writing, discarding, what came back, and the stop of all of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.contact_details import give_point
from engine.delivery.pdf import pdf
from engine.desk import open_file
from engine.dispatch import lift, orders, standing, stop
from engine.entries import Actor, Entry
from engine.errors import NotFound, WrongInput
from engine.house import House, open_house
from engine.letters_by_hand import ask_for_letter, discard_letter, fill_letter, hand_over, letter_came_back
from engine.points import point
from engine.post import Released, approve, page_image, preview, release
from engine.record import record
from engine.words import Words
from tests.conftest import NOW
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import (
    ROSA,
    approved,
    case,
    kept_letter,
    kinds,
    letters_of,
    only_letter,
    printed,
    ready,
    take_in,
    together,
)
from workflow.bars import tried
from workflow.duties import Duty, duties
from workflow.london import london_day
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.vocabulary import Role, Verdict

pytest_plugins = ["tests.edge.faults.fixtures"]

IMRAN = Actor("imran", Role.PRACTITIONER)
MORGAN, NADIA = Actor("morgan", Role.MANAGER), Actor("nadia", Role.MANAGER)
TUESDAY = NOW + timedelta(days=1)
NO_ANSWER = Entry("attempt_made", {"channel": "phone", "outcome": "no_answer"})
REACHED = Entry("attempt_made", {"channel": "phone", "outcome": "reached"})


def _worded(town: House) -> House:
    """The same house with the words of the service, not the short ones of the faults."""
    return replace(town, words=Words(town.settings.templates / "letters"))


def _duty(town: House, reference: str, rule: str) -> Duty:
    owed = duties(case(town, reference), town.rulebook, town.calendar, london_day(NOW))
    return next(duty for duty in owed if duty.rule.id == rule)


def _of_kind(town: House, reference: str, kind: str) -> str:
    return next(letter.letter_id for letter in letters_of(town, reference) if letter.kind == kind)


def test_a_letter_that_came_back_owes_again_what_it_met_and_doubts_the_address(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    reference = kept_letter(town, letter_id).reference
    release(town, NOW, "clock")
    assert _duty(town, reference, "rj-information").verdict is Verdict.MET

    letter_came_back(town, letter_id, "gone_away", ROSA, NOW + timedelta(hours=1))

    assert kept_letter(town, letter_id).state == "returned"
    assert _duty(town, reference, "rj-information").verdict is not Verdict.MET
    assert case(town, reference).address_doubted
    assert [value for kind, value in open_file(town, reference, ROSA, NOW).contact_points if kind == "post"] == []
    assert faults(town, NOW) == []


def test_a_letter_that_came_back_counts_as_an_attempt(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    reference = kept_letter(town, letter_id).reference
    release(town, NOW, "clock")
    for hours in (1, 2):
        record(town, reference, [NO_ANSWER], actor=ROSA, now=NOW + timedelta(hours=hours))
    later = NOW + timedelta(hours=3)

    letter_came_back(town, letter_id, "unknown", ROSA, later)

    assert sorted(tried(case(town, reference))) == ["phone", "phone", "post"]
    record(town, reference, [Entry("attempts_exhausted")], actor=ROSA, now=later + timedelta(days=21))
    assert case(town, reference).state == "uncontactable"


def test_a_damaged_letter_says_nothing_of_the_address_and_one_that_never_left_cannot_come_back(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    with pytest.raises(NotAllowed):
        letter_came_back(town, letter_id, "damaged", ROSA, NOW)
    release(town, NOW, "clock")

    letter_came_back(town, letter_id, "damaged", ROSA, NOW)

    assert not case(town, kept_letter(town, letter_id).reference).address_doubted


def test_an_address_given_after_the_letter_left_is_not_the_one_it_came_back_from(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    reference = kept_letter(town, letter_id).reference
    release(town, NOW, "clock")
    moved = point("post", "", ["40 Sample Road", "Exampleton"], "ZZ98 7QP")
    give_point(town, reference, "post", moved, "victim", ROSA, NOW + timedelta(hours=1))

    letter_came_back(town, letter_id, "gone_away", ROSA, NOW + timedelta(hours=2))

    file = open_file(town, reference, ROSA, NOW + timedelta(hours=2))
    assert [value["postcode"] for kind, value in file.contact_points if kind == "post"] == ["ZZ98 7QP"]


def test_a_discarded_letter_never_returns_unless_somebody_asks(town: House) -> None:
    reference = ready(town, 1, NOW)
    letter_id = only_letter(town, reference).letter_id
    approve(town, letter_id, ROSA, NOW)

    discard_letter(town, letter_id, "told_in_another_way", ROSA, NOW, "Told at the door.")

    assert release(town, NOW, "clock") == Released((), (), ())
    record(town, reference, [NO_ANSWER], actor=ROSA, now=NOW)
    assert [letter.kind for letter in letters_of(town, reference)] == ["L01", "L06"]
    asked = ask_for_letter(town, reference, "L01", ROSA, NOW)
    assert kept_letter(town, asked).state == "drafted"
    assert kept_letter(town, letter_id).state == "discarded"
    with pytest.raises(NotAllowed, match="waits already"):
        ask_for_letter(town, reference, "L01", ROSA, NOW)
    assert faults(town, NOW) == []


def test_what_must_not_be_written_is_not_drafted_for_the_asking(town: House) -> None:
    reference = ready(town, 1, NOW)
    before = kinds(town, reference)

    with pytest.raises(NotAllowed, match="worded for somebody else"):
        ask_for_letter(town, reference, "L04", ROSA, NOW)
    with pytest.raises(NotFound):
        ask_for_letter(town, reference, "L99", ROSA, NOW)

    assert kinds(town, reference) == before


def test_a_letter_that_says_we_could_not_reach_them_disappears_once_they_were_reached(town: House) -> None:
    reference = ready(town, 1, NOW)
    record(town, reference, [NO_ANSWER], actor=ROSA, now=NOW)
    unknown = Entry("safety_recorded", {"post": "unknown"})
    record(town, reference, [unknown], actor=ROSA, now=NOW)
    letter_id = _of_kind(town, reference, "L06")
    assert kept_letter(town, letter_id).state == "held"

    record(town, reference, [REACHED], actor=ROSA, now=NOW + timedelta(hours=1))

    assert kept_letter(town, letter_id).state == "cancelled"
    cancelled = case(town, reference).last("letter_cancelled")
    assert cancelled is not None
    assert cancelled.text("reason") == "overtaken"
    assert kept_letter(town, _of_kind(town, reference, "L01")).state == "held"


def test_two_letters_of_one_sort_do_not_leave_for_one_person_on_one_day(town: House) -> None:
    town = _worded(town)
    letter_id = approved(town, 1, NOW)
    reference = kept_letter(town, letter_id).reference
    record(town, reference, [NO_ANSWER], actor=ROSA, now=NOW)
    second = _of_kind(town, reference, "L06")
    approve(town, second, ROSA, NOW)

    done = release(town, NOW, "clock")

    assert (len(done.sent), len(done.postponed)) == (1, 1)
    assert release(town, NOW + timedelta(hours=12), "clock") == Released((), (), ())
    assert release(town, TUESDAY, "clock").sent == done.postponed
    assert faults(town, NOW) == []


def test_words_are_written_only_where_the_template_leaves_room_and_name_no_child(town: House) -> None:
    town = _worded(town)
    reference = ready(town, 1, NOW)
    letter_id = ask_for_letter(town, reference, "L16", ROSA, NOW)
    assert kept_letter(town, letter_id).state == "held"
    assert "Give the news" in kept_letter(town, letter_id).decision["reasons"][-1]["words"]

    with pytest.raises(WrongInput, match="no room"):
        fill_letter(town, letter_id, {"salutation": "You there"}, ROSA, NOW)
    fill_letter(town, letter_id, {"progress_words": "SÁM has begun to paint."}, ROSA, NOW)
    assert kept_letter(town, letter_id).state == "held"
    fill_letter(town, letter_id, {"progress_words": "The work began.\n<b>It</b> goes {{ well }}."}, ROSA, NOW)

    assert kept_letter(town, letter_id).state == "drafted"
    assert "&lt;b&gt;It&lt;/b&gt; goes {{ well }}." in preview(town, letter_id, NOW).html
    approve(town, letter_id, ROSA, NOW)
    assert release(town, NOW, "clock").sent == (letter_id,)
    assert faults(town, NOW) == []


def test_the_page_that_goes_is_the_page_that_was_approved_byte_by_byte(town: House) -> None:
    town = _worded(town)
    letter_id = approved(town, 1, NOW)
    image = page_image(town, letter_id, NOW)

    release(town, NOW + timedelta(hours=1), "clock")

    assert (town.settings.out / "letters" / f"{letter_id}.pdf").read_bytes() == image
    assert image == page_image(town, letter_id, TUESDAY) == pdf(preview(town, letter_id, TUESDAY).html)


def test_a_letter_with_a_second_check_takes_two_different_people(town: House) -> None:
    town = _worded(town)
    reference = ready(town, 1, NOW)
    letter_id = ask_for_letter(town, reference, "L20", ROSA, NOW)

    approve(town, letter_id, ROSA, NOW)
    assert kept_letter(town, letter_id).state == "drafted"
    approve(town, letter_id, ROSA, NOW)
    assert kept_letter(town, letter_id).state == "drafted"
    approve(town, letter_id, IMRAN, NOW)

    assert kept_letter(town, letter_id).state == "approved"
    assert kept_letter(town, letter_id).approved_by == "imran"


def test_a_letter_in_a_language_we_cannot_write_is_finished_by_hand_and_meets_its_duty(town: House) -> None:
    reference = take_in(town, 1, NOW, needs__language="pl")
    record(town, reference, [Entry("triage_completed")], actor=ROSA, now=NOW)
    letter_id = only_letter(town, reference).letter_id
    assert kept_letter(town, letter_id).state == "held"
    assert "translated" in kept_letter(town, letter_id).decision["reasons"][0]["words"]
    with pytest.raises(WrongInput):
        hand_over(town, letter_id, london_day(TUESDAY), ROSA, NOW)

    hand_over(town, letter_id, london_day(NOW), ROSA, NOW)

    assert kept_letter(town, letter_id).state == "released"
    assert _duty(town, reference, "rj-information").verdict is Verdict.MET
    assert printed(town) == set()


def test_by_hand_nothing_goes_that_may_not_go(town: House) -> None:
    reference = take_in(town, 1, NOW, needs__language="pl")
    record(town, reference, [Entry("triage_completed")], actor=ROSA, now=NOW)
    letter_id = only_letter(town, reference).letter_id
    record(town, reference, [Entry("safety_recorded", {"post": "unknown"})], actor=ROSA, now=NOW)

    with pytest.raises(NotAllowed, match="not known to be safe"):
        hand_over(town, letter_id, london_day(NOW), ROSA, NOW)


def test_to_the_childs_side_goes_only_what_was_released_in_words_that_name_nobody(town: House) -> None:
    town = _worded(town)
    reference = ready(town, 1, NOW)
    letter_id = ask_for_letter(town, reference, "C01", ROSA, NOW)
    fill_letter(town, letter_id, {"recipient_name": "Case Worker"}, ROSA, NOW)
    assert {"not_released", "fact.released_words"} <= _codes(town, letter_id)
    with pytest.raises(WrongInput):
        fill_letter(town, letter_id, {"released_words": "Words of our own."}, ROSA, NOW)

    _release(town, reference, "court", "I was afraid in court.")
    assert {"not_released", "fact.released_words"} <= _codes(town, letter_id)
    _release(town, reference, "panel", "I was afraid. Alex lives at 1 Nowhere Street.")
    assert "fact.released_words" in _codes(town, letter_id)
    with pytest.raises(NotAllowed, match="name, number or address out of it"):
        hand_over(town, letter_id, london_day(NOW), ROSA, NOW)


def test_what_the_victim_released_goes_word_for_word_to_that_audience_alone_until_they_take_it_back(
    town: House,
) -> None:
    town = _worded(town)
    reference = ready(town, 1, NOW)
    letter_id = ask_for_letter(town, reference, "C01", ROSA, NOW)
    fill_letter(town, letter_id, {"recipient_name": "Case Worker"}, ROSA, NOW)
    _release(town, reference, "panel", "I was afraid to walk home.")
    _release(town, reference, "panel", "I would like to know why.")
    _release(town, reference, "case_manager", "I would like a letter.")

    page = preview(town, letter_id, NOW).html

    assert "I was afraid to walk home.\nI would like to know why." in page
    assert "I would like a letter." not in page
    record(town, reference, [Entry("consent_withdrawn", {"part": "views_before_decision"})], actor=ROSA, now=NOW)
    assert kept_letter(town, letter_id).state == "cancelled"
    again = ask_for_letter(town, reference, "C01", ROSA, NOW)
    assert {"not_released", "fact.released_words"} <= _codes(town, again)


def _release(town: House, reference: str, audience: str, words: str) -> None:
    given = Entry("views_recorded", {"outcome": "given"})
    entries = [Entry("views_released", {"audience": audience, "words": words})]
    first = case(town, reference).last("views_released") is None
    record(town, reference, [given, *entries] if first else entries, actor=ROSA, now=NOW)


def _codes(town: House, letter_id: str) -> set[str]:
    return {reason["code"] for reason in kept_letter(town, letter_id).decision["reasons"]}


def test_the_stop_holds_every_letter_survives_a_restart_and_takes_two_to_lift(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    with pytest.raises(NotPermitted):
        stop(town, ROSA, "wrong_letter", NOW)

    stop(town, MORGAN, "wrong_letter", NOW)

    again = open_house(town.settings)
    assert release(again, NOW, "clock") == Released((), (), ())
    again.database.dispose()
    assert kept_letter(town, letter_id).state == "approved"
    assert not lift(town, MORGAN, "put_right", NOW)
    with pytest.raises(NotAllowed, match="second person"):
        lift(town, MORGAN, "put_right", NOW)
    assert release(town, NOW, "clock") == Released((), (), ())
    assert lift(town, NADIA, "put_right", NOW)
    assert standing(town) is None
    assert release(town, NOW, "clock").sent == (letter_id,)
    assert [order.deed for order in orders(town)] == ["lift", "ask_to_lift", "stop"]


def test_a_stop_during_a_release_is_followed_by_nothing(town: House) -> None:
    letters = {approved(town, number, NOW) for number in range(8)}
    gone: list[int] = []

    def releases() -> int:
        return len(release(town, NOW, "clock", limit=8).sent)

    def stops() -> int:
        stop(town, MORGAN, "data_breach", NOW)
        gone.append(len(printed(town)))
        return 0

    deeds: list[Callable[[], int]] = [releases, stops]
    sent, _ = together(deeds)

    assert sent == len(printed(town)) == gone[0]
    assert release(town, NOW + timedelta(minutes=6), "clock") == Released((), (), ())
    assert len(letters) == 8
    assert faults(town, NOW) == []
