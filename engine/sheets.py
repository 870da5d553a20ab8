"""Writes tables as CSV and XLSX: values only, no formula, one sheet for each table and one with the definitions."""

import csv
import importlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

Value = str | int | float | None
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_LONGEST_NAME = 31
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file: its name, the heads of its columns and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def as_text(value: Value) -> Value:
    """A value as it stands in a file: text that a spreadsheet would take for a formula is marked as text."""
    if not isinstance(value, str):
        return value
    plain = "".join(sign for sign in value if sign in "\t\r\n" or sign.isprintable())
    # What a spreadsheet ignores in front would hide the sign after it.
    return f"'{plain}" if plain.startswith(_STARTS) or plain.lstrip().startswith(_STARTS) else plain


def csv_file(sheets: Sequence[Sheet]) -> bytes:
    """The tables one under the other, each under its name, in UTF-8 with the mark that spreadsheets look for."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_MINIMAL)
    for place, sheet in enumerate(sheets):
        if place:
            writer.writerow([])
        writer.writerow([as_text(sheet.name)])
        writer.writerow([as_text(column) for column in sheet.columns])
        writer.writerows([as_text(value) for value in row] for row in sheet.rows)
    return written.getvalue().encode("utf-8-sig")


def xlsx_file(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with a sheet for each table; numbers are numbers, all else is text, and no author is named."""
    xlsxwriter = importlib.import_module("xlsxwriter")
    kept = io.BytesIO()
    never = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = xlsxwriter.Workbook(kept, never)
    book.set_properties({"author": "", "title": ""})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    names: set[str] = set()
    for sheet in sheets:
        page = book.add_worksheet(_name(sheet.name, names))
        for column, head in enumerate(sheet.columns):
            page.write_string(0, column, str(as_text(head)), bold)
            cells = [len(str(row[column])) for row in sheet.rows if row[column] is not None]
            page.set_column(column, column, min(60, max([len(head), *cells]) + 2))
        for line, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    page.write_number(line, column, value, plain)
                elif value is not None:
                    page.write_string(line, column, str(as_text(value)), plain)
        page.freeze_panes(1, 0)
        page.set_landscape()
        page.fit_to_pages(1, 0)
    book.close()
    return kept.getvalue()


def _name(wanted: str, taken: set[str]) -> str:
    """A name of a sheet that no other has: at most 31 signs, without those that spreadsheets refuse."""
    short = wanted.translate(_NOT_IN_NAMES).strip()[:_LONGEST_NAME] or "Table"
    name, number = short, 2
    while name.lower() in taken:
        ending = f" {number}"
        name, number = f"{short[: _LONGEST_NAME - len(ending)]}{ending}", number + 1
    taken.add(name.lower())
    return name
