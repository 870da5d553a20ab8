"""Decides what a practitioner should do next on a case: one reason, one owner, one date, and the order of the queue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from workflow.calendar import Calendar
from workflow.case import Case
from workflow.consent import agreed
from workflow.duties import Duty
from workflow.moved import news
from workflow.vocabulary import Channel, Known, Owner, Purpose, State, Track, in_words

SAFETY, CANNOT_BE_UNDONE, CLOCK, NEW_PEOPLE, PROMISES, RECORD_HEALTH = range(6)
"""The tiers P0 to P5 of the queue."""


_LONGEST_REASON = 240


@dataclass(frozen=True, slots=True)
class Action:
    """What to do now on one case.

    ``due_on`` is the day by which; from ``urgent_from`` the action rises to ``urgent_tier``.  Nothing here depends on
    today, so that a new day re-ranks the queue without rewriting a row.  ``waiting_on`` names whose move it is when
    it is not the practitioner's.
    """

    name: str
    reason: str
    tier: int
    due_on: date
    urgent_tier: int
    urgent_from: date
    rule: str | None = None
    waiting_on: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What a state of the journey asks for: the action, why, the rules that give its day, and whose move it is."""

    name: str
    reason: str
    rules: tuple[str, ...]
    tier: int = NEW_PEOPLE
    waiting_on: str | None = None


STEPS: dict[State, Step] = {
    State.IDENTIFIED: Step(
        "request_consent_record",
        "A victim is known and police were not yet asked for the consent record.",
        ("request",),
    ),
    State.AWAITING_CONSENT_RECORD: Step(
        "chase_consent_record", "Police have not sent the consent record.", ("consent-record",), waiting_on="police"
    ),
    State.CONSENT_QUERY: Step(
        "follow_up_officer",
        "There is no clear yes: ask the officer in charge whether the choice was informed.",
        ("officer-follow-up", "officer-second-follow-up"),
    ),
    State.INTAKE_CHECK: Step("triage", "Consent has come: check safe channels, links and duplicates.", ("triage",)),
    State.CHARACTERISTICS_CAPTURE: Step(
        "ask_characteristics",
        "Needs and protected characteristics are not all asked.",
        ("needs-time-box", "first-attempt", "rj-information"),
    ),
    State.CONTACT_DUE: Step(
        "make_first_contact", "The victim waits to hear from us.", ("first-attempt", "rj-information")
    ),
    State.ATTEMPTING: Step(
        "try_again",
        "The victim was not reached: try another channel or time of day.",
        (
            "next-attempt",
            "next-attempt-after-message",
            "next-attempt-after-letter",
            "rj-information",
        ),
    ),
    State.UNCONTACTABLE: Step(
        "close_uncontactable",
        "The victim could not be reached: close with the door open.",
        ("uncontactable-close", "rj-information"),
    ),
    State.ENGAGED: Step(
        "record_conversation", "We are in touch: record needs, impact and wishes.", ("conversation", "rj-information")
    ),
    State.RESTORATIVE_DECISION: Step(
        "offer_restorative", "Restorative justice is to be offered and the answer recorded.", ("restorative-offer",)
    ),
    State.RESTORATIVE_PREPARATION: Step(
        "prepare", "Both sides are being prepared.", ("preparation-drift",), tier=PROMISES
    ),
    State.RESTORATIVE_DELIVERY: Step(
        "hold_event", "Both sides are ready: hold the event.", ("event-to-hold",), tier=PROMISES
    ),
    State.REPARATION: Step(
        "see_reparation_through", "Reparation was agreed and is not finished.", ("reparation-check",), tier=PROMISES
    ),
    State.FOLLOW_UP: Step(
        "follow_up",
        "Ask how it went.",
        ("after-event-call", "two-week-follow-up", "six-week-follow-up", "follow-up"),
        tier=PROMISES,
    ),
    State.ONGOING_SUPPORT: Step(
        "review_support",
        "Support goes on for as long as the victim wants.",
        ("ask-again", "support-review", "support-next-review"),
        tier=PROMISES,
    ),
    State.INFORMED_ONLY: Step(
        "keep_informed", "The victim wants to be kept informed.", ("progress-update", "informed-check"), tier=PROMISES
    ),
}

# The states in which hearing the victim before a decision means first getting through to them.
_NOT_YET_HEARD = (
    State.INTAKE_CHECK,
    State.CHARACTERISTICS_CAPTURE,
    State.CONTACT_DUE,
    State.ATTEMPTING,
    State.ENGAGED,
)

# Rules whose beginning cannot be taken back once it is missed.
_CANNOT_BE_UNDONE = frozenset({"views-before-decision", "contact-scheme-referral", "contact-scheme-first-step"})


def next_action(case: Case, duties: Sequence[Duty]) -> Action | None:
    """The one next action of a case; None for a case that is closed and owes nothing.

    An open case always has one: a candidate from its state, from each open duty of the service, from a letter that
    waits and from a hold; safety comes first, then the earliest day.
    """
    candidates = list(_candidates(case, [d for d in duties if d.rule.owner is Owner.YJS and not d.is_settled]))
    if not candidates:
        return None
    first = min(candidates, key=lambda action: (action.tier != SAFETY, action.due_on, action.tier, action.name))
    moved = news(case, duties)
    return replace(first, reason=f"{first.reason} {moved}"[:_LONGEST_REASON]) if moved else first


