"""A holiday announced with nine days' notice, and one moved: every open day is told, and what is settled stays."""

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.calendar_files import HOLIDAYS, load_known, stamp
from engine.house import House
from engine.reports import compliance
from tests.conftest import NOW
from tests.edge.commands import Commands
from tests.edge.consent_records import consent_record
from tests.edge.faults.soundness import faults, row_counts
from tests.edge.faults.town import another, take_in
from tests.edge.holiday_tables import (
    ACKNOWLEDGE,
    FUNERAL,
    OPEN,
    complaint,
    derived,
    due,
    proposed,
    put,
    rows,
    table,
    taken_in,
    told,
    with_own_config,
)
from workflow.london import start_of_day

ROOT = Path(__file__).resolve().parents[2]

pytest_plugins = ["tests.edge.faults.fixtures"]


@pytest.fixture
def house(town: House, tmp_path: Path) -> House:
    """A house whose config folder may be written, on each database."""
    return with_own_config(town, tmp_path)


# Announced with nine days' notice


def test_before_a_yes_the_difference_is_shown_and_nothing_is_written(house: House) -> None:
    reference = complaint(house, "2026-11-23")
    before, files = row_counts(house), stamp(house.settings.config)

    proposal = proposed(house, table(house, FUNERAL)).document()

    assert proposal["added"] == [{"day": FUNERAL[0], "title": FUNERAL[1], "substitute": False}]
    assert (proposal["removed"], proposal["renamed"]) == ([], [])
    moves = [move for move in proposal["moves"] if move["rule"] == ACKNOWLEDGE]
    assert [(move["case"], move["was"], move["now"]) for move in moves] == [(reference, "2026-12-07", "2026-12-08")]
    assert (row_counts(house), stamp(house.settings.config)) == (before, files)


def test_every_open_day_that_moves_is_told_and_what_is_settled_keeps_day_and_verdict(house: House) -> None:
    still_open = complaint(house, "2026-11-23")
    met, late = complaint(house, "2026-11-18", "2026-11-20"), complaint(house, "2026-11-02", "2026-11-20")
    closed = complaint(house, "2026-11-18", "2026-11-20")
    put(house, closed, "case_closed", "2026-11-23", reason="out_of_scope")
    every = (still_open, met, late, closed)
    before = {reference: rows(house, reference) for reference in every}

    house, done = taken_in(house, table(house, FUNERAL))

    number = 0
    for reference in every:
        after, said = rows(house, reference), told(house, reference)
        for name, row in before[reference].items():
            if row["standing"] not in OPEN:
                assert after[name] == row
            elif row["due_on"] != after[name]["due_on"]:
                assert said[name] == (str(row["due_on"]), str(after[name]["due_on"]), "calendar")
                number += 1
    assert number == done["moved"] == sum(len(told(house, reference)) for reference in every)
    assert (due(house, still_open), done["not_told"]) == ("2026-12-08", [])
    assert [derived(house, reference, "2026-12-31").verdict for reference in (met, late)] == ["met", "met_late"]
    assert faults(house, NOW) == []


def test_a_day_taken_in_is_dated_and_a_second_time_changes_nothing(house: House) -> None:
    complaint(house, "2026-11-23")
    house, _ = taken_in(house, table(house, FUNERAL))
    before = row_counts(house)

    again = proposed(house, house.settings.home / "new.json", NOW + timedelta(days=1))
    house, done = taken_in(house, house.settings.home / "new.json", NOW + timedelta(days=1))

    assert (again.change.days, again.moves, done["moved"]) == ((), (), 0)
    assert row_counts(house) == before
    dated = [each for each in load_known(house.settings.config) if each.holiday.title == FUNERAL[1]]
    assert [(each.known_on, each.dropped_on) for each in dated] == [(date(2026, 11, 23), None)]


def test_a_holiday_that_is_moved_moves_only_the_days_between(house: House) -> None:
    now = start_of_day(date(2026, 12, 10)) + timedelta(hours=13)
    past, between, beyond = (complaint(house, day) for day in ("2026-11-25", "2026-12-09", "2026-12-10"))
    assert [due(house, each) for each in (past, between, beyond)] == ["2026-12-09", "2026-12-23", "2026-12-24"]

    house, _ = taken_in(house, table(house, ("2026-12-23", "Boxing Day, early"), gone=("2026-12-28",)), now)

    assert [due(house, each) for each in (past, between, beyond)] == ["2026-12-09", "2026-12-24", "2026-12-28"]
    assert ACKNOWLEDGE not in {rule for rule, _ in told(house, past)}
    assert ("2026-12-24", "2026-12-28", "calendar") in told(house, beyond).values()
    assert faults(house, now) == []


def test_a_holiday_that_is_put_off_makes_a_day_earlier(house: House) -> None:
    reference = complaint(house, "2026-12-14")
    now = start_of_day(date(2026, 12, 14)) + timedelta(hours=13)
    before = due(house, reference)

    house, _ = taken_in(house, table(house, ("2026-12-31", "Boxing Day, late"), gone=("2026-12-28",)), now)

    assert (before, due(house, reference)) == ("2026-12-30", "2026-12-29")
    assert faults(house, now) == []


