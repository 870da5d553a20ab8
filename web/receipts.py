"""Takes the receipts that GOV.UK Notify brings: what became of a letter or a text that it was given."""

import json

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from engine.settling import take_in_receipt
from web.access import house_of
from web.shield import RECEIPTS

router = APIRouter(include_in_schema=False)

_LONGEST = 64


@router.post(RECEIPTS)
async def receive_receipt(request: Request) -> Response:
    """Take one receipt in.

    One that we know nothing of is answered like any other, because it would only be brought again; so is one that
    comes twice.  Whom it was to is in it, and is not looked at.
    """
    try:
        told = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise HTTPException(422) from None
    if not isinstance(told, dict):
        raise HTTPException(422)
    reference, number, status = (told.get(name) for name in ("reference", "id", "status"))
    if not all(isinstance(each, str) and 0 < len(each) <= _LONGEST for each in (number, status)):
        raise HTTPException(422)
    if isinstance(reference, str) and 0 < len(reference) <= _LONGEST and "\0" not in reference:
        house = house_of(request)
        await run_in_threadpool(take_in_receipt, house, reference, str(number), str(status), house.now())
    return Response(status_code=204)
