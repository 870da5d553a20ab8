"""Proves that the export of a case management system reaches the cases it is about, whole, once, and merging nobody."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from engine.children.taking import import_children
from engine.errors import BadConfiguration
from engine.feeds.receipts import COUNTED
from engine.house import House
from engine.intake.receive import receive
from engine.kpi import kpi
from store import cases, feeds, walls
from tests.conftest import NOW, new_house
from tests.edge.consent_records import child_record, consent_record
from workflow.case import Case
from workflow.quarters import quarter_named

CRIME = "26000000001/26"
_USUAL = {
    "ChildID": "CH-1",
    "Forename": "Sam",
    "Surname": "Sample",
    "DOB": "05/05/2012",
    "CrimeNo": CRIME,
    "Offence": "Shoplifting",
    "OffenceDate": "01/07/2026",
    "DecisionType": "Court",
    "DecisionDate": "01/09/2026",
    "Outcome": "Made",
    "Disposal": "Referral Order",
    "InterventionID": "INT-1",
    "InterventionType": "Referral Order",
    "StartDate": "02/09/2026",
    "EndDate": "",
    "EndReason": "",
    "CustodyMonths": "",
    "CaseManager": "CM1",
}
_COLUMNS = list(_USUAL)


def row(**changes: str) -> dict[str, str]:
    """A row without a gap, with the changes named."""
    return {**_USUAL, **changes}


def export(folder: Path, rows: Iterable[dict[str, str]]) -> Path:
    """An export with these rows."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    file = folder / "children.csv"
    file.write_text(text.getvalue(), encoding="utf-8")
    return file


def taken(house: House, folder: Path, *rows: dict[str, str], now: datetime = NOW, **options: Any) -> dict[str, Any]:
    """The receipt of an export with these rows."""
    return import_children(house, export(folder, rows), now, profile="example", **options)


def open_case(house: House, **changes: Any) -> str:
    """The reference of a case that police opened."""
    found = receive(house, consent_record(force="derbyshire", **changes), "derbyshire", "opt_in", NOW)
    assert found.case_reference is not None
    return found.case_reference


def case_of(house: House, reference: str) -> Case:
    """A case as it stands."""
    with house.reading() as connection:
        key = cases.find(connection, house.service, reference)
        assert key is not None
        return cases.history(connection, house.service, key)


def ours(case: Case) -> list[tuple[str, dict[str, Any]]]:
    """What the feed recorded and stands."""
    return [(event.kind, dict(event.fields)) for event in case.standing if event.by == "feed:children"]


def returned(house: House) -> list[dict[str, Any]]:
    """The lines of the quarter's return, as they stand an hour later."""
    later = replace(house, settings=replace(house.settings, rehearsal=NOW + timedelta(hours=1)))
    lines: list[dict[str, Any]] = kpi(later, quarter_named("2026-Q4"))["lines"]
    return lines


def rules(receipt: dict[str, Any], number: int = 0) -> list[str]:
    """The rules of the gaps and errors of one row."""
    line = receipt["rows"][number]
    return [each["rule"] for each in (*line["gaps"], *line["errors"])]


def test_a_row_links_the_child_and_records_what_was_decided_and_that_it_ended(house: House, tmp_path: Path) -> None:
    reference = open_case(house, incident__children=[])
    ended = row(EndDate="02/11/2026", EndReason="Completed")

    receipt = taken(house, tmp_path, ended)

    case = case_of(house, reference)
    assert receipt["rows"][0]["status"] == "accepted"
    assert receipt["rows"][0]["cases"] == [reference]
    assert sorted(ours(case)) == [
        ("child_linked", {"child": "CH-1"}),
        ("decision_made", {}),
        ("intervention_concluded", {"child": "CH-1", "outcome": "completed"}),
    ]
    assert [str(event.day) for event in case.of("intervention_concluded")] == ["2026-11-02"]
    assert [line["case"] for line in returned(house)] == [reference]