def test_a_day_before_a_decision_is_told_although_it_lies_before_the_holiday(house: House) -> None:
    reference = take_in(house, another(), NOW)
    put(house, reference, "decision_scheduled", "2026-11-23", kind="referral_order_panel", on="2026-12-03")
    before = due(house, reference, "views-before-decision")

    house, _ = taken_in(house, table(house, FUNERAL))

    assert (before, due(house, reference, "views-before-decision")) == ("2026-12-01", "2026-11-30")
    assert ("2026-12-01", "2026-11-30", "calendar") in told(house, reference).values()


def test_a_holiday_taken_in_too_late_makes_nothing_that_was_late_good_again(house: House) -> None:
    reference = complaint(house, "2026-11-23", "2026-12-08")
    now = start_of_day(date(2026, 12, 10)) + timedelta(hours=9)
    before = derived(house, reference, "2026-12-10")

    house, _ = taken_in(house, table(house, FUNERAL), now)

    after = derived(house, reference, "2026-12-10")
    assert (before.verdict, before.due_on) == (after.verdict, after.due_on) == ("met_late", date(2026, 12, 7))
    assert faults(house, now) == []


def test_a_figure_asked_as_of_a_day_before_it_was_known_counts_without_it(house: House) -> None:
    complaint(house, "2026-11-23")
    house, _ = taken_in(house, table(house, FUNERAL), NOW + timedelta(days=16))

    def overdue(day: str) -> int:
        as_of = start_of_day(date.fromisoformat(day)) + timedelta(hours=12)
        found = compliance(house, date(2026, 11, 1), date(2026, 11, 30), as_of)
        return int(next(row["overdue"] for row in found["rules"] if row["rule"] == ACKNOWLEDGE))

    house = replace(house, settings=replace(house.settings, rehearsal=NOW + timedelta(days=20)))

    # On 8 December nobody knew of the holiday yet.
    assert (overdue("2026-12-07"), overdue("2026-12-08"), overdue("2026-12-09")) == (0, 1, 1)


# From the command line


@pytest.fixture
def run(tmp_path: Path) -> Commands:
    """Commands whose config folder may be written."""
    home = tmp_path / "home"
    shutil.copytree(ROOT / "config", home / "config")
    (home / "templates").symlink_to(ROOT / "templates")
    return Commands(tmp_path, HOME=str(home))


def test_the_command_shows_the_difference_takes_it_in_with_a_yes_and_lists_it(run: Commands) -> None:
    records = run.folder / "records.jsonl"
    records.write_text(json.dumps(consent_record(submission_id="DRB-1", force="derbyshire")), encoding="utf-8")
    reference = run.json("import", str(records), "--force", "derbyshire")["rows"][0]["case_reference"]
    run.json("record", reference, "complaint_received")
    present = json.loads((run.folder / "home" / "config" / HOLIDAYS).read_text(encoding="utf-8"))
    present["england-and-wales"]["events"].append({"title": FUNERAL[1], "date": FUNERAL[0], "notes": ""})
    present["england-and-wales"]["events"].sort(key=lambda event: event["date"])
    file = run.folder / "new.json"
    file.write_text(json.dumps(present), encoding="utf-8")

    shown, plain = run.json("calendar", "import", str(file)), run("calendar", "import", str(file))
    taken = run.json("calendar", "import", str(file), "--yes")
    listed = run.json("calendar", "show", "--year", "2026")

    assert (shown["adopted"], shown["added"][0]["day"]) == (False, FUNERAL[0])
    assert plain.exit_code == 0
    assert "Nothing was written" in plain.stdout
    assert f"{reference}\t{ACKNOWLEDGE}\tyjs\t2026-12-07\t2026-12-08" in plain.stdout
    assert (taken["adopted"], taken["moved"], taken["not_told"]) == (True, len(shown["moves"]), [])
    new = next(each for each in listed["days"] if each["day"] == FUNERAL[0])
    assert (new["known_on"], new["note"]) == ("2026-11-23", "known since 2026-11-23")
    assert {each["day"][:4] for each in listed["days"]} == {"2026"}
    assert (listed["horizon"], listed["months_left"], listed["untold"]) == ("2028-12-31", 25, [])
    moved = [event for event in run.json("case", reference)["history"] if event["kind"] == "deadline_moved"]
    assert {(event["by"], event["fields"]["why"]) for event in moved} == {("system", "calendar")}
    checked = run.json("check")
    assert checked["ok"] is True


def test_a_file_that_cannot_be_taken_is_one_sentence_and_a_status(run: Commands) -> None:
    file = run.folder / "new.json"
    file.write_text('{"england-and-wales": {"events": [{"title": "x", "date": "soon"}]}}', encoding="utf-8")

    done = run("calendar", "import", str(file), "--yes")

    assert done.exit_code == 2
    assert done.stderr.strip() == "the file: england-and-wales.events.1.date: Give the day as YYYY-MM-DD."
