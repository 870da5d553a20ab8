"""Reads the days a visitor asks for in a page's address: as one value, or as the three boxes of a date."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from starlette.datastructures import QueryParams

_EARLIEST, _LATEST = date(1900, 1, 1), date(9999, 12, 31)


@dataclass
class AskedDays:
    """The days that were asked for by name, what was typed into each box, and a sentence for each that is no day."""

    days: dict[str, date] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def asked_days(
    query: QueryParams,
    labels: Sequence[tuple[str, str]],
    *,
    earliest: date = _EARLIEST,
    latest: date = _LATEST,
) -> AskedDays:
    """The days under these names, each with the label that its error begins with; a name without a value is left out.

    A day comes whole (``from=2026-03-27``) or in three boxes (``from-day=27&from-month=3&from-year=2026``).
    """
    found = AskedDays()
    for name, label in labels:
        boxes = {f"{name}-{part}": query.get(f"{name}-{part}", "").strip() for part in ("day", "month", "year")}
        whole = query.get(name, "").strip()
        if whole and not any(boxes.values()):
            year, month, day, *_ = (*whole.split("-"), "", "", "")
            boxes = dict(zip(boxes, (day, month, year), strict=True))
        found.typed |= boxes
        given = whole or "-".join(reversed(list(boxes.values())))
        if not given.strip("-"):
            continue
        found_day = _day(given)
        if found_day is None:
            found.errors[name] = f"{label} must be a real date, like 27 3 2026"
        elif not earliest <= found_day <= latest:
            found.errors[name] = f"{label} must be between {earliest.year} and {latest.year}"
        else:
            found.days[name] = found_day
    return found


def _day(text: str) -> date | None:
    parts = text.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None
