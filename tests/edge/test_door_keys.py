"""Proves that the same call twice is one effect with one answer, and that an import cut short can be run again."""

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.entries import Actor, Entry, Written
from engine.errors import KeyReused
from engine.house import House, open_house
from engine.intake.importing import import_records
from engine.intake.receive import Receipt, receive
from engine.record import record
from tests.conftest import NOW
from tests.edge.faults.soundness import faults, row_counts
from tests.edge.faults.town import FORCE, ROSA, busy, case, kinds, ready, take_in, together, token, tokens, told
from workflow.vocabulary import Role

pytest_plugins = ["tests.edge.faults.fixtures"]

TRIAGE = [Entry("triage_completed", {"note": "Seen."})]


def test_the_same_key_twice_is_one_effect_and_the_first_answer(town: House) -> None:
    reference = take_in(town, 1, NOW)
    first = record(town, reference, TRIAGE, actor=ROSA, now=NOW, key="k-1")
    later = NOW + timedelta(days=3)
    record(town, reference, [Entry("victim_replied", {"channel": "phone"})], actor=ROSA, now=later)
    before = row_counts(town)

    again = record(town, reference, TRIAGE, actor=ROSA, now=later, key="k-1")

    assert again == replace(first, repeated=True)
    assert [event.kind for event in again.events] == ["triage_completed", "letter_drafted"]
    assert row_counts(town) == before


def test_the_first_answer_is_given_even_to_a_page_that_is_old_by_now(town: House) -> None:
    reference = take_in(town, 1, NOW)
    seen = case(town, reference).version
    first = record(town, reference, TRIAGE, actor=ROSA, now=NOW, key="k-1", seen=seen)

    again = record(town, reference, TRIAGE, actor=ROSA, now=NOW, key="k-1", seen=seen)

    assert again == replace(first, repeated=True)


def test_the_same_key_with_another_body_is_refused(town: House) -> None:
    reference, other = take_in(town, 1, NOW), take_in(town, 2, NOW)
    record(town, reference, TRIAGE, actor=ROSA, now=NOW, key="k-1")
    before = row_counts(town)

    bodies = [
        (reference, [Entry("triage_completed", {"note": "Seen again."})]),
        (reference, [Entry("triage_completed", {"note": "Seen."}, at=NOW)]),
        (reference, [Entry("triage_completed", {"note": "Seen."}, corrects=1)]),
        (reference, [*TRIAGE, Entry("note_written")]),
        (reference, []),
        (other, TRIAGE),
    ]
    for place, entries in bodies:
        with pytest.raises(KeyReused):
            record(town, place, entries, actor=ROSA, now=NOW, key="k-1")

    assert row_counts(town) == before


def test_the_same_key_of_another_caller_is_another_key(town: House) -> None:
    reference = take_in(town, 1, NOW)
    entries = [Entry("note_written")]
    imran = Actor("imran", Role.PRACTITIONER)

    answers = [record(town, reference, entries, actor=actor, now=NOW, key="k-1") for actor in (ROSA, imran)]

    assert [answer.repeated for answer in answers] == [False, False]


def test_the_same_key_at_the_same_moment_is_one_effect(town: House) -> None:
    references = [take_in(town, number, NOW) for number in range(8)]

    for reference in references:

        def deed(reference: str = reference) -> Written:
            return record(town, reference, TRIAGE, actor=ROSA, now=NOW, key=f"key-{reference}")

        answers = together([deed] * 6)

        assert sorted(answer.repeated for answer in answers) == [False, *[True] * 5]
        assert len({replace(answer, repeated=False).version for answer in answers}) == 1
        assert kinds(town, reference).count("triage_completed") == 1
    assert faults(town, NOW) == []


def test_one_key_for_two_cases_at_the_same_moment_counts_for_one_of_them(town: House) -> None:
    pairs = [(take_in(town, 2 * number, NOW), take_in(town, 2 * number + 1, NOW)) for number in range(10)]

    def uses(reference: str, key: str) -> Callable[[], str]:
        def deed() -> str:
            try:
                record(town, reference, TRIAGE, actor=ROSA, now=NOW, key=key)
            except KeyReused:
                return "refused"
            return "done"

        return deed

    for number, pair in enumerate(pairs):
        outcomes = together([uses(reference, f"k-{number}") for reference in pair])

        assert sorted(outcomes) == ["done", "refused"]
        written = [kinds(town, reference).count("triage_completed") for reference in pair]
        assert written == [int(outcome == "done") for outcome in outcomes]
    assert faults(town, NOW) == []


