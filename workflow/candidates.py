"""Lists everything there is to do on a case: its step, duties, letters and hold, and what stands in the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from workflow.bars import (
    bars,
    is_unwilling,
    may_be_contacted,
    may_hear_news,
    near_child_unlooked,
    social_worker_unaware,
    usable,
    wishes_differ,
)
from workflow.brought_over import is_unread
from workflow.case import Case
from workflow.code import Source
from workflow.coming_of_age import OWED as OWN_CONSENT_OWED
from workflow.consent import STANDING, agreed, came_of_age
from workflow.duties import Duty
from workflow.paring import RULE as PARE_BACK
from workflow.paring import last_paring
from workflow.reasons import REASONS, held_words
from workflow.steps import (
    CANNOT_BE_UNDONE,
    CLOCK,
    NEW_PEOPLE,
    PROMISES,
    REVIEW_HOLD,
    SAFETY,
    STEPS,
    Action,
    Step,
)
from workflow.strand_actions import RULES as STRAND_RULES
from workflow.strand_actions import naming, strand_actions
from workflow.vocabulary import Channel, Owner, Purpose, State, Track, in_words

# The states in which hearing the victim before a decision means first getting through to them.
_NOT_YET_HEARD = (
    State.INTAKE_CHECK,
    State.CHARACTERISTICS_CAPTURE,
    State.CONTACT_DUE,
    State.ATTEMPTING,
    State.ENGAGED,
)
_BEFORE_CONSENT = (State.IDENTIFIED, State.AWAITING_CONSENT_RECORD, State.CONSENT_QUERY)
# Those in which the step is a call, a letter or a visit to somebody we have not reached.
_REACHING = (State.CONTACT_DUE, State.ATTEMPTING)
# Those in which every strand says for itself what is to be done.
_STRANDS_SAY = (State.RESTORATIVE_PREPARATION, State.RESTORATIVE_DELIVERY)

# What weighs more than a promise, although its rule is one of the service's own.
_TIERS = {
    "safeguarding-plan": SAFETY,
    "feedback-unsafe": SAFETY,
    "contact-scheme-first-step": CANNOT_BE_UNDONE,
    "contact-error-apology": CANNOT_BE_UNDONE,
}
# What cannot be taken back once its day is missed.
_CANNOT_BE_UNDONE = frozenset({"views-before-decision", *_TIERS})
# A negative answer is a deadline from the day it is given, and not only once its day has come.
_AT_ONCE = {"feedback-negative": CLOCK, "victim-harmed-before": NEW_PEOPLE}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something to do: the action, whether its day is a clock of the Code, and whether it can be done here.

    What cannot be done here waits for somebody else, or for what holds a letter to end.
    """

    action: Action
    is_code: bool = False
    can_be_done: bool = True


def candidates(case: Case, duties: Sequence[Duty]) -> Iterator[Candidate]:
    """Everything there is to do, in no order; an open case always gives at least one.

    No action asks for what the victim's consent, a hold or a danger forbids: the clock of such a duty runs on and is
    shown among the duties, and what stands in the way is the action instead.
    """
    owed = [duty for duty in duties if duty.rule.owner is Owner.YJS and not duty.is_settled]
    # What the clock does by itself is nobody's work.
    used: set[str] = {PARE_BACK, OWN_CONSENT_OWED}
    if case.is_open:
        step = STEPS[case.state]
        used.update(step.rules)
        if case.states[Track.HOLD] != "none":
            used.add("safeguarding-plan")
            yield _hold(case, owed)
        elif is_unread(case):
            yield _unread(case)
        else:
            if case.state in _NOT_YET_HEARD:
                used.add("views-before-decision")
            together = tuple(strand_actions(case, owed, duties))
            used.update(STRAND_RULES if together else ())
            yield from (Candidate(action) for action in together)
            if not together or case.state not in _STRANDS_SAY:
                yield _from_step(case, _step_now(case, step), owed)
    if case.states[Track.TRANSFER] == "offered" and case.is_open:
        used.add("transfer-answer")
        yield _transfer(case, owed)
    yield from _letters(case, owed)
    for duty in owed:
        if duty.rule.id not in used and duty.due_on is not None and _may_act(case, duty):
            yield _from_duty(case, duty)