def test_the_same_file_again_changes_nothing(house: House, tmp_path: Path) -> None:
    reference = open_case(house)
    rows = [row(), row(InterventionID="INT-2", DecisionDate="01/12/2026", Outcome="", StartDate="")]
    first = taken(house, tmp_path, *rows)
    before = case_of(house, reference).version

    again = taken(house, tmp_path, *rows)

    assert first["accepted"] + first["accepted_with_gaps"] == 2
    assert (again["duplicate"], again["received"]) == (2, 2)
    assert case_of(house, reference).version == before


def test_a_dry_run_keeps_nothing_and_says_the_same(house: House, tmp_path: Path) -> None:
    reference = open_case(house)
    before = case_of(house, reference).version

    dry = taken(house, tmp_path, row(), dry_run=True)
    wet = taken(house, tmp_path, row())

    assert case_of(house, reference).version > before
    assert {**dry, "dry_run": False} == wet


def test_a_decision_to_come_is_the_one_the_victim_is_heard_before(house: House, tmp_path: Path) -> None:
    reference = open_case(house)
    far = row(DecisionDate="20/12/2026", Outcome="", StartDate="")
    near = row(
        InterventionID="INT-2", ChildID="CH-2", Forename="Jo", DecisionDate="07/12/2026", Outcome="", StartDate=""
    )

    taken(house, tmp_path, far, near)

    waits = case_of(house, reference).next_decision
    assert waits is not None
    assert (waits.text("kind"), waits.text("on")) == ("court_hearing", "2026-12-07")
    assert set(case_of(house, reference).children) == {"CH-1", "CH-2"}


def test_when_the_nearer_decision_was_made_the_case_waits_for_the_other(house: House, tmp_path: Path) -> None:
    reference = open_case(house)
    far = row(DecisionDate="20/12/2026", Outcome="", StartDate="")
    near = row(
        InterventionID="INT-2", ChildID="CH-2", Forename="Jo", DecisionDate="07/12/2026", Outcome="", StartDate=""
    )
    taken(house, tmp_path, far, near)

    later = taken(house, tmp_path, far, {**near, "Outcome": "Made"}, now=NOW + timedelta(days=16))

    case = case_of(house, reference)
    assert case.next_decision is not None
    assert case.next_decision.text("on") == "2026-12-20"
    assert [str(event.day) for event in case.of("decision_made")] == ["2026-12-07"]
    assert [each["changed"] for each in later["rows"]] == [False, True]


def test_a_changed_row_takes_the_place_of_what_it_said_before(house: House, tmp_path: Path) -> None:
    reference = open_case(house)
    taken(house, tmp_path, row(EndDate="02/11/2026", EndReason="Completed"))

    again = taken(house, tmp_path, row(EndDate="30/09/2026", EndReason="Breached"))

    ends = case_of(house, reference).of("intervention_concluded")
    assert (again["changed"], again["rows"][0]["status"]) == (1, "accepted")
    assert [(str(event.day), event.text("outcome")) for event in ends] == [("2026-09-30", "not_completed")]


def test_an_end_that_nobody_explained_counts_and_tells_no_victim_that_it_was_completed(
    house: House, tmp_path: Path
) -> None:
    reference = open_case(house)

    receipt = taken(house, tmp_path, row(EndDate="02/11/2026"))

    assert rules(receipt) == ["missing"]
    assert [event.text("outcome") for event in case_of(house, reference).of("intervention_concluded")] == ["not_known"]
    assert len(returned(house)) == 1


def test_an_end_counts_when_the_last_intervention_of_the_child_for_the_crime_ends(house: House, tmp_path: Path) -> None:
    reference = open_case(house)
    first, second = row(EndDate="02/11/2026", EndReason="Completed"), row(InterventionID="INT-2")
    receipt = taken(house, tmp_path, first, second)
    early = case_of(house, reference).of("intervention_concluded")

    taken(house, tmp_path, first, {**second, "EndDate": "20/11/2026", "EndReason": "Completed"})

    assert (early, rules(receipt)) == ((), ["another-goes-on"])
    assert [str(event.day) for event in case_of(house, reference).of("intervention_concluded")] == ["2026-11-20"]


