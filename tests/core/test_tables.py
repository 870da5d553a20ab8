"""The tables of moves: sound as tables, exhaustive cell by cell, and unbreakable by any order of events."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.histories import history, step
from workflow.case import Case
from workflow.catalogue import CATALOGUE
from workflow.consent import agreed
from workflow.events import Event, EventKind, Field, FieldKind, Value, field_problems
from workflow.machine import Move, NotAllowed, Table, lint
from workflow.tables import TABLES, VERSION, possible, reached
from workflow.vocabulary import ENDED, OPEN, STAGE_OF, Purpose, State, Track

START = datetime(2026, 1, 5, 9, tzinfo=UTC)

CELLS = [(table, state, kind) for table in TABLES for state in table.states for kind in sorted(table.kinds)]


def _value(asked: Field) -> Value:
    match asked.kind:
        case FieldKind.CHOICE:
            return asked.choices[0]
        case FieldKind.CHOICES:
            return "|".join(asked.choices)
        case FieldKind.FLAG:
            return True
        case FieldKind.DAY:
            return "2026-01-05"
        case FieldKind.NUMBER:
            return 1
        case _:
            return "X-1"


def _full(kind: EventKind) -> dict[str, Value]:
    return {asked.name: _value(asked) for asked in kind.fields}


def _answers(kind: EventKind) -> list[dict[str, Value]]:
    """The fields of an event in full, only the required ones, and with every other answer there is, one at a time."""
    full = _full(kind)
    others = [
        {**full, asked.name: answer}
        for asked in kind.fields
        for answer in (*asked.choices, *((False,) if asked.kind is FieldKind.FLAG else ()))
    ]
    return [full, {asked.name: full[asked.name] for asked in kind.fields if asked.required}, *others]


def _case_in(track: str, state: str, *before: str) -> Case:
    """A case that the last event left in a state, with everything else as at the beginning, and what is known of it."""
    place = {Track.JOURNEY: State.CONTACT_DUE, track: state}
    opening = {"source": "police", "victim_kind": "individual", "under_18": "no"}
    events = [Event(1, "case_opened", START, START, "feed", opening, reached=place)]
    for kind in before:
        fields = {**_full(CATALOGUE[kind]), "decision": "yes"} if kind == "consent_recorded" else _full(CATALOGUE[kind])
        events.append(Event(len(events) + 1, kind, START, START, "feed", fields, reached=place))
    return Case("VC-0001", tuple(events))


def test_the_tables_are_reachable_and_unambiguous_and_every_name_in_them_exists() -> None:
    faults = lint(TABLES, CATALOGUE)

    assert faults == []


def test_every_event_of_the_catalogue_has_its_place_in_the_journey() -> None:
    journey = TABLES[0]

    assert journey.kinds == set(CATALOGUE)
    assert set(STAGE_OF) == set(State)


def test_lint_finds_an_unreachable_state_an_unknown_event_and_a_row_that_can_never_be_tried() -> None:
    faulty = Table(
        "faulty",
        "a",
        (Move("note_written", ("a",), "b"), Move("note_written", ("a",), "c"), Move("sned_letter", ("d",), None)),
    )

    faults = lint([faulty], CATALOGUE)

    assert "faulty: d cannot be reached" in faults
    assert "faulty: sned_letter is not in the catalogue" in faults
    assert "faulty: note_written in a has a row after an unconditional one" in faults


def test_every_open_state_can_be_left_and_every_state_but_the_last_ones_knows_a_way_on() -> None:
    journey = TABLES[0]

    for state in OPEN:
        ways = {move.target for move in journey.moves if state in move.sources and move.target not in (None, state)}
        assert ways, f"{state} is a dead end"


@pytest.mark.parametrize(("table", "state", "kind"), CELLS, ids=lambda value: getattr(value, "track", str(value)))
def test_every_cell_is_allowed_or_refused_in_words(table: Table, state: str, kind: str) -> None:
    bare = _case_in(table.track, state)
    known = _case_in(table.track, state, "consent_recorded", "safety_recorded", "details_received")

    outcomes = [
        _outcome(table, case, Event(case.version + 1, kind, START, START, "rosa", fields))
        for case in (bare, known)
        for fields in _answers(CATALOGUE[kind])
    ]

    for outcome in outcomes:
        if isinstance(outcome, NotAllowed):
            assert str(outcome).endswith(".")
            assert len(str(outcome)) > 20
        else:
            assert outcome in table.states
            assert table.rows(kind, state)


def _outcome(table: Table, case: Case, event: Event) -> str | NotAllowed:
    try:
        return table.next_state(case, event)
    except NotAllowed as refusal:
        return refusal


@pytest.mark.parametrize("state", OPEN)
def test_consent_can_be_withdrawn_in_every_open_state_and_closes_the_case(state: State) -> None:
    case = _case_in(Track.JOURNEY, state)
    event = Event(2, "consent_withdrawn", START, START, "rosa", {"part": "all"})

    states = reached(case, event)

    assert states[Track.JOURNEY] == State.CLOSED
    assert states[Track.CONSENT] == "withdrawn"


def test_a_full_record_of_every_kind_fits_the_catalogue() -> None:
    for kind in CATALOGUE.values():
        assert field_problems(kind, _full(kind)) == ()


def test_a_withdrawal_of_a_later_day_is_never_overtaken_by_an_older_consent() -> None:
    case = history(
        step("case_opened", "2026-08-20", source="police", victim_kind="individual", under_18="no"),
        step("consent_recorded", "2026-08-20", decision="yes", model="opt_in", scope="contact"),
        step("consent_withdrawn", "2026-11-16", part="all"),
    )

    older = Event(
        4,
        "consent_recorded",
        case.history[1].at + timedelta(days=3),
        case.history[-1].at,
        "feed",
        {"decision": "yes", "model": "opt_in", "scope": "contact"},
    )
    after = reached(case, older)

    assert after[Track.JOURNEY] == State.CLOSED
    assert after[Track.CONSENT] == "withdrawn"
    assert agreed(case.with_event(older)) == frozenset()


def test_on_the_same_day_a_withdrawal_beats_what_police_recorded_in_either_order() -> None:
    opened = step("case_opened", "2026-08-20", source="police", victim_kind="individual", under_18="no")
    yes = step("consent_recorded", "2026-08-20 15:00", decision="yes", model="opt_in", scope="contact")
    no_more = step("consent_withdrawn", "2026-08-20 09:00", part="all")

    forwards, backwards = history(opened, yes, no_more), history(opened, no_more, yes)

    assert agreed(forwards) == agreed(backwards) == frozenset()
    assert forwards.state is backwards.state is State.CLOSED


def test_a_victim_who_comes_back_is_in_touch_again_with_one_event() -> None:
    case = history(
        step("case_opened", "2026-08-20", source="police", victim_kind="individual", under_18="no"),
        step("consent_recorded", "2026-08-20", decision="yes", model="opt_in", scope="contact"),
        step("consent_withdrawn", "2026-09-01", part="all"),
        step("victim_returned", "2026-10-01", scope="contact|restorative_information"),
    )

    assert case.state is State.ENGAGED
    assert case.states[Track.CONSENT] == "renewed"
    assert agreed(case) == {Purpose.CONTACT, Purpose.RESTORATIVE_INFORMATION}


def test_a_part_that_is_withdrawn_leaves_the_rest_standing() -> None:
    case = history(
        step("case_opened", "2026-08-20", source="police", victim_kind="individual", under_18="no"),
        step("consent_recorded", "2026-08-20", decision="yes", model="opt_in", scope="contact|home_visit"),
        step("consent_withdrawn", "2026-09-01", part="home_visit"),
    )

    assert agreed(case) == {Purpose.CONTACT}
    assert case.state is State.INTAKE_CHECK


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_walk_through_the_tables_breaks_an_invariant(data: st.DataObject) -> None:
    case = Case("VC-0001")
    opening = Event(
        1, "case_opened", START, START, "feed", {"source": "police", "victim_kind": "child", "under_18": "yes"}
    )
    case = case.with_event(_judged(case, opening))
    days = 0
    for _ in range(data.draw(st.integers(5, 40))):
        kind = CATALOGUE[data.draw(st.sampled_from(sorted(CATALOGUE)))]
        days += data.draw(st.integers(0, 9))
        at = START + timedelta(days=days - data.draw(st.integers(0, min(days, 30))))
        fields = {
            asked.name: data.draw(st.sampled_from(asked.choices)) if asked.choices else _value(asked)
            for asked in kind.fields
            if asked.required or data.draw(st.booleans())
        }
        event = Event(case.version + 1, kind.name, at, START + timedelta(days=days), "rosa", fields)

        try:
            after = case.with_event(_judged(case, event))
        except NotAllowed:
            continue

        _must_hold(case, event, after)
        case = after


def _judged(case: Case, event: Event) -> Event:
    states = reached(case, event)
    return Event(event.seq, event.kind, event.at, event.recorded_at, event.by, event.fields, None, states, VERSION)


def _must_hold(before: Case, event: Event, after: Case) -> None:
    assert event.kind in possible(before)
    assert after.state in tuple(State)
    if event.kind == "attempt_made":
        assert Purpose.CONTACT in agreed(before), "nobody is contacted outside consent"
        assert before.states[Track.HOLD] == "none", "nobody is contacted while a hold stands"
    if after.states[Track.CONSENT] == "withdrawn":
        assert agreed(after) == frozenset() or before.states[Track.CONSENT] == "withdrawn"
    if before.state in ENDED and after.state in OPEN:
        assert event.kind in ("consent_recorded", "consent_renewed", "victim_returned")