def _may_act(case: Case, duty: Duty) -> bool:
    """Whether a duty is worth an action now: what needs the victim's agreement only where it may be done."""
    if not duty.rule.needs:
        # What a hold stops is not asked for while it stands; a paused clock says so.
        return duty.paused_since is None
    if last_paring(case) is not None:
        # Nobody can be reached by what was removed: asking for it again comes first.
        return False
    if case.state is State.CLOSED:
        # Where no channel is safe any more, that is what there is to do.
        return set(duty.rule.needs) <= agreed(case) and case.states[Track.HOLD] == "none" and not any(bars(case))
    if case.state in (*_REACHING, State.CHARACTERISTICS_CAPTURE) or not usable(case):
        # The victim is reached first; or somebody who comes by is told face to face.
        return set(duty.rule.needs) <= agreed(case) and _is_past_triage(case) and not any(bars(case))
    return may_be_contacted(case, duty.rule.needs)


def _is_past_triage(case: Case) -> bool:
    return (
        case.is_open
        and case.state not in (*_BEFORE_CONSENT, State.INTAKE_CHECK)
        and case.states[Track.HOLD] == "none"
        and case.states[Track.CONSENT] in ("given", "not_objected", "renewed")
    )


def _step_now(case: Case, step: Step) -> Step:
    """What the state asks for, or what has to be done before it may be."""
    if case.state in _BEFORE_CONSENT:
        if case.state is State.CONSENT_QUERY and _entered_by(case) == "consent_record_time_passed":
            return replace(
                step,
                name="decide_on_silence",
                reason="Police have not answered two chases: take it up with the force; a manager may close the case.",
            )
        return step
    if Purpose.CONTACT not in agreed(case):
        if came_of_age(case) and case.states[Track.CONSENT] in STANDING:
            words = (
                "The victim is 18 and a guardian's yes no longer counts: ask for their own through the officer, or "
                "when they get in touch."
            )
            return replace(step, name="ask_own_consent", reason=words, rules=(OWN_CONSENT_OWED,), tier=CLOCK)
        words = "No yes that covers contact stands on record: ask the officer in charge what the victim agreed to."
        return replace(step, name="follow_up_officer", reason=words, tier=NEW_PEOPLE)
    if (pared := last_paring(case)) is not None:
        words = f"The record was pared back on {pared.day.day} {pared.day:%B %Y}: ask for the contact details again."
        return replace(step, name="ask_details", reason=words, rules=(*step.rules, "reopened-first-call"))
    if wishes_differ(case) or is_unwilling(case):
        words = REASONS["wishes_differ" if wishes_differ(case) else "unwilling"][1]
        return replace(step, name="settle_wishes", reason=words, tier=CANNOT_BE_UNDONE)
    if case.state is State.INFORMED_ONLY and not may_hear_news(case):
        words = "The victim wants no news: ask how things are, and whether it is enough."
        return replace(step, name="review_support", reason=words)
    if case.state is State.INTAKE_CHECK or case.state in _REACHING:
        if social_worker_unaware(case):
            return replace(step, name="tell_social_worker", reason=REASONS["social_worker_unaware"][1])
        if any(bars(case)):
            return replace(step, name="ask_family_officer", reason=REASONS["family_officer_due"][1])
        if not usable(case):
            return replace(step, name="ask_safe_channel", reason=_no_channel(case))
    return step


def _no_channel(case: Case) -> str:
    if near_child_unlooked(case, Channel.POST):
        return "The victim is close to the child: ask again which channel is safe, and record it."
    return "No channel is known to be safe: ask the officer which is, and record it."


