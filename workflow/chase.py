"""Decides when a force is reminded of what it was asked, and who is: officer, deputy, liaison, then the manager."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from workflow.calendar import Calendar

RUNGS = ("officer", "again", "liaison", "manager")
"""The rungs of the ladder, from the first word to the last."""

ASKS = ("record", "refusal", "consent", "contact_details", "gaps")
"""What a force may be asked for."""


class BadChase(ValueError):
    """A ladder that cannot be used: which key, and what to do about it."""

    def __init__(self, key: str, remedy: str) -> None:
        super().__init__(f"{key}: {remedy}")
        self.key, self.remedy = key, remedy


@dataclass(frozen=True, slots=True)
class ChaseRule:
    """A ladder: what it is about, where it stands in our practice, and its rungs in working days from the asking."""

    id: str
    asks: tuple[str, ...]
    paragraph: str
    says: str
    rungs: Mapping[str, int]
    status: str
    basis: str


@dataclass(frozen=True, slots=True)
class OfficerKnown:
    """What is known of the officer in charge: whether they and a deputy can be written to, and their rest days."""

    has_email: bool = False
    deputy_has_email: bool = False
    rest_days: Collection[date] = ()


def chase_rules(tables: object) -> tuple[ChaseRule, ...]:
    """The ladders of a configuration file.  Raises BadChase."""
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise BadChase("chase", "Give each ladder as a table [[chase]].")
    rules = tuple(_rule(each) for each in tables)
    asked = [ask for rule in rules for ask in rule.asks]
    if sorted(asked) != sorted(ASKS) or len({rule.id for rule in rules}) != len(rules):
        raise BadChase("chase.asks", f"Give each of these to exactly one ladder: {', '.join(ASKS)}.")
    return rules


def _rule(table: Mapping[str, object]) -> ChaseRule:
    texts = {name: table.get(name) for name in ("id", "paragraph", "says", "status", "basis")}
    if any(not isinstance(text, str) or not text for text in texts.values()):
        raise BadChase("chase", "Give id, paragraph, says, status and basis as text.")
    asks = table.get("asks")
    if not isinstance(asks, list) or not asks or any(ask not in ASKS for ask in asks):
        raise BadChase(f"chase.{texts['id']}.asks", f"Give a list of some of: {', '.join(ASKS)}.")
    unknown = table.keys() - {*texts, "asks", *RUNGS}
    if unknown:
        raise BadChase(f"chase.{texts['id']}", f"Leave out what is not known: {', '.join(sorted(unknown))}.")
    rungs: dict[str, int] = {}
    for rung in RUNGS:
        days = table.get(rung)
        if days is None:
            continue
        if type(days) is not int or days < 1 or (rungs and days <= max(rungs.values())):
            raise BadChase(f"chase.{texts['id']}.{rung}", "Give whole working days that grow from rung to rung.")
        rungs[rung] = days
    if not rungs:
        raise BadChase(f"chase.{texts['id']}", f"Give at least one rung: {', '.join(RUNGS)}.")
    return ChaseRule(**{name: str(text) for name, text in texts.items()}, asks=tuple(asks), rungs=rungs)


def rung_days(rule: ChaseRule, asked_on: date, calendar: Calendar) -> Iterator[tuple[str, date]]:
    """The rungs of a ladder with their days; the day after the asking is the first that counts."""
    for rung, days in rule.rungs.items():
        yield rung, calendar.add_working_days(asked_on, days)


def rung_now(
    rule: ChaseRule, asked_on: date, said: Collection[str], calendar: Calendar, today: date
) -> tuple[str, date] | None:
    """The rung to say today: the highest one reached, unless it or a higher one was said."""
    reached = [(rung, day) for rung, day in rung_days(rule, asked_on, calendar) if day <= today]
    if not reached or not calendar.is_open(today):
        return None
    highest = max((RUNGS.index(rung) for rung in said), default=-1)
    return reached[-1] if RUNGS.index(reached[-1][0]) > highest else None


def whom(rung: str, officer: OfficerKnown, today: date) -> str | None:
    """Who is written to: ``officer``, ``deputy``, ``liaison`` or ``manager``; ``person`` where nobody can be reached.

    On a rest day of the officer the deputy is; without one the word waits for the officer's return, and that is None.
    """
    if rung in ("liaison", "manager"):
        return rung
    if today in officer.rest_days:
        return "deputy" if officer.deputy_has_email else None
    if officer.has_email:
        return "officer"
    return "deputy" if officer.deputy_has_email else "person"
