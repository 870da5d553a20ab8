"""Random walks over every event there is: no invariant breaks, and after each step there is one honest next action."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.test_actions import law
from workflow.actions import actions, next_action
from workflow.bars import bars
from workflow.case import Case
from workflow.catalogue import CATALOGUE
from workflow.consent import agreed, is_refused
from workflow.duties import duties
from workflow.events import Event, EventKind, Field, FieldKind, Value, field_problems
from workflow.london import london_day
from workflow.machine import NotAllowed
from workflow.reminders import time_moves
from workflow.tables import VERSION, possible, reached
from workflow.vocabulary import ENDED, OPEN, Channel, Known, Purpose, State, Track

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
OUTBOUND = (
    "attempt_made",
    "views_asked",
    "restorative_information_given",
    "progress_update_given",
    "conclusion_notice_given",
)
CONTACT_ACTIONS = {"make_first_contact", "try_again", "rj_information", "panel_invitation", "completion_notice"}
CLOSING = {
    "case_closed": "reason",
    "consent_withdrawn": "part",
    "refusal_confirmed": "informed",
    "transfer_accepted": "handed_over",
    "all_declined": "",
    "support_ended": "",
}
"""The events that close a case, and the field in which each says why; two say it by their name."""


def value(asked: Field, dice: Random, day: int) -> Value:
    """Something that may stand in a field, days near the day of the walk."""
    match asked.kind:
        case FieldKind.CHOICE:
            return dice.choice(asked.choices)
        case FieldKind.CHOICES:
            return "|".join(dice.sample(asked.choices, dice.randint(1, len(asked.choices))))
        case FieldKind.FLAG:
            return dice.random() < 0.7
        case FieldKind.DAY:
            return str((START + timedelta(days=day + dice.randint(-3, 20))).date())
        case FieldKind.NUMBER:
            return dice.randint(1, 20)
        case _:
            return dice.choice(("X-1", "X-2", "L-1", "first-attempt"))


def entry(kind: EventKind, case: Case, dice: Random, day: int) -> Event:
    """An event of a kind, now or some days ago, with its required fields and some of the others."""
    often = 0.9 if kind.name in ("consent_recorded", "consent_renewed", "safety_recorded", "details_received") else 0.5
    fields = {f.name: value(f, dice, day) for f in kind.fields if f.required or dice.random() < often}
    if kind.name in ("consent_recorded", "consent_renewed") and dice.random() < 0.7:
        fields |= {"decision": "yes", "scope": "|".join(Purpose)}
        fields.pop("queries", None)
    at = START + timedelta(days=day - (dice.randint(0, 10) if dice.random() < 0.2 else 0))
    corrects = dice.randint(1, case.version) if kind.name == "entry_retracted" else None
    return Event(case.version + 1, kind.name, at, START + timedelta(days=day), "rosa", fields, corrects)


def judged(case: Case, event: Event) -> Case:
    """The case after an event; raises NotAllowed."""
    states = reached(case, event)
    whole = Event(
        event.seq, event.kind, event.at, event.recorded_at, event.by, event.fields, event.corrects, states, VERSION
    )
    return case.with_event(whole)


def tried(case: Case, event: Event) -> Case | NotAllowed:
    """The case after an event, or why there is none."""
    try:
        return judged(case, event)
    except NotAllowed as refusal:
        return refusal


def walk(seed: int, steps: int) -> int:
    """One walk; how many of its steps were allowed."""
    dice, day, allowed = Random(seed), 0, 0
    kind = dice.choice(("individual", "child", "organisation", "spokesperson", "witness_harmed"))
    opening = {"source": "police", "victim_kind": kind, "under_18": dice.choice(("yes", "no", "unknown"))}
    case = judged(Case("VC-0001"), Event(1, "case_opened", START, START, "feed", opening))
    for _ in range(steps):
        day += dice.choice((0, 0, 0, 1, 3, 12))
        names = sorted(possible(case) & CATALOGUE.keys()) if dice.random() < 0.8 else sorted(CATALOGUE)
        # Much that may happen ends a case; a walk that ends at once sees nothing.
        name = dice.choice([each for each in names if each not in CLOSING or dice.random() < 0.1] or names)
        event = entry(CATALOGUE[name], case, dice, day)
        after = tried(case, event)
        if isinstance(after, NotAllowed):
            assert str(after).endswith("."), name
            continue
        allowed += 1
        must_hold(case, event, after)
        case = after
    return allowed


def must_hold(before: Case, event: Event, after: Case) -> None:
    """The invariants of the journey after one event."""
    assert event.kind in possible(before)
    assert field_problems(CATALOGUE[event.kind], event.fields) == ()
    assert after.history[:-1] == before.history, "a history is only added to"
    nobody_is_contacted_unlawfully(before, event)
    if event.kind == "views_released":
        assert before.states[Track.VIEWS] in ("given", "released"), "only what was given is released"
    if event.kind in ("readiness_confirmed", "restorative_event_held"):
        assert before.states[Track.HOLD] == "none"
    if before.state in OPEN and after.state is State.CLOSED:
        assert event.kind in CLOSING
        assert not CLOSING[event.kind] or event.text(CLOSING[event.kind]), "every close says why"
    if before.state in ENDED and after.state in OPEN:
        assert event.kind in ("consent_recorded", "consent_renewed", "victim_returned")
    if after.states[Track.CONSENT] == "withdrawn" and before.states[Track.CONSENT] != "withdrawn":
        assert agreed(after) == frozenset()
    there_is_one_honest_next_action(after)


def nobody_is_contacted_unlawfully(before: Case, event: Event) -> None:
    """Invariant 1: consent for the purpose, no hold, no alert, a safe channel, and a case that is ours."""
    if event.kind not in OUTBOUND:
        return
    assert Purpose.CONTACT in agreed(before)
    assert before.states[Track.HOLD] == "none"
    assert before.state not in (State.MERGED, State.ERASED)
    assert not any(bars(before))
    if event.kind == "views_asked":
        assert Purpose.VIEWS_BEFORE_DECISION in agreed(before)
    if event.kind == "restorative_information_given":
        assert not is_refused(before, Purpose.RESTORATIVE_INFORMATION)
    if event.kind in ("attempt_made", "views_asked") and event.text("channel"):
        assert before.safe(Channel(event.text("channel"))) is Known.YES


def there_is_one_honest_next_action(case: Case) -> None:
    """An open case has one next action with a reason and a day; nobody who may not be contacted has one that would."""
    rulebook, calendar = law()
    today = london_day(case.history[-1].recorded_at)
    owed = duties(case, rulebook, calendar, today)
    found, first = actions(case, owed), next_action(case, owed)
    if first is None:
        assert not case.is_open, f"an open case in {case.state} has no next action"
        assert found == ()
        return
    assert (first.name, first.due_on) == (found[0].name, found[0].due_on)
    assert all(action.reason.strip() and action.name and action.due_on > date.min for action in found)
    if Purpose.CONTACT not in agreed(case) or case.states[Track.HOLD] != "none" or any(bars(case)):
        assert not CONTACT_ACTIONS & {action.name for action in found}
    for kind, fields in time_moves(case, owed, today + timedelta(days=60)):
        clock = Event(
            case.version + 1, kind, case.history[-1].recorded_at, case.history[-1].recorded_at, "clock", fields
        )
        assert judged(case, clock).is_open, "time alone closes nothing and is never refused"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_no_walk_of_a_hundred_steps_breaks_an_invariant(seed: int) -> None:
    walk(seed, 100)


def test_the_walks_go_somewhere() -> None:
    allowed = [walk(seed, 100) for seed in range(10)]

    assert sum(allowed) > 300


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_no_long_walk_breaks_an_invariant(seed: int) -> None:
    walk(seed, 400)
