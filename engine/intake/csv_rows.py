"""Reads the records of a CSV file, row by row, so that a broken row costs no other."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TextIO

from engine.intake.columns import Sheet, column_kind
from engine.intake.plain_sheet import PlainSheet, is_header
from engine.intake.problems import Problem
from engine.intake.profiles import Profile
from engine.intake.rows import Row, unreadable
from engine.intake.translated import TranslatedSheet, is_one_of_theirs

# A cell may hold a note of several lines; a quotation mark that never closes must not swallow the rest of the file.
_LINES_OF_A_ROW = 60
# Every field there is, with twenty items in each list, has fewer columns than this.
MOST_COLUMNS = 1000
_EVERY_RECORD = ("submission_id", "force", "reason")
EXPLANATION = "# This row explains the columns"
"""How the row of the empty file begins that is no record; no submission has such a number."""
_TITLES = 50
"""How many lines may stand above the header of a table that holds no consent records."""
_DELIMITERS = ",;\t"
_COLUMN_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")
_DAMAGED = re.compile("[\udc80-\udcff]")


class Table:
    """A CSV file after its header was read; ``problems`` say why its rows cannot be."""

    def __init__(self, text: TextIO, max_record: int, profile: Profile | None = None) -> None:
        self._lines = _Lines(text, max_record)
        header = self._header_line(profile)
        self._delimiter, names = _header(header or "", profile)
        self._width = len(names)
        self._sheet = sheet_of(names, profile)
        self._max_record = max_record
        self.problems = tuple(header_problems(names, self._sheet))

    def _header_line(self, profile: Profile | None) -> str | None:
        """The line of column names: the first that is not blank, or past the titles that may stand above a table."""
        has_titles = profile is not None and bool(profile.required)
        line, titles = self._lines.take(), 0
        while line is not None and titles < _TITLES:
            if line.strip() and (not has_titles or is_header(_header(line, profile)[1], profile)):
                break
            titles += has_titles
            line = self._lines.take()
        return line

    def rows(self) -> Iterator[Row]:
        """The records, each as the nested shape; rows of empty cells are no records."""
        number = 0
        while (line := self._lines.take()) is not None:
            cells = self._cells(line)
            if isinstance(cells, list) and (not any(cells) or cells[0].startswith(EXPLANATION)):
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


def _header(line: str, profile: Profile | None) -> tuple[str, list[str]]:
    """The delimiter under which most columns are known, and the names of the columns."""
    best = (",", [""])
    most = 0
    for delimiter in _DELIMITERS:
        try:
            names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter, strict=True), [])]
        except csv.Error:
            continue
        known = sum(column_kind(name) is not None or is_one_of_theirs(name, profile) for name in names)
        if known > most:
            best, most = (delimiter, names), known
    return best


AnySheet = Sheet | TranslatedSheet | PlainSheet


def sheet_of(names: Sequence[str], profile: Profile | None) -> AnySheet:
    """The columns of a table, in our own names or in those of a force."""
    if profile is not None and profile.required:
        return PlainSheet(names, profile)
    return Sheet(names) if profile is None or _is_ours(names, profile) else TranslatedSheet(names, profile)


def _is_ours(names: Sequence[str], profile: Profile) -> bool:
    """Whether a force with names of its own sends the empty file of the service, filled in."""
    return Sheet(names).is_header and not any(is_one_of_theirs(name, profile) for name in names)


def header_problems(names: Sequence[str], sheet: AnySheet) -> Iterator[Problem]:
    """What is wrong with a header, the most fundamental first."""
    if len(names) > MOST_COLUMNS:
        yield _problem("too-many-columns", f"Remove columns: at most {MOST_COLUMNS:,} are taken.")
        return
    if not sheet.is_header:
        yield _problem("no-header", "Begin the file with a row of column names, like the empty file from the service.")
        return
    for position in sheet.repeated:
        if position not in sheet.unknown:
            name = names[position]
            yield Problem(name, "repeated-column", f"Keep only one column {name}: it stands there more than once.")
    for path in sheet.required if isinstance(sheet, PlainSheet) else _EVERY_RECORD:
        if path not in sheet.paths:
            yield Problem(path, "missing-column", f"Add the column {path}: no record can be taken without it.")
    for position in sheet.unknown:
        # A file without a header would show somebody's details here: only what looks like a name is repeated.
        name = names[position] if _COLUMN_NAME.fullmatch(names[position]) else f"number {position + 1}"
        yield Problem(name, "unknown-column", f"Rename or remove the column {name}: no record has such a field.")
