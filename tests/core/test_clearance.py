"""A hold that no event ends is cleared by two different people, and only for what they looked at."""

from tests.core.histories import Steps, contact_due, go_on, history, step
from workflow.case import Case
from workflow.clearance import clearances, cleared

DAY = "2026-11-02"
CASE = history(contact_due(DAY))


def _looked(by: str, holds: str = "address_shared", letter: str = "L-1") -> Steps:
    fields = {"letter": letter, "kind": "L01", "holds": holds, "words": "N-1"}
    return step("letter_clearance_given", "2026-11-03", user=by, **fields)  # type: ignore[arg-type]


def _after(*steps: Steps) -> Case:
    return go_on(CASE, *steps)


def test_one_person_clears_nothing_and_the_same_person_twice_is_one() -> None:
    assert cleared(_after(_looked("rosa")), "L-1") == frozenset()
    assert cleared(_after(_looked("rosa"), _looked("rosa")), "L-1") == frozenset()


def test_two_different_people_clear_what_both_looked_at_on_that_letter() -> None:
    case = _after(_looked("rosa", "address_shared|must_not_know"), _looked("imran"))

    assert cleared(case, "L-1") == {"address_shared"}
    assert cleared(case, "L-2") == frozenset()
    assert [each.by for each in clearances(case, "L-1")["address_shared"]] == ["rosa", "imran"]


def test_what_was_cleared_is_not_cleared_any_more_once_an_address_or_the_safety_changes() -> None:
    for news in (
        step("contact_details_changed", "2026-11-03", reachable="post"),
        step("child_address_recorded", "2026-11-03", of="child", source="police"),
        step("safety_recorded", "2026-11-03", post="yes"),
        step("relationship_recorded", "2026-11-03", relationship="family", source="police"),
    ):
        case = _after(_looked("rosa"), _looked("imran"), news)

        assert cleared(case, "L-1") == frozenset()
        assert cleared(go_on(case, _looked("rosa"), _looked("imran")), "L-1") == {"address_shared"}
