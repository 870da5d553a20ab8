"""The year ahead from a real database: read from what is kept, the same each time, and without a case in it."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.entries import Entry
from engine.forecasting import year_ahead
from engine.house import House
from engine.record import record
from store import projections
from tests.conftest import NOW
from tests.edge.commands import Commands
from tests.edge.consent_records import consent_record
from tests.edge.faults.town import ROSA, another, case_key, take_in
from workflow.london import start_of_day

pytest_plugins = ["tests.edge.faults.fixtures"]


@pytest.fixture
def peopled(town: House) -> tuple[House, list[str]]:
    """A house with cases that owe something, of which one complaint was acknowledged late."""
    references = [take_in(town, another(), NOW) for _ in range(3)]
    for reference in references:
        record(town, reference, [Entry("complaint_received")], actor=ROSA, now=NOW)
    later = start_of_day(date(2026, 12, 9))
    record(town, references[0], [Entry("complaint_acknowledged")], actor=ROSA, now=later)
    return town, references


def test_every_open_duty_of_ours_with_a_day_to_come_falls_due_in_its_week(peopled: tuple[House, list[str]]) -> None:
    house, references = peopled

    found = year_ahead(house, NOW, 12)

    with house.reading() as connection:
        kept = [
            row
            for reference in references
            for row in projections.duty_rows(connection, house.service, case_key(house, reference).case_id)
        ]
    owed = [row for row in kept if row["owner"] == "yjs" and row["standing"] == "open" and row["due_on"]]
    assert sum(week["known"] for week in found["weeks"]) == sum(row["due_on"] >= date(2026, 11, 23) for row in owed)
    assert found["overdue_now"] == sum(row["due_on"] < date(2026, 11, 23) for row in owed)
    assert owed


def test_the_past_shows_in_the_pace_and_no_case_is_named(peopled: tuple[House, list[str]]) -> None:
    house, references = peopled

    found = year_ahead(house, NOW + timedelta(days=30), 3)

    pace = {each["rule"]: each for each in found["pace"]["rules"]}["complaint-acknowledgement"]
    assert (pace["met"], pace["median_working_days"], pace["fallen_due"]) == (1, 12.0, 3)
    assert found["pace"]["referrals_a_week"] == pytest.approx(3 / (30 / 7), rel=0.01)
    assert not any(reference in json.dumps(found) for reference in references)
    assert found["method"]
    assert found["assumptions"]


def test_asked_twice_it_says_the_same(peopled: tuple[House, list[str]]) -> None:
    house, _ = peopled

    assert year_ahead(house, NOW, 12) == year_ahead(house, NOW, 12)


def test_a_service_without_a_case_has_an_empty_year_ahead(town: House) -> None:
    found = year_ahead(town, NOW, 1)

    assert {week["due"] for week in found["weeks"]} == {0}
    assert found["weeks"][0]["week"] == "2026-11-23"


def test_the_command_draws_the_weeks_and_says_how_they_were_reckoned(tmp_path: Path) -> None:
    run = Commands(tmp_path)
    file = run.folder / "records.jsonl"
    file.write_text(json.dumps(consent_record(submission_id="DRB-1", force="derbyshire")), encoding="utf-8")
    run.json("import", str(file), "--force", "derbyshire")

    shown, found = run("forecast", "--months", "2"), run.json("forecast", "--months", "2")
    plain = run("forecast", "--months", "2", charset="ascii")

    assert (shown.exit_code, plain.exit_code) == (0, 0)
    assert "█" in shown.stdout
    assert "#" in plain.stdout
    assert "Referrals come, and work is done, as in the past year" in shown.stdout
    assert len(found["weeks"]) == 9
