"""Counts one time limit: from its trigger to the due date, each day skipped and why, and the verdict on one day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from workflow.calendar import Calendar
from workflow.code import Limit, LimitKind, Rule
from workflow.vocabulary import Verdict

Pause = tuple[date, date | None]
"""The first day that is not counted, and the first that is counted again; None while the pause stands."""

_DAY = timedelta(days=1)
_PAUSED = "the clock is paused"


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day of a working: whether it counts, and why (``day 3``, ``Saturday``, ``Good Friday (bank holiday)``)."""

    day: date
    counted: bool
    why: str


def _stretched(calendar: Calendar, limit: Limit, trigger: date, due: date, pauses: Sequence[Pause]) -> date:
    """The due date after the pauses that had ended: what they took away is added at the end."""
    for first, again in pauses:
        start = max(first, trigger + _DAY)
        if again is None or again <= start or start > due:
            continue
        if limit.kind is LimitKind.WORKING_DAYS:
            due = calendar.add_working_days(due, calendar.working_days_between(start - _DAY, again - _DAY))
        else:
            due = calendar.add_calendar_days(due, (again - start).days)
    return due


def due_day(calendar: Calendar, limit: Limit, trigger: date, pauses: Sequence[Pause] = ()) -> date | None:
    """The last day on which the duty is in time; None for an act without a day-count.

    ``trigger`` is the day that begins the count (the day after is day one), or for a limit *before* the day counted
    back from.  ``pauses`` are in order and do not overlap.  Raises calendar.DayOutOfRange.
    """
    if limit.kind is LimitKind.NONE:
        return None
    if limit.kind is LimitKind.WORKING_DAYS:
        due = calendar.add_working_days(trigger, limit.number)
    elif limit.kind is LimitKind.BEFORE:
        due = calendar.add_working_days(trigger, -limit.number)
    elif limit.kind is LimitKind.CALENDAR_MONTHS:
        due = calendar.add_calendar_months(trigger, limit.number)
    else:
        due = calendar.add_calendar_days(trigger, limit.number)
    if pauses and limit.kind is not LimitKind.BEFORE:
        due = _stretched(calendar, limit, trigger, due, pauses)
    return calendar.next_working(due) if limit.moves else due


@dataclass(frozen=True, slots=True)
class Dates:
    """The due dates of one duty, as London days; None where there is no day-count or nobody was told.

    ``standard`` and ``enhanced`` count from the trigger, ``service`` from the day told.  ``code_due`` is the earlier of
    standard and enhanced; ``due`` the same from the day told where there is one.  ``counted_from`` and ``limit`` are
    those that gave ``due``.
    """

    standard: date | None
    enhanced: date | None
    service: date | None
    code_due: date | None
    due: date | None
    counted_from: date
    limit: Limit


def dates(
    calendar: Calendar,
    rule: Rule,
    trigger: date,
    *,
    limit: Limit | None = None,
    told_on: date | None = None,
    enhanced_from: date | None = None,
    pauses: Sequence[Pause] = (),
) -> Dates:
    """The due dates of a duty whose count begins on ``trigger`` (for a limit *before*: the day counted back from).

    ``limit`` replaces the rule's own (an extended one).  Enhanced rights known from a day shorten each clock to the
    enhanced limit counted from the later of its trigger and that day, never lengthen it.  Raises
    calendar.DayOutOfRange.  Source: Right 3 and 6 for the shorter limits; interface.md section 3 for how they combine.
    """
    own = limit or rule.limit
    standard = due_day(calendar, own, trigger, pauses)
    shortened = _shortened(calendar, rule, own, trigger, standard, enhanced_from, pauses)
    enhanced = shortened[0] if rule.enhanced is not None and enhanced_from is not None else None
    if told_on is None or own.kind is LimitKind.BEFORE:
        return Dates(standard, enhanced, None, shortened[0], *shortened)
    service = due_day(calendar, own, told_on, pauses)
    told = _shortened(calendar, rule, own, told_on, service, enhanced_from, pauses)
    return Dates(standard, enhanced, service, shortened[0], *told)


