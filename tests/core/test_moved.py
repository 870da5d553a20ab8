"""Tests which due days moved and why: told once, never of what is settled, and never in a circle."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rulebook import load_rulebook
from tests.core.histories import Steps, contact_due, go_on, history, opened, reported, step
from tests.core.test_duties_walks import walks
from workflow.actions import next_action
from workflow.calendar import Calendar, Change, Holiday
from workflow.case import Case
from workflow.catalogue import CATALOGUE
from workflow.duties import Duty, duties, working_of
from workflow.moved import WHY, Moved, Shown, moved, why
from workflow.vocabulary import Verdict

RULEBOOK, CALENDAR = load_rulebook(Path(__file__).parents[2] / "config")
TODAY = date(2026, 11, 22)
HOLIDAY = Holiday(date(2026, 11, 12), "Bank holiday for a royal wedding")


def owed(case: Case, calendar: Calendar = CALENDAR, today: date = TODAY) -> tuple[Duty, ...]:
    return duties(case, RULEBOOK, calendar, today)


def shown(case: Case, calendar: Calendar = CALENDAR) -> Shown:
    return {(duty.rule.id, duty.occurrence): duty.due_on for duty in owed(case, calendar)}


def after(case: Case, *steps: Steps) -> tuple[Case, dict[str, tuple[str, str]]]:
    """The case after more steps, and by rule what moved from which day to which."""
    later = go_on(case, *steps)
    return later, days(moved(shown(case), later, owed(later)))


def days(found: tuple[Moved, ...]) -> dict[str, tuple[str, str]]:
    return {each.rule.id: (each.was.isoformat(), each.now.isoformat()) for each in found}


def cause(case: Case, added: int, rule: str, calendar: Calendar = CALENDAR) -> str:
    """Why the due day of a rule moved with the last events of a case."""
    before = replace(case, history=case.history[: len(case.history) - added])
    found = next(each for each in moved(shown(before), case, owed(case, calendar)) if each.rule.id == rule)
    return why(found, case.history[len(case.history) - added :], case, RULEBOOK, calendar, TODAY)


def announced(known_on: date | None, holiday: Holiday = HOLIDAY) -> Calendar:
    """The calendar with a holiday that became known on a day, or that no case was told of."""
    return replace(
        CALENDAR,
        holidays=tuple(sorted((*CALENDAR.holidays, holiday), key=lambda each: each.day)),
        changes=(Change(holiday, True, known_on),),
    )


def complaint(day: str = "2026-11-09") -> Case:
    return history(opened("2026-11-02"), reported("2026-11-02"), step("complaint_received", day))


# What moves a day


def test_enhanced_rights_known_later_move_the_open_days_and_say_so() -> None:
    case = history(contact_due("2026-11-02"))

    later, found = after(case, step("enhanced_rights_recorded", "2026-11-03", category="serious"))

    assert found["rj-information"] == ("2026-11-09", "2026-11-04")
    assert found["first-attempt"] == ("2026-11-09", "2026-11-05")
    assert cause(later, 1, "rj-information") == "enhanced_rights"
    both = next(duty for duty in owed(later) if duty.rule.id == "rj-information")
    assert (both.standard_due, both.enhanced_due) == (date(2026, 11, 9), date(2026, 11, 4))


def test_enhanced_rights_taken_back_move_the_days_back() -> None:
    case = history(contact_due("2026-11-02"), step("enhanced_rights_recorded", "2026-11-03", category="serious"))

    later, found = after(case, step("entry_retracted", "2026-11-03", corrects=case.version))

    assert found["rj-information"] == ("2026-11-04", "2026-11-09")
    assert cause(later, 1, "rj-information") == "correction"


def test_a_pause_moves_nothing_until_counting_goes_on() -> None:
    case = complaint()
    rule = "complaint-acknowledgement"

    paused, at_first = after(case, step("clock_paused", "2026-11-11", rule=rule, reason="identity"))
    resumed, then = after(paused, step("clock_resumed", "2026-11-16", rule=rule))

    assert at_first == {}
    assert then == {rule: ("2026-11-23", "2026-11-26")}
    assert cause(resumed, 1, rule) == "pause"


def test_a_hold_that_ends_moves_the_clocks_it_stopped() -> None:
    case = history(contact_due("2026-11-02"))
    held = go_on(case, step("hold_placed", "2026-11-04", reason="police", until="2026-11-10"))

    later, found = after(held, step("hold_ended", "2026-11-09"))

    assert found["first-attempt"] == ("2026-11-09", "2026-11-12")
    assert cause(later, 1, "first-attempt") == "pause"


def test_an_extension_told_in_time_moves_the_day() -> None:
    case = history(opened("2026-11-02"), reported("2026-11-02"), step("subject_access_requested", "2026-11-02"))

    later, found = after(case, step("subject_access_extended", "2026-11-20"))

    assert found == {"subject-access": ("2026-12-02", "2027-02-02")}
    assert cause(later, 1, "subject-access") == "extension"


def test_a_corrected_police_date_moves_the_day_of_the_same_duty() -> None:
    case = history(opened("2026-11-09"), reported("2026-11-09"))
    reported_in = next(event.seq for event in case.history if event.kind == "crime_reported")

    later, found = after(case, step("crime_reported", "2026-11-05", recorded="2026-11-10", corrects=reported_in))

    assert found["written-confirmation"] == ("2026-11-16", "2026-11-12")
    assert cause(later, 1, "written-confirmation") == "correction"


def test_an_earlier_police_date_moves_the_day_of_a_duty_that_begins_once() -> None:
    case = history(opened("2026-11-09"), reported("2026-11-09"))

    later, found = after(case, step("crime_reported", "2026-11-05", recorded="2026-11-10"))

    assert found["written-confirmation"] == ("2026-11-16", "2026-11-12")
    assert cause(later, 1, "written-confirmation") == "correction"


def test_a_day_that_was_not_counted_before_is_new_and_did_not_move() -> None:
    case = history(opened("2026-11-02"), step("crime_reported", "2026-11-02"))

    _, found = after(case, step("details_received", "2026-11-04", reachable="phone"))

    assert "rj-information" not in found


def test_a_plain_event_moves_nothing() -> None:
    case = history(contact_due("2026-11-02"))

    _, found = after(case, step("note_written", "2026-11-03", note="N-1"))

    assert found == {}


# Holidays that are announced


def test_a_holiday_announced_later_moves_what_is_open_and_not_what_was_settled() -> None:
    calendar = announced(date(2026, 11, 3))
    case = complaint()
    done = go_on(case, step("complaint_acknowledged", "2026-11-20"))

    found = days(moved(shown(case), case, owed(case, calendar)))

    assert found["complaint-acknowledgement"] == ("2026-11-23", "2026-11-24")
    assert "complaint-acknowledgement" not in days(moved(shown(case), done, owed(done, calendar)))


@pytest.mark.parametrize(
    ("settled", "verdict", "due"),
    [
        (("complaint_acknowledged", "2026-11-23"), Verdict.MET, date(2026, 11, 23)),
        (("complaint_acknowledged", "2026-11-24"), Verdict.MET_LATE, date(2026, 11, 23)),
        (("complaint_acknowledged", "2026-11-25"), Verdict.MET_LATE, date(2026, 11, 23)),
        (("complaint_acknowledged", "2026-11-26"), Verdict.MET_LATE, date(2026, 11, 24)),
    ],
)
def test_what_was_settled_before_a_holiday_was_known_keeps_its_day_and_verdict(
    settled: tuple[str, str], verdict: Verdict, due: date
) -> None:
    case, calendar = go_on(complaint(), step(*settled)), announced(date(2026, 11, 26))

    duty = next(duty for duty in owed(case, calendar) if duty.rule.id == "complaint-acknowledgement")

    assert (duty.verdict, duty.due_on) == (verdict, due)
    assert working_of(duty, calendar)[-1].day == due


def test_a_duty_that_lapsed_or_was_excused_keeps_its_day_too() -> None:
    reason = step("good_reason_recorded", "2026-11-10", rule="complaint-acknowledgement", reason="other", approver="m")
    excused = go_on(complaint(), reason)
    lapsed = go_on(history(contact_due("2026-11-09")), step("case_closed", "2026-11-10", reason="out_of_scope"))
    calendar = announced(date(2026, 11, 11))

    for case in (excused, lapsed):
        kept = shown(case)
        settled = [duty for duty in owed(case, calendar) if duty.is_settled]
        assert settled
        assert all(duty.due_on == kept[duty.rule.id, duty.occurrence] for duty in settled)


def test_a_day_nobody_was_told_of_counts_for_what_is_open_only() -> None:
    calendar = announced(None)
    done = go_on(complaint(), step("complaint_acknowledged", "2026-11-24"))

    still_open = next(d for d in owed(complaint(), calendar) if d.rule.id == "complaint-acknowledgement")
    settled = next(d for d in owed(done, calendar) if d.rule.id == "complaint-acknowledgement")

    assert (still_open.due_on, settled.due_on) == (date(2026, 11, 24), date(2026, 11, 23))
    assert settled.verdict is Verdict.MET_LATE


@pytest.mark.parametrize("known_on", [date(2026, 11, 3), None])
def test_a_day_that_nothing_recorded_explains_moved_by_the_calendar(known_on: date | None) -> None:
    case = complaint()
    calendar = announced(known_on)
    (found,) = [each for each in moved(shown(case), case, owed(case, calendar)) if each.rule.id == "complaint-answer"]

    assert why(found, (), case, RULEBOOK, calendar, TODAY) == "calendar"
    assert why(found, (), case, RULEBOOK, CALENDAR, TODAY) == "edition"


# Told once


def told(case: Case, found: tuple[Moved, ...], when: str = "2026-11-20") -> Case:
    steps = [
        step(
            "deadline_moved",
            when,
            user="system",
            rule=each.rule.id,
            occurrence=each.occurrence,
            was=each.was.isoformat(),
            now=each.now.isoformat(),
            why="calendar",
        )
        for each in found
    ]
    return go_on(case, steps)


def test_what_was_told_is_not_told_again() -> None:
    case, calendar = complaint(), announced(date(2026, 11, 3))
    before = shown(case)
    found = moved(before, case, owed(case, calendar))

    later = told(case, found)

    assert found
    assert moved(before, later, owed(later, calendar)) == ()
    assert owed(later, calendar) == owed(case, calendar)


def test_a_day_that_moves_there_and_back_is_told_both_times() -> None:
    case, calendar = complaint(), announced(date(2026, 11, 3))
    there = told(case, moved(shown(case), case, owed(case, calendar)))

    back = moved(shown(there, calendar), there, owed(there))

    assert days(back)["complaint-acknowledgement"] == ("2026-11-24", "2026-11-23")


def test_no_rule_looks_at_what_the_system_says_of_days() -> None:
    # Else telling would move a day again, and so on.
    said = {"deadline_moved", "reminder_raised"}

    for edition in RULEBOOK.editions:
        for rule in edition.rules:
            lists = (rule.begins, rule.told, rule.met_by, rule.lapses_on, rule.pauses, rule.resumes, rule.extended_by)
            assert not said & {match.event for matches in lists for match in matches}, rule.id


@settings(deadline=None, max_examples=60)
@given(walks(), st.integers(1, 12))
def test_whatever_happened_telling_once_tells_everything(case: Case, last: int) -> None:
    before = Case(case.reference, case.history[: max(1, len(case.history) - last)])

    found = moved(shown(before), case, owed(case))

    by_duty = {(duty.rule.id, duty.occurrence): duty for duty in owed(case)}
    for each in found:
        duty = by_duty[each.rule.id, each.occurrence]
        assert each.was != each.now == duty.due_on
        assert not duty.is_settled
    assert moved(shown(case), case, owed(case)) == ()


# The assignee


def test_the_next_action_says_what_moved_until_a_person_acts() -> None:
    case = complaint()
    calendar = announced(date(2026, 11, 3))
    found = tuple(e for e in moved(shown(case), case, owed(case, calendar)) if e.rule.id == "complaint-acknowledgement")
    moved_on = told(case, found)

    action = next_action(moved_on, owed(moved_on, calendar))
    acted = go_on(moved_on, step("note_written", "2026-11-20", note="N-1"))
    then = next_action(acted, owed(acted, calendar))

    assert action is not None
    assert then is not None
    assert action.reason.endswith(
        "Moved from 23 November to 24 November: complaint acknowledgement, because the bank holidays changed."
    )
    assert "Moved" not in then.reason


def test_a_partners_day_that_moved_is_no_news_to_the_assignee() -> None:
    case = history(opened("2026-11-09"), reported("2026-11-09"))
    calendar = announced(date(2026, 11, 3))
    police = tuple(e for e in moved(shown(case), case, owed(case, calendar)) if e.rule.id == "written-confirmation")

    later = told(case, police)

    action = next_action(later, owed(later, calendar))
    assert police
    assert action is not None
    assert "Moved" not in action.reason


def test_every_reason_has_its_words_and_the_event_takes_it() -> None:
    asked = CATALOGUE["deadline_moved"].field("why")

    assert asked is not None
    assert set(asked.choices) == set(WHY)
