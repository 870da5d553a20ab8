"""Proves that a spreadsheet becomes cases whose history is marked, with nothing lost, trusted or sent by itself."""

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from engine.entries import Actor, Entry
from engine.errors import BadConfiguration
from engine.feeds.receipts import COUNTED
from engine.house import House
from engine.intake.receive import receive
from engine.record import record
from engine.tracker.cells import birthday, day_told, name_told
from engine.tracker.judging import consent_of
from engine.tracker.profile import tracker_form
from engine.tracker.taking import import_tracker
from store import cases, people, post
from tests.conftest import NOW, new_house, settings_for
from tests.edge.consent_records import consent_record
from workflow.case import Case
from workflow.consent import agreed
from workflow.duties import duties
from workflow.london import london_day
from workflow.machine import NotAllowed
from workflow.vocabulary import Channel, Known, State, Verdict

TODAY = date(2026, 11, 23)
CRIME = "26000000001/26"
HEADER = [
    "Name",
    "dob",
    "Crime no.",
    "YP",
    "Consent?",
    "Letter sent",
    "Tel 1",
    "Tel 2",
    "RJ offered / outcome",
    "Notes",
]
USUAL = ["EXAMPLE, Alex", "04/03/1992", CRIME, "S.S", "Y", "25/08/2026", "28/08/26", "no answer", "ongoing", ""]


def line(**changes: str) -> list[str]:
    """A row with the changes named: name, born, crime, consent, letter, outcome, notes."""
    places = {"name": 0, "born": 1, "crime": 2, "consent": 4, "letter": 5, "outcome": 8, "notes": 9}
    cells = list(USUAL)
    for name, cell in changes.items():
        cells[places[name]] = cell
    return cells


