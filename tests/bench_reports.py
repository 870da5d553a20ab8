"""Measures the reports of a large service against SQL written by hand over the same tables, in the same run.

``BENCH_CASES`` says how many cases; each has ten duties and ten events.  The long form is a million.
"""

import gc
import os
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from engine.funnels import funnel_of
from engine.house import House
from engine.kpi import kpi
from engine.reports import compliance
from engine.victim_views import victim_views
from tests.conftest import NOW, new_house
from tests.edge.reported_service import raw_cases, work
from tests.edge.web_visitors import at
from workflow.quarters import Quarter
from workflow.vocabulary import Verdict

CASES = int(os.environ.get("BENCH_CASES", "20000"))
START, END = date(2024, 1, 1), date(2026, 12, 31)
_EACH, _SPREAD = 10, 1050


class _Words:
    """What the two databases say differently."""

    def __init__(self, connection: Connection) -> None:
        self.is_sqlite = connection.dialect.name == "sqlite"
        numbers = (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0}) SELECT i FROM n"
            if self.is_sqlite
            else "SELECT i FROM generate_series(1, {0}) AS i"
        )
        self.numbers = f"CREATE TEMP TABLE n AS {numbers}"

    def day(self, after: str) -> str:
        """A day so many days after the first."""
        if self.is_sqlite:
            return f"date('{START}', '+' || ({after}) || ' days')"
        return f"(date '{START}' + ({after})::int)"

    def number(self, name: str) -> str:
        """A number of the small document of a case."""
        if self.is_sqlite:
            return f"coalesce(json_extract(s.others, '$.{name}'), 0)"
        return f"coalesce((s.others::jsonb ->> '{name}')::int, 0)"


def _copied(connection: Connection, name: str, case: int, instead: dict[str, str], ordered: str = "case_id") -> None:
    """The first rows of one case in a table, once more for every number, with some columns made anew."""
    columns = [column.name for column in SQLModel.metadata.tables[name].columns]
    made = ", ".join(instead.get(each, f't."{each}"') for each in columns)
    listed = ", ".join(f'"{each}"' for each in columns)
    source = (
        f"SELECT r.*, row_number() OVER (ORDER BY {ordered}) AS place FROM {name} r "  # noqa: S608
        f"WHERE case_id = {case} ORDER BY {ordered} LIMIT {_EACH}"
    )
    connection.execute(text(f'INSERT INTO "{name}" ({listed}) SELECT {made} FROM ({source}) t, n'))  # noqa: S608


def large_service(url: str, folder: Path, number: int) -> House:
    """A service with so many closed cases, each a copy of one that was worked on, spread over days and verdicts."""
    opened = new_house(url, folder)
    work(opened, number=4)
    template = max(raw_cases(opened), key=lambda raw: len(raw.events))
    with opened.writing() as connection:
        words = _Words(connection)
        of = connection.execute(
            text("SELECT case_id FROM victim_case WHERE reference = :of"), {"of": template.reference}
        ).scalar_one()
        connection.execute(text(words.numbers.format(number)))
        case = {"case_id": f"{1000} + n.i"}
        _copied(connection, "victim_case", of, {**case, "reference": "'VB-' || n.i"})
        _copied(connection, "event", of, case, "seq")
        day = words.day(f"n.i % {_SPREAD}")
        reached = {
            f"{name}_on": f"CASE WHEN n.i % 19 < {19 - place} THEN {day} END"
            for place, name in enumerate(
                (
                    "identifiable",
                    "asked",
                    "consented",
                    "safe",
                    "contacted",
                    "talked",
                    "offered",
                    "indirect",
                    "completed",
                )
            )
        }
        others = (
            "'{\"decisions\":' || (n.i % 3) || ',\"heard\":' || (n.i % 2) || "
            '\',"endings":[["CH-1","\' || ' + day + ' || \'","completed"]]}\''
        )
        _copied(
            connection,
            "case_summary",
            of,
            {
                **case,
                **reached,
                "reference": "'VB-' || n.i",
                "is_open": "1 = 0",
                "open_case_id": "NULL",
                "look_on": "NULL",
                "state": "'closed'",
                "opened_on": day,
                "closed_on": day,
                "enhanced": "n.i % 7 = 0",
                "direct_on": f"CASE WHEN n.i % 19 < 2 THEN {day} END",
                "first_ended_on": day,
                "last_ended_on": day,
                "standing": "CASE n.i % 3 WHEN 0 THEN 'under_way' WHEN 1 THEN 'said_no' ELSE 'uncontactable' END",
                "others": others,
            },
        )
        _copied(
            connection,
            "duty",
            of,
            {
                **case,
                "began_on": day,
                "standing": "CASE (n.i + t.place) % 4 WHEN 0 THEN 'met_late' WHEN 1 THEN 'open' ELSE 'met' END",
                "worker": "CASE n.i % 2 WHEN 0 THEN 'rosa' ELSE 'imran' END",
                "took": "(n.i + t.place) % 20",
                "waited": "n.i % 7",
                "reason": "''",
            },
            "rule, occurrence",
        )
        connection.execute(text("DROP TABLE n"))
    with opened.writing() as connection:
        connection.execute(text("ANALYZE"))
    return at(opened, NOW)


