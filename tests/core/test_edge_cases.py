"""The cases that go another way: a child and a guardian, a family, a trial, an error, a return, a birthday."""

from datetime import date
from typing import Any

import pytest

from tests.core.histories import (
    SCOPE,
    Steps,
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
    triaged,
)
from tests.core.test_what_to_do import names, owed_on, the, to_do
from workflow.actions import CANNOT_BE_UNDONE, SAFETY
from workflow.bars import usable
from workflow.case import Case
from workflow.consent import agreed
from workflow.contact import Verdict, channel_decision
from workflow.machine import NotAllowed
from workflow.vocabulary import Channel, Purpose, State, Track
from workflow.vocabulary import Verdict as DutyVerdict

TODAY = date(2026, 11, 23)


def refusal(case: Case, *steps: Steps) -> str:
    """Why the tables say no to a step."""
    with pytest.raises(NotAllowed) as refused:
        go_on(case, *steps)
    return str(refused.value)


def wishes(child: str, guardian: str, **more: Any) -> Steps:
    return step("wishes_recorded", "2026-11-20", child_wish=child, guardian_wish=guardian, **more)


# A child victim


@pytest.mark.parametrize(("child", "guardian"), [("yes", "no"), ("no", "yes")])
def test_a_child_and_a_guardian_who_disagree_go_to_a_manager_before_anybody_calls(child: str, guardian: str) -> None:
    case = history(contact_due("2026-11-20", under_18="yes"), wishes(child, guardian))

    assert names(case)[0] == "settle_wishes"
    assert to_do(case)[0].tier == CANNOT_BE_UNDONE
    assert "a manager settles it" in refusal(case, attempted("2026-11-23"))
    assert channel_decision(case, Channel.PHONE, TODAY, 90).verdict is Verdict.HOLD


def test_a_manager_settles_it_either_way_and_a_new_wish_opens_it_again() -> None:
    case = history(contact_due("2026-11-20", under_18="yes"), wishes("yes", "no"))

    go = go_on(case, step("wishes_settled", "2026-11-23", outcome="contact", user="manager"))
    wait = go_on(case, step("wishes_settled", "2026-11-23", outcome="no_contact_yet", user="manager"))

    assert go_on(go, attempted("2026-11-23")).state is State.ATTEMPTING
    assert "a manager settles it" in refusal(wait, attempted("2026-11-23"))
    assert "a manager settles it" in refusal(go_on(go, wishes("no", "yes")), attempted("2026-11-23"))


@pytest.mark.parametrize(("child", "guardian"), [("yes", "yes"), ("not_asked", "yes"), ("yes", "no_guardian")])
def test_where_nobody_disagrees_nothing_is_in_the_way(child: str, guardian: str) -> None:
    case = history(contact_due("2026-11-20", under_18="yes"), wishes(child, guardian))

    assert go_on(case, attempted("2026-11-23")).state is State.ATTEMPTING


def test_for_a_looked_after_child_the_social_worker_is_told_first() -> None:
    case = history(contact_due("2026-11-20", under_18="yes"), wishes("yes", "yes", looked_after=True))

    told = go_on(case, wishes("yes", "yes", looked_after=True, social_worker_told=True))

    assert names(case)[0] == "tell_social_worker"
    assert "social worker" in refusal(case, attempted("2026-11-23"))
    assert go_on(told, attempted("2026-11-23")).state is State.ATTEMPTING


def test_a_child_who_turns_18_is_asked_for_consent_in_their_own_right_within_thirty_days() -> None:
    case = history(engaged("2026-11-02"), talked("2026-11-02"), step("coming_of_age_noted", "2026-11-20"))
    assert the(case, "own-consent", "2026-11-23").due_on == date(2026, 12, 21)
    assert "own_consent" in names(case)

    by_guardian, own = (
        go_on(case, step("consent_renewed", "2026-11-24", decision="yes", model="opt_in", scope=SCOPE, given_by=who))
        for who in ("parent_guardian", "self")
    )

    assert "own_consent" in names(by_guardian)
    assert "own_consent" not in names(own)


# A family, an organisation, somebody close to the child


@pytest.mark.parametrize("kind", ["bereaved_relative", "spokesperson"])
def test_a_bereaved_family_is_approached_through_their_officer(kind: str) -> None:
    case = history(opened("2026-11-20", victim_kind=kind), reported("2026-11-20"), consented("2026-11-20"))
    case = go_on(case, triaged("2026-11-20"))

    asked, waits = (
        go_on(case, step("family_officer_consulted", "2026-11-20", outcome=outcome))
        for outcome in ("may_contact", "not_yet")
    )

    assert names(case)[0] == names(waits)[0] == "ask_family_officer"
    assert "family liaison officer" in refusal(waits, attempted("2026-11-23"))
    assert names(asked)[0] == "make_first_contact"
    assert go_on(asked, attempted("2026-11-23")).state is State.ATTEMPTING