def _entered_by(case: Case) -> str:
    """The kind of the event by which the journey came into its present state."""
    kind = ""
    for event in reversed(case.history):
        if event.reached.get(Track.JOURNEY) != case.state:
            break
        kind = event.kind
    return kind


def _entered(case: Case) -> date:
    """The day on which the journey came into its present state."""
    day = case.history[-1].recorded_day
    for event in reversed(case.history):
        if event.reached.get(Track.JOURNEY) != case.state:
            break
        day = event.recorded_day
    return day


def _is_code(duty: Duty | None) -> bool:
    return duty is not None and duty.rule.source is Source.VICTIMS_CODE


def _from_step(case: Case, step: Step, owed: list[Duty]) -> Candidate:
    dated = [duty for duty in owed if duty.rule.id in step.rules and duty.due_on is not None]
    first = min(dated, key=lambda duty: duty.due_on or date.max, default=None)
    reason, urgent = f"{step.reason}{naming(case, first)}", CLOCK
    due = first.due_on if first and first.due_on else _entered(case)
    since = due
    rule = first.rule.id if first else None
    views = next((duty for duty in owed if duty.rule.id == "views-before-decision"), None)
    if views is not None and views.due_on is not None and case.state in _NOT_YET_HEARD and views.due_on <= due:
        due, rule, urgent, since = views.due_on, views.rule.id, CANNOT_BE_UNDONE, _pressing(views)
        reason = f"{reason} A decision about the child comes first: hear the victim before it."
    return Candidate(Action(step.name, reason, step.tier, due, urgent, since, rule, step.waiting_on), _is_code(first))


def _pressing(duty: Duty) -> date:
    """From which day a duty is red: its due day, or on short notice the day on which it should have been done."""
    due = duty.due_on or duty.began_on
    return min(due, duty.standard_due or due)


def _hold(case: Case, owed: list[Duty]) -> Candidate:
    state = case.states[Track.HOLD]
    if state == "deceased":
        died = case.last("victim_died")
        day = (died or case.history[-1]).day
        if died is None:
            words = "The death was recorded by mistake and taken back: end the hold, and look at what was stopped."
            return Candidate(Action(REVIEW_HOLD, words, SAFETY, day, SAFETY, day))
        words = (
            "The victim has died: all letters are stopped. Agree through the officer who speaks for the family; police "
            "send a record for them, and this case is closed."
        )
        return Candidate(Action("agree_who_to_speak_to", words, SAFETY, day, SAFETY, day))
    placed = case.last("hold_placed")
    if state == "alert":
        plan = next((duty for duty in owed if duty.rule.id == "safeguarding-plan"), None)
        day = (plan.due_on if plan else None) or (placed.day if placed else case.history[-1].day)
        words = "A safeguarding alert stands: nobody contacts the victim until a manager signs a dated safety plan."
        return Candidate(Action("manage_alert", words, SAFETY, day, SAFETY, day, plan.rule.id if plan else None))
    if placed is None:
        # The entry was taken back, which ends no hold: only a person does.
        day = case.history[-1].day
        words = "A hold stands whose entry was taken back: end it."
        return Candidate(Action(REVIEW_HOLD, words, CLOCK, day, CLOCK, day))
    until, reason = placed.day_of("until") or placed.day, in_words(placed.text("reason"))
    tier = SAFETY if placed.text("reason") == "safeguarding" else PROMISES
    if state == "time_passed":
        words = f"The hold ended on its day ({reason}): lift it, or give it a new day. Nothing leaves before."
        return Candidate(Action(REVIEW_HOLD, words, tier, until, CLOCK, until))
    waiting = placed.text("reason") if placed.text("reason") in ("police", "prosecution") else None
    action = Action(REVIEW_HOLD, f"On hold: {reason}.", tier, until, CLOCK, until, None, waiting)
    return Candidate(action, can_be_done=waiting is None)


