"""Tests the local targets over the way a case goes."""

import pytest

from tests.core.histories import (
    SCOPE,
    attempted,
    consented,
    contact_due,
    engaged,
    go_on,
    history,
    opened,
    refused,
    step,
    talked,
    triaged,
)
from tests.core.test_duties import day, only, owed
from workflow.vocabulary import Verdict


def test_the_first_attempt_counts_from_the_day_we_knew_of_the_consent() -> None:
    case = history(opened("2026-11-02"), consented("2026-11-02", recorded="2026-11-06 16:00"))

    duty = only(case, "first-attempt", "2026-11-09")

    assert (duty.began_on, duty.due_on) == (day("2026-11-06"), day("2026-11-13"))


def test_an_unclear_answer_begins_the_officers_follow_up_and_no_first_attempt() -> None:
    case = history(opened("2026-11-02"), refused("2026-11-02"))

    assert only(case, "officer-follow-up", "2026-11-03").due_on == day("2026-11-04")
    assert owed(case, "first-attempt", "2026-11-03") == []


def test_a_victim_who_comes_back_is_called_within_two_working_days() -> None:
    case = history(contact_due("2026-11-02"), step("consent_withdrawn", "2026-11-03", part="all"))
    case = go_on(case, step("victim_returned", "2026-12-01", scope=SCOPE))

    assert only(case, "reopened-first-call", "2026-12-01").due_on == day("2026-12-03")
    assert [duty.verdict for duty in owed(case, "first-attempt", "2026-12-01")] == [Verdict.LAPSED, Verdict.RUNNING]


def test_each_attempt_that_fails_begins_the_next_and_ends_the_one_before() -> None:
    case = history(contact_due("2026-11-02"), attempted("2026-11-03"), attempted("2026-11-05"))

    first, second = owed(case, "next-attempt", "2026-11-06")

    assert (first.verdict, second.verdict) == (Verdict.MET, Verdict.RUNNING)
    assert second.due_on == day("2026-11-09")


def test_what_was_asked_at_two_weeks_does_not_answer_what_is_asked_at_six() -> None:
    case = history(
        engaged("2026-03-02"),
        talked("2026-03-02"),
        step("restorative_offered", "2026-03-02", invited=True),
        step("restorative_answered", "2026-03-02", answer="yes", kind="direct_meeting"),
        step(
            "readiness_confirmed",
            "2026-03-16",
            victim_consented_on="2026-03-10",
            child_consented_on="2026-03-10",
            risk_assessed_on="2026-03-10",
        ),
        step("restorative_event_held", "2026-03-18", kind="direct_meeting", agreement=False),
        step("support_reviewed", "2026-03-31"),
    )

    assert only(case, "after-event-call", "2026-04-01").due_on == day("2026-03-19")
    assert only(case, "two-week-follow-up", "2026-04-01").verdict is Verdict.MET
    assert only(case, "six-week-follow-up", "2026-04-01").verdict is Verdict.RUNNING
    assert only(case, "six-week-follow-up", "2026-04-01").due_on == day("2026-04-29")


def test_a_qualifying_sentence_is_the_services_two_days_and_witness_cares_ten() -> None:
    case = history(contact_due("2026-05-01"))
    short = go_on(case, step("sentence_passed", "2026-05-21", custody_months=11, listed_offence=True))
    long = go_on(case, step("sentence_passed", "2026-05-21", custody_months=12, listed_offence=True))

    assert owed(short, "contact-scheme-referral", "2026-05-22") == []
    assert only(long, "contact-scheme-first-step", "2026-05-22").due_on == day("2026-05-26")
    assert only(long, "contact-scheme-referral", "2026-05-22").due_on == day("2026-06-05")
    assert only(long, "contact-scheme-safety-net", "2026-05-22").owner == "yjs"


def test_triage_and_needs_have_their_own_clocks() -> None:
    case = history(opened("2026-11-05"), consented("2026-11-06"))

    done = go_on(case, triaged("2026-11-09"))

    assert only(case, "triage", "2026-11-06").due_on == day("2026-11-09")
    assert only(done, "triage", "2026-12-01").verdict is Verdict.MET
    assert only(done, "communication-needs", "2026-12-01").verdict is Verdict.MET


def test_a_yes_that_comes_twice_begins_one_first_attempt() -> None:
    case = history(opened("2026-11-02"), consented("2026-11-02"), consented("2026-11-03"))

    assert [duty.began_on for duty in owed(case, "first-attempt", "2026-11-04")] == [day("2026-11-02")]


@pytest.mark.parametrize(("asked", "verdict"), [("2026-04-14", Verdict.RUNNING), ("2026-04-15", Verdict.MET)])
def test_the_six_week_follow_up_is_answered_from_the_fourth_week_on(asked: str, verdict: Verdict) -> None:
    case = history(
        engaged("2026-03-02"),
        talked("2026-03-02"),
        step("restorative_offered", "2026-03-02", invited=True),
        step("restorative_answered", "2026-03-02", answer="yes", kind="direct_meeting"),
        step(
            "readiness_confirmed",
            "2026-03-16",
            victim_consented_on="2026-03-10",
            child_consented_on="2026-03-10",
            risk_assessed_on="2026-03-10",
        ),
        step("restorative_event_held", "2026-03-18", kind="direct_meeting", agreement=False),
        step("support_reviewed", asked),
    )

    assert only(case, "six-week-follow-up", "2026-04-16").verdict is verdict
