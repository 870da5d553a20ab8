"""Answers questions about the law for commands and pages alike: its editions, its rules, and one deadline explained."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.errors import WrongInput
from workflow.calendar import Calendar, Holiday
from workflow.code import Rule, Rulebook, Source
from workflow.explain import explain
from workflow.holiday_table import untold
from workflow.london import written_day

Json = dict[str, Any]

ASKED = ("rule", "from", "told", "enhanced", "enhanced_from", "today")
"""What may be asked of a deadline: a rule, days as ``YYYY-MM-DD``, a yes or no; the first two must be given."""

_SHOWN_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def editions(rulebook: Rulebook) -> list[Json]:
    """Every edition of every source, the Code's first and each source in order of time.

    The keys: ``edition``, ``source``, ``title``, ``in_force`` and ``until`` (days or None), ``switched_on``, ``note``,
    and how many ``rules``, ``verified``, ``unverified`` and ``not_modelled`` there are.
    """
    return [
        {
            "edition": edition.id,
            "source": str(edition.source),
            "title": edition.title,
            "in_force": _iso(edition.in_force),
            "until": _iso(edition.until),
            "switched_on": edition.switched_on,
            "note": edition.note,
            "rules": len(edition.rules),
            "verified": sum(rule.status == "verified" for rule in edition.rules),
            "unverified": sum(rule.status != "verified" for rule in edition.rules),
            "not_modelled": len(edition.not_modelled),
        }
        for source in Source
        for edition in rulebook.editions
        if edition.source is source
    ]


def rules_on(rulebook: Rulebook, day: date) -> list[Json]:
    """The rules in force on a day as ``rules --json`` gives them; empty where no edition we hold was in force."""
    return [_shown(rule, rulebook.edition_of(rule.id, day).id) for rule in rulebook.rules_on(day)]


def about(rulebook: Rulebook, rule_id: str, day: date) -> Json | None:
    """One rule as ``rules_on`` gives it, of the edition in force on a day or else the newest that has it; else None."""
    holding = [edition for edition in rulebook.editions if rule_id in edition.by_id]
    if not holding:
        return None
    edition = next((each for each in holding if each.covers(day)), holding[-1])
    return _shown(edition.by_id[rule_id], edition.id)


def left_out(rulebook: Rulebook, edition_id: str) -> Json | None:
    """The duties of an edition that are no rule here, each with its ``reason``; None where there is no such edition."""
    edition = next((each for each in rulebook.editions if each.id == edition_id), None)
    if edition is None:
        return None
    rows = [
        {"right": each.right, "paragraph": each.paragraph, "title": each.title, "reason": each.reason}
        for each in edition.not_modelled
    ]
    return {"edition": edition.id, "title": edition.title, "note": edition.note, "not_modelled": rows}


def _shown(rule: Rule, edition: str) -> Json:
    return {
        "rule": rule.id,
        "edition": edition,
        "source": str(rule.source),
        "right": rule.right or None,
        "paragraph": rule.paragraph,
        "title": rule.title,
        "duty": rule.duty,
        "owner": str(rule.owner),
        "limit": rule.limit.words,
        "enhanced": rule.enhanced.words if rule.enhanced else None,
        "status": rule.status,
        "citation": rule.citation or None,
        "basis": rule.basis or None,
    }


def not_covered(rulebook: Rulebook, day: date) -> str | None:
    """The sentence that says which sources have no edition in force on a day; None where each has one."""
    missing = [source for source in Source if rulebook.edition_on(day, source) is None]
    if not missing:
        return None
    held = [edition for edition in rulebook.editions if edition.source in missing and edition.switched_on]
    begun = [edition.in_force for edition in held if edition.in_force is not None]
    words = {Source.VICTIMS_CODE: "the Victims' Code", Source.LOCAL: "the local targets", Source.ACTS: "the Acts"}
    which = " or of ".join(words[source] for source in missing)
    since = f"; the first we hold begins on {min(begun).isoformat()}" if begun else ""
    return f"No edition of {which} was in force on {day.isoformat()}{since}."


def explained(rulebook: Rulebook, calendar: Calendar, asked: Mapping[str, object], today: date) -> Json:
    """A deadline with its working, as ``workflow.explain`` gives it, from what somebody asked (the keys of ``ASKED``).

    A key that is None counts as not given.  Raises WrongInput where a key is unknown, missing or of the wrong kind,
    and CannotExplain.
    """
    for name in asked:
        if name not in ASKED:
            shown = f'The key "{name}"' if len(name) <= 40 and _SHOWN_NAME.issuperset(name) else "A key"
            raise WrongInput(f"{shown} is unknown; give {', '.join(ASKED[:-1])} or {ASKED[-1]}.")
    rule = asked.get("rule")
    if not isinstance(rule, str) or not rule:
        raise WrongInput("Give rule as the name of a rule in quotes.")
    enhanced = asked.get("enhanced")
    if enhanced is not None and not isinstance(enhanced, bool):
        raise WrongInput("Give enhanced as true or false, without quotes.")
    start = _day(asked, "from")
    if start is None:
        raise WrongInput("Give from as YYYY-MM-DD.")
    return explain(
        rulebook,
        calendar,
        rule,
        start,
        told=_day(asked, "told"),
        enhanced=enhanced is True,
        enhanced_from=_day(asked, "enhanced_from"),
        today=_day(asked, "today") or today,
    )


def _day(asked: Mapping[str, object], name: str) -> date | None:
    """A day that was asked for, in the one form YYYY-MM-DD; None where it was not given."""
    given = asked.get(name)
    if given is None:
        return None
    day = written_day(given)
    if day is None:
        raise WrongInput(f"Give {name} as YYYY-MM-DD.")
    return day


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def calendar_document(calendar: Calendar, today: date, year: int | None = None) -> Json:
    """The table of bank holidays as ``calendar show --json`` gives it, of one year or of all.

    The keys: ``first_day``, ``horizon``, ``months_left``, ``days`` (each with ``day``, ``weekday``, ``title``,
    ``substitute``, ``known_on`` where it came later, and ``note``), ``closures`` of the service, and ``untold``, the
    days of which no case was told.
    """
    came = {change.holiday.day: change.known_on for change in calendar.changes if change.came}
    return {
        "first_day": calendar.first_day.isoformat(),
        "horizon": calendar.horizon.isoformat(),
        "months_left": calendar.months_left(today),
        "days": [
            {
                "day": each.day.isoformat(),
                "weekday": each.day.strftime("%A"),
                "title": each.title,
                "substitute": each.substitute,
                "known_on": _iso(came.get(each.day)),
                "note": _note(each, came),
            }
            for each in calendar.holidays
            if year is None or each.day.year == year
        ],
        "closures": [
            {"day": each.day.isoformat(), "reason": each.reason}
            for each in calendar.closures
            if year is None or each.day.year == year
        ],
        "untold": untold_days(calendar),
    }


def untold_days(calendar: Calendar) -> list[str]:
    """The days in the table, or gone from it, of which no case was told, each with its title."""
    news = untold(calendar)
    gone = [f"{each.day.isoformat()} {each.title} (no longer)" for each in news.removed]
    return [f"{each.day.isoformat()} {each.title}" for each in news.added] + gone


def _note(holiday: Holiday, came: Mapping[date, date | None]) -> str:
    notes = ["substitute day"] if holiday.substitute else []
    notes += ["takes no working day away"] if holiday.day.weekday() > 4 else []
    if holiday.day in came:
        known_on = came[holiday.day]
        notes.append(f"known since {known_on.isoformat()}" if known_on else "no case was told")
    return ", ".join(notes)
