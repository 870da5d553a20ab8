"""Tests what is due and what is late."""

from datetime import date
from pathlib import Path

import pytest

from engine.rulebook import load_rulebook
from tests.core.histories import (
    attempted,
    contact_due,
    engaged,
    go_on,
    history,
    opened,
    refused,
    reported,
    step,
    talked,
)
from workflow.case import Case
from workflow.duties import Duty, duties
from workflow.vocabulary import Verdict

RULEBOOK, CALENDAR = load_rulebook(Path(__file__).parents[2] / "config")


def owed(case: Case, rule: str, today: str) -> list[Duty]:
    """The occurrences of one rule in a case on a day."""
    return [duty for duty in duties(case, RULEBOOK, CALENDAR, date.fromisoformat(today)) if duty.rule.id == rule]


def only(case: Case, rule: str, today: str) -> Duty:
    """The one occurrence of a rule in a case on a day."""
    (duty,) = owed(case, rule, today)
    return duty


def day(text: str) -> date:
    return date.fromisoformat(text)


# The split clock


def test_time_with_the_police_is_neither_charged_to_the_practitioner_nor_hidden() -> None:
    case = history(opened("2026-12-22"), reported("2026-12-22", told="2026-12-29"))

    duty = only(case, "rj-information", "2027-01-04")

    assert (duty.code_due_on, duty.code_verdict) == (day("2026-12-31"), Verdict.OVERDUE)
    assert (duty.due_on, duty.verdict) == (day("2027-01-06"), Verdict.RUNNING)
    assert (duty.began_on, duty.told_on) == (day("2026-12-22"), day("2026-12-29"))


def test_until_the_details_come_the_service_is_held_to_nothing() -> None:
    case = history(opened("2026-12-22"), step("crime_reported", "2026-12-22"))

    duty = only(case, "rj-information", "2027-03-01")

    assert (duty.due_on, duty.verdict) == (None, Verdict.RUNNING)
    assert (duty.code_due_on, duty.code_verdict) == (day("2026-12-31"), Verdict.OVERDUE)


def test_details_that_came_before_the_report_start_the_service_clock_with_the_report() -> None:
    case = history(opened("2026-11-02"), step("details_received", "2026-11-02"), step("crime_reported", "2026-11-04"))

    duty = only(case, "rj-information", "2026-11-05")

    assert duty.due_on == duty.code_due_on == day("2026-11-11")


def test_the_crime_reported_twice_is_one_duty() -> None:
    case = history(opened("2026-11-02"), reported("2026-11-02"), step("crime_reported", "2026-11-09"))

    found = owed(case, "rj-information", "2026-11-10")

    assert [duty.began_on for duty in found] == [day("2026-11-02")]


# The verdicts


@pytest.mark.parametrize(
    ("today", "verdict"),
    [
        ("2026-12-30", Verdict.RUNNING),
        ("2026-12-31", Verdict.DUE_TODAY),
        ("2027-01-01", Verdict.OVERDUE),
    ],
)
def test_an_open_duty_is_judged_by_its_due_date_alone(today: str, verdict: Verdict) -> None:
    case = history(opened("2026-12-22"), reported("2026-12-22"))

    duty = only(case, "rj-information", today)

    assert duty.verdict is verdict
    assert not duty.is_settled


@pytest.mark.parametrize(("done", "verdict"), [("2026-12-31 23:59", Verdict.MET), ("2027-01-01", Verdict.MET_LATE)])
def test_what_is_done_on_the_last_day_is_in_time_and_the_day_after_is_late(done: str, verdict: Verdict) -> None:
    case = history(contact_due("2026-12-22"), attempted("2026-12-22"))
    case = go_on(case, step("restorative_information_given", done, how="phone"))

    duty = only(case, "rj-information", "2027-02-01")

    assert duty.verdict is verdict
    assert duty.met_by == case.version
    assert duty.is_settled


def test_the_first_letter_meets_the_information_duty_and_another_letter_does_not() -> None:
    case = history(contact_due("2026-11-02"))
    other = go_on(case, step("letter_sent", "2026-11-03", letter="1", kind="L09", channel="post"))
    first = go_on(other, step("letter_sent", "2026-11-04", letter="2", kind="L01", channel="post"))

    assert only(other, "rj-information", "2026-11-04").met_on is None
    assert only(first, "rj-information", "2026-11-04").met_on == day("2026-11-04")


