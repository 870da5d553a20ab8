"""Shows the form that asks why a sealed address is needed, and the address itself for a short time."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.desk import open_file
from engine.errors import WrongInput
from engine.revealing import REASONS, reveal, revealed
from web import words
from web.access import actor, form, house_of, text
from web.desk.safety import point_words
from web.labels import REVEAL_REASONS
from web.pages import page, see_other

router = APIRouter(include_in_schema=False)

_NAMES = {"phone": "phone number", "email": "email address", "post": "address"}


@router.get("/cases/{reference}/sealed/{channel}")
def sealed_page(request: Request, reference: str, channel: str) -> Response:
    """The form, or for a short time after it was sent what is sealed; then it is masked again by itself."""
    return _shown(request, reference, channel)


@router.post("/cases/{reference}/sealed/{channel}")
def revealing(request: Request, reference: str, channel: str) -> Response:
    """Show it for a short time; that is written down first, and somebody looks at it afterwards."""
    house, me, sent = house_of(request), actor(request), form(request)
    try:
        reveal(house, reference, channel, text(sent, "reason"), text(sent, "words"), me, house.now())
    except WrongInput as fault:
        return _shown(request, reference, channel, fault)
    return see_other(f"/cases/{reference}/sealed/{channel}")


def _shown(request: Request, reference: str, channel: str, fault: WrongInput | None = None) -> Response:
    house, me, now = house_of(request), actor(request), house_of(request).now()
    found = revealed(house, reference, channel, me, now)
    file = open_file(house, reference, me, now)
    field, _, remedy = str(fault or "").partition(": ")
    error: dict[str, Any] | None = {"field": field, "text": remedy} if fault else None
    answer = page(
        request,
        "sealed.html",
        422 if fault else 200,
        file=file,
        channel=channel,
        called=_NAMES[channel],
        values=[point_words(each) for each in found.values],
        is_shown=found.until is not None,
        until=words.clock_time(found.until) if found.until else "",
        seconds=house.settings.access.revealed_for_seconds,
        reasons=[(code, REVEAL_REASONS[code]) for code in REASONS],
        typed={name: text(form(request), name) for name in ("reason", "words")} if fault else {},
        error=error,
    )
    if found.until is not None:
        # Masked again without a script: the browser leaves the page when the time is over.
        left = max(1, int((found.until - now).total_seconds()))
        answer.headers["Refresh"] = f"{left}; url=/cases/{reference}"
    return answer