def _candidates(case: Case, owed: list[Duty]) -> Iterable[Action]:
    used: set[str] = set()
    if case.is_open:
        if case.states[Track.HOLD] != "none":
            yield _hold(case)
            return
        step = STEPS[case.state]
        used.update(step.rules)
        if case.state in _NOT_YET_HEARD:
            used.add("views-before-decision")
        yield _from_step(case, step, owed)
        yield from _letters(case, owed)
    for duty in owed:
        if duty.rule.id not in used and duty.due_on is not None and _may_act(case, duty.rule.id):
            yield _from_duty(duty)


def _may_act(case: Case, rule: str) -> bool:
    """Whether a duty to get in touch is worth an action now: only where the victim's consent covers contact."""
    if rule in ("rj-information", "first-attempt", "views-before-decision"):
        return case.is_open and Purpose.CONTACT in agreed(case) and case.state is not State.INTAKE_CHECK
    return True


def _entered(case: Case) -> date:
    """The day on which the journey came into its present state."""
    day = case.history[0].recorded_day
    before = None
    for event in case.history:
        state = event.reached.get(Track.JOURNEY)
        if state != before:
            day, before = event.recorded_day, state
    return day


def _from_step(case: Case, step: Step, owed: list[Duty]) -> Action:
    dated = [duty for duty in owed if duty.rule.id in step.rules and duty.due_on is not None]
    first = min(dated, key=lambda duty: duty.due_on or date.max, default=None)
    name, reason, waiting, urgent = step.name, step.reason, step.waiting_on, CLOCK
    if case.state is State.INTAKE_CHECK and not any(case.safe(channel) is Known.YES for channel in Channel):
        name, reason = "ask_safe_channel", "No channel is known to be safe: ask the officer which is, and record it."
    due = first.due_on if first and first.due_on else _entered(case)
    rule = first.rule.id if first else None
    views = next((duty for duty in owed if duty.rule.id == "views-before-decision"), None)
    if views is not None and views.due_on is not None and case.state in _NOT_YET_HEARD and views.due_on <= due:
        due, rule, urgent = views.due_on, views.rule.id, CANNOT_BE_UNDONE
        reason = f"{reason} A decision about the child comes first: hear the victim before it."
    return Action(name, reason, step.tier, due, urgent, due, rule, waiting)


def _hold(case: Case) -> Action:
    placed = case.last("hold_placed")
    if case.states[Track.HOLD] == "deceased" or placed is None:
        day = (case.last("victim_died") or case.history[-1]).day
        return Action(
            "agree_who_to_speak_to", "The victim has died: all letters are stopped.", SAFETY, day, SAFETY, day
        )
    until = placed.day_of("until") or placed.day
    tier = SAFETY if placed.text("reason") == "safeguarding" else PROMISES
    waiting = placed.text("reason") if placed.text("reason") in ("police", "prosecution") else None
    return Action(
        "review_hold", f"On hold: {in_words(placed.text('reason'))}.", tier, until, CLOCK, until, None, waiting
    )


def _letters(case: Case, owed: list[Duty]) -> Iterable[Action]:
    """A letter that waits for a person: drafted or held, and neither approved, sent nor cancelled since."""
    waiting: dict[str, tuple[str, date]] = {}
    for event in case.standing:
        letter = event.text("letter")
        if event.kind in ("letter_drafted", "letter_cleared", "letter_held"):
            waiting[letter] = (event.kind, event.recorded_day)
        elif event.kind in ("letter_approved", "letter_sent", "letter_cancelled"):
            waiting.pop(letter, None)
    contact = [d.due_on for d in owed if d.rule.id in ("first-attempt", "rj-information") and d.due_on]
    for kind, day in waiting.values():
        due = min((d for d in contact if d >= day), default=day)
        if kind != "letter_held":
            yield Action("approve_letter", "A letter waits for your yes.", NEW_PEOPLE, due, CLOCK, due)
        else:
            yield Action(
                "clear_held_letter", "A letter is held: see why.", CANNOT_BE_UNDONE, due, CANNOT_BE_UNDONE, due
            )


def _from_duty(duty: Duty) -> Action:
    due = duty.due_on or duty.began_on
    lost = duty.rule.id in _CANNOT_BE_UNDONE
    tier = CANNOT_BE_UNDONE if lost and duty.rule.id != "views-before-decision" else PROMISES
    return Action(
        duty.rule.id.replace("-", "_"),
        duty.rule.duty,
        tier,
        due,
        CANNOT_BE_UNDONE if lost else CLOCK,
        due,
        duty.rule.id,
    )


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


def tier_on(action: Action, today: date) -> int:
    """The tier of an action on a day: a clock that is due or past, or a thing that cannot be undone, rises."""
    return min(action.tier, action.urgent_tier) if today >= action.urgent_from else action.tier


def overdue_working_days(action: Action, calendar: Calendar, today: date) -> int:
    """How many working days the action is past its day; 0 while it is not."""
    return calendar.working_days_between(action.due_on, today) if today > action.due_on else 0


def score(line: QueueLine, calendar: Calendar, today: date) -> float:
    """The weight of a line within its tier; more is sooner.  Source: the queue's stated score (domain.md 3.3)."""
    value = 1000.0 * min(10, overdue_working_days(line.action, calendar, today))
    value += 300 * line.enhanced + 200 * line.child_victim + 150 * line.reply_waiting
    if line.decision_on is not None and line.decision_on >= today:
        value += 100 / (calendar.working_days_between(today, line.decision_on) + 1)
    return value + (today - line.entered_on).days


def queue(lines: Iterable[QueueLine], calendar: Calendar, today: date) -> list[QueueLine]:
    """The lines in the order in which they should be done today: tier, then score, then the oldest case."""
    return sorted(
        lines,
        key=lambda line: (
            tier_on(line.action, today),
            -score(line, calendar, today),
            line.opened_on,
            line.case,
        ),
    )
