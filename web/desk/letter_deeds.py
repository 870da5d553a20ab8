"""Takes what a person does with a letter: ask for one, write into it, clear a hold, discard it, say it came back."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine.desk import open_file
from engine.errors import WrongInput
from engine.letters_by_hand import (
    ask_for_letter,
    clear_hold,
    discard_letter,
    fill_letter,
    hand_over,
    letter_came_back,
    text_to_finish,
)
from engine.post import case_of_letter, list_letters, page_image
from engine.settling import settle
from engine.word import word_to_finish
from engine.words import plain_text
from web import words
from web.access import actor, form, house_of, text
from web.desk.letters import open_letter
from web.pages import page, see_other
from workflow.letters import is_for
from workflow.machine import NotAllowed

router = APIRouter(include_in_schema=False)

_MOST_AT_ONCE = 50
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/letters")
def letters_page(request: Request) -> Response:
    """The letters that wait for a person, with what was decided of each, to be opened or approved together."""
    house = house_of(request)
    waiting = [letter for state in ("in_doubt", "drafted", "held") for letter in list_letters(house, state)]
    return page(request, "letters.html", letters=[_line(request, letter) for letter in waiting])


def _line(request: Request, letter: Any) -> dict[str, Any]:
    kind = house_of(request).letters.get(letter.kind)
    decision = letter.decision or {}
    return {
        "id": letter.letter_id,
        "case": letter.reference,
        "title": kind.title if kind else letter.kind,
        "state": words.LETTER_STATES[letter.state],
        "drafted": words.short_day(letter.drafted_at.date()),
        "reasons": [reason["words"] for reason in decision.get("reasons", [])],
    }


@router.get("/cases/{reference}/letters/new")
def choosing(request: Request, reference: str) -> Response:
    """The kinds of letter that a person may ask for on this case."""
    house = house_of(request)
    file = open_file(house, reference, actor(request), house.now())
    kinds = [kind for kind in house.letters.values() if kind.on and is_for(kind, file.case)]
    return page(request, "letter_new.html", file=file, kinds=kinds)


@router.post("/cases/{reference}/letters/new")
def asking(request: Request, reference: str) -> Response:
    """Have a letter drafted, and open it."""
    house, sent = house_of(request), form(request)
    letter_id = ask_for_letter(house, reference, text(sent, "kind"), actor(request), house.now())
    return see_other(f"/letters/{letter_id}")


@router.get("/letters/{letter_id}/page.pdf")
def image(request: Request, letter_id: str) -> Response:
    """The page as PDF: once it is approved, the very bytes that go out."""
    house = house_of(request)
    if hidden := open_letter(request, letter_id).why_hidden:
        raise NotAllowed(hidden)
    made = page_image(house, letter_id, house.now())
    headers = {"Content-Disposition": f'inline; filename="{letter_id}.pdf"', "X-Frame-Options": "SAMEORIGIN"}
    return Response(made, media_type="application/pdf", headers=headers)


@router.get("/letters/{letter_id}/text")
def plain(request: Request, letter_id: str) -> Response:
    """The plain English text, to be translated or finished by hand."""
    house = house_of(request)
    if hidden := open_letter(request, letter_id).why_hidden:
        raise NotAllowed(hidden)
    headers = {"Content-Disposition": f'attachment; filename="{letter_id}.txt"'}
    return PlainTextResponse(plain_text(text_to_finish(house, letter_id, house.now())), headers=headers)


@router.get("/letters/{letter_id}/word")
def word(request: Request, letter_id: str) -> Response:
    """The letter as a Word file, to be finished by hand."""
    house = house_of(request)
    if hidden := open_letter(request, letter_id).why_hidden:
        raise NotAllowed(hidden)
    headers = {"Content-Disposition": f'attachment; filename="{letter_id}.docx"'}
    return Response(word_to_finish(house, letter_id, house.now()), media_type=_WORD, headers=headers)


@router.post("/letters/{letter_id}/settle")
def settling(request: Request, letter_id: str) -> Response:
    """A person found out whether a letter in doubt left."""
    house, left = house_of(request), text(form(request), "left")
    if left not in ("yes", "no"):
        raise WrongInput("Say whether it left: yes or no.")
    settle(house, letter_id, left == "yes", actor(request), house.now())
    return see_other(f"/letters/{letter_id}?done=settled")


@router.post("/letters/{letter_id}/write")
def writing(request: Request, letter_id: str) -> Response:
    """Write into the letter what its template leaves room for."""
    house, sent = house_of(request), form(request)
    letter, _ = case_of_letter(house, letter_id)
    kind = house.letters[letter.kind]
    given = {name: text(sent, name) for name in kind.filled if text(sent, name)}
    if not given:
        raise WrongInput("Write something before you save it.")
    fill_letter(house, letter_id, given, actor(request), house.now())
    return see_other(f"/letters/{letter_id}?done=written")


@router.post("/letters/{letter_id}/clear")
def clearing(request: Request, letter_id: str) -> Response:
    """One of two people's look at what holds the letter."""
    house, sent = house_of(request), form(request)
    holds = frozenset(str(each) for each in sent.getlist("holds"))
    clear_hold(house, letter_id, holds, text(sent, "words"), actor(request), house.now())
    return see_other(f"/letters/{letter_id}?done=cleared")


@router.post("/letters/{letter_id}/discard")
def discarding(request: Request, letter_id: str) -> Response:
    """Put the letter aside."""
    house, sent = house_of(request), form(request)
    discard_letter(house, letter_id, text(sent, "reason"), actor(request), house.now(), text(sent, "words"))
    return see_other(f"/letters/{letter_id}?done=discarded")


@router.post("/letters/{letter_id}/returned")
def returning(request: Request, letter_id: str) -> Response:
    """The letter came back."""
    house, sent = house_of(request), form(request)
    letter_came_back(house, letter_id, text(sent, "reason"), actor(request), house.now())
    return see_other(f"/letters/{letter_id}?done=returned")


@router.post("/letters/{letter_id}/handed-over")
def handing_over(request: Request, letter_id: str) -> Response:
    """The letter was finished by hand and went on a day."""
    house, sent = house_of(request), form(request)
    hand_over(house, letter_id, _day(sent), actor(request), house.now())
    return see_other(f"/letters/{letter_id}?done=handed-over")


def _day(sent: Any) -> date:
    try:
        return date(*(int(text(sent, f"on-{part}")) for part in ("year", "month", "day")))
    except ValueError:
        raise WrongInput("Give the day on which it went.") from None
