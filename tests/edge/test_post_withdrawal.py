"""Proves that once a withdrawal is written down no letter goes any more, however closely the two race."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.entries import Entry
from engine.house import House
from engine.post import approve, release
from engine.record import record
from engine.sweep import sweep
from store import clockwork
from tests.conftest import NOW
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import (
    ROSA,
    approved,
    case,
    case_key,
    kept_letter,
    kinds,
    only_letter,
    printed,
    ready,
    together,
)
from workflow.machine import NotAllowed

pytest_plugins = ["tests.edge.faults.fixtures"]

WITHDRAWN = Entry("consent_withdrawn", {"part": "all"})


def _races(town: House, letters: list[str], seed: int) -> None:
    """A clock goes through the letters in their order, while three people write down withdrawals just ahead of it."""
    chance = random.Random(seed)
    references = {letter_id: kept_letter(town, letter_id).reference for letter_id in letters}

    def clock() -> None:
        while release(town, NOW, "clock", limit=len(letters)).sent:
            pass

    def person(mine: range, leads: list[int]) -> Callable[[], None]:
        def deed() -> None:
            for place, lead in zip(mine, leads, strict=True):
                patience = time.monotonic() + 0.05
                while time.monotonic() < patience and not printed(town).intersection(letters[max(0, place - lead) :]):
                    time.sleep(0.001)
                record(town, references[letters[place]], [WITHDRAWN], actor=ROSA, now=NOW)

        return deed

    hands = [range(hand, len(letters), 3) for hand in range(3)]
    together([clock, *(person(hand, [chance.randint(0, 16) for _ in hand]) for hand in hands)])


@pytest.mark.parametrize("races", [80, pytest.param(400, marks=pytest.mark.slow)])
def test_no_letter_goes_after_the_withdrawal(town: House, races: int) -> None:
    letters = sorted(approved(town, number, NOW) for number in range(races))

    _races(town, letters, seed=64)

    outcomes: Counter[str] = Counter()
    for letter_id in letters:
        letter = kept_letter(town, letter_id)
        happened = [event for event in kinds(town, letter.reference) if event in ("letter_sent", "consent_withdrawn")]
        outcomes["-".join(happened)] += 1
        if letter.state == "released":
            assert happened == ["letter_sent", "consent_withdrawn"], letter_id
        else:
            assert (letter.state, happened) == ("cancelled", ["consent_withdrawn"]), letter_id
            assert letter_id not in printed(town)
    assert faults(town, NOW) == []
    assert release(town, NOW, "afterwards").sent == ()
    # Both orders happened often, or it was no race.
    assert min(outcomes["letter_sent-consent_withdrawn"], outcomes["consent_withdrawn"]) > races // 20, outcomes


def test_no_letter_is_approved_after_the_withdrawal(town: House) -> None:
    references = [ready(town, number, NOW) for number in range(20)]

    def approves(letter_id: str) -> Callable[[], str]:
        def deed() -> str:
            try:
                approve(town, letter_id, ROSA, NOW)
            except NotAllowed:
                return "refused"
            return "approved"

        return deed

    def withdraws(reference: str) -> Callable[[], str]:
        def deed() -> str:
            record(town, reference, [WITHDRAWN], actor=ROSA, now=NOW)
            return "withdrawn"

        return deed

    for reference in references:
        letter_id = only_letter(town, reference).letter_id
        outcome, _ = together([approves(letter_id), withdraws(reference)])

        assert kept_letter(town, letter_id).state == "cancelled"
        order = [kind for kind in kinds(town, reference) if kind in ("letter_approved", "consent_withdrawn")]
        assert order == (["letter_approved", "consent_withdrawn"] if outcome == "approved" else ["consent_withdrawn"])
    assert release(town, NOW, "clock").sent == ()
    assert printed(town) == set()
    assert faults(town, NOW) == []


@pytest.mark.parametrize(
    "entry",
    [
        WITHDRAWN,
        Entry("consent_withdrawn", {"part": "restorative_information"}),
        Entry("hold_placed", {"reason": "police", "until": "2026-12-01"}),
        Entry("victim_died"),
        Entry("safety_recorded", {"post": "no"}),
        Entry("case_closed", {"reason": "opted_out"}),
    ],
    ids=lambda entry: f"{entry.kind}-{'-'.join(map(str, entry.fields.values()))}",
)
def test_a_page_left_behind_by_a_killed_release_is_taken_out_with_the_letter(town: House, entry: Entry) -> None:
    letter_id = approved(town, 1, NOW)
    reference = kept_letter(town, letter_id).reference
    town.print_folder.put(letter_id, b"%PDF left behind")
    (town.settings.out / "letters" / f".{letter_id}.part").write_bytes(b"%PDF half")

    record(town, reference, [entry], actor=ROSA, now=NOW + timedelta(minutes=1))

    assert kept_letter(town, letter_id).state in ("held", "cancelled")
    assert list((town.settings.out / "letters").iterdir()) == []
    assert faults(town, NOW) == []
    assert release(town, NOW, "clock").sent == ()


def test_a_withdrawal_counts_even_where_the_page_cannot_be_taken_out_and_the_clock_tries_again(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    reference = kept_letter(town, letter_id).reference
    jammed = town.settings.out / "letters" / f"{letter_id}.pdf"
    jammed.mkdir()

    record(town, reference, [WITHDRAWN], actor=ROSA, now=NOW)
    sweep(town, NOW)

    assert kept_letter(town, letter_id).state == "cancelled"
    assert _stuck(town) == [(reference, "page", f"Take {letter_id} out of the print folder: it may not be posted.")]

    jammed.rmdir()
    town.print_folder.put(letter_id, b"%PDF left behind")
    sweep(town, NOW)

    assert printed(town) == set()
    assert _stuck(town) == []
    assert faults(town, NOW) == []


def _stuck(town: House) -> list[tuple[str, str, str]]:
    with town.reading() as connection:
        return [(reference, work, problem) for reference, work, problem, _ in clockwork.stuck(connection, town.service)]


def test_a_late_letter_leaves_no_page_behind_either(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    town.print_folder.put(letter_id, b"%PDF left behind")
    eager = replace(
        town, settings=replace(town.settings, days=replace(town.settings.days, letter_late_after_working=0))
    )

    assert release(eager, NOW.replace(day=24), "clock").stopped == (letter_id,)
    assert printed(town) == set()


def test_a_refused_record_leaves_the_page_of_an_approved_letter_or_the_letter_goes_again(town: House) -> None:
    letter_id = approved(town, 1, NOW)
    reference = kept_letter(town, letter_id).reference
    town.print_folder.put(letter_id, b"%PDF left behind")
    version = case_key(town, reference).version

    with pytest.raises(NotAllowed):
        record(town, reference, [WITHDRAWN, Entry("readiness_confirmed", _DATED)], actor=ROSA, now=NOW)

    assert case(town, reference).version == version
    assert release(town, NOW, "clock").sent == (letter_id,)
    assert faults(town, NOW) == []


_DATED = {"victim_consented_on": "2026-11-01", "child_consented_on": "2026-11-01", "risk_assessed_on": "2026-11-01"}
