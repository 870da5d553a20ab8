"""Takes files of consent records from the systems of police forces: JSON lines, JSON, CSV or XLSX."""

import hashlib
import tempfile
from typing import BinaryIO, cast

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response

from engine.intake.files import MAX_ROWS, digest_of, read
from engine.intake.importing import profile_of, take_in
from engine.intake.once import Answered, once
from web.access import actor, house_of
from web.police.answering import ALWAYS, KEY, ONCE, BatchAnswer, problem_answer, refused, sent
from web.police.described import RECORD
from web.police.interface import content_type
from web.police.linking import with_links
from workflow.problems import Problem

router = APIRouter(prefix="/api/v1", tags=["police"])

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MULTIPART = "multipart/form-data"
_ENDINGS = {
    "application/json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "text/csv": ".csv",
    _XLSX: ".xlsx",
}
# What does not fit into memory goes to a file without a name.
_IN_MEMORY = 1024 * 1024

_FILE = {
    "requestBody": {
        "required": True,
        "description": f"Up to 64 MB and {MAX_ROWS:,} records. A table has one row of column names, each the dotted "
        "path of a field (`victim-contact template consent`), or those of the profile agreed with your force.",
        "content": {
            "application/json": {"schema": {"type": "array", "minItems": 1, "items": RECORD}},
            "application/x-ndjson": {"schema": {"type": "string"}},
            "application/jsonl": {"schema": {"type": "string"}},
            "text/csv": {"schema": {"type": "string"}},
            _XLSX: {"schema": {"type": "string", "format": "binary"}},
            _MULTIPART: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "additionalProperties": False,
                }
            },
        },
    },
    "parameters": [ONCE],
    "security": KEY,
}


@router.post(
    "/consent-records/batch",
    response_model=BatchAnswer,
    openapi_extra=_FILE,
    summary="Send a file of consent records",
    responses={
        **ALWAYS,
        200: {"model": BatchAnswer, "description": "A receipt for each record, in the order of the file"},
        400: problem_answer("The parts of the form cannot be told apart"),
        413: problem_answer("More than 64 MB"),
        415: problem_answer("Another kind of content"),
        422: problem_answer("The file as a whole cannot be taken; none of it was"),
    },
)
async def send_file(request: Request) -> Response:
    """Take a file in: withdrawals first, whole records only, and a receipt for every one."""
    kind = content_type(request)
    if kind != _MULTIPART and kind not in _ENDINGS:
        raise HTTPException(415)
    key = request.headers.get("idempotency-key")
    if kind == _MULTIPART:
        try:
            form = await request.form(max_files=1, max_fields=0)
        except (MultiPartException, HTTPException) as wrong:
            if isinstance(wrong, HTTPException) and wrong.status_code == 413:
                raise
            raise HTTPException(400) from None
        try:
            upload = form.get("file")
            if not isinstance(upload, UploadFile) or len(form) != 1:
                problem = Problem("file", "required", "Send one file, in the part named file.")
                return sent(refused("The file was not taken", (problem,)))
            # Of the name only the ending is looked at; it is never a place to write to.
            name = (upload.filename or "")[-12:]
            return await run_in_threadpool(_take, request, upload.file, name, key)
        finally:
            await form.close()
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
        async for chunk in request.stream():
            body.write(chunk)
        content = cast(BinaryIO, body)
        return await run_in_threadpool(_take, request, content, f"records{_ENDINGS[kind]}", key)


def _take(request: Request, body: BinaryIO, name: str, key: str | None) -> Response:
    house, force = house_of(request), str(actor(request).force)
    now = house.now()

    def answer() -> Answered:
        problems = read(body, name=name, profile=profile_of(house, force, None)).problems
        if problems:
            return refused("The file was not taken", problems)
        return Answered(200, take_in(house, body, force, now, name=name))

    digest = hashlib.sha256(f"batch/{digest_of(body)}".encode()).hexdigest() if key else ""
    answered = once(house, f"feed:{force}", key, digest, now, answer)
    if answered.status < 400:
        # Put in afterwards: whoever has the database must find no link in the answers that are kept.
        rows = with_links(request, answered.document["rows"])
        answered = Answered(answered.status, {**answered.document, "rows": rows})
    return sent(answered)
