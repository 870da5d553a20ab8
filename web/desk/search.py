"""Shows the search for a case: what is typed goes in the body of a form, so that nothing personal is in an address."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import WrongInput
from engine.searching import MOST, Asked, Found, search
from web import words
from web.access import actor, form, house_of, text
from web.asked_days import AskedDays, asked_days
from web.labels import SEARCH_PURPOSES
from web.pages import page
from workflow.london import london_day

router = APIRouter(include_in_schema=False)

_FIELDS = ("reference", "name", "phone", "crime_reference", "purpose")
_BORN = ("born-day", "born-month", "born-year")


@router.get("/search")
def search_page(request: Request) -> Response:
    """The form of the search."""
    return _shown(request, {}, AskedDays())


@router.post("/search")
def searching(request: Request) -> Response:
    """What was found, below the form with what was typed."""
    house, sent = house_of(request), form(request)
    typed = {name: text(sent, name) for name in _FIELDS}
    boxes = {name: text(sent, name) for name in _BORN}
    day = asked_days(QueryParams(boxes), [("born", "Date of birth")], latest=london_day(house.now()))
    if day.errors:
        return _shown(request, typed, day, errors={"born": day.errors["born"]})
    asked = Asked(typed["reference"], typed["name"], day.days.get("born"), typed["phone"], typed["crime_reference"])
    try:
        found = search(house, asked, typed["purpose"], actor(request), house.now())
    except WrongInput as fault:
        field, _, remedy = str(fault).partition(": ")
        return _shown(request, typed, day, errors={field: remedy})
    return _shown(request, typed, day, found=found)


def _shown(
    request: Request,
    typed: Mapping[str, str],
    day: AskedDays,
    *,
    errors: Mapping[str, str] | None = None,
    found: Found | None = None,
) -> Response:
    house = house_of(request)
    anchors = {"born": "born-day"}
    day.errors = {name: said for name, said in (errors or {}).items() if name == "born"}
    return page(
        request,
        "search.html",
        422 if errors else 200,
        typed=typed,
        day=day,
        error_of=errors or {},
        errors=[{"text": said, "href": f"#{anchors.get(name, name)}"} for name, said in (errors or {}).items()],
        purposes=[] if house.permissions.may(actor(request).role, "glass.break") else list(SEARCH_PURPOSES.items()),
        hits=[_hit(each) for each in found.hits] if found else None,
        has_more=found.has_more if found else False,
        most=MOST,
    )


def _hit(hit: Any) -> dict[str, Any]:
    return {
        "reference": hit.reference,
        "name": hit.name or "Name not known",
        "born": words.day(hit.born) if hit.born else "",
        "state": words.STATES.get(hit.state, ""),
        "holder": hit.holder,
        "is_mine": hit.is_mine,
        "is_held": hit.is_held,
    }
