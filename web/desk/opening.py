"""Shows how a colleague's case is opened with a reason, how somebody declares a conflict, and how a wall is set."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine import walls
from engine.accounts import staff_names
from engine.desk import open_file
from engine.errors import WrongInput
from engine.glass import REASONS, break_glass, holder_of
from engine.targeted import decide_same_victim
from web.access import actor, form, house_of, text
from web.labels import GLASS_REASONS, WALL_REASONS
from web.pages import page, see_other

router = APIRouter(include_in_schema=False)


@router.get("/cases/{reference}/open")
def open_page(request: Request, reference: str) -> Response:
    """The form that asks why a colleague's case has to be opened."""
    house = house_of(request)
    holder = holder_of(house, reference, actor(request), house.now())
    return _asking(request, reference, holder) if holder else see_other(f"/cases/{reference}")


@router.post("/cases/{reference}/open")
def opening(request: Request, reference: str) -> Response:
    """Open it for a short time; it is logged, and somebody looks at it afterwards."""
    house, me, sent = house_of(request), actor(request), form(request)
    holder = holder_of(house, reference, me, house.now())
    if not holder:
        return see_other(f"/cases/{reference}")
    try:
        break_glass(house, reference, text(sent, "reason"), text(sent, "words"), me, house.now())
    except WrongInput as fault:
        return _asking(request, reference, holder, fault)
    return see_other(f"/cases/{reference}")


def _asking(request: Request, reference: str, holder: str, fault: WrongInput | None = None) -> Response:
    minutes = house_of(request).settings.access.opened_for_minutes
    return page(
        request,
        "open.html",
        422 if fault else 200,
        reference=reference,
        holder=holder,
        minutes=minutes,
        reasons=[(code, GLASS_REASONS[code]) for code in REASONS],
        **_error(fault),
        **_typed(request, fault, "reason", "words"),
    )


@router.post("/cases/{reference}/same-victim")
def saying_same_victim(request: Request, reference: str) -> Response:
    """Keep what was said of two cases that may be of one victim, in both."""
    house, sent = house_of(request), form(request)
    decide_same_victim(house, reference, text(sent, "other"), text(sent, "outcome"), actor(request), house.now())
    return see_other(f"/cases/{reference}?recorded=same_victim_decided#same-victim")


@router.get("/cases/{reference}/conflict")
def conflict_page(request: Request, reference: str) -> Response:
    """What it means to declare a conflict of interest, and the button that does."""
    house = house_of(request)
    file = open_file(house, reference, actor(request), house.now())
    return page(request, "conflict.html", file=file, is_mine=file.case.assignee == actor(request).user)


@router.post("/cases/{reference}/conflict")
def declaring(request: Request, reference: str) -> Response:
    """From now on the case does not exist for whoever declared the conflict."""
    house = house_of(request)
    walls.declare(house, reference, actor(request), house.now())
    return page(request, "conflict_declared.html")


@router.get("/cases/{reference}/wall")
def wall_page(request: Request, reference: str) -> Response:
    """The form that keeps a colleague out of a case."""
    house = house_of(request)
    file = open_file(house, reference, actor(request), house.now())
    return _walling(request, file)


@router.post("/cases/{reference}/wall")
def walling(request: Request, reference: str) -> Response:
    """Set the wall."""
    house, me, sent = house_of(request), actor(request), form(request)
    try:
        walls.set_up(house, reference, text(sent, "user"), text(sent, "reason"), me, house.now())
    except WrongInput as fault:
        return _walling(request, open_file(house, reference, me, house.now()), fault)
    return see_other("/access?set=1")


def _walling(request: Request, file: Any, fault: WrongInput | None = None) -> Response:
    me = actor(request).user
    return page(
        request,
        "wall.html",
        422 if fault else 200,
        file=file,
        people=[each for each in staff_names(house_of(request)).items() if each[0] != me],
        reasons=[(code, WALL_REASONS[code]) for code in walls.OTHERS_REASONS],
        **_error(fault),
        **_typed(request, fault, "user", "reason"),
    )


def _error(fault: WrongInput | None) -> dict[str, Any]:
    """A mistake as the pages show it: the field, and what to give instead."""
    if fault is None:
        return {"error": None}
    field, _, remedy = str(fault).partition(": ")
    return {"error": {"field": field, "text": remedy}}


def _typed(request: Request, fault: WrongInput | None, *names: str) -> dict[str, Any]:
    return {"typed": {name: text(form(request), name) for name in names} if fault else {}}
