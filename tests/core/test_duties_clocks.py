"""Tests what shortens, stops and turns round a clock: enhanced rights, pauses, limits before a day."""

from tests.core.histories import (
    attempted,
    consented,
    contact_due,
    engaged,
    go_on,
    history,
    opened,
    reported,
    step,
    talked,
)
from tests.core.test_duties import CALENDAR, day, only, owed
from workflow.duties import working_of
from workflow.vocabulary import Verdict

# Enhanced rights


def test_a_child_has_enhanced_rights_from_the_start_and_both_dates_are_kept() -> None:
    case = history(opened("2026-12-24", under_18="yes"), reported("2026-12-24"))

    duty = only(case, "rj-information", "2026-12-27")

    assert (duty.standard_due, duty.enhanced_due) == (day("2027-01-05"), day("2026-12-29"))
    assert duty.due_on == duty.code_due_on == day("2026-12-29")


def test_an_unknown_age_is_presumed_to_be_a_childs() -> None:
    case = history(opened("2026-11-02", under_18="unknown"), reported("2026-11-02"))

    assert only(case, "rj-information", "2026-11-02").due_on == day("2026-11-03")


def test_enhanced_rights_known_later_shorten_an_open_clock_from_that_day() -> None:
    case = history(opened("2026-11-02"), reported("2026-11-02"))
    case = go_on(case, step("enhanced_rights_recorded", "2026-11-04", category="serious"))

    duty = only(case, "rj-information", "2026-11-04")

    assert (duty.standard_due, duty.enhanced_due, duty.due_on) == (
        day("2026-11-09"),
        day("2026-11-05"),
        day("2026-11-05"),
    )


def test_enhanced_rights_never_lengthen_a_clock() -> None:
    case = history(opened("2026-11-02"), reported("2026-11-02"))
    case = go_on(case, step("enhanced_rights_recorded", "2026-11-09", category="persistent"))

    assert only(case, "rj-information", "2026-11-09").due_on == day("2026-11-09")


def test_enhanced_rights_shorten_both_halves_of_a_split_clock() -> None:
    case = history(opened("2026-11-02"), reported("2026-11-02", told="2026-11-11"))
    case = go_on(case, step("enhanced_rights_recorded", "2026-11-04", category="serious"))

    duty = only(case, "rj-information", "2026-11-12")

    assert (duty.code_due_on, duty.service_due, duty.due_on) == (
        day("2026-11-05"),
        day("2026-11-18"),
        day("2026-11-12"),
    )
    assert [each.day for each in working_of(duty, CALENDAR)] == [day("2026-11-12")]


def test_a_clock_that_had_ended_is_not_shortened_afterwards() -> None:
    case = history(contact_due("2026-11-02"), attempted("2026-11-02"))
    case = go_on(case, step("restorative_information_given", "2026-11-09", how="phone"))
    case = go_on(case, step("enhanced_rights_recorded", "2026-11-16", category="serious"))

    duty = only(case, "rj-information", "2026-12-01")

    assert (duty.due_on, duty.enhanced_due, duty.verdict) == (day("2026-11-09"), None, Verdict.MET)


# Pauses


def test_the_days_of_a_pause_are_not_counted() -> None:
    case = history(opened("2026-03-02"), step("complaint_received", "2026-03-02"))
    case = go_on(case, step("clock_paused", "2026-03-05", rule="complaint-acknowledgement", reason="identity"))
    resumed = go_on(case, step("clock_resumed", "2026-03-10", rule="complaint-acknowledgement"))

    paused, running = (
        only(case, "complaint-acknowledgement", "2026-06-01"),
        only(resumed, "complaint-acknowledgement", "2026-03-10"),
    )

    assert (paused.verdict, paused.paused_since) == (Verdict.PAUSED, day("2026-03-05"))
    assert running.due_on == day("2026-03-19")
    assert [each.why for each in working_of(running, CALENDAR)].count("the clock is paused") == 5


def test_a_pause_after_the_due_date_stops_nothing() -> None:
    case = history(opened("2026-03-02"), step("complaint_received", "2026-03-02"))
    case = go_on(case, step("clock_paused", "2026-03-17", rule="complaint-acknowledgement", reason="identity"))

    assert only(case, "complaint-acknowledgement", "2026-03-20").verdict is Verdict.OVERDUE


def test_a_pause_on_the_last_day_still_stops_the_clock() -> None:
    case = history(opened("2026-03-02"), step("complaint_received", "2026-03-02"))
    case = go_on(case, step("clock_paused", "2026-03-16", rule="complaint-acknowledgement", reason="identity"))
    resumed = go_on(case, step("clock_resumed", "2026-03-18", rule="complaint-acknowledgement"))

    assert only(case, "complaint-acknowledgement", "2026-03-20").verdict is Verdict.PAUSED
    assert only(resumed, "complaint-acknowledgement", "2026-03-18").due_on == day("2026-03-18")


def test_a_pause_from_before_the_beginning_takes_away_only_the_days_after_it() -> None:
    case = history(
        opened("2026-11-02"),
        step("hold_placed", "2026-11-03", reason="police", until="2026-11-20"),
        consented("2026-11-10"),
        step("hold_ended", "2026-11-12"),
    )

    duty = only(case, "first-attempt", "2026-11-12")

    # Of the five working days after Tuesday 10 November, Wednesday the 11th does not count.
    assert duty.due_on == day("2026-11-18")


