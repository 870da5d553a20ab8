"""Tests which days count."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendar import BadCalendar, Calendar, DayOutOfRange, calendar_of
from workflow.london import LONDON, london_day, start_of_day

DOCUMENT = json.loads((Path(__file__).parents[2] / "config" / "bank_holidays.json").read_text(encoding="utf-8"))
CALENDAR = calendar_of(DOCUMENT)

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


def days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(ordinal) for ordinal in range(first.toordinal(), last.toordinal() + 1))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2020-05-04", None),
        ("2020-05-08", "Early May bank holiday (VE day)"),
        ("2022-05-30", None),
        ("2022-06-02", "Spring bank holiday"),
        ("2022-06-03", "Platinum Jubilee bank holiday"),
        ("2022-09-19", "Bank Holiday for the State Funeral of Queen Elizabeth II"),
        ("2023-05-08", "Bank holiday for the coronation of King Charles III"),
        ("2026-12-25", "Christmas Day (bank holiday)"),
        ("2026-12-26", "Saturday"),
        ("2026-12-28", "Boxing Day (substitute day)"),
        ("2026-12-29", None),
        ("2027-12-27", "Christmas Day (substitute day)"),
        ("2027-12-28", "Boxing Day (substitute day)"),
        ("2028-01-03", "New Year’s Day (substitute day)"),
        ("2026-01-02", None),
        ("2026-03-17", None),
        ("2026-11-30", None),
        ("2026-11-22", "Sunday"),
    ],
)
def test_each_awkward_day_counts_or_says_why_it_does_not(day: str, why: str | None) -> None:
    asked = date.fromisoformat(day)

    said = CALENDAR.why_not(asked)

    assert said == why
    assert CALENDAR.is_working(asked) == (why is None)


def test_the_day_after_the_trigger_is_day_one_whatever_day_the_trigger_is() -> None:
    saturday, friday = date(2026, 11, 7), date(2026, 11, 6)

    assert CALENDAR.add_working_days(saturday, 1) == CALENDAR.add_working_days(friday, 1) == date(2026, 11, 9)
    assert CALENDAR.add_working_days(saturday, 0) == saturday


def test_counting_back_leaves_out_the_same_days() -> None:
    decision = date(2026, 12, 30)

    assert CALENDAR.add_working_days(decision, -1) == date(2026, 12, 29)
    assert CALENDAR.add_working_days(decision, -2) == date(2026, 12, 24)
    assert CALENDAR.add_working_days(date(2026, 12, 26), -1) == date(2026, 12, 24)


def test_a_month_ends_on_the_same_day_or_on_the_last_day_of_a_shorter_month() -> None:
    assert CALENDAR.add_calendar_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert CALENDAR.add_calendar_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert CALENDAR.add_calendar_months(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert CALENDAR.add_calendar_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert CALENDAR.add_calendar_months(date(2026, 12, 5), 1) == date(2027, 1, 5)
    assert CALENDAR.add_calendar_months(date(2026, 3, 31), -1) == date(2026, 2, 28)


def test_a_day_that_counts_stays_and_another_moves_to_the_next_that_does() -> None:
    assert CALENDAR.next_working(date(2026, 12, 24)) == date(2026, 12, 24)
    assert CALENDAR.next_working(date(2026, 12, 25)) == date(2026, 12, 29)


@given(DAYS, st.integers(1, 400))
def test_counting_forth_and_back_ends_where_it_began(day: date, number: int) -> None:
    start = CALENDAR.next_working(day)

    end = CALENDAR.add_working_days(start, number)

    assert CALENDAR.add_working_days(end, -number) == start
    assert CALENDAR.working_days_between(start, end) == number
    assert CALENDAR.working_days_between(end, start) == -number


@given(DAYS, DAYS)
def test_the_days_between_are_those_that_count_one_by_one(one: date, other: date) -> None:
    first, last = sorted((one, min(other, one + timedelta(days=90))))

    number = CALENDAR.working_days_between(first, last)

    assert number == sum(CALENDAR.is_working(day) for day in days(first, last)) - CALENDAR.is_working(first)


def test_every_day_has_a_right_answer_or_a_precise_refusal() -> None:
    first, last = date.min, date.max

    assert CALENDAR.is_working(date(1900, 1, 1))
    assert CALENDAR.is_provisional(date(1900, 1, 1))
    assert CALENDAR.add_working_days(date(2038, 1, 19), 5) == date(2038, 1, 26)
    assert CALENDAR.why_not(last) is None
    assert CALENDAR.working_days_between(last, first) < 0
    refused: tuple[Callable[[], date], ...] = (
        lambda: CALENDAR.add_working_days(last, 1),
        lambda: CALENDAR.add_working_days(first, -1),
        lambda: CALENDAR.add_working_days(first, 10**12),
        lambda: CALENDAR.add_calendar_days(last, 1),
        lambda: CALENDAR.add_calendar_months(last, 1),
        lambda: CALENDAR.add_calendar_months(first, -1),
    )
    for ask in refused:
        with pytest.raises(DayOutOfRange):
            ask()


def test_a_day_past_the_horizon_is_provisional_and_only_weekends_are_left_out() -> None:
    assert CALENDAR.horizon == date(2028, 12, 31)
    assert not CALENDAR.is_provisional(CALENDAR.horizon)
    assert CALENDAR.is_provisional(date(2029, 1, 1))
    assert CALENDAR.is_working(date(2029, 1, 1))
    assert not CALENDAR.is_working(date(2029, 1, 6))


def test_the_months_left_say_when_to_warn_a_year_ahead() -> None:
    assert CALENDAR.months_left(date(2026, 11, 22)) == 25
    assert CALENDAR.months_left(date(2027, 12, 31)) == 12
    assert CALENDAR.months_left(date(2028, 1, 1)) == 11
    assert CALENDAR.months_left(date(2028, 12, 31)) == 0
    assert CALENDAR.months_left(date(2029, 1, 1)) < 0


def test_a_table_that_stops_before_christmas_knows_only_what_it_lists() -> None:
    events = [{"title": "Summer bank holiday", "date": "2027-08-30", "notes": "", "bunting": True}]

    calendar = calendar_of({"england-and-wales": {"division": "england-and-wales", "events": events}})

    assert (calendar.first_day, calendar.horizon) == (date(2027, 1, 1), date(2027, 8, 30))


@pytest.mark.parametrize(
    ("event", "key"),
    [
        ({"date": "2027-08-30"}, "england-and-wales.events.1.title"),
        ({"title": "Summer bank holiday", "date": "30/08/2027"}, "england-and-wales.events.1.date"),
        ({"title": "Summer bank holiday", "date": 5}, "england-and-wales.events.1.date"),
        ("Summer bank holiday", "england-and-wales.events.1"),
    ],
)
def test_a_holiday_that_cannot_be_read_is_refused_at_its_place(event: Any, key: str) -> None:
    with pytest.raises(BadCalendar) as refusal:
        calendar_of({"england-and-wales": {"events": [event]}})

    assert refusal.value.key == key


@pytest.mark.parametrize("document", [None, [], {}, {"england-and-wales": {}}, {"scotland": {"events": []}}])
def test_a_document_without_england_and_wales_is_refused(document: Any) -> None:
    with pytest.raises(BadCalendar) as refusal:
        calendar_of(document)

    assert refusal.value.key == "england-and-wales"


def test_a_day_listed_twice_is_refused() -> None:
    event = {"title": "Good Friday", "date": "2027-03-26", "notes": ""}

    with pytest.raises(BadCalendar) as refusal:
        calendar_of({"england-and-wales": {"events": [event, event]}})

    assert refusal.value.key == "england-and-wales.events.2.date"


def test_a_late_announced_holiday_in_the_table_moves_what_is_counted() -> None:
    day = date(2026, 7, 10)
    events = [*DOCUMENT["england-and-wales"]["events"], {"title": "Bank holiday", "date": "2026-07-13", "notes": ""}]

    announced = calendar_of({"england-and-wales": {"events": events}})

    assert (CALENDAR.add_working_days(day, 1), announced.add_working_days(day, 1)) == (
        date(2026, 7, 13),
        date(2026, 7, 14),
    )


def test_a_london_day_is_not_a_day_in_utc() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)

    assert london_day(late) == date(2026, 7, 1)
    assert [start_of_day(date(2027, 3, 28)).hour, start_of_day(date(2027, 3, 29)).hour] == [0, 23]


@given(st.integers(0, 13 * 366 * 24 * 60))
def test_every_moment_falls_on_the_day_whose_start_it_has_passed(minutes: int) -> None:
    moment = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    day = london_day(moment)

    assert start_of_day(day) <= moment < start_of_day(day + timedelta(days=1))
    assert moment.astimezone(LONDON).date() == day


def test_two_calendars_from_the_same_table_are_the_same() -> None:
    again = calendar_of(DOCUMENT)

    assert again == CALENDAR
    assert isinstance(again, Calendar)
