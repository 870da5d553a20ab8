"""Shows what to do now, in order: my cases, the team's, those nobody has, what rests, and what was done today."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.accounts import staff_names
from engine.assigning import claim_next, take
from engine.house import House
from engine.sign_in import SignedIn
from engine.worklist import keep_queue, kept_queue, numbers, queue_page
from web import words
from web.access import actor, form, house_of, signed_in, text
from web.desk.filters import ALL, BY_OWNER, ME, NOBODY, Asked, Offered, offered, only, person_code, query_of
from web.desk.next_steps import action_words
from web.pages import page, see_other
from workflow.london import london_day
from workflow.views import Only, View
from workflow.vocabulary import Role

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 50
_TABS = {
    View.MINE: "Mine",
    View.TEAM: "Team",
    View.UNASSIGNED: "Nobody has them",
    View.HOLD: "On hold",
    View.WAITING: "Waiting on others",
    View.DONE: "Done today",
    View.ADRIFT: "Nobody looks after",
}


@router.get("/queue")
def queue(request: Request) -> Response:
    """One view of the queue; without a question in the address, the one that was last asked for in this session."""
    house, who, now = house_of(request), signed_in(request), house_of(request).now()
    me, today, offer = who.actor.user, london_day(now), offered(house, london_day(now))
    asked = _asked(request, house, who, offer)
    owner = offer.owner(asked.whose, me)
    wanted = only(house, asked, owner, today)
    user = owner if asked.view is View.DONE else me
    counts, names = numbers(house, me, now), staff_names(house)
    # Without filters the view is counted already.
    known = counts[asked.view] if wanted == Only() and asked.view is not View.DONE else None
    here = _page_number(request)
    found = queue_page(house, asked.view, now, user=user, only=wanted, limit=ON_A_PAGE, known=known)
    pages = max(1, -(-found.total // ON_A_PAGE))
    if min(here, pages) > 1:
        here = min(here, pages)
        start = (here - 1) * ON_A_PAGE
        found = queue_page(house, asked.view, now, user=user, only=wanted, limit=ON_A_PAGE, offset=start, known=known)
    else:
        here = 1
    return page(
        request,
        "queue.html",
        asked=asked,
        offer=offer,
        tabs=[(view, label, counts[view], _tab(asked, view, who)) for view, label in _shown_tabs(who)],
        title=_TABS[asked.view],
        by_owner=asked.view in BY_OWNER,
        filters=_filters(asked, offer),
        lines=[_line(house, line, names, today) for line in found.lines],
        today=today,
        here=here,
        pages=pages,
        total=found.total,
        whole=counts[asked.view] if asked.view is not View.DONE else found.total,
        may_move=_may_move(house, asked.view, who.actor.role),
        said=_said(request),
        person_code=person_code,
    )


def _asked(request: Request, house: House, who: SignedIn, offer: Offered) -> Asked:
    """What the address asks for, and where it asks for nothing, what was asked for before."""
    query = dict(request.query_params)
    if not query.keys() - {"taken", "page"}:
        kept = query_of(kept_queue(house, who.session))
        return _with_owner(offer.asked(kept, _first_view(who)), who)
    asked = _with_owner(offer.asked(query, _first_view(who)), who)
    keep_queue(house, who.session, asked.address())
    return asked


def _first_view(who: SignedIn) -> View:
    return View.TEAM if who.actor.role is Role.MANAGER else View.MINE


def _with_owner(asked: Asked, who: SignedIn) -> Asked:
    """What rests, and what was done, is one's own until all is asked for; a manager looks after everybody's."""
    if asked.view not in BY_OWNER or asked.whose:
        return asked
    return replace(asked, whose=ALL if asked.view is View.TEAM or who.actor.role is Role.MANAGER else ME)


def _shown_tabs(who: SignedIn) -> list[tuple[View, str]]:
    hidden = () if who.actor.role is Role.MANAGER else (View.ADRIFT,)
    return [(view, label) for view, label in _TABS.items() if view not in hidden]


def _tab(asked: Asked, view: View, who: SignedIn) -> str:
    """The address of another view with the same filters; whose cases it shows is asked anew."""
    return _with_owner(replace(asked, view=view, whose=""), who).address()


def _page_number(request: Request) -> int:
    wanted = request.query_params.get("page", "1")
    return max(1, int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 1


def _filters(asked: Asked, offer: Offered) -> list[tuple[str, str]]:
    """What is asked for in words, each with the address without it."""
    names = dict((*offer.steps, *offer.duties))
    people = {code: name for code, (_, name) in offer.people.items()} | {ME: "Mine", NOBODY: "Nobody yet"}
    shown = []
    if asked.tier:
        shown.append((dict(offer.tiers)[asked.tier], asked.address(tier="")))
    if asked.action:
        shown.append((names[asked.action], asked.address(action="")))
    if asked.within:
        shown.append((f"Due: {dict(offer.within)[asked.within].lower()}", asked.address(within="")))
    if asked.whose in people:
        shown.append((people[asked.whose], asked.address(whose=ALL)))
    for name, label in (("overdue", "Overdue"), ("enhanced", "Enhanced rights"), ("child", "Child victim")):
        if getattr(asked, name):
            shown.append((label, asked.address(**{name: False})))
    return shown


def _line(house: House, line: Mapping[str, Any], names: Mapping[str, str], today: date) -> dict[str, Any]:
    did = [(words.happened(each["event"]), words.person(each["by"], names)) for each in line.get("done", ())]
    return {
        **line,
        "words": action_words(house, line["action"], line["rule"], today) if line["action"] else "",
        "owner_name": words.person(line["owner"], names) if line["owner"] else "",
        "covering": words.person(line["covering_for"], names) if line["covering_for"] else "",
        "did": did,
    }


def _may_move(house: House, view: View, role: str) -> bool:
    """Whether cases can be chosen and handed over: a manager's anywhere, a practitioner's own."""
    if view is View.DONE:
        return False
    return house.permissions.may(role, "case.assign") or view is View.MINE


def _said(request: Request) -> str:
    taken = request.query_params.get("taken", "")
    if taken == "none":
        return "No case waits for somebody now."
    return "The case is yours now." if taken else ""


@router.post("/queue/claim")
def claiming(request: Request) -> Response:
    """Take the first of the cases that nobody has, and open it; the same form sent again opens the same case."""
    house, sent = house_of(request), form(request)
    reference = claim_next(house, actor(request), house.now(), text(sent, "key")[:64] or None)
    if reference is None:
        return see_other("/queue?taken=none")
    return see_other(f"/cases/{reference}?recorded=case_assigned")


@router.post("/cases/{reference}/take")
def taking(request: Request, reference: str) -> Response:
    """Take a case that nobody has; a case that somebody took meanwhile stays with them."""
    house, sent = house_of(request), form(request)
    written = take(house, reference, actor(request), house.now(), text(sent, "key")[:64] or None)
    if text(sent, "back") == "queue":
        return see_other(f"/queue?taken={reference}")
    return see_other(f"/cases/{reference}?{'already' if written.repeated else 'recorded'}=case_assigned")
