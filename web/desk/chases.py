"""Shows what a force has to be reminded of by a person, because no e-mail could go."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.chasing import done_by_hand, to_do
from web.access import actor, form, house_of, text
from web.pages import page, see_other

router = APIRouter(include_in_schema=False)


@router.get("/chases")
def chases(request: Request) -> Response:
    """The chases that wait for a person."""
    house = house_of(request)
    return page(request, "chases.html", chases=to_do(house), has_mail=house.settings.mail is not None)


@router.post("/chases")
def chased(request: Request) -> Response:
    """Say that one was done."""
    house, sent = house_of(request), form(request)
    done_by_hand(house, text(sent, "case"), text(sent, "query"), text(sent, "rung"), actor(request), house.now())
    return see_other("/chases")
