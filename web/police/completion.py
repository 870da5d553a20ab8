"""Shows whoever has a completion link what is missing in one record, and takes it, once; no person is shown."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.completing import Completion, complete, opened
from engine.intake.receipts import Receipt
from engine.record_forms import raw_of
from web.access import form, house_of
from web.desk.forms import typed_of as typed_in
from web.pages import page
from web.police import questions
from web.police.answers import asked
from workflow.problems import Problem

router = APIRouter(include_in_schema=False)


@router.get("/complete/{token}")
def read_link(request: Request, token: str) -> Response:
    """What is missing in the record of this link."""
    house = house_of(request)
    return _page(request, token, opened(house, token, house.now()), {}, ())


@router.post("/complete/{token}")
def fill_in(request: Request, token: str) -> Response:
    """Take what was filled in; the link is used up then."""
    house, sent = house_of(request), form(request)
    found = opened(house, token, house.now())
    taken = complete(house, token, raw_of(questions.read(_paths(found), sent)), house.now())
    if isinstance(taken, Receipt):
        left = [questions.remedy(each) for each in taken.gaps]
        return page(request, "police/completed.html", link=found, missing=left)
    return _page(request, token, found, typed_in(sent), taken)


def _paths(found: Completion) -> list[str]:
    return questions.asked_for(each.path for each in found.missing)


def _page(
    request: Request,
    token: str,
    found: Completion,
    typed: Mapping[str, Sequence[str]],
    problems: Sequence[Problem],
) -> Response:
    made, errors = asked(_paths(found), typed, problems)
    return page(
        request,
        "police/complete.html",
        422 if problems else 200,
        token=token,
        link=found,
        asked=made,
        errors=errors,
    )
