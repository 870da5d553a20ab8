"""Counts what the figures of duties do not say: voice, characteristics, refusals, errors, support, complaints, work."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from engine.house import House
from engine.kpi import known_cases
from engine.reports import NothingToReport, knowing
from store import reports
from store.reports import MeasuredCase
from workflow.vocabulary import Characteristic

Json = dict[str, Any]


def victim_views(house: House, start: date, end: date, as_of: datetime | None = None) -> Json:
    """The other figures of the cases opened in a period, each with the cases behind it, as known at ``as_of``.

    Raises NothingToReport where the period ends before it begins, or nothing was recorded by then.
    """
    if end < start:
        raise NothingToReport("The period ends before it begins.")
    knows = knowing(house, as_of)
    with house.reading() as connection:
        found = list(known_cases(house, connection, knows, opened=(start, end)))
        everybody = list(known_cases(house, connection, knows))
        work = reports.work_in_hand(connection, house.service) if knows.known is None else []

    def behind(name: str, of: list[MeasuredCase]) -> Json:
        with_some = [case for case in of if case.found.others.get(name)]
        return {
            "number": sum(int(case.found.others[name]) for case in with_some),
            "cases": sorted(case.reference for case in with_some),
        }

    decisions, heard, excused = (behind(name, found) for name in ("decisions", "heard", "excused"))
    unheard = sorted(
        case.reference
        for case in found
        if case.found.others.get("decisions", 0)
        > case.found.others.get("heard", 0) + case.found.others.get("excused", 0)
    )
    uninformed = [case for case in found if case.found.others.get("refused_uninformed")]
    return {
        "period": {"from": start.isoformat(), "to": end.isoformat()},
        "as_of": knows.as_of.isoformat(),
        "cases": len(found),
        "voice": {"decisions": decisions, "heard": heard, "excused": excused, "unheard": unheard},
        "uninformed": {
            "number": len(uninformed),
            "turned": sum(case.found.is_consented for case in uninformed),
            "turned_cases": sorted(case.reference for case in uninformed if case.found.is_consented),
            "cases": sorted(case.reference for case in uninformed),
        },
        "after_withdrawal": behind("after_withdrawal", everybody),
        "errors": behind("errors", found),
        "reopened": behind("reopened", found),
        "after_order": behind("after_order", found),
        "complaints": behind("complaints", found),
        "complaints_answered": behind("complaints_answered", found),
        "characteristics": [
            {"name": str(name), "asked": sum(name in c.found.others.get("characteristics", ()) for c in found)}
            for name in Characteristic
        ],
        "access": _access(found),
        "workload": work,
    }


def _access(found: list[MeasuredCase]) -> list[Json]:
    """By what the history says of the victim: how many agreed, were offered restorative justice, and took part."""
    groups: tuple[tuple[str, Callable[[MeasuredCase], bool]], ...] = (
        ("adult", lambda case: case.found.victim_kind not in ("child", "organisation")),
        ("child", lambda case: case.found.victim_kind == "child"),
        ("organisation", lambda case: case.found.victim_kind == "organisation"),
        ("enhanced", lambda case: case.enhanced),
        ("standard", lambda case: not case.enhanced),
        (
            "all_characteristics_asked",
            lambda case: len(case.found.others.get("characteristics", ())) == len(Characteristic),
        ),
    )
    rows = []
    for name, belongs in groups:
        own = [case for case in found if belongs(case)]
        rows.append(
            {
                "group": name,
                "cases": len(own),
                "consented": sum(case.found.is_consented for case in own),
                "offered": sum(case.found.offered_on is not None for case in own),
                "took_part": sum(case.found.held_on is not None for case in own),
                "direct": sum(case.found.direct_on is not None for case in own),
            }
        )
    return rows
