"""Shows the way in and out: signing in, signing out, changing the password, and the front door."""

from typing import Any
from urllib.parse import urlencode

from anyio.to_thread import run_sync
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import WrongInput
from engine.kept_forms import kept
from engine.sign_in import (
    CODE,
    LONGEST_PASSWORD,
    PASSWORD,
    SHORTEST_PASSWORD,
    SignedIn,
    SignInRefused,
    change_password,
    prepare,
    sign_in,
    sign_out,
    who,
)
from web.access import LANDINGS, cookie_name, forget, form, house_of, keep, signed_in, text, visitor, way_on
from web.pages import page, see_other

router = APIRouter(include_in_schema=False)


@router.get("/")
def front_door(request: Request) -> Response:
    """The way to where this visitor begins."""
    found = visitor(request)
    if found is None:
        return see_other("/sign-in")
    return see_other(LANDINGS.get(found.actor.role, "/sign-in"))


@router.get("/sign-in")
def sign_in_page(request: Request) -> Response:
    """The form that asks for user name and password."""
    found = visitor(request)
    if found is not None:
        return see_other(way_on(request.query_params.get("next", ""), found))
    prepare()
    query = request.query_params
    over = query.get("over", "")
    return page(
        request,
        "sign_in.html",
        next=query.get("next", ""),
        over=bool(over),
        kept=over == "kept",
        out="out" in query,
        out_here_only=query.get("out", "") == "provider",
        ended="ended" in query,
    )


@router.post("/sign-in")
async def signing_in(request: Request) -> Response:
    """Open a session, or show the form again with the same words whatever was wrong."""
    return await run_sync(_signing_in, request, limiter=request.app.state.one_at_a_time)


def _signing_in(request: Request) -> Response:
    house, sent = house_of(request), form(request)
    name, password = text(sent, "user"), sent.get("password")
    wanted = text(sent, "next")
    address = request.client.host if request.client else ""
    before = request.cookies.get(cookie_name(request), "")
    try:
        token = sign_in(
            house, name, password if isinstance(password, str) else "", address, house.now(), replaces=before
        )
    except SignInRefused as fault:
        return page(request, "sign_in.html", 401, next=wanted, refused=str(fault), user=name[:64])
    found = who(house, token, house.now())
    answer = see_other(onward(request, found, wanted) if found else "/sign-in")
    keep(request, answer, token)
    return answer


def onward(request: Request, found: SignedIn, wanted: str) -> str:
    """Where to go after coming in: to what is owed, to the form that was kept, or to the page that was wanted."""
    if found.owes == CODE:
        return f"/code?{urlencode({'next': wanted})}" if wanted else "/code"
    house = house_of(request)
    if kept(house, found.actor, house.now()) is not None:
        return "/kept"
    return way_on(wanted, found)


@router.post("/sign-out")
def signing_out(request: Request) -> Response:
    """End the session."""
    found = signed_in(request)
    sign_out(house_of(request), found)
    answer = see_other(f"/sign-in?out={'provider' if found.by_provider else '1'}")
    forget(request, answer)
    return answer


@router.get("/password")
def password_page(request: Request) -> Response:
    """The form for a new password."""
    return page(request, "password.html", **_password_facts(request))


def _password_facts(request: Request) -> dict[str, Any]:
    is_first = signed_in(request).owes == PASSWORD
    return {"shortest": SHORTEST_PASSWORD, "longest": LONGEST_PASSWORD, "is_first": is_first}


@router.post("/password")
async def changing_password(request: Request) -> Response:
    """Change the password; every other session of the user ends."""
    return await run_sync(_changing_password, request, limiter=request.app.state.one_at_a_time)


def _changing_password(request: Request) -> Response:
    house, sent, found = house_of(request), form(request), signed_in(request)
    old, new = (value if isinstance(value := sent.get(name), str) else "" for name in ("old", "new"))
    try:
        token = change_password(house, found, old, new, house.now())
    except WrongInput as fault:
        field, _, remedy = str(fault).partition(": ")
        error = {"field": field, "text": remedy}
        return page(request, "password.html", 422, error=error, **_password_facts(request))
    answer = see_other("/")
    keep(request, answer, token)
    return answer
