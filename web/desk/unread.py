"""Shows what police sent and nobody could read, so that a person asks the force, and says when that is settled."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import WrongInput
from engine.intake.unread import open_tasks, reopen_task, settle_task, settled_tasks
from web.access import actor, form, house_of, text
from web.pages import page, see_other
from workflow.london import london_day

router = APIRouter(include_in_schema=False)


@router.get("/unread")
def unread(request: Request) -> Response:
    """What waits for a person, and what was settled last."""
    house = house_of(request)
    return page(request, "unread.html", waiting=_dated(open_tasks(house)), settled=_dated(settled_tasks(house)))


@router.post("/unread")
def settled(request: Request) -> Response:
    """Say that one is settled, or that it waits after all."""
    house, sent = house_of(request), form(request)
    task, deed = text(sent, "task"), text(sent, "deed")
    if deed == "settle":
        settle_task(house, task, actor(request), house.now())
    elif deed == "undo":
        reopen_task(house, task, actor(request))
    else:
        raise WrongInput("Press one of the buttons.")
    return see_other("/unread")


def _dated(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "since": london_day(datetime.fromisoformat(each["raised_at"]))} for each in tasks]
