"""Tells which day it is in London: moments are kept in UTC, but the law counts London days."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def written_day(text: object) -> date | None:
    """The day that a text in the one form ``YYYY-MM-DD`` names; None for anything else.

    The library's own reader also takes ``20261122`` and ``2026-W47-7``, which other systems read differently.
    """
    try:
        day = date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return day if day is not None and day.isoformat() == text else None


def london_day(moment: datetime) -> date:
    """The London day on which an aware moment falls: 23:30 UTC on 30 June is 1 July."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(LONDON).date()


def start_of_day(day: date) -> datetime:
    """The first moment of a London day, in UTC: the moment given to an event of which only the day is known."""
    return datetime.combine(day, time(0), LONDON).astimezone(UTC)
