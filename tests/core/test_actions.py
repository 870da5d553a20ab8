"""The next action of a case: always exactly one while it is open, the right one, and ranked without a rewrite."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from engine.rulebook import load_rulebook
from tests.core.histories import (
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
)
from workflow.actions import (
    CANNOT_BE_UNDONE,
    CLOCK,
    NEW_PEOPLE,
    SAFETY,
    STEPS,
    Action,
    QueueLine,
    next_action,
    queue,
    score,
    tier_on,
)
from workflow.calendar import Calendar
from workflow.case import Case
from workflow.code import Rulebook
from workflow.duties import duties
from workflow.vocabulary import OPEN, State

TODAY = date(2026, 11, 23)


@cache
def law() -> tuple[Rulebook, Calendar]:
    return load_rulebook(Path(__file__).resolve().parents[2] / "config")


def action_of(case: Case, today: date = TODAY) -> Action | None:
    rulebook, calendar = law()
    return next_action(case, duties(case, rulebook, calendar, today))


def certain(case: Case, today: date = TODAY) -> Action:
    action = action_of(case, today)
    assert action is not None
    return action


def test_every_open_state_has_a_step_and_every_rule_of_a_step_exists() -> None:
    rulebook, _ = law()
    rules = {rule.id for rule in rulebook.rules_on(TODAY)}

    assert set(STEPS) == set(OPEN)
    for state, each in STEPS.items():
        assert set(each.rules) <= rules, f"{state}: {set(each.rules) - rules}"


def test_a_clear_yes_is_to_be_triaged_within_a_working_day_of_its_coming() -> None:
    case = history(opened("2026-11-20"), reported("2026-11-18", "2026-11-20"), consented("2026-11-18", "2026-11-20"))
    case = go_on(case, step("safety_recorded", "2026-11-20", phone="yes", said_by="police"))

    action = certain(case)

    assert action.name == "triage"
    assert action.due_on == date(2026, 11, 23)
    assert action.tier == NEW_PEOPLE


def test_without_a_safe_channel_the_officer_is_asked_for_one_first() -> None:
    case = history(opened("2026-11-20"), reported("2026-11-20"), consented("2026-11-20"))

    action = certain(case)

    assert action.name == "ask_safe_channel"


def test_a_no_goes_to_the_officer_and_the_days_count_from_when_we_were_told() -> None:
    case = history(opened("2026-11-20"), reported("2026-08-20", "2026-11-20"))
    case = go_on(
        case,
        step("consent_recorded", "2026-08-20", recorded="2026-11-20", decision="no", model="opt_in", user="police"),
    )

    action = certain(case)

    assert action.name == "follow_up_officer"
    assert action.due_on == date(2026, 11, 24), "time with police is not charged to the practitioner"


def test_a_withdrawn_victim_has_no_action_to_contact_them() -> None:
    case = history(contact_due("2026-11-20"), step("consent_withdrawn", "2026-11-21", part="all"))

    action = action_of(case)

    assert action is None or action.name not in ("make_first_contact", "try_again", "rj_information")


def test_a_closed_case_without_duties_has_no_action() -> None:
    case = history(opened("2026-11-20"), refused("2026-11-20"))
    case = go_on(
        case,
        step(
            "refusal_confirmed",
            "2026-11-21",
            informed="who_we_are|what_we_offer|voluntary|what_is_shared|no_effect_on_case",
        ),
    )

    assert case.state is State.CLOSED
    action = action_of(case)
    assert action is None or action.name == "privacy_information"


def test_a_decision_that_comes_first_makes_the_first_contact_urgent() -> None:
    case = history(
        contact_due("2026-11-23"), step("decision_scheduled", "2026-11-23", kind="court_hearing", on="2026-11-25")
    )

    action = certain(case)

    assert action.name == "make_first_contact"
    assert action.due_on == date(2026, 11, 24), "nobody is late before they could act"
    assert tier_on(action, TODAY) == CANNOT_BE_UNDONE
    assert "hear the victim" in action.reason


def test_a_hold_takes_the_place_of_everything_and_has_its_day() -> None:
    case = history(contact_due("2026-11-20"), step("hold_placed", "2026-11-21", reason="police", until="2026-12-01"))

    action = certain(case)

    assert (action.name, action.due_on, action.waiting_on) == ("review_hold", date(2026, 12, 1), "police")


def test_a_safeguarding_hold_comes_before_everything() -> None:
    case = history(
        contact_due("2026-11-20"), step("hold_placed", "2026-11-21", reason="safeguarding", until="2026-12-01")
    )

    action = certain(case)

    assert action.tier == SAFETY


def test_a_letter_that_waits_becomes_the_action_when_its_day_comes_first() -> None:
    case = history(
        contact_due("2026-11-20"), step("letter_drafted", "2026-11-20", letter="L-1", kind="L01", occurrence=1)
    )

    action = certain(case)

    assert action.name in ("approve_letter", "make_first_contact")


def test_an_unanswered_call_is_followed_by_another_try() -> None:
    case = history(contact_due("2026-11-19"), attempted("2026-11-20"))

    action = certain(case)

    assert action.name == "try_again"
    assert action.due_on == date(2026, 11, 24)


def test_after_the_first_conversation_restorative_justice_is_offered() -> None:
    case = history(engaged("2026-11-19"), talked("2026-11-20"))

    action = certain(case)

    assert action.name == "offer_restorative"


def test_a_new_day_ranks_the_same_lines_anew() -> None:
    _, calendar = law()
    soon = _line("VC-SOON", Action("triage", "", NEW_PEOPLE, date(2026, 11, 25), CLOCK, date(2026, 11, 25)))
    later = _line("VC-LATER", Action("try_again", "", NEW_PEOPLE, date(2026, 11, 24), CLOCK, date(2026, 11, 24)))
    promise = _line("VC-WORD", Action("keep_informed", "", 4, date(2026, 11, 26), CLOCK, date(2026, 11, 26)))

    before = [line.case for line in queue([promise, soon, later], calendar, date(2026, 11, 23))]
    after = [line.case for line in queue([soon, later, promise], calendar, date(2026, 11, 25))]

    assert before == ["VC-LATER", "VC-SOON", "VC-WORD"]
    assert after == ["VC-LATER", "VC-SOON", "VC-WORD"]
    assert tier_on(soon.action, date(2026, 11, 24)) == NEW_PEOPLE
    assert tier_on(soon.action, date(2026, 11, 25)) == CLOCK


def test_the_score_counts_lateness_to_ten_working_days_and_enhanced_rights_and_children() -> None:
    _, calendar = law()
    action = Action("triage", "", NEW_PEOPLE, date(2026, 11, 20), CLOCK, date(2026, 11, 20))

    plain = score(_line("VC-1", action), calendar, TODAY)
    child = score(_line("VC-2", action, enhanced=True, child=True), calendar, TODAY)
    ages_ago = score(_line("VC-3", Action("triage", "", 3, date(2020, 1, 1), 2, date(2020, 1, 1))), calendar, TODAY)

    assert plain == pytest.approx(1000 + 3)
    assert child == pytest.approx(1000 + 300 + 200 + 3)
    assert ages_ago == pytest.approx(10_000 + 3)


def _line(reference: str, action: Action, *, enhanced: bool = False, child: bool = False) -> QueueLine:
    day = date(2026, 11, 20)
    return QueueLine(reference, action, "rosa", enhanced, child, False, None, day, day, day)
