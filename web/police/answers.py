"""Shows an officer what is asked of their force, and takes the answer, as the systems of the force may send it too."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import NotFound
from engine.force_receipts import query_now
from engine.intake.answers import CONFIRMED, FILLED, NOT_INFORMED, take_answer
from engine.intake.asking import CONSENT, DETAILS, REFUSAL, queries_of
from engine.intake.receipts import Receipt
from engine.record_forms import raw_of
from web.access import actor, form, house_of, text
from web.desk.forms import typed_of as typed_in
from web.pages import page
from web.police import questions
from web.police.questions import Question
from workflow.machine import NotAllowed
from workflow.problems import Problem
from workflow.vocabulary import Channel, Purpose

router = APIRouter(include_in_schema=False)

INFORMED = tuple(
    f"consent.informed.{each}"
    for each in ("who_we_are", "what_we_offer", "voluntary", "what_is_shared", "no_effect_on_case", "leaflet_given")
)
_CONSENT = (
    "consent.decision",
    "consent.given_by",
    "consent.given_on",
    "consent.method",
    *INFORMED,
    *(f"consent.scope.{each}" for each in Purpose),
)
_DETAILS = (
    "victim.phones.1.number",
    "victim.email",
    "victim.address.lines",
    "victim.address.postcode",
    *(f"safety.safe_to.{each}" for each in Channel),
)


@router.get("/police/queries")
def queries(request: Request) -> Response:
    """What the service asks this force."""
    after = request.query_params.get("after")
    if after is not None and ("\0" in after or len(after) > 16):
        raise NotFound("There is no such place to go on from.")
    found = queries_of(house_of(request), str(actor(request).force), after)
    return page(request, "police/queries.html", queries=found["queries"], following=found["next"])


@router.get("/police/queries/{query_id}")
def read_query(request: Request, query_id: str) -> Response:
    """One query, with the form of its answer."""
    query = query_now(house_of(request), str(actor(request).force), query_id)
    answer = request.query_params.get("answer", "")
    return _page(request, query, answer if answer in (CONFIRMED, NOT_INFORMED, FILLED) else _first(query), {}, ())


@router.post("/police/queries/{query_id}")
def send_answer(request: Request, query_id: str) -> Response:
    """Take the answer, which moves the case; what cannot be taken is shown again with what was typed."""
    house, force, sent = house_of(request), str(actor(request).force), form(request)
    query = query_now(house, force, query_id)
    answer = text(sent, "answer")
    if answer not in _possible(query):
        wrong = Problem("answer", "required", "Select what the victim's answer was.")
        return _page(request, query, "", typed_in(sent), (wrong,))
    given: dict[str, Any] = {"answer": answer}
    if answer == FILLED:
        given["record"] = raw_of(questions.read(_paths(query), sent))
    elif answer == CONFIRMED:
        given["informed"] = {
            path.rpartition(".")[2]: text(sent, questions.name_of(path)) == "true" for path in INFORMED
        }
        if query["is_child"]:
            given["safeguarding_checked"] = text(sent, "safeguarding_checked") == "true"
    try:
        taken = take_answer(house, force, query_id, given, house.now())
    except NotAllowed as refused:
        taken = (Problem("informed", "not-allowed", str(refused)),)
    if isinstance(taken, Receipt):
        return page(request, "police/answered.html", query=query, missing=_words(taken.gaps))
    return _page(request, query, answer, typed_in(sent), taken)


def _possible(query: Mapping[str, Any]) -> tuple[str, ...]:
    if query["kind"] == REFUSAL:
        return (CONFIRMED, NOT_INFORMED, FILLED)
    return (NOT_INFORMED, FILLED) if query["kind"] == CONSENT else (FILLED,)


def _first(query: Mapping[str, Any]) -> str:
    possible = _possible(query)
    return possible[0] if len(possible) == 1 else ""


def _paths(query: Mapping[str, Any]) -> list[str]:
    """The fields that the answer to a query may fill in."""
    if query["kind"] in (REFUSAL, CONSENT):
        return list(_CONSENT)
    if query["kind"] == DETAILS:
        return list(_DETAILS)
    return questions.asked_for(each["path"] for each in query["missing"])


def asked(
    paths: Sequence[str], typed: Mapping[str, Sequence[str]], problems: Sequence[Problem]
) -> tuple[list[Question], list[dict[str, str]]]:
    """The questions of these fields, and the summary of what is wrong with the answers."""
    by_path: dict[str, Problem] = {}
    loose: list[dict[str, str]] = []
    for problem in problems:
        place = problem.path.removeprefix("record.")
        found = next((each for each in paths if place == each or place.startswith(f"{each}.")), None)
        if found is None:
            found = next((each for each in paths if each.startswith(f"{place}.")), None)
        if found is None:
            href = f"#{questions.question(paths[0], {}).anchor}" if paths else "#main-content"
            loose.append({"text": questions.remedy(problem), "href": href})
        else:
            by_path.setdefault(found, problem)
    made = [questions.question(path, typed, by_path.get(path)) for path in paths]
    return made, [*({"text": each.error, "href": f"#{each.anchor}"} for each in made if each.error), *loose]


def _words(problems: Sequence[Problem]) -> list[str]:
    return [questions.remedy(each) for each in problems]


def _page(
    request: Request,
    query: Mapping[str, Any],
    answer: str,
    typed: Mapping[str, Sequence[str]],
    problems: Sequence[Problem],
) -> Response:
    paths = _paths(query) if answer == FILLED else list(INFORMED) if answer == CONFIRMED else []
    made, errors = asked(paths, typed, problems)
    if not paths and problems:
        errors = [{"text": each.remedy.rstrip("."), "href": "#answer"} for each in problems]
    return page(
        request,
        "police/query.html",
        422 if problems else 200,
        query=query,
        answer=answer,
        possible=_possible(query),
        asked=made,
        errors=errors,
        checked=(typed.get("safeguarding_checked") or [""])[0],
    )
