"""Holds what reports count of a case: its first days, why it is no further, and what must never have happened."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

from tests.core.histories import (
    INFORMED,
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
from workflow.funnel import funnel, place
from workflow.milestones import milestones


def test_a_case_has_the_first_day_of_everything_it_came_to() -> None:
    case = history(contact_due("2026-11-02"), attempted("2026-11-03"), attempted("2026-11-04", "reached"))
    case = go_on(case, talked("2026-11-05"))

    found = milestones(case)

    assert (found.opened_on, found.identifiable_on, found.consented_on) == (date(2026, 11, 2),) * 3
    assert (found.contacted_on, found.reached_on, found.talked_on) == (
        date(2026, 11, 3),
        date(2026, 11, 4),
        date(2026, 11, 5),
    )
    assert found.standing == "under_way"
    assert found.others["news_asked"] == "2026-11-05"


def test_a_wrong_number_is_no_contact() -> None:
    case = history(contact_due("2026-11-02"), attempted("2026-11-03", "number_wrong"))

    assert milestones(case).contacted_on is None


def test_a_refusal_that_was_confirmed_is_lost_after_consent_was_asked() -> None:
    case = history(opened("2026-11-02"), reported("2026-11-02"), refused("2026-11-02"))
    case = go_on(case, step("refusal_confirmed", "2026-11-04", informed=INFORMED))

    found = milestones(case)
    counted = funnel([place(found)])

    assert found.standing == "no_consent_confirmed"
    assert found.closed_on == date(2026, 11, 4)
    assert counted["steps"][2]["stopped"] == {"no_consent_confirmed": 1}
    assert counted["before_contact"] == {"in_hand": 0, "lost": {"no_consent_confirmed": 1}}


def test_a_withdrawal_beats_what_police_recorded_on_its_day_where_contacts_after_it_are_counted() -> None:
    case = history(contact_due("2026-11-02"), step("consent_withdrawn", "2026-11-04 09:00", part="all"))
    case = go_on(case, consented("2026-11-04 12:00", recorded="2026-11-05"))
    # The tables refuse it, so that it can only have come from before them.
    late = go_on(history(contact_due("2026-11-02")), attempted("2026-11-05 10:00")).history[-1]
    wrong = case.with_event(replace(late, seq=case.version + 1))

    assert milestones(wrong).others["after_withdrawal"] == 1


def test_a_refusal_that_was_no_informed_choice_has_turned_only_by_a_yes_that_came_after_it() -> None:
    before = history(opened("2026-11-02"), reported("2026-11-02"), consented("2026-11-02"))
    asked = go_on(before, refused("2026-11-03"), step("officer_found_uninformed", "2026-11-05 10:00"))
    turned = go_on(asked, consented("2026-11-06"))

    assert milestones(asked).is_consented
    assert "turned" not in milestones(asked).others
    assert milestones(turned).others["turned"] == 1


def test_an_answer_of_no_to_restorative_justice_says_why_the_case_is_no_further() -> None:
    case = history(engaged("2026-11-02"), talked("2026-11-03"))
    case = go_on(
        case,
        step("restorative_offered", "2026-11-04", invited=True),
        step("restorative_answered", "2026-11-04", answer="no"),
    )

    found = milestones(case)

    assert found.standing == "said_no"
    assert place(found).step == "offered"


def test_a_contact_made_after_a_withdrawal_is_counted_and_one_after_a_renewal_is_not() -> None:
    asked = history(contact_due("2026-11-02"), attempted("2026-11-03"))
    withdrawn = go_on(asked, step("consent_withdrawn", "2026-11-04", part="all"))
    # The tables refuse it, so that it can only have come from before them.
    late = go_on(asked, attempted("2026-11-05")).history[-1]
    wrong = withdrawn.with_event(replace(late, seq=withdrawn.version + 1))
    back = go_on(withdrawn, step("victim_returned", "2026-11-06", scope="contact"), attempted("2026-11-07"))

    assert milestones(wrong).others["after_withdrawal"] == 1
    assert "after_withdrawal" not in milestones(back).others
    assert milestones(back).others["reopened"] == 1


def test_the_end_of_an_intervention_that_names_no_child_is_true_of_every_child_of_the_case() -> None:
    case = history(
        contact_due("2026-11-02"),
        step("child_linked", "2026-11-02", child="CH-1"),
        step("child_linked", "2026-11-02", child="CH-2"),
        step("intervention_concluded", "2026-11-20", outcome="completed"),
        step("intervention_concluded", "2026-11-24", outcome="not_completed", child="CH-2"),
    )

    endings = [(each.child, each.on.isoformat(), each.outcome) for each in milestones(case).endings]

    assert endings == [("CH-1", "2026-11-20", "completed"), ("CH-2", "2026-11-24", "not_completed")]


def test_the_voice_of_the_victim_counts_only_before_the_decision() -> None:
    before = history(engaged("2026-11-02"), talked("2026-11-03"), step("decision_made", "2026-11-10"))
    after = history(engaged("2026-11-02"), step("decision_made", "2026-11-02 18:00"), talked("2026-11-03"))
    unreached = history(
        contact_due("2026-11-02"),
        step("views_recorded", "2026-11-03", outcome="not_reached"),
        step("decision_made", "2026-11-10"),
    )

    assert milestones(before).others["heard"] == 1
    assert "heard" not in milestones(after).others
    assert milestones(unreached).others["excused"] == 1


def test_the_number_at_a_step_is_the_next_with_those_under_way_and_those_who_stopped() -> None:
    cases = [
        history(opened("2026-11-02")),
        history(opened("2026-11-02"), reported("2026-11-02"), consented("2026-11-02")),
        history(contact_due("2026-11-02"), attempted("2026-11-03")),
        go_on(history(engaged("2026-11-02"), talked("2026-11-03")), step("all_declined", "2026-11-05")),
    ]

    steps = funnel([place(milestones(case)) for case in cases])["steps"]

    assert [row["number"] for row in steps] == [4, 3, 3, 3, 2, 2, 1, 0, 0, 0]
    for here, following in pairwise(steps):
        assert here["number"] == following["number"] + here["under_way"] + sum(here["stopped"].values())


def test_a_contact_without_a_recorded_consent_is_shown_as_out_of_order() -> None:
    case = history(opened("2026-11-02"), reported("2026-11-02"))
    case = go_on(case, step("victim_replied", "2026-11-03", channel="phone"))

    counted = funnel([place(milestones(case))])

    assert counted["out_of_order"] == 1
    assert counted["contactable"] == 0
