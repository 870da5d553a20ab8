"""Shows dip samples and file audits, takes people's judgements, and gives the inspection sample with its evidence."""

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.accounts import staff_names
from engine.errors import NotFound
from engine.file_audits import audit_file, draw, evidence_pack, inspection_sample, judge, overview
from web import words
from web.access import actor, form, house_of, text
from web.manager.asked import asked
from web.pages import page, see_other
from workflow.file_audit import QUESTIONS, STEPS, faults
from workflow.london import london_day

router = APIRouter(include_in_schema=False)

STANDINGS = {
    "shown": "The record shows it.",
    "missing": "The record does not show it.",
    "not_applicable": "It does not seem to apply.",
}
_NEXT = {"reviewed": "Keep as reviewed", "verified": "Verify", "finalised": "Make it final"}


@router.get("/file-audits")
def audits_page(request: Request) -> Response:
    """Every sample with its files, and what the final ones come to."""
    house = house_of(request)
    found = overview(house)
    month = f"{house.today().replace(day=1) - timedelta(days=1):%Y-%m}"
    samples: list[dict[str, Any]] = []
    for sample in found["samples"]:
        own = [audit for audit in found["audits"] if audit.month == sample.month]
        samples.append(
            {
                "month_words": _month(sample.month),
                "drawn": len(own),
                "out_of": sample.out_of,
                "day": words.day(london_day(sample.drawn_at)),
                "seed": sample.seed,
                "audits": own,
            }
        )
    return page(
        request,
        "file_audits.html",
        found={**found, "samples": samples},
        names=dict(staff_names(house)),
        month=month,
        month_words=_month(month),
        is_drawn=any(sample.month == month for sample in found["samples"]),
    )


def _month(name: str) -> str:
    return f"{date.fromisoformat(f'{name}-01'):%B %Y}"


@router.post("/file-audits/draw")
def draw_sample(request: Request) -> Response:
    """Draw the sample of a month."""
    draw(house_of(request), text(form(request), "month"), actor(request))
    return see_other("/file-audits")


@router.get("/file-audits/{number}")
def audit_page(request: Request, number: str) -> Response:
    """One file audit, with what the record shows on each question."""
    return _shown(request, _number(number))


@router.post("/file-audits/{number}")
def judge_file(request: Request, number: str) -> Response:
    """Take a file audit one step on."""
    sent = form(request)
    answers = {key: text(sent, key) for key, _, _ in QUESTIONS}
    missing = faults(answers)
    if missing:
        return _shown(request, _number(number), answers, missing)
    judge(house_of(request), _number(number), text(sent, "was"), answers, actor(request))
    return see_other("/file-audits")


def _number(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise NotFound("There is no such file audit.")
    return int(given)


def _shown(
    request: Request, number: int, answers: dict[str, str] | None = None, missing: tuple[str, ...] = ()
) -> Response:
    audit, evidence = audit_file(house_of(request), number, actor(request))
    return page(
        request,
        "file_audit.html",
        422 if missing else 200,
        audit=audit,
        evidence=evidence,
        answers=answers or audit.answers,
        missing=missing,
        standings=STANDINGS,
        next_step=_NEXT.get(STEPS.get(audit.state, ""), ""),
        errors=[{"text": "Judge every question", "href": f"#{missing[0]}"}] if missing else [],
    )


@router.get("/inspection")
def inspection_page(request: Request) -> Response:
    """The victims who consented, by the day of their first contact."""
    house = house_of(request)
    wanted = asked(request.query_params, house.today())
    found = None if wanted.errors else inspection_sample(house, wanted.start, wanted.end)
    return page(
        request, "inspection.html", 422 if wanted.errors else 200, asked=wanted, found=found, errors=wanted.faults()
    )


@router.get("/inspection/{reference}")
def evidence_page(request: Request, reference: str) -> Response:
    """The evidence of one case, redacted."""
    pack = evidence_pack(house_of(request), reference, actor(request))
    return page(request, "evidence.html", pack=pack, standings=STANDINGS)
