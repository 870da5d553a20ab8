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
from typing import Any

from sqlalchemy import text

from engine.desk import queue_lines
from engine.entries import Actor, Entry
from engine.house import House
from engine.intake.importing import import_records
from engine.intake.receive import receive
from engine.intake.record import ConsentRecord
from engine.record import record
from engine.reports import compliance
from engine.sweep import sweep
from store import cases
from tests.conftest import NOW, new_house
from tests.edge.consent_records import consent_record
from tests.edge.web_visitors import at
from workflow.duties import duties
from workflow.vocabulary import Role, Verdict

ROSA = Actor("rosa", Role.PRACTITIONER)
CASES, ROUNDS = 400, 5
REPORTED = 200_000


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
    measure_import(folder, alike=True)
    measure_import(folder, alike=False)
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


IMPORTED = 2000
# What an import writes, in an order in which every row points to one that is there.
FIRST_TABLES = ("person", "contact_point", "characteristic", "victim_case", "case_child", "event", "duty", "action")


def measure_import(folder: Path, alike: bool) -> None:
    """An import of clean records against parsing, validating and bulk-inserting the very same rows, no keys, no rules.

    ``alike`` records differ in numbers and references only; the others in their days and answers as well, so that no
    two cases of a batch come to the same.
    """
    name = "alike" if alike else "all different"
    file = folder / f"import-{alike}.jsonl"
    file.write_text(
        "".join(f"{json.dumps(_imported(number, alike))}\n" for number in range(IMPORTED)), encoding="utf-8"
    )
    ours, theirs = [], []
    for turn in range(ROUNDS):
        place = folder / f"import-{alike}-{turn}"
        place.mkdir()
        house = new_house(f"sqlite:///{place / 'ours.db'}", place)
        new_house(f"sqlite:///{place / 'theirs.db'}", place).database.dispose()
        gc.collect()
        start = time.process_time()
        receipt = import_records(house, file, "derbyshire", NOW)
        ours.append((time.process_time() - start) / IMPORTED)
        house.database.dispose()
        if receipt["accepted"] != IMPORTED:
            raise SystemExit("The records of the bench are not clean.")
        theirs.append(_bare_import(file, place) / IMPORTED)
    line(
        f"one of {IMPORTED} records in a file ({name})",
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
        record["victim"] |= {"given_name": f"A{chr(97 + number % 26)}l", "date_of_birth": f"19{50 + number % 50}-03-04"}
    return record


def _bare_import(file: Path, place: Path) -> float:
    """Seconds of the processor for the same records and the same rows, as the bare driver takes them."""
    source, target = sqlite3.connect(place / "ours.db"), sqlite3.connect(place / "theirs.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
        target.execute(f"PRAGMA {pragma}")
    found = source.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    names = [*FIRST_TABLES, *(name for (name,) in found if name not in FIRST_TABLES)]
    rows = {}
    for name in names:
        there = set(target.execute(f'SELECT * FROM "{name}"').fetchall())  # noqa: S608
        added = [row for row in source.execute(f'SELECT * FROM "{name}"').fetchall() if row not in there]  # noqa: S608
        # What a service is founded with differs in its moment alone, and is no row of the import.
        if len(added) >= IMPORTED // 2:
            rows[name] = added
    gc.collect()
    start = time.process_time()
    with file.open(encoding="utf-8") as lines:
        for each in lines:
            ConsentRecord.model_validate(json.loads(each))
    target.execute("BEGIN IMMEDIATE")
    for name, added in rows.items():
        target.executemany(f'INSERT INTO "{name}" VALUES ({",".join("?" * len(added[0]))})', added)  # noqa: S608
    target.execute("COMMIT")
    return time.process_time() - start


def many_duties(house: House, number: int) -> None:
    """Duties as the projections keep them, many copies of those that are there, spread over days and verdicts."""
    with house.writing() as connection:
        for statement in (
            f"CREATE TEMP TABLE every AS WITH RECURSIVE n(i) AS "  # noqa: S608
            f"(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number}) SELECT i FROM n",
            "INSERT INTO duty SELECT d.service_id, d.case_id, d.rule, d.occurrence + 1000 + e.i, d.edition, d.owner, "
            "date(d.began_on, '-' || (e.i % 300) || ' days'), d.told_on, d.standard_due, d.service_due, "
            "d.enhanced_due, d.due_on, d.code_due_on, d.met_on, CASE e.i % 3 WHEN 0 THEN 'met' WHEN 1 THEN 'met_late' "
            "ELSE 'open' END, d.code_standing, d.provisional, CASE e.i % 2 WHEN 0 THEN 'rosa' ELSE 'imran' END, "
            "e.i % 20, e.i % 7, '' FROM every e JOIN (SELECT *, row_number() OVER (ORDER BY case_id, rule, occurrence) "
            "AS place FROM duty WHERE occurrence < 1000) d ON d.place = 1 + e.i % (SELECT count(*) FROM duty)",
            "DROP TABLE every",
        ):
            connection.execute(text(statement))


def report_figures(folder: Path) -> None:
    """The whole compliance report against the best query written by hand over the same tables."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "report.db"
    opened, _, _ = filled(f"sqlite:///{file}", folder)
    house = at(opened, NOW)
    many_duties(house, REPORTED)
    start, end = date(2025, 1, 1), date(2026, 12, 31)
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA cache_size=-65536")
    query = (
        "SELECT d.rule, d.edition, CASE WHEN d.standing <> 'open' THEN d.standing WHEN d.due_on IS NULL OR "
        "d.due_on > '2026-11-23' THEN 'running' WHEN d.due_on = '2026-11-23' THEN 'due_today' ELSE 'overdue' END, "
        "CASE WHEN d.code_standing <> 'open' THEN d.code_standing WHEN d.code_due_on IS NULL OR "
        "d.code_due_on > '2026-11-23' THEN 'running' WHEN d.code_due_on = '2026-11-23' THEN 'due_today' "
        "ELSE 'overdue' END, s.enhanced, d.took, d.waited, d.reason, count(*) FROM duty d JOIN case_summary s "
        "ON s.service_id = d.service_id AND s.case_id = d.case_id WHERE d.service_id = ? AND "
        "d.began_on BETWEEN ? AND ? GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
    )

    def by_hand() -> int:
        rows = connection.execute(query, (house.service, start.isoformat(), end.isoformat())).fetchall()
        return sum(row[-1] for row in rows)

    reported = compliance(house, start, end)["rules"]
    if by_hand() != sum(row[verdict] for row in reported for verdict in Verdict):
        raise SystemExit("The report and the query by hand do not count the same.")
    ours, theirs = timed(lambda: compliance(house, start, end)), timed(by_hand)
    line(f"compliance over {REPORTED} duties", ours, "by hand", theirs, "<= 2 x")
    house.database.dispose()


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        sqlite_figures(Path(name))
        report_figures(Path(name) / "report")
        if "PGPORT" in os.environ:
            from sqlalchemy import create_engine

            server = create_engine("postgresql+psycopg://", isolation_level="AUTOCOMMIT")
            with server.connect() as connection:
                connection.execute(text("CREATE DATABASE bench"))
            house, references, _ = filled("postgresql:///bench", Path(name) / "pg")
            measure_door(house, references, "PostgreSQL")
            house.database.dispose()


if __name__ == "__main__":
    main()
