"""Holds what an 18th birthday changes: whose yes counts, whose wish stands in the way, and what is asked."""

from datetime import date, timedelta

import pytest

from tests.core.histories import SCOPE, Step, attempted, contact_due, go_on, history, step
from tests.core.test_edge_cases import refusal, wishes
from tests.core.test_what_to_do import names
from workflow.bars import is_unwilling, social_worker_unaware, wishes_differ
from workflow.coming_of_age import birthday_moves, own_consent, turns_adult_on
from workflow.consent import agreed

DAY = date(2026, 11, 20)
AHEAD = timedelta(days=30)


def _yes(who: str, when: str = "2026-11-02") -> Step:
    return step("consent_renewed", when, decision="yes", model="opt_in", scope=SCOPE, given_by=who)


def _grown(own: str = "missing") -> Step:
    return step("came_of_age", "2026-11-20", own_consent=own)


@pytest.mark.parametrize(
    ("born", "adult"),
    [("2008-11-20", "2026-11-20"), ("2008-02-29", "2026-03-01"), ("2010-02-28", "2028-02-28")],
)
def test_eighteen_years_to_the_day_and_after_a_leap_day_the_first_of_march(born: str, adult: str) -> None:
    assert turns_adult_on(date.fromisoformat(born)) == date.fromisoformat(adult)


def test_a_case_is_told_once_before_and_once_on_the_day_and_never_of_an_adult() -> None:
    child = history(contact_due("2026-11-02", under_18="yes"))
    adult = history(contact_due("2026-11-02", under_18="no"))
    noted = go_on(child, step("coming_of_age_noted", "2026-11-02"))

    early = birthday_moves(child, DAY + AHEAD + timedelta(days=1), AHEAD, DAY)
    in_time = birthday_moves(child, DAY + AHEAD, AHEAD, DAY)
    on_the_day = birthday_moves(noted, DAY, AHEAD, DAY)

    assert early == []
    assert [kind for kind, _ in in_time] == ["coming_of_age_noted"]
    assert birthday_moves(noted, DAY + AHEAD, AHEAD, DAY) == []
    assert [kind for kind, _ in on_the_day] == ["came_of_age"]
    assert birthday_moves(go_on(noted, _grown()), DAY, AHEAD, DAY) == []
    assert birthday_moves(adult, DAY, AHEAD, DAY) == []


@pytest.mark.parametrize(
    ("who", "stands", "counts"),
    [("parent_guardian", "missing", False), ("both", "given", True), ("self", "given", True)],
)
def test_only_a_yes_in_which_the_victim_took_part_counts_from_then_on(who: str, stands: str, counts: bool) -> None:
    case = history(contact_due("2026-11-02", under_18="yes"), _yes(who))

    grown = go_on(case, _grown(own_consent(case)))

    assert "contact" in agreed(case)
    assert own_consent(case) == stands
    assert ("contact" in agreed(grown)) is counts
    assert ("ask_own_consent" in names(grown)) is not counts


def test_a_guardians_answer_after_the_birthday_changes_nothing_either_way() -> None:
    case = history(contact_due("2026-11-02", under_18="yes"), _yes("both"), _grown("given"))

    no = step(
        "consent_recorded", "2026-11-21", user="police", decision="no", model="opt_in", given_by="parent_guardian"
    )
    after = go_on(case, no)

    assert after.states == case.states
    assert agreed(after) == agreed(case)
    assert "only a yes of their own counts" in refusal(case, _yes("parent_guardian", "2026-11-21"))


def test_what_the_guardian_wants_stands_in_nobodys_way_and_what_the_victim_wants_does() -> None:
    begun = history(contact_due("2026-11-02", under_18="yes"), _yes("both"))
    against = go_on(begun, wishes("yes", "no", looked_after=True))
    victim_against = go_on(begun, wishes("no", "yes"))

    grown = go_on(against, _grown("given"))

    assert wishes_differ(against)
    assert social_worker_unaware(against)
    assert not wishes_differ(grown)
    assert not social_worker_unaware(grown)
    assert not is_unwilling(grown)
    assert wishes_differ(go_on(victim_against, _grown("given")))


def test_an_entry_that_was_a_mistake_is_taken_back_and_everything_is_as_it_was() -> None:
    case = history(contact_due("2026-11-02", under_18="yes"), _yes("parent_guardian"))
    grown = go_on(case, _grown())

    back = go_on(grown, step("entry_retracted", "2026-11-21", corrects=grown.version))

    assert agreed(back) == agreed(case)
    assert go_on(back, attempted("2026-11-23")).history[-1].kind == "attempt_made"
