"""Shows a force what the service asks it, and takes the officers' answers."""

import hashlib
import re
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.errors import NotFound
from engine.house import House
from engine.intake.answers import take_answer
from engine.intake.asking import queries_of
from engine.intake.once import Answered, once
from engine.intake.receipts import Receipt
from engine.intake.strict_json import parse
from web.access import actor, house_of
from web.police.answering import ALWAYS, KEY, ONCE, QueriesAnswer, ReceiptAnswer, problem_answer, refused, sent
from web.police.interface import content_type
from web.shield import API_LIMIT
from workflow.problems import Problem

router = APIRouter(prefix="/api/v1", tags=["police"])

_TICKS = ("who_we_are", "what_we_offer", "voluntary", "what_is_shared", "no_effect_on_case", "leaflet_given")
_CASE = re.compile(r"VC-[0-9A-Z]{4}-[0-9A-Z]{4}")
_ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["answer"],
    "properties": {
        "answer": {
            "type": "string",
            "enum": ["confirmed", "not_informed", "filled"],
            "description": "confirmed: the no was informed; not_informed: we ask the victim again; filled: see record",
        },
        "informed": {
            "type": "object",
            "properties": {tick: {"type": "boolean"} for tick in _TICKS},
            "additionalProperties": False,
        },
        "safeguarding_checked": {"type": "boolean", "description": "For a victim under 18"},
        "record": {
            "type": "object",
            "description": "The fields that are filled in or changed, in the shape of the consent record",
        },
    },
    "additionalProperties": False,
}
_PAGE = {
    "parameters": [
        {
            "name": "after",
            "in": "query",
            "required": False,
            "description": "Where to go on: next of the page before",
            "schema": {"type": "string", "pattern": "^VC-[0-9A-Z]{4}-[0-9A-Z]{4}$"},
        }
    ],
    "security": KEY,
}
_BODY = {
    "parameters": [
        {
            "name": "query_id",
            "in": "path",
            "required": True,
            "description": "The number of the query",
            "schema": {
                "type": "string",
                "pattern": "^VC-[0-9A-Z]{4}-[0-9A-Z]{4}[.](refusal|consent|gaps|contact_details)$",
            },
        },
        ONCE,
    ],
    "requestBody": {"required": True, "content": {"application/json": {"schema": _ANSWER}}},
    "security": KEY,
}


@router.get(
    "/queries",
    response_model=QueriesAnswer,
    openapi_extra=_PAGE,
    summary="What the service asks your force",
    responses={**ALWAYS, 404: problem_answer("There is no such place to go on from")},
)
def read_queries(request: Request) -> Response:
    """Refusals to confirm, consent to clarify, gaps to fill and contact details to refresh."""
    after = request.query_params.get("after")
    if after is not None and not _CASE.fullmatch(after):
        raise NotFound("There is no such place to go on from.")
    return JSONResponse(queries_of(house_of(request), str(actor(request).force), after))


@router.post(
    "/queries/{query_id}/answer",
    response_model=ReceiptAnswer,
    openapi_extra=_BODY,
    summary="Answer a query",
    responses={
        **ALWAYS,
        200: {"model": ReceiptAnswer, "description": "Taken; the receipt names what is still missing"},
        404: problem_answer("Nothing of that number is asked of your force, or not any more"),
        409: problem_answer("The case does not take this answer now"),
        413: problem_answer("More than 1 MB"),
        415: problem_answer("Not application/json"),
        422: problem_answer("Not taken, with everything that has to be put right"),
    },
)
async def send_answer(request: Request) -> Response:
    """Take an officer's answer, which moves the case."""
    if content_type(request) != "application/json":
        raise HTTPException(415)
    body, query_id = await request.body(), request.path_params["query_id"]
    key = request.headers.get("idempotency-key")
    return await run_in_threadpool(_answer, house_of(request), str(actor(request).force), query_id, body, key)


def _answer(house: House, force: str, query_id: str, body: bytes, key: str | None) -> Response:
    digest = hashlib.sha256(f"answer/{query_id}/".encode(errors="replace") + body).hexdigest()
    now = house.now()

    def answer() -> Answered:
        parsed = parse(body, max_bytes=API_LIMIT)
        problems = parsed.problems or tuple(_shape_problems(parsed.value))
        taken: Receipt | tuple[Problem, ...] = problems
        if isinstance(parsed.value, dict) and not problems:
            taken = take_answer(house, force, query_id, parsed.value, now)
        if isinstance(taken, tuple):
            return refused("The answer was not taken", taken)
        return Answered(200, taken.document())

    return sent(once(house, f"feed:{force}", key, digest, now, answer))


def _shape_problems(given: object) -> list[Problem]:
    if not isinstance(given, dict):
        return [Problem("", "not-an-object", "Send the answer as a JSON object.")]
    found = [
        Problem(name if name.isidentifier() else "", "unknown-field", "Leave this field out.")
        for name in given
        if name not in _ANSWER["properties"]
    ]
    informed = given.get("informed", {})
    if not isinstance(informed, dict):
        found.append(Problem("informed", "not-an-object", "Send this as an object with named fields."))
    elif any(name not in _TICKS or not isinstance(value, bool) for name, value in informed.items()):
        found.append(Problem("informed", "not-true-or-false", f"Give true or false for: {', '.join(_TICKS)}."))
    if not isinstance(given.get("safeguarding_checked", False), bool):
        found.append(Problem("safeguarding_checked", "not-true-or-false", "Send true or false."))
    if not isinstance(given.get("record", {}), dict):
        found.append(Problem("record", "not-an-object", "Send this as an object with named fields."))
    if not isinstance(given.get("answer"), str):
        found.append(Problem("answer", "required", "Say confirmed, not_informed or filled."))
    return found
