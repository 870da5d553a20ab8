"""One strand of restorative justice for each child responsible: every move, every refusal in words, the journey."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.core.histories import Steps, engaged, go_on, history, step, talked
from workflow.case import Case
from workflow.events import Event
from workflow.machine import NotAllowed
from workflow.strand_moves import strand_states
from workflow.strands import Item, strand
from workflow.vocabulary import State

DAY = "2026-03-02"
YES: dict[str, Any] = {"answer": "yes", "kind": "direct_meeting"}


MARCH: dict[str, Any] = {"kind": "bail", "from": "2026-03-10", "to": "2026-03-20"}


def of_two(*steps: Steps) -> Case:
    """A case in which restorative justice is to be decided, with two children responsible."""
    linked = (step("child_linked", DAY, child="CH-1"), step("child_linked", DAY, child="CH-2"))
    return history(engaged(DAY), talked(DAY), linked, *steps)


def offered(*children: str) -> Steps:
    """Restorative justice is offered with each of the children."""
    return tuple(step("restorative_offered", DAY, child=child, invited=True) for child in children)


def accepted(child: str, **answer: Any) -> Steps:
    """It is offered with a child, and the victim says yes."""
    return offered(child), step("restorative_answered", DAY, child=child, **(answer or YES))


def signed(child: str, day: str = DAY, **more: Any) -> Steps:
    """Both consents and the risk assessment of a child's strand."""
    return (
        step("restorative_consent_given", day, child=child, side="both"),
        step("risk_assessed", day, child=child, suitable=True, signed_by="rosa", signed_on=day, **more),
    )


def ready(child: str, day: str = DAY) -> Steps:
    """Everything up to both sides being ready."""
    return accepted(child), signed(child, day), step("readiness_confirmed", day, child=child)


def held(child: str, agreement: bool = False, day: str = DAY) -> Steps:
    """Everything up to the event."""
    return (
        ready(child, day),
        step("restorative_event_held", day, child=child, kind="direct_meeting", agreement=agreement),
    )


def alone(*steps: Steps) -> Case:
    """A case in which restorative justice was accepted and of whose child nobody has said anything."""
    offer = step("restorative_offered", DAY, invited=True)
    return history(engaged(DAY), talked(DAY), offer, step("restorative_answered", DAY, **YES), *steps)


def refusal(case: Case, *steps: Steps) -> str:
    """The words in which the last of the steps is refused."""
    with pytest.raises(NotAllowed) as refused:
        go_on(case, *steps)
    return str(refused.value)


def test_the_victim_may_say_yes_to_one_child_and_no_to_another() -> None:
    case = of_two(offered("CH-1", "CH-2"))

    no = go_on(case, step("restorative_answered", DAY, child="CH-1", answer="no"))
    both = go_on(no, step("restorative_answered", DAY, child="CH-2", **YES))

    assert no.state is State.RESTORATIVE_DECISION
    assert both.state is State.RESTORATIVE_PREPARATION
    assert strand_states(both) == {"CH-1": "declined", "CH-2": "accepted"}


def test_with_one_child_nothing_about_the_child_need_be_said() -> None:
    case = history(engaged(DAY), step("child_linked", DAY, child="CH-1"), talked(DAY))

    case = go_on(case, step("restorative_offered", DAY, invited=True), step("restorative_answered", DAY, **YES))

    assert strand_states(case) == {"CH-1": "accepted"}
    assert case.states["restorative"] == "accepted"


def test_what_was_done_before_a_child_was_linked_was_done_with_the_first_who_is() -> None:
    case = alone(step("restorative_consent_given", DAY, side="victim"))

    case = go_on(case, step("child_linked", DAY, child="CH-1"), step("child_linked", DAY, child="CH-2"))

    assert strand_states(case) == {"CH-1": "preparing", "CH-2": "not_offered"}
    assert strand(case, "CH-1").consented_on("victim") == date(2026, 3, 2)
    assert strand(case, "CH-2").consented_on("victim") is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Several children are responsible: say which child, CH-1 or CH-2."),
        ({"child": "CH-9"}, "No child of that reference is linked to this case: give CH-1 or CH-2."),
    ],
)
def test_with_several_children_an_entry_says_which_and_a_refusal_names_those_there_are(
    fields: dict[str, Any], words: str
) -> None:
    case = of_two()

    said = refusal(case, step("restorative_offered", DAY, invited=True, **fields))

    assert said == words
    assert "CH-9" not in said


