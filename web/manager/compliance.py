"""Shows how the service keeps the Code: every figure with what it is made of and the cases behind it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.accounts import staff_names
from engine.errors import NotFound
from engine.reports import Figure, cases_behind, compliance
from engine.sharing import shared_audit
from engine.tables_out import compliance_sheets
from web import words
from web.access import actor, house_of
from web.manager.asked import Asked, asked
from web.manager.files import asked_form, file_answer
from web.pages import page
from workflow.audit import BY
from workflow.london import london_day
from workflow.vocabulary import Verdict, in_words

router = APIRouter(include_in_schema=False)

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
DIVISIONS: Mapping[str, str] = {
    "rule": "Rule",
    "right": "Right",
    "owner": "Who owes it",
    "worker": "Worker",
    "team": "Team",
    "enhanced": "Enhanced rights",
    "month": "Month it began",
}
"""What the figures can be divided by, as the page says it."""


@router.get("/compliance")
def compliance_page(request: Request) -> Response:
    """The table for a period, by rule or by what was asked for."""
    house = house_of(request)
    query, now = request.query_params, house.now()
    wanted = asked(query, london_day(now))
    by = query.get("by", "rule")
    if by not in BY:
        raise NotFound("The figures cannot be divided by that.")
    report = None if wanted.errors else compliance(house, wanted.start, wanted.end, wanted.as_of, by=by)
    names = dict(staff_names(house)) if report and by == "worker" else {}
    return page(
        request,
        "compliance.html",
        422 if wanted.errors else 200,
        asked=wanted,
        by=by,
        divisions=DIVISIONS,
        columns=_COLUMNS,
        groups=_groups(report["rules"], wanted) if report and by == "rule" else [],
        divided=[_divided(row, by, wanted, names) for row in report["groups"]] if report and by != "rule" else [],
        as_of=words.day(wanted.day) if wanted.day else words.moment(now),
        editions=report["editions"] if report else [],
        errors=wanted.faults(),
        headline=_headline(report["rules"], wanted) if report and by == "rule" else None,
        shown=report is not None,
    )


@router.get("/compliance/file")
def compliance_file(request: Request) -> Response:
    """The table as a file: to share, or (``for=us``) with small numbers and cases."""
    house = house_of(request)
    wanted = asked(request.query_params, house.today())
    if wanted.errors:
        raise NotFound("There is no such period.")
    form, shared = asked_form(request)
    if shared:
        sheets = shared_audit(house, wanted.start, wanted.end, wanted.as_of, actor(request))
    else:
        by = request.query_params.get("by", "rule")
        sheets = compliance_sheets(compliance(house, wanted.start, wanted.end, wanted.as_of, by=by, with_cases=True))
    period = f"{wanted.start} to {wanted.end}"
    return file_answer(request, sheets, form, name="audit", period=period, shared=shared)


def _headline(rules: Sequence[Mapping[str, Any]], wanted: Asked) -> list[tuple[str, str]]:
    """What a manager asks first: how we do on the Code, and what is late now."""
    ours = [row for row in rules if row["source"] == "victims_code" and row["owner"] == "yjs"]
    numerator, denominator = sum(row["numerator"] for row in ours), sum(row["denominator"] for row in ours)
    late = sum(row["overdue"] for row in rules if row["owner"] == "yjs")
    unverified = sum(row["status"] != "verified" for row in rules)
    when = "were overdue then" if wanted.day else "are overdue now"
    return [
        (words.rate(numerator, denominator), "of our duties under the Code were met in time"),
        (str(late), f"of our duties {when}"),
        (str(unverified), "rules are not yet verified against their source"),
    ]


def _groups(rules: Sequence[Mapping[str, Any]], wanted: Asked) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rules, key=lambda row: int(row["right"]) if str(row["right"]).isdigit() else 99):
        ours = row["owner"] == "yjs"
        title = words.SOURCES.get(row["source"], row["source"])
        title = title if row["source"] != "victims_code" else f"{title}: {'ours to do' if ours else 'others’ to do'}"
        groups.setdefault(title, []).append(_row(row, wanted))
    order = sorted(groups, key=lambda title: ("ours" not in title, "Code" not in title, title))
    return [(title, groups[title]) for title in order]


def _row(row: Mapping[str, Any], wanted: Asked) -> dict[str, Any]:
    place = words.paragraph(row["paragraph"])
    return {
        **row,
        "owner_name": words.OWNERS[row["owner"]],
        "place": f"Right {row['right']}, {place}" if str(row["right"]).isdigit() else place,
        "unverified": row["status"] != "verified",
        "rate_words": words.rate(row["numerator"], row["denominator"]),
        "rate_href": f"/compliance/cases?{wanted.query(rule=row['rule'])}",
        "enhanced_words": words.rate(row["enhanced"]["numerator"], row["enhanced"]["denominator"]),
        "counts": _counts(row, wanted, rule=row["rule"]),
        **_days(row),
    }


def _divided(row: Mapping[str, Any], by: str, wanted: Asked, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "label": _label(str(row["key"]), by, names),
        "rate_words": words.rate(row["numerator"], row["denominator"]),
        "rate_href": f"/compliance/cases?{wanted.query(by=by, key=row['key'] or '-')}",
        "counts": _counts(row, wanted, by=by, key=row["key"] or "-"),
        **_days(row),
    }


def _label(key: str, by: str, names: Mapping[str, str]) -> str:
    match by:
        case "right":
            return f"Right {key}" if key.isdigit() else words.SOURCES.get(key, key)
        case "owner":
            return words.OWNERS.get(key, key)
        case "worker":
            return words.person(key, names) if key else "Nobody had it"
        case "team":
            return key or "No team"
        case "enhanced":
            return words.sentence(f"{key} rights")
        case "month" if len(key) == 7:
            return f"{date.fromisoformat(f'{key}-01'):%B %Y}"
    return key


def _days(row: Mapping[str, Any]) -> dict[str, Any]:
    """Working days as the page says them, and in whose hands they were."""
    holders = (("police", "Police"), ("service", "Us"), ("partners", "Partners"))
    return {
        "days_words": _spread(row["working_days"]),
        "held_words": [(name, _spread(row["held"][holder])) for holder, name in holders if row["held"][holder]["n"]],
        "reason_words": [(words.sentence(in_words(name)), number) for name, number in row["reasons"].items()],
    }


def _spread(spread: Mapping[str, Any]) -> str:
    if not spread["n"]:
        return ""
    return f"median {spread['median']}, nine in ten within {spread['p90']}"


def _counts(row: Mapping[str, Any], wanted: Asked, **which: str) -> list[dict[str, Any]]:
    return [
        {
            "number": row[verdict],
            "label": label,
            "href": f"/compliance/cases?{wanted.query(verdict=verdict, **which)}" if row[verdict] else "",
        }
        for verdict, label in _COLUMNS
    ]


@router.get("/compliance/cases")
def cases_page(request: Request) -> Response:
    """The cases behind one figure."""
    house = house_of(request)
    query, now = request.query_params, house.now()
    wanted = asked(query, london_day(now))
    verdict, rule = query.get("verdict") or None, query.get("rule") or None
    by, key = query.get("by", "rule"), query.get("key") or None
    if wanted.errors or (verdict is not None and verdict not in tuple(Verdict)) or by not in BY:
        raise NotFound("There is no such figure.")
    known = {each.id: each for edition in house.rulebook.editions for each in edition.rules}
    if rule is not None and rule not in known:
        raise NotFound("There is no such figure.")
    if rule is None and key is None:
        raise NotFound("There is no such figure.")
    figure = Figure(rule, verdict, "" if key == "-" else key, by)
    cases = cases_behind(house, wanted.start, wanted.end, wanted.as_of, figure)
    names = dict(staff_names(house)) if by == "worker" else {}
    what = known[rule].duty if rule else _label(figure.key or "", by, names)
    back = wanted.query(by=by if by != "rule" else "")
    return page(
        request,
        "compliance_cases.html",
        what=what,
        place=_place(known[rule]) if rule else DIVISIONS[by],
        unverified=bool(rule and known[rule].status != "verified"),
        verdict=words.VERDICTS[verdict] if verdict else None,
        cases=cases,
        period=wanted,
        back=f"/compliance?{back}",
        back_to="compliance",
        counted="Duties that began",
    )


def _place(rule: Any) -> str:
    paragraph = words.paragraph(rule.paragraph)
    place = f"Right {rule.right}, {paragraph}" if rule.right.isdigit() else paragraph
    return f"{place}; {words.OWNERS[str(rule.owner)]}"
