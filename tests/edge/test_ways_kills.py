"""Kills whoever releases letters by post, e-mail and text, at any moment: none is lost, half done or sent twice."""

import os
import random
import signal
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest

from engine.house import House
from engine.settling import settle
from tests.conftest import NOW
from tests.edge.faults.nursery import Nursery
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import ROSA, another, case, kept_letter, printed, settled
from tests.edge.ways_out.houses import KINDS, approved_by, number_of, with_ways
from tests.edge.ways_out.mail_office import MailOffice
from tests.edge.ways_out.notify_office import NotifyOffice

pytest_plugins = ["tests.edge.faults.fixtures", "tests.edge.ways_out.fixtures"]

_AT_ONCE = 4
"""How many letters one life may release."""


class _Post:
    """A town whose letters are released by lives that are killed, one after another, a minute apart."""

    def __init__(self, town: House, mail: MailOffice, notify: NotifyOffice, chance: random.Random) -> None:
        self._where = {"mail_port": mail.port, "certificate": str(mail.certificate), "notify": notify.address}
        self.house = with_ways(town, mail.port, str(mail.certificate), notify.address)
        self.mail, self.notify, self._chance = mail, notify, chance
        self.letters: list[str] = []
        self.minutes = 0

    @property
    def now(self) -> datetime:
        return NOW + timedelta(minutes=self.minutes)

    def bring(self, letters: int) -> None:
        """So many more letters that were approved, by each channel in turn."""
        for turn in range(letters):
            self.letters.append(approved_by(self.house, tuple(KINDS)[turn % 3], another(), self.now))

    def live(self, nursery: Nursery, is_killed: bool) -> bool:
        """One life, killed at a random moment of it or let live; whether it was killed before its end."""
        self.minutes += 1
        before = self._arrived()
        (worker,) = nursery.start("send_out", [{**self._where, "minutes": self.minutes, "limit": _AT_ONCE}])
        if is_killed:
            moment, patience = before + self._chance.randint(0, _AT_ONCE - 1), time.monotonic() + 2
            while self._arrived() < moment and time.monotonic() < patience:
                time.sleep(0.0005)
            time.sleep(self._chance.uniform(0, 0.06))
            os.kill(worker, signal.SIGKILL)
        (end,) = nursery.ends()
        assert end in ((0, -signal.SIGKILL) if is_killed else (0,))
        settled(self.house)
        return end != 0

    def _arrived(self) -> int:
        return len(self.mail.taken) + len(self.notify.taken) + len(printed(self.house))

    def arrivals(self) -> Counter[str]:
        """How often each letter arrived where it should."""
        found = self.mail.arrivals + self.notify.arrivals
        pages = printed(self.house)
        return Counter({each: found[number_of(self.house, each)] + (each in pages) for each in self.letters})

    def settle_as_it_was(self) -> int:
        """A person looks into the box of each letter by e-mail that is in doubt, and says what they found."""
        arrived, doubted = self.arrivals(), 0
        for letter_id in self.letters:
            letter = kept_letter(self.house, letter_id)
            if letter.state == "in_doubt" and letter.channel == "email":
                settle(self.house, letter_id, arrived[letter_id] > 0, ROSA, self.now)
                doubted += 1
        return doubted

    def is_done(self) -> bool:
        """Whether every letter is known to have left."""
        return all(kept_letter(self.house, letter_id).state == "released" for letter_id in self.letters)

    def wrongs(self) -> list[str]:
        """What arrived twice, what is said to have left and did not, and whatever else does not hold."""
        found, arrived = faults(self.house, NOW), self.arrivals()
        for letter_id, times in arrived.items():
            letter = kept_letter(self.house, letter_id)
            said = len(
                [e for e in case(self.house, letter.reference).of("letter_sent") if e.text("letter") == letter_id]
            )
            if times > 1 or said > 1:
                found.append(
                    f"{letter_id} ({letter.channel}) arrived {times} times and is said to have left {said} times"
                )
            if said > times:
                found.append(f"{letter_id} ({letter.channel}) is said to have left and never arrived")
        return found


def _kill(town: House, mail: MailOffice, notify: NotifyOffice, kills: int) -> None:
    seed = int(os.environ.get("KILL_SEED", random.SystemRandom().randrange(1_000_000)))
    print(f"KILL_SEED={seed}")
    post = _Post(town, mail, notify, random.Random(seed))
    killed = doubted = 0
    # A life with nothing left to release ends before any kill, so that more letters come in time.
    between = min(25, kills)
    with Nursery(town) as nursery:
        # A kill that comes after the end proves nothing, and another takes its place.
        for turn in range(5 * kills):
            if turn % between == 0:
                post.bring(min(36, 3 * kills))
            killed += post.live(nursery, is_killed=True)
            if turn % between == between - 1:
                assert [wrong for wrong in post.wrongs() if "arrived" in wrong] == []
                doubted += post.settle_as_it_was()
            if killed == kills:
                break
        for _ in range(len(post.letters)):
            post.minutes += 6
            post.live(nursery, is_killed=False)
            doubted += post.settle_as_it_was()
            if post.is_done():
                break
    print(f"killed {killed} times; {len(post.letters)} letters, {doubted} settled by a person")
    assert killed == kills
    assert post.is_done()
    assert set(post.arrivals().values()) == {1}
    assert post.wrongs() == []


@pytest.mark.parametrize("kills", [6, pytest.param(500, marks=pytest.mark.slow)])
def test_kills_during_release_lose_nothing_and_send_nothing_twice(
    town: House, mail: MailOffice, notify: NotifyOffice, kills: int
) -> None:
    _kill(town, mail, notify, kills)
