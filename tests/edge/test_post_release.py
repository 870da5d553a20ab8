"""Proves that an approved letter goes once, to where it was approved to go and in time, or comes back to a person."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.entries import Actor, Entry
from engine.errors import BadConfiguration
from engine.house import House
from engine.intake.receive import receive
from engine.post import Released, approve, preview, release
from engine.record import record
from engine.releasing import release_one
from engine.settings import read_settings
from engine.sweep import sweep
from store import clockwork, post
from tests.conftest import NOW
from tests.edge.faults.soundness import faults, row_counts
from tests.edge.faults.town import (
    FORCE,
    ROSA,
    approved,
    case,
    kept_letter,
    kinds,
    only_letter,
    printed,
    ready,
    together,
    told,
)
from workflow.candidates import candidates
from workflow.duties import duties
from workflow.machine import NotAllowed
from workflow.vocabulary import Role

pytest_plugins = ["tests.edge.faults.fixtures"]

WEDNESDAY, THURSDAY = NOW + timedelta(days=2), NOW + timedelta(days=3)


def _reasons(town: House, letter_id: str) -> list[str]:
    return [reason["code"] for reason in kept_letter(town, letter_id).decision["reasons"]]


def test_an_approved_letter_goes_once(town: House) -> None:
    letter_id = approved(town, 1, NOW)

    first, second = release(town, NOW, "clock-a"), release(town, NOW + timedelta(hours=1), "clock-b")

    assert (first.sent, second) == ((letter_id,), Released((), (), ()))
    assert printed(town) == {letter_id}
    assert kept_letter(town, letter_id).released_at == NOW
    assert faults(town, NOW) == []


def test_more_letters_than_one_batch_go_in_one_round_and_are_all_counted(town: House) -> None:
    letters = {approved(town, number, NOW) for number in range(52)}

    swept = sweep(town, NOW)

    assert set(swept.post.sent) == letters == printed(town)
    assert len(swept.post.sent) == 52
    assert faults(town, NOW) == []


def test_of_two_people_who_approve_at_once_one_does(town: House) -> None:
    letters = [only_letter(town, ready(town, number, NOW)) for number in range(12)]

    def says_yes(letter_id: str, name: str) -> Callable[[], str]:
        def deed() -> str:
            try:
                approve(town, letter_id, Actor(name, Role.PRACTITIONER), NOW)
            except NotAllowed as refused:
                return str(refused)
            return name

        return deed

    for letter in letters:
        outcomes = together([says_yes(letter.letter_id, name) for name in ("rosa", "imran")])

        (winner,) = {"rosa", "imran"}.intersection(outcomes)
        assert "The letter is already approved." in outcomes
        assert kept_letter(town, letter.letter_id).approved_by == winner
        assert kinds(town, letter.reference).count("letter_approved") == 1
    assert faults(town, NOW) == []


def test_a_duplicate_stops_the_letter_that_waits(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    duplicate = Entry("duplicate_found", {"survivor": ready(town, 2, NOW)})

    record(town, kept_letter(town, letter_id).reference, [duplicate], actor=ROSA, now=NOW)

    assert kept_letter(town, letter_id).state == "cancelled"
    assert faults(town, NOW) == []


def test_two_working_days_after_the_yes_a_letter_still_goes(town: House) -> None:
    letter_id = approved(town, 1, NOW)

    assert release(town, WEDNESDAY, "clock").sent == (letter_id,)


def test_more_than_two_working_days_late_a_letter_goes_to_a_person_instead(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    reference = kept_letter(town, letter_id).reference

    done = release(town, THURSDAY, "clock")

    assert done == Released((), (letter_id,), ())
    assert kept_letter(town, letter_id).state == "held"
    assert _reasons(town, letter_id) == ["approved_too_long_ago"]
    assert kinds(town, reference)[-1] == "letter_held"
    held = case(town, reference)
    owed = duties(held, town.rulebook, town.calendar, THURSDAY.date())
    assert "clear_held_letter" in [candidate.action.name for candidate in candidates(held, owed)]
    assert printed(town) == set()
    assert faults(town, THURSDAY) == []


def test_weekends_and_bank_holidays_do_not_make_a_letter_late(town: House) -> None:
    christmas_eve = datetime(2026, 12, 24, 16, 0, tzinfo=UTC)
    letters = [approved(town, number, christmas_eve) for number in range(2)]

    assert release(town, datetime(2026, 12, 30, 8, 0, tzinfo=UTC), "clock", limit=1).sent == (min(letters),)
    assert release(town, datetime(2026, 12, 31, 8, 0, tzinfo=UTC), "clock").stopped == (max(letters),)


def test_how_late_is_too_late_is_in_the_configuration(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    patient = replace(
        town, settings=replace(town.settings, days=replace(town.settings.days, letter_late_after_working=3))
    )

    assert release(patient, THURSDAY, "clock").sent == (letter_id,)


def test_a_late_letter_waits_for_a_new_yes_whatever_else_happens_and_then_goes(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    reference = kept_letter(town, letter_id).reference
    release(town, THURSDAY, "clock")

    record(town, reference, [Entry("note_written", {"note": "Rang."})], actor=ROSA, now=THURSDAY)
    sweep(town, THURSDAY)
    assert kept_letter(town, letter_id).state == "held"
    assert _reasons(town, letter_id) == ["approved_too_long_ago"]

    approve(town, letter_id, ROSA, THURSDAY)
    assert release(town, THURSDAY, "clock").sent == (letter_id,)
    assert kinds(town, reference).count("letter_sent") == 1
    assert "26 November 2026" in preview(town, letter_id, THURSDAY).html
    assert faults(town, THURSDAY) == []


def test_a_late_letter_does_not_outlive_a_withdrawal(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    reference = kept_letter(town, letter_id).reference
    release(town, THURSDAY, "clock")

    record(town, reference, [Entry("consent_withdrawn", {"part": "all"})], actor=ROSA, now=THURSDAY)

    assert kept_letter(town, letter_id).state == "cancelled"
    with pytest.raises(NotAllowed):
        approve(town, letter_id, ROSA, THURSDAY)


@pytest.mark.parametrize("value", ["-1", "21", "true", '"2"', "1.5"])
def test_a_lateness_that_makes_no_sense_is_refused_at_its_key(tmp_path: Path, value: str) -> None:
    config = shutil.copytree(read_settings({}).config, tmp_path / "config")
    file = config / "service.toml"
    file.write_text(file.read_text().replace("letter_late_after_working = 2", f"letter_late_after_working = {value}"))

    with pytest.raises(BadConfiguration) as refused:
        read_settings({"VICTIM_CONTACT_HOME": str(tmp_path)})

    assert (refused.value.file, refused.value.key) == ("service.toml", "days.letter_late_after_working")


def test_a_letter_whose_name_or_address_changed_waits_for_a_new_yes(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    reference = kept_letter(town, letter_id).reference
    married = told(1, reason="update", submission_id="TST-2", victim__known_as="Robin")
    assert receive(town, married, FORCE, "opt_in", NOW).case_reference == reference

    assert release(town, NOW, "clock").stopped == (letter_id,)
    assert kept_letter(town, letter_id).state == "held"
    assert _reasons(town, letter_id) == ["changed_since_approval"]
    assert faults(town, NOW) == []

    approve(town, letter_id, ROSA, NOW)
    assert release(town, NOW, "clock").sent == (letter_id,)
    assert "Robin" in preview(town, letter_id, NOW).html
    assert faults(town, NOW) == []


def test_a_clock_that_slept_past_its_claim_leaves_the_letter_to_the_one_that_has_it_now(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    before = kinds(town, kept_letter(town, letter_id).reference)
    soon = NOW + timedelta(minutes=6)
    with town.writing() as connection:
        assert post.claim(connection, town.service, NOW, NOW + timedelta(minutes=5), "sleeper", 9) == [letter_id]
        assert post.claim(connection, town.service, soon, soon + timedelta(minutes=5), "other", 9) == [letter_id]

    done = release_one(town, letter_id, NOW, "sleeper")

    assert done is None
    assert _claimed_by(town, "other")
    assert kept_letter(town, letter_id).state == "approved"
    assert kinds(town, kept_letter(town, letter_id).reference) == before
    assert release(town, NOW + timedelta(minutes=12), "third").sent == (letter_id,)
    assert faults(town, NOW) == []


def _claimed_by(town: House, clock: str) -> bool:
    with town.reading() as connection:
        counted = connection.execute(text("SELECT count(*) FROM outbox WHERE claimed_by = :c"), {"c": clock})
        return bool(counted.scalar_one())


def test_a_claim_that_another_clock_has_by_now_is_not_given_back_by_the_first(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    soon = NOW + timedelta(minutes=6)
    with town.writing() as connection:
        post.claim(connection, town.service, NOW, NOW + timedelta(minutes=5), "first", 9)
        post.claim(connection, town.service, soon, soon + timedelta(minutes=5), "second", 9)

    with town.writing() as connection:
        post.put_back(connection, letter_id, "first", soon, "too late to say")

    assert _claimed_by(town, "second")


def _stuck(town: House) -> list[tuple[str, str]]:
    with town.reading() as connection:
        return [(reference, work) for reference, work, *_ in clockwork.stuck(connection, town.service)]


def test_a_letter_that_cannot_be_opened_is_handed_to_a_person_and_the_others_go(town: House) -> None:
    letters = sorted(approved(town, number, NOW) for number in range(5))
    broken = letters[0]
    reference = kept_letter(town, broken).reference
    sealed = kept_letter(town, broken).sealed
    with town.writing() as connection:
        post.change(connection, broken, sealed=b"\x01 this does not open with any key")

    swept = sweep(town, NOW)

    assert sorted(swept.post.sent) == letters[1:]
    assert [letter_id for letter_id, _ in swept.post.put_back] == [broken]
    assert _stuck(town) == [(reference, "post")]
    assert kept_letter(town, broken).state == "approved"
    assert faults(town, NOW) == []

    with town.writing() as connection:
        post.change(connection, broken, sealed=sealed)
    assert sweep(town, NOW + timedelta(minutes=11)).post.sent == (broken,)
    assert _stuck(town) == []


def test_while_the_print_folder_is_gone_letters_wait_and_somebody_is_told(town: House) -> None:
    letters = {approved(town, number, NOW) for number in range(3)}
    before = row_counts(town)["event"]
    shutil.rmtree(town.settings.out / "letters")

    done = release(town, NOW, "clock")

    assert {letter_id for letter_id, _ in done.put_back} == letters
    assert {why for _, why in done.put_back} == {"The print folder is not there: make it or connect it again."}
    assert row_counts(town)["event"] == before
    assert [work for _, work in _stuck(town)] == ["post"] * 3

    town.print_folder.prepare()
    assert release(town, NOW + timedelta(minutes=5), "clock").sent == ()
    assert set(release(town, NOW + timedelta(minutes=10), "clock").sent) == letters
    assert _stuck(town) == []
    assert faults(town, NOW) == []


def test_a_stuck_letter_says_since_when(town: House) -> None:
    approved(town, 1, NOW)
    shutil.rmtree(town.settings.out / "letters")

    for minutes in (0, 10, 20, 30):
        release(town, NOW + timedelta(minutes=minutes), "clock")

    with town.reading() as connection:
        ((*_, since),) = clockwork.stuck(connection, town.service)
        ((_, ready_at, tries, _),) = post.waiting(connection, town.service)
    assert since == NOW
    assert (ready_at, tries) == (NOW + timedelta(minutes=40), 4)


def test_what_was_released_is_what_was_approved_to_the_letter(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    approved_page = preview(town, letter_id, NOW)

    release(town, WEDNESDAY, "clock")

    assert preview(town, letter_id, WEDNESDAY) == approved_page
    assert approved_page.is_final
