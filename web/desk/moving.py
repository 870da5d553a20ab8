"""Shows who has what, and hands cases over: chosen ones or all of somebody's, looked at once more before they move."""

import secrets
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from engine.accounts import practitioners, staff_names
from engine.assigning import cases_of, holders, move
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.worklist import who_has_what
from web import words
from web.access import actor, form, house_of, text
from web.desk.filters import person_code
from web.pages import page
from workflow.case import TEAM
from workflow.catalogue.keeping import REASSIGNED

router = APIRouter(include_in_schema=False)

_MOST = 200


@router.get("/queue/people")
def people(request: Request) -> Response:
    """Who has how many cases; first the team's own, then those of people who left."""
    house = house_of(request)
    names = staff_names(house)
    rows = [
        {
            **row,
            "code": person_code(row["owner"]),
            "deputy_name": words.person(row["deputy"], names) if row["deputy"] else "",
        }
        for row in who_has_what(house, house.now())
    ]
    return page(
        request, "queue_people.html", rows=rows, may_move=house.permissions.may(actor(request).role, "case.assign")
    )


@router.post("/queue/move")
def moving(request: Request) -> Response:
    """What is about to move, how many, to whom and why: nothing moves before it was looked at."""
    return _look(request, {})


@router.post("/queue/moved")
def moved(request: Request) -> Response:
    """Move the cases, and say which did not and why; sent twice, it moves them once."""
    house, sent, me = house_of(request), form(request), actor(request)
    errors = {}
    to = {person_code(user): user for user in (TEAM, *dict(practitioners(house)))}.get(text(sent, "to"), "")
    reason = text(sent, "reason")
    if not to:
        errors["to"] = "Select who is to have the cases"
    if reason not in REASSIGNED:
        errors["reason"] = "Select why they change hands"
    key = text(sent, "key")[:40]
    if errors or not key:
        return _look(request, errors)
    done = move(house, _seen(house, sent), to, reason, me, house.now(), key)
    names = dict(practitioners(house))
    return page(
        request,
        "queue_moved.html",
        to=words.person(to, names),
        moved=[each.reference for each in done if not each.why_not],
        left=[each for each in done if each.why_not],
    )


def _look(request: Request, errors: Mapping[str, str]) -> Response:
    house, sent = house_of(request), form(request)
    seen = _seen(house, sent)
    names = staff_names(house)
    owners = sorted(set(seen.values()))
    shown: dict[str, Any] = {
        "seen": [(reference, words.person(owner, names)) for reference, owner in seen.items()],
        "kept": [f"{reference} {person_code(owner)}" for reference, owner in seen.items()],
        "owner": text(sent, "owner"),
        "owner_names": [words.person(owner, names) for owner in owners],
        "people": [(person_code(user), name) for user, name in practitioners(house) if [user] != owners],
        "team": person_code(TEAM) if owners != [TEAM] else "",
        "reasons": [(code, words.value(code)) for code in REASSIGNED],
        "to": text(sent, "to"),
        "reason": text(sent, "reason"),
        "key": text(sent, "key") or secrets.token_urlsafe(16),
        "errors": [{"text": words_, "href": f"#{name}"} for name, words_ in errors.items()],
        "error_of": errors,
    }
    return page(request, "queue_move.html", 422 if errors else 200, **shown)


def _seen(house: House, sent: FormData) -> dict[str, str]:
    """The cases that were chosen, each with who had it when that was done; or all that somebody has.

    Raises WrongInput where none was chosen, and NotFound where nobody is meant.
    """
    users = {person_code(row["owner"]): row["owner"] for row in who_has_what(house, house.now())}
    code = text(sent, "owner")
    if code:
        if code not in users:
            raise NotFound("There is nobody of that name who has cases.")
        return dict.fromkeys(cases_of(house, users[code]), users[code])
    chosen = [each for each in sent.getlist("case") if isinstance(each, str)][:_MOST]
    seen = {reference: users.get(owner, "") for reference, _, owner in (each.partition(" ") for each in chosen)}
    unsaid = [reference for reference, owner in seen.items() if not owner]
    seen |= holders(house, unsaid) if unsaid else {}
    if not seen:
        raise WrongInput("Choose at least one case first. Go back, and tick the boxes beside the cases.")
    return {reference: owner for reference, owner in seen.items() if owner}