def test_a_partner_without_evidence_is_never_called_late() -> None:
    case = history(opened("2026-01-05"), reported("2026-01-05"))

    duty = only(case, "support-referral", "2026-12-01")

    assert (duty.due_on, duty.verdict) == (day("2026-01-07"), Verdict.NO_DATA)
    assert duty.owner == "police"


def test_a_partner_with_evidence_is_judged_like_anybody() -> None:
    in_time = history(opened("2026-01-05"), reported("2026-01-05"))
    in_time = go_on(in_time, step("support_referred", "2026-01-07", by="police", outcome="referred"))
    late = history(opened("2026-01-05"), reported("2026-01-05"))
    late = go_on(late, step("support_referred", "2026-01-08", by="police", outcome="referred"))
    ours = history(opened("2026-01-05"), reported("2026-01-05"))
    ours = go_on(ours, step("support_referred", "2026-01-06", by="yjs", outcome="referred"))

    assert only(in_time, "support-referral", "2026-02-01").verdict is Verdict.MET
    assert only(late, "support-referral", "2026-02-01").verdict is Verdict.MET_LATE
    assert only(ours, "support-referral", "2026-02-01").verdict is Verdict.NO_DATA


def test_a_consent_record_that_does_not_come_is_the_forces_lateness_and_the_chasing_is_ours() -> None:
    case = history(opened("2026-11-02"), step("consent_record_requested", "2026-11-02"))
    chased = go_on(case, step("consent_record_requested", "2026-11-04"))

    police, ours = only(chased, "consent-record-sent", "2026-11-10"), owed(chased, "consent-record", "2026-11-05")

    assert (police.due_on, police.verdict) == (day("2026-11-09"), Verdict.OVERDUE)
    assert [duty.verdict for duty in ours] == [Verdict.MET, Verdict.RUNNING]


def test_a_refusal_confirmed_in_time_ends_the_information_duty() -> None:
    case = history(opened("2026-11-02"), reported("2026-11-02"), refused("2026-11-03"))
    case = go_on(
        case,
        step(
            "refusal_confirmed",
            "2026-11-05",
            informed="who_we_are|what_we_offer|voluntary|what_is_shared|no_effect_on_case",
        ),
    )

    duty = only(case, "rj-information", "2027-01-01")

    assert (duty.verdict, duty.lapsed_on) == (Verdict.LAPSED, day("2026-11-05"))
    assert duty.is_settled


def test_a_duty_that_lapses_on_its_last_day_was_never_late() -> None:
    case = history(contact_due("2026-11-02"), step("consent_withdrawn", "2026-11-09", part="all"))

    assert only(case, "rj-information", "2027-01-01").verdict is Verdict.LAPSED


def test_a_duty_that_was_late_before_it_lapsed_stays_late_and_is_settled() -> None:
    case = history(contact_due("2026-11-02"), step("consent_withdrawn", "2026-11-10", part="all"))

    duty = only(case, "rj-information", "2027-01-01")

    assert duty.verdict is Verdict.OVERDUE
    assert duty.is_settled


def test_withdrawing_one_purpose_does_not_end_the_information_duty() -> None:
    case = history(contact_due("2026-11-02"), step("consent_withdrawn", "2026-11-03", part="progress_updates"))

    duty = only(case, "rj-information", "2026-11-04")

    assert duty.verdict is Verdict.RUNNING


def test_a_good_reason_excuses_what_is_late_and_never_what_was_done_in_time() -> None:
    late = history(contact_due("2026-11-02"), attempted("2026-11-02"))
    late = go_on(late, step("good_reason_recorded", "2026-11-16", rule="rj-information", reason="unsafe", approver="m"))
    done = history(contact_due("2026-11-02"), attempted("2026-11-02"))
    done = go_on(done, step("restorative_information_given", "2026-11-03", how="phone"))
    done = go_on(done, step("good_reason_recorded", "2026-11-16", rule="rj-information", reason="unsafe", approver="m"))

    excused, met = only(late, "rj-information", "2026-11-20"), only(done, "rj-information", "2026-11-20")

    assert (excused.verdict, excused.reason) == (Verdict.NOT_MET_WITH_REASON, "unsafe")
    assert met.verdict is Verdict.MET


def test_a_good_reason_for_one_occurrence_excuses_no_other() -> None:
    case = history(opened("2026-03-02"), step("complaint_received", "2026-03-02"))
    case = go_on(case, step("complaint_received", "2026-03-03"))
    case = go_on(
        case,
        step(
            "good_reason_recorded",
            "2026-04-01",
            rule="complaint-acknowledgement",
            occurrence=2,
            reason="victim_asked",
            approver="m",
        ),
    )

    first, second = owed(case, "complaint-acknowledgement", "2026-04-02")

    assert (first.occurrence, first.verdict) == (2, Verdict.NOT_MET_WITH_REASON)
    assert (second.occurrence, second.verdict) == (3, Verdict.OVERDUE)


