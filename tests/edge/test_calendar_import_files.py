"""Tables taken in by half, dropped in by hand, seen by a process that runs on, or refused; none is told twice."""

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.calendar_files import CLOSURES, HOLIDAYS, KNOWN, load_calendar
from engine.calendar_import import adopt
from engine.checking import check_house
from engine.errors import BadConfiguration, WrongInput
from engine.house import House
from tests.conftest import NOW
from tests.edge.faults.soundness import faults
from tests.edge.holiday_tables import (
    ACKNOWLEDGE,
    FUNERAL,
    complaint,
    due,
    proposed,
    put,
    quietly,
    table,
    taken_in,
    told,
    with_own_config,
)

pytest_plugins = ["tests.edge.faults.fixtures"]


@pytest.fixture
def house(town: House, tmp_path: Path) -> House:
    """A house whose config folder may be written, on each database."""
    return with_own_config(town, tmp_path)


# Interrupted, dropped in by hand, or seen by a process that runs on


class _Killed(Exception):
    pass


def test_what_was_interrupted_goes_on_where_it_stopped(house: House) -> None:
    references = [complaint(house, "2026-11-23") for _ in range(4)]
    file = table(house, FUNERAL)

    def killed_after_the_second(done: int, total: int) -> None:
        if done == 2:
            raise _Killed

    with pytest.raises(_Killed):
        adopt(house, proposed(house, file), NOW, killed_after_the_second)
    at_first = [bool(told(house, reference)) for reference in references]
    house, done = taken_in(house.counting_now(), file, NOW + timedelta(days=1))

    assert at_first == [True, True, False, False]
    assert done["moved"] > 0
    assert [due(house, reference) for reference in references] == ["2026-12-08"] * 4
    assert all(told(house, reference) for reference in references)
    assert {why for reference in references for *_, why in told(house, reference).values()} == {"calendar"}
    assert faults(house, NOW) == []


def test_a_file_dropped_in_by_hand_is_noticed_counts_and_is_told_by_taking_it_in(house: House) -> None:
    touched, untouched = complaint(house, "2026-11-23"), complaint(house, "2026-11-23")
    settled = complaint(house, "2026-11-02", "2026-11-20")
    file = table(house, FUNERAL)
    shutil.copy(file, house.settings.config / HOLIDAYS)
    house = house.counting_now()

    checks = check_house(house, NOW, rebuild=False, tell=quietly)["checks"]
    noticed = {check["what"]: (check["outcome"], check["details"]) for check in checks}
    put(house, touched, "note_written", "2026-11-23", note="words")
    at_first = (due(house, touched), due(house, untouched))
    house, _ = taken_in(house, file)

    assert noticed["bank holidays"][0] == "warning"
    assert FUNERAL[0] in noticed["bank holidays"][1]
    assert untouched in noticed["projections"][1]
    assert settled not in noticed["projections"][1]
    assert at_first == ("2026-12-08", "2026-12-07")
    assert due(house, untouched) == "2026-12-08"
    assert {why for each in (touched, untouched) for *_, why in told(house, each).values()} == {"calendar"}
    after = {
        check["what"]: check["outcome"] for check in check_house(house, NOW, rebuild=False, tell=quietly)["checks"]
    }
    assert (after["bank holidays"], after["projections"]) == ("ok", "ok")


def test_rebuilding_after_a_file_was_dropped_in_tells_as_well_and_once(house: House) -> None:
    reference = complaint(house, "2026-11-23")
    file = table(house, FUNERAL)
    shutil.copy(file, house.settings.config / HOLIDAYS)
    house = house.counting_now()

    check_house(house, NOW, rebuild=True, tell=quietly)
    said = told(house, reference)
    house, done = taken_in(house, file)

    assert said
    assert done["moved"] == 0
    assert told(house, reference) == said
    assert faults(house, NOW) == []


def test_a_process_that_runs_on_counts_by_the_new_table_with_its_next_deed(house: House) -> None:
    running = house
    touched = complaint(house, "2026-11-23")
    taken_in(house, table(house, FUNERAL))

    put(running, touched, "note_written", "2026-11-23", note="words")
    fresh = complaint(running, "2026-11-23")

    assert (due(house, touched), due(house, fresh)) == ("2026-12-08", "2026-12-08")
    assert len([name for name in told(house, touched) if name[0] == ACKNOWLEDGE]) == 1


