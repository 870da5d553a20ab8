"""Decides which days count: the working days of England and Wales, from a dated table that says how far it knows."""

import calendar as months
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from workflow.london import written_day

DIVISION = "england-and-wales"

_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SATURDAY = 5
_LAST = date.max.toordinal()


class DayOutOfRange(ValueError):
    """A day before year 1 or after year 9999 was asked for."""

    def __init__(self) -> None:
        super().__init__("The day asked for lies outside the years 1 to 9999.")


class BadCalendar(ValueError):
    """The holiday table cannot be used: ``key`` says where, ``remedy`` what to do about it."""

    def __init__(self, key: str, remedy: str) -> None:
        super().__init__(f"{key}: {remedy}")
        self.key = key
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Holiday:
    """A bank holiday: its day, its title, and whether it stands in for a day that fell on a weekend."""

    day: date
    title: str
    substitute: bool = False

    @property
    def words(self) -> str:
        """Why the day does not count, in words: ``Boxing Day (substitute day)``."""
        if self.substitute:
            return f"{self.title} (substitute day)"
        return self.title if "bank holiday" in self.title.lower() else f"{self.title} (bank holiday)"


@dataclass(frozen=True, slots=True)
class Change:
    """A bank holiday that came into the table or went out of it after the table began.

    ``known_on`` is the London day on which the cases were told, or None while none was.
    """

    holiday: Holiday
    came: bool
    known_on: date | None


@dataclass(frozen=True, slots=True)
class Closure:
    """A day on which the service itself is closed, and why; it moves reminders and never a due date."""

    day: date
    reason: str


def _weekdays_until(ordinal: int) -> int:
    """How many Mondays to Fridays there are up to and including a day; ordinal 1 is a Monday."""
    return ordinal // 7 * 5 + min(ordinal % 7, 5)


def _day(ordinal: int) -> date:
    if not 1 <= ordinal <= _LAST:
        raise DayOutOfRange
    return date.fromordinal(ordinal)