def test_an_act_without_a_day_count_is_owed_until_it_is_done() -> None:
    case = history(engaged("2026-02-02"), talked("2026-02-02"))
    case = go_on(case, step("intervention_concluded", "2026-03-02", outcome="completed"))
    told = go_on(case, step("conclusion_notice_given", "2026-09-01", how="phone"))

    assert only(case, "conclusion-notice", "2026-12-01").verdict is Verdict.RUNNING
    assert only(case, "conclusion-notice", "2026-12-01").due_on is None
    assert only(told, "conclusion-notice", "2026-12-01").verdict is Verdict.MET


def test_nobody_who_did_not_consent_is_told_that_the_intervention_ended() -> None:
    case = history(opened("2026-02-02"), refused("2026-02-02"))
    case = go_on(case, step("intervention_concluded", "2026-06-01", outcome="completed"))

    assert owed(case, "conclusion-notice", "2026-06-02") == []
    assert owed(case, "completion-notice", "2026-06-02") == []


def test_an_entry_taken_back_neither_begins_nor_meets_a_duty() -> None:
    case = history(contact_due("2026-11-02"), attempted("2026-11-03"))
    attempt = case.version
    taken_back = go_on(case, step("entry_retracted", "2026-11-04", corrects=attempt))

    assert only(case, "first-attempt", "2026-11-05").verdict is Verdict.MET
    assert only(taken_back, "first-attempt", "2026-11-05").verdict is Verdict.RUNNING
    assert owed(taken_back, "next-attempt", "2026-11-05") == []


def test_what_answered_the_first_complaint_does_not_answer_a_second_of_the_same_day() -> None:
    case = history(
        opened("2026-03-02"),
        step("complaint_received", "2026-03-02 09:00"),
        step("complaint_acknowledged", "2026-03-02 10:00"),
        step("complaint_received", "2026-03-02 15:00"),
    )

    first, second = owed(case, "complaint-acknowledgement", "2026-03-03")

    assert (first.verdict, second.verdict) == (Verdict.MET, Verdict.RUNNING)


def test_what_happened_later_the_same_day_counts_though_it_was_recorded_first() -> None:
    case = history(
        opened("2026-03-02"),
        step("complaint_received", "2026-03-02 09:00"),
        step("complaint_acknowledged", "2026-03-04 16:00"),
        step("complaint_received", "2026-03-04 11:00", recorded="2026-03-04 17:00"),
    )

    _, second = owed(case, "complaint-acknowledgement", "2026-03-05")

    assert (second.verdict, second.met_on) == (Verdict.MET, day("2026-03-04"))


def test_a_good_reason_excuses_nothing_that_began_after_it() -> None:
    case = history(opened("2026-03-02"), step("complaint_received", "2026-03-02"))
    case = go_on(
        case,
        step("good_reason_recorded", "2026-03-20", rule="complaint-acknowledgement", reason="other", approver="m"),
        step("complaint_received", "2026-03-23"),
    )

    first, second = owed(case, "complaint-acknowledgement", "2026-06-01")

    assert (first.verdict, second.verdict) == (Verdict.NOT_MET_WITH_REASON, Verdict.OVERDUE)


def test_a_closing_that_was_taken_back_ends_no_duty() -> None:
    case = history(contact_due("2026-11-02"), step("case_closed", "2026-11-03", reason="not_a_victim"))
    taken_back = go_on(case, step("entry_retracted", "2026-11-03", corrects=case.version))

    assert only(case, "first-attempt", "2026-11-04").verdict is Verdict.LAPSED
    assert only(taken_back, "first-attempt", "2026-11-04").verdict is Verdict.RUNNING


def test_a_withdrawal_we_hear_of_later_ends_a_duty_that_began_after_its_day() -> None:
    later = "2026-11-22 09:00"
    case = history(
        opened("2026-11-22"),
        step("consent_recorded", "2026-08-20", recorded=later, decision="yes", model="opt_in", scope="contact"),
        step("consent_withdrawn", "2026-11-16", recorded=later, part="all"),
    )

    found = owed(case, "request", "2026-11-24")

    assert case.stage == "closed"
    assert [duty.is_settled for duty in found] == [True]
