"""Shows what to do now, in order: my cases, those nobody has, and everyone's."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.accounts import practitioners
from engine.desk import queue_lines
from engine.entries import Entry
from engine.house import House
from engine.record import Deed, record
from web import words
from web.access import actor, form, house_of, text
from web.desk.next_steps import action_words
from web.pages import page, see_other
from workflow.london import london_day
from workflow.machine import NotAllowed

router = APIRouter(include_in_schema=False)

UNASSIGNED = "unassigned"
ON_A_PAGE = 50
_TABS = {"mine": "My cases", "unassigned": "Nobody has them yet", "everyone": "Everyone’s"}


@router.get("/queue")
def queue_page(request: Request) -> Response:
    """One tab of the queue."""
    house, now, me = house_of(request), house_of(request).now(), actor(request).user
    whose = request.query_params.get("whose", "mine")
    whose = whose if whose in _TABS else "mine"
    owner = {"mine": me, "unassigned": UNASSIGNED}.get(whose)
    lines = queue_lines(house, owner, now)
    names = dict(practitioners(house))
    number, wanted = max(1, -(-len(lines) // ON_A_PAGE)), request.query_params.get("page", "1")
    here = min(max(1, int(wanted)), number) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 1
    shown = lines[(here - 1) * ON_A_PAGE : here * ON_A_PAGE]
    return page(
        request,
        "queue.html",
        whose=whose,
        tabs=_TABS,
        counts=_counts(lines, london_day(now)),
        lines=[_line(house, line, names, london_day(now)) for line in shown],
        today=london_day(now),
        here=here,
        pages=number,
        total=len(lines),
        taken=request.query_params.get("taken", ""),
    )


def _counts(lines: list[dict[str, Any]], today: date) -> list[tuple[int, str]]:
    overdue = sum(line["due_on"] < today.isoformat() for line in lines)
    return [
        (len(lines), "case to act on" if len(lines) == 1 else "cases to act on"),
        (sum(line["tier"] == 0 for line in lines), "about safety"),
        (overdue, "overdue"),
        (sum(line["waiting_on"] is not None for line in lines), "waiting on somebody else"),
    ]


def _line(house: House, line: Mapping[str, Any], names: Mapping[str, str], today: date) -> dict[str, Any]:
    return {
        **line,
        "words": action_words(house, line["action"], line["rule"], today),
        "owner_name": words.person(line["owner"], names),
    }


@router.post("/cases/{reference}/take")
def take(request: Request, reference: str) -> Response:
    """Take a case that nobody has; a case that somebody took meanwhile stays with them."""
    house, me, sent = house_of(request), actor(request), form(request)
    names = dict(practitioners(house))

    def nobody_has_it(deed: Deed) -> None:
        owner = deed.before.assignee
        if owner:
            who = "You have" if owner == me.user else f"{words.person(owner, names)} has"
            raise NotAllowed(f"{who} this case already.")

    record(
        house,
        reference,
        [Entry("case_assigned", {"to": me.user})],
        actor=me,
        now=house.now(),
        key=text(sent, "key")[:64] or None,
        within=nobody_has_it,
    )
    if text(sent, "back") == "queue":
        return see_other(f"/queue?whose=unassigned&taken={reference}")
    return see_other(f"/cases/{reference}?recorded=case_assigned")
