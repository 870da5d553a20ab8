"""Shows voice before decisions, safety, support, complaints, access to restorative justice, and the work in hand."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.access_by import access_by_characteristic
from engine.accounts import staff_names
from engine.errors import NotFound
from engine.sharing import ACCESS_WORDS, shared_access
from engine.victim_views import victim_views
from web import words
from web.access import actor, house_of
from web.manager.asked import asked
from web.manager.files import asked_form, file_answer
from web.pages import page

router = APIRouter(include_in_schema=False)


@router.get("/victims")
def victims_page(request: Request) -> Response:
    """The figures of a period, the past year if not asked otherwise."""
    house = house_of(request)
    wanted = asked(request.query_params, house.today(), years=True)
    found = None if wanted.errors else victim_views(house, wanted.start, wanted.end, wanted.as_of)
    return page(
        request,
        "victims.html",
        422 if wanted.errors else 200,
        asked=wanted,
        found=found,
        rows=_rows(found) if found else [],
        names=dict(staff_names(house)),
        as_of=words.day(wanted.day) if wanted.day else words.moment(house.now()),
        errors=wanted.faults(),
    )


@router.get("/access-by-characteristic")
def access_by_page(request: Request) -> Response:
    """Access to restorative justice by each answer about each protected characteristic."""
    house = house_of(request)
    wanted = asked(request.query_params, house.today(), years=True)
    found = None if wanted.errors else access_by_characteristic(house, wanted.start, wanted.end, wanted.as_of)
    return page(
        request,
        "access_by_characteristic.html",
        422 if wanted.errors else 200,
        asked=wanted,
        found=found,
        meanings=ACCESS_WORDS,
        as_of=words.day(wanted.day) if wanted.day else words.moment(house.now()),
        errors=wanted.faults(),
    )


@router.get("/access-by-characteristic/file")
def access_by_file(request: Request) -> Response:
    """The same as a file to share."""
    house = house_of(request)
    wanted = asked(request.query_params, house.today(), years=True)
    if wanted.errors:
        raise NotFound("There is no such period.")
    file_form, _ = asked_form(request)
    sheets = shared_access(house, wanted.start, wanted.end, wanted.as_of, actor(request))
    period = f"{wanted.start} to {wanted.end}"
    return file_answer(request, sheets, file_form, name="access", period=period, shared=True)


def _rows(found: dict[str, Any]) -> list[tuple[str, int, list[str]]]:
    voice = found["voice"]
    rows = [
        ("Decisions about a child", voice["decisions"]),
        ("Decisions with the victim’s views asked before", voice["heard"]),
        ("Decisions before which the victim could not be reached", voice["excused"]),
        ("Contacts made after a withdrawal, of all cases (must be none)", found["after_withdrawal"]),
        ("Contacts in error", found["errors"]),
        ("Times a closed case was opened again", found["reopened"]),
        ("Support given after the child’s intervention ended", found["after_order"]),
        ("Complaints", found["complaints"]),
        ("Complaints answered", found["complaints_answered"]),
    ]
    counted = [(label, figure["number"], figure["cases"]) for label, figure in rows]
    uninformed = found["uninformed"]
    counted.insert(3, ("Cases with a decision and no views asked", voice["unheard_cases"], voice["unheard"]))
    counted.insert(4, ("Refusals that were not informed", uninformed["number"], uninformed["cases"]))
    counted.insert(5, ("Of those, became a yes", uninformed["turned"], uninformed["turned_cases"]))
    return counted
