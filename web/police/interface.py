"""Takes consent records from the systems of police forces, one at a time: the interface under /api/v1."""

import hashlib

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.errors import NotFound
from engine.intake.importing import model_of
from engine.intake.once import Answered, once
from engine.intake.receipts import receipt_of
from engine.intake.receive import receive
from engine.intake.strict_json import parse
from web.access import actor, house_of
from web.police.answering import (
    ALWAYS,
    KEY,
    ONCE,
    ReceiptAnswer,
    RejectionAnswer,
    problem_answer,
    receipt_answer,
    rejection,
    sent,
)
from web.police.described import RECORD
from web.police.linking import with_links
from web.shield import API_LIMIT
from workflow.problems import Problem

router = APIRouter(prefix="/api/v1", tags=["police"])

_RECORD = {
    "requestBody": {
        "required": True,
        "description": "One consent record in UTF-8, each key once (`victim-contact template consent` explains every "
        "field). The same submission_id with the same content may be sent again.",
        "content": {"application/json": {"schema": RECORD}},
    },
    "parameters": [ONCE],
    "security": KEY,
}


@router.post(
    "/consent-records",
    status_code=201,
    response_model=ReceiptAnswer,
    openapi_extra=_RECORD,
    summary="Send one consent record",
    responses={
        **ALWAYS,
        200: {"model": ReceiptAnswer, "description": "The same record came before; this is its receipt"},
        201: {"model": ReceiptAnswer, "description": "Taken; the receipt names what is still missing"},
        409: problem_answer("Known submission_id, other content, and a reason that does not allow it", RejectionAnswer),
        413: problem_answer("More than 1 MB"),
        415: problem_answer("Not application/json"),
        422: problem_answer("Not taken, with everything that has to be put right"),
    },
)
async def send_record(request: Request) -> Response:
    """Take one record in, whole or not at all, and answer with its receipt."""
    if content_type(request) != "application/json":
        raise HTTPException(415)
    body = await request.body()
    key = request.headers.get("idempotency-key")
    return await run_in_threadpool(_take, request, body, key)


def content_type(request: Request) -> str:
    """The kind of content that was announced, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _take(request: Request, body: bytes, key: str | None) -> Response:
    house, force = house_of(request), str(actor(request).force)
    digest = hashlib.sha256(b"record/" + body).hexdigest()
    now = house.now()

    def answer() -> Answered:
        parsed = parse(body, max_bytes=API_LIMIT)
        if parsed.problems:
            return rejection(house, parsed.problems)
        if not isinstance(parsed.value, dict):
            return rejection(house, (Problem("", "not-an-object", "Send one record, as a JSON object."),))
        return receipt_answer(receive(house, parsed.value, force, model_of(house, force), now))

    answered = once(house, f"feed:{force}", key, digest, now, answer)
    if answered.status < 400:
        # Put in afterwards: whoever has the database must find no link in the answers that are kept.
        answered = Answered(answered.status, with_links(request, [answered.document])[0])
    return sent(answered)


# Named here and not as an argument: for an argument the framework would promise a 422 that never comes.
_NUMBER = {
    "parameters": [
        {
            "name": "submission_id",
            "in": "path",
            "required": True,
            "description": "The number your system gave the record",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$"},
        }
    ],
    "security": KEY,
}


@router.get(
    "/consent-records/{submission_id:path}",
    response_model=ReceiptAnswer,
    openapi_extra=_NUMBER,
    summary="Read a receipt again",
    responses={**ALWAYS, 404: problem_answer("Your force has sent no record of that number")},
)
def read_receipt(request: Request) -> Response:
    """The receipt of a record that this force sent, with what is still missing."""
    submission_id = request.path_params["submission_id"]
    if "\0" in submission_id:
        raise NotFound("There is no submission of that number.")
    found = receipt_of(house_of(request), str(actor(request).force), submission_id)
    return JSONResponse(with_links(request, [found])[0])
