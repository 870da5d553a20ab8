"""Proves that many writers on one case lose nothing, and that whoever writes on an old page is told what changed."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.entries import Actor, Entry
from engine.errors import StaleCase
from engine.house import House
from engine.record import record
from store.database import DatabaseBusy
from tests.conftest import NOW
from tests.edge.faults.nursery import Nursery
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import ROSA, case, ready, together, token, tokens
from workflow.vocabulary import Role

pytest_plugins = ["tests.edge.faults.fixtures"]


def _assign(house: House, reference: str, writer: int, times: int) -> Callable[[], list[int]]:
    """A writer who writes to the case again and again, each time another word; answers with the versions it got.

    Whoever waits longer than the database allows is told that nothing was written and to try again, and does so: how
    many wait in vain is a matter of the machine, what they may not do is to lose or to double a word.
    """
    actor = Actor(f"writer-{writer}", Role.PRACTITIONER)

    def written(turn: int) -> int:
        while True:
            try:
                return record(house, reference, [token(f"w{writer}-{turn}")], actor=actor, now=NOW).version
            except DatabaseBusy:
                continue

    def deed() -> list[int]:
        return [written(turn) for turn in range(times)]

    return deed


@pytest.mark.parametrize("turns", [8, pytest.param(20, marks=pytest.mark.slow)])
def test_fifty_writers_lose_nothing(town: House, turns: int) -> None:
    reference = ready(town, 1, NOW)
    before = case(town, reference).version

    answers = together([_assign(town, reference, writer, turns) for writer in range(50)])

    after = case(town, reference)
    told = sorted(version for versions in answers for version in versions)
    assert told == list(range(before + 1, before + 50 * turns + 1))
    written = Counter(tokens(after))
    assert written == Counter(f"w{writer}-{turn}" for writer in range(50) for turn in range(turns))
    for writer, versions in enumerate(answers):
        assert versions == sorted(versions)
        assert [after.history[v - 1].text("agency") for v in versions] == [f"w{writer}-{turn}" for turn in range(turns)]
    assert faults(town, NOW) == []


def test_four_processes_lose_nothing_either(town: House, tmp_path: Path) -> None:
    reference = ready(town, 1, NOW)

    with Nursery(town) as nursery:
        logs = [tmp_path / f"writer-{writer}" for writer in range(4)]
        nursery.run("assign", [{"log": str(log), "reference": reference, "times": 25} for log in logs])

    acknowledged = Counter(line for log in logs for line in log.read_text().split())
    written = Counter(tokens(case(town, reference)))
    assert len(acknowledged) == 100
    assert written == acknowledged
    assert faults(town, NOW) == []


def test_whoever_writes_on_an_old_page_is_told_exactly_what_changed(town: House) -> None:
    reference = ready(town, 1, NOW)
    seen = case(town, reference).version
    imran = Actor("imran", Role.PRACTITIONER)
    record(town, reference, [Entry("case_assigned", {"to": "imran"}), Entry("note_written")], actor=imran, now=NOW)

    with pytest.raises(StaleCase) as refused:
        record(town, reference, [Entry("case_assigned", {"to": "rosa"})], actor=ROSA, now=NOW, seen=seen)

    assert refused.value.changes == ((seen + 1, "case_assigned", "imran"), (seen + 2, "note_written", "imran"))
    assert "case_assigned by imran, note_written by imran" in str(refused.value)
    assert case(town, reference).assignee == "imran"


def test_a_page_from_a_future_that_never_was_is_old_too(town: House) -> None:
    reference = ready(town, 1, NOW)
    version = case(town, reference).version

    with pytest.raises(StaleCase) as refused:
        record(town, reference, [Entry("note_written")], actor=ROSA, now=NOW, seen=version + 7)

    assert refused.value.changes == ()
    assert str(refused.value).endswith("open it again.")


def test_of_two_people_at_once_one_wins_and_the_other_is_told(town: House) -> None:
    references = [ready(town, number, NOW) for number in range(30)]
    names = ("rosa", "imran")

    def saves(reference: str, name: str) -> Callable[[], StaleCase | None]:
        seen = case(town, reference).version
        actor = Actor(name, Role.PRACTITIONER)

        def deed() -> StaleCase | None:
            try:
                record(town, reference, [Entry("case_assigned", {"to": name})], actor=actor, now=NOW, seen=seen)
            except StaleCase as refused:
                return refused
            return None

        return deed

    outcomes = {reference: together([saves(reference, name) for name in names]) for reference in references}

    for reference, outcome in outcomes.items():
        (winner,) = (name for name, refused in zip(names, outcome, strict=True) if refused is None)
        (refused,) = (each for each in outcome if each is not None)
        kept = case(town, reference)
        assert kept.assignee == winner
        assert refused.changes == ((kept.version, "case_assigned", winner),)
    assert faults(town, NOW) == []


def test_writers_who_read_again_after_each_refusal_all_get_through(town: House) -> None:
    reference = ready(town, 1, NOW)

    def stubborn(name: str) -> Callable[[], int]:
        actor = Actor(name, Role.PRACTITIONER)

        def deed() -> int:
            refusals = 0
            for turn in range(5):
                while True:
                    seen = case(town, reference).version
                    try:
                        written = record(town, reference, [token(f"{name}-{turn}")], actor=actor, now=NOW, seen=seen)
                    except StaleCase as refused:
                        refusals += refused.changes[0][0] == seen + 1
                        continue
                    assert written.version == seen + 1
                    break
            return refusals

        return deed

    refusals = together([stubborn(f"w{writer}") for writer in range(6)])

    written = Counter(tokens(case(town, reference)))
    assert written == Counter(f"w{writer}-{turn}" for writer in range(6) for turn in range(5))
    assert sum(refusals) > 0
    assert faults(town, NOW) == []
