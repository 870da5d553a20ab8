"""Shows a police user what their force can do here."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from web.access import actor
from web.pages import page

router = APIRouter(include_in_schema=False)


@router.get("/police")
def police_home(request: Request) -> Response:
    """The landing page of a police user."""
    return page(request, "police.html", force=actor(request).force or "")
