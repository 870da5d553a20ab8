"""Reads the days on which the service itself is closed, and refuses what is wrong with them at its exact place."""

from datetime import date, timedelta

from workflow.calendar import Closure
from workflow.code import BadRule
from workflow.duty_matches import Table

# Longer than any office closes; a slip in the year would silence every reminder in between.
_LONGEST = timedelta(days=62)


def closures_of(document: object) -> tuple[Closure, ...]:
    """The closed days in order, from tables ``[[closure]]`` with ``day``, ``reason`` and, for several, ``last_day``.

    Raises BadRule: the path counts the tables from 1.
    """
    table = Table(document, "")
    found: dict[date, Closure] = {}
    for place, item in enumerate(table.items("closure"), start=1):
        inner = Table(item, f"closure.{place}")
        first = _day(inner, "day")
        last = _day(inner, "last_day") if "last_day" in inner.value else first
        reason = inner.text("reason")
        inner.end()
        if not first <= last <= first + _LONGEST:
            raise BadRule(f"{inner.path}.last_day", "Give a day not before the first, and at most two months after it.")
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if day in found:
                raise BadRule(f"{inner.path}.day", f"{day.isoformat()} is listed twice: keep one.")
            found[day] = Closure(day, reason)
    table.end()
    return tuple(found[day] for day in sorted(found))


def _day(table: Table, name: str) -> date:
    value = table.take(name)
    if type(value) is not date or value.year > date.max.year - 1:
        raise BadRule(f"{table.path}.{name}", "Give a day as YYYY-MM-DD, without quotes.")
    return value
