"""Counts KPI 10 of a quarter from the rows: the template, the headline and 10a to 10g by both denominators."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.edge.second_count.points import contacts, first, is_victim, is_yes, offers, views, voice
from tests.edge.second_count.raw import Row, Told

_REPORTS = Path(__file__).resolve().parents[3] / "config" / "reports.toml"


@dataclass(frozen=True)
class Entry:
    """One victim of one child's intervention that ended in the quarter."""

    case: Told
    child: str
    consented: bool
    contacted: bool
    engaged: bool
    views: bool
    news_asked: bool
    news_given: bool
    support_asked: bool
    support_given: bool


def endings(case: Told) -> dict[str, Row]:
    """By child, the last word on their intervention; one that names no child is about all that were linked then."""
    found: dict[str, Row] = {}
    for row in case.of("intervention_concluded"):
        linked = _linked_by(case, row.seq) or [""]
        for child in [str(row.fields["child"])] if row.has("child") else linked:
            found[child] = row
    return found


def _linked_by(case: Told, seq: int) -> list[str]:
    wrong = {row.corrects for row in case.rows}
    linked: list[str] = []
    for row in case.rows:
        if row.seq <= seq and row.seq not in wrong and row.kind in ("child_linked", "child_unlinked"):
            child = str(row.fields.get("child", ""))
            linked = [each for each in linked if each != child]
            linked += [child] if row.kind == "child_linked" else []
    return linked


def entries(cases: list[Told], start: date, end: date) -> list[Entry]:
    """The case-level record of a quarter."""
    listed = tomllib.loads(_REPORTS.read_text(encoding="utf-8"))["kpi"]
    way = [each for each in listed if each["from"] <= end][-1]
    found = []
    for case in filter(is_victim, cases):
        for child, row in endings(case).items():
            if start <= row.day <= end and row.fields.get("outcome") in way["outcomes"]:
                found.append(_entry(case, child, way))
    return found


def _entry(case: Told, child: str, way: dict[str, Any]) -> Entry:
    answers = [row for row in case.of("consent_recorded", "consent_renewed", "victim_returned") if is_yes(row)]
    models = [row.fields["model"] for row in case.of("consent_recorded") if row.has("model")]
    if models[:1] == ["opt_out"] and not way["not_objected_counts"]:
        answers = [row for row in answers if not row.holds("decision", "not_objected")]
    reached = [
        row for row in case.of("attempt_made", "victim_replied") if row.fields.get("outcome") in ("reached", None)
    ]
    ways = {
        "conversation": case.of("conversation_recorded"),
        "offer": offers(case),
        "agreement": [row for row in case.of("restorative_answered") if row.holds("answer", "yes")],
        "event": case.of("restorative_event_held"),
    }
    talks = case.of("conversation_recorded")
    decided = voice(case)
    return Entry(
        case=case,
        child=child,
        consented=bool(answers),
        contacted=bool(contacts(case) if way["contacted"] == "attempt" else reached),
        engaged=any(ways[name] for name in way["engaged"]),
        views=bool(decided["heard"]) if decided["decisions"] else bool(views(case)),
        news_asked=any(row.fields.get("wants_updates") is True for row in talks),
        news_given=first(case.of("progress_update_given", "conclusion_notice_given")) is not None,
        support_asked=any(row.fields.get("wants_support") is True for row in talks),
        support_given=any(not row.holds("outcome", "declined") for row in case.of("support_referred")),
    )


def kpi_figures(found: list[Entry]) -> dict[str, Any]:
    """Every figure of the return."""

    def people(*flags: str) -> int:
        return len({each.case.person for each in found if all(getattr(each, flag) for flag in flags)})

    def both(one: str, other: str) -> int:
        """People of whom the one is true in some line, the other in some line, and who consented in some line."""
        sets = [{e.case.person for e in found if getattr(e, flag)} for flag in ("consented", one, other)]
        return len(set.intersection(*sets))

    agreed = people("consented")
    processes = sum(each.engaged for each in found)
    news, support = _asked(found, "news"), _asked(found, "support")
    measures = {
        "10a": people(),
        "10b": len({each.child or each.case.reference for each in found}),
        "10c": processes,
        "10d": both("views", "views"),
        "10e": both("news_given", "news_given"),
        "10f": both("support_given", "support_given"),
        "10g": people("contacted"),
    }
    return {
        "measures": measures,
        "headline": _rate(both("engaged", "engaged"), agreed),
        "of_consented": {name: _rate(measures[name], agreed) for name in ("10c", "10d", "10e", "10f", "10g")},
        "of_requested": {
            **{name: _rate(measures[name], agreed) for name in ("10c", "10d", "10g")},
            "10e": _rate(news, people("news_asked")),
            "10f": _rate(support, people("support_asked")),
        },
        "rows": {
            **{name: measures[name] for name in ("10a", "10b", "10d")},
            "consented": agreed,
            "engaged": both("engaged", "engaged"),
            "news_asked": people("news_asked"),
            "10e": news,
            "support_asked": people("support_asked"),
            "10f": support,
        },
    }


def _asked(found: list[Entry], what: str) -> int:
    """Victims who consented, and asked and were given it in one case."""
    given = {e.case.person for e in found if getattr(e, f"{what}_asked") and getattr(e, f"{what}_given")}
    return len(given & {each.case.person for each in found if each.consented})


def _rate(numerator: int, denominator: int) -> dict[str, Any]:
    return {
        "numerator": numerator,
        "denominator": denominator,
        "rate": round(numerator / denominator, 4) if denominator else None,
    }
