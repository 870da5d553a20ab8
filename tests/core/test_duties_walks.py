"""Tests duties over histories nobody thought of: editions that change, clocks that stop, events in any order."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rulebook import load_rulebook
from tests.core.histories import contact_due, history, moment, opened, reported, step
from tests.core.test_code import document
from tests.measure import effort
from workflow.calendar import calendar_of
from workflow.case import Case
from workflow.catalogue import CATALOGUE
from workflow.code import Rulebook
from workflow.duties import Duty, duties, working_of
from workflow.duty_rules import edition_of, rulebook_of
from workflow.events import Event, Field, FieldKind, Value
from workflow.machine import NotAllowed
from workflow.tables import possible, reached
from workflow.vocabulary import Owner, Verdict

RULEBOOK, CALENDAR = load_rulebook(Path(__file__).parents[2] / "config")
TODAY = date(2026, 11, 22)
_OWN = {**document(), "moments": {"subject_access_extended": "It takes longer"}}


def book(**changes: Any) -> Rulebook:
    """A rulebook of one rule, ``a-rule``, with some of its keys changed."""
    made = deepcopy(_OWN)
    made["rule"] = document(**changes)["rule"]
    return rulebook_of([edition_of(made)])


Told = tuple[str, str, dict[str, Value]]


def bare(*told: Told) -> Case:
    """A case of events that no table judged: for rules that look at nothing else."""
    return Case(
        "VC-0001",
        tuple(
            Event(seq, kind, moment(when), moment(when), "test", fields)
            for seq, (kind, when, fields) in enumerate(told, start=1)
        ),
    )


def only(case: Case, rulebook: Rulebook, today: date = TODAY) -> Duty:
    (duty,) = duties(case, rulebook, CALENDAR, today)
    return duty


# Editions, cut-offs, extensions, conditions


def test_a_duty_is_judged_by_the_edition_in_force_on_the_day_it_began() -> None:
    old, new = document(), document(limit={"working_days": 1})
    old["edition"]["until"] = new["edition"]["in_force"] = date(2026, 7, 1)
    new["edition"]["id"] = "2026-07-01"
    rulebook = rulebook_of([edition_of(old), edition_of(new)])

    before, after = bare(("crime_reported", "2026-06-30", {})), bare(("crime_reported", "2026-07-01", {}))

    assert (only(before, rulebook).edition, only(before, rulebook).due_on) == ("2021-04-01", date(2026, 7, 7))
    assert (only(after, rulebook).edition, only(after, rulebook).due_on) == ("2026-07-01", date(2026, 7, 2))


def test_what_began_before_any_edition_we_hold_is_no_duty() -> None:
    assert duties(bare(("crime_reported", "2021-03-31", {})), RULEBOOK, CALENDAR, TODAY) == ()


def test_after_the_cut_off_hour_the_next_day_counts_as_the_trigger() -> None:
    rulebook = book(cut_off=17)

    early, late = bare(("crime_reported", "2026-07-06 16:59", {})), bare(("crime_reported", "2026-07-06 17:00", {}))

    assert (only(early, rulebook).due_on, only(late, rulebook).due_on) == (date(2026, 7, 13), date(2026, 7, 14))


def test_the_london_day_counts_and_not_the_day_in_utc() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    case = Case("VC-0001", (Event(1, "crime_reported", late, late, "test"),))

    assert only(case, book()).began_on == date(2026, 7, 1)


def test_an_extension_told_in_time_lengthens_the_limit_and_one_told_late_does_not() -> None:
    asked: Told = ("subject_access_requested", "2026-03-02", {})
    in_time = bare(asked, ("subject_access_extended", "2026-04-02", {}))
    too_late = bare(asked, ("subject_access_extended", "2026-04-03", {}))

    extended, not_extended = only(in_time, RULEBOOK), only(too_late, RULEBOOK)

    assert (extended.due_on, extended.extended_on) == (date(2026, 6, 2), date(2026, 4, 2))
    assert (not_extended.due_on, not_extended.extended_on) == (date(2026, 4, 2), None)


def test_a_rule_for_some_victims_is_no_duty_to_others() -> None:
    adult = history(opened("2026-03-02"), reported("2026-03-02"))
    child = history(opened("2026-03-02", under_18="yes"), reported("2026-03-02"))

    owed = [[d.rule.id for d in duties(case, RULEBOOK, CALENDAR, TODAY)] for case in (adult, child)]

    assert "specialist-support-offer" not in owed[0]
    assert "specialist-support-offer" in owed[1]


def test_a_month_is_lengthened_by_the_days_of_a_pause_before_it_moves() -> None:
    case = bare(
        ("subject_access_requested", "2026-03-02", {}),
        ("clock_paused", "2026-03-10", {"rule": "subject-access", "reason": "clarification"}),
        ("clock_resumed", "2026-03-19", {"rule": "subject-access"}),
    )

    duty = only(case, RULEBOOK)

    # 2 April and nine days is Saturday 11 April.
    assert duty.due_on == date(2026, 4, 13)
    assert working_of(duty, CALENDAR)[-1].day == duty.due_on


def test_a_case_asked_as_of_a_day_knows_nothing_that_was_recorded_later() -> None:
    letter = step("letter_sent", "2026-11-04", recorded="2026-11-20", letter="1", kind="L01", channel="post")
    case = history(contact_due("2026-11-02"), letter)

    then = duties(case.as_of(moment("2026-11-10")), RULEBOOK, CALENDAR, date(2026, 11, 10))
    now = duties(case, RULEBOOK, CALENDAR, TODAY)

    assert next(duty.verdict for duty in then if duty.rule.id == "rj-information") is Verdict.OVERDUE
    assert next(duty.verdict for duty in now if duty.rule.id == "rj-information") is Verdict.MET


def test_a_holiday_announced_later_moves_the_open_due_day() -> None:
    case = history(opened("2026-07-10"), reported("2026-07-10"))
    holiday = {"title": "Bank holiday", "date": "2026-07-14", "notes": ""}
    kept = [{"title": each.title, "date": each.day.isoformat(), "notes": ""} for each in CALENDAR.holidays]
    announced = calendar_of({"england-and-wales": {"events": [*kept, holiday]}})

    before, after = (
        {duty.rule.id: duty.due_on for duty in duties(case, RULEBOOK, calendar, date(2026, 7, 10))}
        for calendar in (CALENDAR, announced)
    )

    assert (before["rj-information"], after["rj-information"]) == (date(2026, 7, 17), date(2026, 7, 20))


# Any history at all


def _value(draw: st.DrawFn, asked: Field, day: date) -> Value:
    match asked.kind:
        case FieldKind.CHOICE:
            return draw(st.sampled_from(asked.choices))
        case FieldKind.CHOICES:
            return "|".join(draw(st.lists(st.sampled_from(asked.choices), min_size=1, unique=True)))
        case FieldKind.FLAG:
            return draw(st.booleans())
        case FieldKind.DAY:
            return (day + timedelta(days=draw(st.integers(-3, 60)))).isoformat()
        case FieldKind.NUMBER:
            return draw(st.integers(0, 30))
        case _:
            return draw(st.sampled_from(["L01", "L24", "rj-information", "first-attempt", "n1"]))


@st.composite
def walks(draw: st.DrawFn) -> Case:
    """A case that wandered through the tables, its events at any time of day and recorded at once or later."""
    start = draw(st.dates(date(2021, 3, 1), date(2028, 12, 1)))
    under_18 = draw(st.sampled_from(["yes", "no", "unknown"]))
    case = history(step("case_opened", start, source="police", victim_kind="individual", under_18=under_18))
    at = moment(start)
    for _ in range(draw(st.integers(0, 30))):
        # A merged case allows nothing more.
        kind = draw(st.sampled_from(sorted(possible(case)) or ["case_opened"]))
        at += timedelta(minutes=draw(st.integers(0, 20_000)))
        fields = {each.name: _value(draw, each, at.date()) for each in CATALOGUE[kind].fields}
        late = at + timedelta(minutes=draw(st.sampled_from([0, 0, 3_000])))
        event = Event(case.version + 1, kind, at, late, "test", fields)
        try:
            case = case.with_event(replace(event, reached=reached(case, event)))
        except NotAllowed:
            continue
    return case


@settings(deadline=None)
@given(walks(), st.integers(-10, 400))
def test_whatever_happened_the_duties_hold_together(case: Case, passed: int) -> None:
    today = case.history[-1].day + timedelta(days=passed)

    found = duties(case, RULEBOOK, CALENDAR, today)

    assert found == duties(Case(case.reference, case.history), RULEBOOK, CALENDAR, today)
    assert len({(duty.rule.id, duty.occurrence) for duty in found}) == len(found)
    for duty in found:
        if duty.owner is not Owner.YJS and not duty.rule.silence_counts:
            assert duty.verdict not in (Verdict.RUNNING, Verdict.DUE_TODAY, Verdict.OVERDUE)
        if duty.standard_due and duty.enhanced_due:
            assert duty.enhanced_due <= duty.standard_due
        if duty.due_on and duty.code_due_on:
            assert duty.due_on >= duty.code_due_on
        if duty.verdict is Verdict.MET and duty.due_on:
            assert duty.met_on is not None
            assert duty.met_on <= duty.due_on
        if duty.verdict is Verdict.OVERDUE:
            assert duty.due_on is not None
            assert duty.due_on < today
        assert duty.occurrence in duty.events
        assert set(duty.events) <= {event.seq for event in case.standing}


@settings(deadline=None)
@given(walks(), st.integers(0, 200), st.integers(1, 200))
def test_time_alone_changes_only_what_is_open(case: Case, first: int, more: int) -> None:
    today = case.history[-1].day + timedelta(days=first)

    before, after = (duties(case, RULEBOOK, CALENDAR, day) for day in (today, today + timedelta(days=more)))

    for then, now in zip(before, after, strict=True):
        assert then.due_on == now.due_on
        if then.is_settled or then.verdict in (Verdict.NO_DATA, Verdict.PAUSED):
            assert then.verdict is now.verdict


def test_ten_thousand_duties_cost_no_more_than_writing_and_reading_fifty_thousand_small_documents() -> None:
    case = history(opened("2026-11-02"), reported("2026-11-02"))
    each = len(duties(case, RULEBOOK, CALENDAR, TODAY))
    cases = [Case(f"VC-{number}", case.history) for number in range(10_000 // each)]

    found: list[int] = []
    cost = effort(lambda: found.extend(len(duties(every, RULEBOOK, CALENDAR, TODAY)) for every in cases))

    assert sum(found) > 9_900
    assert cost < 50
