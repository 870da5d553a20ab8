"""Proves the strand table cell by cell, and that no walk over two strands breaks an invariant."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.rulebook import load_rulebook
from tests.core.histories import engaged, history, step, talked
from tests.core.test_tables import _full
from workflow.actions import next_action
from workflow.case import Case
from workflow.catalogue import CATALOGUE
from workflow.consent import agreed
from workflow.duties import duties
from workflow.events import Event, EventKind, Field, FieldKind, Value
from workflow.machine import NotAllowed
from workflow.readiness import FRESHNESS
from workflow.strand_moves import states_after, strand_states
from workflow.strands import OF_ONE_CHILD, OF_ONE_ITEM, conditions_on, strand, strand_key
from workflow.tables import VERSION, possible, reached
from workflow.tracks.restorative import FURTHEST, RESTORATIVE
from workflow.vocabulary import ENDED, Purpose, State, Track

RULEBOOK, CALENDAR = load_rulebook(Path(__file__).parents[2] / "config")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHILDREN = ("CH-1", "CH-2")
KINDS = sorted({*OF_ONE_CHILD, *OF_ONE_ITEM, *RESTORATIVE.kinds})
WALKED = sorted({*KINDS, "child_linked", "child_unlinked", "contact_condition_recorded", "contact_condition_ended"})
LASTS = RULEBOOK.rule(FRESHNESS, START.date()).limit.number


def _two() -> Case:
    linked = tuple(step("child_linked", START, child=child) for child in CHILDREN)
    return history(engaged("2026-03-02"), talked("2026-03-02"), linked)


def _in(state: str) -> Case:
    case = _two()
    last = case.history[-1]
    states = {**last.reached, strand_key("CH-1"): state, str(Track.RESTORATIVE): state}
    event = Event(last.seq + 1, "note_written", START, START, "rosa", {}, None, states, VERSION)
    return case.with_event(event)


@pytest.mark.parametrize("state", RESTORATIVE.states)
@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_of_a_strand_moves_that_strand_alone_or_is_refused_in_words(state: str, kind: str) -> None:
    case = _in(state)
    fields = {name: value for name, value in _full(CATALOGUE[kind]).items() if name != "child"}
    about = {"child": "CH-1"} if CATALOGUE[kind].field("child") else {}

    event = Event(case.version + 1, kind, START, START, "rosa", {**fields, **about})
    after = _outcome(case, event)

    if isinstance(after, NotAllowed):
        assert str(after).endswith(".")
        assert len(str(after)) > 20
        return
    assert after["CH-1"] in RESTORATIVE.states
    assert RESTORATIVE.rows(kind, state)
    assert after["CH-2"] == "not_offered"


def _outcome(case: Case, event: Event) -> Mapping[str, str] | NotAllowed:
    try:
        return states_after(case, event, RULEBOOK)
    except NotAllowed as refusal:
        return refusal


def test_every_state_of_a_strand_has_its_place_in_the_order_and_can_be_left_but_the_case_itself_may_end() -> None:
    left = {source for move in RESTORATIVE.moves if move.target for source in move.sources}

    assert sorted(FURTHEST) == sorted(RESTORATIVE.states)
    assert left == set(RESTORATIVE.states)


def _drawn(data: st.DataObject, asked: Field, day: date) -> Value:
    if asked.name == "child":
        return data.draw(st.sampled_from((*CHILDREN, "CH-3")))
    match asked.kind:
        case FieldKind.CHOICE:
            return data.draw(st.sampled_from(asked.choices))
        case FieldKind.CHOICES:
            return "|".join(asked.choices)
        case FieldKind.FLAG:
            return data.draw(st.booleans())
        case FieldKind.NUMBER:
            return data.draw(st.integers(1, 3))
        case FieldKind.DAY:
            return (day + timedelta(days=data.draw(st.integers(-40, 40)))).isoformat()
        case _:
            return "X-1"


def _walked(data: st.DataObject, kind: EventKind, day: date) -> dict[str, Value]:
    return {
        asked.name: _drawn(data, asked, day)
        for asked in kind.fields
        if asked.required or asked.name in ("child", "kind", "ask_again_on", "signed_on") or data.draw(st.booleans())
    }


_PREPARING = ("restorative_consent_given", "risk_assessed", "readiness_confirmed", "readiness_confirmed")
_ON = {
    "not_offered": ("restorative_offered",),
    "offered": ("restorative_answered",),
    "explained": ("restorative_answered",),
    "accepted": _PREPARING,
    "preparing": (*_PREPARING, "complex_work_approved"),
    "ready": ("restorative_event_planned", "restorative_event_held", "contact_condition_recorded", "risk_assessed"),
    "planned": ("restorative_event_held", "restorative_event_postponed"),
    "reparation": ("reparation_agreed", "reparation_item_completed", "reparation_ended"),
    "follow_up": ("follow_up_completed", "reparation_agreed"),
}
_WELL: dict[str, dict[str, Value]] = {
    "restorative_offered": {"invited": True},
    "restorative_answered": {"answer": "yes"},
    "restorative_consent_given": {"side": "both"},
    "risk_assessed": {"suitable": True},
}


def _a_step_on(data: st.DataObject, case: Case, day: date) -> tuple[EventKind, dict[str, Value]]:
    """What would come next with one of the children, if all went well but for the days and what is left out."""
    child, state = data.draw(st.sampled_from(sorted(strand_states(case).items())))
    kind = CATALOGUE[data.draw(st.sampled_from(_ON.get(state, ("restorative_offered",))))]
    fields = {**_walked(data, kind, day), **_WELL.get(kind.name, {})}
    if kind.name == "readiness_confirmed":
        fields = {}
    if kind.name == "risk_assessed":
        fields["signed_on"] = (day - timedelta(days=data.draw(st.integers(0, 3)))).isoformat()
    return kind, {**fields, **({"child": child} if kind.field("child") else {})}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_walk_over_two_strands_breaks_an_invariant(data: st.DataObject) -> None:
    case, days = _two(), 0
    for _ in range(data.draw(st.integers(10, 60))):
        days += data.draw(st.sampled_from((0, 0, 0, 1, 5, 30)))
        at = START + timedelta(days=days)
        # Most of the walk goes on with a child, so that it comes far; the rest tries anything.
        if data.draw(st.integers(0, 3)):
            kind, fields = _a_step_on(data, case, at.date())
        else:
            kind = CATALOGUE[data.draw(st.sampled_from(WALKED))]
            fields = _walked(data, kind, at.date())
        event = Event(case.version + 1, kind.name, at, at, "rosa", fields)

        try:
            states = reached(case, event, RULEBOOK)
        except NotAllowed:
            continue

        told = Event(event.seq, event.kind, at, at, "rosa", event.fields, None, states, VERSION)
        after = case.with_event(told)
        _must_hold(case, told, after)
        case = after
    today = (START + timedelta(days=days)).date()
    owed = duties(case, RULEBOOK, CALENDAR, today)
    keys = [(duty.rule.id, duty.occurrence) for duty in owed]
    assert len(keys) == len(set(keys)), "each duty is one row"
    assert not case.is_open or next_action(case, owed) is not None


def _must_hold(before: Case, event: Event, after: Case) -> None:
    was, now = strand_states(before), strand_states(after)
    assert set(now) == set(after.children or ("",))
    moved = {child for child in now if child in was and was[child] != now[child]}
    if event.kind in OF_ONE_CHILD:
        assert moved <= {event.text("child")}, "an entry about one child moves no other"
    if event.kind in ("readiness_confirmed", "restorative_event_held"):
        _invariant_4(after, event)
    assert event.kind in possible(before)
    going_on = {"accepted", "preparing", "ready", "planned"}.intersection(now.values())
    if after.state in (State.RESTORATIVE_PREPARATION, State.RESTORATIVE_DELIVERY):
        assert going_on, "the case is prepared while a strand is"
    if after.state is State.RESTORATIVE_DELIVERY:
        assert {"ready", "planned"}.intersection(now.values())
    if going_on:
        assert after.state not in ENDED
        assert after.state not in (State.FOLLOW_UP, State.REPARATION, State.ONGOING_SUPPORT, State.INFORMED_ONLY)
        assert Purpose.CONTACT in agreed(after)


def _invariant_4(after: Case, event: Event) -> None:
    mine = strand(after, event.text("child"))
    for side in ("victim", "child"):
        given_on = mine.consented_on(side)
        assert given_on is not None
        assert 0 <= (event.day - given_on).days <= LASTS
    assert mine.assessed_on is not None
    assert mine.assessed_on <= event.day
    assert not conditions_on(after, mine.child, event.day)
    assert not mine.is_complex or mine.is_approved
