"""Shows what came of the work as victims say it, and takes down what the service did about what they said."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import NotFound, WrongInput
from engine.outcomes import as_csv, outcomes_of, record_said, withdraw_said
from web import words
from web.access import actor, form, house_of, text
from web.asked_days import AskedDays, asked_days
from web.pages import page, see_other
from workflow.catalogue.feedback import ROUNDS, THEMES
from workflow.london import london_day

router = APIRouter(include_in_schema=False)

_LABELS = (("from", "The first day"), ("to", "The last day"))
_ROUNDS = {
    "before": "At the first conversation",
    "two_weeks": "After two weeks",
    "six_to_eight_weeks": "After six to eight weeks",
}
_COMPLAINTS = {
    "received": "received",
    "upheld": "upheld",
    "partly_upheld": "partly upheld",
    "not_upheld": "not upheld",
    "stage_two": "gone to stage 2",
    "ombudsman": "gone to the Ombudsman",
}


@router.get("/outcomes")
def outcomes_page(request: Request) -> Response:
    """The outcomes of a period, the past year if not asked otherwise."""
    return _page(request, _asked(request))


def _asked(request: Request) -> AskedDays:
    today = london_day(house_of(request).now())
    found = asked_days(request.query_params, _LABELS, earliest=date(2000, 1, 1), latest=date(2199, 12, 31))
    found.days.setdefault("to", today)
    found.days.setdefault("from", found.days["to"] - timedelta(days=365))
    if not found.errors and found.days["to"] < found.days["from"]:
        found.errors["to"] = "The last day must be the same as or after the first day"
    return found


def _page(
    request: Request, asked: AskedDays, status: int = 200, problem: str = "", typed: Mapping[str, str] | None = None
) -> Response:
    house = house_of(request)
    start, end = asked.days["from"], asked.days["to"]
    found = None if asked.errors else outcomes_of(house, start, end, house.now(), share=False)
    errors = [{"text": sentence, "href": f"#{name}-day"} for name, sentence in asked.errors.items()]
    if problem:
        errors.append({"text": problem, "href": "#theme"})
    return page(
        request,
        "outcomes.html",
        422 if asked.errors else status,
        asked=asked,
        start=start,
        end=end,
        found=found,
        tables=_tables(found["questions"]) if found else [],
        rounds=_ROUNDS,
        complaints=_COMPLAINTS,
        errors=errors,
        typed=typed or {},
        themes=[(each, words.value(each)) for each in THEMES],
        export=f"/outcomes.csv?{urlencode({'from': start.isoformat(), 'to': end.isoformat()})}",
    )


def _tables(questions: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The questions by time, each with its forms beneath it where more than one was asked."""
    tables = []
    for each in ROUNDS:
        rows = [row for row in questions if row["round"] == each and row["asked"]]
        shown = []
        for row in rows:
            forms = [other for other in rows if other["question"] == row["question"] and other["form"]]
            if not row["form"]:
                shown.append({**row, "forms": forms if len(forms) > 1 else []})
        tables.append((each, shown))
    return tables


@router.get("/outcomes.csv")
def outcomes_file(request: Request) -> Response:
    """The same to share, without small numbers."""
    asked = _asked(request)
    if asked.errors:
        raise WrongInput(" ".join(f"{sentence}." for sentence in asked.errors.values()))
    house = house_of(request)
    found = outcomes_of(house, asked.days["from"], asked.days["to"], house.now(), share=True)
    headers = {"Content-Disposition": 'attachment; filename="outcomes.csv"'}
    return Response(as_csv(found), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/outcomes/said")
def saying(request: Request) -> Response:
    """Take down what was said and what was done, or show the form again with what is wrong."""
    house, sent = house_of(request), form(request)
    typed = {name: text(sent, name)[:1000] for name in ("theme", "said", "did")}
    boxes = [text(sent, f"done_on-{part}") for part in ("year", "month", "day")]
    typed |= dict(zip(("done_on-year", "done_on-month", "done_on-day"), boxes, strict=True))
    try:
        done_on = date(*(int(box) if box.isascii() and box.isdigit() and len(box) <= 4 else 0 for box in boxes))
        record_said(house, actor(request), typed["theme"], typed["said"], typed["did"], done_on, house.now())
    except ValueError:
        return _page(request, _asked(request), 422, "The day it was done must be a real date, like 27 3 2026", typed)
    except WrongInput as refused:
        return _page(request, _asked(request), 422, str(refused), typed)
    return see_other("/outcomes#said")


@router.post("/outcomes/said/{number}/withdraw")
def withdrawing(request: Request, number: str) -> Response:
    """Show one of them no more."""
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise NotFound("There is no such action.")
    withdraw_said(house_of(request), actor(request), int(number), house_of(request).now())
    return see_other("/outcomes#said")