def test_an_organisation_has_no_age_and_no_officer_and_is_called_by_its_named_contact() -> None:
    case = history(opened("2026-11-20", victim_kind="organisation"), reported("2026-11-20"), consented("2026-11-20"))

    case = go_on(case, triaged("2026-11-20"))

    assert (case.is_child, case.enhanced_from) == (False, None)
    assert names(case)[0] == "make_first_contact"


@pytest.mark.parametrize("what", ["peer_same_school", "parent", "family", "neighbour", "partner_ex"])
def test_for_somebody_close_to_the_child_the_door_is_asked_about_again_before_a_visit_or_a_letter(what: str) -> None:
    case = history(
        contact_due("2026-11-20"), step("relationship_recorded", "2026-11-21", relationship=what, source="police")
    )
    letter = attempted("2026-11-23", "sent", "post")

    asked = go_on(case, step("safety_recorded", "2026-11-22", post="yes", said_by="victim"))

    assert usable(case) == (Channel.PHONE,)
    assert "close to the child" in refusal(case, letter)
    assert channel_decision(case, Channel.POST, TODAY, 90).verdict is Verdict.HOLD
    assert go_on(asked, letter).state is State.ATTEMPTING


def test_a_stranger_is_written_to_without_asking_again() -> None:
    case = history(
        contact_due("2026-11-20"), step("relationship_recorded", "2026-11-21", relationship="stranger", source="police")
    )

    assert go_on(case, attempted("2026-11-23", "sent", "post")).state is State.ATTEMPTING


def test_somebody_targeted_again_and_again_has_enhanced_rights_from_the_day_it_is_known() -> None:
    case = history(contact_due("2026-11-20"))
    before = the(case, "first-attempt", "2026-11-23").due_on

    case = go_on(case, step("enhanced_rights_recorded", "2026-11-23", category="persistent"))

    assert before == date(2026, 11, 27)
    assert the(case, "first-attempt", "2026-11-23").due_on == date(2026, 11, 25)


# Holds


def test_a_witness_in_a_trial_is_not_spoken_to_until_the_hold_ends() -> None:
    case = history(
        contact_due("2026-11-20"),
        step("decision_scheduled", "2026-11-20", kind="court_hearing", on="2026-12-15"),
        step("hold_placed", "2026-11-23", reason="prosecution", until="2026-12-20"),
    )
    first = to_do(case)[0]

    assert (first.name, first.waiting_on) == ("review_hold", "prosecution")
    assert "on hold" in refusal(case, attempted("2026-11-23"))
    assert "on hold" in refusal(case, step("views_asked", "2026-11-23", channel="phone"))
    assert "views_before_decision" not in names(case)
    ended = go_on(case, step("hold_ended", "2026-12-01"))
    assert names(ended, "2026-12-01")[0] == "make_first_contact"


def test_an_alert_is_ended_by_no_ordinary_end_and_by_no_plan_to_come() -> None:
    case = history(
        contact_due("2026-11-20"), step("hold_placed", "2026-11-20", reason="safeguarding", until="2026-12-01")
    )

    assert "cannot be recorded" in refusal(case, step("hold_ended", "2026-11-23"))
    assert "dated" in refusal(case, step("alert_managed", "2026-11-23", plan_on="2026-12-01"))
    assert "on hold" in refusal(case, attempted("2026-11-23"))
    second = go_on(case, step("hold_placed", "2026-11-21", reason="police", until="2026-12-01"))
    assert second.states[Track.HOLD] == "alert"
    assert to_do(second)[0].tier == SAFETY


def test_a_death_stops_everything_that_is_said_to_the_victim() -> None:
    case = history(engaged("2026-11-02"), talked("2026-11-02"), step("victim_died", "2026-11-20"))
    case = go_on(case, step("intervention_concluded", "2026-11-21", outcome="completed"))

    assert names(case) == ["agree_who_to_speak_to"]
    for news in (
        step("progress_update_given", "2026-11-23", how="phone"),
        step("conclusion_notice_given", "2026-11-23", how="letter"),
        step("restorative_information_given", "2026-11-23", how="leaflet"),
        attempted("2026-11-23"),
    ):
        assert "The victim has died" in refusal(case, news)


# What goes wrong, and who comes back


@pytest.mark.parametrize("state", ["open", "closed", "merged"])
def test_a_contact_in_error_is_counted_wherever_it_comes_to_light_and_an_apology_is_owed(state: str) -> None:
    case = history(contact_due("2026-11-20"))
    if state == "closed":
        case = go_on(case, step("consent_withdrawn", "2026-11-20", part="all"))
    if state == "merged":
        case = go_on(case, step("duplicate_found", "2026-11-20", survivor="VC-0002"))

    case = go_on(case, step("contact_error_recorded", "2026-11-23", how="after_withdrawal"))

    apology = next(action for action in to_do(case) if action.name == "contact_error_apology")
    assert (apology.tier, apology.due_on) == (CANNOT_BE_UNDONE, date(2026, 11, 30))
    done = go_on(case, step("apology_given", "2026-11-24", how="through_officer", user="manager"))
    assert the(done, "contact-error-apology", "2026-12-30").verdict is DutyVerdict.MET


