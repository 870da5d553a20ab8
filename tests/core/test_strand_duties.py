"""Duties and the next action see every strand: drift, fresh consents, what is due of reparation, honest notices."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.rulebook import load_rulebook
from tests.core.histories import Steps, attempted, go_on, moment, step
from tests.core.test_strands import DAY, accepted, alone, held, of_two, offered, ready, signed
from workflow.actions import actions, next_action
from workflow.case import Case
from workflow.duties import Duty, duties
from workflow.events import Event
from workflow.machine import NotAllowed
from workflow.reminders import rungs_now
from workflow.steps import Action
from workflow.tables import reached
from workflow.vocabulary import Verdict

RULEBOOK, CALENDAR = load_rulebook(Path(__file__).parents[2] / "config")


def owed(case: Case, rule: str, today: str = "2026-03-03") -> list[Duty]:
    """The duties of a rule, in order."""
    return [duty for duty in duties(case, RULEBOOK, CALENDAR, date.fromisoformat(today)) if duty.rule.id == rule]


def first(case: Case, today: str = "2026-03-03") -> Action:
    """The next action."""
    action = next_action(case, duties(case, RULEBOOK, CALENDAR, date.fromisoformat(today)))
    assert action is not None
    return action


def everything(case: Case, today: str = "2026-03-03") -> list[str]:
    """The names of everything there is to do."""
    return [each.name for each in actions(case, duties(case, RULEBOOK, CALENDAR, date.fromisoformat(today)))]


def agreed(child: str = "CH-1", due_on: str = "2026-03-31") -> Steps:
    """An item of reparation."""
    return step("reparation_agreed", DAY, child=child, kind="money", benefits="victim", due_on=due_on)


def test_preparation_drifts_for_each_child_apart() -> None:
    case = of_two(accepted("CH-1"), accepted("CH-2"))

    case = go_on(case, step("preparation_step_taken", "2026-03-12", child="CH-1", side="child", step="met"))

    drift = owed(case, "preparation-drift", "2026-03-17")
    assert [(duty.verdict, duty.due_on) for duty in drift] == [
        (Verdict.MET, date(2026, 3, 16)),
        (Verdict.OVERDUE, date(2026, 3, 16)),
        (Verdict.RUNNING, date(2026, 3, 26)),
    ]
    assert first(case).name == "prepare"
    assert "Child CH-2." in first(case).reason
    assert [(duty.occurrence, rung) for duty, rung in rungs_now(case, drift, CALENDAR, date(2026, 3, 17))] == [
        (drift[1].occurrence, "chase")
    ]


def test_with_several_children_a_call_alone_is_no_step_with_any_of_them() -> None:
    one, two = alone(), of_two(accepted("CH-1"), accepted("CH-2"))

    called = [go_on(case, attempted("2026-03-12", "reached")) for case in (one, two)]

    assert [duty.verdict for duty in owed(called[0], "preparation-drift")] == [Verdict.MET, Verdict.RUNNING]
    assert [duty.verdict for duty in owed(called[1], "preparation-drift")] == [Verdict.RUNNING, Verdict.RUNNING]


def test_a_strand_that_stops_is_owed_no_step_any_more_and_something_else_is_offered() -> None:
    case = of_two(accepted("CH-1"), accepted("CH-2"))

    case = go_on(case, step("preparation_stopped", DAY, child="CH-1", reason="child_declined"))
    again = go_on(case, step("restorative_offered", "2026-03-04", child="CH-1", invited=True))

    assert [duty.verdict for duty in owed(case, "preparation-drift")] == [Verdict.MET, Verdict.RUNNING]
    (alternative,) = owed(case, "alternative-offer")
    assert (alternative.verdict, alternative.due_on) == (Verdict.RUNNING, date(2026, 3, 9))
    assert owed(again, "alternative-offer")[0].verdict is Verdict.MET


def test_an_offer_to_one_child_is_not_the_alternative_for_another() -> None:
    case = of_two(accepted("CH-1"), step("preparation_stopped", DAY, child="CH-1", reason="unsuitable"))

    case = go_on(case, offered("CH-2"))

    assert owed(case, "alternative-offer")[0].verdict is Verdict.RUNNING


def test_both_sides_are_told_the_same_day_that_an_event_is_put_off() -> None:
    case = of_two(ready("CH-1"), step("restorative_event_postponed", "2026-03-10", child="CH-1"))

    told = go_on(case, step("both_sides_told", "2026-03-10 16:00", child="CH-1"))
    late = go_on(case, step("both_sides_told", "2026-03-11", child="CH-1"))

    assert owed(case, "both-sides-told", "2026-03-10")[0].verdict is Verdict.DUE_TODAY
    assert "both_sides_told" in everything(case, "2026-03-10")
    assert owed(told, "both-sides-told")[0].verdict is Verdict.MET
    assert owed(late, "both-sides-told")[0].verdict is Verdict.MET_LATE


def test_consents_older_than_the_rule_says_are_refused_at_readiness_and_on_the_day() -> None:
    case = of_two(accepted("CH-1"), signed("CH-1"))
    prepared = go_on(case, step("readiness_confirmed", "2026-03-30", child="CH-1"))

    with pytest.raises(NotAllowed) as late:
        reached(case, _next(case, "readiness_confirmed", "2026-03-31"), RULEBOOK)
    with pytest.raises(NotAllowed) as at_event:
        reached(prepared, _next(prepared, "restorative_event_held", "2026-03-31"), RULEBOOK)
    again = go_on(prepared, step("restorative_consent_given", "2026-03-31", child="CH-1", side="both"))

    words = (
        "The victim's consent is older than 28 days: take it again. "
        "The child's consent is older than 28 days: take it again."
    )
    assert str(late.value) == str(at_event.value) == words
    assert reached(again, _next(again, "restorative_event_held", "2026-03-31"), RULEBOOK)["journey"] == "follow_up"


def _next(case: Case, kind: str, when: str) -> Event:
    at = moment(when)
    return Event(case.version + 1, kind, at, at, "rosa", {"child": "CH-1", "kind": "shuttle", "agreement": False})


def test_an_event_planned_past_the_freshness_of_a_consent_asks_for_it_again_and_in_time_for_the_event() -> None:
    case = of_two(ready("CH-1"), offered("CH-2"), step("restorative_answered", DAY, child="CH-2", answer="no"))

    late = go_on(case, step("restorative_event_planned", DAY, child="CH-1", on="2026-04-10"))
    in_time = go_on(case, step("restorative_event_planned", DAY, child="CH-1", on="2026-03-20"))

    assert (first(late).name, first(late).due_on) == ("renew_consents", date(2026, 3, 30))
    assert "too old on 10 April" in first(late).reason
    assert (first(in_time).name, first(in_time).due_on) == ("hold_event", date(2026, 3, 20))
    assert first(in_time).reason == "The event is planned for 20 March. Child CH-1."


def test_a_condition_that_stands_on_the_planned_day_asks_to_put_the_event_off() -> None:
    case = of_two(ready("CH-1"), step("restorative_event_planned", DAY, child="CH-1", on="2026-03-20"))

    case = go_on(case, step("contact_condition_recorded", DAY, kind="bail"))

    assert "put_event_off" in everything(case)


def test_what_is_still_lacking_stands_in_the_reason() -> None:
    case = alone(step("restorative_consent_given", DAY, side="victim"))

    assert first(case).reason == (
        "Both sides are being prepared. The child's consent is not dated. The risk assessment is not signed."
    )


def test_a_child_who_waits_for_an_offer_is_not_forgotten_while_another_is_prepared() -> None:
    case = of_two(accepted("CH-1"))

    assert "offer_restorative" in everything(case)


def test_after_each_event_there_is_a_call_the_next_day_and_questions_at_two_and_six_weeks() -> None:
    case = of_two(held("CH-1"), ready("CH-2"))
    again = step("restorative_event_held", "2026-03-05", child="CH-2", kind="shuttle", agreement=False)

    case = go_on(case, again, attempted("2026-03-05", "no_answer"))
    asked = go_on(case, step("restorative_followed_up", "2026-03-18", child="CH-2", when="two_weeks", outcome="asked"))

    assert [duty.due_on for duty in owed(case, "after-event-call")] == [date(2026, 3, 3), date(2026, 3, 6)]
    assert [duty.due_on for duty in owed(case, "two-week-follow-up")] == [date(2026, 3, 16), date(2026, 3, 19)]
    assert [duty.due_on for duty in owed(case, "six-week-follow-up")] == [date(2026, 4, 13), date(2026, 4, 16)]
    assert [duty.verdict for duty in owed(asked, "two-week-follow-up", "2026-03-18")] == [Verdict.OVERDUE, Verdict.MET]


def test_each_item_of_reparation_is_due_on_its_own_day() -> None:
    case = of_two(held("CH-1", agreement=True), agreed(due_on="2026-03-28"), agreed(due_on="2026-04-10"))

    case = go_on(case, step("reparation_item_completed", "2026-03-20", item=2, evidence="photograph"))

    assert [(duty.due_on, duty.verdict) for duty in owed(case, "reparation-item", "2026-03-31")] == [
        (date(2026, 3, 30), Verdict.OVERDUE),
        (date(2026, 4, 10), Verdict.MET),
    ]
    assert "reparation_item" in everything(case, "2026-03-31")


@pytest.mark.parametrize(
    ("last", "rule"),
    [
        (step("reparation_item_completed", "2026-03-10", evidence="document"), "reparation-notice"),
        (step("reparation_item_failed", "2026-03-10", reason="child_would_not"), "reparation-failed-notice"),
        (step("reparation_ended", "2026-03-10", child="CH-1", outcome="not_completed"), "reparation-failed-notice"),
    ],
    ids=["done", "failed", "ended"],
)
def test_the_victim_is_told_how_reparation_ended_and_plainly_where_it_was_not_done(last: Steps, rule: str) -> None:
    case = of_two(held("CH-1", agreement=True), agreed(), last)

    told = go_on(case, step("conclusion_notice_given", "2026-03-12", how="phone"))

    other = {"reparation-notice", "reparation-failed-notice"} - {rule}
    assert owed(case, rule)[0].due_on == date(2026, 3, 17)
    assert owed(case, *other) == []
    assert owed(told, rule)[0].verdict is Verdict.MET
    if rule == "reparation-failed-notice":
        assert "plainly" in owed(case, rule)[0].rule.duty
        assert "offer something else" in owed(case, rule)[0].rule.duty


def test_a_not_now_is_asked_again_for_the_child_it_was_said_of() -> None:
    again: dict[str, Any] = {"answer": "not_now", "ask_again_on": "2026-04-01"}
    case = of_two(offered("CH-1", "CH-2"), step("restorative_answered", DAY, child="CH-1", **again))
    case = go_on(case, step("restorative_answered", DAY, child="CH-2", answer="no"))

    other = go_on(case, step("restorative_offered", "2026-03-20", child="CH-2", invited=True))
    same = go_on(case, step("restorative_offered", "2026-03-20", child="CH-1", invited=True))

    assert [duty.verdict for duty in owed(other, "ask-again")] == [Verdict.RUNNING]
    assert [duty.verdict for duty in owed(same, "ask-again")] == [Verdict.MET]


def test_what_was_owed_of_a_child_linked_by_mistake_is_owed_no_more() -> None:
    case = of_two(accepted("CH-1"), accepted("CH-2"))

    case = go_on(case, step("child_unlinked", DAY, child="CH-1", reason="not_responsible"))

    assert [duty.verdict for duty in owed(case, "preparation-drift")] == [Verdict.RUNNING]
