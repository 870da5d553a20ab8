"""Shows the rules in force on a day, the editions they stand in, and what no edition models, with the reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import NotFound
from engine.lawbook import editions, left_out, not_covered, rules_on
from web import words
from web.access import house_of
from web.asked_days import asked_days
from web.pages import page
from workflow.london import london_day

router = APIRouter(include_in_schema=False)

_ORDER = ("yjs", "police", "witness_care", "cps", "probation", "court")


@router.get("/law")
def law_page(request: Request) -> Response:
    """Every rule in force on the day that was asked for, today if none, by source and owner."""
    house = house_of(request)
    today = london_day(house.now())
    asked = asked_days(request.query_params, (("on", "The day"),))
    on = asked.days.get("on", today)
    return page(
        request,
        "law/rules.html",
        422 if asked.errors else 200,
        asked=asked,
        on=on,
        groups=[] if asked.errors else _groups(rules_on(house.rulebook, on)),
        missing=None if asked.errors else not_covered(house.rulebook, on),
        errors=[{"text": text, "href": f"#{name}-day"} for name, text in asked.errors.items()],
    )


@router.get("/law/editions")
def editions_page(request: Request) -> Response:
    """Every edition held, in force or not, and what is known of each."""
    rows = [{**each, "source_name": words.SOURCES[each["source"]]} for each in editions(house_of(request).rulebook)]
    return page(request, "law/editions.html", editions=rows)


@router.get("/law/editions/{edition}")
def left_out_page(request: Request, edition: str) -> Response:
    """The duties of an edition that are no rule here, each with its reason."""
    found = left_out(house_of(request).rulebook, edition)
    if found is None:
        raise NotFound("There is no such edition.")
    return page(request, "law/left_out.html", edition=found)


def _groups(rules: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[tuple[int, int, str], list[dict[str, Any]]] = {}
    for rule in rules:
        rank = (tuple(words.SOURCES).index(rule["source"]), _ORDER.index(rule["owner"]))
        title = f"{words.SOURCES[rule['source']]}: {words.OWNERS[rule['owner']]}"
        groups.setdefault((*rank, title), []).append(
            {**rule, "place": _place(rule), "unverified": rule["status"] != "verified"}
        )
    return [(title, groups[rank, owner, title]) for rank, owner, title in sorted(groups)]


def _place(rule: Mapping[str, Any]) -> str:
    place = words.paragraph(rule["paragraph"])
    return f"Right {rule['right']}, {place}" if str(rule["right"] or "").isdigit() else place