def test_a_hundred_calls_sent_once_to_five_times_and_shuffled_are_a_hundred_effects(town: House) -> None:
    chance = random.Random(14)
    references = [ready(town, number, NOW) for number in range(6)]
    calls = [(references[number % 6], f"call-{number}") for number in range(100)]
    sent = [call for call in calls for _ in range(chance.randint(1, 5))]
    chance.shuffle(sent)
    hands = [sent[hand::4] for hand in range(4)]

    def sends(house: House, batch: list[tuple[str, str]]) -> Callable[[], None]:
        def deed() -> None:
            for reference, key in batch:
                record(house, reference, [token(key)], actor=ROSA, now=NOW, key=key)

        return deed

    half = len(hands[0]) // 2
    together([sends(town, hand[:half]) for hand in hands])
    reopened = busy(open_house(town.settings))
    together([sends(reopened, hand[half:]) for hand in hands])
    reopened.database.dispose()

    written = Counter(word for reference in references for word in tokens(case(town, reference)))
    assert written == Counter(key for _, key in calls)
    assert faults(town, NOW) == []


class _Cut(Exception):
    """The import is cut short here."""


def _file(folder: Path, numbers: range) -> Path:
    file = folder / "records.jsonl"
    withdrawn = {"on": "2026-11-12", "part": "all"}
    withdrawal = told(0, submission_id="TST-W", reason="withdrawal", consent__withdrawal=withdrawn)
    records = [*(told(number) for number in numbers), told(998, consent__decision="maybe"), withdrawal]
    file.write_text("".join(json.dumps(each) + "\n" for each in records))
    return file


def test_an_import_cut_short_is_finished_by_the_next_and_a_third_changes_nothing(town: House, tmp_path: Path) -> None:
    file = _file(tmp_path, range(10))
    whole = import_records(town, file, FORCE, NOW, dry_run=True)
    empty = row_counts(town)

    def cut(done: int, _: int) -> None:
        if done == 6:
            raise _Cut

    with pytest.raises(_Cut):
        import_records(town, file, FORCE, NOW, tell=cut, together=3)
    assert row_counts(town)["submission"] == 6
    assert faults(town, NOW) == []

    second = import_records(town, file, FORCE, NOW + timedelta(hours=1))
    assert second["received"] == whole["received"] == 12
    assert (second["duplicate"], second["accepted"] + second["accepted_with_gaps"], second["rejected"]) == (6, 5, 1)
    full = row_counts(town)
    assert full["victim_case"] == 10
    assert empty["victim_case"] == 0

    third = import_records(town, file, FORCE, NOW + timedelta(hours=2))
    assert (third["duplicate"], third["rejected"]) == (11, 1)
    assert row_counts(town) == full
    assert [row["receipt_id"] for row in third["rows"]] == [row["receipt_id"] for row in second["rows"]]
    assert faults(town, NOW) == []


def test_a_dry_run_keeps_nothing(town: House, tmp_path: Path) -> None:
    before = row_counts(town)

    receipt = import_records(town, _file(tmp_path, range(3)), FORCE, NOW, dry_run=True)

    assert receipt["received"] == 5
    assert row_counts(town) == before


def test_the_same_record_at_the_same_moment_is_one_case_and_one_receipt(town: House) -> None:
    for number in range(8):

        def deed(number: int = number) -> Receipt:
            return receive(town, told(number), FORCE, "opt_in", NOW)

        receipts = together([deed] * 4)

        assert len({receipt.receipt_id for receipt in receipts}) == 1
        assert len({receipt.case_reference for receipt in receipts}) == 1
    assert row_counts(town)["victim_case"] == 8
    assert faults(town, NOW) == []


def test_two_records_of_one_victim_at_the_same_moment_do_not_make_two_cases_unremarked(town: House) -> None:
    for number in range(8):

        def deed(submission: str) -> Callable[[], Receipt]:
            return lambda: receive(town, told(number, submission_id=submission), FORCE, "opt_in", NOW)  # noqa: B023

        receipts = together([deed(f"TST-{number}-A"), deed(f"TST-{number}-B")])

        rules = [gap.rule for receipt in receipts for gap in receipt.gaps]
        assert rules.count("possible-duplicate") == 1
    assert faults(town, NOW) == []
