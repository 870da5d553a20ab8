"""Decides since when each bank holiday is known: what GOV.UK publishes now against what the cases were told of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from workflow.calendar import BadCalendar, Calendar, Change, Holiday
from workflow.london import written_day


@dataclass(frozen=True, slots=True)
class KnownDay:
    """A bank holiday the cases were told of.

    ``known_on`` is the London day on which they were, None where it stood in the table when the table began;
    ``dropped_on`` the day on which they were told that it is none after all, None while it stands.
    """

    holiday: Holiday
    known_on: date | None = None
    dropped_on: date | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What one table has and another has not, in order of the day; ``renamed`` has the new title."""

    added: tuple[Holiday, ...]
    removed: tuple[Holiday, ...]
    renamed: tuple[Holiday, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The days that count in one table and not in the other."""
        return tuple(sorted(holiday.day for holiday in (*self.added, *self.removed)))


def difference(before: Calendar, after: Calendar) -> Difference:
    """What changes from one table to another."""
    old, new = ({holiday.day: holiday for holiday in each.holidays} for each in (before, after))
    return Difference(
        added=tuple(holiday for day, holiday in new.items() if day not in old),
        removed=tuple(holiday for day, holiday in old.items() if day not in new),
        renamed=tuple(holiday for day, holiday in new.items() if day in old and holiday != old[day]),
    )


def known_days_of(document: object) -> tuple[KnownDay, ...]:
    """The dated table from its document: ``days``, a list of objects with the keys of ``known_document``.

    Raises BadCalendar, naming the place by a dotted path that counts from 1.
    """
    days = document.get("days") if isinstance(document, Mapping) else None
    if not isinstance(days, list):
        raise BadCalendar("days", "Give the list of days that were told.")
    found = [_known_day(each, f"days.{place}") for place, each in enumerate(days, start=1)]
    standing = [each.holiday.day for each in found if each.dropped_on is None]
    if len(set(standing)) != len(standing):
        raise BadCalendar("days", "Each day may stand once: drop it before it comes again.")
    return tuple(found)


def _known_day(value: object, path: str) -> KnownDay:
    if not isinstance(value, Mapping):
        raise BadCalendar(path, "Give an object with day, title, substitute, known_on and dropped_on.")
    title, substitute = value.get("title"), value.get("substitute", False)
    if not isinstance(title, str) or not title:
        raise BadCalendar(f"{path}.title", "Give the name of the holiday.")
    if not isinstance(substitute, bool):
        raise BadCalendar(f"{path}.substitute", "Give true or false.")
    day = _day(value, "day", path)
    if day is None:
        raise BadCalendar(f"{path}.day", "Give the day as YYYY-MM-DD.")
    known_on, dropped_on = _day(value, "known_on", path), _day(value, "dropped_on", path)
    if known_on is not None and dropped_on is not None and dropped_on < known_on:
        raise BadCalendar(f"{path}.dropped_on", "Give a day not before the one on which it became known.")
    return KnownDay(Holiday(day, title, substitute), known_on, dropped_on)


def _day(value: Mapping[str, object], name: str, path: str) -> date | None:
    given = value.get(name)
    if given is None:
        return None
    day = written_day(given)
    if day is None:
        raise BadCalendar(f"{path}.{name}", "Give the day as YYYY-MM-DD.")
    return day


def known_document(known: Iterable[KnownDay]) -> dict[str, object]:
    """The document of a dated table, ready for JSON."""
    return {
        "what": "The bank holidays the cases were told of, and since when. Written by: victim-contact calendar import",
        "days": [
            {
                "day": each.holiday.day.isoformat(),
                "title": each.holiday.title,
                "substitute": each.holiday.substitute,
                "known_on": each.known_on and each.known_on.isoformat(),
                "dropped_on": each.dropped_on and each.dropped_on.isoformat(),
            }
            for each in known
        ],
    }


def dated(published: Calendar, known: Sequence[KnownDay]) -> Calendar:
    """The published table with the day on which each of its changes became known.

    What GOV.UK publishes reaches only some years back: days before its first year are kept from what was told.  What it
    has and nobody was told of is a change without ``known_on``, and so is what was told and it has no longer.
    """
    if not known:
        return published
    standing = {each.holiday.day: each.holiday for each in known if each.dropped_on is None}
    kept = tuple(standing[day] for day in sorted(standing) if day < published.first_day)
    changes = [Change(each.holiday, True, each.known_on) for each in known if each.known_on is not None]
    changes += [Change(each.holiday, False, each.dropped_on) for each in known if each.dropped_on is not None]
    changes.sort(key=lambda change: change.known_on or date.max)
    now = {holiday.day: holiday for holiday in published.holidays}
    changes += [Change(now[day], True, None) for day in now if day not in standing]
    changes += [
        Change(standing[day], False, None) for day in sorted(standing) if day >= published.first_day and day not in now
    ]
    first_day = kept[0].day.replace(month=1, day=1) if kept else published.first_day
    return replace(published, holidays=(*kept, *published.holidays), first_day=first_day, changes=tuple(changes))


def untold(calendar: Calendar) -> Difference:
    """What is in the table, or went out of it, and no case was told of."""
    changes = [change for change in calendar.changes if change.known_on is None]
    return Difference(
        tuple(change.holiday for change in changes if change.came),
        tuple(change.holiday for change in changes if not change.came),
        (),
    )


def told(calendar: Calendar, known: Sequence[KnownDay], today: date) -> tuple[KnownDay, ...]:
    """The dated table once the cases have been told of everything in a calendar made by ``dated``."""
    if not known:
        return tuple(KnownDay(holiday) for holiday in calendar.holidays)
    news = untold(calendar)
    gone = {holiday.day for holiday in news.removed}
    now = {holiday.day: holiday for holiday in calendar.holidays}
    kept = [
        each
        if each.dropped_on is not None
        else replace(each, dropped_on=today)
        if each.holiday.day in gone
        else replace(each, holiday=now.get(each.holiday.day, each.holiday))
        for each in known
    ]
    every = [*kept, *(KnownDay(holiday, today) for holiday in news.added)]
    return tuple(sorted(every, key=lambda each: (each.holiday.day, each.known_on or date.min)))