@pytest.mark.parametrize(
    ("offence", "found", "possible"),
    [
        ("Sexual assault", [], "possible"),
        ("Shoplifting", [], "not_eligible"),
        ("An offence nobody listed", ["listed-offence-unknown"], "possible"),
    ],
)
def test_custody_brings_the_contact_scheme_unless_the_offence_is_known_not_to(
    house: House, tmp_path: Path, offence: str, found: list[str], possible: str
) -> None:
    reference = open_case(house)
    sentence = row(Offence=offence, Disposal="Detention and Training Order", CustodyMonths="18")

    receipt = taken(house, tmp_path, sentence)

    assert rules(receipt) == found
    assert case_of(house, reference).states["probation"] == possible


def test_a_crime_without_a_case_waits_and_the_same_file_takes_it_up(house: House, tmp_path: Path) -> None:
    first = taken(house, tmp_path, row())
    reference = open_case(house, incident__children=[])

    again = taken(house, tmp_path, row())

    assert (first["no_case_yet"], again["no_case_yet"]) == (1, 0)
    assert (again["accepted"], again["rows"][0]["cases"]) == (1, [reference])
    assert case_of(house, reference).children == ("CH-1",)


def test_two_children_under_one_number_are_reported_and_kept_apart(house: House, tmp_path: Path) -> None:
    one = open_case(house, incident__children=[])
    two = open_case(house, submission_id="TST-2", incident__crime_reference="26000000002/26", incident__children=[])
    other = row(InterventionID="INT-2", CrimeNo="26000000002/26", Forename="Kim", Surname="Other", DOB="01/02/2011")

    receipt = taken(house, tmp_path, row(), other)

    assert [rules(receipt, number) for number in (0, 1)] == [["child-id-of-several"]] * 2
    assert case_of(house, one).children != case_of(house, two).children
    with house.reading() as connection:
        kept = feeds.interventions(connection, house.service, ["INT-1", "INT-2"])
    assert kept["INT-1"].person_id != kept["INT-2"].person_id


def test_a_known_number_with_another_birthday_is_somebody_else(house: House, tmp_path: Path) -> None:
    open_case(house)
    other = row(InterventionID="INT-2", CrimeNo="26000000002/26", DOB="06/05/2012")
    taken(house, tmp_path, row())

    receipt = taken(house, tmp_path, other)

    assert rules(receipt) == ["child-id-of-several"]
    with house.reading() as connection:
        kept = feeds.interventions(connection, house.service, ["INT-1", "INT-2"])
    assert kept["INT-1"].person_id != kept["INT-2"].person_id


def test_a_child_who_is_also_a_victim_is_told_to_the_manager_and_the_workers_are_kept_apart(
    house: House, tmp_path: Path, practitioner: Any, manager: Any
) -> None:
    from engine.assigning import take

    responsible = open_case(house, incident__children=[])
    young = child_record(
        force="derbyshire",
        submission_id="TST-2",
        incident__crime_reference="26000000002/26",
        victim__given_name="Sam",
        victim__family_name="Sample",
        victim__date_of_birth="2012-05-05",
    )
    harmed = receive(house, young, "derbyshire", "opt_in", NOW).case_reference
    take(house, responsible, practitioner, NOW)

    first = taken(house, tmp_path, row())
    taken(house, tmp_path, row())

    with house.reading() as connection:
        key = cases.find(connection, house.service, str(harmed))
        assert key is not None
        behind = walls.unseen(connection, house.service, practitioner.user)
        standing = [each for each in walls.standing(connection, house.service) if each.set_by == "feed:children"]
    assert first["also_victims"] == [harmed]
    assert key.case_id in behind
    assert len(standing) == 1


