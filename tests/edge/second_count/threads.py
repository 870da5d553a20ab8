"""Tells what one child responsible, or one item of reparation, sees of the rows of a case."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.edge.second_count.raw import Row, Told

_ITEM = ("reparation_item_completed", "reparation_item_failed")
_STRAND = [
    "restorative_offered",
    "restorative_answered",
    "preparation_step_taken",
    "restorative_consent_given",
    "risk_assessed",
    "complex_work_approved",
    "preparation_stopped",
    "readiness_confirmed",
    "restorative_event_planned",
    "restorative_event_postponed",
    "restorative_event_aborted",
    "both_sides_told",
    "restorative_event_held",
    "restorative_debriefed",
    "restorative_followed_up",
    "follow_up_completed",
    "reparation_agreed",
    "reparation_ended",
]


@dataclass(frozen=True)
class Thread:
    """The rows one child or item sees, which of them are about the whole case, and how its own strand stood then."""

    sees: frozenset[int]
    about_all: frozenset[int]
    places: dict[int, Row]


def threads(case: Told, per: str) -> Iterator[Thread]:
    """Every child (``child``) or item of reparation (``item``) of a case."""
    children = case.children or [""]
    if per == "child":
        for child in children:
            yield _thread(case, child, None)
        return
    for child in children:
        for agreed in case.of("reparation_agreed"):
            if _child(case, agreed) == child:
                yield _thread(case, child, agreed)


def _thread(case: Told, child: str, agreed: Row | None) -> Thread:
    sees, about_all, places = set(), set(), {}
    for row in case.standing:
        whose = _child(case, row)
        if whose is None:
            about_all.add(row.seq)
        elif whose != child:
            continue
        if agreed is not None and row.kind in ("reparation_agreed", *_ITEM):
            item = row if row.kind == "reparation_agreed" else _agreed(case, row)
            if item is not agreed:
                continue
        sees.add(row.seq)
        own = row.reached.get(f"restorative:{child}" if child else "restorative")
        if own is not None:
            places[row.seq] = replace(row, reached={**row.reached, "restorative": own})
    several = len(case.children) > 1 and agreed is None
    return Thread(frozenset(sees), frozenset(about_all) if several else frozenset(), places)


def _child(case: Told, row: Row) -> str | None:
    """The child a row is about; None where it is about the whole case."""
    if row.kind in _ITEM:
        agreed = _agreed(case, row)
        return _child(case, agreed) if agreed is not None else ""
    if row.has("child"):
        return str(row.fields["child"])
    if row.kind not in _STRAND:
        return None
    there = _linked(case, row.seq)
    if not there:
        later = (linked for each in case.rows if each.seq > row.seq and (linked := _linked(case, each.seq)))
        there = next(later, [])[:1]
    return there[0] if len(there) == 1 else ""


def _linked(case: Told, until: int) -> list[str]:
    wrong = {row.corrects for row in case.rows}
    linked: list[str] = []
    for row in case.rows:
        if row.seq <= until and row.seq not in wrong and row.kind in ("child_linked", "child_unlinked"):
            child = str(row.fields.get("child", ""))
            linked = [each for each in linked if each != child]
            linked += [child] if row.kind == "child_linked" else []
    return linked


def _agreed(case: Told, row: Row) -> Row | None:
    """The row that agreed the item a row settles: the one of its number, or the only one open when it was recorded."""
    wrong = {each.corrects for each in case.rows}
    waiting: dict[int, Row] = {}
    number = 0
    for each in case.rows:
        if each.kind == "reparation_agreed":
            number += 1
            if each.seq not in wrong:
                waiting[number] = each
        if each.seq == row.seq:
            named = row.fields.get("item", next(iter(waiting)) if len(waiting) == 1 else 0)
            return waiting.get(named)
        if each.kind in _ITEM and each.seq not in wrong:
            named = each.fields.get("item", next(iter(waiting)) if len(waiting) == 1 else 0)
            waiting.pop(named, None)
        elif each.kind == "reparation_ended" and each.seq not in wrong:
            ended = _child(case, each)
            waiting = {key: agreed for key, agreed in waiting.items() if _child(case, agreed) != ended}
    return None
