"""Shows how a deadline comes about: the rule, its dates and each day counted or skipped, without any case."""

from collections.abc import Mapping
from datetime import date

from workflow.calendar import Calendar, DayOutOfRange
from workflow.catalogue import CATALOGUE
from workflow.clocks import dates, verdict, working
from workflow.code import Edition, LimitKind, Match, NotInForce, Rule, Rulebook, UnknownRule
from workflow.vocabulary import Owner, in_words


class CannotExplain(ValueError):
    """A deadline cannot be worked out; the message says why in one sentence."""


def explain(
    rulebook: Rulebook,
    calendar: Calendar,
    rule_id: str,
    start: date,
    *,
    told: date | None = None,
    enhanced: bool = False,
    enhanced_from: date | None = None,
    today: date,
) -> dict[str, object]:
    """A deadline with its working, ready for JSON (days as ``YYYY-MM-DD``): the keys of interface.md section 3.

    ``start`` is the day of the trigger; for a limit *before* an event, the day of that event.  ``due_on`` is the
    standard due date, or with ``enhanced`` the enhanced one; ``service_due_on`` the same limit from the day told.
    With ``enhanced_from`` (which then says from when, whatever ``enhanced`` says) ``due_on`` stays the standard date
    and ``enhanced_due_on`` is the earlier of it and the enhanced limit from the later of trigger and that day.
    ``verdict`` is of the owner's own clock, ``code_verdict`` of the clock from the trigger; a partner's is ``no_data``.
    A day before the first edition we hold, as far back as the table of bank holidays goes, is counted by that edition:
    ``in_force`` is then false and ``note`` says so.  No case is ever judged that way.  Raises CannotExplain.
    """
    if told is not None and told < start:
        raise CannotExplain("The service cannot be told before the day from which the Code counts.")
    try:
        edition, in_force = _edition(rulebook, calendar, rule_id, start)
        found = _explained(edition, edition.by_id[rule_id], calendar, start, told, enhanced, enhanced_from, today)
    except (UnknownRule, NotInForce) as refusal:
        raise CannotExplain(str(refusal.args[0])) from None
    except DayOutOfRange:
        raise CannotExplain("The due date would lie outside the years 1 to 9999.") from None
    note = (
        None if in_force else f"Not yet in force on this day: counted by the edition {edition.id}, as an illustration."
    )
    return {**found, "in_force": in_force, "note": note}


def _edition(rulebook: Rulebook, calendar: Calendar, rule_id: str, start: date) -> tuple[Edition, bool]:
    """The edition to count by, and whether it was in force; the first one for an earlier day that the table knows."""
    try:
        return rulebook.edition_of(rule_id, start), True
    except NotInForce:
        first = rulebook.first_edition_of(rule_id)
        if first is None or first.in_force is None or not calendar.first_day <= start < first.in_force:
            raise
        return first, False


def _explained(
    edition: Edition,
    rule: Rule,
    calendar: Calendar,
    start: date,
    told: date | None,
    enhanced: bool,
    enhanced_from: date | None,
    today: date,
) -> dict[str, object]:
    from_the_start = enhanced and enhanced_from is None
    limit = rule.enhanced if from_the_start and rule.enhanced is not None else rule.limit
    known = start if from_the_start else enhanced_from
    counted = dates(calendar, rule, start, limit=limit, told_on=told, enhanced_from=known)
    silent = rule.owner is not Owner.YJS and not rule.silence_counts
    days = working(rule, calendar, start, limit)
    every = (counted.standard, counted.service, counted.enhanced)
    return {
        "rule": rule.id,
        "title": rule.title,
        "duty": rule.duty,
        "edition": edition.id,
        "right": rule.right or None,
        "paragraph": rule.paragraph,
        "status": rule.status,
        "source": str(rule.source),
        "citation": rule.citation or None,
        "basis": rule.basis or None,
        "owner": str(rule.owner),
        "began_on": start.isoformat(),
        "told_on": _iso(told),
        "limit": limit.words,
        "limit_kind": str(limit.kind),
        "limit_number": None if limit.kind is LimitKind.NONE else limit.number,
        "due_on": _iso(counted.standard),
        "service_due_on": _iso(counted.service),
        "enhanced_due_on": _iso(counted.enhanced),
        "verdict": str(verdict(counted.due, today, silent=silent)),
        "code_verdict": str(verdict(counted.code_due, today, silent=silent)),
        "provisional": any(day is not None and calendar.is_provisional(day) for day in every),
        "begins": [_words(match, edition.moments) for match in rule.begins],
        "met_by": [_words(match, edition.moments) for match in rule.met_by],
        "working": [{"day": each.day.isoformat(), "counted": each.counted, "why": each.why} for each in days],
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _words(match: Match, moments: Mapping[str, str]) -> str:
    """An event that begins or meets a duty, as a person reads it."""
    if not match.event:
        return f"the case enters {in_words(match.state)}"
    kind = CATALOGUE.get(match.event)
    return kind.label if kind else moments[match.event]
