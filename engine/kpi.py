"""Counts KPI 10 of a quarter, freezes it as it is submitted, and says what has changed since."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.entries import Actor
from engine.errors import NotFound
from engine.house import House
from engine.report_settings import read_report_settings
from engine.reports import Knowing, NothingToReport, derived_cases, knowing
from store import reports, returns
from store.reports import MeasuredCase
from workflow.kpi import (
    MEASURES,
    NOT_CHECKED,
    ROWS,
    SPOILS,
    Definition,
    Line,
    counted_in,
    differences,
    figures,
    lines,
    spoils,
)
from workflow.milestones import NOT_VICTIMS, Milestones, milestones
from workflow.quarters import Quarter, quarter_named, quarter_of
from workflow.vocabulary import CloseReason, State

Json = dict[str, Any]


def known_cases(
    house: House, connection: Connection, knows: Knowing, **between: tuple[date, date]
) -> Iterator[MeasuredCase]:
    """The cases with something in a period: ``opened``, ``contacted``, ``closed``, ``ended`` (an intervention).

    From the projections where they answer, from the history as it was known where they do not.
    """
    yield from reports.measured_cases(connection, house.service, knows.known, **between)
    for key, case in derived_cases(house, connection, knows):
        found = milestones(case)
        if all(_is_between(found, name, days) for name, days in between.items()):
            enhanced = case.enhanced_from is not None
            yield MeasuredCase(key.reference, key.person_id, enhanced, case.assignee, case.is_open, found)


def _is_between(found: Milestones, name: str, days: tuple[date, date]) -> bool:
    start, end = days
    if name == "ended":
        first, last = found.first_ended_on, found.last_ended_on
        return first is not None and last is not None and last >= start and first <= end
    day: date | None = getattr(found, f"{name}_on")
    return day is not None and start <= day <= end


def kpi(house: House, quarter: Quarter, as_of: datetime | None = None) -> Json:
    """KPI 10 of a quarter as known at ``as_of``: rows of the template, measures, lines and what would spoil it.

    ``is_over`` is false while the quarter still runs, and the figures are those so far.  Raises NothingToReport for a
    quarter that has not begun, or a moment before the first event.
    """
    knows = knowing(house, as_of)
    if quarter.start > knows.day:
        raise NothingToReport(f"The quarter {quarter.name} has not begun: it starts on {quarter.start.isoformat()}.")
    settings = read_report_settings(house.settings.config)
    definition = settings.definition_on(quarter.end)
    counted: list[Line] = []
    spoiled = []
    for line, consented_on in _lines(house, knows, quarter, definition):
        counted.append(line)
        codes = spoils(line, consented_on)
        if codes:
            words = [SPOILS[code] for code in codes]
            spoiled.append({"case": line.case, "child": line.child, "codes": list(codes), "remedies": words})
    counted.sort(key=lambda line: (line.ended_on, line.case, line.child))
    due_on = house.calendar.add_working_days(quarter.end, settings.due_after_working)
    listed_from = house.calendar.add_working_days(due_on, -settings.list_before_working)
    return {
        "quarter": quarter.name,
        "period": {"from": quarter.start.isoformat(), "to": quarter.end.isoformat()},
        "as_of": knows.as_of.isoformat(),
        "is_over": knows.day > quarter.end,
        "definition": definition.document(),
        **figures(counted),
        "spoils": sorted(spoiled, key=lambda each: (str(each["case"]), str(each["child"]))),
        "left_out": _left_out(house, knows, quarter),
        "due_on": due_on.isoformat(),
        "spoils_listed_from": listed_from.isoformat(),
        "spoils_are_due": knows.day >= listed_from,
        "lines": [line.document() for line in counted],
        "not_checked": list(NOT_CHECKED),
    }


def _lines(
    house: House, knows: Knowing, quarter: Quarter, definition: Definition
) -> Iterator[tuple[Line, date | None]]:
    """The lines of a quarter, each with the day on which the victim consented."""
    with house.reading() as connection:
        for case in known_cases(house, connection, knows, ended=(quarter.start, quarter.end)):
            for line in lines(case.reference, case.person_id, case.found, quarter, definition):
                yield line, case.found.consented_on


def _left_out(house: House, knows: Knowing, quarter: Quarter) -> list[str]:
    """The cases closed in a quarter of victims who agreed, for which no end of an intervention is on record.

    A quarter counts by that end, so without it a victim is in no return.  It comes with the file of children, or a
    person records it.
    """
    with house.reading() as connection:
        return sorted(
            case.reference
            for case in known_cases(house, connection, knows, closed=(quarter.start, quarter.end))
            if case.found.is_consented
            and case.found.first_ended_on is None
            and case.found.standing not in (*NOT_VICTIMS, State.ERASED, CloseReason.TRANSFERRED)
        )


def kpi_cases(house: House, quarter: Quarter, name: str) -> list[str]:
    """The cases behind a measure or a row of a quarter as known now, in order.  Raises NotFound for no such row."""
    if name not in {row for row, _ in ROWS} | set(MEASURES):
        raise NotFound("There is no such figure.")
    definition = read_report_settings(house.settings.config).definition_on(quarter.end)
    found = _lines(house, knowing(house), quarter, definition)
    return sorted({line.case for line, _ in found if counted_in(name, line)})


def latest_quarter(house: House) -> Quarter:
    """The last quarter that is over."""
    return quarter_of(house.today()).before


def freeze(house: House, quarter: Quarter, actor: Actor) -> Json:
    """Freeze a quarter as it is submitted now, and give it.

    Raises NotPermitted, and NothingToReport while the quarter is not over.
    """
    house.permissions.demand(actor.role, "kpi.freeze")
    now = house.now()
    document = kpi(house, quarter)
    if not document["is_over"]:
        raise NothingToReport(f"The quarter {quarter.name} is not over: it ends on {quarter.end.isoformat()}.")
    with house.writing() as connection:
        returns.freeze(connection, house.service, quarter.name, document, actor.user, now)
    return document


def submitted(house: House, quarter: Quarter, now_known: Json) -> Json | None:
    """The quarter as it was last submitted, by whom and when, with the differences since; None if it never was."""
    with house.reading() as connection:
        kept = returns.frozen(connection, house.service, quarter.name)
    if not kept:
        return None
    newest = kept[0]
    return {
        "frozen_at": newest.frozen_at.isoformat(),
        "by": newest.by,
        "times": len(kept),
        "rows": newest.document["rows"],
        "headline": newest.document["headline"],
        "differences": differences(newest.document, now_known),
    }


def quarter_asked(name: str) -> Quarter:
    """The quarter of a name.  Raises NothingToReport with a sentence where it is none."""
    try:
        return quarter_named(name)
    except ValueError as fault:
        raise NothingToReport(str(fault)) from None
