"""Reads the records of a CSV file, row by row, so that a broken row costs no other."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TextIO

from engine.intake.columns import Sheet, column_kind
from engine.intake.problems import Problem
from engine.intake.rows import Row, unreadable

# A cell may hold a note of several lines; a quotation mark that never closes must not swallow the rest of the file.
_LINES_OF_A_ROW = 60
# Every field there is, with twenty items in each list, has fewer columns than this.
_COLUMNS = 1000
_DELIMITERS = ",;\t"
_COLUMN_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")
_DAMAGED = re.compile("[\udc80-\udcff]")


class Table:
    """A CSV file after its header was read; ``problems`` say why its rows cannot be."""

    def __init__(self, text: TextIO, max_record: int) -> None:
        self._lines = _Lines(text, max_record)
        header = self._lines.take()
        while header is not None and not header.strip():
            header = self._lines.take()
        self._delimiter, names = _header(header or "")
        self._width = len(names)
        self._sheet = Sheet(names)
        self._max_record = max_record
        self.problems = tuple(_header_problems(names, self._sheet))

    def rows(self) -> Iterator[Row]:
        """The records, each as the nested shape; rows of empty cells are no records."""
        number = 0
        while (line := self._lines.take()) is not None:
            cells = self._cells(line)
            if isinstance(cells, list) and not any(cells):
                continue
            number += 1
            if isinstance(cells, Problem):
                yield Row(number, None, (cells,))
            elif any(_DAMAGED.search(cell) for cell in cells):
                yield unreadable(number, "not-utf-8", "Save the whole file in UTF-8: this row is in another encoding.")
            else:
                yield Row(number, self._sheet.nested(cells))

    def _cells(self, line: str) -> list[str] | Problem:
        """The cells of the row that begins with this line, together with the lines inside its quotation marks."""
        if len(line) > self._max_record:
            return _problem("too-large", f"Shorten this row: at most {self._max_record:,} characters are taken.")
        further: list[str] = []
        row = line
        while row.count('"') % 2 and len(further) < _LINES_OF_A_ROW and len(row) <= self._max_record:
            if (following := self._lines.take()) is None:
                break
            further.append(following)
            row += following
        cells = self._split(row)
        # Two stray quotation marks, rows apart, would make one long cell of all the records between them.
        if cells is None or any(len(self._split(each) or ()) == self._width > 1 for each in further):
            self._lines.put_back(further)
            return _problem("broken-row", "Check the quotation marks of this row: one of them opens or closes nothing.")
        if len(cells) in (0, self._width):
            return cells
        self._lines.put_back(further)
        remedy = f"Give this row {self._width} cells like the header: quote the cells that hold a {self._delimiter!r}."
        return _problem("wrong-number-of-cells", remedy)

    def _split(self, row: str) -> list[str] | None:
        """The cells of a row, none in a blank one; None where its quotation marks do not fit."""
        try:
            return next(csv.reader([row], delimiter=self._delimiter, strict=True), [])
        except csv.Error:
            return None


class _Lines:
    """The lines of a text, some of which may be put back; one that is too long comes cut, but still too long."""

    def __init__(self, text: TextIO, longest: int) -> None:
        self._text = text
        self._longest = longest
        self._waiting: deque[str] = deque()

    def take(self) -> str | None:
        """The next line with its end, or None at the end of the text."""
        if self._waiting:
            return self._waiting.popleft()
        line = self._text.readline(self._longest + 1)
        rest = line
        while len(rest) > self._longest and not rest.endswith(("\n", "\r")):
            rest = self._text.readline(self._longest + 1)
        return line or None

    def put_back(self, lines: Sequence[str]) -> None:
        """Lets these lines be taken again, in this order."""
        self._waiting.extendleft(reversed(lines))


def _problem(rule: str, remedy: str) -> Problem:
    return Problem("", rule, remedy)


def _header(line: str) -> tuple[str, list[str]]:
    """The delimiter under which most columns are known, and the names of the columns."""
    best = (",", [""])
    most = 0
    for delimiter in _DELIMITERS:
        try:
            names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter, strict=True), [])]
        except csv.Error:
            continue
        known = sum(column_kind(name) is not None for name in names)
        if known > most:
            best, most = (delimiter, names), known
    return best


def _header_problems(names: Sequence[str], sheet: Sheet) -> Iterator[Problem]:
    if not sheet.is_header:
        yield _problem("no-header", "Begin the file with a row of column names, like the empty file from the service.")
        return
    if len(names) > _COLUMNS:
        yield _problem("too-many-columns", f"Remove columns: at most {_COLUMNS:,} are taken.")
        return
    for position in sheet.unknown:
        # A file without a header would show somebody's details here: only what looks like a name is repeated.
        name = names[position] if _COLUMN_NAME.fullmatch(names[position]) else f"number {position + 1}"
        yield Problem(name, "unknown-column", f"Rename or remove the column {name}: no record has such a field.")
    for position in sheet.repeated:
        if position not in sheet.unknown:
            name = names[position]
            yield Problem(name, "repeated-column", f"Keep only one column {name}: it stands there more than once.")
