"""Reads the consent records out of a file, telling by name and content what the file is."""

import codecs
import io
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import BinaryIO

from engine.intake.csv_rows import Table
from engine.intake.json_rows import json_line_rows, json_rows
from engine.intake.problems import Problem
from engine.intake.rows import Encoding, FileKind, Reading, Row, unreadable
from engine.intake.strict_json import MAX_BYTES, parse

__all__ = ["Reading", "Row", "read"]

MAX_FILE = 64 * 1024 * 1024
# A JSON document is held in memory as a whole; JSON lines and CSV are not.
MAX_DOCUMENT = 32 * 1024 * 1024
# More rows than this fit into a file only where they are too short to be records.
MAX_ROWS = 100_000
_CHUNK = 1024 * 1024
_HEAD = 4096
_ZIP = b"PK\x03\x04"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# The five bytes that mean nothing in cp1252.
_NOTHING_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"

Source = Path | BinaryIO


def read(source: Source, *, name: str | None = None, max_file: int = MAX_FILE, max_record: int = MAX_BYTES) -> Reading:
    """What a file is and the records in it; raises only what the file system raises.

    ``source`` is a path, or an open binary file that can be wound back and stays open; ``name`` is what the sender
    called it, of which only the ending is looked at.  ``max_file`` and ``max_record`` are in bytes.  JSON lines and
    CSV are read line by line while ``rows`` is gone through.
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
            # XLSX belongs here as one more reader beside those below, once sheets are read.
            return _failed("xlsx-not-taken", "Save the sheet as CSV (UTF-8) and send that.", "xlsx")
        if head.startswith(_UTF_16) or b"\0" in head:
            return _failed("not-text", "Save the file as text in UTF-8: CSV, JSON or JSON lines.")
        encoding = _encoding(file)
        kind = _kind(file, ending, max_record)
    if encoding == "unknown" or (kind == "json" and encoding != "utf-8"):
        return _failed("not-utf-8", "Save the file in UTF-8: its letters cannot be told for certain.", kind)
    if kind == "json" and size > MAX_DOCUMENT:
        remedy = f"Send JSON lines, one record to a line: at most {MAX_DOCUMENT:,} bytes are taken as one document."
        return _failed("too-large", remedy, kind, encoding)
    if kind == "csv":
        with _text(source, encoding) as text:
            problems = Table(text, max_record).problems
        if problems:
            return Reading(kind, encoding, problems, iter(()))
    rows = _bounded(_READERS[kind](source, encoding, max_record))
    first = next(rows, None)
    if first is None:
        return _failed("no-rows", "Send at least one record: there is none in this file.", kind, encoding)
    return Reading(kind, encoding, (), itertools.chain((first,), rows))


def _bounded(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows up to the most that are taken, and then one that says that the others were not read."""
    yield from itertools.islice(rows, MAX_ROWS)
    if next(rows, None) is not None:
        yield unreadable(MAX_ROWS + 1, "too-many-rows", f"Split the file: the rows after {MAX_ROWS:,} were not read.")


def _failed(rule: str, remedy: str, kind: FileKind = "unknown", encoding: Encoding = "unknown") -> Reading:
    return Reading(kind, encoding, (Problem("", rule, remedy),), iter(()))


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


def _json(source: Source, _encoding: Encoding, max_record: int) -> Iterator[Row]:
    with _opened(source) as file:
        text = file.read().decode("utf-8-sig")
    return json_rows(text, max_record)


def _json_lines(source: Source, _encoding: Encoding, max_record: int) -> Iterator[Row]:
    with _opened(source) as file:
        yield from json_line_rows(file, max_record)


def _csv(source: Source, encoding: Encoding, max_record: int) -> Iterator[Row]:
    with _text(source, encoding) as text:
        yield from Table(text, max_record).rows()


_READERS: dict[FileKind, Callable[[Source, Encoding, int], Iterator[Row]]] = {
    "json": _json,
    "json-lines": _json_lines,
    "csv": _csv,
}
