"""Decides the audit's word on each duty, and adds the words up by rule with numerator and denominator."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.calendar import Calendar
from workflow.case import Case
from workflow.code import Rule, Rulebook
from workflow.duties import duties
from workflow.vocabulary import Verdict

Json = dict[str, Any]

_COUNTED_AGAINST = (Verdict.MET, Verdict.MET_LATE, Verdict.OVERDUE)
"""The verdicts in a denominator: what was met, met late, or is late now.  The rest is shown beside it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The audit's word on one duty of one case.

    ``verdict`` is what the owner is held to, ``code_verdict`` counts from the report to police.
    """

    case: str
    rule: Rule
    edition: str
    occurrence: int
    began_on: date
    verdict: Verdict
    code_verdict: Verdict
    enhanced: bool


def findings(
    case: Case, rulebook: Rulebook, calendar: Calendar, start: date, end: date, today: date
) -> Iterator[Finding]:
    """The findings on the duties of a case that began in a period, both days included."""
    if not case.history:
        return
    enhanced = case.enhanced_from is not None
    for duty in duties(case, rulebook, calendar, today):
        if start <= duty.began_on <= end:
            yield Finding(
                case.reference,
                duty.rule,
                duty.edition,
                duty.occurrence,
                duty.began_on,
                duty.verdict,
                duty.code_verdict,
                enhanced,
            )


def tally(found: Iterable[Finding]) -> Json:
    """The findings by rule: counts by verdict, the rate with what it is made of, and the cases behind each count."""
    by_rule: dict[str, list[Finding]] = {}
    editions: set[str] = set()
    for finding in found:
        by_rule.setdefault(finding.rule.id, []).append(finding)
        editions.add(finding.edition)
    rows = [_row(rule, group) for rule, group in by_rule.items()]
    rows.sort(key=lambda row: (row["source"] != "victims_code", row["right"], row["paragraph"], row["rule"]))
    return {"editions": sorted(editions), "rules": rows}


def _row(rule_id: str, group: list[Finding]) -> Json:
    rule = group[-1].rule
    return {
        "rule": rule_id,
        "duty": rule.duty,
        "source": str(rule.source),
        "right": rule.right,
        "paragraph": rule.paragraph,
        "status": rule.status,
        "owner": str(rule.owner),
        "limit": rule.limit.words,
        **_counts(group),
        "enhanced": _counts([finding for finding in group if finding.enhanced]),
        "standard": _counts([finding for finding in group if not finding.enhanced]),
        "from_report": _counts(group, by_code=True),
        "cases": {
            str(verdict): sorted({finding.case for finding in group if finding.verdict is verdict})
            for verdict in Verdict
            if any(finding.verdict is verdict for finding in group)
        },
    }


def _counts(group: list[Finding], *, by_code: bool = False) -> Json:
    verdicts = [finding.code_verdict if by_code else finding.verdict for finding in group]
    counts: Json = {str(verdict): verdicts.count(verdict) for verdict in Verdict}
    denominator = sum(counts[verdict] for verdict in _COUNTED_AGAINST)
    numerator = counts[Verdict.MET]
    return {
        **counts,
        "numerator": numerator,
        "denominator": denominator,
        "rate": round(numerator / denominator, 4) if denominator else None,
    }
