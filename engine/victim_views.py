"""Counts what the figures of duties do not say: voice, characteristics, refusals, errors, support, complaints, work."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.house import House
from engine.reports import Knowing, NothingToReport, derived_cases, knowing
from store import other_counts, reports
from store.other_counts import AccessCount
from workflow.case import Case
from workflow.milestones import Milestones, milestones
from workflow.vocabulary import Characteristic

Json = dict[str, Any]

MOST_LISTED = 1000
"""So many cases are listed behind a figure at most; the number is that of all."""

_NAMES = (
    "decisions",
    "heard",
    "excused",
    "errors",
    "reopened",
    "after_order",
    "complaints",
    "complaints_answered",
)
_CASES = ("unheard", "refused_uninformed", "turned")


def victim_views(house: House, start: date, end: date, as_of: datetime | None = None) -> Json:
    """The other figures of the cases opened in a period, each with the cases behind it, as known at ``as_of``.

    Counted in SQL over the projections; the cases that they do not answer for are derived.  Raises NothingToReport
    where the period ends before it begins, or nothing was recorded by then.
    """
    if end < start:
        raise NothingToReport("The period ends before it begins.")
    knows = knowing(house, as_of)
    with house.reading() as connection:
        derived = [(key.reference, case, milestones(case)) for key, case in derived_cases(house, connection, knows)]
        counted = _Counted(house, connection, knows, (start, end), derived)
        found = {name: counted.number(name) for name in _NAMES}
        within = {name: counted.cases(name) for name in _CASES}
        after_withdrawal = counted.of_all("after_withdrawal")
        alike = list(_alike(house, connection, knows, (start, end), derived))
        work = reports.work_in_hand(connection, house.service) if knows.known is None else []
    return {
        "period": {"from": start.isoformat(), "to": end.isoformat()},
        "as_of": knows.as_of.isoformat(),
        "cases": sum(each.number for each in alike),
        "voice": {
            **{name: found.pop(name) for name in ("decisions", "heard", "excused")},
            "unheard": within["unheard"]["cases"],
            "unheard_cases": within["unheard"]["number"],
        },
        "uninformed": {
            **within["refused_uninformed"],
            "turned": within["turned"]["number"],
            "turned_cases": within["turned"]["cases"],
        },
        "after_withdrawal": after_withdrawal,
        **found,
        "characteristics": _asked(alike),
        "access": list(_access(alike)),
        "workload": work,
    }


_Derived = list[tuple[str, Case, Milestones]]


class _Counted:
    """Figures from the projections, and from the cases that had to be derived."""

    def __init__(
        self, house: House, connection: Connection, knows: Knowing, opened: tuple[date, date], derived: _Derived
    ) -> None:
        self._place = (connection, house.service, knows.known)
        self._opened = opened
        self._everybody = [(reference, _numbers(found)) for reference, _, found in derived]
        self._derived = [
            (reference, _numbers(found)) for reference, _, found in derived if opened[0] <= found.opened_on <= opened[1]
        ]
        self._kept = other_counts.counted(*self._place, opened, times=_NAMES, cases=_CASES)

    def number(self, name: str) -> Json:
        """How often it happened, and in which cases."""
        number = self._kept[name] + sum(numbers[name] for _, numbers in self._derived)
        return {"number": number, "cases": self._listed(name)}

    def cases(self, name: str) -> Json:
        """In how many cases it happened, and in which."""
        number = self._kept[name] + sum(numbers[name] > 0 for _, numbers in self._derived)
        return {"number": number, "cases": self._listed(name)}

    def of_all(self, name: str) -> Json:
        """How often it happened in all cases, whenever they were opened."""
        number = other_counts.counted(*self._place, None, times=[name])[name]
        kept = other_counts.behind(*self._place, name, None, MOST_LISTED) if number else []
        derived = [reference for reference, numbers in self._everybody if numbers[name]]
        return {
            "number": number + sum(numbers[name] for _, numbers in self._everybody),
            "cases": sorted([*kept, *derived])[:MOST_LISTED],
        }

    def _listed(self, name: str) -> list[str]:
        some = self._kept[name]
        kept = other_counts.behind(*self._place, name, self._opened, MOST_LISTED) if some else []
        derived = [reference for reference, numbers in self._derived if numbers[name] > 0]
        return sorted([*kept, *derived])[:MOST_LISTED]


def _numbers(found: Milestones) -> Counter[str]:
    """The numbers of a case that was derived; what is not there is nought."""
    numbers = Counter({name: value for name, value in found.others.items() if isinstance(value, int)})
    numbers["unheard"] = numbers["decisions"] - numbers["heard"] - numbers["excused"]
    return numbers


def _alike(
    house: House, connection: Connection, knows: Knowing, opened: tuple[date, date], derived: _Derived
) -> Iterator[AccessCount]:
    yield from other_counts.access(connection, house.service, knows.known, opened)
    for _, case, found in derived:
        if opened[0] <= found.opened_on <= opened[1]:
            yield AccessCount(
                found.victim_kind,
                case.enhanced_from is not None,
                found.is_consented,
                found.offered_on is not None,
                found.held_on is not None,
                found.direct_on is not None,
                json.dumps(found.others.get("characteristics", [])),
                1,
            )


def _asked(alike: list[AccessCount]) -> list[Json]:
    asked: Counter[str] = Counter()
    for each in alike:
        for name in json.loads(each.asked):
            asked[name] += each.number
    return [{"name": str(name), "asked": asked[str(name)]} for name in Characteristic]


_GROUPS: tuple[tuple[str, Callable[[AccessCount], bool]], ...] = (
    ("adult", lambda each: each.victim_kind not in ("child", "organisation")),
    ("child", lambda each: each.victim_kind == "child"),
    ("organisation", lambda each: each.victim_kind == "organisation"),
    ("enhanced", lambda each: each.enhanced),
    ("standard", lambda each: not each.enhanced),
    ("all_characteristics_asked", lambda each: len(json.loads(each.asked)) == len(Characteristic)),
)


def _access(alike: list[AccessCount]) -> Iterator[Json]:
    """By what the history says of the victim: how many agreed, were offered restorative justice, and took part."""
    for name, belongs in _GROUPS:
        own = [each for each in alike if belongs(each)]
        yield {
            "group": name,
            "cases": sum(each.number for each in own),
            "consented": sum(each.number for each in own if each.consented),
            "offered": sum(each.number for each in own if each.offered),
            "took_part": sum(each.number for each in own if each.took_part),
            "direct": sum(each.number for each in own if each.direct),
        }
