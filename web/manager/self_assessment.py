"""Shows the yearly self-assessment against the twelve rights, with last year's beside it, and takes judgements."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.accounts import staff_names
from engine.self_assessment import keep_judgement, self_assessment, year_named
from web.access import actor, form, house_of, text
from web.pages import page, see_other

router = APIRouter(include_in_schema=False)


@router.get("/self-assessment")
def assessment_page(request: Request) -> Response:
    """The financial year that was asked for; without one the one that runs."""
    house = house_of(request)
    year = year_named(request.query_params.get("year", ""), house.today())
    found = self_assessment(house, year)
    return page(request, "self_assessment.html", found=found, names=dict(staff_names(house)))


@router.post("/self-assessment/{item}")
def judge_item(request: Request, item: str) -> Response:
    """Keep a judgement of a right, or of a piece of evidence."""
    house, sent = house_of(request), form(request)
    year = year_named(text(sent, "year"), house.today())
    document = {name: text(sent, name) for name in ("judgement", "evidence", "actions", "owner")}
    keep_judgement(house, year, text(sent, "subject"), item, document, actor(request))
    return see_other(f"/self-assessment?year={year}")
