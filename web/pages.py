"""Makes pages: the templates of templates/pages with the GOV.UK components, and what every page shows."""

import hashlib
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from jinja2 import ChainableUndefined, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from jinja2.loaders import ChoiceLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from engine.dispatch import standing
from engine.glass import waiting_for
from engine.house import House
from engine.sign_in import SignedIn
from web import words
from workflow.london import london_day
from workflow.vocabulary import in_words

STATIC = Path(__file__).parent / "static"


@cache
def environment(folder: Path) -> Environment:
    """The environment of the pages: all is escaped; chainable, as the GOV.UK components ask for what is not there."""
    made = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(folder),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # A page asks five hundred times for a component, and each would look at the disk whether it has changed.
        auto_reload=False,
    )
    made.filters["in_words"] = in_words
    made.filters["sentence"] = words.sentence
    made.globals["words"] = words
    made.globals["one_time_key"] = lambda: secrets.token_urlsafe(16)
    # Read once at the start: a template that cannot be read stops the start, and no visitor waits for it.
    for file in folder.rglob("*.html"):
        made.get_template(file.relative_to(folder).as_posix())
    return made


def page(request: Request, name: str, status: int = 200, **shown: Any) -> HTMLResponse:
    """A page from a template, with what every page shows."""
    app: FastAPI = request.app
    made: Environment = app.state.pages
    house: House = app.state.house
    html = made.get_template(name).render(
        **{
            **_everywhere(request, house),
            **shown,
        }
    )
    return HTMLResponse(html, status)


def _everywhere(request: Request, house: House) -> dict[str, Any]:
    visitor: SignedIn | None = getattr(request.state, "signed_in", None)
    rehearsal = house.settings.rehearsal
    return {
        "cspNonce": request.state.nonce,
        "service_name": house.settings.service_name,
        "is_example": house.is_example,
        "rehearsal": words.moment(rehearsal) if rehearsal else None,
        "visitor": visitor,
        "provider": _provider(house),
        "may": _may(house, visitor),
        "path": request.url.path,
        "letters_stopped": _letters_stopped(house, visitor),
        "opened_waiting": _opened_waiting(request, visitor),
        "today": london_day(house.now()),
        **_session(house, visitor),
        "assets": _asset_version(),
    }


def _provider(house: House) -> dict[str, str] | None:
    """How the provider is called through which people may sign in, and where they sign out of it."""
    found = house.settings.provider
    return {"shown_as": found.shown_as, "sign_out_at": found.sign_out_at} if found else None


def _letters_stopped(house: House, visitor: SignedIn | None) -> str:
    """Since when all letters are stopped, for whoever may know; empty while they may go.

    Asked anew for every page: a switch that is shown late is trusted by nobody.
    """
    if visitor is None or not house.permissions.may(visitor.actor.role, "dispatch.read"):
        return ""
    found = standing(house)
    return words.moment(found.since) if found else ""


def _opened_waiting(request: Request, visitor: SignedIn | None) -> int:
    """How many cases were opened with a reason and wait for this visitor to look at them, on every page of theirs."""
    seen: House | None = getattr(request.state, "house", None)
    return waiting_for(seen, visitor.actor) if seen and visitor and not visitor.owes else 0


def _session(house: House, visitor: SignedIn | None) -> dict[str, Any]:
    """When the session ends: for people as a time of day, for the script in seconds from now."""
    if visitor is None:
        return {}
    now = house.now()
    return {
        "session_ends": words.clock_time(visitor.ends_at),
        "session_left": max(0, int((visitor.ends_at - now).total_seconds())),
        "session_closes": max(0, int((visitor.closes_at - now).total_seconds())),
    }


def _may(house: House, visitor: SignedIn | None) -> set[str]:
    if visitor is None or visitor.owes:
        return set()
    return {name for name in house.permissions.actions if house.permissions.may(visitor.actor.role, name)}


def see_other(path: str) -> Response:
    """Send the browser on to another page after a form."""
    return RedirectResponse(path, status_code=303)


@cache
def _asset_version() -> str:
    """A digest of the style sheets and scripts, so that a browser keeps them until they change."""
    digest = hashlib.sha256()
    for file in sorted(STATIC.rglob("*")):
        if file.suffix in (".css", ".js"):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
