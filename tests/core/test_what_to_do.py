"""What there is to do on a case: everything owed in an order that no day changes, and nothing that may not be done."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.core.histories import (
    INFORMED,
    SCOPE,
    Steps,
    attempted,
    consented,
    contact_due,
    engaged,
    go_on,
    history,
    opened,
    refused,
    reported,
    step,
    talked,
    triaged,
)
from tests.core.test_actions import certain, law
from workflow.actions import CLOCK, SAFETY, Action, actions, next_action, tier_on
from workflow.case import Case
from workflow.code import Source
from workflow.duties import Duty, duties
from workflow.reminders import is_time_up, next_look, time_moves
from workflow.vocabulary import State, Track, Verdict

NO_CONTACT = {"make_first_contact", "try_again", "rj_information", "panel_invitation", "privacy_information"}


def owed_on(case: Case, today: str) -> tuple[Duty, ...]:
    return duties(case, *law(), date.fromisoformat(today))


def to_do(case: Case, today: str = "2026-11-23") -> tuple[Action, ...]:
    return actions(case, owed_on(case, today))


def names(case: Case, today: str = "2026-11-23") -> list[str]:
    return [action.name for action in to_do(case, today)]


def the(case: Case, rule: str, today: str) -> Duty:
    return next(duty for duty in reversed(owed_on(case, today)) if duty.rule.id == rule)


def supported() -> Steps:
    """A victim who is supported after an offer that was put off."""
    return (
        engaged("2026-09-01"),
        talked("2026-09-01"),
        step("restorative_offered", "2026-09-02", invited=True),
        step("restorative_answered", "2026-09-02", answer="not_now", ask_again_on="2026-11-02"),
    )


def informed_then_closed(reason: str = "completed_informed") -> Case:
    """A victim who wanted news, and whose case was closed."""
    case = history(engaged("2026-09-01"), talked("2026-09-01"), step("information_only_chosen", "2026-09-02"))
    return go_on(case, step("case_closed", "2026-10-01", reason=reason))


# The order


def test_everything_owed_is_listed_and_the_next_action_is_the_first_of_it() -> None:
    case = history(engaged("2026-11-19"), talked("2026-11-20"), step("complaint_received", "2026-11-20"))

    found = to_do(case)
    first = certain(case)

    assert {"offer_restorative", "complaint_first_word", "complaint_answer", "complaint_acknowledgement"} <= {
        action.name for action in found
    }
    assert (first.name, first.due_on) == (found[0].name, found[0].due_on)


def test_an_overdue_promise_never_stands_before_a_clock_of_the_code() -> None:
    case = history(supported(), step("complaint_received", "2026-11-10"))

    found = to_do(case, "2026-12-30")

    order = [action.name for action in found]
    assert next(a for a in found if a.name == "review_support").due_on == date(2026, 9, 30)
    assert order.index("complaint_acknowledgement") < order.index("review_support")


def test_what_is_due_earlier_beside_the_next_action_is_named_and_lifts_the_line() -> None:
    case = history(supported(), step("complaint_received", "2026-11-10"))

    first = certain(case)

    assert first.rule == "complaint-acknowledgement"
    assert "Also by 30 September: review support." in first.reason
    assert tier_on(first, date(2026, 9, 30)) == CLOCK


def test_a_held_letter_hides_neither_the_step_nor_a_clock_and_is_listed() -> None:
    case = history(
        contact_due("2026-11-20"),
        step("letter_drafted", "2026-11-20", letter="L-1", kind="L01", occurrence=1),
        step("letter_held", "2026-11-20", letter="L-1", kind="L01", occurrence=1),
        step("complaint_received", "2026-11-20"),
    )

    found = names(case)

    assert found[0] == "make_first_contact"
    assert found.index("clear_held_letter") == len(found) - 1
    assert "complaint_acknowledgement" in found


def test_waiting_for_police_hides_no_clock_of_the_code() -> None:
    case = history(
        contact_due("2026-11-02"),
        step("hold_placed", "2026-11-03", reason="police", until="2026-11-10"),
        step("complaint_received", "2026-11-09"),
    )

    found = names(case)

    assert found.index("complaint_acknowledgement") < found.index("review_hold")


@pytest.mark.parametrize("later", [1, 3, 10, 40, 400])
def test_the_order_is_the_same_on_every_day(later: int) -> None:
    case = history(
        supported(),
        step("complaint_received", "2026-11-10"),
        step("subject_access_requested", "2026-11-11"),
        step("decision_scheduled", "2026-11-12", kind="court_hearing", on="2026-12-01"),
        step("letter_drafted", "2026-11-12", letter="L-1", kind="L16", occurrence=1),
        step("letter_held", "2026-11-12", letter="L-1", kind="L16", occurrence=1),
    )
    first = date(2026, 11, 12)

    then, after = (to_do(case, str(day)) for day in (first, first + timedelta(days=later)))

    assert then == after
    assert len(then) >= 5


# Closed cases


def test_a_letter_drafted_after_closing_reaches_the_queue() -> None:
    case = go_on(
        informed_then_closed(),
        step("letter_drafted", "2026-10-01", letter="L-9", kind="L34", occurrence=1),
    )

    assert names(case) == ["approve_letter"]
    assert names(go_on(case, step("letter_cancelled", "2026-10-02", letter="L-9", kind="L34"))) == []


def test_the_end_of_the_childs_work_is_owed_after_closing_only_to_somebody_who_wanted_news() -> None:
    wanted = go_on(informed_then_closed(), step("intervention_concluded", "2026-11-20", outcome="completed"))
    declined = go_on(
        history(engaged("2026-09-01"), talked("2026-09-01"), step("all_declined", "2026-09-02")),
        step("intervention_concluded", "2026-11-20", outcome="completed"),
    )
    withdrew = go_on(
        history(engaged("2026-09-01"), talked("2026-09-01"), step("consent_withdrawn", "2026-09-02", part="all")),
        step("intervention_concluded", "2026-11-20", outcome="completed"),
    )

    assert names(wanted) == ["completion_notice"]
    assert names(declined) == []
    assert names(withdrew) == []


def test_safety_can_be_confirmed_on_a_closed_case_and_is_asked_for_where_it_is_not_known() -> None:
    case = go_on(
        informed_then_closed(),
        step("safety_recorded", "2026-10-02", phone="no", post="no", voicemail="no", said_by="victim"),
        step("intervention_concluded", "2026-11-20", outcome="completed"),
    )

    confirmed = go_on(case, step("safety_recorded", "2026-11-20", phone="yes", said_by="victim"))

    assert names(case) == ["ask_safe_channel"]
    assert names(confirmed) == ["completion_notice"]


# What may not be done


def test_while_consent_is_asked_back_no_action_asks_for_contact_and_the_clock_is_still_shown() -> None:
    case = history(opened("2026-11-20"), reported("2026-11-20"), refused("2026-11-20"))

    assert names(case) == ["follow_up_officer"]
    assert the(case, "rj-information", "2026-11-23").verdict is Verdict.RUNNING


def test_somebody_who_refused_gets_no_action_that_needs_a_contact() -> None:
    case = history(opened("2026-11-20"), reported("2026-11-20"), refused("2026-11-20"))
    case = go_on(
        case,
        step("refusal_confirmed", "2026-11-23", informed=INFORMED),
        step("decision_scheduled", "2026-11-23", kind="referral_order_panel", on="2026-12-09"),
    )

    assert names(case, "2026-12-30") == []


@pytest.mark.parametrize("said", [{"voicemail": "yes"}, {"visit": "yes"}, {"phone": "unknown"}])
def test_what_is_no_channel_by_itself_is_not_taken_for_a_safe_one(said: dict[str, Any]) -> None:
    case = history(opened("2026-11-20"), reported("2026-11-20"), consented("2026-11-20"))

    case = go_on(case, step("safety_recorded", "2026-11-20", said_by="police", **said))

    assert names(case) == ["ask_safe_channel"]


def test_when_every_channel_turns_out_wrong_the_officer_is_asked_and_nobody_is_called() -> None:
    case = history(contact_due("2026-11-20"), step("safety_recorded", "2026-11-20", post="no", said_by="victim"))

    case = go_on(case, attempted("2026-11-21", "number_wrong"))

    assert case.state is State.ATTEMPTING
    assert names(case)[0] == "ask_safe_channel"


def test_a_yes_that_was_taken_back_leaves_no_call_to_make() -> None:
    case = history(contact_due("2026-11-20"))
    yes = next(event.seq for event in case.history if event.kind == "consent_recorded")

    case = go_on(case, step("entry_retracted", "2026-11-21", corrects=yes))

    assert not NO_CONTACT & set(names(case))
    assert names(case)[0] == "follow_up_officer"


def test_restorative_information_is_not_owed_to_somebody_who_does_not_want_to_hear_of_it() -> None:
    case = history(opened("2026-11-20"), reported("2026-11-20"))
    yes = step(
        "consent_recorded",
        "2026-11-20 10:00",
        decision="yes",
        model="opt_in",
        scope="contact",
        scope_refused="restorative_information",
    )

    case = go_on(case, yes, triaged("2026-11-20 11:00"))

    assert the(case, "rj-information", "2027-01-04").verdict is Verdict.LAPSED
    assert "rj_information" not in names(case, "2027-01-04")


# Days nobody could keep


def test_a_record_that_comes_with_the_notice_leaves_nothing_to_ask_for() -> None:
    together = history(opened("2026-11-20"), consented("2026-11-18", "2026-11-20"))
    asked = history(opened("2026-11-20"), step("consent_record_requested", "2026-11-20 15:00"))

    assert [duty.rule.id for duty in owed_on(together, "2026-11-23") if duty.rule.id == "request"] == []
    assert the(asked, "request", "2026-11-23").verdict is Verdict.MET


def test_the_asking_ends_for_an_enhanced_victim_on_the_day_by_which_they_are_to_hear() -> None:
    child = history(
        opened("2026-11-23", under_18="yes"),
        reported("2026-11-23"),
        consented("2026-11-23"),
        step("safety_recorded", "2026-11-23", phone="yes", said_by="police"),
        step("triage_completed", "2026-11-23"),
    )
    owed = owed_on(child, "2026-11-23")

    assert the(child, "rj-information", "2026-11-23").due_on == date(2026, 11, 24)
    assert not is_time_up(child, owed, date(2026, 11, 23))
    assert is_time_up(child, owed, date(2026, 11, 24))
    assert next_look(child, owed, law()[1]) == date(2026, 11, 24)


def test_a_gap_never_forbids_the_call() -> None:
    case = history(
        opened("2026-11-23"),
        reported("2026-11-23"),
        consented("2026-11-23"),
        step("safety_recorded", "2026-11-23", phone="yes", said_by="police"),
        step("triage_completed", "2026-11-23"),
    )
    assert case.state is State.CHARACTERISTICS_CAPTURE

    assert go_on(case, attempted("2026-11-23")).state is State.ATTEMPTING
    assert go_on(case, attempted("2026-11-23", "reached")).state is State.ENGAGED


def test_police_who_never_answer_are_let_go_after_two_chases() -> None:
    case = history(opened("2026-11-02"), step("consent_record_requested", "2026-11-02"))
    once = go_on(case, step("consent_record_requested", "2026-11-05"))
    twice = go_on(once, step("consent_record_requested", "2026-11-09"))
    last = the(twice, "consent-record", "2026-11-09").due_on
    assert last == date(2026, 11, 11)

    assert time_moves(once, owed_on(once, "2026-12-01"), date(2026, 12, 1)) == []
    assert time_moves(twice, owed_on(twice, "2026-11-11"), last) == []
    assert time_moves(twice, owed_on(twice, "2026-11-12"), date(2026, 11, 12)) == [("consent_record_time_passed", {})]
    look = next_look(twice, owed_on(twice, "2026-11-09"), law()[1])
    assert look is not None
    assert look <= date(2026, 11, 12)
    let_go = go_on(twice, step("consent_record_time_passed", "2026-11-12", user="clock"))
    assert let_go.state is State.CONSENT_QUERY
    assert names(let_go, "2026-11-12") == ["decide_on_silence"]
    assert go_on(let_go, step("case_closed", "2026-11-12", reason="police_never_answered")).state is State.CLOSED


# Support that does not stop


def test_somebody_who_was_not_invited_goes_on_being_supported() -> None:
    case = history(engaged("2026-11-02"), talked("2026-11-02"))

    case = go_on(case, step("restorative_offered", "2026-11-03", invited=False, reason="unsafe"))

    assert case.state is State.ONGOING_SUPPORT
    assert certain(case).due_on == date(2026, 12, 1)


def test_support_goes_on_when_the_childs_order_ends_and_is_reviewed_at_four_and_then_twelve_weeks() -> None:
    case = history(supported(), step("intervention_concluded", "2026-09-10", outcome="completed"))
    assert case.state is State.ONGOING_SUPPORT

    reviewed = go_on(case, step("support_reviewed", "2026-09-28"))

    assert the(case, "support-review", "2026-09-10").due_on == date(2026, 9, 30)
    assert the(reviewed, "support-next-review", "2026-09-28").due_on == date(2026, 12, 21)
    assert {"review_support", "completion_notice"} <= set(names(case))


def test_not_now_is_asked_again_on_the_day_that_was_agreed() -> None:
    case = history(supported(), step("support_reviewed", "2026-09-28"))

    assert certain(case).rule == "ask-again"
    assert certain(case).due_on == date(2026, 11, 2)


# Safety


def test_a_safeguarding_alert_ends_only_with_a_plan_and_leaves_extra_care() -> None:
    case = history(
        contact_due("2026-11-20"), step("hold_placed", "2026-11-20", reason="safeguarding", until="2026-12-01")
    )
    first = certain(case)
    assert case.states[Track.HOLD] == "alert"
    assert (first.name, first.tier, first.due_on) == ("manage_alert", SAFETY, date(2026, 11, 23))

    managed = go_on(case, step("alert_managed", "2026-11-23", plan_on="2026-11-23", user="manager"))

    assert managed.states[Track.HOLD] == "none"
    assert managed.states[Track.SAFETY] == "enhanced_care"
    assert the(managed, "safeguarding-plan", "2026-11-30").verdict is Verdict.MET


def test_the_clocks_of_the_code_come_from_rules_of_the_code() -> None:
    case = history(contact_due("2026-11-20"), step("complaint_received", "2026-11-20"))

    code = {duty.rule.id for duty in owed_on(case, "2026-11-23") if duty.rule.source is Source.VICTIMS_CODE}

    assert "complaint-acknowledgement" in code
    assert next_action(case, []) is not None, "an open case has its next action whatever is owed"


def test_a_transfer_leaves_the_victim_with_us_until_the_other_service_has_them() -> None:
    case = history(
        contact_due("2026-11-20"), step("transfer_offered", "2026-11-20", to="another-service", victim_asked=True)
    )
    assert names(case)[0] == "make_first_contact"
    assert names(case)[-1] == "await_transfer"

    theirs = go_on(case, step("transfer_accepted", "2026-11-23", handed_over=True))
    ours = go_on(case, step("transfer_returned", "2026-12-07", reason="no_answer", user="clock"))

    assert theirs.state is State.CLOSED
    assert names(theirs) == []
    assert (ours.state, ours.states[Track.TRANSFER]) == (State.CONTACT_DUE, "none")


def test_time_brings_back_what_the_other_service_did_not_take() -> None:
    case = history(
        contact_due("2026-11-20"), step("transfer_offered", "2026-11-20", to="another-service", victim_asked=True)
    )
    last = the(case, "transfer-answer", "2026-11-20").due_on
    assert last == date(2026, 12, 4)

    before, after = (time_moves(case, owed_on(case, str(day)), day) for day in (last, last + timedelta(days=1)))

    assert before == []
    assert after == [("transfer_returned", {"reason": "no_answer"})]


def test_a_victim_who_comes_back_is_called_within_two_working_days_or_goes_to_triage_first() -> None:
    gone = history(contact_due("2026-03-02"), step("consent_withdrawn", "2026-03-03", part="all"))

    known = go_on(gone, step("victim_returned", "2026-11-20", scope=SCOPE))
    stale = go_on(gone, step("victim_returned", "2026-11-20", scope=SCOPE, check_again=True))

    assert known.state is State.ENGAGED
    assert the(known, "reopened-first-call", "2026-11-20").due_on == date(2026, 11, 24)
    assert stale.state is State.INTAKE_CHECK
    assert names(stale)[0] == "triage"
