"""Approves several letters at once, after a check of each, and says what became of every one."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.desk import open_file
from engine.errors import NotFound, WrongInput
from engine.post import approve, case_of_letter
from web import words
from web.access import actor, form, house_of, text
from web.pages import page
from workflow.machine import NotAllowed

router = APIRouter(include_in_schema=False)

MOST = 25
"""How many letters one person says yes to at once: more are not read."""
SECOND = "Your yes is recorded. A second, different person must say yes as well."


@router.post("/letters/check")
def checking(request: Request) -> Response:
    """The check before sending: whom each chosen letter is for, and what it is, one after the other to be read."""
    house, me, chosen = house_of(request), actor(request), _chosen(request)
    shown = []
    for letter_id in chosen:
        letter, case = case_of_letter(house, letter_id)
        # A list of names and letters opens as many cases, and each of them is logged.
        file = open_file(house, case.reference, me, house.now())
        kind = house.letters[letter.kind]
        shown.append({"id": letter_id, "case": case.reference, "title": kind.title, "name": file.victim_name})
    return page(request, "letters_check.html", letters=shown)


@router.post("/letters/approve")
def approving(request: Request) -> Response:
    """A person's yes to each of them; one that may not go stays, and says why."""
    house, me, chosen, sent = house_of(request), actor(request), _chosen(request), form(request)
    if text(sent, "read") != "yes":
        raise WrongInput("Confirm that you have read every letter.")
    became: list[dict[str, Any]] = []
    for letter_id in chosen:
        letter, case = case_of_letter(house, letter_id)
        tag, why = words.Tag("Approved", "green"), ""
        try:
            written = approve(house, letter_id, me, house.now())
            if any(event.kind == "letter_checked" for event in written.events):
                tag, why = words.Tag("Waits for a second yes", "blue"), SECOND
        except (NotAllowed, WrongInput) as refused:
            tag, why = words.Tag("Not approved", "orange"), str(refused)
        became.append(
            {"id": letter_id, "case": case.reference, "title": house.letters[letter.kind].title, "tag": tag, "why": why}
        )
    return page(request, "letters_approved.html", letters=became)


def _chosen(request: Request) -> list[str]:
    chosen = [str(each) for each in dict.fromkeys(form(request).getlist("letter"))]
    if not chosen:
        raise WrongInput("Choose at least one letter.")
    if len(chosen) > MOST:
        raise WrongInput(f"Choose up to {MOST} letters at once: each is to be read.")
    if any(not each.startswith("L-") for each in chosen):
        raise NotFound("There is no such letter.")
    return chosen
