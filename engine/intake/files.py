"""Reads the consent records out of a file, telling by name and content what the file is."""

import codecs
import csv
import hashlib
import io
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import BinaryIO

from engine.intake.csv_rows import Table
from engine.intake.json_rows import json_line_rows, json_rows
from engine.intake.problems import Problem
from engine.intake.profiles import Profile
from engine.intake.rows import Encoding, FileKind, Reading, Row, unreadable
from engine.intake.strict_json import MAX_BYTES, elements, parse
from engine.intake.xlsx_rows import XlsxTable, packed_problem

__all__ = ["Reading", "Row", "Source", "digest_of", "read"]

MAX_FILE = 64 * 1024 * 1024
# A JSON document is held in memory as a whole; JSON lines and CSV are not.
MAX_DOCUMENT = 32 * 1024 * 1024
# More rows than this fit into a file only where they are too short to be records.
MAX_ROWS = 100_000
_CHUNK = 1024 * 1024
_HEAD = 4096
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# The five bytes that mean nothing in cp1252.
_NOTHING_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"

Source = Path | BinaryIO


def read(
    source: Source,
    *,
    name: str | None = None,
    profile: Profile | None = None,
    max_file: int = MAX_FILE,
    max_record: int = MAX_BYTES,
) -> Reading:
    """What a file is and the records in it; raises only what the file system raises.

    ``source`` is a path, or an open binary file that can be wound back and stays open; ``name`` is what the sender
    called it, of which only the ending is looked at.  ``profile`` says how the force writes its tables.  ``max_file``
    and ``max_record`` are in bytes.  JSON lines, CSV and XLSX are read row by row while ``rows`` is gone through.
    What is wrong with the file as a whole comes one class at a time, the most fundamental first.
    """
    ending = PurePath(name or (source.name if isinstance(source, Path) else "")).suffix.lower()
    with _opened(source) as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        head = file.read(_HEAD)
        if not head.strip(b" \t\r\n\xef\xbb\xbf"):
            return _failed("empty", "Send a file with records in it: this one is empty.")
        if size > max_file:
            return _failed("too-large", f"Split the file: at most {max_file:,} bytes are taken at once.")
        if head.startswith(_ZIP):
            return _xlsx(source, file, max_record, profile)
        if head.startswith(_OLE):
            return _failed("not-text", "Save the sheet as XLSX or as CSV in UTF-8: this is an older or locked form.")
        encoding, kind = _told(file, head, ending, max_record, profile)
        may_withdraw = profile is not None or _may_withdraw(file, encoding)
    if encoding == "unknown" and kind == "unknown":
        return _failed("not-text", "Save the file as text in UTF-8: CSV, JSON or JSON lines.")
    if encoding == "unknown" or (kind == "json" and encoding != "utf-8"):
        return _failed("not-utf-8", "Save the file in UTF-8: its letters cannot be told for certain.", kind)
    if kind == "json" and size > MAX_DOCUMENT:
        remedy = f"Send JSON lines, one record to a line: at most {MAX_DOCUMENT:,} bytes are taken as one document."
        return _failed("too-large", remedy, kind, encoding)
    if kind == "csv":
        with _text(source, encoding) as text:
            problems = Table(text, max_record, profile).problems
        if problems:
            return Reading(kind, encoding, problems, iter(()))
    if _has_too_many(source, kind, encoding):
        remedy = f"Split the file: at most {MAX_ROWS:,} records are taken at once. None of it was read."
        return _failed("too-many-rows", remedy, kind, encoding)
    rows = _bounded(_READERS[kind](source, encoding, max_record, profile))
    first = next(rows, None)
    if first is None:
        return _failed("no-rows", "Send at least one record: there is none in this file.", kind, encoding)
    return Reading(kind, encoding, (), itertools.chain((first,), rows), may_withdraw)


def _xlsx(source: Source, file: BinaryIO, max_record: int, profile: Profile | None) -> Reading:
    problem = packed_problem(file, MAX_ROWS)
    problems = (problem,) if problem else XlsxTable(file, max_record, profile).problems
    if problems:
        return Reading("xlsx", "utf-8", problems, iter(()))
    rows = _xlsx_rows(source, max_record, profile)
    first = next(rows, None)
    if first is None:
        return _failed("no-rows", "Send at least one record: there is none in this file.", "xlsx", "utf-8")
    return Reading("xlsx", "utf-8", (), itertools.chain((first,), rows))


def _xlsx_rows(source: Source, max_record: int, profile: Profile | None) -> Iterator[Row]:
    with _opened(source) as file:
        yield from XlsxTable(file, max_record, profile).rows()


def _told(
    file: BinaryIO, head: bytes, ending: str, max_record: int, profile: Profile | None
) -> tuple[Encoding, FileKind]:
    """The encoding and the kind of a file of text; both unknown where it is none."""
    if head.startswith(_UTF_16):
        # Spreadsheets save "Unicode text" so; JSON is UTF-8 by its own rule.
        return ("utf-16", "csv") if not _is_broken(file, "utf-16") else ("unknown", "unknown")
    if b"\0" in head:
        return "unknown", "unknown"
    kind = _kind(file, ending, max_record)
    if profile is not None and profile.encoding != "told" and kind == "csv" and not head.startswith(codecs.BOM_UTF8):
        return ("unknown" if _is_broken(file, profile.encoding) else profile.encoding), kind
    return _encoding(file), kind


