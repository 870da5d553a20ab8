"""Proves that the invented people lead to nobody, and that the year is planned in the proportions it promises."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.house import read_rules
from engine.settings import read_settings
from engine.simulation.plan import quotas, stories
from engine.simulation.records import first_record
from engine.simulation.stories import CONTACTABLE, Ending, Story
from engine.simulation.works import SAME, WORKS
from workflow.actions import STEPS
from workflow.calendar import Calendar

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    """The calendar of the house."""
    return read_rules(read_settings({})).calendar


def planned(calendar: Calendar, number: int = 202, seed: int = 3) -> list[Story]:
    """A planned year."""
    return stories(number, seed, TODAY, calendar, {"northshire": "opt_in", "southshire": "opt_out"})


def texts(value: Any) -> list[str]:
    """Every text in a tree."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    return [value] if isinstance(value, str) else []


def test_the_default_year_has_the_numbers_of_the_practice_it_imitates() -> None:
    dealt = quotas(202)

    assert sum(dealt.values()) == 202
    assert sum(dealt[ending] for ending in CONTACTABLE) == 162
    assert dealt[Ending.DIRECT] == 15


@pytest.mark.parametrize("number", [1, 2, 3, 7, 12, 50, 199, 1000])
def test_a_year_of_any_size_deals_out_every_referral_once(number: int) -> None:
    dealt = quotas(number)

    assert sum(dealt.values()) == number
    assert sum(dealt[ending] for ending in CONTACTABLE) == round(number * 162 / 202)


def test_the_stories_lie_within_a_year_before_today_and_each_is_told_once(calendar: Calendar) -> None:
    told = planned(calendar)

    assert len({story.submission_id for story in told}) == len(told) == 202
    assert all(TODAY - timedelta(days=365) < story.day < TODAY for story in told)
    assert [story.day for story in told] == sorted(story.day for story in told)


def test_the_cast_is_as_mixed_as_a_real_one(calendar: Calendar) -> None:
    told = planned(calendar)

    kinds = [story.kind for story in told]
    assert 35 <= kinds.count("child") <= 70
    assert 10 <= kinds.count("organisation") <= 40
    assert any(story.needs["language"] == "cy" for story in told)
    assert any("large_print" in story.needs["formats"] for story in told)
    assert any("domestic_abuse" in story.risks for story in told)
    assert any(story.enhanced == "persistent" for story in told)
    assert any(len(story.incident.children) > 1 for story in told)
    assert len({story.incident.crime_reference for story in told}) < 190


def test_every_telephone_postcode_and_email_is_one_that_leads_nowhere(calendar: Calendar) -> None:
    now = datetime(2026, 11, 22, 18, tzinfo=UTC)
    written = [text for story in planned(calendar) for text in texts(first_record(story, now))]

    numbers = [text for text in written if re.fullmatch(r"0[\d ]{9,}", text)]
    postcodes = [text for text in written if re.fullmatch(r"[A-Z]{1,2}\d+ ?\d[A-Z]{2}", text)]
    emails = [text for text in written if "@" in text]
    assert numbers
    assert postcodes
    assert emails
    assert all(re.fullmatch(r"07700 900\d{3}|01632 960\d{3}", number) for number in numbers)
    assert all(postcode.startswith("ZZ99") for postcode in postcodes)
    assert all(email.endswith("@example.org") for email in emails)


def test_the_simulated_practitioner_knows_what_to_do_at_every_step_of_the_journey() -> None:
    steps = {step.name for step in STEPS.values()}

    assert steps <= WORKS.keys()
    assert set(SAME.values()) <= WORKS.keys()
