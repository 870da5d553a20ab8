"""Puts the pages and the police interface together: one application, guarded at every route."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio import CapacityLimiter
from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.staticfiles import StaticFiles

from engine.house import House
from web import people, watch
from web.access import guard
from web.answers import failed, install
from web.desk import case, letters, queue, record
from web.law import days, deadline, rules
from web.manager import ahead, compliance
from web.pages import STATIC, environment
from web.police import home, interface
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
    desk, law = (queue, case, record, letters), (rules, deadline, days)
    for part in (people, *desk, compliance, ahead, *law, home, interface, watch):
        app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Shield, answer=failed, secure=secure_cookies)
    install(app)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = THREADS
    yield


def _described(app: FastAPI) -> dict[str, Any]:
    """The description of the interface, with the key of a force as the way in."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        parts = schema.setdefault("components", {})
        parts["securitySchemes"] = {"forceKey": {"type": "http", "scheme": "bearer"}}
        for model in (interface.ProblemAnswer, interface.RejectionAnswer):
            described = model.model_json_schema(ref_template="#/components/schemas/{model}")
            described.pop("$defs", None)
            parts.setdefault("schemas", {})[model.__name__] = described
        app.openapi_schema = schema
    return app.openapi_schema