def test_with_one_safe_channel_three_attempts_by_it_are_enough() -> None:
    one = step("safety_recorded", "2026-11-02", phone="yes", post="no", voicemail="no", said_by="victim")
    case = history(contact_due("2026-11-02"), one, attempted("2026-11-03"), attempted("2026-11-05"))
    assert "three attempts" in refusal(case, step("attempts_exhausted", "2026-11-17"))

    case = go_on(case, attempted("2026-11-09"))

    assert the(case, "attempts-window", "2026-11-09").due_on == date(2026, 11, 17)
    assert go_on(case, step("attempts_exhausted", "2026-11-17")).state is State.UNCONTACTABLE


def test_with_two_safe_channels_three_calls_are_not_enough() -> None:
    calls = [attempted(day) for day in ("2026-11-03", "2026-11-05", "2026-11-09")]
    case = history(contact_due("2026-11-02"), *calls)

    assert "two channels" in refusal(case, step("attempts_exhausted", "2026-11-17"))
    written = go_on(case, attempted("2026-11-10", "sent", "post"))
    assert go_on(written, step("attempts_exhausted", "2026-11-17")).state is State.UNCONTACTABLE


def test_the_call_that_asks_whether_the_phone_is_still_safe_is_not_forbidden_by_its_own_question() -> None:
    case = history(contact_due("2026-08-03"))
    at_risk = go_on(case, step("safety_recorded", "2026-08-03", phone="yes", risks="threats"))

    call, voicemail = (channel_decision(case, channel, TODAY, 90) for channel in (Channel.PHONE, Channel.VOICEMAIL))
    dangerous = channel_decision(at_risk, Channel.PHONE, TODAY, 90)

    assert (call.verdict, [reason.code for reason in call.reasons]) == (Verdict.RELEASE, ["confirm_first"])
    assert "safety_unconfirmed" in {reason.code for reason in voicemail.reasons}
    assert "safety_unconfirmed" in {reason.code for reason in dangerous.reasons}


# Consent for the purpose


def test_views_are_asked_only_with_consent_for_it_by_a_safe_channel_and_while_nothing_holds() -> None:
    ask = step("views_asked", "2026-11-23", channel="phone")
    contact_only = history(
        opened("2026-11-20"), reported("2026-11-20"), consented("2026-11-20", scope="contact"), triaged("2026-11-20")
    )
    unsafe = go_on(history(contact_due("2026-11-20")), step("safety_recorded", "2026-11-21", phone="no"))

    assert "views before a decision" in refusal(contact_only, ask)
    assert "not known to be safe" in refusal(unsafe, ask)
    assert go_on(history(contact_due("2026-11-20")), ask).states[Track.VIEWS] == "asked"


def test_news_is_told_to_nobody_who_does_not_want_it() -> None:
    case = history(engaged("2026-11-02"), talked("2026-11-02", wants_updates=True))
    news = step("progress_update_given", "2026-11-23", how="phone")

    stopped = go_on(case, step("consent_withdrawn", "2026-11-20", part="progress_updates"))

    assert go_on(case, news).states[Track.UPDATES] == "updated"
    assert stopped.states[Track.UPDATES] == "none"
    assert "want no news" in refusal(stopped, news)


# Events out of order


def test_a_withdrawal_that_is_recorded_before_its_older_consent_still_stands() -> None:
    no_more = step("consent_withdrawn", "2026-11-16", recorded="2026-11-20", part="all")
    yes = consented("2026-11-10", "2026-11-20 12:00")

    case = history(opened("2026-11-20"), no_more, yes)

    assert case.state is State.CLOSED
    assert agreed(case) == frozenset()
    assert case.states[Track.CONSENT] == "withdrawn"


def test_a_court_result_that_is_known_before_the_charge_counts_from_its_own_day() -> None:
    result = step("court_decided", "2026-11-18", recorded="2026-11-20", on="case")
    charge = step("investigation_moved", "2026-11-09", recorded="2026-11-23", step="charged")
    base = history(contact_due("2026-11-02"))

    forwards, backwards = go_on(base, charge, result), go_on(base, result, charge)

    def dates(case: Case) -> set[tuple[str, date | None]]:
        rules = ("charge-notice", "court-case-outcome")
        return {(duty.rule.id, duty.due_on) for duty in owed_on(case, "2026-11-23") if duty.rule.id in rules}

    assert dates(forwards) == dates(backwards)
    assert len(dates(forwards)) == 2
    assert forwards.states == backwards.states


def test_a_part_withdrawn_before_the_older_yes_is_recorded_stays_withdrawn() -> None:
    case = history(
        opened("2026-11-20"),
        step("consent_withdrawn", "2026-11-16", recorded="2026-11-20", part="home_visit"),
        consented("2026-11-10", "2026-11-20 12:00", scope="contact|home_visit"),
    )

    assert agreed(case) == {Purpose.CONTACT}
