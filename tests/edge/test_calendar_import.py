"""A holiday announced with nine days' notice, and one moved: every open day is told, and what is settled stays."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.calendar_files import CLOSURES, HOLIDAYS, KNOWN, load_calendar, load_known, stamp
from engine.calendar_import import Proposal, adopt, propose
from engine.checking import check_house
from engine.entries import Entry
from engine.errors import BadConfiguration, WrongInput
from engine.house import House
from engine.record import record
from engine.reports import compliance
from store import projections
from tests.conftest import NOW
from tests.edge.consent_records import consent_record
from tests.edge.faults.soundness import faults, row_counts
from tests.edge.faults.town import ROSA, another, case, case_key, take_in
from tests.edge.test_command_line import ROOT, CommandLine
from workflow.duties import Duty, duties
from workflow.events import Value
from workflow.london import start_of_day

pytest_plugins = ["tests.edge.faults.fixtures"]

ACKNOWLEDGE = "complaint-acknowledgement"
FUNERAL = ("2026-12-02", "Bank holiday for a state funeral")
OPEN = ("open", "paused", "no_data")


@pytest.fixture
def house(town: House, tmp_path: Path) -> House:
    """A house whose config folder may be written, on each database."""
    home = tmp_path / "home"
    shutil.copytree(town.settings.config, home / "config")
    (home / "templates").symlink_to(town.settings.templates)
    settings = replace(town.settings, home=home)
    return replace(
        town, settings=settings, calendar=load_calendar(settings.config), calendar_read=stamp(settings.config)
    )


def quietly(done: int, total: int) -> None:
    """Tell nobody how far it is."""


def table(house: House, *added: tuple[str, str], gone: tuple[str, ...] = (), since: str = "", until: str = "") -> Path:
    """A file in the form GOV.UK publishes: the present table with days added and gone, perhaps a part of it."""
    events = json.loads((house.settings.config / HOLIDAYS).read_text(encoding="utf-8"))["england-and-wales"]["events"]
    kept = [event for event in events if event["date"] not in gone and since <= event["date"] <= (until or "9")]
    kept += [{"title": title, "date": day, "notes": "", "bunting": False} for day, title in added]
    document = {"england-and-wales": {"division": "england-and-wales", "events": sorted(kept, key=lambda e: e["date"])}}
    file = house.settings.home / "new.json"
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return file


def proposed(house: House, file: Path, now: datetime = NOW, **said: bool) -> Proposal:
    return propose(house, file, now, quietly, **said)


def taken_in(house: House, file: Path, now: datetime = NOW) -> tuple[House, dict[str, Any]]:
    """The house after a table was taken in, and what that did."""
    done = adopt(house, proposed(house, file, now), now, quietly)
    return house.counting_now(), done


def put(house: House, reference: str, event: str, day: str, **fields: Value) -> None:
    at = start_of_day(date.fromisoformat(day))
    record(house, reference, [Entry(event, fields, at)], actor=ROSA, now=max(NOW, at + timedelta(hours=12)))


def complaint(house: House, received: str, acknowledged: str | None = None) -> str:
    reference = take_in(house, another(), NOW)
    put(house, reference, "complaint_received", received)
    if acknowledged:
        put(house, reference, "complaint_acknowledged", acknowledged)
    return reference


def rows(house: House, reference: str) -> dict[tuple[str, int], Mapping[str, Any]]:
    """The duties of a case as lists show them."""
    with house.reading() as connection:
        kept = projections.duty_rows(connection, house.service, case_key(house, reference).case_id)
    return {(row["rule"], row["occurrence"]): row for row in kept}


def due(house: House, reference: str, rule: str = ACKNOWLEDGE) -> str:
    return next(str(row["due_on"]) for (name, _), row in rows(house, reference).items() if name == rule)


def told(house: House, reference: str) -> dict[tuple[str, int], tuple[str, str, str]]:
    """What the case was told: by duty, from which day to which, and why; each once."""
    events = case(house, reference).of("deadline_moved")
    found = {
        (e.text("rule"), int(e.fields["occurrence"])): (e.text("was"), e.text("now"), e.text("why")) for e in events
    }
    assert len(found) == len(events)
    return found


def derived(house: House, reference: str, today: str, rule: str = ACKNOWLEDGE) -> Duty:
    owed = duties(case(house, reference), house.rulebook, house.calendar, date.fromisoformat(today))
    return next(duty for duty in owed if duty.rule.id == rule)


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


# From the command line


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    """A command line whose config folder may be written."""
    home = tmp_path / "home"
    shutil.copytree(ROOT / "config", home / "config")
    (home / "templates").symlink_to(ROOT / "templates")
    opened = CommandLine(tmp_path)
    opened.environment["VICTIM_CONTACT_HOME"] = str(home)
    return opened


def test_the_command_shows_the_difference_takes_it_in_with_a_yes_and_lists_it(run: CommandLine) -> None:
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
    assert plain.returncode == 0
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


def test_a_file_that_cannot_be_taken_is_one_sentence_and_a_status(run: CommandLine) -> None:
    file = run.folder / "new.json"
    file.write_text('{"england-and-wales": {"events": [{"title": "x", "date": "soon"}]}}', encoding="utf-8")

    done = run("calendar", "import", str(file), "--yes")

    assert done.returncode == 2
    assert done.stderr.strip() == "the file: england-and-wales.events.1.date: Give the day as YYYY-MM-DD."
