"""Shows a letter as it will look, with every reason for and against it, and takes a person's yes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from engine.accounts import practitioners
from engine.desk import CaseFile, open_file
from engine.errors import StaleCase, WrongInput
from engine.house import House
from engine.post import FIXED, approve, case_of_letter, delivery_of, preview, questions_of, why_waiting
from engine.revealing import is_open_to
from web import words
from web.access import actor, form, house_of, text
from web.desk.safety import safety
from web.labels import TAKES_TWO
from web.pages import page, see_other
from workflow.catalogue import CATALOGUE
from workflow.catalogue.post import BACK
from workflow.channels import is_safe
from workflow.clearance import clearances
from workflow.letters import COLLEAGUES
from workflow.machine import NotAllowed
from workflow.reasons import CLEARABLE
from workflow.sealing import is_sealed
from workflow.two_people import letter_conditions
from workflow.vocabulary import Channel, Known

router = APIRouter(include_in_schema=False)

SEALED = (
    "The letter is not shown: the victim’s address is sealed. Show it with a reason on the case, and open this again."
)
HIDDEN = "The letter is not shown: it bears an address or number that is not known to be safe."
_LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"


_DISCARDS = next(field.choices for field in CATALOGUE["letter_discarded"].fields if field.name == "reason")
_DONE = {
    "written": "Your words are in the letter. Read it again.",
    "cleared": "Recorded. Two different people must clear a hold.",
    "discarded": "The letter is discarded. It is not written again unless somebody asks for it.",
    "returned": "Recorded. What the letter met is owed again.",
    "handed-over": "Recorded as sent.",
    "settled": "Recorded. A letter that did not leave is decided again and goes with the next round of the post.",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter and its case, opened and logged."""

    letter: Any
    file: CaseFile
    to_victim: bool = True
    may_see_sealed: bool = False

    @property
    def is_hidden(self) -> bool:
        """Whether it bears an address that is sealed, or one that is not known to be safe and has not gone there."""
        return bool(self.why_hidden)

    @property
    def why_hidden(self) -> str:
        """Why the letter is not shown, in words; empty where it is."""
        case, channel = self.file.case, Channel(self.letter.channel)
        if not self.to_victim:
            return ""
        if is_sealed(case, channel) and not self.may_see_sealed:
            return SEALED
        return HIDDEN if self.letter.state not in FIXED and is_safe(case, channel) is not Known.YES else ""


def open_letter(request: Request, letter_id: str) -> Opened:
    """A letter shows a name and an address, so opening it opens its case, and that is logged."""
    house, me = house_of(request), actor(request)
    letter, case = case_of_letter(house, letter_id)
    kind = house.letters.get(letter.kind)
    to_victim = kind is None or kind.audience not in COLLEAGUES
    file = open_file(house, case.reference, me, house.now())
    return Opened(letter, file, to_victim, is_open_to(house, file.key.case_id, letter.channel, me, house.now()))


@router.get("/letters/{letter_id}")
def letter_page(request: Request, letter_id: str) -> Response:
    """The letter with its decision, and the form that approves it."""
    return _shown(request, house_of(request), open_letter(request, letter_id))


@router.get("/letters/{letter_id}/page")
def letter_text(request: Request, letter_id: str) -> Response:
    """The letter alone, as it goes or went out, shut in so that nothing in it can act."""
    house = house_of(request)
    if hidden := open_letter(request, letter_id).why_hidden:
        raise NotAllowed(hidden)
    shown = preview(house, letter_id, house.now())
    headers = {"Content-Security-Policy": _LETTER_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(shown.html, headers=headers)


@router.post("/letters/{letter_id}/approve")
def approving(request: Request, letter_id: str) -> Response:
    """A person's yes; the decision is taken again, and a no comes back with its reasons."""
    house, me, sent = house_of(request), actor(request), form(request)
    opened = open_letter(request, letter_id)
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
        return _shown(request, house, open_letter(request, letter_id), 409, changed=changed)
    except (NotAllowed, WrongInput) as refused:
        return _shown(request, house, open_letter(request, letter_id), 409, errors=[{"text": str(refused)}])
    return see_other(f"/letters/{letter_id}?approved=1")


def _shown(request: Request, house: House, opened: Opened, status: int = 200, **more: Any) -> Response:
    letter, file = opened.letter, opened.file
    kind = house.letters.get(letter.kind)
    missing = opened.why_hidden
    try:
        preview(house, letter.letter_id, house.now())
    except WrongInput as fault:
        missing = str(fault)
    decision = letter.decision or {}
    names = dict(practitioners(house))
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
        # A held letter too, where nothing but a person's new yes ends the hold.
        can_approve=(letter.state == "drafted" or bool(letter.state == "held" and decision.get("for_a_person")))
        and not missing,
        approved_by=words.person(letter.approved_by or "", names),
        safety=safety(file, house.now(), house.settings.days.safety_lasts),
        clearable=_clearable(opened, names),
        questions=questions_of(house, letter),
        by_hand=letter.state in ("drafted", "held"),
        may_discard=letter.state in ("drafted", "held", "approved"),
        came_back=[(each, words.value(each)) for each in BACK] if letter.state == "released" else [],
        discard_reasons=[(each, words.value(each)) for each in _DISCARDS],
        waiting=why_waiting(house, letter.letter_id),
        delivery=delivery_of(house, letter.letter_id),
        asks_person=_asks_person(opened),
        is_checked=any(event.text("letter") == letter.letter_id for event in file.case.of("letter_checked"))
        and letter.state == "drafted",
        done=_DONE.get(query.get("done", ""), ""),
        approved="approved" in query and letter.state != "drafted",
        takes_two=_takes_two(request, house, opened),
        already="already" in query,
        **more,
    )


def _takes_two(request: Request, house: House, opened: Opened) -> list[str]:
    """Why this letter takes two people's yes, in words; empty where one is enough or it is no longer to be approved."""
    letter, kind = opened.letter, house.letters.get(opened.letter.kind)
    if letter.state not in ("drafted", "held"):
        return []
    asked = house.permissions.two_people.get("letter_approved", frozenset())
    found = letter_conditions(opened.file.case, letter.letter_id, letter.channel, actor(request).role, asked)
    always = ["it is of a kind that always does"] if kind and kind.second_check else []
    return always + [TAKES_TWO[each] for each in found]


def _asks_person(opened: Opened) -> bool:
    """Whether a person is asked to find out whether the letter left; otherwise whoever delivers is."""
    doubts = [e for e in opened.file.case.of("letter_doubted") if e.text("letter") == opened.letter.letter_id]
    return bool(doubts) and opened.letter.state == "in_doubt" and doubts[-1].text("asks") == "person"


def _clearable(opened: Opened, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The holds of this letter that two people may clear, each with who has looked at it already and why."""
    letter, file = opened.letter, opened.file
    if letter.state != "held":
        return []
    looked = clearances(file.case, letter.letter_id)
    return [
        {
            "code": reason["code"],
            "words": reason["words"],
            "by": [
                (words.person(each.by, names), file.notes.get(each.note, "")) for each in looked.get(reason["code"], ())
            ],
        }
        for reason in (letter.decision or {}).get("reasons", [])
        if reason["code"] in CLEARABLE
    ]