@pytest.mark.parametrize(
    ("changes", "path", "rule"),
    [
        ({"DOB": "31/02/2012"}, "date_of_birth", "not-a-day"),
        ({"DOB": "05/05/2001"}, "date_of_birth", "not-10-to-17"),
        ({"DOB": "05/05/2018"}, "date_of_birth", "not-10-to-17"),
        ({"EndDate": "01/09/2026"}, "ended_on", "ends-before-it-starts"),
        ({"StartDate": "", "EndDate": "01/11/2026"}, "started_on", "missing"),
        ({"DecisionDate": "09.2026"}, "decided_on", "not-a-day"),
        ({"CustodyMonths": "twelve"}, "custody_months", "not-a-number"),
        ({"InterventionID": ""}, "intervention_id", "missing"),
        ({"InterventionID": "one two"}, "intervention_id", "not-a-reference"),
        ({"ChildID": "Sample-1"}, "child_id", "tells-a-name"),
        ({"CrimeNo": ""}, "crime_reference", "missing"),
        ({"Surname": ""}, "family_name", "missing"),
    ],
)
def test_what_cannot_be_true_is_refused_with_its_place_and_without_its_value(
    house: House, tmp_path: Path, changes: dict[str, str], path: str, rule: str
) -> None:
    bad = row(**changes)

    receipt = taken(house, tmp_path, bad)

    (line,) = receipt["rows"]
    assert line["status"] == "rejected"
    assert (path, rule) in [(each["path"], each["rule"]) for each in line["errors"]]
    assert not any(value in json.dumps(receipt) for value in changes.values() if value)


def test_a_number_that_another_row_has_is_refused(house: House, tmp_path: Path) -> None:
    rows = (row(), row(), row(DecisionDate="02/09/2026"))

    receipt = taken(house, tmp_path, *rows)

    assert [line["status"] for line in receipt["rows"]] == ["accepted", "duplicate", "rejected"]


def test_a_sheet_says_the_same_as_the_text(house: House, tmp_path: Path) -> None:
    reference = open_case(house, incident__children=[])
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Export of the example system"])
    sheet.append(_COLUMNS)
    sheet.append([datetime(2012, 5, 5) if name == "DOB" else _USUAL[name] or None for name in _COLUMNS])  # noqa: DTZ001
    file = tmp_path / "children.xlsx"
    book.save(file)

    receipt = import_children(house, file, NOW, profile="example")

    assert (receipt["accepted"], receipt["problems"]) == (1, [])
    assert case_of(house, reference).children == ("CH-1",)


def test_a_file_that_is_no_table_is_refused_as_a_whole(house: House, tmp_path: Path) -> None:
    file = tmp_path / "children.json"
    file.write_text('[{"a": 1}]', encoding="utf-8")

    receipt = import_children(house, file, NOW, profile="example")

    assert (receipt["received"], [each["rule"] for each in receipt["problems"]]) == (0, ["not-a-table"])


def test_a_profile_with_a_word_for_nothing_is_refused_by_its_key(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "config" / "children"
    folder.mkdir(parents=True)
    text = (house.settings.config / "children" / "example.toml").read_text(encoding="utf-8")
    (folder / "example.toml").write_text(text.replace('"NFA" = "no_further_action"', '"NFA" = "dropped"'))
    other = replace(house, settings=replace(house.settings, home=tmp_path))

    with pytest.raises(BadConfiguration) as refused:
        taken(other, tmp_path, row())

    assert refused.value.key == "words.outcome.NFA"


_CELL = st.one_of(
    st.sampled_from(sorted({*_USUAL.values(), "NFA", "31/12/2026", "?", "x", "24", "CH-2"})), st.text(max_size=8)
)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.dictionaries(st.sampled_from(_COLUMNS), _CELL, max_size=4), min_size=1, max_size=6))
def test_every_row_received_is_counted_once(
    rows: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    house = new_house(f"sqlite:///{folder / 'test.db'}", folder)
    clean = [{name: " ".join(cell.split()).replace("\x00", "") for name, cell in row(**each).items()} for each in rows]
    clean = [{name: cell.encode("utf-8", "ignore").decode() for name, cell in each.items()} for each in clean]

    receipt = taken(house, folder, *clean)

    assert receipt["problems"] or receipt["received"] == sum(receipt[status] for status in COUNTED) == len(
        receipt["rows"]
    )
    assert receipt["problems"] or receipt["received"] == len(clean)
    house.database.dispose()
