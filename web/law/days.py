"""Shows the calendar that deadlines are counted by: bank holidays, own closures, and how far it is known."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import NotFound
from engine.lawbook import calendar_document
from web.access import house_of
from web.pages import page
from workflow.london import london_day

router = APIRouter(include_in_schema=False)


@router.get("/law/calendar")
def calendar_page(request: Request) -> Response:
    """The days of one year, this one if none is asked for, with the years there are."""
    house = house_of(request)
    today = london_day(house.now())
    first, last = house.calendar.first_day.year, house.calendar.horizon.year
    given = request.query_params.get("year", "")
    if given and not (given.isascii() and given.isdigit() and len(given) == 4 and first <= int(given) <= last):
        raise NotFound("The table of bank holidays does not hold that year.")
    year = int(given) if given else min(max(today.year, first), last)
    return page(
        request,
        "law/calendar.html",
        found=calendar_document(house.calendar, today, year),
        year=year,
        years=range(first, last + 1),
    )
