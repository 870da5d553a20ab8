"""Tests what is foretold of the coming weeks, on services so regular that the answer can be worked out by hand."""

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.rulebook import load_rulebook
from workflow.forecast import Forecast, Week, forecast
from workflow.pace import Pace, Work, monday

RULEBOOK, CALENDAR = load_rulebook(Path(__file__).parents[2] / "config")
TODAY = date(2026, 11, 23)
WEEK = timedelta(days=7)
RULE = "complaint-acknowledgement"


def work(
    due: date,
    standing: str = "open",
    *,
    rule: str = RULE,
    opened: date | None = None,
    began: date | None = None,
    met: date | None = None,
    enhanced: bool = False,
    journey: str = "engaged",
) -> Work:
    begins = began or CALENDAR.add_working_days(due, -10)
    return Work(rule, journey, enhanced, opened or begins, begins, due, met, standing)


def told(
    duties: list[Work], openings: list[tuple[date, bool]] | None = None, today: date = TODAY, months: int = 6
) -> Forecast:
    return forecast(duties, openings or [], RULEBOOK, CALENDAR, today, months)


def week(found: Forecast, day: date) -> Week:
    return next(each for each in found.weeks if each.monday == monday(day))


def regular(
    late: int = 0, lag: int = 5, enhanced: bool = False, opened_on: int = 0
) -> tuple[list[Work], list[tuple[date, bool]]]:
    """A year with a referral on one day of each week, whose one duty falls due so many weeks later."""
    duties, openings = [], []
    for number in range(1, 53):
        opened = TODAY - number * WEEK + timedelta(days=opened_on)
        openings.append((opened, enhanced))
        due = monday(opened) + lag * WEEK + timedelta(days=2)
        is_late = number % 4 < late
        if due < TODAY:
            met = due + timedelta(days=1 if is_late else -1)
            duties.append(
                work(due, "met_late" if is_late else "met", opened=opened, began=opened, met=met, enhanced=enhanced)
            )
    return duties, openings


# What is known


def test_an_open_duty_falls_due_in_its_week_and_a_late_one_is_counted_apart() -> None:
    friday, next_monday, past = date(2026, 11, 27), date(2026, 11, 30), date(2026, 11, 20)

    found = told(
        [work(friday), work(friday), work(next_monday), work(past), work(friday, "paused"), work(friday, "met")]
    )

    assert (week(found, friday).known, week(found, next_monday).known) == (2, 1)
    assert sum(each.known for each in found.weeks) == 3
    assert found.overdue_now == 1


def test_the_weeks_run_from_this_monday_to_the_last_month_with_their_working_days() -> None:
    found = told([], today=date(2026, 12, 23), months=1)

    assert [each.monday for each in found.weeks] == [date(2026, 12, 21) + number * WEEK for number in range(5)]
    assert [each.working_days for each in found.weeks] == [2, 3, 5, 5, 5]


def test_a_service_without_a_past_has_a_forecast_without_guesses() -> None:
    found = told([work(date(2026, 11, 27))])

    assert {each.expected for each in found.weeks} == {0}
    assert (found.referrals_a_week, found.enhanced_share, week(found, TODAY).missed) == (0, 0, 0)


def test_weeks_past_the_end_of_the_table_are_provisional() -> None:
    found = told([], today=date(2028, 11, 1), months=4)

    assert [each.provisional for each in found.weeks if each.monday <= date(2028, 12, 18)] == [False] * 8
    assert all(each.provisional for each in found.weeks if each.monday >= date(2028, 12, 26))


# What is expected


def test_referrals_at_a_steady_pace_bring_what_they_always_brought() -> None:
    duties, openings = regular(lag=5)

    found = told(duties, openings)

    assert found.referrals_a_week == pytest.approx(52 / (365 / 7), rel=0.01)
    assert week(found, TODAY + 4 * WEEK).expected == 0
    for number in range(5, 20):
        assert week(found, TODAY + number * WEEK).expected == pytest.approx(1.0, rel=0.01)


def test_only_what_is_left_of_this_week_still_brings_referrals() -> None:
    duties, openings = regular(lag=0)

    on_monday, on_thursday = told(duties, openings), told(duties, openings, today=TODAY + timedelta(days=3))

    assert week(on_monday, TODAY).expected == pytest.approx(1.0, rel=0.01)
    assert week(on_thursday, TODAY).expected == pytest.approx(0.4, rel=0.03)


def test_enhanced_and_other_victims_come_each_at_their_own_pace() -> None:
    duties, openings = regular(lag=5)
    quick, more = regular(lag=1, enhanced=True)

    found = told(duties + quick * 2, openings + more * 2)

    assert found.enhanced_share == pytest.approx(2 / 3)
    assert week(found, TODAY + 2 * WEEK).expected == pytest.approx(2.0, rel=0.02)
    assert week(found, TODAY + 9 * WEEK).expected == pytest.approx(3.0, rel=0.02)


