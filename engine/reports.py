"""Counts compliance: by rule, with numerator and denominator, and the cases behind every figure."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from engine.house import House
from store import cases
from workflow.audit import Finding, findings, tally
from workflow.london import london_day

Json = dict[str, Any]


def _findings(house: House, start: date, end: date, as_of: datetime) -> Iterator[Finding]:
    """The audit's word on every duty that began in the period, as it was known at ``as_of``."""
    day = london_day(as_of)
    calendar = house.calendar if day >= house.today() else house.calendar.as_known_on(day)
    with house.reading() as connection:
        for _, case in cases.histories(connection, house.service):
            yield from findings(case.as_of(as_of), house.rulebook, calendar, start, end, day)


def compliance(house: House, start: date, end: date, as_of: datetime) -> Json:
    """Compliance by rule for duties that began from ``start`` to ``end``, as known at ``as_of``.

    Events recorded later than ``as_of`` do not count.  Raises ValueError where the period ends before it begins.
    """
    if end < start:
        raise ValueError("The period ends before it begins.")
    return {
        "period": {"from": start.isoformat(), "to": end.isoformat()},
        "as_of": as_of.isoformat(),
        **tally(_findings(house, start, end, as_of)),
    }
