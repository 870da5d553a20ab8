"""Shows one's own account: where one is signed in, staying signed in, and the form that was kept meanwhile."""

import re

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.kept_forms import drop, kept
from engine.second_factor import codes_left
from engine.sessions import end_own, own
from engine.sign_in import stay
from web import words
from web.access import actor, form, house_of, signed_in, text, way_on
from web.pages import page, see_other

router = APIRouter(include_in_schema=False)

_RECORD_FORM = re.compile(r"/cases/[A-Za-z0-9-]+/record/[a-z_]+")
# What only the machinery of a form needs is not read out.
_SILENT = {"seen", "key", "back", "next", "seen_with"}


@router.get("/account")
def account_page(request: Request) -> Response:
    """One's own account: password, second factor, and the browsers in which one is signed in."""
    house, found = house_of(request), signed_in(request)
    return page(
        request,
        "account.html",
        sessions=[
            {
                "handle": each.handle,
                "began": words.moment(each.began_at),
                "seen": words.moment(each.seen_at),
                "is_this": each.is_this,
            }
            for each in own(house, found, house.now())
        ],
        left=codes_left(house, found.actor.user) if found.has_factor else 0,
        ended="ended" in request.query_params,
    )


@router.post("/account/sessions")
def ending(request: Request) -> Response:
    """Sign oneself out in another browser, or in all others."""
    end_own(house_of(request), signed_in(request), text(form(request), "session"))
    return see_other("/account?ended=1")


@router.get("/stay")
def stay_page(request: Request) -> Response:
    """Until when one is signed in; opening it counts as use, like every page."""
    return page(request, "stay.html", until=words.moment(signed_in(request).ends_at))


@router.post("/stay")
def staying(request: Request) -> Response:
    """Stay signed in, asked by the script of the page or by the button without it."""
    house, found = house_of(request), signed_in(request)
    ends_at = stay(house, found, house.now())
    if text(form(request), "from") == "script":
        return JSONResponse({"left": int((ends_at - house.now()).total_seconds())})
    return see_other("/stay")


@router.get("/kept")
def kept_page(request: Request) -> Response:
    """The form that came after its session had ended: a form of a case is shown filled in, another to be sent again."""
    house, me = house_of(request), actor(request)
    found = kept(house, me, house.now())
    if found is None:
        return see_other(way_on("", signed_in(request)))
    path, typed = found
    if _RECORD_FORM.fullmatch(path):
        return see_other(f"{path}?kept=1")
    said = [(words.value(name), value) for name, value in typed if name not in _SILENT and value]
    return page(request, "kept.html", to=path, typed=typed, said=said)


@router.post("/kept")
def leaving(request: Request) -> Response:
    """Leave the form that was kept: it is forgotten."""
    drop(house_of(request), actor(request))
    return see_other(way_on("", signed_in(request)))
