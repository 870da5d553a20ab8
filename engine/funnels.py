"""Counts the funnel of a period from the projections, and opens the cases behind each step and each loss."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.house import House
from engine.kpi import known_cases
from engine.reports import Knowing, NothingToReport, derived_cases, knowing
from store import reports
from workflow.funnel import STEPS, Place, funnel, place, place_of
from workflow.milestones import milestones

Json = dict[str, Any]


def _places(house: House, connection: Connection, knows: Knowing, start: date, end: date) -> Iterator[Place]:
    for row in reports.count_steps(connection, house.service, start, end, knows.known):
        yield place_of(
            row.passed,
            row.standing,
            is_direct=row.is_direct,
            is_indirect=row.is_indirect,
            is_told=row.is_told,
            enhanced=row.enhanced,
            number=row.number,
        )
    for _, case in derived_cases(house, connection, knows):
        found = milestones(case)
        if start <= found.opened_on <= end:
            yield place(found, case.enhanced_from is not None)


def funnel_of(house: House, start: date, end: date, as_of: datetime | None = None) -> Json:
    """The funnel of the cases opened from ``start`` to ``end``, both included, as known at ``as_of``.

    Raises NothingToReport where the period ends before it begins, or nothing was recorded by then.
    """
    if end < start:
        raise NothingToReport("The period ends before it begins.")
    knows = knowing(house, as_of)
    with house.reading() as connection:
        counted = funnel(_places(house, connection, knows, start, end))
    return {
        "period": {"from": start.isoformat(), "to": end.isoformat()},
        "as_of": knows.as_of.isoformat(),
        **counted,
    }


def funnel_cases(
    house: House, start: date, end: date, as_of: datetime | None, step: str, standing: str | None
) -> list[str]:
    """The cases that came to a step; with ``standing`` those that went no further, for that reason.

    ``step`` is one of ``funnel.STEPS`` or ``direct``, ``indirect``, ``out_of_order``.
    """
    if end < start:
        raise NothingToReport("The period ends before it begins.")
    knows = knowing(house, as_of)
    with house.reading() as connection:
        return sorted(
            case.reference
            for case in known_cases(house, connection, knows, opened=(start, end))
            if _is_of(place(case.found), step, standing)
        )


def _is_of(found: Place, step: str, standing: str | None) -> bool:
    match step:
        case "direct":
            return found.is_direct
        case "indirect":
            return found.is_indirect
        case "out_of_order":
            return found.out_of_order
        case _ if step in STEPS:
            at = STEPS.index(step)
            return found.reached >= at if standing is None else found.reached == at and found.standing == standing
    raise NothingToReport("There is no such step.")
