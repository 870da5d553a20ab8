"""Takes consent records from the systems of police forces: the interface under /api/v1."""

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.errors import NotFound
from engine.house import House
from engine.intake.importing import model_of
from engine.intake.receipts import receipt_of
from engine.intake.receive import Receipt, receive
from engine.intake.strict_json import parse
from web.access import actor, house_of
from web.answers import problem
from web.shield import API_LIMIT
from workflow.problems import Problem

router = APIRouter(prefix="/api/v1", tags=["police"])


class Fault(BaseModel):
    """One thing that is wrong or missing: where, which rule, what to do.  The value itself is never repeated."""

    path: str = Field(description="Dotted place in the record, list items counted from 1", examples=["victim.phones.1"])
    rule: str = Field(description="Stable name of the rule", examples=["missing-field"])
    remedy: str = Field(description="What to do, in one sentence")


class Completeness(BaseModel):
    """How complete the record is, from 0 to 1; null where there was nothing to fill in."""

    characteristics: float | None
    informed_choice: float | None


class ReceiptAnswer(BaseModel):
    """The receipt of one record."""

    receipt_id: str
    submission_id: str | None
    status: Literal["accepted", "accepted_with_gaps", "duplicate", "rejected"]
    case_reference: str | None
    gaps: list[Fault]
    errors: list[Fault]
    completeness: Completeness
    complete_url: str | None


class ProblemAnswer(BaseModel):
    """A problem by RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault]


class RejectionAnswer(ProblemAnswer):
    """A record that was not taken, with everything that has to be put right."""

    receipt_id: str


def _problem(description: str, model: type[BaseModel] = ProblemAnswer) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}},
    }


_ALWAYS: dict[int | str, dict[str, Any]] = {
    401: _problem("No key, or one that opens nothing"),
    403: _problem("The key may not do this"),
    500: _problem("A problem with the service; nothing was changed"),
    503: _problem("The service is busy; nothing was changed, and sending it again is safe"),
}
_RECORD = {
    "requestBody": {
        "required": True,
        "description": "One consent record: the fields of the data dictionary (`victim-contact template consent`), "
        "in UTF-8, each key once. The same submission_id with the same content may be sent again.",
        "content": {"application/json": {"schema": {"type": "object", "additionalProperties": True}}},
    },
    "security": [{"forceKey": []}],
}


@router.post(
    "/consent-records",
    status_code=201,
    response_model=ReceiptAnswer,
    openapi_extra=_RECORD,
    summary="Send one consent record",
    responses={
        **_ALWAYS,
        200: {"model": ReceiptAnswer, "description": "The same record came before; this is its receipt"},
        201: {"model": ReceiptAnswer, "description": "Taken; the receipt names what is still missing"},
        409: _problem("Known submission_id, other content, and a reason that does not allow it", RejectionAnswer),
        413: _problem("More than 1 MB"),
        415: _problem("Not application/json"),
        422: _problem("Not taken, with everything that has to be put right", RejectionAnswer),
    },
)
async def send_record(request: Request) -> Response:
    """Take one record in, whole or not at all, and answer with its receipt."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415)
    body = await request.body()
    return await run_in_threadpool(_take, house_of(request), str(actor(request).force), body)


def _take(house: House, force: str, body: bytes) -> Response:
    parsed = parse(body, max_bytes=API_LIMIT)
    if parsed.problems:
        return _refused(house, 422, parsed.problems)
    if not isinstance(parsed.value, dict):
        return _refused(house, 422, (Problem("", "not-an-object", "Send one record, as a JSON object."),))
    receipt = receive(house, parsed.value, force, model_of(house, force), house.now())
    return _answer(receipt)


def _refused(house: House, status: int, errors: tuple[Problem, ...]) -> Response:
    return problem(
        status,
        "The record was not taken",
        "Put right what is listed and send it again.",
        errors,
        receipt_id=f"R-{house.codes(16)}",
    )


def _answer(receipt: Receipt) -> Response:
    if receipt.status == "rejected":
        return problem(
            409 if receipt.conflict else 422,
            "The record was not taken",
            "Put right what is listed and send it again.",
            receipt.errors,
            receipt_id=receipt.receipt_id,
        )
    return JSONResponse(receipt.document(), 201 if receipt.is_new else 200)


# Named here and not as an argument: for an argument the framework would promise a 422 that never comes.
_NUMBER = {
    "parameters": [
        {
            "name": "submission_id",
            "in": "path",
            "required": True,
            "description": "The number your system gave the record",
            "schema": {"type": "string"},
        }
    ],
    "security": [{"forceKey": []}],
}


@router.get(
    "/consent-records/{submission_id:path}",
    response_model=ReceiptAnswer,
    openapi_extra=_NUMBER,
    summary="Read a receipt again",
    responses={**_ALWAYS, 404: _problem("Your force has sent no record of that number")},
)
def read_receipt(request: Request) -> Response:
    """The receipt of a record that this force sent, with what is still missing."""
    submission_id = request.path_params["submission_id"]
    if "\0" in submission_id:
        raise NotFound("There is no submission of that number.")
    return JSONResponse(receipt_of(house_of(request), str(actor(request).force), submission_id))