def _shortened(
    calendar: Calendar,
    rule: Rule,
    own: Limit,
    trigger: date,
    standard: date | None,
    enhanced_from: date | None,
    pauses: Sequence[Pause],
) -> tuple[date | None, date, Limit]:
    """The operative due date with the day and the limit that gave it."""
    if standard is None or rule.enhanced is None or enhanced_from is None:
        return standard, trigger, own
    start = trigger if own.kind is LimitKind.BEFORE else max(trigger, enhanced_from)
    if start > standard and own.kind is not LimitKind.BEFORE:
        # Known only after the standard day, and so no earlier; the day may even lie past the last there is.
        return standard, trigger, own
    quick = due_day(calendar, rule.enhanced, start, pauses)
    return (standard, trigger, own) if quick is None or standard <= quick else (quick, start, rule.enhanced)


def working(
    rule: Rule, calendar: Calendar, trigger: date, limit: Limit | None = None, pauses: Sequence[Pause] = ()
) -> tuple[CountedDay, ...]:
    """Every day from the day after the trigger to the due date (for a limit *before*: back from the day before).

    ``limit`` is the rule's own unless another is given (the enhanced one).  Empty for an act without a day-count.
    """
    limit = limit or rule.limit
    due = due_day(calendar, limit, trigger, pauses)
    return () if due is None else tuple(_days(calendar, limit, trigger, due, pauses))


def _days(calendar: Calendar, limit: Limit, trigger: date, due: date, pauses: Sequence[Pause]) -> Iterator[CountedDay]:
    step = -1 if limit.kind is LimitKind.BEFORE and limit.number else 1
    in_working_days = limit.kind is LimitKind.WORKING_DAYS or step < 0
    # Where a due date moves, the days from its first place on are those that do not count.
    unmoved = due_day(calendar, replace(limit, moves=False), trigger, pauses) or due
    number = 0
    for ordinal in range(trigger.toordinal() + step, due.toordinal() + step, step):
        day = date.fromordinal(ordinal)
        skipped = calendar.why_not(day)
        if step > 0 and any(first <= day and (again is None or day < again) for first, again in pauses):
            yield CountedDay(day, False, _PAUSED)
        elif skipped and (in_working_days or (limit.moves and day >= unmoved)):
            yield CountedDay(day, False, skipped)
        elif not in_working_days and day > unmoved:
            yield CountedDay(day, True, "the next working day")
        else:
            number += 1
            yield CountedDay(day, True, f"day {number}")


def verdict(
    due: date | None,
    today: date,
    *,
    met_on: date | None = None,
    lapsed_on: date | None = None,
    moved: bool = False,
    reason: str | None = None,
    paused: bool = False,
    silent: bool = False,
) -> Verdict:
    """What the audit says of one duty on one day.

    ``silent``: a partner's duty of which we hold no evidence, which is never called late.  A duty that lapsed after
    its due date stays as late as it was, unless the day it counts to was itself ``moved``.  A good reason excuses a
    duty that is unmet or late, never one met in time.
    """
    if met_on and (due is None or met_on <= due) and (lapsed_on is None or met_on <= lapsed_on):
        return Verdict.MET
    if lapsed_on and (moved or due is None or lapsed_on <= due):
        return Verdict.LAPSED
    if reason:
        return Verdict.NOT_MET_WITH_REASON
    if met_on:
        return Verdict.MET_LATE
    if paused:
        return Verdict.PAUSED
    if silent:
        return Verdict.NO_DATA
    return open_verdict(due, today)


def open_verdict(due: date | None, today: date) -> Verdict:
    """The verdict on an open duty: running, due today or overdue, and nothing but its due date decides."""
    if due is None or today < due:
        return Verdict.RUNNING
    return Verdict.DUE_TODAY if today == due else Verdict.OVERDUE
