"""Tests the calendar against two tables made by others: the holidays library, and the copy of GOV.UK's file."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays

from engine.rulebook import load_rulebook
from workflow.clocks import due_day
from workflow.duty_terms import Limit, LimitKind

RULEBOOK, CALENDAR = load_rulebook(Path(__file__).parents[2] / "config")
FIRST, LAST = date(2019, 1, 1), date(2028, 12, 31)


def library() -> set[date]:
    """The bank holidays of England as the holidays library has them."""
    # One year more on either side, for counts that run over the edge.
    return set(holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST.year - 1, LAST.year + 1)))


def published() -> set[date]:
    """The bank holidays of England and Wales as GOV.UK published them, from the copy in the package: no network."""
    return {each["date"] for each in BankHolidays(use_cached_holidays=True).get_holidays(division="england-and-wales")}


def every_day() -> list[date]:
    return [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


@pytest.mark.parametrize("oracle", [library, published])
def test_every_day_of_ten_years_counts_as_others_say(oracle: Callable[[], set[date]]) -> None:
    off = oracle()

    differing = [d for d in every_day() if CALENDAR.is_working(d) != (d.weekday() < 5 and d not in off)]

    assert differing == []


@pytest.mark.parametrize("oracle", [library, published])
@pytest.mark.parametrize("number", [1, 2, 3, 5, 10, 20, 30])
def test_every_start_date_of_ten_years_ends_where_others_say(oracle: Callable[[], set[date]], number: int) -> None:
    off = oracle()
    start, end = date(2018, 10, 1), date(2029, 3, 31)
    known = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    working = [day for day in known if day.weekday() < 5 and (day not in off or day > LAST)]

    forth = [
        d for d in every_day() if CALENDAR.add_working_days(d, number) != working[bisect_right(working, d) + number - 1]
    ]
    back = [
        d for d in every_day() if CALENDAR.add_working_days(d, -number) != working[bisect_left(working, d) - number]
    ]

    assert (forth, back) == ([], [])


LIMITS = sorted(
    {
        limit
        for edition in RULEBOOK.editions
        for rule in edition.rules
        for limit in (rule.limit, rule.enhanced, rule.extended)
        if limit is not None and limit.kind is not LimitKind.NONE
    },
    key=lambda limit: (limit.kind, limit.number, limit.field, limit.moves, limit.notice),
)


def slowly(limit: Limit, start: date, off: set[date]) -> date:
    """The due day found by walking: the plainest way there is."""
    day, left = start, limit.number

    def counts(each: date) -> bool:
        return each.weekday() < 5 and (each not in off or each > LAST)

    if limit.kind is LimitKind.CALENDAR_DAYS:
        day += timedelta(days=left)
    elif limit.kind is LimitKind.CALENDAR_MONTHS:
        first = start.replace(day=1)
        for _ in range(left):
            first = (first + timedelta(days=31)).replace(day=1)
        day = first + timedelta(days=start.day - 1)
        while day.month != first.month:
            day -= timedelta(days=1)
    else:
        while left:
            day += timedelta(days=-1 if limit.kind is LimitKind.BEFORE else 1)
            left -= counts(day)
    while limit.moves and not counts(day):
        day += timedelta(days=1)
    return day


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit.words} {limit.field} {limit.moves}")
def test_every_limit_of_every_rule_ends_where_walking_ends(limit: Limit) -> None:
    off = library()
    starts = [date(2023, 1, 1) + timedelta(days=number) for number in range(4018)]

    wrong = [start for start in starts if due_day(CALENDAR, limit, start) != slowly(limit, start, off)]

    assert starts[-1] == date(2033, 12, 31)
    assert wrong == []
