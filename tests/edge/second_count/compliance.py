"""Adds duties up as the compliance report does, for any division, and lists the cases behind each number."""

import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.edge.second_count.owed import Owed

VERDICTS = ["running", "due_today", "overdue", "met", "met_late", "not_met_with_reason", "lapsed", "paused", "no_data"]
_REPORTS = Path(__file__).resolve().parents[3] / "config" / "reports.toml"


def _team(user: str) -> str:
    teams = tomllib.loads(_REPORTS.read_text(encoding="utf-8")).get("teams", {})
    return next((name for name, users in teams.items() if user in users), "")


KEYS: dict[str, Callable[[Owed], str]] = {
    "rule": lambda duty: duty.rule,
    "right": lambda duty: duty.right or duty.source,
    "owner": lambda duty: duty.owner,
    "worker": lambda duty: duty.worker,
    "team": lambda duty: _team(duty.worker),
    "enhanced": lambda duty: "enhanced" if duty.enhanced else "standard",
    "month": lambda duty: f"{duty.began:%Y-%m}",
}
"""What a duty comes under, by each division of the report."""


def divided(duties: list[Owed], by: str) -> dict[str, Any]:
    """By key, every figure of the duties that come under it."""
    groups: dict[str, list[Owed]] = {}
    for duty in duties:
        groups.setdefault(KEYS[by](duty), []).append(duty)
    return {key: figures(group) for key, group in groups.items()}


def figures(duties: list[Owed]) -> dict[str, Any]:
    """Every figure of some duties."""
    reasons = [duty.reason for duty in duties if duty.verdict == "not_met_with_reason"]
    ours = [duty for duty in duties if duty.owner == "yjs"]
    police = [duty for duty in duties if duty.owner == "police"]
    others = [duty for duty in duties if duty.owner not in ("yjs", "police")]
    return {
        **counts(duty.verdict for duty in duties),
        "enhanced": counts(duty.verdict for duty in duties if duty.enhanced),
        "standard": counts(duty.verdict for duty in duties if not duty.enhanced),
        "from_report": counts(duty.by_code for duty in duties),
        "working_days": _spread([duty.took for duty in duties]),
        "held": {
            "police": _spread([*(duty.waited for duty in ours), *(duty.took for duty in police)]),
            "service": _spread([duty.took for duty in ours]),
            "partners": _spread([duty.took for duty in others]),
        },
        "reasons": {reason: reasons.count(reason) for reason in sorted(set(reasons))},
        "cases": {
            verdict: sorted({duty.case for duty in duties if duty.verdict == verdict})
            for verdict in VERDICTS
            if any(duty.verdict == verdict for duty in duties)
        },
    }


def counts(verdicts: Iterable[str]) -> dict[str, Any]:
    """How often each verdict came, and the share of those fallen due that were met in time."""
    listed = list(verdicts)
    found: dict[str, Any] = {verdict: listed.count(verdict) for verdict in VERDICTS}
    met, of = found["met"], found["met"] + found["met_late"] + found["overdue"]
    return {**found, "numerator": met, "denominator": of, "rate": round(met / of, 4) if of else None}


def _spread(days: list[int | None]) -> dict[str, Any]:
    known = sorted(day for day in days if day is not None)
    if not known:
        return {"n": 0, "median": None, "p90": None}
    half = (known[(len(known) - 1) // 2] + known[len(known) // 2]) / 2
    nine_tenths = next(day for day in known if 10 * sum(each <= day for each in known) >= 9 * len(known))
    return {"n": len(known), "median": half, "p90": nine_tenths}