def test_a_process_that_runs_on_keeps_its_table_when_the_file_is_broken(house: House) -> None:
    (house.settings.config / HOLIDAYS).write_text("{", encoding="utf-8")

    reference = complaint(house, "2026-11-23")

    assert due(house, reference) == "2026-12-07"
    with pytest.raises(BadConfiguration):
        load_calendar(house.settings.config)


# What a file may be


def test_a_file_that_begins_later_keeps_the_years_before_it(house: House) -> None:
    first = house.calendar.first_day

    proposal = proposed(house, table(house, FUNERAL, since="2019-01-01"))
    house, _ = taken_in(house, house.settings.home / "new.json")

    assert [each.day.isoformat() for each in proposal.change.added] == [FUNERAL[0]]
    assert proposal.change.removed == ()
    assert house.calendar.first_day == first
    assert not house.calendar.is_working(date(2016, 12, 26))


def test_a_table_that_ends_earlier_is_taken_only_when_that_is_said(house: House) -> None:
    file = table(house, until="2027-12-31")

    with pytest.raises(WrongInput, match="give --shorter"):
        proposed(house, file)
    proposal = proposed(house, file, shorter=True)

    assert (proposal.document()["ends"]["was"], proposal.document()["ends"]["now"]) == ("2028-12-31", "2027-12-31")
    assert {each.day.year for each in proposal.change.removed} == {2028}


def test_a_holiday_on_a_weekend_is_taken_and_moves_nothing(house: House) -> None:
    complaint(house, "2026-11-23")

    proposal = proposed(house, table(house, ("2026-11-28", "A Saturday")))

    assert [each.title for each in proposal.change.added] == ["A Saturday"]
    assert proposal.moves == ()


def _events(*events: object) -> str:
    return json.dumps({"england-and-wales": {"events": list(events)}})


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{", "file"),
        ("[" * 100_000, "file"),
        ("{}", "england-and-wales"),
        ('{"scotland": {"events": []}}', "england-and-wales"),
        (_events({"date": "2026-13-01", "title": "x"}), "england-and-wales.events.1.date"),
        (_events({"date": "2026-01-01"}), "england-and-wales.events.1.title"),
        (
            _events({"date": "2026-01-01", "title": "x"}, {"date": "2026-01-01", "title": "y"}),
            "england-and-wales.events.2.date",
        ),
        (
            _events({"date": "2028-12-25", "title": "x"}, {"date": "2026-01-01", "title": "y"}),
            "england-and-wales.events.2.date",
        ),
    ],
)
def test_a_file_that_is_no_table_is_refused_at_its_place(house: House, text: str, key: str) -> None:
    file = house.settings.home / "new.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(BadConfiguration) as refusal:
        proposed(house, file)

    assert (refusal.value.file, refusal.value.key) == ("the file", key)


def test_a_file_that_is_not_there_or_begins_after_the_present_table_is_refused(house: House) -> None:
    with pytest.raises(BadConfiguration):
        proposed(house, house.settings.home / "nowhere.json")
    with pytest.raises(WrongInput, match="begins after"):
        proposed(house, table(house, ("2031-01-01", "New Year"), ("2031-12-25", "Christmas"), since="2031-01-01"))


@pytest.mark.parametrize("name", [KNOWN, CLOSURES])
def test_a_file_beside_the_table_that_is_wrong_is_named(house: House, name: str) -> None:
    (house.settings.config / name).write_text("days = 3", encoding="utf-8")

    with pytest.raises(BadConfiguration) as refusal:
        load_calendar(house.settings.config)

    assert refusal.value.file == name


def test_a_table_with_less_than_twelve_months_left_warns_the_manager(house: House) -> None:
    proposal = proposed(house, table(house, until="2027-10-31"), shorter=True)
    short = replace(house, calendar=proposal.after)

    def calendar_line(checked: House) -> tuple[str, str]:
        checks = check_house(checked, NOW, rebuild=False, tell=quietly)["checks"]
        return next((check["outcome"], check["details"]) for check in checks if check["what"] == "calendar")

    assert calendar_line(house)[0] == "ok"
    assert calendar_line(short) == ("warning", "the table of bank holidays ends in 9 months: import the new one")
