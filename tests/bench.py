"""Measures the house against something real in the same run: ratios and medians, because machines are noisy.

Run it with ``make bench``; on PostgreSQL too where the PG* environment names a server.
"""

import fileinput
import gc
import itertools
import json
import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, inspect, text

from engine.desk import queue_lines
from engine.entries import Actor, Entry
from engine.house import House
from engine.intake.importing import BATCH, import_records
from engine.intake.receive import receive
from engine.intake.record import ConsentRecord
from engine.record import record
from engine.sweep import sweep
from store import cases
from tests.bench_reports import report_figures
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
    print(f"{'one record taken in alone (a commit each)':<46} {coming_in * 1000:9.3f} ms")
    for alike in (True, False):
        measure_import(folder / "import", alike, lambda name: f"sqlite:///{folder / name}.db")
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


# A file may have 64 MB, which is some twenty thousand records as JSON lines.
IMPORTED, IN_A_FILE, LONG = 1000, 20_000, 100_000
Rows = list[tuple[Any, ...]]
# Of these a name is made that sounds like no other.
_SYLLABLES = ("ba", "du", "fo", "ki", "la", "mu", "no", "ra")
# What an import writes, in an order in which every row points to one that is there.
FIRST_TABLES = ("person", "contact_point", "characteristic", "victim_case", "case_child", "event", "duty", "action")


