"""Shows how one deadline comes about: "if it was reported on this day", each day counted or skipped, and why."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import NotFound
from engine.lawbook import about, explained
from web import words
from web.access import house_of
from web.asked_days import asked_days
from web.pages import page
from workflow.explain import CannotExplain
from workflow.london import london_day

router = APIRouter(include_in_schema=False)

_LABELS = (
    ("from", "The first day"),
    ("told", "The day we were told"),
    ("enhanced_from", "The day enhanced rights were known"),
)


@router.get("/law/rules/{rule}")
def deadline_page(request: Request, rule: str) -> Response:
    """A rule in words, a form that asks for days, and the deadline that follows from them."""
    house, query = house_of(request), request.query_params
    today = london_day(house.now())
    known = about(house.rulebook, rule, today)
    if known is None:
        raise NotFound("There is no such rule.")
    asked = asked_days(query, _LABELS)
    enhanced = query.get("enhanced") == "yes"
    wanted: dict[str, object] = {name: day.isoformat() for name, day in asked.days.items()}
    answer: dict[str, Any] | None = None
    if "from" not in asked.days and not asked.errors and (asked.days or "from-day" in query):
        asked.errors["from"] = "Enter the day on which it began"
    if not asked.errors:
        try:
            answer = explained(
                house.rulebook,
                house.calendar,
                {"from": today.isoformat(), "rule": rule, "enhanced": enhanced, **wanted},
                today,
            )
        except CannotExplain as refusal:
            asked.errors["told" if "told" in str(refusal) else "from"] = str(refusal)
    return page(
        request,
        "law/deadline.html",
        422 if asked.errors else 200,
        rule={**known, "place": _place(known), "unverified": known["status"] != "verified"},
        owner=words.OWNERS[known["owner"]],
        asked=asked,
        enhanced=enhanced,
        default=asked.days.get("from", today),
        answer=_answer(answer, today, house.calendar.working_days_between) if answer else None,
        errors=[{"text": text, "href": f"#{name}-day"} for name, text in asked.errors.items()],
    )


def _place(rule: Mapping[str, Any]) -> str:
    place = words.paragraph(rule["paragraph"])
    if str(rule["right"] or "").isdigit():
        return f"Right {rule['right']}, paragraph {place}, edition of {rule['edition']}"
    return f"{place} ({words.SOURCES[rule['source']]}, {rule['edition']})"


def _answer(found: Mapping[str, Any], today: date, working_days_between: Any) -> dict[str, Any]:
    dates = (
        ("Began on", found["began_on"]),
        (f"Due ({found['limit']})", found["due_on"]),
        ("We were told on", found["told_on"]),
        ("Due, counted from the day we were told", found["service_due_on"]),
        ("Due with enhanced rights", found["enhanced_due_on"]),
    )
    mine = found["service_due_on"] or found["due_on"]
    if found["enhanced_due_on"]:
        mine = min(mine, found["enhanced_due_on"]) if mine else found["enhanced_due_on"]
    late = working_days_between(date.fromisoformat(mine), today) if mine and mine < today.isoformat() else 0
    return {
        "dates": [(name, words.day(given, weekday=True)) for name, given in dates if given],
        "due": words.day(mine, weekday=True) if mine else None,
        "standing": words.due(mine, today, late) if mine and found["verdict"] != "no_data" else None,
        "provisional": found["provisional"],
        "note": found["note"],
        "begins": found["begins"],
        "met_by": found["met_by"],
        "counted": sum(each["counted"] for each in found["working"]),
        "working": [
            {"day": words.short_day(each["day"]), "counted": each["counted"], "why": words.sentence(each["why"])}
            for each in found["working"]
        ],
    }
