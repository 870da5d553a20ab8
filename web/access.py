"""Decides at every request who is asking and whether they may: session, form token, key, and the permission file."""

import hashlib
import hmac
import re
from urllib.parse import quote, urlsplit

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response

from engine.accounts import force_of_key
from engine.entries import Actor
from engine.house import House
from engine.kept_forms import NEVER, drop
from engine.kept_forms import keep as keep_form
from engine.sign_in import CODE, ENROL, LONGEST, PASSWORD, SignedIn, is_form_token, who
from engine.walls import as_seen_by
from web.shield import API, RECEIPTS, UPLOAD
from workflow.permissions import NotPermitted
from workflow.vocabulary import Role

PUBLIC = "public"
LANDINGS = {
    Role.PRACTITIONER: "/queue",
    Role.MANAGER: "/compliance",
    Role.POLICE: "/police",
    Role.SAFEGUARDING: "/queue",
    Role.DATA_LEAD: "/access",
    Role.AUDITOR: "/access",
    Role.CASE_MANAGER: "/law",
}
"""Where each role begins."""
OWED = {
    CODE: ("/code", "account.prove"),
    PASSWORD: ("/password", "account.password"),
    ENROL: ("/second-factor", "account.factor"),
}
"""Where somebody goes who owes something before anything else, and the one action besides leaving that is open then."""

_FORM = "application/x-www-form-urlencoded"
_FORM_WITH_FILE = "multipart/form-data"
_OURS = re.compile(r"/(?![/\\])[A-Za-z0-9/_.?=&-]{0,200}")


class SignInNeeded(Exception):
    """Nobody is signed in; the words are the query that leads back here afterwards."""


class Owing(Exception):
    """Something has to be done before anything else; the words are the page where it is done."""


class ProofNeeded(Exception):
    """What was asked for needs a fresh proof of who one is; the words are the query that leads back here."""


class FormRefused(Exception):
    """A form did not come from a page of this session; nothing was done."""

    def __init__(self) -> None:
        super().__init__("Go back, load the page again, and fill it in once more. Nothing was changed.")


class NoKey(Exception):
    """The call bore no key, or one that opens nothing."""

    def __init__(self) -> None:
        super().__init__("Send the key of your force as: Authorization: Bearer <key>.")


def house_of(request: Request) -> House:
    """The house that this application shows, as whoever asks may see it."""
    seen: House | None = getattr(request.state, "house", None)
    house: House = request.app.state.house
    return seen or house


def signed_in(request: Request) -> SignedIn:
    """Who is signed in.  Raises SignInNeeded where the page is public and nobody is."""
    found = visitor(request)
    if found is None:
        raise SignInNeeded("")
    return found


def visitor(request: Request) -> SignedIn | None:
    """Who is signed in, or None."""
    found: SignedIn | None = getattr(request.state, "signed_in", None)
    return found


def actor(request: Request) -> Actor:
    """Who acts: the user who is signed in, or the account of the force whose key it is."""
    by_key: Actor | None = getattr(request.state, "actor", None)
    return by_key or signed_in(request).actor


def form(request: Request) -> FormData:
    """The form that was sent, already checked."""
    sent: FormData = request.state.form
    return sent


def text(sent: FormData, name: str) -> str:
    """A field of a form as text, empty where it is not there."""
    value = sent.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def action_of(app: FastAPI, method: str, path: str) -> str:
    """The action that the permission file names for a route.  Raises NotPermitted: what is not listed, nobody may."""
    action: str | None = app.state.house.permissions.routes.get(f"{method} {path}")
    if action is None:
        raise NotPermitted("This address is not in the list of what may be done.")
    return action


async def guard(request: Request) -> None:
    """Stand before every route: find out who asks, demand the action of the route, and take no foreign form."""
    action = action_of(request.app, request.method, request.scope["route"].path_format)
    house = house_of(request)
    if request.url.path == RECEIPTS:
        request.state.actor = _whoever_delivers(house, request.headers.get("authorization", ""))
        house.permissions.demand(request.state.actor.role, action)
        return
    if request.url.path.startswith(API):
        request.state.actor = await run_in_threadpool(_force, house, request.headers.get("authorization", ""))
        house.permissions.demand(request.state.actor.role, action)
        return
    token = request.cookies.get(cookie_name(request), "")
    found = await run_in_threadpool(who, house, token, house.now()) if token else None
    request.state.signed_in = found
    brings_file = request.url.path == UPLOAD
    if request.method == "POST":
        same_site(request)
        # A file is read once it is known who brings it: nobody else may keep us busy with one.
        request.state.form = FormData() if brings_file else await _read(request)
    if action == PUBLIC:
        return
    if found is None:
        is_kept = await run_in_threadpool(_kept, request, house, token, action)
        raise SignInNeeded(_way_back(request, is_kept))
    if found.owes and action not in (OWED[found.owes][1], "account.leave"):
        raise Owing(OWED[found.owes][0])
    request.state.house = await run_in_threadpool(as_seen_by, house, found.actor.user)
    house.permissions.demand(found.actor.role, action)
    if request.method == "POST" and brings_file:
        request.state.form = await _read_file(request)
    if request.method == "POST" and not is_form_token(found, text(request.state.form, "form_token")):
        await request.state.form.close()
        raise FormRefused
    if action in house.permissions.proof and not found.is_proved(house.now()) and not found.owes:
        await run_in_threadpool(_kept, request, house, token, action)
        raise ProofNeeded(_way_back(request))
    if request.method == "POST":
        await run_in_threadpool(drop, house, found.actor, request.url.path)


