"""Holds the reading of XLSX files, the empty file of the service, and the receipt as a sheet."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine.intake.columns import known_columns
from engine.intake.csv_rows import EXPLANATION
from engine.intake.receipt_sheet import write_receipt_xlsx
from engine.intake.template import columns, template_csv, write_template_xlsx
from tests.edge.consent_records import consent_record, police_csv, read_all
from tests.edge.xlsx_files import crafted, packed, sheet_of

IDENTITY = ["submission_id", "force", "reason"]


def _cells(content: str) -> list[list[str]]:
    import csv

    return list(csv.reader(io.StringIO(content)))


def test_a_sheet_says_what_the_same_file_as_csv_says() -> None:
    records = [consent_record(), consent_record(submission_id="TST-2", victim__given_name="Siân", safety__risks=[])]
    text = police_csv(records)

    reading, rows = read_all(sheet_of(_cells(text)), "records.xlsx")

    assert (reading.kind, reading.problems) == ("xlsx", ())
    assert [row.raw for row in rows] == [row.raw for row in read_all(text, "records.csv")[1]]


def test_days_numbers_and_flags_of_a_spreadsheet_are_read_as_they_are_meant() -> None:
    names = [*IDENTITY, "incident.reported_on", "needs.bsl", "victim.age_estimate", "notes"]

    _, rows = read_all(sheet_of([names, ["A-1", "testshire", "new", date(2026, 3, 4), True, 34, 2.5]]), "a.xlsx")

    assert rows[0].raw == {
        "submission_id": "A-1",
        "force": "testshire",
        "reason": "new",
        "incident": {"reported_on": "2026-03-04"},
        "needs": {"bsl": True},
        "victim": {"age_estimate": 34},
        "notes": "2.5",
    }


def test_a_row_that_is_wider_than_the_header_costs_no_other() -> None:
    content = sheet_of(
        [IDENTITY, ["A-1", "testshire", "new"], ["A-2", "testshire", "new", "more"], [], ["A-3", "t", "new"]]
    )

    _, rows = read_all(content, "a.xlsx")

    assert [[problem.rule for problem in row.problems] for row in rows] == [[], ["wrong-number-of-cells"], []]


_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (sheet_of([IDENTITY, ["=1+1", "testshire", "new"]]), "formulas"),
        (crafted(_SHEET.format("<row r='1'>" + "<c/>" * 1_000_000 + "</row>")), "too-many-columns"),
        (crafted(_SHEET.format("<row/>" * 110_000)), "too-many-rows"),
        (crafted("<!DOCTYPE a [<!ENTITY b 'c'>]>" + _SHEET.format("")), "not-a-sheet"),
        (crafted(_SHEET.format("").encode("utf-16")), "not-a-sheet"),
        (crafted("<worksheet"), "damaged"),
        (crafted(b" " * 60_000_000), "too-large"),
        (packed({f"xl/{number}.xml": "" for number in range(300)}), "not-a-sheet"),
        (packed({"../../etc/passwd": "x"}), "not-a-sheet"),
        (packed({"xl/vbaProject.bin": "x"}), "not-a-sheet"),
        (sheet_of([IDENTITY])[:-40], "damaged"),
        (sheet_of([]), "empty"),
        (sheet_of([IDENTITY]), "no-rows"),
        (sheet_of([["submission_id", "force"], ["A", "b"]]), "missing-column"),
    ],
    ids=[
        "formula",
        "a million columns",
        "rows",
        "doctype",
        "utf-16",
        "no xml",
        "bomb",
        "parts",
        "path",
        "macro",
        "cut",
        "blank",
        "header only",
        "missing column",
    ],
)
def test_a_sheet_that_cannot_be_taken_is_refused_as_a_whole(content: bytes, rule: str) -> None:
    reading, rows = read_all(content, "records.xlsx")

    assert [problem.rule for problem in reading.problems] == [rule]
    assert rows == []


def test_the_empty_file_explains_every_column_there_is_and_filled_in_it_is_read(tmp_path: Path) -> None:
    import re

    names, explained = _cells(template_csv())[:2]
    file = tmp_path / "empty.xlsx"
    write_template_xlsx(file)

    covered = {re.sub(r"\.\d+(?=\.)", ".#", name) for name in names}
    tables = {name for name, kind in known_columns().items() if kind == "table"}
    assert covered >= set(known_columns()) - tables
    assert explained[0].startswith(EXPLANATION)
    assert all(len(words) > 20 for words in explained)
    sheet = load_workbook(file)["records"]
    assert [cell.value for cell in sheet[1]] == names
    offered = {choice.formula1: str(choice.sqref) for choice in sheet.data_validations.dataValidation}
    assert len(offered) == sum(1 for column in columns() if column.values and "several" not in column.form)

    filled = dict.fromkeys(names, "") | {"submission_id": "A-1", "force": "testshire", "reason": "new"}
    line = police_csv([consent_record()]).splitlines()[1]
    assert line
    text = template_csv() + ",".join(filled.values()) + "\r\n"
    reading, rows = read_all(text, "filled.csv")
    assert reading.problems == ()
    assert [row.raw["submission_id"] for row in rows if row.raw] == ["A-1"]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_nothing_in_a_receipt_becomes_a_formula(begins: str) -> None:
    row = {
        "submission_id": f"{begins}cmd|calc",
        "status": "rejected",
        "case_reference": None,
        "receipt_id": "R-1",
        "gaps": [],
        "errors": [{"path": f"{begins}a", "rule": "required", "remedy": f"{begins}HYPERLINK"}],
        "completeness": {"characteristics": None, "informed_choice": 0.5},
    }
    receipt = {"received": 1, "accepted": 0, "accepted_with_gaps": 0, "duplicate": 0, "rejected": 1}
    file = io.BytesIO()

    write_receipt_xlsx({**receipt, "problems": [], "rows": [row]}, file)

    book = load_workbook(file)
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)


def test_a_moment_in_a_cell_is_london_time() -> None:
    names = [*IDENTITY, "submitted_at"]
    written = datetime(2026, 7, 4, 9, 30, tzinfo=UTC).replace(tzinfo=None)

    _, rows = read_all(sheet_of([names, ["A-1", "t", "new", written]]), "a.xlsx")

    assert rows[0].raw is not None
    assert rows[0].raw["submitted_at"] == "2026-07-04T09:30:00+01:00"
