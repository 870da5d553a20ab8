"""Shows who stands in for whom, and takes in who will: from a day to a day, without a change of any case."""

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from engine.accounts import practitioners
from engine.assigning import cover, covers_standing, end_cover
from engine.errors import NotFound, WrongInput
from web import words
from web.access import actor, form, house_of, text
from web.asked_days import AskedDays, asked_days
from web.desk.filters import person_code
from web.pages import page, see_other
from workflow.london import london_day
from workflow.machine import NotAllowed

router = APIRouter(include_in_schema=False)

_DAYS = (("from", "The first day away"), ("to", "The last day away"))


@router.get("/queue/cover")
def covers(request: Request) -> Response:
    """Who stands in for whom, today and from a day to come, with the form for one more."""
    return _page(request, {}, AskedDays())


@router.post("/queue/cover")
def covering(request: Request) -> Response:
    """Let somebody stand in, or show the form again with what is wrong."""
    house, sent, me = house_of(request), form(request), actor(request)
    users = {person_code(user): user for user, _ in practitioners(house)}
    may_set = house.permissions.may(me.role, "cover.set")
    away = users.get(text(sent, "away"), "") if may_set else me.user
    deputy = users.get(text(sent, "deputy"), "")
    said = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
    days = asked_days(QueryParams(said), _DAYS)
    errors = {name: f"{label} is needed" for name, label in _DAYS if name not in days.days} | days.errors
    if not away:
        errors["away"] = "Select who is away"
    if not deputy:
        errors["deputy"] = "Select who stands in"
    if not errors:
        try:
            cover(house, away, deputy, days.days["from"], days.days["to"], me, house.now())
        except (NotAllowed, WrongInput) as refused:
            errors[""] = str(refused)
    if errors:
        days.errors = errors
        return _page(request, errors, days, 422)
    return see_other("/queue/cover?kept=1")


@router.post("/queue/cover/{number}/end")
def ending(request: Request, number: str) -> Response:
    """End a cover before its last day."""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound("There is no such cover.")
    house = house_of(request)
    end_cover(house, int(number), actor(request), house.now())
    return see_other("/queue/cover?ended=1")


def _page(request: Request, errors: Mapping[str, str], days: AskedDays, status: int = 200) -> Response:
    house, me = house_of(request), actor(request)
    names, today = dict(practitioners(house)), london_day(house.now())
    may_set = house.permissions.may(me.role, "cover.set")
    anchors = {"from": "#from-day", "to": "#to-day", "away": "#away", "deputy": "#deputy"}
    sent = getattr(request.state, "form", None)
    return page(
        request,
        "queue_cover.html",
        status,
        rows=[
            {
                "number": kept.cover_id,
                "away": words.person(kept.away, names),
                "deputy": words.person(kept.deputy, names),
                "days": _days(kept.from_day, kept.until_day),
                "is_now": kept.from_day <= today,
                "may_end": may_set or kept.away == me.user,
            }
            for kept in covers_standing(house, house.now())
        ],
        may_set=may_set,
        people=[(person_code(user), name) for user, name in names.items()],
        deputies=[(person_code(user), name) for user, name in names.items() if may_set or user != me.user],
        away=text(sent, "away") if sent else "",
        deputy=text(sent, "deputy") if sent else "",
        asked=days,
        errors=[
            {"text": said, **({"href": anchors[name]} if name in anchors else {})} for name, said in errors.items()
        ],
        error_of=errors,
        done=_done(request),
    )


def _days(first: date, last: date) -> str:
    return words.day(first) if first == last else f"{words.day(first)} to {words.day(last)}"


def _done(request: Request) -> str:
    if request.query_params.get("kept"):
        return "The cover is kept. It begins and ends by itself."
    return "The cover is ended." if request.query_params.get("ended") else ""
