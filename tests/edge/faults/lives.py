"""What a worker process does until it is done or killed; what is acknowledged is in its log before it goes on."""

import json
import os
import random
import signal
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from engine.entries import Entry
from engine.house import House, open_house
from engine.intake.importing import import_records
from engine.post import approve, release
from engine.record import record
from store import cases
from tests.conftest import NOW, settings_for
from tests.edge.faults.deeds import BREAKABLE
from tests.edge.faults.points import Points, watched
from tests.edge.faults.town import FORCE, ROSA, busy, crime_reference, letters_of, token, told
from tests.edge.ways_out.lives import send_out

RECORDS = 3
"""How many records, and so cases, one plan has."""

TURNS = 2
"""How often one plan assigns each of its cases."""


_WARM = 30_000


def open_again(database: str, folder: Path) -> House:
    """The house of a test, opened by another process."""
    return busy(open_house(settings_for(database, folder)))


def warm_up(house: House) -> None:
    """Do once what every life does, on cases of its own, so that a fork has imported and prepared everything."""
    folder = house.settings.key_file.parent
    file = folder / "warm.jsonl"
    file.write_text("".join(json.dumps(told(number)) + "\n" for number in numbers_of(_WARM)))
    carry_out(house, str(folder / "warm.log"), str(file), _WARM, 0, 0)


class Log:
    """Lines that stand even if the process is killed after writing them."""

    def __init__(self, file: str) -> None:
        self._handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def acknowledge(self, *words: str) -> None:
        """Note what was answered."""
        os.write(self._handle, (" ".join(words) + "\n").encode())


def assign(house: House, log: str, reference: str, times: int) -> None:
    """Write to one case so many times, each time another word."""
    kept = Log(log)
    for turn in range(times):
        to = f"p{os.getpid()}-{turn}"
        record(house, reference, [token(to)], actor=ROSA, now=NOW)
        kept.acknowledge(to)


def numbers_of(plan: int) -> range:
    """The numbers of the cases of one plan."""
    return range(plan * RECORDS, (plan + 1) * RECORDS)


def references_of(house: House, plan: int) -> dict[int, str]:
    """The references of the cases of one plan that are in, by their number."""
    with house.reading() as connection:
        found = {n: cases.of_incident(connection, house.service, FORCE, crime_reference(n)) for n in numbers_of(plan)}
    return {number: key.reference for number, keys in found.items() for key in keys}


def carry_out(house: House, log: str, file: str, plan: int, life: int, seed: int) -> None:
    """Carry out one plan: import its file, move its cases on, approve its letters and release them.

    Each life goes over the whole plan again, with the same keys, six minutes after the life before; a claim that the
    one before left behind has lapsed by then.  ``seed`` shuffles what need not be in order.
    """
    kept, chance, now = Log(log), random.Random(seed), NOW + timedelta(minutes=6 * life)
    numbers = numbers_of(plan)
    kept.acknowledge("begun")
    import_records(
        house, Path(file), FORCE, now, tell=lambda done, _: kept.acknowledge("taken", str(numbers[done - 1]))
    )
    references = references_of(house, plan)
    deeds = [(number, turn) for number in numbers for turn in range(TURNS)]
    chance.shuffle(deeds)
    for number, turn in deeds:
        _once(house, kept, references[number], f"{number}-triage", Entry("triage_completed"), life)
        to = f"c{number}-{turn}"
        _once(house, kept, references[number], to, token(to), life)
        for letter in letters_of(house, references[number]):
            if letter.state == "drafted":
                approve(house, letter.letter_id, ROSA, now)
                kept.acknowledge("approved", letter.letter_id)
        if chance.random() < 0.5:
            _release(house, kept, life)
    _release(house, kept, life)


def _once(house: House, log: Log, reference: str, key: str, entry: Entry, life: int) -> None:
    now = NOW + timedelta(minutes=6 * life)
    record(house, reference, [entry, Entry("note_written", {"note": key})], actor=ROSA, now=now, key=key)
    log.acknowledge("recorded", reference, key)


def _release(house: House, log: Log, life: int) -> None:
    done = release(house, NOW + timedelta(minutes=6 * life), f"clock-{os.getpid()}")
    for letter_id in done.sent:
        log.acknowledge("sent", letter_id)
    assert not done.put_back, done.put_back


def break_off(house: House, log: str, deed: str, handle: str, at: int | None) -> None:
    """Do one breakable deed, and be killed at one of its edges (None: at none; then the edges are in the log)."""
    breakable = BREAKABLE[deed]
    points = Points(at, lambda _: os.kill(os.getpid(), signal.SIGKILL), only_edges=True)
    with watched(house, points):
        breakable.act(house, handle, breakable.at)
    for name in points.names:
        Log(log).acknowledge(name)


DEEDS: Mapping[str, Callable[..., None]] = {
    "assign": assign,
    "carry_out": carry_out,
    "break_off": break_off,
    "send_out": send_out,
}
