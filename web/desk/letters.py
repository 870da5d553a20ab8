"""Shows a letter as it will look, with every reason for and against it, and takes a person's yes."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from engine.accounts import practitioners
from engine.desk import CaseFile, open_file
from engine.errors import StaleCase, WrongInput
from engine.house import House
from engine.post import approve, case_of_letter, preview
from web import words
from web.access import actor, form, house_of, text
from web.desk.safety import safety
from web.pages import page, see_other
from workflow.channels import is_safe
from workflow.machine import NotAllowed
from workflow.vocabulary import Channel, Known

router = APIRouter(include_in_schema=False)

HIDDEN = "The letter is not shown: it bears an address or number that is not known to be safe."
_LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"


@dataclass(frozen=True, slots=True)
class _Opened:
    """A letter and its case, opened and logged."""

    letter: Any
    file: CaseFile

    @property
    def is_hidden(self) -> bool:
        """Whether the page would show an address that is not known to be safe, on a letter that has not gone."""
        has_gone = self.letter.state in ("approved", "released", "returned")
        return not has_gone and is_safe(self.file.case, Channel(self.letter.channel)) is not Known.YES


def _open(request: Request, letter_id: str) -> _Opened:
    """A letter shows a name and an address, so opening it opens its case, and that is logged."""
    house, me = house_of(request), actor(request)
    letter, case = case_of_letter(house, letter_id)
    return _Opened(letter, open_file(house, case.reference, me, house.now()))


@router.get("/letters/{letter_id}")
def letter_page(request: Request, letter_id: str) -> Response:
    """The letter with its decision, and the form that approves it."""
    return _shown(request, house_of(request), _open(request, letter_id))


@router.get("/letters/{letter_id}/page")
def letter_text(request: Request, letter_id: str) -> Response:
    """The letter alone, as it goes or went out, shut in so that nothing in it can act."""
    house = house_of(request)
    if _open(request, letter_id).is_hidden:
        raise NotAllowed(HIDDEN)
    shown = preview(house, letter_id, house.now())
    headers = {"Content-Security-Policy": _LETTER_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(shown.html, headers=headers)


@router.post("/letters/{letter_id}/approve")
def approving(request: Request, letter_id: str) -> Response:
    """A person's yes; the decision is taken again, and a no comes back with its reasons."""
    house, me, sent = house_of(request), actor(request), form(request)
    opened = _open(request, letter_id)
    if opened.letter.state == "approved" and opened.letter.approved_by == me.user:
        return see_other(f"/letters/{letter_id}?already=1")
    seen = text(sent, "seen")
    if text(sent, "read") != "yes":
        error = {"text": "Confirm that you have read the letter", "href": "#read"}
        return _shown(request, house, opened, 422, errors=[error])
    try:
        approve(house, letter_id, me, house.now(), int(seen) if seen.isdigit() and len(seen) < 9 else None)
    except StaleCase as stale:
        names = dict(practitioners(house))
        changed = [(words.happened(kind), words.person(by, names)) for _, kind, by in stale.changes]
        return _shown(request, house, _open(request, letter_id), 409, changed=changed)
    except (NotAllowed, WrongInput) as refused:
        return _shown(request, house, _open(request, letter_id), 409, errors=[{"text": str(refused)}])
    return see_other(f"/letters/{letter_id}?approved=1")


def _shown(request: Request, house: House, opened: _Opened, status: int = 200, **more: Any) -> Response:
    letter, file = opened.letter, opened.file
    kind = house.letters.get(letter.kind)
    missing = HIDDEN if opened.is_hidden else ""
    try:
        preview(house, letter.letter_id, house.now())
    except WrongInput as fault:
        missing = str(fault)
    decision = letter.decision or {}
    query = request.query_params
    return page(
        request,
        "letter.html",
        status,
        file=file,
        letter=letter,
        title=kind.title if kind else letter.kind,
        state=words.LETTER_STATES[letter.state],
        decision=words.DECISIONS.get(str(decision.get("verdict")), words.Tag("Not decided")),
        reasons=[reason["words"] for reason in decision.get("reasons", [])],
        missing=missing,
        can_approve=letter.state == "drafted" and not missing,
        approved_by=words.person(letter.approved_by or "", dict(practitioners(house))),
        safety=safety(file, house.now(), house.settings.days.safety_lasts),
        approved="approved" in query,
        already="already" in query,
        **more,
    )
