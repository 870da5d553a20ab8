"""Decides what is still lacking before a child responsible and a victim are brought together, each thing by name."""

from collections.abc import Iterator
from datetime import date

from workflow.case import Case
from workflow.code import LimitKind, NotInForce, Rulebook, UnknownRule
from workflow.strands import Strand, conditions_on, strand
from workflow.vocabulary import in_words

FRESHNESS = "consents-fresh"
"""The rule whose limit says for how many days a consent to restorative justice is young enough."""

_SIDES = (("victim", "The victim's consent"), ("child", "The child's consent"))


def freshness(rulebook: Rulebook, day: date) -> int | None:
    """For how many calendar days a consent to restorative justice counts; None where no rule limits it."""
    try:
        limit = rulebook.rule(FRESHNESS, day).limit
    except (UnknownRule, NotInForce):
        return None
    return limit.number if limit.kind is LimitKind.CALENDAR_DAYS else None


def lacking(case: Case, child: str, day: date, lasts: int | None) -> tuple[str, ...]:
    """What forbids bringing a child and the victim together on a day, a sentence each; empty where nothing does.

    ``lasts`` is for how many days a consent counts; None where that is not asked.
    Source: invariant 4 (domain.md 3.2): both consents in date, risk assessment signed, no condition, sign-off.
    """
    found = strand(case, child)
    return (*_consents(found, day, lasts), *_assessment(found, day), *_barred(case, child, day))


def _consents(found: Strand, day: date, lasts: int | None) -> Iterator[str]:
    for side, name in _SIDES:
        given = found.consented_on(side)
        if given is None:
            yield f"{name} is not dated."
        elif given > day:
            yield f"{name} is dated later than the day itself."
        elif lasts is not None and (day - given).days > lasts:
            yield f"{name} is older than {lasts} days: take it again."


def _assessment(found: Strand, day: date) -> Iterator[str]:
    signed = found.assessed_on
    if signed is None:
        yield "The risk assessment is not signed."
    elif signed > day:
        yield "The risk assessment is dated later than the day itself."
    elif (event := found.assessed) is not None and event.fields.get("suitable") is False:
        yield "The risk assessment says that it is not suitable."
    if found.is_complex and not found.is_approved:
        yield "The work is complex: a manager signs it off first."


def _barred(case: Case, child: str, day: date) -> Iterator[str]:
    for condition in conditions_on(case, child, day):
        until = condition.day_of("to")
        ends = f"until {until.day} {until:%B %Y}" if until else "until it is recorded as ended"
        yield f"A condition bars contact with this child ({in_words(condition.text('kind'))}) {ends}."
