"""Tests that every London day across the changes of the clock gets each daily job once, whatever the hour in UTC."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.core.histories import go_on, history, opened, reported, step
from tests.core.test_actions import law
from workflow.case import Case
from workflow.catalogue import CATALOGUE
from workflow.duties import duties
from workflow.events import field_problems
from workflow.london import london_day, start_of_day, written_day
from workflow.reminders import next_look, rungs_now

HOUR = timedelta(hours=1)


def last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def summer(year: int) -> tuple[datetime, datetime]:
    """When summer time begins and ends, by the words of the law: 01:00 UTC on the last Sundays of March and October."""
    begins, ends = (datetime.combine(last_sunday(year, month), datetime.min.time(), UTC) + HOUR for month in (3, 10))
    return begins, ends


def hours(first: datetime, number: int) -> list[datetime]:
    return [first + HOUR * count for count in range(number)]


CHANGES = [change for year in range(2025, 2038) for change in summer(year)]


@pytest.mark.parametrize("year", range(2025, 2038))
def test_every_hour_of_the_year_falls_on_the_london_day_the_law_says(year: int) -> None:
    begins, ends = summer(year)
    every = hours(datetime(year, 1, 1, tzinfo=UTC), 365 * 24)

    said = [london_day(moment) for moment in every]

    assert said == [(moment + (HOUR if begins <= moment < ends else timedelta())).date() for moment in every]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_job_of_each_london_day_runs_once_a_day_across_the_change(change: datetime) -> None:
    every = hours(change - 49 * HOUR, 98)

    ran: Counter[date] = Counter()
    for moment in every:
        if london_day(moment) not in ran:
            ran[london_day(moment)] += 1

    first, last = min(ran), max(ran)
    assert sorted(ran) == [first + timedelta(days=number) for number in range((last - first).days + 1)]
    assert set(ran.values()) == {1}
    lengths = Counter(london_day(moment) for moment in every)
    assert lengths[change.date()] == (23 if change.month == 3 else 25)
    assert london_day(start_of_day(change.date())) == change.date()
    assert london_day(start_of_day(change.date()) - timedelta(microseconds=1)) == change.date() - timedelta(days=1)


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_word_that_is_due_across_the_change_is_said_once_and_on_its_london_day(change: datetime) -> None:
    rulebook, calendar = law()
    sunday = change.date()
    # Due on the first working day after the change: a word before it, on it, and after it.
    due = calendar.add_working_days(sunday, 1)
    received = calendar.add_working_days(due, -10)
    case = history(opened("2024-03-01"), reported("2024-03-01"), step("complaint_received", received))
    said: list[tuple[str, date]] = []

    for moment in hours(change - 24 * 5 * HOUR, 24 * 9):
        today = london_day(moment)
        owed = [d for d in duties(case, rulebook, calendar, today) if d.rule.id == "complaint-acknowledgement"]
        look = next_look(case, owed, calendar)
        for duty, rung in rungs_now(case, owed, calendar, today):
            assert look is not None
            assert look <= today
            said.append((rung, today))
            case = _told(case, moment, duty.occurrence, rung)

    assert said[:3] == [
        ("soon", calendar.add_working_days(due, -1)),
        ("due", due),
        ("chase", calendar.add_working_days(due, 1)),
    ]
    assert len({rung for rung, _ in said}) == len(said)


def _told(case: Case, moment: datetime, occurrence: int, rung: str) -> Case:
    return go_on(
        case,
        step(
            "reminder_raised", moment, user="clock", rule="complaint-acknowledgement", occurrence=occurrence, rung=rung
        ),
    )


@pytest.mark.parametrize(
    "text", ["2026-W47-7", "20261122", "2026-11-31", "2026-1-2", " 2026-11-22", "2026-11-22T00", ""]
)
def test_a_day_is_written_in_one_form_and_every_other_is_no_day(text: str) -> None:
    """Weeks and days without hyphens read differently elsewhere, so nothing that takes a day takes them."""
    fields = {"kind": "court_hearing", "on": text}

    assert written_day(text) is None
    assert written_day("2026-11-22") == date(2026, 11, 22)
    assert [problem.path for problem in field_problems(CATALOGUE["decision_scheduled"], fields)] == ["on"]