def _unread(case: Case) -> Candidate:
    """What was brought over is read before anything else: a remark in it may be what keeps the victim safe."""
    day = next(event for event in reversed(case.history) if event.kind == "history_brought_over").recorded_day
    words = "Read what was brought over from the spreadsheet, act on it, and record that you have."
    return Candidate(Action("read_brought_over", words, NEW_PEOPLE, day, CLOCK, day))


def _transfer(case: Case, owed: list[Duty]) -> Candidate:
    """A case that another service was asked to take stays ours until it has: only the answer is waited for."""
    offered = case.last("transfer_offered") or case.history[-1]
    answer = next((duty for duty in owed if duty.rule.id == "transfer-answer"), None)
    day = (answer.due_on if answer else None) or offered.day
    words = "Offered to another service: have its yes in writing. Until then the victim is ours."
    rule = answer.rule.id if answer else None
    action = Action("await_transfer", words, PROMISES, day, CLOCK, day, rule, "other_service")
    return Candidate(action, can_be_done=False)


_WAITING = ("letter_drafted", "letter_cleared", "letter_held")
_SETTLED = ("letter_approved", "letter_sent", "letter_cancelled", "letter_discarded", "letter_handed_over")


def _letters(case: Case, owed: list[Duty]) -> Iterator[Candidate]:
    """A letter that waits for a person: drafted or held, and neither approved, sent nor put aside since.

    One that is written after a case was closed waits just the same.
    """
    waiting: dict[str, tuple[str, date]] = {}
    why: dict[str, str] = {}
    doubted: dict[str, date] = {}
    for event in case.standing:
        letter = event.text("letter")
        if event.kind in _WAITING:
            waiting[letter] = (event.kind, event.recorded_day)
            why[letter] = held_words(event.text("reasons"))
        elif event.kind in _SETTLED:
            waiting.pop(letter, None)
        if event.kind == "letter_doubted":
            waiting.pop(letter, None)
            if event.text("asks") == "person":
                doubted[letter] = event.recorded_day
        elif event.kind in ("letter_settled", "letter_sent"):
            doubted.pop(letter, None)
    for day in doubted.values():
        # One that left must not go again, and one that did not is owed: neither can be taken back.
        words = "Nobody knows whether a letter left: find out, and say so on its page. It is not sent again before."
        yield Candidate(Action("settle_letter", words, CANNOT_BE_UNDONE, day, CANNOT_BE_UNDONE, day))
    if case.states[Track.HOLD] != "none" and case.is_open:
        # What a hold holds comes free with it; on a closed case nobody is asked about the hold.
        return
    contact = [d.due_on for d in owed if d.rule.id in ("first-attempt", "rj-information") and d.due_on]
    tier = NEW_PEOPLE if case.is_open else PROMISES
    for letter, (kind, day) in waiting.items():
        due = min((d for d in contact if d >= day), default=day)
        if kind != "letter_held":
            yield Candidate(Action("approve_letter", "A letter waits for your yes.", tier, due, CLOCK, due))
        else:
            words = f"A letter is held. {why[letter]}" if why[letter] else "A letter is held: see why."
            held = Action("clear_held_letter", words[:240], tier, due, CANNOT_BE_UNDONE, due)
            yield Candidate(held, can_be_done=False)


def _from_duty(case: Case, duty: Duty) -> Candidate:
    due = duty.due_on or duty.began_on
    lost = duty.rule.id in _CANNOT_BE_UNDONE
    name, reason = duty.rule.id.replace("-", "_"), f"{duty.rule.duty}{naming(case, duty)}"
    if duty.rule.needs and case.state is State.CLOSED and not usable(case):
        name, reason = "ask_safe_channel", f"{duty.rule.title}: no channel is known to be safe, so ask which is."
    urgent = _TIERS.get(duty.rule.id, CANNOT_BE_UNDONE if lost else CLOCK)
    tier = _TIERS.get(duty.rule.id, _AT_ONCE.get(duty.rule.id, PROMISES))
    action = Action(name, reason, tier, due, urgent, _pressing(duty) if lost else due, duty.rule.id)
    return Candidate(action, _is_code(duty))
