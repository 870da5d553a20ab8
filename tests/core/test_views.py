"""Proves that the numbers of a day order the queue exactly as its score does, whatever the calendar."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rulebook import load_rulebook
from workflow.actions import (
    MOST_LATE,
    QueueLine,
    is_hold_over,
    is_resting,
    overdue_working_days,
    queue,
    rests_as,
    score,
)
from workflow.calendar import Calendar
from workflow.steps import REVIEW_HOLD, Action
from workflow.views import day_order

TODAY = date(2026, 11, 23)


@cache
def calendar() -> Calendar:
    return load_rulebook(Path(__file__).resolve().parents[2] / "config")[1]


def action(due: date, name: str = "triage", waiting_on: str | None = None) -> Action:
    return Action(name, "Because.", 3, due, 2, due, None, waiting_on)


def line(reference: str, acting: Action, decision_on: date | None = None) -> QueueLine:
    return QueueLine(reference, acting, "rosa", False, False, False, decision_on, TODAY, TODAY, TODAY)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 40))
def test_how_late_a_day_is_can_be_read_from_ten_days(today: date, ago: int) -> None:
    due = today - timedelta(days=ago)

    late = day_order(calendar(), today, ()).late

    assert len(late) == MOST_LATE
    assert sum(due <= day for day in late) == min(MOST_LATE, overdue_working_days(action(due), calendar(), today))


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(-5, 60))
def test_a_decision_weighs_what_the_score_gives_it_and_one_that_was_made_weighs_nothing(
    today: date, ahead: int
) -> None:
    day = today + timedelta(days=ahead)

    weights = day_order(calendar(), today, [day]).decisions

    with_it = score(line("VC-1", action(today), day), calendar(), today)
    without = score(line("VC-1", action(today)), calendar(), today)
    assert weights.get(day, 0.0) == pytest.approx(with_it - without)


def test_a_hold_rests_until_its_day_and_then_comes_first_in_its_tier() -> None:
    hold = line("VC-HELD", action(TODAY, REVIEW_HOLD))
    worse = line("VC-LATE", action(TODAY - timedelta(days=30)))

    before, after = TODAY - timedelta(days=1), TODAY

    assert rests_as(hold.action) == "hold"
    assert is_resting(hold.action, before)
    assert not is_hold_over(hold.action, before)
    assert not is_resting(hold.action, after)
    assert [each.case for each in queue([worse, hold], calendar(), after)] == ["VC-HELD", "VC-LATE"]


def test_who_keeps_us_waiting_is_chased_on_the_day_and_not_before() -> None:
    waiting = action(TODAY, "chase_consent_record", "police")

    assert rests_as(waiting) == "waiting"
    assert is_resting(waiting, TODAY - timedelta(days=1))
    assert not is_resting(waiting, TODAY)
    assert rests_as(action(TODAY)) == ""
