"""Decides which due days moved and why: what was shown of a duty against what history, rules and calendar say now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workflow.calendar import Calendar
from workflow.case import Case
from workflow.code import Match, Rule, Rulebook
from workflow.duties import Duty, duties
from workflow.events import Event
from workflow.vocabulary import Owner

_NOBODY = ("system", "clock")

Shown = Mapping[tuple[str, int], date | None]
"""The due day of each duty as it was last shown, by rule and number of the event that began it."""

WHY: Mapping[str, str] = {
    "calendar": "the bank holidays changed",
    "edition": "the rules changed",
    "enhanced_rights": "enhanced rights became known",
    "same_victim": "it was said whether the victim is targeted again and again",
    "pause": "the clock was paused",
    "extension": "the time limit was extended",
    "correction": "an entry was put right",
}
"""Why a due day may move, in words."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A duty that is not settled and whose due day is another than was shown; days are London days."""

    rule: Rule
    occurrence: int
    was: date
    now: date


def moved(shown: Shown, case: Case, owed: Iterable[Duty]) -> tuple[Moved, ...]:
    """Every duty that stays or becomes open and is due on another day than was shown.

    A duty whose beginning was put right by a later entry is the same duty, under the number of that entry; a rule that
    begins only once has one duty, whichever entry begins it.  What the case was told already is left out, so that
    telling twice tells once.  A clock that starts or stops to count, from no due day or to none, did not move.
    """
    found = []
    for duty in owed:
        if duty.is_settled or duty.due_on is None:
            continue
        was = _shown(shown, case, duty)
        if was is not None and was != duty.due_on and _last_told(case, duty) != duty.due_on:
            found.append(Moved(duty.rule, duty.occurrence, was, duty.due_on))
    return tuple(found)


def _shown(shown: Shown, case: Case, duty: Duty) -> date | None:
    rule, number = duty.rule.id, duty.occurrence
    if (rule, number) in shown:
        return shown[rule, number]
    before: int | None = number
    while before is not None:
        before = case.history[before - 1].corrects
        if before is not None and (rule, before) in shown:
            return shown[rule, before]
    if duty.rule.repeats:
        return None
    return next((day for (name, _), day in shown.items() if name == rule), None)


def _last_told(case: Case, duty: Duty) -> date | None:
    for event in reversed(case.history):
        if event.kind == "deadline_moved" and event.text("rule") == duty.rule.id:
            return event.day_of("now") if event.fields["occurrence"] == duty.occurrence else None
    return None


def why(each: Moved, added: Sequence[Event], case: Case, rulebook: Rulebook, calendar: Calendar, today: date) -> str:
    """Why a due day moved, as one of ``WHY``: by what was added just now, else by the calendar, else by the rules."""
    for event in added:
        cause = _cause(each.rule, event)
        if cause is not None:
            return cause
    for change in calendar.changes:
        before = calendar.as_known_on(date.fromordinal((change.known_on or today).toordinal() - 1))
        days = {(duty.rule.id, duty.occurrence): duty.due_on for duty in duties(case, rulebook, before, today)}
        if days.get((each.rule.id, each.occurrence)) == each.was:
            return "calendar"
    return "edition"


def _cause(rule: Rule, event: Event) -> str | None:
    """How an event can have moved a due day of a rule; None where it cannot."""
    if event.corrects is not None:
        return "correction"
    if event.kind == "enhanced_rights_recorded":
        return "enhanced_rights"
    if event.kind == "same_victim_decided":
        return "same_victim"
    if event.kind in ("clock_paused", "clock_resumed"):
        return "pause" if event.text("rule") == rule.id else None
    if _names(rule.extended_by, event):
        return "extension"
    if _names((*rule.pauses, *rule.resumes), event):
        return "pause"
    return "correction" if _names((*rule.begins, *rule.told), event) else None


def _names(matches: Iterable[Match], event: Event) -> bool:
    return any(match.event == event.kind for match in matches)


def news(case: Case, owed: Iterable[Duty]) -> str:
    """One sentence on the days of our open duties that moved since a person last acted; empty where none did.

    It stands in the reason of the next action, and so tells the assignee until they act.
    """
    told: list[Event] = []
    for event in reversed(case.history):
        if event.kind == "deadline_moved":
            told.append(event)
        elif event.by not in _NOBODY and not event.by.startswith("feed:"):
            break
    if not told:
        return ""
    ours = {(each.rule.id, each.occurrence) for each in owed if each.owner is Owner.YJS and not each.is_settled}
    told = [event for event in told if (event.text("rule"), event.fields["occurrence"]) in ours]
    if not told:
        return ""
    last = told[0]
    was, now = (_in_words(last.day_of(name)) for name in ("was", "now"))
    more = f"; {len(told) - 1} more moved" if len(told) > 1 else ""
    return f"Moved from {was} to {now}: {last.text('rule').replace('-', ' ')}, because {WHY[last.text('why')]}{more}."


def _in_words(day: date | None) -> str:
    return f"{day.day} {day.strftime('%B')}" if day is not None else ""