@dataclass(frozen=True)
class Calendar:
    """The bank holidays of England and Wales from ``first_day`` to ``horizon``, the last day the table knows.

    Monday to Friday less these holidays are working days.  Outside the table only weekends are left out, and
    ``is_provisional`` says so.  ``changes`` are those made since the table began, in the order in which they became
    known, those of which no case was told last.  Days are London days; all counts are in whole days.
    Source: no edition of the Code defines a working day; this is our reading, kept as one table.
    """

    holidays: tuple[Holiday, ...]
    first_day: date
    horizon: date
    changes: tuple[Change, ...] = ()
    closures: tuple[Closure, ...] = ()

    @cached_property
    def _known(self) -> list[date]:
        return [change.known_on or date.max for change in self.changes]

    @cached_property
    def _earlier(self) -> dict[int, "Calendar"]:
        """The table after so many of its changes, made when it is asked for: every settled duty of a day asks."""
        return {len(self.changes): self}

    def as_known_on(self, day: date | None) -> "Calendar":
        """The table as it was known on a day; None gives the table as it is.

        What became known later, or what no case was told of, is undone: a duty that was settled before a holiday was
        announced keeps its verdict.
        """
        if day is None or not self.changes:
            return self
        number = bisect_right(self._known, day)
        if number not in self._earlier:
            known = {holiday.day: holiday for holiday in self.holidays}
            for change in reversed(self.changes[number:]):
                if change.came:
                    known.pop(change.holiday.day, None)
                else:
                    known[change.holiday.day] = change.holiday
            holidays = tuple(sorted(known.values(), key=lambda holiday: holiday.day))
            self._earlier[number] = replace(self, holidays=holidays, changes=self.changes[:number])
        return self._earlier[number]

    @cached_property
    def _closed(self) -> frozenset[date]:
        return frozenset(closure.day for closure in self.closures)

    def is_open(self, day: date) -> bool:
        """Whether somebody is at work: a working day on which the service itself is not closed."""
        return self.is_working(day) and day not in self._closed

    def open_day(self, day: date, *, earlier: bool) -> date:
        """The day itself where the service is open, else the nearest such day before or after it."""
        while not self.is_open(day):
            day = self.add_working_days(day, -1 if earlier else 1)
        return day

    @cached_property
    def _names(self) -> Mapping[date, Holiday]:
        return {holiday.day: holiday for holiday in self.holidays}

    @cached_property
    def _ordinals(self) -> list[int]:
        # A holiday on a weekend takes no working day away, so it has no place in the count.
        return sorted(h.day.toordinal() for h in self.holidays if h.day.weekday() < _SATURDAY)

    @cached_property
    def _working_before(self) -> list[int]:
        """For each holiday, how many working days have passed by then: what makes the count go both ways."""
        return [_weekdays_until(o) - place for place, o in enumerate(self._ordinals, start=1)]

    def _passed(self, ordinal: int) -> int:
        """How many working days have passed, this day included, since the beginning of time."""
        return _weekdays_until(ordinal) - bisect_right(self._ordinals, ordinal)

    def _numbered(self, number: int) -> date:
        """The working day that has this number since the beginning of time."""
        week, weekday = divmod(number + bisect_left(self._working_before, number) - 1, 5)
        return _day(week * 7 + weekday + 1)

    def why_not(self, day: date) -> str | None:
        """Why a day does not count: ``Saturday``, ``Christmas Day (bank holiday)``, ...; None for a working day."""
        if day.weekday() >= _SATURDAY:
            return _NAMES[day.weekday()]
        holiday = self._names.get(day)
        return holiday.words if holiday else None

    def is_working(self, day: date) -> bool:
        """Whether a day counts."""
        return day.weekday() < _SATURDAY and day not in self._names

    def is_provisional(self, day: date) -> bool:
        """Whether a day lies outside the table, so that a holiday nobody knows yet may move it."""
        return not self.first_day <= day <= self.horizon

    def add_working_days(self, day: date, number: int) -> date:
        """The n-th working day after a day (before it, where n is negative); 0 gives the day itself.

        The day after is day one, whether or not the day itself counts.  Raises DayOutOfRange.
        """
        if number == 0:
            return day
        ordinal = day.toordinal()
        before = self._passed(ordinal) if number > 0 else self._passed(ordinal - 1) + 1
        return self._numbered(before + number)

    def add_calendar_days(self, day: date, number: int) -> date:
        """The n-th day after a day, weekends and holidays counted.  Raises DayOutOfRange."""
        return _day(day.toordinal() + number)

    def add_calendar_months(self, day: date, number: int) -> date:
        """The same day n months on, or the last day of that month where it has no such day.  Raises DayOutOfRange."""
        year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
        if not date.min.year <= year <= date.max.year:
            raise DayOutOfRange
        return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))

    def next_working(self, day: date) -> date:
        """The day itself where it counts, else the first working day after it.  Raises DayOutOfRange."""
        return day if self.is_working(day) else self.add_working_days(day, 1)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and including ``end``; negative where ``end`` is earlier."""
        return self._passed(end.toordinal()) - self._passed(start.toordinal())

    def months_left(self, today: date) -> int:
        """How many whole months the table still knows, from today; negative once it has run out."""
        left = (self.horizon.year - today.year) * 12 + self.horizon.month - today.month
        ends_month = self.horizon.day == months.monthrange(self.horizon.year, self.horizon.month)[1]
        return left if ends_month or self.horizon.day >= today.day else left - 1


def calendar_of(document: object) -> Calendar:
    """The calendar from the document GOV.UK publishes as ``bank-holidays.json``.

    The table knows whole years: its horizon is the end of the last year whose Christmas it lists, or else its last
    day.  Raises BadCalendar, naming the place by a dotted path that counts from 1.
    """
    division = document.get(DIVISION) if isinstance(document, Mapping) else None
    events = division.get("events") if isinstance(division, Mapping) else None
    if not isinstance(events, list) or not events:
        raise BadCalendar(DIVISION, "Give the division with its list of events, as GOV.UK publishes it.")
    holidays = tuple(sorted(_holidays(events), key=lambda holiday: holiday.day))
    last = holidays[-1].day
    horizon = last.replace(day=31) if (last.month, last.day) >= (12, 25) else last
    return Calendar(holidays, holidays[0].day.replace(month=1, day=1), horizon)


def _holidays(events: Iterable[object]) -> Iterable[Holiday]:
    seen: set[date] = set()
    for place, event in enumerate(events, start=1):
        key = f"{DIVISION}.events.{place}"
        if not isinstance(event, Mapping):
            raise BadCalendar(key, "Give an object with title, date and notes.")
        title, notes = event.get("title"), event.get("notes", "")
        if not isinstance(title, str) or not title:
            raise BadCalendar(f"{key}.title", "Give the name of the holiday.")
        day = written_day(event.get("date"))
        if day is None:
            raise BadCalendar(f"{key}.date", "Give the day as YYYY-MM-DD.")
        if day in seen:
            raise BadCalendar(f"{key}.date", "List each day once.")
        seen.add(day)
        yield Holiday(day, title, isinstance(notes, str) and "substitute" in notes.lower())