def test_a_child_is_linked_by_a_reference_once_and_never_by_name() -> None:
    case = of_two()

    twice = refusal(case, step("child_linked", DAY, child="CH-1"))
    named = refusal(case, step("child_linked", DAY, child="Sam"))

    assert twice == "That child is linked to this case already."
    assert named.startswith("Give the reference of the child")


def test_a_child_linked_by_mistake_takes_the_case_out_of_a_preparation_that_was_only_theirs() -> None:
    case = of_two(accepted("CH-1"), offered("CH-2"))

    case = go_on(case, step("child_unlinked", DAY, child="CH-1", reason="wrong_child"))

    assert case.state is State.RESTORATIVE_DECISION
    assert strand_states(case) == {"CH-2": "explained"}
    assert not [track for track in case.states if track.endswith("CH-1")]


def test_consents_of_a_child_linked_by_mistake_are_not_those_of_the_right_one() -> None:
    case = history(engaged(DAY), step("child_linked", DAY, child="CH-1"), talked(DAY), accepted("CH-1"), signed("CH-1"))

    case = go_on(case, step("child_unlinked", DAY, child="CH-1", reason="wrong_child"))
    case = go_on(case, step("child_linked", DAY, child="CH-2"))

    assert strand_states(case) == {"CH-2": "not_offered"}
    assert strand(case, "CH-2").consented_on("child") is None


def test_one_strand_that_stops_pulls_nobody_out_of_a_preparation_that_goes_on() -> None:
    case = of_two(accepted("CH-1"), accepted("CH-2"))

    one = go_on(case, step("preparation_stopped", DAY, child="CH-1", reason="child_declined"))
    none = go_on(one, step("preparation_stopped", DAY, child="CH-2", reason="unsuitable"))

    assert one.state is State.RESTORATIVE_PREPARATION
    assert strand_states(one) == {"CH-1": "child_declined", "CH-2": "accepted"}
    assert none.state is State.RESTORATIVE_DECISION
    assert strand_states(none) == {"CH-1": "child_declined", "CH-2": "unsuitable"}


def test_the_case_is_followed_up_only_when_no_strand_goes_on() -> None:
    case = of_two(accepted("CH-2"), held("CH-1"))

    prepared = go_on(case, step("restorative_followed_up", DAY, child="CH-1", when="two_weeks", outcome="asked"))
    stopped = go_on(prepared, step("preparation_stopped", DAY, child="CH-2", reason="victim_paused"))
    done = go_on(stopped, step("follow_up_completed", DAY, child="CH-1"))

    assert prepared.state is State.RESTORATIVE_PREPARATION
    assert (stopped.state, strand_states(stopped)["CH-2"]) == (State.FOLLOW_UP, "not_now")
    assert (done.state, strand_states(done)["CH-1"]) == (State.ONGOING_SUPPORT, "ended")


def test_a_ready_strand_keeps_the_case_in_delivery_while_another_is_put_off() -> None:
    case = of_two(ready("CH-1"), ready("CH-2"))

    case = go_on(case, step("restorative_event_planned", DAY, child="CH-1", on="2026-03-20"))
    case = go_on(case, step("restorative_event_postponed", DAY, child="CH-1"))

    assert case.state is State.RESTORATIVE_DELIVERY
    assert strand_states(case) == {"CH-1": "preparing", "CH-2": "ready"}
    assert strand(case, "CH-1").planned_on is None


