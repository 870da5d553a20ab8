"""Shows a police user what their force is asked, what it sent, and what they have begun."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine import record_forms
from engine.errors import NotFound
from engine.force_receipts import crime_reference_of, sent
from engine.intake.asking import queries_of
from engine.intake.receipts import receipt_of
from web.access import actor, house_of
from web.pages import page
from web.police.files import receipt_file
from web.police.linking import with_links

router = APIRouter(include_in_schema=False)

_FEW = 5


@router.get("/police")
def police_home(request: Request) -> Response:
    """The landing page of a police user."""
    house, who = house_of(request), actor(request)
    listed, _ = sent(house, str(who.force), limit=_FEW)
    found = queries_of(house, str(who.force))
    return page(
        request,
        "police/home.html",
        force=who.force or "",
        queries=found["queries"][:_FEW],
        more_queries=len(found["queries"]) > _FEW or found["next"] is not None,
        sent=listed,
        drafts=record_forms.drafts(house, who, house.now()),
    )


@router.get("/police/receipts")
def receipts(request: Request) -> Response:
    """What this force sent, the newest first."""
    before = request.query_params.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 10):
        raise NotFound("There is no such place to go on from.")
    listed, following = sent(house_of(request), str(actor(request).force), int(before) if before else None)
    return page(request, "police/receipts.html", sent=listed, following=following)


@router.get("/police/receipts/{submission_id:path}")
def receipt(request: Request, submission_id: str) -> Response:
    """The receipt of one record, with what is still missing; as a page, as JSON, or as XLSX."""
    house, force = house_of(request), str(actor(request).force)
    if "\0" in submission_id:
        raise NotFound("There is no submission of that number.")
    document = with_links(request, [receipt_of(house, force, submission_id)])[0]
    wanted = request.query_params.get("as", "")
    if wanted == "json":
        return JSONResponse(document, headers={"Content-Disposition": 'attachment; filename="receipt.json"'})
    if wanted == "xlsx":
        counts = {name: int(document["status"] == name) for name in ("accepted", "accepted_with_gaps", "rejected")}
        whole = {"received": 1, "duplicate": 0, **counts, "problems": [], "rows": [document]}
        return receipt_file(whole)
    crime = crime_reference_of(house, force, submission_id)
    return page(request, "police/receipt.html", receipt=document, crime_reference=crime)
