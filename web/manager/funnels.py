"""Shows how far referrals have come and why each that stopped did, and gives the pack for the board."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.bar_chart import bars
from engine.board_pack import board_pack
from engine.errors import NotFound
from engine.funnels import funnel_cases, funnel_of
from engine.sharing import shared_funnel
from engine.tables_out import funnel_sheets
from web import words
from web.access import actor, house_of
from web.manager.asked import asked
from web.manager.files import asked_form, download, file_answer
from web.pages import page
from workflow.funnel import DEFINITIONS, STEPS
from workflow.vocabulary import in_words

router = APIRouter(include_in_schema=False)


@router.get("/funnel")
def funnel_page(request: Request) -> Response:
    """The funnel of a period, the past year if not asked otherwise."""
    house = house_of(request)
    wanted = asked(request.query_params, house.today(), years=True)
    found = None if wanted.errors else funnel_of(house, wanted.start, wanted.end, wanted.as_of)
    steps = found["steps"] if found else []
    rows = [(words.sentence(in_words(row["step"])), float(row["number"]), str(row["number"])) for row in steps]
    return page(
        request,
        "funnel.html",
        422 if wanted.errors else 200,
        asked=wanted,
        found=found,
        chart=bars("Cases at each step; the table below has the same numbers", rows),
        as_of=words.day(wanted.day) if wanted.day else words.moment(house.now()),
        errors=wanted.faults(),
    )


@router.get("/funnel/cases")
def funnel_cases_page(request: Request) -> Response:
    """The cases at one step, or those that went no further for one reason."""
    house, query = house_of(request), request.query_params
    wanted = asked(query, house.today(), years=True)
    step, standing = query.get("step", ""), query.get("standing") or None
    if wanted.errors or step not in (*STEPS, "direct", "indirect", "out_of_order"):
        raise NotFound("There is no such figure.")
    what = words.sentence(in_words(step))
    return page(
        request,
        "compliance_cases.html",
        what=f"{what}: {in_words(standing)}" if standing else what,
        place=DEFINITIONS.get(step, "Contact was made, or came further, without a step before it."),
        cases=funnel_cases(house, wanted.start, wanted.end, wanted.as_of, step, standing),
        period=wanted,
        back=f"/funnel?{wanted.query()}",
        back_to="the funnel",
        counted="Cases opened",
        unverified=False,
        verdict=None,
    )


@router.get("/funnel/file")
def funnel_file(request: Request) -> Response:
    """The funnel as a file: to share, or (``for=us``) with small numbers."""
    house = house_of(request)
    wanted = asked(request.query_params, house.today(), years=True)
    if wanted.errors:
        raise NotFound("There is no such period.")
    file_form, shared = asked_form(request)
    days = (wanted.start, wanted.end, wanted.as_of)
    sheets = shared_funnel(house, *days, actor(request)) if shared else funnel_sheets(funnel_of(house, *days))
    period = f"{wanted.start} to {wanted.end}"
    return file_answer(request, sheets, file_form, name="funnel", period=period, shared=shared)


@router.get("/board-pack")
def pack(request: Request) -> Response:
    """The pack for the board as PDF."""
    house = house_of(request)
    wanted = asked(request.query_params, house.today())
    if wanted.errors:
        raise NotFound("There is no such period.")
    content = board_pack(house, wanted.start, wanted.end, wanted.as_of, actor(request))
    return download(content, f"board-pack-{wanted.start}-to-{wanted.end}.pdf", "pdf")