@pytest.mark.parametrize(
    ("kind", "fields", "state"),
    [
        ("preparation_step_taken", {"side": "child", "step": "asked"}, "preparing"),
        ("restorative_consent_given", {"side": "child"}, "preparing"),
        ("risk_assessed", {"suitable": True, "signed_by": "rosa", "signed_on": DAY}, "preparing"),
        ("risk_assessed", {"suitable": False, "signed_by": "rosa", "signed_on": DAY}, "unsuitable"),
        ("preparation_stopped", {"reason": "child_declined"}, "child_declined"),
        ("preparation_stopped", {"reason": "unsuitable"}, "unsuitable"),
        ("preparation_stopped", {"reason": "victim_paused"}, "not_now"),
        ("restorative_answered", {"answer": "no"}, "declined"),
        ("restorative_answered", {"answer": "not_now", "ask_again_on": "2026-05-01"}, "not_now"),
        ("restorative_answered", {"answer": "yes", "kind": "shuttle"}, "accepted"),
        ("consent_withdrawn", {"part": "restorative_information"}, "stopped"),
        ("consent_withdrawn", {"part": "all"}, "stopped"),
        ("consent_withdrawn", {"part": "home_visit"}, "accepted"),
        ("case_closed", {"reason": "out_of_scope"}, "stopped"),
        ("victim_died", {}, "accepted"),
        ("intervention_concluded", {"outcome": "no_further_action"}, "stopped"),
        ("intervention_concluded", {"outcome": "completed"}, "accepted"),
        ("investigation_moved", {"step": "charge_stopped"}, "stopped"),
        ("investigation_moved", {"step": "charged"}, "accepted"),
    ],
)
def test_what_becomes_of_a_strand_that_was_accepted(kind: str, fields: dict[str, Any], state: str) -> None:
    case = alone()

    case = go_on(case, step(kind, DAY, **fields))

    assert strand_states(case) == {"": state}


@pytest.mark.parametrize(
    ("wants_updates", "state"), [(True, State.INFORMED_ONLY), (False, State.ONGOING_SUPPORT)], ids=["news", "no news"]
)
def test_when_the_case_against_the_child_ends_restorative_justice_stops_and_support_stays(
    wants_updates: bool, state: State
) -> None:
    case = history(engaged(DAY), talked(DAY, wants_updates=wants_updates))
    case = go_on(case, step("restorative_offered", DAY, invited=True), step("restorative_answered", DAY, **YES))

    case = go_on(case, step("investigation_moved", DAY, step="not_charged"))

    assert case.state is state


def test_the_end_of_the_case_against_one_child_leaves_the_other_in_preparation() -> None:
    case = of_two(accepted("CH-1"), accepted("CH-2"))

    case = go_on(case, step("intervention_concluded", DAY, outcome="no_further_action", child="CH-2"))

    assert case.state is State.RESTORATIVE_PREPARATION
    assert strand_states(case) == {"CH-1": "accepted", "CH-2": "stopped"}


def test_a_no_can_become_a_yes_later() -> None:
    case = history(engaged(DAY), talked(DAY), step("restorative_offered", DAY, invited=True))
    case = go_on(case, step("restorative_answered", DAY, answer="no"))

    case = go_on(case, step("restorative_answered", "2026-06-01", **YES))

    assert (case.state, strand_states(case)[""]) == (State.RESTORATIVE_PREPARATION, "accepted")


def test_an_answer_needs_an_offer_first() -> None:
    case = of_two(offered("CH-1"))

    said = refusal(case, step("restorative_answered", DAY, child="CH-2", **YES))

    assert said == "Restorative justice must be offered before it is answered."


def test_every_thing_that_is_lacking_is_named() -> None:
    case = alone(
        step("contact_condition_recorded", DAY, kind="restraining", to="2027-03-03"),
        step("restorative_consent_given", DAY, side="victim"),
    )

    said = refusal(case, step("readiness_confirmed", DAY))

    assert said == (
        "The child's consent is not dated. The risk assessment is not signed. "
        "A condition bars contact with this child (restraining) until 3 March 2027."
    )