def test_what_lapsed_in_time_or_was_excused_is_not_expected_again() -> None:
    duties, openings = regular(lag=5)
    gone = [replace(each, standing=standing, met_on=None) for each in duties for standing in ("lapsed",)]

    found = told(gone, openings)

    assert {each.expected for each in found.weeks} == {0}


# What will be missed


def test_the_share_that_was_late_is_the_share_that_will_be() -> None:
    duties, openings = regular(late=1)

    found = told(duties, openings)

    assert found.pace[RULE].late_share == pytest.approx(0.25, abs=0.03)
    then = week(found, TODAY + 12 * WEEK)
    assert then.missed == pytest.approx(then.expected * found.pace[RULE].late_share)


def test_a_duty_that_has_waited_long_is_likelier_to_be_late_than_a_fresh_one() -> None:
    pace = Pace(waits=(1, 1, 1, 2, 6, 8, 12, None), fallen_due=8, late=2)

    assert pace.chance_of_missing(0, 10) == 2 / 8
    assert pace.chance_of_missing(5, 10) == 2 / 4
    assert pace.chance_of_missing(10, 10) == 1
    assert Pace((1, 2), 4, 1).chance_of_missing(30, 40) == 1 / 4
    assert Pace((), 0, 0).chance_of_missing(1, 2) == 0
    assert pace.median == 2
    assert Pace((None,), 1, 1).median is None


def test_what_was_never_done_counts_as_late() -> None:
    past = date(2026, 10, 1)

    found = told([work(past, "overdue"), work(past, "met", met=past), work(past), work(past, "not_met_with_reason")])

    assert (found.pace[RULE].fallen_due, found.pace[RULE].late) == (3, 2)


# What follows


def test_an_event_that_is_to_be_held_brings_its_follow_ups() -> None:
    held = work(date(2026, 11, 27), rule="event-to-hold", journey="restorative_delivery")

    found = told([held])

    due = [each.monday for each in found.weeks for _ in range(each.follow_ups)]
    assert due == [date(2026, 11, 30), date(2026, 12, 7), date(2027, 1, 4)]


def test_what_follows_is_reckoned_from_the_day_on_which_the_rule_is_usually_met() -> None:
    usual = [
        work(day, "met", rule="event-to-hold", began=began, met=CALENDAR.add_working_days(began, 2))
        for began in (date(2026, 9, 1), date(2026, 9, 8), date(2026, 9, 15))
        for day in (CALENDAR.add_working_days(began, 20),)
    ]
    held = work(date(2026, 12, 18), rule="event-to-hold", journey="restorative_delivery", began=date(2026, 11, 20))

    found = told([*usual, held])

    # Usually met on the second working day, 24 November: a call on the 25th, and two and six weeks after.
    assert [each.monday for each in found.weeks if each.follow_ups] == [TODAY, TODAY + 2 * WEEK, TODAY + 6 * WEEK]


def test_a_rule_does_not_follow_itself_and_a_condition_that_is_not_met_brings_nothing() -> None:
    drift = work(date(2026, 11, 27), rule="preparation-drift", journey="engaged")

    assert sum(each.follow_ups for each in told([drift]).weeks) == 0


# How much is usual


def test_a_week_piles_up_where_more_falls_due_than_nine_weeks_of_ten_brought() -> None:
    duties, openings = regular()
    crowd = [work(date(2026, 12, 10)) for _ in range(20)]

    found = told(duties + crowd, openings)

    assert [each.monday for each in found.weeks if each.piles_up and each.known] == [date(2026, 12, 7)]
    assert week(found, date(2026, 12, 10)).usual == pytest.approx(found.met_a_working_day * 5)


def test_a_week_with_bank_holidays_has_less_room() -> None:
    duties, openings = regular()

    found = told(duties, openings)

    christmas, plain = week(found, date(2026, 12, 30)), week(found, date(2027, 1, 13))
    assert (christmas.working_days, plain.working_days) == (3, 5)
    assert christmas.usual == pytest.approx(plain.usual * 3 / 5)


def test_the_same_history_gives_the_same_figures_in_whatever_order_it_comes() -> None:
    duties, openings = regular(late=1)
    more, others = regular(lag=2, enhanced=True)
    every, opened = duties + more + [work(date(2026, 12, 10))], openings + others
    first = told(every, opened)

    random.Random(1).shuffle(every)
    random.Random(2).shuffle(opened)
    again = told(every, opened)

    assert [(each.monday, each.known, round(each.due, 6), round(each.missed, 6)) for each in first.weeks] == [
        (each.monday, each.known, round(each.due, 6), round(each.missed, 6)) for each in again.weeks
    ]
