"""Holds every figure of the reports of one day against the second count, and names what differs."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from engine.funnels import funnel_cases, funnel_of
from engine.house import House
from engine.kpi import kpi
from engine.reports import compliance, end_of
from engine.victim_views import victim_views
from tests.edge.second_count import compliance as slowly
from tests.edge.second_count.owed import Owed, owed
from tests.edge.second_count.points import STEPS, other_figures, point
from tests.edge.second_count.quarter import entries, kpi_figures
from tests.edge.second_count.raw import Told, known_at
from workflow.quarters import Quarter, quarter_of

DIVISIONS = tuple(slowly.KEYS)
_SUMS = ("complaints", "complaints_answered", "reopened", "after_order", "errors")


def differing(house: House, rows: list[Told], day: date, by: tuple[str, ...] = DIVISIONS) -> list[str]:
    """The figures as known at the end of a day that are not what the rows say, each by its place; empty for none."""
    moment = min(end_of(day), house.now())
    known = list(known_at(rows, moment))
    duties = [duty for case in known for duty in owed(case, day)]
    whole = (day - timedelta(days=500), day)
    quarter = quarter_of(day)
    found: list[str] = []
    for start, end in (whole, (quarter.before.start, quarter.before.end)):
        here = [duty for duty in duties if start <= duty.began <= end]
        for division in by if (start, end) == whole else ("rule",):
            found += _compliance(house, here, start, end, day, division)
        found += _funnel(house, known, start, end, day)
        found += _others(house, known, start, end, day)
    for each in (quarter, quarter.before, quarter.before.before):
        found += _kpi(house, known, each, day)
    return found


def _opened(known: list[Told], start: date, end: date) -> list[Told]:
    return [case for case in known if start <= case.rows[0].known_day <= end]


def _compliance(house: House, duties: list[Owed], start: date, end: date, day: date, by: str) -> Iterator[str]:
    report = compliance(house, start, end, end_of(day), by=by, with_cases=by == "rule")
    quick = {row["rule" if by == "rule" else "key"]: row for row in report["rules" if by == "rule" else "groups"]}
    slow = slowly.divided(duties, by)
    if quick.keys() != slow.keys():
        yield f"compliance by {by}: {sorted(quick.keys() ^ slow.keys())}"
    for key in quick.keys() & slow.keys():
        for name, value in slow[key].items():
            if name in quick[key] and quick[key][name] != value:
                yield f"compliance by {by}, {key}, {name}: {_short(quick[key][name], value)}"


def _short(quick: Any, slow: Any) -> str:
    if isinstance(quick, dict) and isinstance(slow, dict):
        names = [name for name in {**quick, **slow} if quick.get(name) != slow.get(name)]
        return "; ".join(f"{name}: {_short(quick.get(name), slow.get(name))}" for name in names)
    if isinstance(quick, list) and isinstance(slow, list):
        return f"{sorted(set(quick) - set(slow))} too many, {sorted(set(slow) - set(quick))} missing"
    return f"{quick} and not {slow}"


def _funnel(house: House, known: list[Told], start: date, end: date, day: date) -> Iterator[str]:
    report = funnel_of(house, start, end, end_of(day))
    opened = _opened(known, start, end)
    points = {case.reference: point(case) for case in opened}
    enhanced = {case.reference for case in opened if case.enhanced_on is not None}
    for place, row in enumerate(report["steps"]):
        there = {case for case, each in points.items() if each.step >= place}
        here = {case: each.why for case, each in points.items() if each.step == place and place < len(STEPS) - 1}
        stopped = {why: list(here.values()).count(why) for why in sorted(set(here.values())) if why != "under_way"}
        slow = {
            "step": STEPS[place],
            "number": len(there),
            "enhanced": len(there & enhanced),
            "under_way": sum(why == "under_way" for why in here.values()),
            "stopped": stopped,
        }
        for name, value in slow.items():
            if row[name] != value:
                yield f"funnel, {STEPS[place]}, {name}: {_short(row[name], value)}"
        cases = funnel_cases(house, start, end, end_of(day), STEPS[place], None)
        if set(cases) != there:
            yield f"funnel, cases at {STEPS[place]}: {_short(cases, sorted(there))}"
    totals = {
        "direct": sum(each.direct for each in points.values()),
        "indirect": sum(each.indirect for each in points.values()),
        "both": sum(each.direct and each.indirect for each in points.values()),
        "engaged_or_told": sum(each.told for each in points.values()),
        "out_of_order": sum(each.early for each in points.values()),
    }
    for name, value in totals.items():
        if report[name] != value:
            yield f"funnel, {name}: {_short(report[name], value)}"


def _others(house: House, known: list[Told], start: date, end: date, day: date) -> Iterator[str]:
    report = victim_views(house, start, end, end_of(day))
    opened = {case.reference: other_figures(case) for case in _opened(known, start, end)}
    everybody = {case.reference: other_figures(case) for case in known}

    def number(name: str, of: dict[str, dict[str, Any]]) -> dict[str, Any]:
        return {
            "number": sum(int(each[name]) for each in of.values()),
            "cases": sorted(case for case, each in of.items() if each[name]),
        }

    uninformed, turned = number("uninformed", opened), number("turned", opened)
    unheard = [c for c, each in opened.items() if each["decisions"] > each["heard"] + each["excused"]]
    slow: dict[str, Any] = {
        "cases": len(opened),
        "voice": {
            **{name: number(name, opened) for name in ("decisions", "heard", "excused")},
            "unheard": sorted(unheard),
            "unheard_cases": len(unheard),
        },
        "uninformed": {
            "number": uninformed["number"],
            "cases": uninformed["cases"],
            "turned": turned["number"],
            "turned_cases": turned["cases"],
        },
        "after_withdrawal": number("after_withdrawal", everybody),
        **{name: number(name, opened) for name in _SUMS},
    }
    for name, value in slow.items():
        if report[name] != value:
            yield f"other figures, {name}: {_short(report[name], value)}"


def _kpi(house: House, known: list[Told], quarter: Quarter, day: date) -> Iterator[str]:
    report = kpi(house, quarter, end_of(day))
    lines = entries(known, quarter.start, quarter.end)
    slow = kpi_figures(lines)
    quick = {**report, "rows": {row["row"]: row["number"] for row in report["rows"]}}
    for name, value in slow.items():
        if quick[name] != value:
            yield f"KPI {quarter.name}, {name}: {_short(quick[name], value)}"
    named = sorted((line["case"], line["child"]) for line in report["lines"])
    if named != sorted((each.case.reference, each.child) for each in lines):
        yield f"KPI {quarter.name}, lines: {len(named)} and not {len(lines)}"
