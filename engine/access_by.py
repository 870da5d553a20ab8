"""Counts who was offered restorative justice and took part, by each answer about each protected characteristic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.house import House
from engine.kpi import known_cases
from engine.publishing import Shown, shown
from engine.report_settings import Grouping, read_report_settings
from engine.reports import NothingToReport, knowing
from store import characteristics
from workflow.milestones import Milestones
from workflow.publication import Table, to_hide
from workflow.vocabulary import Characteristic

Json = dict[str, Any]

NOT_KNOWN = "nobody has recorded it"


@dataclass(frozen=True, slots=True)
class Answered:
    """One case: how far it came (``flags``), and by characteristic the group of the answer, or why there is none."""

    case: str
    flags: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]


def answered(house: House, start: date, end: date, as_of: datetime | None = None) -> list[Answered]:
    """The cases opened in a period of victims who are people, with the answers that are held of them now.

    Values are opened here, put into the groups of reports.toml, and go no further.
    """
    if end < start:
        raise NothingToReport("The period ends before it begins.")
    knows = knowing(house, as_of)
    grouping = read_report_settings(house.settings.config).grouping
    with house.reading() as connection:
        found = [
            (case.reference, case.person_id, _flags(case.found))
            for case in known_cases(house, connection, knows, opened=(start, end))
            if case.found.victim_kind != "organisation"
        ]
        held = _held(house, connection, {person for _, person, _ in found}, grouping)
    nothing = dict.fromkeys(map(str, Characteristic), NOT_KNOWN)
    return [Answered(case, flags, tuple({**nothing, **held.get(person, {})}.items())) for case, person, flags in found]


def _flags(found: Milestones) -> tuple[str, ...]:
    came_to = {
        "consented": found.is_consented,
        "offered": found.offered_on,
        "took_part": found.held_on,
        "direct": found.direct_on,
    }
    return tuple(name for name, is_so in came_to.items() if is_so)


def _held(house: House, connection: Connection, people: set[int], grouping: Grouping) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for person, name, status, value in characteristics.answers(connection, house.service, house.keyring):
        if person in people:
            group = grouping.group(name, value) if status == "answered" else status.replace("_", " ")
            found.setdefault(person, {})[name] = group
    return found


ACCESS = ("cases", "consented", "offered", "took_part", "direct")


def access_tables(answered: Iterable[Answered]) -> list[Table]:
    """By characteristic a table: the cases of each answer, and of them those who consented, were offered, took part."""
    every: dict[str, dict[str, list[str]]] = {}
    for each in answered:
        for name, answer in each.answers:
            label = " ".join((str(answer.replace(" ", "_")), *each.flags))
            every.setdefault(name, {}).setdefault(label, []).append(each.case)
    found = []
    for name, items in every.items():
        cells: dict[str, frozenset[str]] = {}
        for answer in sorted({label.split()[0] for label in items}):
            own = [label for label in items if label.split()[0] == answer]
            for figure in ACCESS:
                cells[f"{answer}/{figure}"] = frozenset(
                    label for label in own if figure == "cases" or figure in label.split()[1:]
                )
        for figure in ACCESS:
            cells[f"/{figure}"] = frozenset(
                label for label in items if figure == "cases" or figure in label.split()[1:]
            )
        # Other tables and the other characteristics tell the totals, so nothing may rest on hiding them here.
        totals = frozenset(f"/{figure}" for figure in ACCESS)
        found.append(Table(f"access/{name}", f"cases by {name}", items, cells, known=totals))
    return found


def access_by_characteristic(house: House, start: date, end: date, as_of: datetime | None = None) -> Json:
    """By characteristic and answer: cases, consented, offered, took part, direct, and the area's share where known.

    Small numbers are hidden here already, with those that would give them away: what somebody answered is nobody's to
    know from a report.  What nobody asked or recorded stands beside the answers.  Raises NothingToReport where the
    period ends before it begins, or nothing was recorded by then.
    """
    listed = answered(house, start, end, as_of)
    tables = access_tables(listed)
    below = read_report_settings(house.settings.config).suppress_below
    return {
        "period": {"from": start.isoformat(), "to": end.isoformat()},
        "as_of": knowing(house, as_of).as_of.isoformat(),
        "people": len(listed),
        "below": below,
        **access_rows(house, tables, shown(tables, to_hide(tables, [], below))),
    }


def access_rows(house: House, tables: Sequence[Table], numbers: Shown) -> Json:
    """The rows of the tables with the numbers as they may be shown, in the order of reports.toml."""
    grouping = read_report_settings(house.settings.config).grouping
    every = []
    for table in tables:
        name, own = table.name.removeprefix("access/"), numbers[table.name]
        order = grouping.names(name)
        there = {cell.split("/")[0].replace("_", " ") for cell in own}
        rows = [
            {
                "answer": answer,
                "is_answer": answer in order,
                **{figure: own[f"{answer.replace(' ', '_')}/{figure}"] for figure in ACCESS},
                "area": grouping.area(name, answer),
            }
            for answer in sorted(there, key=lambda each: (order.index(each) if each in order else len(order), each))
        ]
        every.append({"characteristic": name, "answers": rows})
    return {"area_source": grouping.source, "characteristics": every}
