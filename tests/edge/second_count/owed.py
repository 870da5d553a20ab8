"""Finds every duty that the rows of a case began, straight from the TOML files, and judges it on a day."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.edge.second_count.days import Pause, between, due
from tests.edge.second_count.raw import Row, Told, had_by
from tests.edge.second_count.threads import Thread, threads

_CONFIG = Path(__file__).resolve().parents[3] / "config"
_LONDON = ZoneInfo("Europe/London")
Rule = dict[str, Any]


@dataclass(frozen=True)
class Owed:
    """One duty as it is judged on a day, and what is counted of it."""

    case: str
    rule: str
    right: str
    source: str
    owner: str
    edition: str
    began: date
    verdict: str
    by_code: str
    enhanced: bool
    worker: str
    took: int | None
    waited: int | None
    reason: str


@cache
def _files() -> list[tuple[Rule, dict[str, list[Any]], list[Rule]]]:
    found = []
    for path in (*sorted((_CONFIG / "victims_code").glob("*.toml")), *sorted(_CONFIG.glob("local_targets*.toml"))):
        found.append(tomllib.loads(path.read_text(encoding="utf-8")))
    found.append(tomllib.loads((_CONFIG / "acts.toml").read_text(encoding="utf-8")))
    return [
        (each["edition"], _groups(each.get("groups", {})), each.get("rule", []))
        for each in found
        if each["edition"].get("switched_on", True)
    ]


def _groups(named: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {name: [_plain(each) for each in listed] for name, listed in named.items()}


def _plain(item: Any) -> Any:
    return {"event": item} if isinstance(item, str) else item


def _fits(match: Rule, row: Row) -> bool:
    if "event" in match and row.kind != match["event"]:
        return False
    if "state" in match and (row.state("journey") != match["state"] or row.before == match["state"]):
        return False
    for track, states in match.get("during", {}).items():
        if row.state(track) not in states:
            return False
    for name, wanted in match.get("where", {}).items():
        if isinstance(wanted, dict):
            value = row.fields.get(name)
            if not isinstance(value, int) or value < wanted["at_least"]:
                return False
        elif not row.holds(name, *(wanted if isinstance(wanted, list) else [wanted])):
            return False
    return True


class _View:
    """One case, or what one child or one item of reparation sees of it, read for the rules of one file."""

    def __init__(self, case: Told, thread: Thread | None, groups: dict[str, list[Any]], today: date) -> None:
        self.case, self.groups, self.today = case, groups, today
        self.rows = [row for row in case.standing if thread is None or row.seq in thread.sees]
        self.about_all = thread.about_all if thread is not None else frozenset()
        self.places = thread.places if thread is not None else {}

    def matching(self, rule: Rule, name: str) -> list[Row]:
        matches = []
        for item in map(_plain, rule.get(name, [])):
            matches += self.groups[item["group"]] if "group" in item else [item]
        rows = [self.places.get(row.seq, row) for row in self.rows]
        return [row for row in rows if any(_fits(match, row) for match in matches)]


def _clock(rule: Rule, row: Row) -> date:
    by_knowing = rule.get("clock") == "recorded_at"
    moment = (row.known if by_knowing else row.at).astimezone(_LONDON)
    late = "cut_off" in rule and moment.hour >= rule["cut_off"]
    return moment.date() + timedelta(days=1) if late else moment.date()


def _after(row: Row, begin: Row) -> bool:
    return row.day > begin.day or (row.day == begin.day and (row.seq > begin.seq or row.at > begin.at))


def _ends(row: Row, begin: Row) -> bool:
    return _after(row, begin) or (row.state("journey") in ("closed", "merged", "erased") and row.seq > begin.seq)


def owed(case: Told, today: date) -> Iterator[Owed]:
    """Every duty of a case, judged on a day."""
    apart = len(case.children) > 1 or bool(case.of("child_unlinked"))
    for edition, groups, rules in _files():
        for rule in rules:
            per = rule.get("per", "")
            views: list[Thread | None] = [None]
            if per == "item" or (per == "child" and apart):
                views = list(threads(case, per))
            for view in views:
                yield from _of_rule(_View(case, view, groups, today), edition, rule)


def _concerns(case: Told, rule: Rule) -> bool:
    to, opening = rule.get("applies", {}), case.opening
    is_child = not opening.holds("victim_kind", "organisation") and not opening.holds("under_18", "no")
    return (
        to.get("victim_is_child", is_child) == is_child
        and ("victim_kind" not in to or opening.holds("victim_kind", *to["victim_kind"]))
        and to.get("enhanced", case.enhanced_on is not None) == (case.enhanced_on is not None)
    )


def _of_rule(view: _View, edition: Rule, rule: Rule) -> Iterator[Owed]:
    begins = view.matching(rule, "begins")
    if not begins or not _concerns(view.case, rule):
        return
    # A letter that came back told nobody anything.
    came_back = {row.fields.get("letter") for row in view.case.of("letter_returned")}
    evidence = [
        row
        for row in view.matching(rule, "met_by")
        if row.kind != "letter_sent" or row.fields.get("letter") not in came_back
    ]
    if view.about_all:
        again = {row.seq for row in begins} & view.about_all
        begins = [row for row in begins if row.seq not in view.about_all]
        evidence = [row for row in evidence if row.seq not in again]
    if not rule.get("repeats", True):
        begins = begins[:1]
    spared = {row.known for row in view.matching(rule, "needless_with")}
    for place, begin in enumerate(begins):
        began = _clock(rule, begin)
        inside = edition["in_force"] <= began and ("until" not in edition or began < edition["until"])
        if inside and begin.known not in spared:
            then = begins[place + 1] if rule.get("superseded") and place + 1 < len(begins) else None
            yield _judged(view, edition, rule, begin, began, evidence, then)


def _judged(
    view: _View, edition: Rule, rule: Rule, begin: Row, began: date, evidence: list[Row], then: Row | None
) -> Owed:
    case, lapses, pauses = view.case, view.matching(rule, "lapses_on"), _pauses(view, rule)
    met = _met(rule, begin, began, evidence, lapses)
    lapse = next((row for row in lapses if _ends(row, begin)), None)
    superseded = then is not None and (lapse is None or _after(lapse, then))
    if superseded:
        lapse = then
    told = view.matching(rule, "told")
    told_on = max(began, _clock(rule, told[0])) if told else None
    reasons = [
        row
        for row in case.of("good_reason_recorded")
        if row.holds("rule", rule["id"])
        and row.fields.get("occurrence", begin.seq) == begin.seq
        and row.seq > begin.seq
    ]
    ended = [row.day for row in (met, lapse) if row is not None]
    shortened_from = case.enhanced_on
    if shortened_from is not None and ended and shortened_from > min(ended):
        shortened_from = None
    limit = rule["limit"]
    for row in view.matching(rule, "extended_by"):
        first = due(limit, began, pauses)
        if _after(row, begin) and (first is None or row.day <= first):
            limit = rule["extended"]
            break
    by_code = _due(rule, limit, begin, began, began, shortened_from, pauses)
    held_to = by_code if not rule.get("told") else None
    if rule.get("told") and told_on is not None:
        held_to = _due(rule, limit, begin, began, told_on, shortened_from, pauses)
    still = pauses[-1][0] if pauses and pauses[-1][1] is None else None
    is_paused = still is not None and (held_to is None or still <= held_to)

    def word(by: date | None) -> str:
        met_on = met.day if met else None
        gone = max(lapse.day, began) if lapse else None
        if met_on and (by is None or met_on <= by) and (gone is None or met_on <= gone):
            return "met"
        moved = superseded and "before" in rule["limit"]
        if gone and (moved or by is None or gone <= by):
            return "lapsed"
        if reasons:
            return "not_met_with_reason"
        if met_on:
            return "met_late"
        if is_paused:
            return "paused"
        if rule["owner"] != "yjs" and not rule.get("silence_counts"):
            return "no_data"
        if by is None or view.today < by:
            return "running"
        return "due_today" if view.today == by else "overdue"

    verdict = word(held_to)
    done = met.day if met and verdict != "lapsed" else None
    start = told_on or began
    settled = min(ended) if ended else reasons[-1].day if reasons else None
    had = [row for row in case.of("case_assigned") if settled is None or row.known_day <= settled]
    return Owed(
        case=case.reference,
        rule=rule["id"],
        right=rule.get("right", ""),
        source=edition["source"],
        owner=rule["owner"],
        edition=edition["id"],
        began=began,
        verdict=verdict,
        by_code=verdict if by_code == held_to else word(by_code),
        enhanced=case.enhanced_on is not None,
        worker=had_by(had[-1]) if had else "",
        took=between(start, max(start, done)) if done else None,
        waited=between(began, told_on) if told_on else None,
        reason=str(reasons[-1].fields["reason"]) if reasons else "",
    )


def _met(rule: Rule, begin: Row, began: date, evidence: list[Row], lapses: list[Row]) -> Row | None:
    for row in evidence:
        if _after(row, begin):
            opens = due(rule["met_from"], began, []) if "met_from" in rule else None
            if opens is None or row.day >= opens:
                return row
        elif rule.get("earlier_counts") and not [e for e in lapses if _after(e, row) and not _after(e, begin)]:
            return row
    return None


def _pauses(view: _View, rule: Rule) -> list[Pause]:
    stops = {row.seq for row in view.matching(rule, "pauses")}
    starts = {row.seq for row in view.matching(rule, "resumes")}
    found: list[Pause] = []
    since: date | None = None
    for row in view.rows:
        named = row.holds("rule", rule["id"])
        if since is None and (row.seq in stops or (row.kind == "clock_paused" and named)):
            since = row.day
        elif since is not None and (row.seq in starts or (row.kind == "clock_resumed" and named)):
            found.append((since, row.day))
            since = None
    return [*found, (since, None)] if since is not None else found


def _due(
    rule: Rule, limit: Any, begin: Row, began: date, start: date, enhanced: date | None, pauses: list[Pause]
) -> date | None:
    """The last day in time from a start: the plain one, or an earlier one by the enhanced limit."""
    if limit != "none" and "before" in limit:
        return _before(rule, limit, begin, began, enhanced)
    plain = due(limit, start, pauses)
    if plain is None or enhanced is None or "enhanced" not in rule or max(start, enhanced) > plain:
        return plain
    quick = due(rule["enhanced"], max(start, enhanced), pauses)
    return plain if quick is None else min(plain, quick)


def _before(rule: Rule, limit: Any, begin: Row, began: date, enhanced: date | None) -> date | None:
    named = begin.fields.get(limit["field"])
    if not named:
        return None
    target = date.fromisoformat(named)
    last = due(limit, target, [])
    if enhanced is not None and "enhanced" in rule:
        last = min(filter(None, (last, due(rule["enhanced"], target, []))), default=None)
    if last is None:
        return None
    notice = limit.get("notice", 0)
    # Announced late it is due at once, or when somebody had the time to act; but not after the day itself.
    return (
        max(last, began, min(due({"working_days": notice}, began, []) or target, target))
        if notice
        else max(last, began)
    )
