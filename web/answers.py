"""Turns what went wrong into a status and a sentence: one table, a page for people and problem+json for systems."""

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.errors import BadConfiguration, KeyReused, NotFound, StaleCase, WrongInput
from engine.health import DatabaseBusy
from engine.sight import HeldByColleague
from web.access import FormRefused, NoKey, Owing, ProofNeeded, SignInNeeded, unsent
from web.pages import page, see_other
from web.shield import API
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.problems import Problem

FAULTS: tuple[tuple[type[Exception], int, str, str | None], ...] = (
    (NotFound, 404, "We cannot find that", None),
    (NotPermitted, 403, "You may not do that", None),
    (FormRefused, 403, "This form can no longer be used", None),
    (NoKey, 401, "A key is needed", None),
    (NotAllowed, 409, "That cannot be done now", None),
    (StaleCase, 409, "The case has changed", None),
    (WrongInput, 422, "Something is missing or not right", None),
    (KeyReused, 422, "This form was already used", "Open the form again to record something else."),
    (
        BadConfiguration,
        500,
        "Sorry, there is a problem with the service",
        "Whoever runs the service has to look at it.",
    ),
)
"""What may go wrong, with its status, its title and its sentence; without one the fault's own words are shown."""

_HTTP = {
    401: ("Sign in first", "Sign in to see this page."),
    404: ("Page not found", "Check the address. If you pasted it, check that you copied all of it."),
    405: ("That cannot be done here", "This address does not take that method."),
    413: (
        "That is too much at once",
        "Send less: up to 1 MB in a record, 64 MB in a file, 128 KB in a form.",
    ),
    415: ("That form of content is not taken", "Send it in the form this address expects."),
}


def failed(request: Request, status: int, title: str, sentence: str) -> Response:
    """The answer to a request that failed: problem+json below /api/, a page elsewhere."""
    if request.url.path.startswith(API):
        return problem(status, title, sentence)
    return page(request, "problem.html", status, title=title, sentence=sentence)


def problem(
    status: int,
    title: str,
    detail: str,
    errors: Iterable[Problem] = (),
    headers: dict[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """A problem by RFC 9457, with the place, rule and remedy of every error and never a submitted value."""
    document = problem_document(status, title, detail, errors, **more)
    return JSONResponse(document, status, headers=headers, media_type="application/problem+json")


def problem_document(
    status: int, title: str, detail: str, errors: Iterable[Problem] = (), **more: Any
) -> dict[str, Any]:
    """What a problem says, as it is sent."""
    listed = [{"path": each.path, "rule": each.rule, "remedy": each.remedy} for each in errors]
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": listed, **more}


def install(app: FastAPI) -> None:
    """Answer every fault by the table."""
    for kind, status, title, sentence in FAULTS:
        app.add_exception_handler(kind, _handler(status, title, sentence))
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(Owing, _owing)
    app.add_exception_handler(ProofNeeded, _proof)
    app.add_exception_handler(HeldByColleague, _held)
    app.add_exception_handler(DatabaseBusy, _busy)


def _handler(status: int, title: str, sentence: str | None) -> Any:
    def answer(request: Request, fault: Exception) -> Response:
        answered = failed(request, status, title, sentence or str(fault))
        if status == 401:
            answered.headers["WWW-Authenticate"] = "Bearer"
        return answered

    return answer


def _http(request: Request, fault: Exception) -> Response:
    status = fault.status_code if isinstance(fault, HTTPException) else 500
    title, sentence = _HTTP.get(status, ("That did not work", "Check the request and try again."))
    answered = failed(request, status, title, sentence)
    if isinstance(fault, HTTPException) and fault.headers:
        answered.headers.update(fault.headers)
    return answered


def _unreadable(request: Request, _: Exception) -> Response:
    # The framework's own answer would repeat what was sent.
    return failed(request, 422, "Something is missing or not right", "Check the request and try again.")


def _sign_in(_: Request, fault: Exception) -> Response:
    return see_other(f"/sign-in{fault}")


def _owing(_: Request, fault: Exception) -> Response:
    return see_other(str(fault))


def _proof(_: Request, fault: Exception) -> Response:
    return see_other(f"/prove{fault}")


def _busy(request: Request, _: Exception) -> Response:
    """The database was kept by somebody else: say so, and let a form be sent once more as it was typed."""
    title, sentence = "The service is busy", "Nothing was changed. Try again in a moment."
    if request.url.path.startswith(API):
        answered: Response = problem(503, title, sentence)
    else:
        typed = unsent(request)
        answered = page(request, "busy.html", 503, title=title, sentence=sentence, to=request.url.path, typed=typed)
    answered.headers["Retry-After"] = "5"
    return answered


def _held(request: Request, fault: Exception) -> Response:
    """The case is a colleague's: say whose, and show the way in for a reason."""
    if isinstance(fault, HeldByColleague):
        return page(request, "held.html", 403, reference=fault.reference, holder=fault.holder)
    return failed(request, 403, "You may not do that", "This case is a colleague’s.")