def measure_import(
    folder: Path,
    alike: bool,
    fresh: Callable[[str], str],
    number: int = IMPORTED,
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.process_time,
) -> None:
    """An import of clean records against parsing, validating and bulk-inserting the very same rows, no keys, no rules.

    ``alike`` records differ in numbers and references only; the others are of different people, and differ in their
    days and answers as well, so that no two cases of a batch come to the same.  ``fresh`` names a database of its own
    for each turn.  The yardstick gets the rows for nothing: it opens no key, seals, digests and derives nothing, and
    asks the database for nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for first in range(0, number, IN_A_FILE):
        files.append(folder / f"import-{alike}-{first}.jsonl")
        with files[-1].open("w", encoding="utf-8") as lines:
            numbers = range(first, min(first + IN_A_FILE, number))
            lines.writelines(f"{json.dumps(_imported(each, alike))}\n" for each in numbers)
    ours, theirs = [], []
    for turn in range(rounds):
        place = folder / f"import-{alike}-{turn}"
        place.mkdir()
        house = new_house(fresh(f"ours_{alike}_{turn}"), place)
        other = new_house(fresh(f"theirs_{alike}_{turn}"), place)
        gc.collect()
        start = clock()
        accepted = sum(import_records(house, file, "derbyshire", NOW)["accepted"] for file in files)
        ours.append((clock() - start) / number)
        if accepted != number:
            raise SystemExit("The records of the bench are not clean.")
        if number == LONG:
            print(
                f"{'the most memory that took':<46} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:9d} MB"
            )
        theirs.append(_bare_import(files, house, other, clock) / number)
        house.database.dispose()
        other.database.dispose()
    line(
        f"one of {number} records in a file ({'alike' if alike else 'all different'})",
        statistics.median(ours),
        "pydantic, executemany of the same rows",
        statistics.median(theirs),
        "<= 3 x",
    )


def _imported(number: int, alike: bool) -> dict[str, Any]:
    record = consent_record(
        submission_id=f"I-{number}", force="derbyshire", incident__crime_reference=f"26000{number:06d}/26"
    )
    if not alike:
        day = NOW.date() - timedelta(days=30 + number % 90)
        record["incident"]["reported_on"] = record["incident"]["occurred_on"] = day.isoformat()
        record["consent"]["given_on"] = (day + timedelta(days=number // 90 % 9)).isoformat()
        record["safety"]["safe_to"]["post"] = ("yes", "no", "unknown")[number // 810 % 3]
        record["victim"] |= {
            "given_name": f"A{chr(97 + number % 26)}l",
            "family_name": "".join(_SYLLABLES[number // 8**place % 8] for place in range(6)),
            "date_of_birth": (date(1950, 1, 1) + timedelta(days=number % 18_000)).isoformat(),
            "phones": [{"number": f"07700 900{(7 * number + number // 18_000) % 1000:03d}", "kind": "mobile"}],
            "address": {"lines": [f"{number} Nowhere Street", "Exampleton"], "postcode": "ZZ99 1AA"},
        }
    return record


def _bare_import(files: Sequence[Path], source: House, target: House, clock: Callable[[], float]) -> float:
    """Seconds for the same records and the same rows as the bare driver takes them, in batches as large as ours."""
    raw = target.database.raw_connection()
    driver = raw.driver_connection
    if driver is None:
        raise SystemExit("There is no connection to measure by.")
    is_sqlite = target.database.dialect.name == "sqlite"
    cursor, mark = driver.cursor(), "?" if is_sqlite else "%s"
    seconds = 0.0
    with fileinput.input(files, encoding="utf-8") as lines:
        for rows in _batches(source):
            gc.collect()
            start = clock()
            for each in itertools.islice(lines, BATCH):
                ConsentRecord.model_validate(json.loads(each))
            if is_sqlite:
                cursor.execute("BEGIN IMMEDIATE")
            for name, added in rows.items():
                cursor.executemany(f'INSERT INTO "{name}" VALUES ({",".join([mark] * len(added[0]))})', added)  # noqa: S608
            cursor.execute("COMMIT") if is_sqlite else driver.commit()
            seconds += clock() - start
    raw.close()
    return seconds


def _batches(source: House) -> Iterator[dict[str, Rows]]:
    """The rows that an import left, by table, five hundred cases at a time with all there is about them."""
    with source.reading() as connection:
        tables = {name: {each["name"] for each in inspect(connection).get_columns(name)} for name in _names(connection)}
        victims = "SELECT case_id, person_id FROM victim_case ORDER BY case_id"
        last = connection.exec_driver_sql(victims).all()[BATCH - 1 :: BATCH]
        before = (0, 0)
        for case_id, person_id in last:
            rows: dict[str, Rows] = {}
            for name, columns in tables.items():
                key, low, high = (
                    ("case_id", before[0], case_id) if "case_id" in columns else ("person_id", before[1], person_id)
                )
                query = f'SELECT * FROM "{name}" WHERE {key} > {low} AND {key} <= {high}'  # noqa: S608
                found = [tuple(map(_as_sent, row)) for row in connection.exec_driver_sql(query)]
                if found:
                    rows[name] = found
            yield rows
            before = (case_id, person_id)


def _names(connection: Connection) -> list[str]:
    """The tables about cases and people, each after those that its rows point to."""
    others = [name for name in sorted(inspect(connection).get_table_names()) if name not in FIRST_TABLES]
    about = ({each["name"] for each in inspect(connection).get_columns(name)} for name in others)
    return [*FIRST_TABLES, *(n for n, columns in zip(others, about, strict=True) if columns & {"case_id", "person_id"})]


def _as_sent(value: Any) -> Any:
    """A document that the driver of PostgreSQL has opened, as it was sent."""
    return json.dumps(value) if isinstance(value, dict | list) else value


def long_import(folder: Path, fresh: Callable[[str], str]) -> None:
    """A file of the largest size that is taken, once, by the clock on the wall; and what memory it took at most."""
    for alike in (False, True):
        measure_import(folder / f"long-{alike}", alike, fresh, LONG, rounds=1, clock=time.perf_counter)


def _on_postgresql(name: str) -> str:
    server = create_engine("postgresql+psycopg://", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name.lower()}"'))
    server.dispose()
    return f"postgresql:///{name.lower()}"


def postgresql_figures(folder: Path) -> None:
    """What is measured on PostgreSQL, by the clock on the wall, because half the work is the server's."""
    folder.mkdir(parents=True, exist_ok=True)
    for alike in (True, False):
        measure_import(folder / "import", alike, _on_postgresql, clock=time.perf_counter)
    house, references, _ = filled(_on_postgresql("bench"), folder)
    measure_door(house, references, "PostgreSQL")
    house.database.dispose()


def main() -> None:
    """Measure and print; ``long`` imports a hundred thousand records, which takes some ten minutes."""
    with tempfile.TemporaryDirectory() as name:
        if sys.argv[1:] == ["long"]:
            long_import(Path(name) / "sqlite", lambda each: f"sqlite:///{Path(name) / each}.db")
            if "PGPORT" in os.environ:
                long_import(Path(name) / "postgresql", _on_postgresql)
            return
        sqlite_figures(Path(name))
        report_figures(f"sqlite:///{Path(name) / 'report.db'}", Path(name) / "report")
        if "PGPORT" in os.environ:
            postgresql_figures(Path(name) / "pg")
            report_figures(_on_postgresql("reports"), Path(name) / "pg-report")


if __name__ == "__main__":
    main()
