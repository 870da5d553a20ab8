"""Shows cases that look like one person or one incident, with the reasons; a person says whether they are."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.intake.likeness import likenesses, settled_likenesses
from engine.targeted import decide_same_victim
from web.access import actor, form, house_of, text
from web.pages import page, see_other

router = APIRouter(include_in_schema=False)


@router.get("/alike")
def alike(request: Request) -> Response:
    """The pairs that wait for an answer, and those that were answered last."""
    house = house_of(request)
    return page(request, "alike.html", waiting=likenesses(house), settled=settled_likenesses(house))


@router.post("/alike")
def said(request: Request) -> Response:
    """Keep what somebody found out about two cases; the cases stay as they are."""
    house, sent = house_of(request), form(request)
    pair = text(sent, "case"), text(sent, "other")
    decide_same_victim(house, *pair, text(sent, "outcome"), actor(request), house.now())
    return see_other("/alike")
