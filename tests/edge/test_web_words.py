"""Holds how the pages say days, moments, due dates and rates."""

from datetime import UTC, date, datetime

import pytest

from web import words

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("due_on", "overdue", "said"),
    [
        (date(2026, 11, 18), 3, "3 working days overdue"),
        (date(2026, 11, 20), 1, "1 working day overdue"),
        (date(2026, 11, 22), 0, "Overdue"),
        (date(2026, 11, 23), 0, "Due today"),
        (date(2026, 11, 24), 0, "Due tomorrow"),
        (date(2026, 12, 2), 0, "Due in 9 days"),
    ],
)
def test_a_due_date_is_said_as_a_person_would_say_it(due_on: date, overdue: int, said: str) -> None:
    """Working days where it is late, calendar days while it is not, and never by colour alone."""
    assert words.due(due_on, TODAY, overdue).text == said
    assert words.due(due_on.isoformat(), TODAY, overdue).text == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 7, 1, 13, 30, tzinfo=UTC), "1 July 2026, 2:30pm"),
        (datetime(2026, 12, 1, 0, 5, tzinfo=UTC), "1 December 2026, 12:05am"),
        (datetime(2026, 12, 1, 12, 0, tzinfo=UTC), "1 December 2026, 12:00pm"),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), "1 July 2026"),
    ],
)
def test_a_moment_is_said_in_london_time_and_a_day_alone_where_only_the_day_is_known(
    moment: datetime, said: str
) -> None:
    """Moments are kept in UTC; a moment that begins a London day stands for the day."""
    assert words.moment(moment) == said


def test_a_rate_shows_what_it_is_made_of_and_nothing_is_not_nought_per_cent() -> None:
    """Numerator, denominator and percentage; a dash where there is nothing to measure."""
    assert words.rate(7, 9) == "7 of 9 (78%)"
    assert words.rate(0, 0) == "–"


def test_accounts_of_the_service_are_said_in_words() -> None:
    """A force's feed, the clock and the system have names that a person understands."""
    names = {"rosa": "Rosa Example"}

    assert words.person("feed:derbyshire", names) == "Police (Derbyshire)"
    assert words.person("rosa", names) == "Rosa Example"
    assert words.person("clock", names) == "The clock"
    assert words.person("somebody-gone", names) == "somebody-gone"
