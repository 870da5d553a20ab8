"""Shows the page on which an officer sends a file: first what would happen, then the import, and its receipt."""

import json
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from engine import waiting_files
from engine.house import House
from web.access import actor, form, house_of
from web.pages import page, see_other
from web.police.files import receipt_file
from web.police.linking import with_links

router = APIRouter(include_in_schema=False)

SHOWN = 100
"""How many records of a file a page lists; the files hold all of them."""


@router.get("/police/upload")
def upload(request: Request) -> Response:
    """The page to choose a file."""
    return _choose(request, ())


@router.post("/police/upload")
async def look(request: Request) -> Response:
    """Say what would happen if this file were taken in; nothing is."""
    sent = form(request).get("file")
    try:
        if not isinstance(sent, UploadFile) or not sent.filename:
            return await run_in_threadpool(_choose, request, ("Choose a file",), 422)
        return await run_in_threadpool(_look, request, sent, sent.filename[-12:])
    finally:
        await form(request).close()


def _look(request: Request, sent: UploadFile, name: str) -> Response:
    house = house_of(request)
    number, receipt = waiting_files.look(house, actor(request), sent.file, name, house.now())
    if not number:
        return _choose(request, tuple(each["remedy"].rstrip(".") for each in receipt["problems"]), 422)
    return page(request, "police/upload_look.html", number=number, **_listed(receipt))


@router.post("/police/upload/{number}")
def take(request: Request, number: str) -> Response:
    """Take the file in; the receipt follows."""
    house = house_of(request)
    waiting_files.take(house, actor(request), number, house.now())
    return see_other(f"/police/upload/{number}")


@router.post("/police/upload/{number}/forget")
def forget(request: Request, number: str) -> Response:
    """Do not take the file in."""
    waiting_files.forget(house_of(request), actor(request), number)
    return see_other("/police/upload")


@router.get("/police/upload/{number}")
def receipt(request: Request, number: str) -> Response:
    """The receipt of a file that was taken in: as a page, as JSON, or as XLSX."""
    house = house_of(request)
    found = waiting_files.receipt_of_file(house, actor(request), number, house.now())
    wanted = request.query_params.get("as", "")
    if wanted == "json":
        whole = {**found, "rows": with_links(request, found["rows"])}
        headers = {"Content-Disposition": 'attachment; filename="receipt.json"'}
        return Response(json.dumps(whole), media_type="application/json", headers=headers)
    if wanted == "xlsx":
        return receipt_file(found)
    return page(request, "police/upload_receipt.html", number=number, **_listed(found))


def _listed(receipt: dict[str, Any]) -> dict[str, Any]:
    """What a page shows of a receipt: the counts, and the records that need something first."""
    rows = [{"place": place, **row} for place, row in enumerate(receipt["rows"], 1)]
    rows.sort(key=lambda row: (row["status"] != "rejected", not row["gaps"]))
    return {"receipt": receipt, "rows": rows[:SHOWN], "left_out": max(0, len(rows) - SHOWN)}


def _choose(request: Request, problems: tuple[str, ...], status: int = 200) -> Response:
    house: House = house_of(request)
    return page(
        request,
        "police/upload.html",
        status,
        errors=[{"text": each, "href": "#file"} for each in problems],
        megabytes=house.officers.largest_file // 1024 // 1024,
    )
