"""Holds the file audit: what a record shows on each question, scores of people's judgements, and samples."""

import pytest

from tests.core.histories import contact_due, engaged, go_on, history, opened, step, talked
from workflow.file_audit import QUESTIONS, drawn, evidence, faults, score

BANDS = (("outstanding", 80), ("good", 65), ("requires_improvement", 50), ("inadequate", 0))


def test_there_are_sixteen_questions_and_each_is_answered_from_the_record() -> None:
    shown = evidence(history(opened("2026-11-02")))

    assert len(shown) == len({each.key for each in shown}) == len(QUESTIONS) == 16
    assert {each.standing for each in shown} <= {"shown", "missing", "not_applicable"}


def test_what_the_record_shows_names_the_entries_it_rests_on() -> None:
    case = go_on(
        history(engaged("2026-11-02"), talked("2026-11-03")),
        step("decision_made", "2026-11-10"),
        step("intervention_concluded", "2026-11-20", outcome="completed"),
    )
    shown = {each.key: each for each in evidence(case)}

    assert shown["informed"].standing == "shown"
    assert case.history[shown["informed"].events[0] - 1].kind == "consent_recorded"
    assert shown["voice"].standing == "shown"
    assert shown["news"].standing == "missing"
    assert shown["ongoing"].standing == "missing"
    assert shown["under_18"].standing == "not_applicable"


def test_a_child_victim_makes_the_question_of_the_guardian_apply() -> None:
    shown = {each.key: each for each in evidence(history(contact_due("2026-11-02", under_18="yes")))}

    assert shown["under_18"].standing == "missing"
    assert shown["enhanced"].standing == "shown"


@pytest.mark.parametrize(
    ("answers", "points", "out_of", "band"),
    [
        ({"a": "met", "b": "met", "c": "not_applicable"}, 4, 4, "outstanding"),
        ({"a": "met", "b": "partly"}, 3, 4, "good"),
        ({"a": "partly"}, 1, 2, "requires_improvement"),
        ({"a": "not_met", "b": "partly"}, 1, 4, "inadequate"),
        ({"a": "not_applicable"}, 0, 0, None),
    ],
)
def test_a_score_is_of_what_applies(answers: dict[str, str], points: int, out_of: int, band: str | None) -> None:
    found = score([answers], BANDS)

    assert (found.points, found.out_of, found.band) == (points, out_of, band)


def test_a_question_without_a_judgement_is_named() -> None:
    answers = {key: "met" for key, _, _ in QUESTIONS} | {"voice": "perhaps"}

    assert faults(answers) == ("voice",)


def test_the_same_seed_draws_the_same_sample_whatever_the_order_and_never_more_than_there_are() -> None:
    numbers = list(range(100, 160))

    first, again = drawn(numbers, 5, "seed-1"), drawn(numbers[::-1], 5, "seed-1")

    assert first == again
    assert len(set(first)) == 5
    assert set(first) <= set(numbers)
    assert drawn(numbers, 5, "seed-2") != first
    assert drawn([1, 2], 5, "seed-1") == (1, 2)
