"""Takes a new address or number of a victim, marks one as bad, and takes in where a child lives or learns."""

import hashlib
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.addresses import record_child_address
from engine.contact_details import KEPT, give_point, mark_bad
from engine.desk import known_child_addresses, open_file
from engine.errors import StaleCase, WrongInput
from engine.points import point
from web import words
from web.access import actor, form, house_of, text
from web.desk.safety import safety
from web.pages import page, see_other
from workflow.addresses import HOME, Of
from workflow.catalogue.knowing import CHILD_SOURCES, POINT_SOURCES
from workflow.machine import NotAllowed

router = APIRouter(include_in_schema=False)

_LINES = tuple(f"line{number}" for number in range(1, 6))


@router.get("/cases/{reference}/details")
def details_page(request: Request, reference: str) -> Response:
    """The forms for a new address or number, and for one that is bad."""
    return _details(request, reference)


@router.post("/cases/{reference}/details")
def giving(request: Request, reference: str) -> Response:
    """A new address or number; the old one becomes a past one, and its safety is to be asked anew."""
    house, sent, me = house_of(request), form(request), actor(request)
    channel, source = text(sent, "channel"), text(sent, "source")
    try:
        if text(sent, "deed") == "bad":
            written = mark_bad(
                house,
                reference,
                channel,
                source,
                me,
                house.now(),
                words=text(sent, "words"),
                seen=_seen(sent),
                key=_key(sent),
            )
        else:
            lines = [text(sent, name) for name in _LINES]
            given = point(channel, text(sent, "value"), lines, text(sent, "postcode"))
            written = give_point(
                house,
                reference,
                channel,
                given,
                source,
                me,
                house.now(),
                words=text(sent, "words"),
                seen=_seen(sent),
                key=_key(sent),
            )
    except (WrongInput, NotAllowed, StaleCase) as refused:
        return _details(request, reference, 422 if isinstance(refused, WrongInput) else 409, str(refused))
    became = "already" if written.repeated else "recorded"
    return see_other(f"/cases/{reference}?{became}=contact_details_changed")


def _details(request: Request, reference: str, status: int = 200, error: str = "") -> Response:
    house = house_of(request)
    file = open_file(house, reference, actor(request), house.now())
    return page(
        request,
        "details.html",
        status,
        file=file,
        safety=safety(file, house.now(), house.settings.days.safety_lasts),
        channels=[(each, {"phone": "Phone", "email": "Email", "post": "Post"}[each]) for each in KEPT],
        sources=[(each, words.value(each)) for each in POINT_SOURCES],
        lines=_LINES,
        errors=[{"text": error}] if error else [],
        typed=_typed(request),
    )


@router.get("/cases/{reference}/child-address")
def child_page(request: Request, reference: str) -> Response:
    """The form for where a child lives, stays or learns, with what is known already and never the address."""
    return _child(request, reference)


@router.post("/cases/{reference}/child-address")
def taking_in(request: Request, reference: str) -> Response:
    """Take the address in; it is compared with the victim's before any letter goes."""
    house, sent, me = house_of(request), form(request), actor(request)
    number = text(sent, "child")
    try:
        record_child_address(
            house,
            reference,
            int(number) if number.isdigit() and len(number) < 3 else 0,
            text(sent, "of"),
            [text(sent, name) for name in _LINES],
            text(sent, "postcode"),
            text(sent, "source"),
            me,
            house.now(),
            _seen(sent),
        )
    except (WrongInput, NotAllowed, StaleCase) as refused:
        return _child(request, reference, 422 if isinstance(refused, WrongInput) else 409, str(refused))
    return see_other(f"/cases/{reference}?recorded=child_address_recorded")


def _child(request: Request, reference: str, status: int = 200, error: str = "") -> Response:
    house = house_of(request)
    file = open_file(house, reference, actor(request), house.now())
    children = [
        (str(number), f"Child {number}: {_named(child)}") for number, child in enumerate(file.children, start=1)
    ]
    known = [
        (f"Child {child}", words.value(of), words.value(source), words.day(since))
        for child, of, source, since in known_child_addresses(house, file)
    ]
    return page(
        request,
        "child_address.html",
        status,
        file=file,
        children=children,
        known=known,
        whose=[(str(each), words.value(each)) for each in (*HOME, Of.SCHOOL)],
        sources=[(each, words.value(each)) for each in CHILD_SOURCES],
        lines=_LINES,
        errors=[{"text": error}] if error else [],
        typed=_typed(request),
    )


def _named(child: Any) -> str:
    return " ".join(str(child[part]) for part in ("given_name", "family_name") if child.get(part)) or "name not known"


def _seen(sent: Any) -> int | None:
    seen = text(sent, "seen")
    return int(seen) if seen.isdigit() and len(seen) < 9 else None


def _key(sent: Any) -> str | None:
    """What tells a form that is sent twice from two forms, and from one that was changed and sent again."""
    if not text(sent, "key"):
        return None
    typed = sorted((name, str(value)) for name, value in sent.multi_items() if name not in ("form_token", "seen"))
    return f"details.{hashlib.sha256(repr(typed).encode()).hexdigest()[:48]}"


def _typed(request: Request) -> dict[str, str]:
    return {name: str(value) for name, value in form(request).items()} if request.method == "POST" else {}
