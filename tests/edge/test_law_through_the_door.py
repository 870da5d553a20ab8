"""The law through the one door: days that move leave an event, reasons name a manager, mistakes show both verdicts."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from engine.checking import check_house
from engine.desk import queue_lines
from engine.entries import Actor, Entry
from engine.errors import WrongInput
from engine.house import House
from engine.record import record
from engine.sweep import sweep
from store import projections
from tests.conftest import NOW
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import another, case, kinds, ready, take_in
from workflow.duties import Duty, duties
from workflow.events import Value
from workflow.london import london_day, start_of_day
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.vocabulary import Role, Verdict

pytest_plugins = ["tests.edge.faults.fixtures"]

ROSA, MORGAN = Actor("rosa", Role.PRACTITIONER), Actor("morgan", Role.MANAGER)
ACKNOWLEDGE = "complaint-acknowledgement"


@pytest.fixture(scope="module")
def house(shared_town: House) -> House:
    """A house on each database, with a practitioner and a manager who never sign in."""
    return shared_town


def put(house: House, reference: str, event: str, day: str, actor: Actor = ROSA, **more: Any) -> list[str]:
    """Record one event of a day at noon of that day; gives the kinds of everything that was written."""
    corrects, fields = more.pop("corrects", None), more
    at = start_of_day(date.fromisoformat(day))
    entry = Entry(event, fields, at, corrects)
    return [each.kind for each in record(house, reference, [entry], actor=actor, now=at + timedelta(hours=12)).events]


def duty(house: House, reference: str, rule: str, today: str) -> Duty:
    owed = duties(case(house, reference), house.rulebook, house.calendar, date.fromisoformat(today))
    return next(each for each in reversed(owed) if each.rule.id == rule)


def told(house: House, reference: str) -> list[Mapping[str, Value]]:
    """What the case was told of days that moved."""
    return [event.fields for event in case(house, reference).of("deadline_moved")]


def complaint(house: House, day: str = "2026-11-23") -> str:
    reference = take_in(house, another(), NOW)
    put(house, reference, "complaint_received", day)
    return reference


# Days that move


def test_enhanced_rights_recorded_later_leave_an_event_for_each_day_they_move(house: House) -> None:
    reference = ready(house, another(), NOW)
    before = duty(house, reference, "first-attempt", "2026-11-23").due_on

    written = put(house, reference, "enhanced_rights_recorded", "2026-11-23", category="serious")

    assert written[0] == "enhanced_rights_recorded"
    moved = {str(each["rule"]): each for each in told(house, reference)}
    after = duty(house, reference, "first-attempt", "2026-11-23")
    assert (moved["first-attempt"]["was"], moved["first-attempt"]["now"]) == (str(before), str(after.due_on))
    assert {each["why"] for each in moved.values()} == {"enhanced_rights"}
    assert after.standard_due == before
    assert faults(house, NOW + timedelta(hours=3), [reference]) == []


def test_an_event_that_moves_no_day_leaves_no_other(house: House) -> None:
    reference = ready(house, another(), NOW)

    assert put(house, reference, "note_written", "2026-11-23", note="words") == ["note_written"]
    assert put(house, reference, "enhanced_rights_recorded", "2026-11-23", category="none") == [
        "enhanced_rights_recorded"
    ]
    assert told(house, reference) == []


def test_a_corrected_police_date_leaves_an_event_and_keeps_the_duty(house: House) -> None:
    reference = take_in(house, another(), NOW, incident__reported_on="2026-11-20", submitted_at="2026-11-20T09:30:00Z")
    reported = next(event.seq for event in case(house, reference).history if event.kind == "crime_reported")

    put(house, reference, "crime_reported", "2026-11-19", corrects=reported)

    moved = next(each for each in told(house, reference) if each["rule"] == "written-confirmation")
    assert (moved["was"], moved["now"], moved["why"]) == ("2026-11-27", "2026-11-26", "correction")
    assert faults(house, NOW, [reference]) == []


def test_a_pause_that_ends_leaves_the_event_and_a_pause_that_stands_none(house: House) -> None:
    reference = complaint(house)

    paused = put(house, reference, "clock_paused", "2026-11-25", rule=ACKNOWLEDGE, reason="identity")
    stands = duty(house, reference, ACKNOWLEDGE, "2026-12-20")
    resumed = put(house, reference, "clock_resumed", "2026-11-30", rule=ACKNOWLEDGE)

    assert (paused, resumed) == (["clock_paused"], ["clock_resumed", "deadline_moved"])
    assert (stands.verdict, stands.paused_since) == (Verdict.PAUSED, date(2026, 11, 25))
    assert told(house, reference)[0]["why"] == "pause"
    assert duty(house, reference, ACKNOWLEDGE, "2026-12-10").due_on == date(2026, 12, 10)
    assert duty(house, reference, ACKNOWLEDGE, "2026-12-10").verdict is Verdict.DUE_TODAY


def test_an_extension_told_in_time_leaves_the_event(house: House) -> None:
    reference = take_in(house, another(), NOW)
    put(house, reference, "subject_access_requested", "2026-11-23")

    written = put(house, reference, "subject_access_extended", "2026-12-10")

    assert written == ["subject_access_extended", "deadline_moved"]
    assert [(each["was"], each["now"], each["why"]) for each in told(house, reference)] == [
        ("2026-12-23", "2027-02-23", "extension")
    ]


def test_a_day_that_moves_in_a_closed_case_leaves_its_event_too(house: House) -> None:
    reference = complaint(house)
    put(house, reference, "case_closed", "2026-11-23", reason="out_of_scope")

    put(house, reference, "complaint_received", "2026-11-24")
    put(house, reference, "subject_access_requested", "2026-11-24")
    written = put(house, reference, "subject_access_extended", "2026-11-25")

    assert written == ["subject_access_extended", "deadline_moved"]
    assert faults(house, NOW + timedelta(days=3), [reference]) == []


def test_the_assignee_reads_in_the_queue_what_moved(house: House) -> None:
    reference = complaint(house)
    put(house, reference, "clock_paused", "2026-11-25", rule=ACKNOWLEDGE, reason="identity")
    put(house, reference, "clock_resumed", "2026-11-30", rule=ACKNOWLEDGE)

    (line,) = [each for each in queue_lines(house, None, NOW + timedelta(days=7)) if each["case"] == reference]

    assert "Moved from 7 December to 10 December" in line["reason"]


def test_a_reply_that_waits_still_waits_when_the_system_says_that_a_day_moved(house: House) -> None:
    reference = complaint(house)
    put(house, reference, "clock_paused", "2026-11-25", rule=ACKNOWLEDGE, reason="identity")
    at = start_of_day(date(2026, 11, 30))

    record(
        house,
        reference,
        [Entry("clock_resumed", {"rule": ACKNOWLEDGE}, at), Entry("victim_replied", {"channel": "phone"}, at)],
        actor=ROSA,
        now=at,
    )

    assert kinds(house, reference)[-1] == "deadline_moved"
    with house.reading() as connection:
        lines = projections.queue_lines(connection, house.service, None)
    (line,) = [each for each in lines if each.case == reference]
    assert line.reply_waiting


def test_telling_is_part_of_the_deed_that_moved_the_day_and_goes_with_it(house: House) -> None:
    reference = complaint(house)
    put(house, reference, "clock_paused", "2026-11-25", rule=ACKNOWLEDGE, reason="identity")
    before = kinds(house, reference)
    at = start_of_day(date(2026, 11, 30))

    with pytest.raises(NotAllowed):
        record(
            house,
            reference,
            [Entry("clock_resumed", {"rule": ACKNOWLEDGE}, at), Entry("restorative_event_postponed", {}, at)],
            actor=ROSA,
            now=at,
        )

    assert kinds(house, reference) == before


def test_going_round_and_checking_again_tell_nothing_twice(house: House) -> None:
    reference = complaint(house)
    put(house, reference, "clock_paused", "2026-11-25", rule=ACKNOWLEDGE, reason="identity")
    put(house, reference, "clock_resumed", "2026-11-30", rule=ACKNOWLEDGE)
    now = start_of_day(date(2026, 12, 1))

    for _ in range(3):
        sweep(house, now)
        checks = check_house(house, now, rebuild=True, tell=lambda done, total: None)["checks"]
        outcomes = {check["what"]: check["outcome"] for check in checks}
        assert (outcomes["projections"], outcomes["history chain"], outcomes["stuck work"]) == ("ok", "ok", "ok")

    assert kinds(house, reference).count("deadline_moved") == 1


# Good reasons


def reason(**changes: Any) -> dict[str, Any]:
    return {"rule": ACKNOWLEDGE, "reason": "victim_asked", "approver": "morgan", **changes}


def test_a_good_reason_with_an_approver_changes_the_verdict_and_says_why(house: House) -> None:
    reference = complaint(house)
    late = duty(house, reference, ACKNOWLEDGE, "2026-12-20")

    put(house, reference, "good_reason_recorded", "2026-12-20", MORGAN, **reason(note="They were on holiday."))

    excused = duty(house, reference, ACKNOWLEDGE, "2026-12-20")
    assert (late.verdict, excused.verdict) == (Verdict.OVERDUE, Verdict.NOT_MET_WITH_REASON)
    assert excused.reason == "victim_asked"
    kept = case(house, reference).last("good_reason_recorded")
    assert kept is not None
    assert (kept.text("approver"), kept.by) == ("morgan", "morgan")
    assert "holiday" not in str(dict(kept.fields))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (reason(rule="no-such-rule"), "There is no rule of that name. See: victim-contact rules"),
        (reason(approver="nobody"), "Give as approver the user name of a manager who may sign in."),
        (reason(approver="rosa"), "Give as approver the user name of a manager who may sign in."),
        (reason(occurrence=1), "No duty under that rule began with the entry of that number."),
        ({"rule": ACKNOWLEDGE, "reason": "victim_asked"}, "approver: Give approved by."),
    ],
)
def test_a_good_reason_that_names_nothing_real_is_refused_in_a_sentence(
    house: House, fields: dict[str, Any], sentence: str
) -> None:
    reference = complaint(house)
    before = kinds(house, reference)

    with pytest.raises(WrongInput) as refusal:
        put(house, reference, "good_reason_recorded", "2026-12-20", MORGAN, **fields)

    assert str(refusal.value) == sentence
    assert kinds(house, reference) == before


def test_a_good_reason_is_a_managers_to_record(house: House) -> None:
    reference = complaint(house)

    with pytest.raises(NotPermitted):
        put(house, reference, "good_reason_recorded", "2026-12-20", ROSA, **reason())


def test_a_good_reason_for_one_occurrence_names_the_entry_that_began_it(house: House) -> None:
    reference = complaint(house)
    put(house, reference, "complaint_received", "2026-11-24")
    second = case(house, reference).version

    put(house, reference, "good_reason_recorded", "2026-12-20", MORGAN, **reason(occurrence=second))

    owed = duties(case(house, reference), house.rulebook, house.calendar, date(2026, 12, 20))
    verdicts = {each.occurrence: each.verdict for each in owed if each.rule.id == ACKNOWLEDGE}
    assert sorted(verdicts.values()) == [Verdict.NOT_MET_WITH_REASON, Verdict.OVERDUE]
    assert verdicts[second] is Verdict.NOT_MET_WITH_REASON


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        ("clock_paused", {"rule": "no-such-rule", "reason": "identity"}),
        ("clock_resumed", {"rule": "no-such-rule"}),
    ],
)
def test_a_pause_or_its_end_for_a_rule_that_is_none_is_refused(
    house: House, event: str, fields: dict[str, Any]
) -> None:
    reference = complaint(house)

    with pytest.raises(WrongInput, match="There is no rule of that name"):
        put(house, reference, event, "2026-11-25", **fields)


# Entries put right


def test_an_entry_taken_back_changes_the_verdict_and_both_stay_in_the_history(house: House) -> None:
    reference = complaint(house)
    put(house, reference, "complaint_acknowledged", "2026-11-25")
    met = duty(house, reference, ACKNOWLEDGE, "2026-12-20")
    mistake = case(house, reference).version

    put(house, reference, "entry_retracted", "2026-12-20", corrects=mistake)

    now_late = duty(house, reference, ACKNOWLEDGE, "2026-12-20")
    assert (met.verdict, met.met_by) == (Verdict.MET, mistake)
    assert (now_late.verdict, now_late.met_by) == (Verdict.OVERDUE, None)
    assert {"complaint_acknowledged", "entry_retracted"} <= set(kinds(house, reference))
    then = case(house, reference).as_of(start_of_day(date(2026, 12, 1)))
    known_then = duties(then, house.rulebook, house.calendar, date(2026, 12, 1))
    assert next(d.verdict for d in known_then if d.rule.id == ACKNOWLEDGE) is Verdict.MET


def test_an_entry_put_right_by_another_counts_with_its_own_day(house: House) -> None:
    reference = take_in(house, another(), NOW)
    put(house, reference, "subject_access_requested", "2026-11-23")
    put(house, reference, "subject_access_answered", "2026-12-24")
    late, mistake = duty(house, reference, "subject-access", "2027-01-04"), case(house, reference).version
    answered = Entry("subject_access_answered", {}, start_of_day(date(2026, 12, 22)), mistake)

    record(house, reference, [answered], actor=ROSA, now=start_of_day(date(2026, 12, 29)))

    right = duty(house, reference, "subject-access", "2027-01-04")
    assert (late.verdict, right.verdict) == (Verdict.MET_LATE, Verdict.MET)
    assert right.met_on == date(2026, 12, 22)
    assert {mistake, mistake + 1} <= {event.seq for event in case(house, reference).history}
    assert faults(house, datetime(2027, 1, 4, tzinfo=NOW.tzinfo), [reference]) == []


def test_a_duty_whose_evidence_is_taken_back_is_told_of_a_day_that_moved_meanwhile(house: House) -> None:
    reference = ready(house, another(), NOW)
    put(house, reference, "attempt_made", "2026-11-23", channel="phone", outcome="no_answer")
    made = case(house, reference).of("attempt_made")[0].seq
    put(house, reference, "enhanced_rights_recorded", "2026-11-24", category="serious")
    assert "first-attempt" not in {each["rule"] for each in told(house, reference)}

    put(house, reference, "entry_retracted", "2026-11-25", corrects=made)

    moved = next(each for each in told(house, reference) if each["rule"] == "first-attempt")
    again = duty(house, reference, "first-attempt", "2026-11-25")
    assert moved["now"] == str(again.due_on)
    assert moved["why"] == "correction"
    assert london_day(NOW) < date.fromisoformat(str(moved["was"]))
