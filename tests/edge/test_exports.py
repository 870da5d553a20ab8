"""Holds what leaves the service: values only, text as text, small numbers hidden, and a row for whoever took it."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from engine.board_pack import board_pack, pack_page
from engine.entries import Actor
from engine.exports import export
from engine.house import House
from engine.outcomes import as_csv
from engine.public_tables import kpi_tables, rule_table
from engine.publishing import HIDDEN, shown
from engine.reports import compliance
from engine.sharing import shared_access, shared_audit, shared_funnel, shared_kpi
from engine.sheets import Sheet, csv_file, xlsx_file
from engine.tables_out import compliance_sheets
from store import returns
from tests.conftest import NOW
from tests.edge.commands import Commands
from tests.edge.reported_service import MORGAN, work
from tests.edge.test_reports import END, Q3, START
from tests.edge.web_visitors import Visitor, at, practitioner_on
from workflow.permissions import NotPermitted
from workflow.publication import to_hide
from workflow.vocabulary import Role

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@pytest.fixture
def service(house: House) -> House:
    """A service with some months of work."""
    work(house, number=8)
    return at(house, NOW)


def _hostile(text: str) -> list[Sheet]:
    return [Sheet("Hostile", (text, "number"), ((text, 1), (f" {text}", None)))]


@pytest.mark.parametrize("start", STARTS)
def test_text_that_begins_like_a_formula_is_text_in_every_file(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"

    rows = list(csv.reader(io.StringIO(csv_file(_hostile(text)).decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(xlsx_file(_hostile(text))))

    for row in rows[1:]:
        assert not row[0].startswith(STARTS)
    for cells in book["Hostile"].iter_rows():
        assert all(cell.data_type != "f" for cell in cells)
        assert not str(cells[0].value).startswith(STARTS)


@pytest.mark.parametrize("start", STARTS)
def test_what_victims_said_is_text_in_the_file_of_outcomes(start: str) -> None:
    said = {"said": f"{start}1+1", "did": f" {start}1+1", "done_on": "2026-11-02", "theme": "other"}
    found = {"rounds": [], "questions": [], "concerns": [], "complaints": {}, "said_and_done": [said]}

    rows = list(csv.reader(io.StringIO(as_csv(found))))

    assert all(not cell.lstrip().startswith(STARTS) for cell in rows[-1])


@given(st.text(max_size=20))
def test_no_text_becomes_a_formula_and_no_name_of_a_sheet_is_refused(text: str) -> None:
    kept = "".join(sign for sign in text if sign.isprintable())
    book = load_workbook(io.BytesIO(xlsx_file([Sheet(kept, ("head",), ((kept,),)), Sheet(kept, ("head",), ())])))

    assert len(book.worksheets) == 2
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_a_workbook_has_a_sheet_for_each_table_one_with_definitions_and_nothing_hidden(service: House) -> None:
    sheets = compliance_sheets(compliance(service, START, END, with_cases=True))

    content = xlsx_file(sheets)
    book = load_workbook(io.BytesIO(content))

    assert book.sheetnames == ["About", "Compliance", "Exceptions", "Cases", "Definitions"]
    assert all(sheet.sheet_state == "visible" for sheet in book)
    assert not book.properties.creator
    parts = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert not any(word in part for part in parts for word in ("comment", "pivot", "vba", "external"))


def test_the_file_holds_the_same_figures_as_the_report(service: House) -> None:
    report = compliance(service, START, END, with_cases=True)

    book = load_workbook(io.BytesIO(xlsx_file(compliance_sheets(report))))
    head, *rows = book["Compliance"].iter_rows(values_only=True)
    found = {row[0]: dict(zip(head, row, strict=True)) for row in rows}

    for row in report["rules"]:
        assert [found[row["rule"]][name] for name in ("met", "overdue", "numerator", "denominator")] == [
            row[name] for name in ("met", "overdue", "numerator", "denominator")
        ]


def test_a_file_to_share_shows_no_number_from_one_to_four_and_no_case(service: House) -> None:
    shared = (
        *shared_audit(service, START, END, None, MORGAN),
        *shared_funnel(service, START, END, None, MORGAN),
        *shared_kpi(service, Q3, None, MORGAN),
        *shared_access(service, START, END, None, MORGAN),
    )

    values = [value for sheet in shared for row in sheet.rows for value in row]
    assert HIDDEN in values
    assert not [value for value in values if isinstance(value, int) and 0 < value < 5]
    assert "VC-" not in csv_file(shared).decode()


@given(st.data())
def test_what_a_shared_compliance_table_shows_leaves_no_small_difference(data: st.DataObject) -> None:
    numbers = st.integers(0, 14)
    verdicts = (
        "met",
        "met_late",
        "overdue",
        "running",
        "due_today",
        "paused",
        "not_met_with_reason",
        "lapsed",
        "no_data",
    )
    items = {
        f"{part}/{verdict}": [f"{part}.{verdict}.{number}" for number in range(data.draw(numbers))]
        for part in ("enhanced", "standard")
        for verdict in verdicts
    }
    table = rule_table("r", items)

    own = shown([table], to_hide([table], [], 5))[table.name]

    shown_as = {cell.replace("/", ": "): number for cell, number in own.items()}
    for verdict in (*verdicts, "denominator"):
        all_of, enhanced = shown_as[f"all: {verdict}"], shown_as[f"enhanced: {verdict}"]
        if isinstance(all_of, int) and isinstance(enhanced, int):
            assert all_of - enhanced == 0 or all_of - enhanced >= 5
    for name in ("all", "enhanced"):
        cells = [shown_as[f"{name}: {verdict}"] for verdict in ("denominator", "met", "met_late", "overdue")]
        denominator, *counted = (cell if isinstance(cell, int) else None for cell in cells)
        known = [cell for cell in counted if cell is not None]
        if denominator is not None and len(known) == 2:
            # One is missing, and is the difference.
            assert not 0 < denominator - sum(known) < 5


@given(st.lists(st.tuples(*(st.booleans() for _ in range(5))), max_size=40))
def test_no_two_rows_of_a_shared_return_differ_by_a_small_number(victims: list[tuple[bool, ...]]) -> None:
    lines = [
        {
            "case": f"VC-{number:04}",
            "victim": number,
            "child": f"CH-{number}",
            "consented": consented,
            "engaged_on": "2026-05-05" if engaged else None,
            "views": views,
            "news_asked": "2026-05-05" if asked else None,
            "news_given": "2026-05-05" if asked else None,
            "support_asked": "2026-05-05" if supported else None,
            "support_given": None,
        }
        for number, (consented, engaged, views, asked, supported) in enumerate(victims)
    ]
    tables = kpi_tables({"lines": lines})

    every = shown(tables, to_hide(tables, [], 5))["kpi"]

    numbers = {name: number for name, number in every.items() if isinstance(number, int)}
    assert not [number for number in numbers.values() if 0 < number < 5]
    for inner in ("consented", "engaged", "10d", "10e", "10f"):
        for outer in ("10a", "consented"):
            if inner in numbers and outer in numbers and inner != outer:
                assert not 0 < numbers[outer] - numbers[inner] < 5


def test_only_who_may_takes_figures_out_and_each_time_is_kept(service: House) -> None:
    with pytest.raises(NotPermitted):
        export(service, [], "csv", name="audit", period="x", shared=True, actor=Actor("rosa", Role.PRACTITIONER))
    with pytest.raises(NotPermitted):
        export(service, [], "csv", name="not_listed", period="x", shared=True, actor=MORGAN)

    export(service, _hostile("a"), "csv", name="audit", period="2026", shared=True, actor=MORGAN)

    with service.reading() as connection:
        kept = returns.exports(connection, service.service)
    assert [row[:5] for row in kept] == [("audit", "csv", "2026", True, "morgan")]


def test_the_board_pack_is_a_pdf_without_cases_names_or_small_numbers(service: House) -> None:
    content = board_pack(service, START, END, None, MORGAN)
    page = pack_page(service, START, END, None, MORGAN)

    words = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages)
    assert content.startswith(b"%PDF")
    assert "From referral to completed work" in words
    assert "VC-" not in page
    assert "<svg" in page
    assert page.count("<table>") == 4
    with service.reading() as connection:
        assert returns.exports(connection, service.service)[0][:2] == ("board_pack", "pdf")


def test_a_manager_downloads_from_the_page_and_a_practitioner_may_not(service: House) -> None:
    manager = practitioner_on(service, user="morgan")
    practitioner: Visitor = practitioner_on(service, manager.site)
    path = f"/compliance/file?from={START}&to={END}"

    shared, inside = manager.get(f"{path}&format=xlsx"), manager.get(f"{path}&format=csv&for=us")
    refused = practitioner.get(path)

    assert shared.headers["content-disposition"].startswith('attachment; filename="audit-2026-04-01')
    assert load_workbook(io.BytesIO(shared.content)).sheetnames == ["About", "Compliance", "Definitions"]
    assert "VC-" in inside.text
    assert refused.status_code == 403


def test_the_commands_give_tables_json_csv_and_workbooks(service: House, tmp_path: Path) -> None:
    if not service.settings.database.startswith("sqlite"):
        return
    run = Commands(tmp_path)
    period = ("--from", str(START), "--to", str(END))

    table, document = run("audit", *period), run.json("audit", *period)
    written = run("audit", *period, "--format", "xlsx", "--out", str(tmp_path / "audit.xlsx"))
    comma = run("funnel", *period, "--format", "csv", "--share")
    quarter = run.json("kpi", "--quarter", "2026-Q3")

    assert (table.exit_code, written.exit_code, comma.exit_code) == (0, 0, 0)
    row = next(row for row in document["rules"] if row["rule"] == "rj-information")
    assert sum(len(cases) for cases in row["cases"].values()) > 0
    assert load_workbook(tmp_path / "audit.xlsx")["About"]["A1"].value == "Item"
    assert "To be shared" in comma.stdout
    assert quarter["headline"]["denominator"] >= quarter["headline"]["numerator"]
    assert run("audit", "--from", str(END), "--to", str(START)).exit_code == 2
    assert run("kpi", "--quarter", "2026").exit_code == 2
    assert run("audit", *period, "--format", "xlsx").exit_code == 2
