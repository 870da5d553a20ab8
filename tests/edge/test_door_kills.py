"""Kills whoever takes in, records, approves and sends, at any moment, and proves that nothing is lost or doubled."""

import json
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from engine.house import House
from store import people
from tests.conftest import NOW
from tests.edge.faults.lives import RECORDS, TURNS, numbers_of, references_of
from tests.edge.faults.nursery import Nursery
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import case, case_key, kept_letter, letters_of, printed, settled, tokens, told

pytest_plugins = ["tests.edge.faults.fixtures"]

KILLS_EACH = 5
"""How often one plan is killed before it may run to its end."""


class _Plan:
    """A plan that is carried out life after life until one is let live, and what was acknowledged in all of them."""

    def __init__(self, town: House, nursery: Nursery, folder: Path, number: int, chance: random.Random) -> None:
        self.town, self.nursery, self.number, self.chance = town, nursery, number, chance
        self.log, self.file = folder / f"log-{number}", folder / f"plan-{number}.jsonl"
        self.log.touch()
        self.file.write_text("".join(json.dumps(told(each)) + "\n" for each in numbers_of(number)))
        self.life = 0

    def live(self, is_killed: bool) -> bool:
        """One life, killed at a random moment of it or let live to its end; whether it was killed before its end."""
        before = self._lines()
        life = {
            "log": str(self.log),
            "file": str(self.file),
            "plan": self.number,
            "life": self.life,
            "seed": self.chance.randrange(1_000_000),
        }
        self.life += 1
        (worker,) = self.nursery.start("carry_out", [life])
        if is_killed:
            # So many things are acknowledged in any life; the moment within the next of them is chance.
            moment = before + self.chance.randint(1, RECORDS * (2 * TURNS + 2))
            patience = time.monotonic() + 10
            while self._lines() < moment and time.monotonic() < patience:
                time.sleep(0.0005)
            time.sleep(self.chance.uniform(0, 0.02))
            os.kill(worker, signal.SIGKILL)
        (end,) = self.nursery.ends()
        assert end in ((0, -signal.SIGKILL) if is_killed else (0,))
        settled(self.town)
        return end != 0

    def _lines(self) -> int:
        return self.log.read_bytes().count(b"\n")

    def wrongs(self) -> list[str]:
        """What was acknowledged and is not there, or is there twice, and whatever else does not hold."""
        references = references_of(self.town, self.number)
        found = faults(self.town, NOW, set(references.values()))
        happened = {reference: self._happened(reference) for reference in references.values()}
        for word, *rest in (line.split() for line in self.log.read_text().splitlines()):
            match word:
                case "begun":
                    kept = True
                case "taken":
                    kept = int(rest[0]) in references
                case "recorded":
                    kept = happened[rest[0]][rest[1]] == 1
                case "approved":
                    kept = kept_letter(self.town, rest[0]).state in ("approved", "released")
                case _:
                    kept = kept_letter(self.town, rest[0]).state == "released" and rest[0] in printed(self.town)
            if not kept:
                found.append(f"lost: {word} {' '.join(rest)}")
        for reference, times in happened.items():
            found += [f"{reference}: {what} happened {n} times" for what, n in times.items() if n > 1]
        return found

    def _happened(self, reference: str) -> Counter[str]:
        """How often each deed of the plan is in the history, counted by the words of the notes written with it."""
        key = case_key(self.town, reference)
        with self.town.reading() as connection:
            victim = people.find(connection, self.town.keyring, key.person_id)
            notes = people.notes(connection, victim, key.case_id)
        kept = case(self.town, reference)
        counted = Counter(notes[event.text("note")] for event in kept.of("note_written"))
        assert sum(counted.values()) == len(tokens(kept)) + len(kept.of("triage_completed"))
        return counted + Counter("sent" for _ in kept.of("letter_sent"))

    def is_whole(self) -> bool:
        """Whether everything in the plan was done, each once."""
        references = references_of(self.town, self.number)
        wanted = {f"{number}-triage" for number in references} | {
            f"c{number}-{turn}" for number in references for turn in range(TURNS)
        }
        done: Counter[str] = Counter()
        for reference in references.values():
            done += self._happened(reference)
            (letter,) = letters_of(self.town, reference)
            assert letter.state == "released"
        sent = done.pop("sent")
        return done == Counter(wanted) and sent == len(references) == RECORDS


def _kill(town: House, folder: Path, kills: int) -> None:
    seed = int(os.environ.get("KILL_SEED", random.SystemRandom().randrange(1_000_000)))
    print(f"KILL_SEED={seed}")
    chance = random.Random(seed)
    killed = 0
    with Nursery(town) as nursery:
        for number in range(kills // KILLS_EACH):
            plan = _Plan(town, nursery, folder, number, chance)
            for _ in range(KILLS_EACH):
                killed += plan.live(is_killed=True)
                assert plan.wrongs() == []
            plan.live(is_killed=False)
            assert plan.wrongs() == []
            assert plan.is_whole()
    print("killed", killed, "of", kills)
    # Kills that come after the end prove nothing.
    assert killed >= kills // 2
    assert faults(town, NOW) == []
    assert not list((town.settings.out / "letters").glob("*.part"))


def test_twenty_five_kills_lose_nothing_and_double_nothing(town: House, tmp_path: Path) -> None:
    _kill(town, tmp_path, 25)


@pytest.mark.slow
def test_five_hundred_kills_lose_nothing_and_double_nothing(town: House, tmp_path: Path) -> None:
    _kill(town, tmp_path, 500)
