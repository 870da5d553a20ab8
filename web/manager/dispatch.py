"""Shows the switch that stops all letters, with every order there was, and takes a manager's order."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.accounts import practitioners
from engine.dispatch import REASONS, lift, orders, standing, stop
from web import words
from web.access import actor, form, house_of, text
from web.pages import page, see_other

router = APIRouter(include_in_schema=False)

_DEEDS = {"stop": "Stopped", "ask_to_lift": "Asked that letters may go again", "lift": "Let letters go again"}


@router.get("/dispatch")
def dispatch_page(request: Request) -> Response:
    """How the switch stands."""
    house = house_of(request)
    names = dict(practitioners(house))
    found = standing(house)
    return page(
        request,
        "dispatch.html",
        standing=found,
        asked=words.person(found.lift_asked_by, names) if found and found.lift_asked_by else "",
        asked_by_me=bool(found and found.lift_asked_by == actor(request).user),
        may_order="dispatch.order" in _may(request),
        reasons=[(each, words.value(each)) for each in REASONS],
        orders=[
            (_DEEDS[each.deed], words.value(each.reason), words.person(each.by, names), words.moment(each.at))
            for each in orders(house)
        ],
    )


@router.post("/dispatch")
def ordering(request: Request) -> Response:
    """Stop all letters, or one of two people's yes to letting them go."""
    house, sent = house_of(request), form(request)
    deed = lift if text(sent, "deed") == "lift" else stop
    deed(house, actor(request), text(sent, "reason"), house.now())
    return see_other("/dispatch")


def _may(request: Request) -> set[str]:
    permissions = house_of(request).permissions
    return {name for name in permissions.actions if permissions.may(actor(request).role, name)}
