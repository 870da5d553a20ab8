"""Shows how the service keeps the Code: by rule, every figure with what it is made of and the cases behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import NotFound
from engine.house import House
from engine.reports import compliance
from web import words
from web.access import house_of
from web.asked_days import asked_days
from web.pages import page
from workflow.london import london_day
from workflow.vocabulary import Verdict

router = APIRouter(include_in_schema=False)

LONGEST = timedelta(days=366 * 5)
_COLUMNS: tuple[tuple[str, str], ...] = (
    ("met", "Met"),
    ("met_late", "Met late"),
    ("overdue", "Overdue"),
    ("not_met_with_reason", "Not met, good reason"),
    ("running", "In time so far"),
    ("due_today", "Due today"),
    ("paused", "Paused"),
    ("lapsed", "No longer owed"),
    ("no_data", "Not known"),
)


@dataclass
class Period:
    """The days of a report, both included, and what was wrong with what was asked for."""

    start: date
    end: date
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


def period(query: QueryParams, today: date) -> Period:
    """The period that was asked for; without one the last three whole months and this one."""
    first = today.replace(day=1)
    for _ in range(3):
        first = (first - timedelta(days=1)).replace(day=1)
    labels = (("from", "The first day"), ("to", "The last day"))
    asked = asked_days(query, labels, earliest=date(2000, 1, 1), latest=date(2199, 12, 31))
    found = Period(asked.days.get("from", first), asked.days.get("to", today), asked.errors, asked.typed)
    if not found.errors and found.end < found.start:
        found.errors["to"] = "The last day must be the same as or after the first day"
    elif not found.errors and found.end - found.start > LONGEST:
        found.errors["to"] = "The period must be five years or shorter"
    return found


@router.get("/compliance")
def compliance_page(request: Request) -> Response:
    """The table by rule for a period."""
    house, now = house_of(request), house_of(request).now()
    asked = period(request.query_params, london_day(now))
    report = None if asked.errors else compliance(house, asked.start, asked.end, now)
    return page(
        request,
        "compliance.html",
        422 if asked.errors else 200,
        period=asked,
        columns=_COLUMNS,
        groups=_groups(report["rules"], asked) if report else [],
        as_of=words.moment(now),
        editions=report["editions"] if report else [],
        errors=[{"text": text, "href": f"#{name}-day"} for name, text in asked.errors.items()],
        headline=_headline(report["rules"]) if report else None,
    )


def _headline(rules: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What a manager asks first: how we do on the Code, and what is late now."""
    ours = [row for row in rules if row["source"] == "victims_code" and row["owner"] == "yjs"]
    numerator, denominator = sum(row["numerator"] for row in ours), sum(row["denominator"] for row in ours)
    late = sum(row["overdue"] for row in rules if row["owner"] == "yjs")
    unverified = sum(row["status"] != "verified" for row in rules)
    return [
        (words.rate(numerator, denominator), "of our duties under the Code were met in time"),
        (str(late), "of our duties are overdue now"),
        (str(unverified), "rules are not yet verified against their source"),
    ]


def _groups(rules: Sequence[Mapping[str, Any]], asked: Period) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rules, key=lambda row: int(row["right"]) if str(row["right"]).isdigit() else 99):
        ours = row["owner"] == "yjs"
        title = words.SOURCES.get(row["source"], row["source"])
        title = title if row["source"] != "victims_code" else f"{title}: {'ours to do' if ours else 'others’ to do'}"
        groups.setdefault(title, []).append(_row(row, asked))
    order = sorted(groups, key=lambda title: ("ours" not in title, "Code" not in title, title))
    return [(title, groups[title]) for title in order]


def _row(row: Mapping[str, Any], asked: Period) -> dict[str, Any]:
    place = words.paragraph(row["paragraph"])
    counts = [
        {
            "number": row[verdict],
            "label": label,
            "verdict": verdict,
            "href": _cases_link(row["rule"], verdict, asked) if row[verdict] else "",
        }
        for verdict, label in _COLUMNS
    ]
    return {
        **row,
        "owner_name": words.OWNERS[row["owner"]],
        "place": f"Right {row['right']}, {place}" if str(row["right"]).isdigit() else place,
        "unverified": row["status"] != "verified",
        "rate_words": words.rate(row["numerator"], row["denominator"]),
        "enhanced_words": words.rate(row["enhanced"]["numerator"], row["enhanced"]["denominator"]),
        "counts": counts,
    }


def _cases_link(rule: str, verdict: str, asked: Period) -> str:
    query = {"rule": rule, "verdict": verdict, "from": asked.start.isoformat(), "to": asked.end.isoformat()}
    return f"/compliance/cases?{urlencode(query)}"


@router.get("/compliance/cases")
def cases_page(request: Request) -> Response:
    """The cases behind one figure."""
    house: House = house_of(request)
    query, now = request.query_params, house.now()
    asked = period(query, london_day(now))
    verdict, rule = query.get("verdict", ""), query.get("rule", "")
    if asked.errors or verdict not in tuple(Verdict):
        raise NotFound("There is no such figure.")
    rows = compliance(house, asked.start, asked.end, now)["rules"]
    row = next((each for each in rows if each["rule"] == rule), None)
    if row is None:
        raise NotFound("There is no such figure.")
    return page(
        request,
        "compliance_cases.html",
        row=_row(row, asked),
        verdict=words.VERDICTS[verdict],
        cases=row["cases"].get(verdict, []),
        period=asked,
        number=row[verdict],
        back=f"/compliance?{urlencode({'from': asked.start.isoformat(), 'to': asked.end.isoformat()})}",
    )
