"""Measures the house against something real in the same run: ratios and medians, because machines are noisy.

Run it with ``make bench``; on PostgreSQL too where the PG* environment names a server.
"""

import gc
import json
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from engine.desk import queue_lines
from engine.entries import Actor, Entry
from engine.house import House
from engine.intake.receive import receive
from engine.intake.record import ConsentRecord
from engine.record import record
from engine.sweep import sweep
from store import cases
from tests.conftest import NOW, new_house
from tests.edge.consent_records import consent_record
from workflow.duties import duties
from workflow.vocabulary import Role

ROSA = Actor("rosa", Role.PRACTITIONER)
CASES, ROUNDS = 400, 5


def timed(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of one call, the median of several."""
    taken = []
    for _ in range(rounds):
        gc.collect()
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def line(what: str, ours: float, against: str, theirs: float, wanted: str) -> None:
    """One line of the table."""
    print(
        f"{what:<46} {ours * 1000:9.3f} ms   {ours / theirs:6.2f} x {against} ({theirs * 1000:.3f} ms), wanted {wanted}"
    )


def filled(database: str, folder: Path) -> tuple[House, list[str], float]:
    """A house with cases in it, their references, and the seconds one record took to come in."""
    house = new_house(database, folder)
    records = [
        consent_record(
            submission_id=f"B-{number}", force="derbyshire", incident__crime_reference=f"26000{number:06d}/26"
        )
        for number in range(CASES)
    ]
    start = time.perf_counter()
    taken = [receive(house, each, "derbyshire", "opt_in", NOW) for each in records]
    seconds = (time.perf_counter() - start) / CASES
    return house, [str(each.case_reference) for each in taken], seconds


def raw_step(file: Path, number: int) -> Callable[[], None]:
    """The same rows by the bare driver: read the case and its history, add an event, raise the version."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    by_case = connection.execute("SELECT case_id FROM victim_case").fetchall()

    def step() -> None:
        for (case_id,) in by_case[:number]:
            connection.execute("BEGIN IMMEDIATE")
            version = connection.execute("SELECT version FROM victim_case WHERE case_id = ?", (case_id,)).fetchone()[0]
            rows = connection.execute("SELECT * FROM event WHERE case_id = ? ORDER BY seq", (case_id,)).fetchall()
            connection.execute("SELECT * FROM duty WHERE case_id = ?", (case_id,)).fetchall()
            new = list(rows[-1])
            new[2] = version + 1
            connection.execute(f"INSERT INTO event VALUES ({','.join('?' * len(new))})", new)  # noqa: S608
            connection.execute("UPDATE victim_case SET version = ? WHERE case_id = ?", (version + 1, case_id))
            connection.execute("UPDATE case_summary SET version = ? WHERE case_id = ?", (version + 1, case_id))
            connection.execute("COMMIT")

    return step


def measure_door(house: House, references: list[str], name: str) -> float:
    """Seconds of one event through the door."""

    def step() -> None:
        for reference in references[:100]:
            record(house, reference, [Entry("officer_contacted", {"outcome": "asked"})], actor=ROSA, now=NOW)

    step()
    seconds = timed(step) / 100
    print(f"{name + ': one event through the door':<46} {seconds * 1000:9.3f} ms")
    return seconds


def sqlite_figures(folder: Path) -> None:
    """Everything that is measured on SQLite."""
    file = folder / "bench.db"
    house, references, coming_in = filled(f"sqlite:///{file}", folder)
    raw_pydantic = _pydantic_and_rows(folder)
    line("one record taken in (a commit each)", coming_in, "pydantic and executemany", raw_pydantic, "<= 3 x")
    door = measure_door(house, references, "SQLite FULL")
    raw = timed(raw_step(file, 100)) / 100
    line("one event through the door", door, "raw sqlite3, same rows", raw, "<= 3 x")
    idle = timed(lambda: sweep(house, NOW - timedelta(days=3650)))
    print(f"{'a sweep with nothing due':<46} {idle * 1000:9.3f} ms   wanted <= 5 ms")
    queue = timed(lambda: queue_lines(house, None, NOW, 50))
    print(f"{f'first fifty of {CASES} lines of the queue':<46} {queue * 1000:9.3f} ms")
    with house.reading() as connection:
        loaded = [case for _, case in cases.histories(connection, house.service)][:50]

    def derive() -> int:
        return sum(len(duties(case, house.rulebook, house.calendar, date(2026, 11, 23))) for case in loaded)

    number = derive()
    print(f"{'one duty derived, with its days':<46} {timed(derive) / number * 1e6:9.1f} us   wanted <= 50 us")
    house.database.dispose()


def _pydantic_and_rows(folder: Path) -> float:
    """Seconds for a record parsed and validated by pydantic and written by executemany as one row, in bulk."""
    texts = [json.dumps(consent_record(submission_id=f"P-{number}")) for number in range(CASES)]
    connection = sqlite3.connect(folder / "raw.db")
    connection.execute("CREATE TABLE raw (submission_id TEXT PRIMARY KEY, body TEXT)")

    def work() -> None:
        rows = [(ConsentRecord.model_validate(json.loads(text)).submission_id, text) for text in texts]
        with connection:
            connection.execute("DELETE FROM raw")
            connection.executemany("INSERT INTO raw VALUES (?, ?)", rows)

    return timed(work) / CASES


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        sqlite_figures(Path(name))
        if "PGPORT" in os.environ:
            from sqlalchemy import create_engine, text

            server = create_engine("postgresql+psycopg://", isolation_level="AUTOCOMMIT")
            with server.connect() as connection:
                connection.execute(text("CREATE DATABASE bench"))
            house, references, _ = filled("postgresql:///bench", Path(name) / "pg")
            measure_door(house, references, "PostgreSQL")
            house.database.dispose()


if __name__ == "__main__":
    main()
