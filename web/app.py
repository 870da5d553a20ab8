"""Puts the pages and the police interface together: one application, guarded at every route."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio import CapacityLimiter
from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.staticfiles import StaticFiles

from engine.house import House
from web import account, people, provider, proving, receipts, watch
from web.access import guard
from web.answers import failed, install
from web.desk import (
    alike,
    batch,
    case,
    chases,
    cover,
    details,
    letter_deeds,
    letters,
    moving,
    opening,
    printing,
    queue,
    record,
    revealing,
    search,
    unread,
    week,
)
from web.law import days, deadline, rules
from web.manager import access as manager_access
from web.manager import (
    ahead,
    compliance,
    dispatch,
    file_audits,
    funnels,
    outcomes,
    quarters,
    self_assessment,
    victims,
)
from web.pages import STATIC, environment
from web.police import (
    answering,
    answers,
    asking,
    completion,
    home,
    interface,
    mirror,
    single,
    upload,
    whole_files,
)
from web.police.described import described_parts
from web.shield import Shield

THREADS = 4
"""How many requests work at once.  More would only wait for one another at the database."""


def build(house: House, *, secure_cookies: bool = True, clock_runs: bool = True) -> FastAPI:
    """The application on an opened house.

    ``secure_cookies`` is off only where the service is reached over plain HTTP on this machine; ``clock_runs`` says
    whether a clock is expected to go round, in this process or in another, for the service to be ready.
    """
    app = FastAPI(
        title="victim-contact",
        version="1",
        description="The interface for police forces of a Youth Justice Service.",
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(guard)],
        lifespan=_lifespan,
    )
    app.state.house = house
    app.state.secure_cookies = secure_cookies
    app.state.clock_runs = clock_runs
    app.state.pages = environment(house.settings.templates / "pages")
    # One at a time: a burst of guesses cannot outrun the count of failures, and hashing never fills the machine.
    app.state.one_at_a_time = CapacityLimiter(1)
    # Beside the threads of the pages: a provider that is slow keeps nobody from their work.
    app.state.at_provider = CapacityLimiter(2)
    desk, law = (queue, case, record, letters, letter_deeds, batch, details), (rules, deadline, days)
    handing = (moving, cover, week)
    figures = (compliance, quarters, funnels, victims, file_audits, self_assessment)
    officers = (home, single, upload, answers, completion, chases, unread, alike, mirror)
    force_systems = (whole_files, interface, asking)
    coming_in = (people, provider, proving, account, search, opening, revealing, manager_access)
    for part in (
        *coming_in,
        *desk,
        *handing,
        *figures,
        dispatch,
        printing,
        ahead,
        outcomes,
        *law,
        *officers,
        *force_systems,
        receipts,
        watch,
    ):
        app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Shield, answer=failed, secure=secure_cookies)
    install(app)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = THREADS
    # What is loaded now stays for good: the collector need not walk it while somebody waits for a page.
    gc.collect()
    gc.freeze()
    yield


def _described(app: FastAPI) -> dict[str, Any]:
    """The description of the interface, with the key of a force as the way in."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        parts = schema.setdefault("components", {})
        parts["securitySchemes"] = {"forceKey": {"type": "http", "scheme": "bearer"}}
        schemas = parts.setdefault("schemas", {})
        schemas |= described_parts()
        for model in (answering.ProblemAnswer, answering.RejectionAnswer):
            described = model.model_json_schema(ref_template="#/components/schemas/{model}")
            described.pop("$defs", None)
            schemas[model.__name__] = described
        app.openapi_schema = schema
    return app.openapi_schema
