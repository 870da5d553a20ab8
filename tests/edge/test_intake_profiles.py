"""Holds the profiles of forces: their columns, words, days and codes become ours, and nothing is ever guessed."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BadConfiguration, NotFound, WrongInput
from engine.house import House
from engine.intake.files import read
from engine.intake.importing import import_records
from engine.intake.judge import judge
from engine.intake.profiles import Profile, load_profiles
from tests.conftest import NOW
from tests.edge.consent_records import TODAY
from tests.edge.web_visitors import on_one_database
from tests.edge.xlsx_files import sheet_of

CONFIG = Path(__file__).parents[2] / "config" / "police"
PROFILES = load_profiles(CONFIG)
NOTTS, LEICS = PROFILES["nottinghamshire"], PROFILES["leicestershire"]

_NOTTS = {
    "Referral No": "N-1",
    "Type": "New",
    "Station": "Example Road",
    "Log No": "7",
    "OIC": "Officer Example",
    "OIC Email": "officer@example.org",
    "Crime No": "26000000007/26",
    "Date Reported": "03/04/2026",
    "Vic Type": "Adult",
    "Vic Surname": "Exámple",
    "Vic Forename": "Siân",
    "Vic DOB": "04/03/1992",
    "Vic Mobile": "07700 900001",
    "Consent": "Agrees",
    "Consent By": "Victim",
    "Consent Date": "09/11/2026",
    "Consent How": "Telephone",
    "Contact OK": "Yes",
    "Told Who YJS Is": "Yes",
    "Safe Call": "Safe",
    "Language": "Welsh",
    "Ethnicity 16+1": "O1",
    "Sex": "Declined",
    "Disability": "",
    "Sent": "10/11/2026 09:30",
}
_LEICS = {
    "REF": "L-1",
    "ACTION": "N",
    "SENT_AT": "2026-11-10T09:30:00Z",
    "OFFICER": "Officer Example",
    "OFFICER_TEL": "01632 960001",
    "CRIME_REF": "26000000008/26",
    "REPORTED": "03 Apr 2026",
    "STAGE": "CHG",
    "KIND": "P",
    "NAME_1": "Alex",
    "NAME_2": "Example",
    "BORN": "04 Mar 1992",
    "TEL": "07700 900002",
    "OBJECTS": "No objection",
    "TOLD": "09 Nov 2026",
    "HOW": "L",
    "KNOWS_VOLUNTARY": "J",
    "ETHNICITY": "CH",
}


def _file(*rows: Mapping[str, str], encoding: str = "utf-8") -> io.BytesIO:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def _raw(profile: Profile, row: Mapping[str, str]) -> dict[str, Any]:
    (only,) = read(_file(row), name="a.csv", profile=profile).rows
    assert only.raw is not None
    return only.raw


def _judged(profile: Profile, row: Mapping[str, str]) -> Any:
    model: Any = profile.always["consent.model"]
    return judge(_raw(profile, row), force=profile.force, model=model, now=NOW, today=TODAY, consent_lasts=180)


def test_the_words_of_a_force_become_ours() -> None:
    """Columns, days, words, flags, the constant parts, and status and value out of one cell."""
    raw = _raw(NOTTS, _NOTTS)

    assert (raw["force"], raw["reason"], raw["consent"]["model"]) == ("nottinghamshire", "new", "opt_in")
    assert raw["incident"]["reported_on"] == "2026-04-03"
    assert raw["submitted_at"] == "2026-11-10T09:30:00+00:00"
    assert raw["consent"]["decision"] == "yes"
    assert raw["consent"]["scope"] == {"contact": True}
    assert raw["needs"] == {"language": "cy"}
    assert raw["characteristics"] == {
        "sex": {"status": "prefer_not_to_say"},
        "race": {"status": "answered", "value": "O1"},
    }
    assert not _judged(NOTTS, _NOTTS).errors


def test_the_older_list_and_the_codes_of_a_force_are_kept_beside_ours() -> None:
    """O1 of the 16+1 list is A4 today; a code of the force's own is kept as it came."""
    older = _judged(NOTTS, _NOTTS).record.characteristics.race
    own = _judged(LEICS, _LEICS).record.characteristics.race

    assert (older.value, older.original_code) == ("A4", "O1")
    assert (own.value, own.original_code) == ("A4", "CH")


@pytest.mark.parametrize(
    "word", ["", " ", "Y", "yes", "agrees", "AGREES", "Agree", "1", "?", "N/A", "on", "J", "Agrees|Declines", "Yes"]
)
def test_a_word_the_profile_does_not_list_is_never_consent(word: str) -> None:
    judged = _judged(NOTTS, {**_NOTTS, "Consent": word})

    assert judged.record is None
    assert "consent.decision" in [problem.path for problem in judged.errors]


@pytest.mark.parametrize("word", ["Y", "yes", "1", "TRUE", "?", "N/A", "x"])
def test_a_yes_to_contact_that_is_none_refuses_the_record(word: str) -> None:
    judged = _judged(NOTTS, {**_NOTTS, "Contact OK": word})

    assert judged.record is None
    assert "consent.scope.contact" in [problem.path for problem in judged.errors]


@pytest.mark.parametrize("day", ["3/4/26", "2026-04-03", "31/02/2026", "04/31/2026", "yesterday", "03/04/2026 10:00"])
def test_a_day_in_another_form_is_no_day(day: str) -> None:
    judged = _judged(NOTTS, {**_NOTTS, "Date Reported": day})

    assert [gap.rule for gap in judged.gaps if gap.path == "incident.reported_on"] == ["not-a-day"]


