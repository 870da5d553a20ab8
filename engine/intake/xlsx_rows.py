"""Reads the records of an XLSX sheet, after a look at the packed file that a hostile one does not survive."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from engine.intake.csv_rows import EXPLANATION, MOST_COLUMNS, AnySheet, header_problems, sheet_of
from engine.intake.plain_sheet import is_header
from engine.intake.problems import Problem
from engine.intake.profiles import Profile
from engine.intake.rows import Row, unreadable
from workflow.london import LONDON

MAX_UNPACKED = 48 * 1024 * 1024
_MAX_PARTS = 200
_CHUNK = 1024 * 1024
# A tag that is cut by the end of a piece is seen again with the next.
_OVERLAP = 64
_TAG = re.compile(rb"<(?:\w{1,16}:)?(row|c|f)[\s/>]|<!DOCTYPE|<!ENTITY|\x00")
# What unpacking and the library raise over a file that is no workbook.
_WHATEVER = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    OSError,
    EOFError,
    RuntimeError,
    InvalidFileException,
)
_LONGEST_CELL = 10_000
# Pictures, macros and links have no place in a file of records.
_KNOWN_PARTS = re.compile(r"(?:\[Content_Types\]\.xml|_rels/\.rels|docProps/[\w.-]+|xl/[\w./-]+|customXml/[\w./-]+)")


def packed_problem(file: BinaryIO, max_rows: int) -> Problem | None:
    """Why a packed file is not to be opened; the most fundamental reason, or None."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            if len(parts) > _MAX_PARTS or not all(_KNOWN_PARTS.fullmatch(part.filename) for part in parts):
                return _problem("not-a-sheet", "Save the sheet anew as XLSX: this file holds more than a sheet.")
            if any(part.flag_bits & 0x1 for part in parts):
                return _problem("encrypted", "Take the password off the file: it cannot be read.")
            if any(".." in part.filename or "vba" in part.filename.lower() for part in parts):
                return _problem("not-a-sheet", "Save the sheet as XLSX without macros.")
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                return _problem("too-large", f"Send CSV or less at once: at most {MAX_UNPACKED:,} bytes unpacked.")
            if len({part.filename for part in parts}) < len(parts):
                return _problem("not-a-sheet", "Save the sheet anew as XLSX: a part stands in it twice.")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with packed.open(part) as opened:
                        problem = _part_problem(opened, max_rows, part.filename.startswith("xl/worksheets/"))
                    if problem is not None:
                        return problem
    except _WHATEVER:
        return _problem("damaged", "Save the sheet anew as XLSX: this file cannot be unpacked.")
    return None


def _part_problem(part: Any, max_rows: int, is_sheet: bool) -> Problem | None:
    rows = columns = 0
    end = b""
    while chunk := part.read(_CHUNK):
        text = end + chunk
        # The overlap is counted once: only what ends beyond it is new.
        for found in _TAG.finditer(text):
            if end and found.end() <= len(end):
                continue
            tag = found.group(1)
            if tag is None:
                return _problem("not-a-sheet", "Save the sheet anew as XLSX: it holds what no sheet holds.")
            if not is_sheet:
                continue
            if tag == b"f":
                return _problem("formulas", "Save the values instead of formulas: copy, and paste values only.")
            if tag == b"row":
                rows, columns = rows + 1, 0
                if rows > max_rows + 1:
                    return _problem("too-many-rows", f"Split the file: at most {max_rows:,} rows are taken at once.")
            else:
                columns += 1
                if columns > MOST_COLUMNS:
                    return _problem("too-many-columns", f"Remove columns: at most {MOST_COLUMNS:,} are taken.")
        end = text[-_OVERLAP:]
    return None


class XlsxTable:
    """The first sheet of a workbook after its header was read; ``problems`` say why its rows cannot be."""

    def __init__(self, file: BinaryIO, max_record: int, profile: Profile | None = None) -> None:
        self._max_record = max_record
        self._sheet: AnySheet | None = None
        self.problems: tuple[Problem, ...] = ()
        file.seek(0)
        try:
            book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
            sheet = book.worksheets[0]
            # What the sheet says of its size may be wrong, and then cells would be left out.
            sheet.reset_dimensions()
            self._cells = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
            header = next((row for row in islice(self._cells, 50) if is_header([*map(_text, row)], profile)), None)
        except _WHATEVER:
            self.problems = (_problem("damaged", "Save the sheet anew as XLSX: this file is no workbook."),)
            return
        names = [_text(cell) for cell in header or ()]
        while names and not names[-1]:
            names.pop()
        self._width = len(names)
        if not names:
            self.problems = (_problem("empty", "Send a sheet with records in it: this one is empty."),)
            return
        self._sheet = sheet_of(names, profile)
        self.problems = tuple(header_problems(names, self._sheet))

    def rows(self) -> Iterator[Row]:
        """The records, each as the nested shape; rows of empty cells are no records."""
        if self._sheet is None:
            return
        number = 0
        while True:
            try:
                values = next(self._cells, None)
            except _WHATEVER:
                number += 1
                yield unreadable(number, "damaged", "Save the sheet anew as XLSX: from this row on it cannot be read.")
                return
            if values is None:
                return
            cells = [_text(value) for value in values]
            if not any(cells) or cells[0].startswith(EXPLANATION):
                continue
            number += 1
            beyond, cells = cells[self._width :], cells[: self._width]
            if any(beyond):
                yield unreadable(number, "wrong-number-of-cells", f"Give this row {self._width} cells like the header.")
            elif sum(map(len, cells)) > self._max_record or any(len(cell) > _LONGEST_CELL for cell in cells):
                yield unreadable(number, "too-large", "Shorten this row: a cell of it is too long.")
            else:
                yield Row(number, self._sheet.nested([*cells, *[""] * (self._width - len(cells))]))


def _text(value: object) -> str:
    """What a cell says, written as the cells of a CSV file are; a spreadsheet has no zone and means London."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.replace(tzinfo=LONDON).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def _problem(rule: str, remedy: str) -> Problem:
    return Problem("", rule, remedy)