def test_complex_work_waits_for_a_managers_yes_and_a_new_assessment_asks_for_it_again() -> None:
    case = alone(step("restorative_consent_given", DAY, side="both"))
    complex_work = step("risk_assessed", DAY, suitable=True, signed_by="rosa", signed_on=DAY, is_complex=True)
    case = go_on(case, complex_work)

    first = refusal(case, step("readiness_confirmed", DAY))
    approved = go_on(case, step("complex_work_approved", DAY, user="morgan"))
    again = refusal(go_on(approved, complex_work), step("readiness_confirmed", DAY))

    assert first == again == "The work is complex: a manager signs it off first."
    assert go_on(approved, step("readiness_confirmed", DAY)).state is State.RESTORATIVE_DELIVERY


def test_a_condition_of_one_child_does_not_bar_the_other() -> None:
    barred = step("contact_condition_recorded", DAY, kind="bail", child="CH-1")
    case = of_two(accepted("CH-1"), accepted("CH-2"), signed("CH-1"), signed("CH-2"), barred)

    said = refusal(case, step("readiness_confirmed", DAY, child="CH-1"))
    other = go_on(case, step("readiness_confirmed", DAY, child="CH-2"))

    assert said == "A condition bars contact with this child (bail) until it is recorded as ended."
    assert strand_states(other)["CH-2"] == "ready"


def test_a_condition_that_names_no_child_bars_every_one_until_it_ends() -> None:
    barred = step("contact_condition_recorded", DAY, kind="bail")
    case = of_two(accepted("CH-2"), signed("CH-2"), barred)

    said = refusal(case, step("readiness_confirmed", DAY, child="CH-2"))
    free = go_on(
        case, step("contact_condition_ended", DAY, kind="bail"), step("readiness_confirmed", DAY, child="CH-2")
    )

    assert "bail" in said
    assert strand_states(free)["CH-2"] == "ready"


def test_a_condition_that_comes_after_readiness_stops_the_event_and_the_plan() -> None:
    case = of_two(ready("CH-1"), step("contact_condition_recorded", DAY, kind="restraining", child="CH-1"))

    at_event = refusal(case, step("restorative_event_held", DAY, child="CH-1", kind="direct_meeting", agreement=False))
    at_plan = refusal(case, step("restorative_event_planned", DAY, child="CH-1", on="2026-03-20"))

    assert "restraining" in at_event
    assert at_plan == "A condition bars contact with this child on that day."


def test_a_condition_counts_only_between_its_days() -> None:
    case = alone(step("contact_condition_recorded", DAY, **MARCH))
    case = go_on(case, step("restorative_consent_given", DAY, side="both"))
    case = go_on(case, step("risk_assessed", DAY, suitable=True, signed_by="rosa", signed_on=DAY))

    within = refusal(case, step("readiness_confirmed", "2026-03-15"))

    assert "until 20 March 2026" in within
    assert go_on(case, step("readiness_confirmed", DAY)).state is State.RESTORATIVE_DELIVERY
    assert go_on(case, step("readiness_confirmed", "2026-03-21")).state is State.RESTORATIVE_DELIVERY


def test_consents_dated_with_readiness_itself_count_and_a_later_day_does_not() -> None:
    case = alone()
    days: dict[str, Any] = {"victim_consented_on": DAY, "child_consented_on": DAY, "risk_assessed_on": DAY}
    late: dict[str, Any] = {**days, "child_consented_on": "2026-03-03"}

    dated = go_on(case, step("readiness_confirmed", DAY, **days))
    said = refusal(case, step("readiness_confirmed", DAY, **late))

    assert strand_states(dated)[""] == "ready"
    assert said == "The child's consent is dated later than the day itself."


