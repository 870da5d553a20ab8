"""Shows the duties of a case: what is owed, by whom, until when, and how each date was worked out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.desk import CaseFile
from engine.house import House
from web import words
from workflow.clocks import CountedDay
from workflow.duties import Duty, working_of
from workflow.vocabulary import Owner, Verdict

_OPEN = (Verdict.RUNNING, Verdict.DUE_TODAY, Verdict.OVERDUE, Verdict.PAUSED)


@dataclass(frozen=True, slots=True)
class DutyGroup:
    """Duties that belong together, under a heading; ``folded`` ones are out of the way until asked for."""

    title: str
    rows: Sequence[dict[str, Any]]
    folded: bool = False


def duty_groups(house: House, file: CaseFile, today: date) -> list[DutyGroup]:
    """What we owe now, what others owe, and what is done or no longer owed."""
    open_now = [duty for duty in file.duties if not duty.is_settled and duty.verdict in _OPEN]
    ours = [duty for duty in open_now if duty.owner is Owner.YJS]
    theirs = [duty for duty in file.duties if duty.owner is not Owner.YJS and not duty.is_settled]
    shown = {id(duty) for duty in (*ours, *theirs)}
    settled = [duty for duty in file.duties if id(duty) not in shown]
    ours.sort(key=lambda duty: duty.due_on or date.max)

    def rows(duties: Sequence[Duty]) -> list[dict[str, Any]]:
        return [_row(house, duty, today) for duty in duties]

    groups = (
        DutyGroup("What we owe now", rows(ours)),
        DutyGroup("What others owe", rows(theirs), folded=True),
        DutyGroup("Done, or no longer owed", rows(settled), folded=True),
    )
    return [group for group in groups if group.rows]


def _row(house: House, duty: Duty, today: date) -> dict[str, Any]:
    overdue = house.calendar.working_days_between(duty.due_on, today) if duty.due_on and today > duty.due_on else 0
    is_open = duty.verdict in _OPEN and not duty.is_settled
    return {
        "id": f"duty-{duty.rule.id}-{duty.occurrence}",
        "title": duty.rule.title,
        "duty": duty.rule.duty,
        "paragraph": _paragraph(duty),
        "unverified": duty.rule.status != "verified",
        "owner": words.OWNERS[duty.owner],
        "due": words.day(duty.due_on),
        "due_iso": duty.due_on.isoformat() if duty.due_on else "",
        "standing": words.due(duty.due_on, today, overdue) if is_open and duty.due_on else None,
        "provisional": duty.provisional,
        "verdict": words.VERDICTS[duty.verdict],
        "met_on": words.day(duty.met_on) if duty.met_on else "",
        "reason": words.value(duty.reason) if duty.reason else "",
        "clocks": _clocks(duty),
        "working": [_counted(each) for each in working_of(duty, house.calendar)],
        "counted_from": words.day(duty.counted_from, weekday=True),
        "limit": duty.limit.words,
        "explained": _explained(duty),
    }


def _explained(duty: Duty) -> str:
    """Where the deadline can be worked out again with other days; the address holds days and no case."""
    told = f"&told={duty.told_on.isoformat()}" if duty.told_on and duty.told_on >= duty.began_on else ""
    return f"/law/rules/{duty.rule.id}?from={duty.began_on.isoformat()}{told}"


def _paragraph(duty: Duty) -> str:
    if duty.rule.source != "victims_code":
        return f"{words.SOURCES[duty.rule.source]}, {duty.rule.paragraph}"
    right, place = duty.rule.right, words.paragraph(duty.rule.paragraph)
    return f"Right {right}, paragraph {place}" if right.isdigit() else place


def _clocks(duty: Duty) -> list[tuple[str, str]]:
    """Both clocks, and the shorter one of enhanced rights, each with its date."""
    found = [("Began on", words.day(duty.began_on))]
    if duty.standard_due:
        found.append(("Due, counted from the beginning", words.day(duty.standard_due)))
    if duty.told_on:
        found.append(("We were told on", words.day(duty.told_on)))
    if duty.service_due:
        found.append(("Due, counted from the day we were told", words.day(duty.service_due)))
    if duty.enhanced_due:
        found.append(("Due with enhanced rights", words.day(duty.enhanced_due)))
    if duty.told_on:
        found.append(("Verdict from the beginning", words.VERDICTS[duty.code_verdict].text))
    if duty.paused_since:
        found.append(("Clock paused since", words.day(duty.paused_since)))
    return found


def _counted(each: CountedDay) -> dict[str, Any]:
    return {"day": words.short_day(each.day), "counted": each.counted, "why": words.sentence(each.why)}