def tracker(folder: Path, *rows: list[str], encoding: str = "cp1252") -> Path:
    """A spreadsheet saved as text, with a title above its header, as they come."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["Victim tracker - example", *[""] * 9], [], HEADER, *rows])
    file = folder / "tracker.csv"
    file.write_bytes(text.getvalue().encode(encoding, "replace"))
    return file


def taken(house: House, folder: Path, *rows: list[str], **options: Any) -> dict[str, Any]:
    """The receipt of a spreadsheet with these rows."""
    return import_tracker(house, tracker(folder, *rows), NOW, profile="example", **options)


def case_of(house: House, receipt: dict[str, Any], number: int = 0) -> Case:
    """The case that a row became."""
    with house.reading() as connection:
        key = cases.find(connection, house.service, receipt["rows"][number]["cases"][0])
        assert key is not None
        return cases.history(connection, house.service, key)


def rules(receipt: dict[str, Any], number: int = 0) -> set[str]:
    """The rules of the gaps and errors of one row."""
    found = receipt["rows"][number]
    return {each["rule"] for each in (*found["gaps"], *found["errors"])}


def test_a_row_becomes_a_case_whose_history_says_that_it_was_brought_over(house: House, tmp_path: Path) -> None:
    receipt = taken(house, tmp_path, line(notes="call after 4pm"))

    case = case_of(house, receipt)
    assert case.opened is not None
    assert (case.opened.text("source"), case.state) == ("tracker", State.INTAKE_CHECK)
    assert [event.text("what") for event in case.of("history_brought_over")].count("contact") == 2
    assert {"informed-choice-unproven", "to-be-read"} <= rules(receipt)
    assert agreed(case) == {"contact"}


def test_every_word_of_a_row_is_kept_with_the_case(house: House, tmp_path: Path) -> None:
    row = line(notes="mum is contact", letter="w/c 24/08", outcome="thinking about it")

    receipt = taken(house, tmp_path, row)

    with house.reading() as connection:
        key = cases.find(connection, house.service, receipt["rows"][0]["cases"][0])
        assert key is not None
        victim = people.find(connection, house.keyring, key.person_id)
        words = set(people.notes(connection, victim, key.case_id).values())
    assert words == {cell for cell in row[3:] if cell} | {row[1]}
    assert (victim.document["given_name"], victim.document["family_name"]) == ("Alex", "Example")


def test_nobody_is_contacted_before_a_person_has_read_what_was_brought_over(
    house: House, tmp_path: Path, practitioner: Actor
) -> None:
    receipt = taken(house, tmp_path, line())
    reference = receipt["rows"][0]["cases"][0]
    safe = Entry("safety_recorded", {"phone": "yes", "said_by": "victim"})
    record(house, reference, [safe], actor=practitioner, now=NOW)

    with pytest.raises(NotAllowed) as refused:
        record(house, reference, [Entry("triage_completed")], actor=practitioner, now=NOW)
    record(house, reference, [Entry("brought_over_read"), Entry("triage_completed")], actor=practitioner, now=NOW)

    assert "read" in str(refused.value)
    assert case_of(house, receipt).state is State.CHARACTERISTICS_CAPTURE


def test_no_letter_is_drafted_for_a_history_that_was_brought_over(house: House, tmp_path: Path) -> None:
    rows = [line(), line(name="OTHER, Kim", consent="N"), line(name="THIRD, Jo", consent="?", outcome="declined")]

    taken(house, tmp_path, *rows)

    with house.reading() as connection:
        assert post.in_state(connection, house.service, None) == []


def test_nothing_counts_as_met_in_time_by_a_history_that_was_brought_over(
    house: House, tmp_path: Path, practitioner: Actor
) -> None:
    receipt = taken(house, tmp_path, line())
    steps = [
        Entry("safety_recorded", {"phone": "yes", "said_by": "victim"}),
        Entry("brought_over_read"),
        Entry("triage_completed"),
        Entry("attempt_made", {"channel": "phone", "outcome": "no_answer"}),
    ]
    before = duties(case_of(house, receipt), house.rulebook, house.calendar, london_day(NOW))

    record(house, receipt["rows"][0]["cases"][0], steps, actor=practitioner, now=NOW)

    after = duties(case_of(house, receipt), house.rulebook, house.calendar, london_day(NOW))
    assert not any(duty.verdict in (Verdict.MET, Verdict.MET_LATE) for duty in before)
    assert "first-attempt" not in {duty.rule.id for duty in after}
    assert "rj-information" not in {duty.rule.id for duty in after}


@pytest.mark.parametrize("notes", ["DO NOT write - partner", "pls DON\u2019T WRITE", "no post"])
def test_a_warning_against_writing_closes_the_post_at_once(house: House, tmp_path: Path, notes: str) -> None:
    receipt = taken(house, tmp_path, line(notes=notes))

    case = case_of(house, receipt)
    assert (case.safe(Channel.POST), case.safe(Channel.PHONE)) == (Known.NO, Known.UNKNOWN)


def test_a_warning_against_any_contact_closes_every_channel_wherever_it_stands(house: House, tmp_path: Path) -> None:
    receipt = taken(house, tmp_path, line(outcome="unsafe, partner at home"))

    case = case_of(house, receipt)
    assert {case.safe(channel) for channel in Channel} == {Known.NO}


@pytest.mark.parametrize("consent", ["?", "", "Y?", "yes - see OIC", "no - see OIC", "ok", "1", "TRUE", "Y N"])
def test_what_is_no_clear_yes_is_asked_back(house: House, tmp_path: Path, consent: str) -> None:
    receipt = taken(house, tmp_path, line(consent=consent))

    case = case_of(house, receipt)
    assert (case.state, agreed(case)) == (State.CONSENT_QUERY, frozenset())
    assert "no-clear-yes" in rules(receipt)


def test_rows_about_one_victim_are_one_case_with_the_most_careful_answer(house: House, tmp_path: Path) -> None:
    rows = [line(), line(born="04-03-92", consent="N", notes="DO NOT write")]

    receipt = taken(house, tmp_path, *rows)

    case = case_of(house, receipt)
    assert len({reference for each in receipt["rows"] for reference in each["cases"]}) == 1
    assert (case.state, case.safe(Channel.POST)) == (State.CONSENT_QUERY, Known.NO)
    assert {"victim-twice", "answers-differ"} <= rules(receipt, 1)


def test_the_same_file_again_changes_nothing_and_a_new_warning_is_added(
    house: House, tmp_path: Path, practitioner: Actor
) -> None:
    first = taken(house, tmp_path, line())
    reference = first["rows"][0]["cases"][0]
    again = taken(house, tmp_path, line())
    record(house, reference, [Entry("brought_over_read")], actor=practitioner, now=NOW + timedelta(hours=1))

    later = taken(house, tmp_path, line(notes="DO NOT write"))

    case = case_of(house, first)
    assert (again["duplicate"], later["changed"]) == (1, 1)
    assert case.safe(Channel.POST) is Known.NO
    assert case.history[-1].kind == "history_brought_over"


def test_a_later_yes_in_the_spreadsheet_is_none_and_a_later_no_counts(house: House, tmp_path: Path) -> None:
    first = taken(house, tmp_path, line(consent="?"))
    taken(house, tmp_path, line(consent="Y"))
    undecided = case_of(house, first)

    taken(house, tmp_path, line(consent="N"))

    assert agreed(undecided) == frozenset()
    assert case_of(house, first).states["consent"] == "refused_provisionally"


def test_a_case_that_police_opened_is_not_opened_twice(house: House, tmp_path: Path) -> None:
    opened = receive(house, consent_record(force="derbyshire"), "derbyshire", "opt_in", NOW)

    receipt = taken(house, tmp_path, line(notes="DO NOT write"))

    assert receipt["rows"][0]["cases"] == [opened.case_reference]
    assert "case-is-there" in rules(receipt)
    assert case_of(house, receipt).safe(Channel.POST) is Known.NO


def test_a_dry_run_keeps_nothing(house: House, tmp_path: Path) -> None:
    receipt = taken(house, tmp_path, line(), dry_run=True)

    with house.reading() as connection:
        assert cases.count(connection, house.service) == 0
    assert (receipt["received"], receipt["accepted_with_gaps"]) == (1, 1)


@pytest.mark.parametrize(("place", "rule"), [("name", "missing"), ("crime", "missing")])
def test_a_row_without_a_name_or_a_crime_is_refused_and_its_words_are_not_repeated(
    house: House, tmp_path: Path, place: str, rule: str
) -> None:
    receipt = taken(house, tmp_path, line(**{place: ""}, notes="a remark nobody repeats"))

    assert (receipt["rejected"], rules(receipt)) == (1, {rule})
    assert "nobody repeats" not in json.dumps(receipt)


def test_a_sheet_says_the_same_as_the_text(house: House, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Victim tracker"], HEADER, [each or None for each in line()]):
        sheet.append(row)
    file = tmp_path / "tracker.xlsx"
    book.save(file)

    receipt = import_tracker(house, file, NOW, profile="example")

    assert (receipt["received"], case_of(house, receipt).state) == (1, State.INTAKE_CHECK)


@pytest.mark.parametrize(
    ("cell", "born", "rule"),
    [
        ("21/10/1944", date(1944, 10, 21), None),
        ("29-01-74", date(1974, 1, 29), "short-year"),
        ("15-05-13", date(2013, 5, 15), "short-year"),
        ("04.09.01", date(2001, 9, 4), "short-year"),
        ("03-03-24", None, "not-a-day"),
        ("31/02/1990", None, "not-a-day"),
        ("01/01/2030", None, "not-a-day"),
        ("about 40", None, "not-a-day"),
    ],
)
def test_a_birthday_is_read_only_where_one_century_makes_sense(cell: str, born: date | None, rule: str | None) -> None:
    found, problem = birthday(cell, TODAY)

    assert found == born
    assert (problem.rule if problem else None) == rule


@pytest.mark.parametrize(
    ("cell", "on", "certain"),
    [
        ("27/08/2026", date(2026, 8, 27), "day"),
        ("28/08/26", date(2026, 8, 28), "day"),
        ("19.10.2026", date(2026, 10, 19), "day"),
        ("2026-10-19", date(2026, 10, 19), "day"),
        ("w/c 24/08", None, "week"),
        ("w/c 24/08/2026", None, "week"),
        ("22 Oct", None, "no_year"),
        ("24/08", None, "no_year"),
        ("LM", None, "none"),
        ("n/a", None, "none"),
        ("01/12/2026", None, "none"),
    ],
)
def test_a_day_is_certain_only_with_its_year_and_not_before_it_came(cell: str, on: date | None, certain: str) -> None:
    told = day_told(cell, TODAY)

    assert (told.on, told.certain) == (on, certain)


def test_a_name_that_lost_a_letter_or_its_comma_is_a_gap() -> None:
    cells = ("D'ARCY, Noor", "?UKASZ-NOWAK, Zainab", "Zainab Example")

    found = [name_told(cell) for cell in cells]

    assert found[0] == ({"given_name": "Noor", "family_name": "D'Arcy"}, [])
    assert [each.rule for each in found[1][1]] == ["damaged-letters"]
    assert [each.rule for each in found[2][1]] == ["name-form"]


@pytest.mark.parametrize("word", ["?", "OK", "Y?", "told", "n"])
def test_a_profile_cannot_call_a_doubt_a_yes(tmp_path: Path, word: str) -> None:
    config = settings_for("sqlite://", tmp_path).config
    text = (config / "tracker" / "example.toml").read_text(encoding="utf-8")
    (tmp_path / "tracker").mkdir()
    (tmp_path / "tracker" / "example.toml").write_text(text.replace('yes = ["Y", "Yes"]', f'yes = ["{word}"]'))

    with pytest.raises(BadConfiguration) as refused:
        tracker_form(tmp_path, None)

    assert refused.value.key == "consent.yes"


@given(cell=st.one_of(st.text(max_size=12), st.text("YyEeSsNnOo?-. ", max_size=6)))
def test_nothing_but_the_whole_word_is_a_yes(cell: str) -> None:
    config = settings_for("sqlite://", Path()).config
    _, words = tracker_form(config, "example")

    said = consent_of(cell, words)

    assert (said == "yes") == (" ".join(cell.casefold().split()) in ("y", "yes"))


_CELL = st.one_of(
    st.sampled_from(["", "?", "Y", "N", "w/c 24/08", "31-02-99", CRIME, "DO NOT write"]),
    st.text("aY?,-/19 ", max_size=9),
)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.lists(_CELL, min_size=10, max_size=10), min_size=1, max_size=6))
def test_every_row_received_is_counted_once_and_no_doubt_becomes_consent(
    rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    house = new_house(f"sqlite:///{folder / 'test.db'}", folder)

    receipt = taken(house, folder, *rows)

    assert receipt["problems"] or receipt["received"] == sum(receipt[status] for status in COUNTED)
    asked = [each for each in rows if any(cell.strip() for cell in each)]
    for number, each in enumerate(receipt["rows"]):
        if each["cases"] and asked[number][4].strip().casefold() not in ("y", "yes"):
            assert agreed(case_of(house, receipt, number)) == frozenset()
    house.database.dispose()