def test_items_of_reparation_have_numbers_of_their_own_and_the_last_one_done_begins_the_follow_up() -> None:
    agreed = step("reparation_agreed", DAY, child="CH-1", kind="work_for_the_victim", benefits="victim", due_on=DAY)
    case = of_two(held("CH-1", agreement=True), agreed)
    other = step(
        "reparation_agreed", DAY, child="CH-1", kind="work_for_the_community", benefits="community", due_on="2026-04-01"
    )
    case = go_on(case, other)

    one = go_on(case, step("reparation_item_completed", DAY, item=2, evidence="document"))
    both = go_on(one, step("reparation_item_failed", DAY, reason="child_would_not"))

    assert case.state is one.state is State.REPARATION
    assert both.state is State.FOLLOW_UP
    assert strand(both, "CH-1").items == (
        Item(
            1, "CH-1", "work_for_the_victim", True, date(2026, 3, 2), "failed", date(2026, 3, 2), "", "child_would_not"
        ),
        Item(
            2, "CH-1", "work_for_the_community", False, date(2026, 4, 1), "completed", date(2026, 3, 2), "document", ""
        ),
    )


@pytest.mark.parametrize("fields", [{"item": 3}, {"item": 1}, {}], ids=["no such", "done", "which of two"])
def test_an_item_that_is_not_open_or_not_said_is_refused(fields: dict[str, Any]) -> None:
    item = step("reparation_agreed", DAY, child="CH-1", kind="money", benefits="victim", due_on=DAY)
    case = of_two(held("CH-1", agreement=True), item, item, item)
    case = go_on(case, step("reparation_item_completed", DAY, item=1, evidence="document"))
    case = go_on(case, step("reparation_item_completed", DAY, item=3, evidence="document")) if fields else case

    said = refusal(case, step("reparation_item_completed", DAY, evidence="document", **fields))

    assert said == "Give the number of an item of reparation that is open; the case lists them."


def test_reparation_is_not_called_completed_while_an_item_is_open_and_its_failure_leaves_none_open() -> None:
    item = step("reparation_agreed", DAY, child="CH-1", kind="money", benefits="victim", due_on=DAY)
    case = of_two(held("CH-1", agreement=True), item)

    said = refusal(case, step("reparation_ended", DAY, child="CH-1", outcome="completed"))
    ended = go_on(case, step("reparation_ended", DAY, child="CH-1", outcome="not_completed"))

    assert said == "An item of reparation is still open: say of each whether it was done."
    assert (ended.state, strand(ended, "CH-1").open_items) == (State.FOLLOW_UP, ())


def test_what_becomes_of_reparation_is_recorded_after_the_case_was_closed_too() -> None:
    item = step("reparation_agreed", DAY, child="CH-1", kind="money", benefits="victim", due_on="2026-04-01")
    case = of_two(held("CH-1", agreement=True), item, step("case_closed", DAY, reason="support_ended_by_victim"))

    case = go_on(case, step("reparation_item_completed", "2026-04-02", item=1, evidence="confirmed_by_victim"))

    assert case.state is State.CLOSED
    assert strand(case, "CH-1").items[0].standing == "completed"


def test_a_history_from_before_there_were_strands_is_told_again() -> None:
    case = alone(step("preparation_step_taken", DAY, side="victim", step="met"))
    bare = Case(case.reference, tuple(_without_strands(case)))

    assert strand_states(bare) == strand_states(case) == {"": "preparing"}
    assert go_on(bare, step("preparation_stopped", DAY, reason="unsuitable")).state is State.RESTORATIVE_DECISION


def _without_strands(case: Case) -> Iterator[Event]:
    for event in case.history:
        kept = {track: state for track, state in event.reached.items() if not track.startswith("restorative")}
        yield replace(event, reached=kept)


def test_how_a_childs_plan_ended_is_followed_up_for_the_whole_case() -> None:
    case = of_two(offered("CH-1", "CH-2"), step("information_only_chosen", DAY))
    case = go_on(case, step("intervention_concluded", "2026-04-01", outcome="completed"))

    done = go_on(case, step("follow_up_completed", "2026-05-01"))

    assert (case.state, done.state) == (State.FOLLOW_UP, State.ONGOING_SUPPORT)
    assert strand_states(done) == {"CH-1": "declined", "CH-2": "declined"}


def test_an_entry_that_is_taken_back_takes_its_facts_with_it() -> None:
    case = alone(step("restorative_consent_given", DAY, side="both"))

    case = go_on(case, step("entry_retracted", DAY, corrects=case.version))

    assert strand(case, "").consented_on("child") is None