def test_a_blank_characteristic_is_a_gap_and_never_a_refusal_to_say() -> None:
    judged = _judged(NOTTS, _NOTTS)

    assert "characteristics.disability" in [gap.path for gap in judged.gaps]
    assert judged.record.characteristics.disability.status is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_names_arrive_whole_in_every_encoding_a_spreadsheet_saves(encoding: str) -> None:
    reading = read(_file(_NOTTS, encoding=encoding), name="a.csv", profile=NOTTS)

    (row,) = reading.rows
    assert row.raw is not None
    assert row.raw["victim"]["given_name"] == "Siân"
    assert row.raw["victim"]["family_name"] == "Exámple"


def test_a_sheet_of_a_force_is_read_by_its_profile_too() -> None:
    content = io.BytesIO(sheet_of([list(_LEICS), list(_LEICS.values())]))

    (row,) = read(content, name="a.xlsx", profile=LEICS).rows

    assert row.raw == _raw(LEICS, _LEICS)


def test_columns_that_are_unknown_twice_or_missing_are_named_most_fundamental_first() -> None:
    names = [name for name in _NOTTS if name != "Type"]
    content = io.BytesIO(",".join([*names, "Type Of Day", "Consent"]).encode() + b"\r\n")

    reading = read(content, name="a.csv", profile=NOTTS)

    assert [(problem.path, problem.rule) for problem in reading.problems] == [
        ("Consent", "repeated-column"),
        ("reason", "missing-column"),
        (f"number {len(names) + 1}", "unknown-column"),
    ]


def test_a_force_with_a_profile_may_send_the_empty_file_of_the_service() -> None:
    content = io.BytesIO(b"submission_id,force,reason\r\nN-2,nottinghamshire,new\r\n")

    (row,) = read(content, name="a.csv", profile=NOTTS).rows

    assert row.raw == {"submission_id": "N-2", "force": "nottinghamshire", "reason": "new"}


_GOOD = 'force = "testshire"\n[columns]\n"A" = "submission_id"\n"B" = "consent.decision"\n"C" = "needs.bsl"\n'


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[columns", "file"),
        ("colour = 1", "colour"),
        ("[columns]", "force"),
        (_GOOD.replace('"submission_id"', '"submission"'), "columns.A"),
        (_GOOD.replace('"needs.bsl"', '"consent.decision"'), "columns.C"),
        ('encoding = "ebcdic"\n' + _GOOD, "encoding"),
        ('days = ["%d/%m/%y"]\n' + _GOOD, "days"),
        ('days = ["%d/%m/%Y", "%m/%d/%Y"]\n' + _GOOD, "days"),
        ('true = ["1"]\n' + _GOOD, "true"),
        ('true = ["Ja"]\nfalse = ["ja"]\n' + _GOOD, "true"),
        (_GOOD + '[words."consent.decision"]\n"1" = "yes"', "words.consent.decision.1"),
        (_GOOD + '[words."consent.decision"]\n"" = "yes"', "words.consent.decision"),
        (_GOOD + '[words."consent.decision"]\n"unknown" = "not_objected"', "words.consent.decision.unknown"),
        (_GOOD + '[words."consent.decision"]\n"Y" = "yes"\n"y" = "no"', "words.consent.decision.y"),
        (_GOOD + '[always]\n"consent.decision" = "yes"', "always.consent.decision"),
        (_GOOD + '[always]\n"consent.scope.contact" = "true"', "always.consent.scope.contact"),
        (_GOOD + '[always]\n"force" = "elsewhere"', "always.force"),
        (_GOOD + '[characteristics.shoe_size]\n"x" = "not_asked"', "characteristics.shoe_size"),
        (_GOOD + '[characteristics.sex]\n"" = "prefer_not_to_say"', "characteristics.sex.''"),
        (_GOOD + '[characteristics.sex]\n"x" = "answered"', "characteristics.sex.x"),
    ],
)
def test_a_profile_that_leaves_something_to_be_guessed_stops_the_start(tmp_path: Path, text: str, key: str) -> None:
    (tmp_path / "testshire.toml").write_text(text, encoding="utf-8")

    with pytest.raises(BadConfiguration) as fault:
        load_profiles(tmp_path)

    assert f"police/testshire.toml: {key}:" in str(fault.value)


@on_one_database
def test_a_file_is_taken_in_by_the_profile_of_its_force(house: House, tmp_path: Path) -> None:
    file = tmp_path / "friday.csv"
    file.write_bytes(_file(_NOTTS, {**_NOTTS, "Referral No": "N-2", "Consent": "?"}, encoding="cp1252").getvalue())

    receipt = import_records(house, file, "nottinghamshire", NOW)
    again = import_records(house, file, "nottinghamshire", NOW, profile="nottinghamshire")

    assert [row["status"] for row in receipt["rows"]] == ["accepted_with_gaps", "rejected"]
    assert [row["status"] for row in again["rows"]] == ["duplicate", "rejected"]
    with pytest.raises(NotFound):
        import_records(house, file, "nottinghamshire", NOW, profile="nobody")
    with pytest.raises(WrongInput):
        import_records(house, file, "nottinghamshire", NOW, profile="leicestershire")
