"""Tests since when a bank holiday is known: a new table against what was told, undone for what came before it."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar_files import known_text, load_calendar, load_known
from workflow.calendar import BadCalendar, Calendar, calendar_of
from workflow.closures import closures_of
from workflow.code import BadRule
from workflow.holiday_table import KnownDay, dated, difference, known_days_of, known_document, told, untold

CONFIG = Path(__file__).parents[2] / "config"
FUNERAL = ("2026-11-12", "Bank holiday for a state funeral")
IMPORTED = date(2026, 11, 3)


def table(*days: tuple[str, str], first: int = 2025, last: int = 2027) -> Calendar:
    """A published table: Christmas Day of each year, and these days."""
    events = [(f"{year}-12-25", "Christmas Day") for year in range(first, last + 1)] + list(days)
    return calendar_of(
        {"england-and-wales": {"events": [{"date": day, "title": title, "notes": ""} for day, title in sorted(events)]}}
    )


def began(calendar: Calendar) -> tuple[KnownDay, ...]:
    """The dated table of a calendar that was known from the beginning."""
    return told(calendar, (), calendar.first_day)


def days(calendar: Calendar) -> set[date]:
    return {holiday.day for holiday in calendar.holidays}


def test_the_two_tables_that_ship_say_the_same() -> None:
    calendar = load_calendar(CONFIG)

    assert calendar.changes == ()
    assert {each.holiday for each in load_known(CONFIG)} == set(calendar.holidays)
    assert known_text(load_known(CONFIG)) == (CONFIG / "bank_holidays_known.json").read_text(encoding="utf-8")


def test_a_table_without_a_dated_one_was_known_from_the_beginning() -> None:
    calendar = dated(table(FUNERAL), ())

    assert calendar.as_known_on(date(2025, 1, 1)) is calendar
    assert untold(calendar).added == ()


def test_a_new_day_counts_and_is_untold_until_it_is_told() -> None:
    known = began(table())

    calendar = dated(table(FUNERAL), known)
    after = told(calendar, known, IMPORTED)

    assert not calendar.is_working(date(2026, 11, 12))
    assert [each.title for each in untold(calendar).added] == [FUNERAL[1]]
    assert untold(dated(table(FUNERAL), after)).added == ()
    assert [each.known_on for each in after if each.holiday.title == FUNERAL[1]] == [IMPORTED]


def test_before_it_was_known_a_day_was_a_working_day() -> None:
    known = told(dated(table(FUNERAL), began(table())), began(table()), IMPORTED)

    calendar = dated(table(FUNERAL), known)

    assert calendar.as_known_on(IMPORTED - timedelta(days=1)).is_working(date(2026, 11, 12))
    assert not calendar.as_known_on(IMPORTED).is_working(date(2026, 11, 12))
    assert calendar.as_known_on(IMPORTED) is calendar


def test_a_day_nobody_was_told_of_was_known_on_no_past_day() -> None:
    calendar = dated(table(FUNERAL), began(table()))

    assert calendar.as_known_on(date(2030, 1, 1)).is_working(date(2026, 11, 12))
    assert not calendar.as_known_on(None).is_working(date(2026, 11, 12))


def test_a_holiday_that_is_moved_goes_from_one_day_and_comes_on_another() -> None:
    before, after = table(("2027-05-03", "Early May bank holiday")), table(("2027-05-07", "Early May bank holiday"))
    known = told(dated(after, began(before)), began(before), IMPORTED)

    calendar = dated(after, known)
    earlier = calendar.as_known_on(IMPORTED - timedelta(days=1))

    assert (calendar.is_working(date(2027, 5, 3)), calendar.is_working(date(2027, 5, 7))) == (True, False)
    assert (earlier.is_working(date(2027, 5, 3)), earlier.is_working(date(2027, 5, 7))) == (False, True)
    changes = difference(before, after)
    assert [holiday.day for holiday in changes.removed] == [date(2027, 5, 3)]
    assert changes.days == (date(2027, 5, 3), date(2027, 5, 7))


def test_years_before_a_new_table_begins_are_kept_and_years_after_it_ends_are_gone() -> None:
    known = began(table(first=2023, last=2027))

    calendar = dated(table(first=2025, last=2026), known)

    assert {2023, 2024} <= {day.year for day in days(calendar)}
    assert calendar.first_day == date(2023, 1, 1)
    assert [holiday.day.year for holiday in untold(calendar).removed] == [2027]
    assert calendar.is_provisional(date(2027, 1, 4))
    assert not calendar.is_provisional(date(2024, 1, 4))


def test_another_title_is_another_name_for_the_same_day() -> None:
    known = began(table(FUNERAL))
    renamed = table((FUNERAL[0], "A day of mourning"))

    calendar = dated(renamed, known)

    assert calendar.changes == ()
    assert [holiday.title for holiday in difference(table(FUNERAL), renamed).renamed] == ["A day of mourning"]
    assert "A day of mourning" in {each.holiday.title for each in told(calendar, known, IMPORTED)}


def test_the_dated_table_comes_back_as_it_was_written() -> None:
    first = told(dated(table(FUNERAL), began(table())), began(table()), IMPORTED)
    known = told(dated(table(), first), first, IMPORTED + timedelta(days=7))

    assert known_days_of(json.loads(json.dumps(known_document(known)))) == known
    assert known_days_of(json.loads(known_text(known))) == known


SPRING = [date(2026, 5, 1) + timedelta(days=number) for number in range(10)]


@given(st.lists(st.tuples(st.integers(1, 20), st.sets(st.sampled_from(SPRING))), min_size=1, max_size=8))
def test_any_row_of_tables_can_be_asked_as_of_any_day(imports: list[tuple[int, set[date]]]) -> None:
    def published(holidays: set[date]) -> Calendar:
        return table(*((day.isoformat(), f"Holiday {day}") for day in holidays))

    today, known = date(2026, 3, 1), began(table())
    tables = [(today, table())]
    for wait, holidays in imports:
        today += timedelta(days=wait)
        known = told(dated(published(holidays), known), known, today)
        tables.append((today, published(holidays)))

    calendar = dated(tables[-1][1], known)

    assert untold(calendar).days == ()
    for (since, then), until in zip(tables, [*(day for day, _ in tables[1:]), today + timedelta(days=9)], strict=True):
        for day in (since, until - timedelta(days=1)):
            assert days(calendar.as_known_on(day)) == days(then)


@pytest.mark.parametrize(
    ("document", "key"),
    [
        ([], "days"),
        ({"days": {}}, "days"),
        ({"days": [1]}, "days.1"),
        ({"days": [{"day": "2026-01-01"}]}, "days.1.title"),
        ({"days": [{"title": "x"}]}, "days.1.day"),
        ({"days": [{"day": "soon", "title": "x"}]}, "days.1.day"),
        ({"days": [{"day": "2026-01-01", "title": "x", "known_on": 3}]}, "days.1.known_on"),
        ({"days": [{"day": "2026-01-01", "title": "x", "substitute": "no"}]}, "days.1.substitute"),
        (
            {"days": [{"day": "2026-01-01", "title": "x", "known_on": "2026-01-01", "dropped_on": "2025-01-01"}]},
            "days.1.dropped_on",
        ),
        ({"days": [{"day": "2026-01-01", "title": "x"}] * 2}, "days"),
    ],
)
def test_a_dated_table_that_is_wrong_is_refused_at_its_place(document: Any, key: str) -> None:
    with pytest.raises(BadCalendar) as refusal:
        known_days_of(document)

    assert refusal.value.key == key


# Days on which the service is closed


def test_closed_days_are_listed_one_by_one_with_their_reason() -> None:
    given_days = {
        "closure": [{"day": date(2026, 12, 29), "last_day": date(2026, 12, 31), "reason": "Between the years"}]
    }

    closures = closures_of(given_days)

    assert [closure.day.day for closure in closures] == [29, 30, 31]
    assert {closure.reason for closure in closures} == {"Between the years"}
    assert closures_of({}) == ()


@pytest.mark.parametrize(
    ("closure", "key"),
    [
        ({"reason": "x"}, "closure.1.day"),
        ({"day": "2026-12-29", "reason": "x"}, "closure.1.day"),
        ({"day": date(9999, 12, 31), "reason": "x"}, "closure.1.day"),
        ({"day": date(2026, 12, 29)}, "closure.1.reason"),
        ({"day": date(2026, 12, 29), "reason": " "}, "closure.1.reason"),
        ({"day": date(2026, 12, 29), "last_day": date(2026, 12, 28), "reason": "x"}, "closure.1.last_day"),
        ({"day": date(2026, 12, 29), "last_day": date(2027, 12, 28), "reason": "x"}, "closure.1.last_day"),
        ({"day": date(2026, 12, 29), "reason": "x", "counts_closures": True}, "closure.1.counts_closures"),
    ],
)
def test_a_closed_day_that_is_wrong_is_refused_at_its_place(closure: dict[str, Any], key: str) -> None:
    with pytest.raises(BadRule) as refusal:
        closures_of({"closure": [closure]})

    assert refusal.value.path == key


def test_a_closed_day_listed_twice_and_an_unknown_key_are_refused() -> None:
    day = {"day": date(2026, 12, 29), "reason": "x"}

    for document in ({"closure": [day, day]}, {"closures": [day]}):
        with pytest.raises(BadRule):
            closures_of(document)


def test_the_service_is_open_on_working_days_on_which_it_is_not_closed() -> None:
    closed = closures_of({"closure": [{"day": date(2026, 12, 29), "last_day": date(2026, 12, 31), "reason": "x"}]})
    calendar = replace(load_calendar(CONFIG), closures=closed)

    assert calendar.open_day(date(2026, 12, 30), earlier=True) == date(2026, 12, 24)
    assert calendar.open_day(date(2026, 12, 30), earlier=False) == date(2027, 1, 4)
    assert calendar.open_day(date(2026, 12, 22), earlier=True) == date(2026, 12, 22)
    assert calendar.is_working(date(2026, 12, 30))
    assert not calendar.is_open(date(2026, 12, 30))
    assert calendar.add_working_days(date(2026, 12, 24), 3) == date(2026, 12, 31)
