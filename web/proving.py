"""Shows where somebody proves who they are: the code of a phone, a fresh proof, and setting a second factor up."""

import segno
from anyio.to_thread import run_sync
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import WrongInput
from engine.second_factor import begin, codes_left, confirm, give_code, give_password
from engine.sign_in import CODE, ENROL, SignedIn, who
from web.access import form, house_of, keep, signed_in, text
from web.pages import page, see_other
from web.people import onward

router = APIRouter(include_in_schema=False)


@router.get("/code")
def code_page(request: Request) -> Response:
    """The form that asks for the second factor after the password."""
    if signed_in(request).owes != CODE:
        return see_other("/")
    return page(request, "code.html", next=request.query_params.get("next", ""))


@router.post("/code")
async def giving_code(request: Request) -> Response:
    """Take the second factor, and let its user in."""
    return await run_sync(_proving, request, "code.html", limiter=request.app.state.one_at_a_time)


@router.get("/prove")
def prove_page(request: Request) -> Response:
    """The form that asks somebody who is signed in to prove again who they are."""
    return page(request, "prove.html", next=request.query_params.get("next", ""))


@router.post("/prove")
async def proving(request: Request) -> Response:
    """Take a fresh proof, and lead on to what it was needed for."""
    return await run_sync(_proving, request, "prove.html", limiter=request.app.state.one_at_a_time)


def _proving(request: Request, template: str) -> Response:
    house, sent, found = house_of(request), form(request), signed_in(request)
    wanted, now = text(sent, "next"), house.now()
    try:
        if found.owes == CODE or found.has_factor:
            token = give_code(house, found, text(sent, "code")[:64], now)
        else:
            password = sent.get("password")
            token = give_password(house, found, password if isinstance(password, str) else "", now)
    except WrongInput as fault:
        field, _, remedy = str(fault).partition(": ")
        return page(request, template, 422, next=wanted, error={"field": field, "text": remedy})
    proved = who(house, token, now)
    answer = see_other(onward(request, proved, wanted) if proved else "/sign-in")
    keep(request, answer, token)
    return answer


@router.get("/second-factor")
def factor_page(request: Request) -> Response:
    """The picture for one's phone, and the field for the first code it shows."""
    return _setting(request, signed_in(request))


@router.post("/second-factor")
async def confirming(request: Request) -> Response:
    """Confirm the second factor by its first code, and show the recovery codes this once."""
    return await run_sync(_confirming, request, limiter=request.app.state.one_at_a_time)


def _confirming(request: Request) -> Response:
    house, found = house_of(request), signed_in(request)
    try:
        codes = confirm(house, found, text(form(request), "code")[:64], house.now())
    except WrongInput as fault:
        field, _, remedy = str(fault).partition(": ")
        return _setting(request, found, 422, {"field": field, "text": remedy})
    return page(request, "recovery_codes.html", codes=codes)


def _setting(request: Request, found: SignedIn, status: int = 200, error: dict[str, str] | None = None) -> Response:
    house = house_of(request)
    setting = begin(house, found)
    picture = segno.make(setting.address, error="m").svg_data_uri(scale=5, border=4, dark="#0b0c0c", light="#ffffff")
    return page(
        request,
        "second_factor.html",
        status,
        picture=picture,
        key=setting.key,
        error=error,
        is_owed=found.owes == ENROL,
        left=codes_left(house, found.actor.user) if found.has_factor else None,
    )
