"""Shows who may come in and who looked at what: opened cases to be looked at, walls, the log of reads, and accounts."""

from datetime import date, timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine import glass, walls
from engine.accounts import staff_names
from engine.errors import NotFound, WrongInput
from engine.reading_log import deeds_done, reads
from engine.second_factor import reset
from engine.sessions import end_all_of, let_in, staff
from web import words
from web.access import actor, form, house_of, text
from web.asked_days import asked_days
from web.labels import (
    DEEDS,
    GLASS_OUTCOMES,
    GLASS_REASONS,
    LIFT_REASONS,
    OPENED_WHAT,
    READ_WAYS,
    REVEAL_REASONS,
    ROLES,
    WALL_REASONS,
)
from web.pages import page, see_other
from workflow.london import london_day, start_of_day

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 50


@router.get("/access")
def access_page(request: Request) -> Response:
    """What waits to be looked at, the walls that stand, and what was done about access lately."""
    return _overview(request)


def _overview(request: Request, status: int = 200, error: str = "") -> Response:
    house, me = house_of(request), actor(request)
    now = house.now()
    names = staff_names(house)
    shown = {
        name: [
            {
                "number": each.glass.glass_id,
                "case": each.glass.reference,
                "who": words.person(each.glass.user, names),
                "what": OPENED_WHAT[each.glass.what],
                "why": GLASS_REASONS.get(each.glass.reason) or REVEAL_REASONS.get(each.glass.reason, ""),
                "words": each.words,
                "at": words.moment(each.glass.at),
                "until": words.clock_time(each.glass.until),
                "may_review": each.may_review,
                "is_late": each.is_late,
                "outcome": GLASS_OUTCOMES.get(each.glass.outcome or "", ""),
                "by": words.person(each.glass.reviewed_by or "", names),
            }
            for each in glass.opened(house, me, now, waiting=waiting)
        ]
        for name, waiting in (("waiting", True), ("looked_at", False))
    }
    return page(
        request,
        "access.html",
        status,
        **shown,
        often=[(words.person(each.user, names), each.times, each.within_days) for each in glass.often(house, me, now)],
        outcomes=list(GLASS_OUTCOMES.items()),
        walls=[
            {
                "number": each.wall.wall_id,
                "who": words.person(each.wall.user, names),
                "why": WALL_REASONS[each.wall.reason],
                "cases": each.wall.cases,
                "of_child": each.wall.of_child,
                "by": words.person(each.wall.set_by, names),
                "at": words.moment(each.wall.set_at),
                "may_lift": each.may_lift,
            }
            for each in walls.standing(house, me)
        ],
        lift_reasons=list(LIFT_REASONS.items()),
        deeds=[
            {
                "at": words.moment(each.at),
                "by": words.person(each.by, names),
                "what": DEEDS.get(each.deed, words.value(each.deed)),
                "about": words.person(each.about, names) if each.about and each.about != each.by else "",
                "case": each.reference or "",
            }
            for each in deeds_done(house, me, 20)
        ],
        reads_cases="case.read" in house.permissions.actions and house.permissions.may(me.role, "case.read"),
        was_set="set" in request.query_params,
        was_lifted="lifted" in request.query_params,
        was_reviewed="reviewed" in request.query_params,
        error=error,
    )


@router.post("/access/opened/{number}")
def reviewing(request: Request, number: int) -> Response:
    """Say what is to be made of a case that was opened with a reason."""
    house = house_of(request)
    try:
        glass.review(house, number, text(form(request), "outcome"), actor(request), house.now())
    except WrongInput as fault:
        return _overview(request, 422, str(fault).partition(": ")[2])
    return see_other("/access?reviewed=1")


@router.post("/access/walls/{number}/lift")
def lifting(request: Request, number: int) -> Response:
    """Lift a wall that somebody else set."""
    house = house_of(request)
    try:
        walls.lift(house, number, text(form(request), "why"), actor(request), house.now())
    except WrongInput as fault:
        return _overview(request, 422, str(fault).partition(": ")[2])
    return see_other("/access?lifted=1")


@router.get("/access/reads")
def reads_page(request: Request) -> Response:
    """Who opened what, the latest first."""
    house, query = house_of(request), request.query_params
    names = staff_names(house)
    who, case = query.get("who", ""), query.get("case", "").strip().upper()
    today = london_day(house.now())
    labels = (("from", "The first day"), ("to", "The last day"))
    asked = asked_days(query, labels, earliest=date(2000, 1, 1), latest=today)
    wanted = query.get("page", "1")
    here = int(wanted) if wanted.isascii() and wanted.isdigit() and 0 < len(wanted) < 6 else 1
    here = max(here, 1)
    rows = []
    if not asked.errors:
        first, last = asked.days.get("from"), asked.days.get("to")
        rows = reads(
            house,
            actor(request),
            user=who if who in names else "",
            reference=case[:16],
            start=start_of_day(first) if first else None,
            end=start_of_day(last + timedelta(days=1)) if last else None,
            limit=ON_A_PAGE + 1,
            offset=(here - 1) * ON_A_PAGE,
        )
    return page(
        request,
        "reads.html",
        422 if asked.errors else 200,
        rows=[
            {
                "case": each.reference,
                "who": words.person(each.user, names),
                "how": READ_WAYS.get(each.action, words.value(each.action)),
                "with_reason": each.action.endswith("with_reason"),
                "at": words.moment(each.at),
            }
            for each in rows[:ON_A_PAGE]
        ],
        people=sorted(names.items(), key=lambda each: each[1].casefold()),
        who=who,
        case=case[:16],
        asked=asked,
        here=here,
        has_more=len(rows) > ON_A_PAGE,
        errors=[{"text": text, "href": f"#{name}-day"} for name, text in asked.errors.items()],
    )


@router.get("/access/people")
def people_page(request: Request) -> Response:
    """Everybody who has an account: role, second factor, and where they are signed in."""
    house, me = house_of(request), actor(request)
    return page(
        request,
        "access_people.html",
        people=[
            {
                "name": each.name,
                "shown_as": each.shown_as,
                "role": ROLES[each.role],
                "is_disabled": each.is_disabled,
                "has_factor": each.has_factor,
                "sessions": each.sessions,
                "seen": words.moment(each.seen_at) if each.seen_at else "",
                "is_me": each.name == me.user,
            }
            for each in staff(house, me, house.now())
        ],
        may_change=house.permissions.may(me.role, "users.change"),
        done=_DONE.get(request.query_params.get("done", ""), ""),
    )


_DONE = {
    "sessions": "Their sessions have ended.",
    "factor": "Their second factor is reset: they set up a new one when they sign in.",
    "disable": "They may no longer come in, and their sessions have ended.",
    "enable": "They may come in again.",
}


@router.post("/access/people")
def changing(request: Request) -> Response:
    """End somebody's sessions, reset their second factor, or close and open their account."""
    house, me, sent = house_of(request), actor(request), form(request)
    user, deed, now = text(sent, "user")[:64], text(sent, "deed"), house.now()
    match deed:
        case "sessions":
            end_all_of(house, user, me, now)
        case "factor":
            reset(house, user, me, now)
        case "disable" | "enable":
            let_in(house, user, deed == "enable", me, now)
        case _:
            raise NotFound("There is no such deed.")
    return see_other(f"/access/people?done={deed}")
