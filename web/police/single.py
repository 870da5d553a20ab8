"""Shows the form for a single consent record: one page after another, checked at the end, then sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine import record_forms
from engine.errors import NotFound
from engine.intake.judge import Judgement
from web.access import actor, form, house_of, text
from web.desk.forms import typed_of as typed_in
from web.pages import page, see_other
from web.police import questions
from web.police.questions import Cells, Question
from web.police.steps import ANOTHER, BY_NAME, CONDITIONS, Step, asked_steps, lies_at, step_of
from workflow.problems import Problem

router = APIRouter(include_in_schema=False)

# What the judgement says of a part as a whole belongs to the question with which it is put right.
_PLACES = {
    "victim": "victim.phones.1.number",
    "officer": "officer.email",
    "victim.guardian": "victim.guardian.name",
    "incident.contact_conditions": "incident.contact_conditions.1.kind",
}
# Asked back later, and no mistake: the officer goes on.
_LATER = frozenset(
    {
        "missing",
        "unusual-crime-reference",
        "reconfirm",
        "age-conflict",
        "age-unknown",
        "characteristic-not-asked",
        "reason-not-asked",
        "applies-to-everyone",
    }
)


@router.post("/police/records")
def begin(request: Request) -> Response:
    """Begin a record."""
    number = record_forms.begin(house_of(request), actor(request), house_of(request).now())
    return see_other(f"/police/records/{number}/{next(iter(BY_NAME))}")


@router.get("/police/records/{draft}/check")
def check(request: Request, draft: str) -> Response:
    """Everything that was answered, to be checked before it is sent."""
    return _checked(request, draft, 200)


@router.post("/police/records/{draft}/send")
def send(request: Request, draft: str) -> Response:
    """Send a record; the receipt follows."""
    house, who = house_of(request), actor(request)
    cells = record_forms.cells_of(house, who, draft, house.now())
    if _must_be_put_right(record_forms.judged(house, who, draft, cells, house.now())):
        return _checked(request, draft, 422)
    receipt = record_forms.send(house, who, draft, house.now())
    if receipt.status == "rejected":
        return _checked(request, draft, 422)
    return see_other(f"/police/receipts/{receipt.submission_id}")


@router.post("/police/records/{draft}/discard")
def discard(request: Request, draft: str) -> Response:
    """Put a record aside for good."""
    record_forms.put_aside(house_of(request), actor(request), draft)
    return see_other("/police")


@router.get("/police/records/{draft}/{step}")
def read_step(request: Request, draft: str, step: str) -> Response:
    """One page of the form, with what was answered before."""
    house = house_of(request)
    cells = record_forms.cells_of(house, actor(request), draft, house.now())
    shown = _step(step)
    typed = questions.typed_of(shown.paths, cells)
    for extra in (CONDITIONS, ANOTHER):
        if f"{extra}.{shown.name}" in cells:
            typed[extra] = [cells[f"{extra}.{shown.name}"]]
    return _page(request, draft, shown, cells, typed, {})


@router.post("/police/records/{draft}/{step}")
def write_step(request: Request, draft: str, step: str) -> Response:
    """Keep what a page says, and go on; what cannot be is shown again with what was typed."""
    house, who, sent = house_of(request), actor(request), form(request)
    now, shown = house.now(), _step(step)
    before = record_forms.cells_of(house, who, draft, now)
    cells = {path: cell for path, cell in before.items() if not _is_of(path, shown)}
    cells |= questions.read(shown.paths, sent)
    wrong: dict[str, Problem] = {}
    if shown.extra and (said := text(sent, shown.extra)) in ("true", "false"):
        cells[f"{shown.extra}.{shown.name}"] = said
        if shown.extra == CONDITIONS and said == "false":
            cells = {path: cell for path, cell in cells.items() if not path.startswith("incident.contact_conditions.")}
            cells["incident.contact_conditions"] = ""
    judgement = record_forms.judged(house, who, draft, cells, now)
    wrong |= _wrong_here(shown, cells, judgement)
    if wrong:
        return _page(request, draft, shown, cells, typed_in(sent), wrong)
    asked = asked_steps(cells, judgement.facts)
    record_forms.keep(house, who, draft, _still_asked(cells, asked), now)
    if text(sent, "then") == "later":
        return see_other("/police")
    if text(sent, "then") == "check":
        return see_other(f"/police/records/{draft}/check")
    following = [each.name for each in asked]
    place = following.index(shown.name) + 1 if shown.name in following else 0
    return see_other(f"/police/records/{draft}/{following[place] if place < len(following) else 'check'}")


def _step(name: str) -> Step:
    if name not in BY_NAME:
        raise NotFound("There is no such page in this form.")
    return BY_NAME[name]


def _is_of(path: str, step: Step) -> bool:
    if path == f"{step.extra}.{step.name}" or (step.extra == CONDITIONS and path == "incident.contact_conditions"):
        return True
    return any(lies_at(path, each) for each in step.paths)


def _still_asked(cells: Mapping[str, str], asked: Sequence[Step]) -> Cells:
    """The answers to questions that are still asked: a no takes the purposes of an earlier yes away."""
    return {path: cell for path, cell in cells.items() if any(_is_of(path, step) for step in asked)}


def _wrong_here(step: Step, cells: Mapping[str, str], judgement: Judgement) -> dict[str, Problem]:
    """What has to be put right on this page before going on, by question."""
    found: dict[str, Problem] = {}
    for problem in (*judgement.errors, *judgement.gaps):
        place = _PLACES.get(problem.path, problem.path)
        asked = next((each for each in step.paths if lies_at(place, each)), None)
        if asked is None or asked in found:
            continue
        was_given = any(lies_at(path, asked) for path in cells)
        blocks = problem in judgement.errors or (was_given and problem.rule not in _LATER)
        if blocks or (asked in step.must and not was_given):
            found[asked] = problem
    return found


def _must_be_put_right(judgement: Judgement) -> tuple[Problem, ...]:
    return judgement.errors


def _page(
    request: Request,
    draft: str,
    step: Step,
    cells: Mapping[str, str],
    typed: Mapping[str, Sequence[str]],
    wrong: Mapping[str, Problem],
) -> Response:
    house = house_of(request)
    asked = [questions.question(path, typed, wrong.get(path)) for path in step.paths]
    steps = asked_steps(cells, record_forms.judged(house, actor(request), draft, cells, house.now()).facts)
    names = [each.name for each in steps]
    place = names.index(step.name) if step.name in names else 0
    return page(
        request,
        "police/step.html",
        422 if wrong else 200,
        draft=draft,
        step=step,
        asked=asked,
        extra=(typed.get(step.extra) or [""])[0] if step.extra else "",
        errors=_summary(asked),
        back=names[place - 1] if place else "",
        place=place + 1,
        total=len(names),
        to_check="check" in request.query_params or text_of(typed, "then") == "check",
    )


def text_of(typed: Mapping[str, Sequence[str]], name: str) -> str:
    """What was typed in one field."""
    given = typed.get(name, ())
    return given[0] if given else ""


def _summary(asked: Iterable[Question]) -> list[dict[str, str]]:
    return [{"text": each.error, "href": f"#{each.anchor}"} for each in asked if each.error]


def _checked(request: Request, draft: str, status: int) -> Response:
    house, who = house_of(request), actor(request)
    cells = record_forms.cells_of(house, who, draft, house.now())
    judgement = record_forms.judged(house, who, draft, cells, house.now())
    steps = asked_steps(cells, judgement.facts)
    return page(
        request,
        "police/check.html",
        status,
        draft=draft,
        sections=[_section(step, cells) for step in steps],
        errors=_faults(draft, judgement.errors, steps),
        missing=_faults(draft, judgement.gaps, steps),
    )


def _section(step: Step, cells: Mapping[str, str]) -> dict[str, Any]:
    asked = [questions.question(path, {}) for path in step.paths]
    rows = [(each.label, questions.shown(each.path, cells)) for each in asked]
    if step.extra == CONDITIONS and cells.get(f"{CONDITIONS}.{step.name}") == "false":
        rows = [("Conditions", "None")]
    return {"name": step.name, "heading": step.heading, "rows": rows}


def _faults(draft: str, problems: Iterable[Problem], steps: tuple[Step, ...]) -> list[dict[str, str]]:
    """What is wrong or missing, each with the page where it is put right."""
    found = []
    for each in problems:
        step = step_of(_PLACES.get(each.path, each.path), steps)
        href = f"/police/records/{draft}/{step.name}?check=1" if step else "#main-content"
        found.append({"text": questions.remedy(each), "href": href})
    return found
