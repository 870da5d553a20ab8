"""Decides what a practitioner should do on a case, in order, and the order of the queue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from workflow.calendar import Calendar
from workflow.candidates import Candidate, candidates
from workflow.case import Case
from workflow.duties import Duty
from workflow.moved import news
from workflow.steps import (
    CANNOT_BE_UNDONE,
    CLOCK,
    NEW_PEOPLE,
    PROMISES,
    RECORD_HEALTH,
    REVIEW_HOLD,
    SAFETY,
    STEPS,
    Action,
    Step,
)
from workflow.vocabulary import in_words

__all__ = [
    "CANNOT_BE_UNDONE",
    "CHILD",
    "CLOCK",
    "ENHANCED",
    "LATE",
    "MOST_LATE",
    "NEW_PEOPLE",
    "PROMISES",
    "RECORD_HEALTH",
    "REPLY",
    "SAFETY",
    "STEPS",
    "Action",
    "QueueLine",
    "Step",
    "actions",
    "is_hold_over",
    "is_resting",
    "nearness",
    "next_action",
    "overdue_working_days",
    "queue",
    "rests_as",
    "score",
    "tier_on",
]

_LONGEST_REASON = 240


def actions(case: Case, duties: Sequence[Duty]) -> tuple[Action, ...]:
    """Everything there is to do on a case, the next thing first; empty for a case that is closed and owes nothing.

    The order asks nothing of today, so that no row changes at midnight.  Safety comes first; then what can be done
    here, by its day; what waits on others, or on a letter's hold, comes last and so hides nothing.  A promise never
    stands before a clock of the Code that still runs: were it left undone, it would hide the clock for ever.
    """
    found = list(candidates(case, duties))
    code = [each.action.due_on for each in found if each.is_code and each.can_be_done]
    last_clock = max(code, default=date.min)

    def place(each: Candidate) -> tuple[object, ...]:
        action = each.action
        is_promise = action.tier >= PROMISES and not each.is_code
        day = max(action.due_on, last_clock) if is_promise else action.due_on
        return (
            action.tier != SAFETY,
            not each.can_be_done,
            day,
            is_promise,
            action.due_on,
            action.tier,
            action.name,
            action.rule or "",
        )

    return tuple(each.action for each in sorted(found, key=place))


def next_action(case: Case, duties: Sequence[Duty]) -> Action | None:
    """The one next action of a case; None for a case that is closed and owes nothing.

    An open case always has one.  Its reason names what else is to be done by an earlier day, and from that day on its
    line in the queue rises with it.
    """
    found = actions(case, duties)
    if not found:
        return None
    first, others = found[0], found[1:]
    words = [first.reason]
    earlier = min((each for each in others if each.due_on < first.due_on), key=lambda each: each.due_on, default=None)
    if earlier is not None:
        words.append(f"Also by {earlier.due_on.day} {earlier.due_on:%B}: {in_words(earlier.name)}.")
        if first.urgent_tier >= CLOCK and earlier.urgent_from < first.urgent_from:
            first = replace(first, urgent_tier=CLOCK, urgent_from=earlier.urgent_from)
    moved = news(case, duties)
    if moved:
        words.append(moved)
    return replace(first, reason=" ".join(words)[:_LONGEST_REASON])


LATE, MOST_LATE, ENHANCED, CHILD, REPLY, DECISION = 1000, 10, 300, 200, 150, 100
"""What weighs in the queue: a working day late (ten at most count), enhanced rights, a child, a reply, a decision."""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One line of the queue as it is kept: the action, and what ranks it on any day."""

    case: str
    action: Action
    owner: str
    enhanced: bool
    child_victim: bool
    reply_waiting: bool
    decision_on: date | None
    opened_on: date
    entered_on: date
    owned_since: date


def rests_as(action: Action) -> str:
    """What an action rests as until its day: ``hold``, ``waiting`` on somebody else, or empty where it is ours now."""
    if action.name == REVIEW_HOLD:
        return "hold"
    return "waiting" if action.waiting_on else ""


def is_resting(action: Action, today: date) -> bool:
    """Whether nobody here needs to act yet; on its day a hold is to be looked at, and who keeps us waiting chased."""
    return rests_as(action) != "" and today < action.due_on


def is_hold_over(action: Action, today: date) -> bool:
    """Whether the day of a hold came: the case stands first in its tier until a person ends the hold or renews it."""
    return action.name == REVIEW_HOLD and today >= action.due_on


def tier_on(action: Action, today: date) -> int:
    """The tier of an action on a day: a clock that is due or past, or a thing that cannot be undone, rises."""
    return min(action.tier, action.urgent_tier) if today >= action.urgent_from else action.tier


def overdue_working_days(action: Action, calendar: Calendar, today: date) -> int:
    """How many working days the action is past its day; 0 while it is not."""
    return calendar.working_days_between(action.due_on, today) if today > action.due_on else 0


def score(line: QueueLine, calendar: Calendar, today: date) -> float:
    """The weight of a line within its tier; more is sooner.  Source: the queue's stated score (domain.md 3.3)."""
    value = float(LATE) * min(MOST_LATE, overdue_working_days(line.action, calendar, today))
    value += ENHANCED * line.enhanced + CHILD * line.child_victim + REPLY * line.reply_waiting
    if line.decision_on is not None and line.decision_on >= today:
        value += nearness(line.decision_on, calendar, today)
    return value + (today - line.entered_on).days


def nearness(decision_on: date, calendar: Calendar, today: date) -> float:
    """What a decision still to come weighs: more, the fewer working days are left."""
    return DECISION / (calendar.working_days_between(today, decision_on) + 1)


def queue(lines: Iterable[QueueLine], calendar: Calendar, today: date) -> list[QueueLine]:
    """The lines in the order in which they should be done today: tier, then score, then the oldest case.

    A case whose hold is over comes first in its tier, so that it cannot be overlooked.
    """
    return sorted(
        lines,
        key=lambda line: (
            tier_on(line.action, today),
            not is_hold_over(line.action, today),
            -score(line, calendar, today),
            line.opened_on,
            line.case,
        ),
    )