def test_a_hold_stops_the_local_clock_and_not_the_clock_of_the_code() -> None:
    case = history(contact_due("2026-11-02"))
    case = go_on(case, step("hold_placed", "2026-11-04", reason="safeguarding", until="2026-11-20"))

    local, code = only(case, "first-attempt", "2026-11-12"), only(case, "rj-information", "2026-11-12")

    assert (local.verdict, local.paused_since) == (Verdict.PAUSED, day("2026-11-04"))
    assert code.verdict is Verdict.OVERDUE


def test_a_month_that_ends_on_a_day_off_moves_to_the_next_working_day() -> None:
    case = history(opened("2026-11-25"), step("subject_access_requested", "2026-11-25"))

    duty = only(case, "subject-access", "2026-11-26")

    assert duty.due_on == day("2026-12-29")
    assert [each.why for each in working_of(duty, CALENDAR)][-5:] == [
        "Christmas Day (bank holiday)",
        "Saturday",
        "Sunday",
        "Boxing Day (substitute day)",
        "the next working day",
    ]


# Limits before a day


def test_views_are_due_two_working_days_before_the_decision() -> None:
    case = history(contact_due("2026-12-01"))
    case = go_on(case, step("decision_scheduled", "2026-12-01", kind="out_of_court_panel", on="2026-12-30"))

    duty = only(case, "views-before-decision", "2026-12-02")

    assert duty.due_on == day("2026-12-24")
    assert [(each.day.day, each.counted) for each in working_of(duty, CALENDAR)] == [
        (29, True),
        (28, False),
        (27, False),
        (26, False),
        (25, False),
        (24, True),
    ]


def test_a_decision_announced_too_late_is_pressing_at_once_and_late_only_after_a_day_to_act_in() -> None:
    case = history(contact_due("2026-11-02"))
    case = go_on(case, step("decision_scheduled", "2026-11-06 17:00", kind="referral_order_panel", on="2026-11-12"))

    views, panel = (only(case, rule, "2026-11-07") for rule in ("views-before-decision", "panel-invitation"))

    assert (views.standard_due, views.due_on) == (day("2026-11-10"), day("2026-11-10"))
    assert (panel.standard_due, panel.due_on) == (day("2026-11-06"), day("2026-11-09"))
    assert panel.verdict is Verdict.RUNNING


def test_what_is_owed_before_a_decision_is_never_due_after_it() -> None:
    case = history(contact_due("2026-11-02"))
    case = go_on(case, step("decision_scheduled", "2026-11-05", kind="court_hearing", on="2026-11-05"))

    duty = only(case, "views-before-decision", "2026-11-05")

    assert (duty.due_on, duty.verdict) == (day("2026-11-05"), Verdict.DUE_TODAY)


def test_a_decision_that_is_put_off_takes_its_old_day_with_it() -> None:
    case = history(contact_due("2026-11-02"))
    case = go_on(case, step("decision_scheduled", "2026-11-02", kind="court_hearing", on="2026-11-12"))
    case = go_on(case, step("decision_scheduled", "2026-11-11", kind="court_hearing", on="2026-11-26"))

    first, second = owed(case, "views-before-decision", "2026-11-11")

    assert (first.due_on, first.verdict) == (day("2026-11-10"), Verdict.LAPSED)
    assert (second.due_on, second.verdict) == (day("2026-11-24"), Verdict.RUNNING)


def test_views_from_the_first_conversation_serve_the_next_decision_and_not_the_one_after() -> None:
    case = history(engaged("2026-03-02"), talked("2026-03-02"))
    case = go_on(case, step("decision_scheduled", "2026-04-01", kind="out_of_court_panel", on="2026-04-20"))
    case = go_on(case, step("decision_made", "2026-04-20"))
    case = go_on(case, step("decision_scheduled", "2026-08-03", kind="court_hearing", on="2026-08-20"))

    first, second = owed(case, "views-before-decision", "2026-08-04")

    assert (first.verdict, first.met_on) == (Verdict.MET, day("2026-03-02"))
    assert second.verdict is Verdict.RUNNING


def test_a_decision_made_without_views_leaves_the_duty_late() -> None:
    case = history(contact_due("2026-11-02"))
    case = go_on(case, step("decision_scheduled", "2026-11-02", kind="court_hearing", on="2026-11-12"))
    case = go_on(case, step("decision_made", "2026-11-12"))

    duty = only(case, "views-before-decision", "2026-12-01")

    assert (duty.verdict, duty.is_settled) == (Verdict.OVERDUE, True)


def test_ask_again_on_a_weekend_moves_to_the_next_working_day() -> None:
    case = history(engaged("2026-03-02"), talked("2026-03-02"), step("restorative_offered", "2026-03-03", invited=True))
    case = go_on(case, step("restorative_answered", "2026-03-04", answer="not_now", ask_again_on="2026-05-02"))

    assert only(case, "ask-again", "2026-03-05").due_on == day("2026-05-05")
