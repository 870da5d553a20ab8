"""Decides what an 18th birthday changes: a word in time, and from the day on only the victim's own yes."""

from collections.abc import Mapping
from datetime import date, timedelta

from workflow.case import Case
from workflow.code import LimitKind, NotInForce, Rulebook, UnknownRule
from workflow.consent import STANDING, agreed, agreed_alone, came_of_age
from workflow.vocabulary import Purpose, Track

RULE = "own-consent"
"""The local target whose number of days is how long before the birthday a case is told."""

OWED = "own-consent-owed"
"""The local target for whoever is 18 and has only a guardian's yes on record."""

_ADULT_AT = 18


def turns_adult_on(date_of_birth: date) -> date:
    """The 18th birthday; whoever was born on 29 February turns 18 on 1 March.

    Source: Family Law Reform Act 1969, section 9(1): at the beginning of the anniversary of the birth.
    """
    year = date_of_birth.year + _ADULT_AT
    try:
        return date_of_birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def notice(rulebook: Rulebook, today: date) -> timedelta:
    """How long before the birthday the case is told; nothing where the service has no such target."""
    try:
        limit = rulebook.rule(RULE, today).limit
    except (UnknownRule, NotInForce):
        return timedelta(0)
    return timedelta(days=limit.number) if limit.kind is LimitKind.CALENDAR_DAYS else timedelta(0)


def birthday_moves(case: Case, adult_on: date, ahead: timedelta, today: date) -> list[tuple[str, Mapping[str, str]]]:
    """What the 18th birthday does to an open case today: the event kinds that the clock records, with their fields.

    A birthday that was learned of too late for a word before it is only told as one that has come.
    """
    if not case.is_open or not case.is_child or came_of_age(case):
        return []
    if adult_on <= today:
        return [("came_of_age", {"own_consent": own_consent(case)})]
    if adult_on - ahead <= today and case.last("coming_of_age_noted") is None:
        return [("coming_of_age_noted", {})]
    return []


def own_consent(case: Case) -> str:
    """What stands of the victim's own yes: ``given``, ``missing`` where it is a guardian's, or ``not_asked``."""
    if Purpose.CONTACT in agreed_alone(case):
        return "given"
    return "missing" if case.states[Track.CONSENT] in STANDING and Purpose.CONTACT in agreed(case) else "not_asked"
