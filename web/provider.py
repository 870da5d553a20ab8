"""Shows the way in through an OpenID provider: out to it, back from it, and a fresh proof there."""

from anyio.to_thread import run_sync
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.provider import UNDER_WAY, ProviderRefused, Sent, begin, finish
from engine.sign_in import SignedIn, who
from web.access import FormRefused, cookie_name, house_of, is_secure, keep, same_site, signed_in, visitor, way_on
from web.pages import page, see_other
from web.people import onward

router = APIRouter(include_in_schema=False)

_LONGEST = 4000


@router.get("/sign-in/provider")
async def going(request: Request) -> Response:
    """Send the browser to the provider to sign in."""
    found = visitor(request)
    if found is not None:
        return see_other(way_on(request.query_params.get("next", ""), found))
    return await run_sync(_going, request, None, limiter=request.app.state.at_provider)


@router.get("/prove/provider")
async def going_to_prove(request: Request) -> Response:
    """Send the browser to the provider to prove again who somebody is."""
    found = signed_in(request)
    if not found.by_provider or found.has_factor:
        return see_other("/prove")
    return await run_sync(_going, request, found, limiter=request.app.state.at_provider)


def _going(request: Request, proving: SignedIn | None) -> Response:
    try:
        # Otherwise another site could sign somebody in while they look away.
        same_site(request)
    except FormRefused:
        return see_other("/sign-in")
    house = house_of(request)
    try:
        begun = begin(house, request.query_params.get("next", ""), house.now(), proving=proving)
    except ProviderRefused:
        return _refused(request)
    answer = see_other(begun.address)
    answer.set_cookie(
        _cookie(request),
        begun.ticket,
        max_age=int(UNDER_WAY.total_seconds()),
        httponly=True,
        secure=is_secure(request),
        # The way back comes from another site, so that a strict cookie would stay behind.
        samesite="lax",
        path="/",
    )
    return answer


@router.get("/sign-in/provider/back")
async def coming_back(request: Request) -> Response:
    """Let in whoever comes back from the provider, or show the same page whatever was wrong."""
    return await run_sync(_coming_back, request, limiter=request.app.state.at_provider)


def _coming_back(request: Request) -> Response:
    house, now = house_of(request), house_of(request).now()
    query = request.query_params
    state, code, issuer = (query.get(name, "")[:_LONGEST] for name in ("state", "code", "iss"))
    sent = Sent(
        state=state,
        code="" if "error" in query else code,
        issuer=issuer,
        ticket=request.cookies.get(_cookie(request), ""),
        replaces=request.cookies.get(cookie_name(request), ""),
    )
    try:
        back = finish(house, sent, now)
    except ProviderRefused:
        return _refused(request)
    found = who(house, back.token, now)
    answer = see_other(onward(request, found, back.wanted) if found else "/sign-in")
    keep(request, answer, back.token)
    _forget(request, answer)
    return answer


def _refused(request: Request) -> Response:
    answer = page(request, "provider_refused.html", 401)
    _forget(request, answer)
    return answer


def _cookie(request: Request) -> str:
    return "__Host-provider" if is_secure(request) else "provider"


def _forget(request: Request, answer: Response) -> None:
    answer.delete_cookie(_cookie(request), path="/", secure=is_secure(request), httponly=True, samesite="lax")
