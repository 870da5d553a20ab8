"""Says how the police interface answers: the shapes of its documents, and the problems every call may meet."""

from typing import Any, Literal

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from engine.house import House
from engine.intake.once import Answered
from engine.intake.receipts import Receipt
from web.answers import problem_document as problem_document_of
from workflow.problems import Problem


class Fault(BaseModel):
    """One thing that is wrong or missing: where, which rule, what to do.  The value itself is never repeated."""

    path: str = Field(description="Dotted place in the record, list items counted from 1", examples=["victim.phones.1"])
    rule: str = Field(description="Stable name of the rule", examples=["missing"])
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


class BatchAnswer(BaseModel):
    """The receipt of a file: what was received is what was accepted, with gaps or not, a duplicate or rejected."""

    received: int
    accepted: int
    accepted_with_gaps: int
    duplicate: int
    rejected: int
    dry_run: bool
    problems: list[Fault]
    rows: list[ReceiptAnswer] = Field(description="One receipt for each record, in the order of the file")


class QueryAnswer(BaseModel):
    """What the service asks the force about one case."""

    query_id: str
    kind: Literal["refusal", "consent", "gaps", "contact_details"]
    case_reference: str
    crime_reference: str
    submission_id: str
    asked_on: str = Field(description="The day since which it is asked, as YYYY-MM-DD")
    asks: str
    missing: list[Fault]


class QueriesAnswer(BaseModel):
    """A page of queries; ``next`` is where the following page begins, null on the last."""

    queries: list[QueryAnswer]
    next: str | None


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


def problem_answer(description: str, model: type[BaseModel] = ProblemAnswer) -> dict[str, Any]:
    """How the description of the interface tells of a problem."""
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}},
    }


ALWAYS: dict[int | str, dict[str, Any]] = {
    401: problem_answer("No key, or one that opens nothing"),
    403: problem_answer("The key may not do this"),
    500: problem_answer("A problem with the service; nothing was changed"),
    503: problem_answer("The service is busy; nothing was changed, and sending it again is safe"),
}
"""What every call of the interface may be answered."""

KEY: list[dict[str, list[str]]] = [{"forceKey": []}]
"""The way in: the key of a force."""

ONCE: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A name of your own for this call: the same key with the same content gets the first answer again, "
    "with other content 422",
    "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
}
"""The header by which a call is made once."""


def rejection(house: House, errors: tuple[Problem, ...]) -> Answered:
    """The answer to a record of which nothing could be read."""
    return refused("The record was not taken", errors, receipt_id=f"R-{house.codes(16)}")


def receipt_answer(receipt: Receipt) -> Answered:
    """The answer that goes with a receipt."""
    if receipt.status == "rejected":
        status = 409 if receipt.conflict else 422
        return refused("The record was not taken", receipt.errors, status, receipt_id=receipt.receipt_id)
    return Answered(201 if receipt.is_new else 200, receipt.document())


def refused(title: str, errors: tuple[Problem, ...], status: int = 422, **more: str) -> Answered:
    """The answer to what cannot be taken, with everything that has to be put right."""
    detail = "Put right what is listed and send it again."
    return Answered(status, problem_document_of(status, title, detail, errors, **more))


def sent(answered: Answered) -> Response:
    """The answer as it goes over the line."""
    kind = "application/problem+json" if answered.status >= 400 else "application/json"
    return JSONResponse(answered.document, answered.status, media_type=kind)
