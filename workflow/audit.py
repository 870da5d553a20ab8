"""Decides the audit's word on each duty, and adds the words up with numerator, denominator, days and good reasons."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from workflow.calendar import Calendar
from workflow.case import Case
from workflow.code import Rule, Rulebook
from workflow.duties import duties
from workflow.measures import measure
from workflow.vocabulary import Owner, Verdict

Json = dict[str, Any]

_COUNTED_AGAINST = (Verdict.MET, Verdict.MET_LATE, Verdict.OVERDUE)
"""The verdicts in a denominator: what was met, met late, or is late now.  The rest is shown beside it."""

BY = ("rule", "right", "owner", "worker", "team", "enhanced", "month")
"""What the figures can be divided by."""

_NINE_TENTHS = 90


@dataclass(frozen=True, slots=True)
class Finding:
    """The audit's word on one duty, or on ``number`` duties that are alike in everything that is counted.

    ``verdict`` is what the owner is held to, ``code_verdict`` counts from the report to police.  ``case`` is empty
    where only the number matters.  ``took`` and ``waited`` are working days, as ``measures.Measure`` has them;
    ``occurrence`` is the number of the event that began the duty, where the case is named.
    """

    case: str
    rule: Rule
    edition: str
    began_on: date | None
    verdict: Verdict
    code_verdict: Verdict
    enhanced: bool
    worker: str = ""
    took: int | None = None
    waited: int | None = None
    reason: str = ""
    number: int = 1
    occurrence: int = 0


def findings(
    case: Case, rulebook: Rulebook, calendar: Calendar, start: date, end: date, today: date
) -> Iterator[Finding]:
    """The findings on the duties of a case that began in a period, both days included."""
    if not case.history:
        return
    enhanced = case.enhanced_from is not None
    for duty in duties(case, rulebook, calendar, today):
        if start <= duty.began_on <= end:
            taken = measure(case, duty, calendar)
            yield Finding(
                case.reference,
                duty.rule,
                duty.edition,
                duty.began_on,
                duty.verdict,
                duty.code_verdict,
                enhanced,
                taken.worker,
                taken.took,
                taken.waited,
                taken.reason,
                occurrence=duty.occurrence,
            )


def rule_of(rulebook: Rulebook) -> Callable[[str, str], Rule | None]:
    """Finds a rule by edition and name; one that its edition no longer holds as another has it, or None."""
    known = {(edition.id, rule.id): rule for edition in rulebook.editions for rule in edition.rules}

    def found(edition: str, rule: str) -> Rule | None:
        return known.get((edition, rule)) or next((each for (_, name), each in known.items() if name == rule), None)

    return found


def tally(found: Iterable[Finding], by: str = "rule", teams: Mapping[str, str] | None = None) -> Json:
    """The findings divided by one of ``BY``: counts, the rate with what it is made of, days, good reasons, cases.

    ``teams`` says by user which team somebody belongs to.  Under ``rules`` each row names its rule; divided by
    anything else the rows stand under ``groups``, each with its ``key``.
    """
    listed = sorted(found, key=lambda finding: key_of(finding, by, teams or {}))
    editions = sorted({finding.edition for finding in listed})
    groups = [
        (key, list(group)) for key, group in groupby(listed, key=lambda finding: key_of(finding, by, teams or {}))
    ]
    if by != "rule":
        rows = [{"key": key, **_figures(group)} for key, group in groups]
        if by == "right":
            rows.sort(key=lambda row: (not row["key"].isdigit(), int(row["key"]) if row["key"].isdigit() else 0))
        return {"editions": editions, "by": by, "groups": rows}
    named = [_row(key, group) for key, group in groups]
    named.sort(key=lambda row: (row["source"] != "victims_code", row["right"], row["paragraph"], row["rule"]))
    return {"editions": editions, "by": by, "rules": named}


def key_of(finding: Finding, by: str, teams: Mapping[str, str]) -> str:
    """What a finding comes under where the figures are divided by one of ``BY``."""
    match by:
        case "rule":
            return finding.rule.id
        case "right":
            return finding.rule.right or str(finding.rule.source)
        case "owner":
            return str(finding.rule.owner)
        case "worker":
            return finding.worker
        case "team":
            return teams.get(finding.worker, "")
        case "enhanced":
            return "enhanced" if finding.enhanced else "standard"
        case _:
            return f"{finding.began_on:%Y-%m}" if finding.began_on else ""


def _row(rule_id: str, group: list[Finding]) -> Json:
    rule = group[-1].rule
    return {
        "rule": rule_id,
        "title": rule.title,
        "duty": rule.duty,
        "source": str(rule.source),
        "right": rule.right,
        "paragraph": rule.paragraph,
        "status": rule.status,
        "owner": str(rule.owner),
        "limit": rule.limit.words,
        **_figures(group),
        "enhanced": _counts([finding for finding in group if finding.enhanced]),
        "standard": _counts([finding for finding in group if not finding.enhanced]),
        "from_report": _counts(group, by_code=True),
        "cases": {
            str(verdict): sorted({f.case for f in group if f.verdict is verdict and f.case})
            for verdict in Verdict
            if any(finding.verdict is verdict and finding.case for finding in group)
        },
    }


def _figures(group: list[Finding]) -> Json:
    ours = [finding for finding in group if finding.rule.owner is Owner.YJS]
    police = [finding for finding in group if finding.rule.owner is Owner.POLICE]
    partners = [finding for finding in group if finding.rule.owner not in (Owner.YJS, Owner.POLICE)]
    reasons: dict[str, int] = {}
    for finding in group:
        if finding.verdict is Verdict.NOT_MET_WITH_REASON:
            reasons[finding.reason] = reasons.get(finding.reason, 0) + finding.number
    waited = [(f.waited, f.number) for f in ours if f.waited is not None]
    return {
        **_counts(group),
        "working_days": spread(_taken(group)),
        "held": {
            "police": spread([*waited, *_taken(police)]),
            "service": spread(_taken(ours)),
            "partners": spread(_taken(partners)),
        },
        "reasons": dict(sorted(reasons.items())),
    }


def _taken(group: Iterable[Finding]) -> list[tuple[int, int]]:
    return [(finding.took, finding.number) for finding in group if finding.took is not None]


def _counts(group: list[Finding], *, by_code: bool = False) -> Json:
    counts: Json = {str(verdict): 0 for verdict in Verdict}
    for finding in group:
        counts[str(finding.code_verdict if by_code else finding.verdict)] += finding.number
    denominator = sum(counts[verdict] for verdict in _COUNTED_AGAINST)
    numerator = counts[Verdict.MET]
    return {
        **counts,
        "numerator": numerator,
        "denominator": denominator,
        "rate": round(numerator / denominator, 4) if denominator else None,
    }


def spread(days: Iterable[tuple[int, int]]) -> Json:
    """The number, the median and the 90th centile of days that are given with how often each came.

    The median of an even number is half way between the middle two; the centile is the smallest day that at least
    nine tenths do not exceed.
    """
    ordered = sorted(days)
    number = sum(many for _, many in ordered)
    if not number:
        return {"n": 0, "median": None, "p90": None}
    lower, upper = _ranked(ordered, (number + 1) // 2), _ranked(ordered, number // 2 + 1)
    middle = (lower + upper) / 2
    return {
        "n": number,
        "median": int(middle) if middle == int(middle) else middle,
        "p90": _ranked(ordered, -(-number * _NINE_TENTHS // 100)),
    }


def _ranked(ordered: list[tuple[int, int]], rank: int) -> int:
    passed = 0
    for day, many in ordered:
        passed += many
        if passed >= rank:
            return day
    raise ValueError("There are fewer days than that.")
