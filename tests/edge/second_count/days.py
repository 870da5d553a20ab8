"""Counts days one by one: working days by the library ``holidays``, calendar days and months by the calendar."""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from typing import Any

import holidays

_ONE = timedelta(days=1)
_OFF = set(holidays.country_holidays("GB", subdiv="ENG", years=range(2018, 2029)))

Pause = tuple[date, date | None]


@cache
def works(day: date) -> bool:
    """Whether a day is a working day."""
    return day.weekday() < 5 and day not in _OFF


@cache
def on(day: date, number: int) -> date:
    """So many working days after a day, or before it where the number is negative."""
    step = _ONE if number > 0 else -_ONE
    left = abs(number)
    while left:
        day += step
        left -= works(day)
    return day


@cache
def between(start: date, end: date) -> int:
    """How many working days there are after one day until another; negative where the other is earlier."""
    if end < start:
        return -between(end, start)
    return sum(works(start + _ONE * number) for number in range(1, (end - start).days + 1))


def due(limit: Any, start: date, pauses: list[Pause]) -> date | None:
    """The last day in time by a limit as the file has it; ``start`` is day nought, or the day counted back from."""
    if limit == "none":
        return None
    if "before" in limit:
        last = on(start, -limit["before"]) if limit["before"] else start
        return _moved(last, limit)
    if "calendar_months" in limit:
        whole = start.month - 1 + limit["calendar_months"]
        year, month = start.year + whole // 12, whole % 12 + 1
        last = date(year, month, min(start.day, monthrange(year, month)[1]))
    elif "calendar_days" in limit:
        last = start + _ONE * limit["calendar_days"]
    else:
        last = on(start, limit["working_days"])
    return _moved(_stretched(limit, start, last, pauses), limit)


def _moved(last: date, limit: Any) -> date:
    while limit.get("moves") and not works(last):
        last += _ONE
    return last


def _stretched(limit: Any, start: date, last: date, pauses: list[Pause]) -> date:
    """The day moved on by every day on which the clock stood still while it ran."""
    for first, again in pauses:
        stopped = max(first, start + _ONE)
        if again is None or again <= stopped or stopped > last:
            continue
        if "working_days" in limit:
            last = on(last, between(stopped - _ONE, again - _ONE))
        else:
            last += again - stopped
    return last