def _compliance_by_hand(house: House) -> Callable[[], int]:
    today = house.today().isoformat()

    def verdict(standing: str, due: str) -> str:
        return (
            f"CASE WHEN d.{standing} <> 'open' THEN d.{standing} WHEN d.{due} IS NULL OR d.{due} > '{today}' THEN "
            f"'running' WHEN d.{due} = '{today}' THEN 'due_today' ELSE 'overdue' END"
        )

    query = text(
        f"SELECT d.rule, d.edition, {verdict('standing', 'due_on')}, {verdict('code_standing', 'code_due_on')}, "  # noqa: S608
        "s.enhanced, d.took, d.waited, d.reason, count(*) FROM duty d JOIN case_summary s "
        "ON s.service_id = d.service_id AND s.case_id = d.case_id WHERE d.service_id = :service AND "
        "d.began_on BETWEEN :start AND :end GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
    )
    return lambda: sum(row[-1] for row in _rows(house, query))


def _funnel_by_hand(house: House) -> Callable[[], int]:
    points = (
        "identifiable",
        "asked",
        "consented",
        "safe",
        "contacted",
        "talked",
        "offered",
        "direct",
        "indirect",
        "completed",
    )
    parts = ", ".join(f"{name}_on IS NOT NULL" for name in points)
    query = text(
        f"SELECT {parts}, enhanced, standing, count(*) FROM case_summary WHERE service_id = :service AND "  # noqa: S608
        f"opened_on BETWEEN :start AND :end GROUP BY {', '.join(map(str, range(1, len(points) + 3)))}"
    )
    return lambda: sum(row[-1] for row in _rows(house, query))


def _others_by_hand(house: House) -> Callable[[], int]:
    with house.reading() as connection:
        words = _Words(connection)
    names = ("decisions", "heard", "excused", "errors", "reopened", "after_order", "complaints", "after_withdrawal")
    sums = ", ".join(f"sum({words.number(name)})" for name in names)
    query = text(
        f"SELECT {sums} FROM case_summary s WHERE service_id = :service AND opened_on BETWEEN :start AND :end"  # noqa: S608
    )
    return lambda: int(_rows(house, query)[0][0])


def _rows(house: House, query: Any) -> list[Any]:
    with house.reading() as connection:
        return list(connection.execute(query, {"service": house.service, "start": str(START), "end": str(END)}))


def _timed(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Seconds of both, each the median of several turns that take turns."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for made, each in zip((ours, theirs), taken, strict=True):
            gc.collect()
            start = time.perf_counter()
            made()
            each.append(time.perf_counter() - start)
    return statistics.median(taken[0]), statistics.median(taken[1])


def report_figures(url: str, folder: Path, number: int = CASES) -> None:
    """The reports of a large service, each against the query by hand, and the whole of them."""
    folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    house = large_service(url, folder, number)
    print(
        f"{number} cases, {number * _EACH} duties, {number * _EACH} events made in {time.perf_counter() - began:.0f} s"
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    counted = sum(row[verdict] for row in compliance(house, START, END)["rules"] for verdict in Verdict)
    if counted != _compliance_by_hand(house)() or funnel_of(house, START, END)["steps"][0]["number"] != (
        _funnel_by_hand(house)()
    ):
        raise SystemExit("The reports and the queries by hand do not count the same.")
    rounds = 5 if number <= 50_000 else 3
    ours_all = theirs_all = 0.0
    for name, ours, theirs in (
        ("compliance", lambda: compliance(house, START, END), _compliance_by_hand(house)),
        ("funnel", lambda: funnel_of(house, START, END), _funnel_by_hand(house)),
        ("voice and support", lambda: victim_views(house, START, END), _others_by_hand(house)),
    ):
        mine, hand = _timed(ours, theirs, rounds)
        ours_all, theirs_all = ours_all + mine, theirs_all + hand
        print(f"  {name:<40} {mine:8.3f} s   {mine / hand:6.2f} x by hand ({hand:.3f} s)")
    print(f"  {'the whole report':<40} {ours_all:8.3f} s   {ours_all / theirs_all:6.2f} x by hand, wanted <= 2 x")
    start = time.perf_counter()
    lines = len(kpi(house, Quarter(2026, 2))["lines"])
    print(f"  {f'KPI 10 of a quarter, {lines} lines':<40} {time.perf_counter() - start:8.3f} s")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"  {'memory of the process at most':<40} {most:8} MiB ({before} before the first report)")
    house.database.dispose()