def _is_broken(file: BinaryIO, encoding: str) -> bool:
    """Whether a file holds what means nothing in an encoding."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return True
    return False


def _may_withdraw(file: BinaryIO, encoding: Encoding) -> bool:
    return encoding == "utf-16" or _holds_word(file, b"withdrawal") or _holds_word(file, b"\\u")


def _has_too_many(source: Source, kind: FileKind, encoding: Encoding) -> bool:
    """Whether there are more records than are taken at once, told without reading what they say."""
    if kind == "json":
        text = _document(source).strip()
        may_have = text.startswith("[") and text.count(",") >= MAX_ROWS
        return may_have and next(itertools.islice(elements(text), MAX_ROWS, None), None) is not None
    with _opened(source) as file:
        if sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b"")) < MAX_ROWS:
            return False
    if kind == "json-lines":
        with _opened(source) as file:
            return next(itertools.islice((line for line in file if line.strip()), MAX_ROWS, None), None) is not None
    with _text(source, encoding) as lines:
        try:
            rows = (row for row in csv.reader(lines) if any(row))
            return next(itertools.islice(rows, MAX_ROWS + 1, None), None) is not None
        except csv.Error:
            # One long cell: row by row it is told where.
            return False


def _bounded(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows up to the most that are taken, and then one that says that the others were not read."""
    yield from itertools.islice(rows, MAX_ROWS)
    if next(rows, None) is not None:
        yield unreadable(MAX_ROWS + 1, "too-many-rows", f"Split the file: the rows after {MAX_ROWS:,} were not read.")


def _failed(rule: str, remedy: str, kind: FileKind = "unknown", encoding: Encoding = "unknown") -> Reading:
    return Reading(kind, encoding, (Problem("", rule, remedy),), iter(()))


def digest_of(source: Source) -> str:
    """The SHA-256 of a file, as 64 hexadecimal digits."""
    found = hashlib.sha256()
    with _opened(source) as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


@contextmanager
def _opened(source: Source) -> Iterator[BinaryIO]:
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield file
    else:
        source.seek(0)
        yield source


@contextmanager
def _text(source: Source, encoding: Encoding) -> Iterator[io.TextIOWrapper]:
    """The text of a file; bytes of another encoding among UTF-8 come as lone surrogates, which no good text has."""
    with _opened(source) as file:
        name = "utf-8-sig" if encoding == "utf-8" else encoding
        text = io.TextIOWrapper(file, name, errors="surrogateescape", newline="")
        try:
            yield text
        finally:
            text.detach()


def _encoding(file: BinaryIO) -> Encoding:
    """UTF-8, or cp1252 where no accented letter is in UTF-8; rows of a UTF-8 file with other bytes are bad rows."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    other_bytes = other_letters = meaningless = False
    while chunk := file.read(_CHUNK):
        if chunk.isascii() and not decoder.getstate()[0]:
            continue
        text = decoder.decode(chunk)
        other_bytes = other_bytes or any("\udc80" <= sign <= "\udcff" for sign in set(text))
        other_letters = other_letters or any("\x80" <= sign < "\ud800" or sign > "\udfff" for sign in set(text))
        meaningless = meaningless or any(byte in chunk for byte in _NOTHING_IN_CP1252)
    other_bytes = other_bytes or bool(decoder.decode(b"", final=True))
    if not other_bytes or other_letters:
        return "utf-8"
    return "unknown" if meaningless else "cp1252"


def _holds_word(file: BinaryIO, word: bytes) -> bool:
    """Whether a word stands anywhere in a file, also where two pieces of it meet."""
    file.seek(0)
    end = b""
    while chunk := file.read(_CHUNK):
        if word in end + chunk:
            return True
        end = chunk[1 - len(word) :]
    return False


def _kind(file: BinaryIO, ending: str, max_record: int) -> FileKind:
    """What the file is: its content decides, and its ending where the content leaves it open."""
    file.seek(0)
    first = b""
    while not first and (line := file.readline(max_record + 1)):
        first = line.removeprefix(codecs.BOM_UTF8).strip()
    if first.startswith(b"["):
        return "json"
    if ending in (".jsonl", ".ndjson"):
        return "json-lines"
    if first.startswith(b"{"):
        # In a document the second line goes on with the first; in JSON lines it begins a record of its own, or the
        # first line already was a whole one.  The name of the file may say otherwise, and the first record be broken.
        second = next(filter(None, (line.strip() for line in iter(lambda: file.readline(_HEAD), b""))), b"")
        problems = parse(first, max_bytes=max_record).problems
        is_whole = not any(problem.rule == "not-json" for problem in problems)
        return "json-lines" if second.startswith(b"{") or (second and is_whole) else "json"
    return "json" if ending == ".json" else "csv"


def _json(source: Source, _encoding: Encoding, max_record: int, _: Profile | None) -> Iterator[Row]:
    return json_rows(_document(source), max_record)


def _document(source: Source) -> str:
    with _opened(source) as file:
        return file.read().decode("utf-8-sig")


def _json_lines(source: Source, _encoding: Encoding, max_record: int, _: Profile | None) -> Iterator[Row]:
    with _opened(source) as file:
        yield from json_line_rows(file, max_record)


def _csv(source: Source, encoding: Encoding, max_record: int, profile: Profile | None) -> Iterator[Row]:
    with _text(source, encoding) as text:
        yield from Table(text, max_record, profile).rows()


_READERS: dict[FileKind, Callable[[Source, Encoding, int, Profile | None], Iterator[Row]]] = {
    "json": _json,
    "json-lines": _json_lines,
    "csv": _csv,
}
