"""Decides what is due and what is late: the one definition, derived from a case, the rules and the calendar."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from workflow.calendar import Calendar
from workflow.case import Case
from workflow.clocks import CountedDay, Dates, Pause, dates, due_day, verdict, working
from workflow.code import Edition, Limit, LimitKind, Rule, Rulebook
from workflow.duty_reading import Reading
from workflow.events import Event
from workflow.strands import child_of, seen_for, threads
from workflow.vocabulary import Owner, Verdict

__all__ = ["CountedDay", "Duty", "duties", "working", "working_of"]

_ENDED = (Verdict.MET, Verdict.MET_LATE, Verdict.LAPSED, Verdict.NOT_MET_WITH_REASON)


@dataclass(frozen=True, slots=True)
class Duty:
    """A rule applied to a case: one occurrence, its dates (London days), its verdicts and the events behind them.

    ``occurrence`` is the number of the event that began it.  ``standard_due`` and ``enhanced_due`` count from the
    beginning, ``service_due`` from the day the service was told (``told_on``); ``due_on`` is what the owner is held
    to, ``code_due_on`` what the Code says from the beginning.  They differ only where the clock is split, and there
    ``due_on`` is None until the service is told: time with the police is neither charged nor hidden.
    Where a limit before an event gives notice, ``standard_due`` is the day without it: from then on it is pressing.
    ``counted_from``, ``limit`` and ``pauses`` are the way to ``due_on``; ``reason`` is the code of a good reason.
    ``settled_on`` is the day that settled it, whose bank holidays count: one announced later changes it no more.
    """

    rule: Rule
    edition: str
    occurrence: int
    began_on: date
    told_on: date | None
    standard_due: date | None
    service_due: date | None
    enhanced_due: date | None
    due_on: date | None
    code_due_on: date | None
    counted_from: date
    limit: Limit
    pauses: tuple[Pause, ...]
    met_on: date | None
    met_by: int | None
    lapsed_on: date | None
    extended_on: date | None
    paused_since: date | None
    reason: str | None
    provisional: bool
    verdict: Verdict
    code_verdict: Verdict
    events: tuple[int, ...]
    settled_on: date | None = None

    @property
    def owner(self) -> Owner:
        """Who owes it."""
        return self.rule.owner

    @property
    def is_settled(self) -> bool:
        """Whether neither time nor anybody's deed is awaited any more; overdue and then lapsed is settled too."""
        return self.verdict in _ENDED or self.lapsed_on is not None


def working_of(duty: Duty, calendar: Calendar) -> tuple[CountedDay, ...]:
    """Each day counted or skipped on the way to the duty's ``due_on``, and why; empty where there is no due day."""
    if duty.due_on is None:
        return ()
    known = calendar.as_known_on(duty.settled_on)
    return working(duty.rule, known, duty.counted_from, duty.limit, duty.pauses)


def duties(case: Case, rulebook: Rulebook, calendar: Calendar, today: date) -> tuple[Duty, ...]:
    """Every duty that the history of a case has begun, in the order in which they began.

    Each is judged by the edition in force on the day it began, and once it is settled by the bank holidays known on
    that day.  ``today`` decides only between running, due today and overdue.  Raises calendar.DayOutOfRange.
    """
    found = [
        duty
        for reading, counted in _readings(case, calendar)
        for edition, rule, begins in reading.begun(rulebook)
        if rule.per in counted
        for duty in _occurrences(reading, edition, rule, begins, today)
    ]
    return tuple(sorted(found, key=lambda duty: (duty.began_on, duty.occurrence, duty.rule.id)))


def is_undelivered(case: Case, event: Event) -> bool:
    """Whether an event is the sending of a letter that came back, bounced or failed."""
    return event.kind == "letter_sent" and event.text("letter") in case.undelivered


def _readings(case: Case, calendar: Calendar) -> Iterator[tuple[Reading, tuple[str, ...]]]:
    """The case as it is read, each time with what is counted by that reading: all of it, by child, by item."""
    apart = len(case.children) > 1 or bool(case.of("child_unlinked"))
    yield Reading(case, calendar), ("",) if apart else ("", "child")
    for thread in threads(case, "child") if apart else ():
        seen = seen_for(case, thread)
        shared = {event.seq for event in seen.history if child_of(case, event) is None}
        yield Reading(seen, calendar, shared if len(case.children) > 1 else ()), ("child",)
    for thread in threads(case, "item") if case.of("reparation_agreed") else ():
        yield Reading(seen_for(case, thread), calendar), ("item",)


def _occurrences(
    reading: Reading, edition: Edition, rule: Rule, begins: Sequence[Event], today: date
) -> Iterator[Duty]:
    # A letter that came back told nobody anything, so what it met is owed again.
    evidence = [e for e in reading.matching(rule.met_by) if not is_undelivered(reading.case, e)]
    lapses = reading.matching(rule.lapses_on)
    if reading.shared:
        # With several children, what would start a count again must say with which of them it was done.
        begins = [event for event in begins if event.seq not in reading.shared]
        again = {event.seq for event in reading.matching(rule.begins)}.intersection(reading.shared)
        evidence = [event for event in evidence if event.seq not in again]
    chosen = begins if rule.repeats else begins[:1]
    pauses = reading.pauses(rule)
    if not chosen:
        return
    spared = {event.recorded_at for event in reading.matching(rule.needless_with)}
    for place, begin in enumerate(chosen):
        if begin.recorded_at in spared or not edition.covers(reading.trigger(rule, begin)):
            continue
        met = reading.met(rule, begin, evidence, lapses)
        lapse = next((event for event in lapses if reading.ends(event, begin)), None)
        successor = chosen[place + 1] if rule.superseded and place + 1 < len(chosen) else None
        yield _duty(reading, edition, rule, begin, met, lapse, successor, pauses, today)


