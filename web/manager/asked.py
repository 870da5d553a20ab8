"""Reads the period and the day of knowledge that a manager asks a report for, and says what was wrong with them."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from engine.reports import end_of
from web.asked_days import asked_days

LONGEST = timedelta(days=366 * 5)


@dataclass
class Asked:
    """The days of a report, both included, as of which day it is asked (None: now), and what was wrong with that."""

    start: date
    end: date
    day: date | None = None
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def as_of(self) -> datetime | None:
        """The last moment of the day of knowledge; None for now."""
        return end_of(self.day) if self.day else None

    def query(self, **more: str) -> str:
        """The same question as the query of an address, with more to it."""
        days = {"from": self.start.isoformat(), "to": self.end.isoformat()}
        known = {"as-of": self.day.isoformat()} if self.day else {}
        return urlencode({**days, **known, **{name: value for name, value in more.items() if value}})

    def faults(self) -> list[dict[str, str]]:
        """What was wrong, for the summary at the head of the page."""
        return [{"text": text, "href": f"#{name}-day"} for name, text in self.errors.items()]


def asked(query: QueryParams, today: date, *, years: bool = False) -> Asked:
    """What was asked for; without a period the last three whole months and this one, or (``years``) the past year."""
    first = today.replace(day=1)
    for _ in range(12 if years else 3):
        first = (first - timedelta(days=1)).replace(day=1)
    labels = (("from", "The first day"), ("to", "The last day"), ("as-of", "The day of knowledge"))
    given = asked_days(query, labels, earliest=date(2000, 1, 1), latest=date(2199, 12, 31))
    days = given.days
    found = Asked(days.get("from", first), days.get("to", today), days.get("as-of"), given.errors, given.typed)
    if not found.errors and found.end < found.start:
        found.errors["to"] = "The last day must be the same as or after the first day"
    elif not found.errors and found.end - found.start > LONGEST:
        found.errors["to"] = "The period must be five years or shorter"
    elif found.day is not None and found.day > today:
        found.errors["as-of"] = "The day of knowledge must be today or in the past"
    return found
