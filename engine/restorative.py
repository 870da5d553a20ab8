"""Reads what is shown of the restorative strands of a case: by the reference of each child, in codes and days."""

from datetime import date
from typing import Any

from engine.house import House
from workflow.case import Case
from workflow.readiness import freshness, lacking
from workflow.strand_moves import strand_states
from workflow.strands import Item, Strand, conditions_on, strand
from workflow.tracks.restorative import GOING_ON

Json = dict[str, Any]


def strand_documents(house: House, case: Case, today: date) -> list[Json]:
    """Every strand as ``case --json`` gives it; ``child`` is null while no child is linked."""
    lasts = freshness(house.rulebook, today)
    return [_document(case, strand(case, child), state, today, lasts) for child, state in strand_states(case).items()]


def _document(case: Case, mine: Strand, state: str, today: date, lasts: int | None) -> Json:
    answered, held, ended = mine.last("restorative_answered"), mine.last("restorative_event_held"), None
    if state == "ended":
        ended = mine.day_of("follow_up_completed")
    assessed = mine.assessed
    return {
        "child": mine.child or None,
        "state": state,
        "offered_on": _day(_offered_on(mine)),
        "answer": answered.text("answer") if answered else None,
        "answered_on": _day(answered.day if answered else None),
        "form": mine.form or None,
        "ask_again_on": _day(mine.ask_again_on) if state == "not_now" else None,
        "victim_consented_on": _day(mine.consented_on("victim")),
        "child_consented_on": _day(mine.consented_on("child")),
        "consents_fresh_until": _day(mine.fresh_until(lasts)) if lasts is not None else None,
        "risk_assessed_on": _day(mine.assessed_on),
        "risk_assessed_by": (assessed.text("signed_by") or assessed.by) if assessed else None,
        "suitable": assessed.fields.get("suitable", True) if assessed else None,
        "is_complex": mine.is_complex,
        "complex_approved_on": _day(mine.day_of("complex_work_approved")) if mine.is_approved else None,
        "contact_conditions": [
            {"kind": each.text("kind"), "from": _day(each.day_of("from")), "to": _day(each.day_of("to"))}
            for each in conditions_on(case, mine.child, today)
        ],
        "lacking": list(lacking(case, mine.child, today, lasts)) if state in GOING_ON else [],
        "planned_on": _day(mine.planned_on),
        "postponed_on": _day(mine.day_of("restorative_event_postponed", "restorative_event_aborted")),
        "held_on": _day(held.day if held else None),
        "held_as": held.text("kind") if held else None,
        "agreement": held.fields.get("agreement") if held else None,
        "debriefed_on": _day(mine.day_of("restorative_debriefed")),
        "two_week_follow_up_on": _day(_followed_up(mine, "two_weeks")),
        "six_week_follow_up_on": _day(_followed_up(mine, "six_to_eight_weeks")),
        "ended_on": _day(ended),
        "items": [_item(item) for item in mine.items],
    }


def _offered_on(mine: Strand) -> date | None:
    days = [e.day for e in mine.events if e.kind == "restorative_offered" and e.fields.get("invited") is True]
    return days[-1] if days else None


def _followed_up(mine: Strand, when: str) -> date | None:
    days = [e.day for e in mine.events if e.kind == "restorative_followed_up" and e.text("when") == when]
    return days[-1] if days else None


def _item(item: Item) -> Json:
    return {
        "item": item.number,
        "kind": item.kind,
        "direct": item.direct,
        "due_on": _day(item.due_on),
        "state": item.standing,
        "settled_on": _day(item.settled_on),
        "evidence": item.evidence or None,
        "reason": item.reason or None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