def _kept(request: Request, house: House, token: str, action: str) -> bool:
    """Whether a form that may not be taken now was kept until its user has proved who they are."""
    if request.method != "POST" or not token or action.startswith("account."):
        return False
    typed = [(name, value) for name, value in request.state.form.multi_items() if isinstance(value, str)]
    form_token = text(request.state.form, "form_token")
    return keep_form(house, token, form_token, request.url.path, typed, house.now())


def _whoever_delivers(house: House, header: str) -> Actor:
    """GOV.UK Notify, known by the token that was agreed with it; how long it takes tells nothing of the token."""
    notify = house.settings.ways.notify
    scheme, _, token = header.partition(" ")
    known = notify.token if notify else ""
    given, wanted = (hashlib.sha256(each.encode()).digest() for each in (token.strip(), known))
    is_it = hmac.compare_digest(given, wanted)
    if scheme.lower() != "bearer" or not known or not is_it:
        raise NoKey
    return Actor("notify", Role.CLOCK)


def unsent(request: Request) -> list[tuple[str, str]]:
    """What a form of somebody who is signed in holds, to be sent once more; nothing where a secret stands in it."""
    sent: FormData | None = getattr(request.state, "form", None)
    if request.method != "POST" or sent is None or visitor(request) is None:
        return []
    typed = [(name, value) for name, value in sent.multi_items() if isinstance(value, str)]
    return [] if any(name in NEVER and name != "form_token" for name, _ in typed) else typed


def _force(house: House, header: str) -> Actor:
    scheme, _, key = header.partition(" ")
    force = force_of_key(house, key.strip()) if scheme.lower() == "bearer" and key.strip() else None
    if force is None:
        raise NoKey
    return Actor(f"feed:{force}", Role.FEED, force)


def same_site(request: Request) -> None:
    """Refuse a form from another site: by what the browser says of it, or by its origin where it says nothing."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in (None, "same-origin", "none"):
        raise FormRefused
    if site is None and origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise FormRefused


async def _read(request: Request) -> FormData:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise HTTPException(415)
    sent = await request.form(max_files=0, max_fields=300)
    if any("\0" in name or (isinstance(value, str) and "\0" in value) for name, value in sent.multi_items()):
        raise HTTPException(422)
    return sent


async def _read_file(request: Request) -> FormData:
    """A form with one file; it is spooled to a file without a name, which is gone with the request."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_WITH_FILE:
        raise HTTPException(415)
    try:
        sent = await request.form(max_files=1, max_fields=5)
    except MultiPartException:
        raise HTTPException(400) from None
    return sent


def _way_back(request: Request, is_kept: bool = False) -> str:
    if request.method != "GET":
        return "?over=kept" if is_kept else "?over=1"
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"?next={quote(path, safe='')}" if path != "/" else ""


def way_on(wanted: str, found: SignedIn) -> str:
    """Where to go after signing in: the page that was asked for if it is one of ours, else where the role begins."""
    if _OURS.fullmatch(wanted) and not wanted.startswith(("/sign-", "/code", "/prove")):
        return wanted
    return LANDINGS.get(found.actor.role, "/")


def cookie_name(request: Request) -> str:
    """The cookie of the session; with the prefix a browser takes it only over a safe line, from this very host."""
    return "__Host-session" if is_secure(request) else "session"


def is_secure(request: Request) -> bool:
    """Whether cookies go over a safe line only; a proxy on this machine that speaks HTTPS outside counts."""
    return request.app.state.secure_cookies is True or request.url.scheme == "https"


def keep(request: Request, answer: Response, token: str) -> None:
    """Give the browser the token of its session."""
    answer.set_cookie(
        cookie_name(request),
        token,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        secure=is_secure(request),
        samesite="lax",
        path="/",
    )


def forget(request: Request, answer: Response) -> None:
    """Take the token back, and with it what the browser kept of our pages."""
    answer.delete_cookie(cookie_name(request), path="/", secure=is_secure(request), httponly=True, samesite="lax")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'


def listed(app: FastAPI) -> set[str]:
    """Every route there is, as the permission file names it."""
    found: set[str] = set()
    for route in iter_route_contexts(app.routes):
        if route.methods:
            found.update(f"{method} {route.path_format or route.path}" for method in route.methods - {"HEAD"})
        else:
            found.add(f"GET {route.path}/{{path:path}}")
    return found