def _duty(
    reading: Reading,
    edition: Edition,
    rule: Rule,
    begin: Event,
    met: Event | None,
    lapse: Event | None,
    successor: Event | None,
    pauses: tuple[Pause, ...],
    today: date,
) -> Duty:
    day = reading.day
    began_on = reading.trigger(rule, begin)
    if successor is not None and (lapse is None or reading.follows(lapse, successor)):
        lapse = successor
    told = next(iter(reading.matching(rule.told)), None)
    told_on = max(began_on, reading.trigger(rule, told)) if told else None
    met_day, lapse_day = day(met) if met else None, day(lapse) if lapse else None
    ended = min(met_day or date.max, lapse_day or date.max)
    reason = reading.reason(rule, begin)
    settled_on = ended if ended < date.max else day(reason) if reason is not None else None
    calendar = reading.calendar.as_known_on(settled_on)
    known = reading.case.enhanced_from
    # Only a clock that is still open on the day enhanced rights are known is shortened.
    enhanced_from = known if known is not None and known <= ended else None
    extension = _extension(reading, rule, begin, began_on, pauses)
    counted = _counted(calendar, rule, begin, began_on, told_on, enhanced_from, extension is not None, pauses)
    due = None if rule.told and told_on is None else counted.due
    standing = pauses[-1][0] if pauses and pauses[-1][1] is None else None
    # A pause that begins after the due date stops nothing.
    paused_since = standing if standing is not None and (due is None or standing <= due) else None
    # A decision that is put off takes its old day with it: nothing was late for a day that no longer exists.
    moved = successor is not None and lapse is successor and rule.limit.kind is LimitKind.BEFORE

    def judged(by: date | None) -> Verdict:
        return verdict(
            by,
            today,
            met_on=met_day,
            lapsed_on=max(lapse_day, began_on) if lapse_day else None,
            moved=moved,
            reason=reason.text("reason") if reason else None,
            paused=paused_since is not None,
            silent=rule.owner is not Owner.YJS and not rule.silence_counts,
        )

    said = judged(due)
    if said is Verdict.LAPSED:
        met = None
    used = (begin, told, met, lapse, extension, reason)
    return Duty(
        rule=rule,
        edition=edition.id,
        occurrence=begin.seq,
        began_on=began_on,
        told_on=told_on,
        standard_due=counted.standard,
        service_due=counted.service,
        enhanced_due=counted.enhanced,
        due_on=due,
        code_due_on=counted.code_due,
        counted_from=counted.counted_from,
        limit=counted.limit,
        pauses=pauses,
        met_on=met_day if met else None,
        met_by=met.seq if met else None,
        lapsed_on=max(lapse_day, began_on) if lapse_day and said is not Verdict.MET else None,
        extended_on=day(extension) if extension else None,
        paused_since=paused_since if said is Verdict.PAUSED else None,
        reason=reason.text("reason") if reason else None,
        provisional=_is_provisional(calendar, due) or _is_provisional(calendar, counted.code_due),
        verdict=said,
        code_verdict=said if due == counted.code_due else judged(counted.code_due),
        events=tuple(sorted({event.seq for event in used if event is not None})),
        settled_on=settled_on,
    )


def _is_provisional(calendar: Calendar, day: date | None) -> bool:
    return day is not None and calendar.is_provisional(day)


def _extension(reading: Reading, rule: Rule, begin: Event, began_on: date, pauses: Sequence[Pause]) -> Event | None:
    """The event that extended the limit, if the person was told of it while the first limit still ran."""
    if rule.extended is None:
        return None
    for event in reading.matching(rule.extended_by):
        first_due = due_day(reading.calendar.as_known_on(reading.day(event)), rule.limit, began_on, pauses)
        if reading.follows(event, begin) and (first_due is None or reading.day(event) <= first_due):
            return event
    return None


def _counted(
    calendar: Calendar,
    rule: Rule,
    begin: Event,
    began_on: date,
    told_on: date | None,
    enhanced_from: date | None,
    is_extended: bool,
    pauses: Sequence[Pause],
) -> Dates:
    limit = rule.extended if is_extended and rule.extended else rule.limit
    if limit.kind is not LimitKind.BEFORE:
        return dates(calendar, rule, began_on, limit=limit, told_on=told_on, enhanced_from=enhanced_from, pauses=pauses)
    named = begin.day_of(limit.field)
    if named is None:
        return Dates(None, None, None, None, None, began_on, Limit())
    counted = dates(calendar, rule, named, enhanced_from=enhanced_from)

    def known(due: date | None) -> date | None:
        # Announced inside the limit: it is due at once, not before anybody could know.
        return None if due is None else max(due, began_on)

    def noticed(due: date | None) -> date | None:
        # Nobody is late before they could act; but what is owed before a day is never owed after it.
        if due is None or not limit.notice:
            return known(due)
        return max(due, began_on, min(calendar.add_working_days(began_on, limit.notice), named))

    return Dates(
        known(counted.standard),
        known(counted.enhanced),
        None,
        noticed(counted.code_due),
        noticed(counted.due),
        counted.counted_from,
        counted.limit,
    )
