"""Shows voice before decisions, safety, support, complaints, access to restorative justice, and the work in hand."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.accounts import staff_names
from engine.victim_views import victim_views
from web import words
from web.access import house_of
from web.manager.asked import asked
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
    counted.insert(3, ("Cases with a decision and no views asked", len(voice["unheard"]), voice["unheard"]))
    counted.insert(4, ("Refusals that were not informed", uninformed["number"], uninformed["cases"]))
    counted.insert(5, ("Of those, became a yes", uninformed["turned"], uninformed["turned_cases"]))
    return counted
