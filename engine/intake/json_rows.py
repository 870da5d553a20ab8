"""Reads the records of a JSON document and of JSON lines, each for itself."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from engine.intake.rows import Row, unreadable
from engine.intake.strict_json import elements, parse


def json_rows(text: str, max_record: int) -> Iterator[Row]:
    """The records of one JSON document: the object it is, or the items of the list it is."""
    text = text.strip()
    items = elements(text) if text.startswith("[") else [text]
    for number, item in enumerate(items, 1):
        yield _row(number, item.strip(), max_record)


def json_line_rows(file: BinaryIO, max_record: int) -> Iterator[Row]:
    """The records of JSON lines, read line by line; blank lines are no records."""
    number = 0
    while line := file.readline(max_record + 1):
        is_cut = len(line) > max_record and not line.endswith(b"\n")
        if is_cut:
            _skip_line(file, max_record)
        record = line.removeprefix(codecs.BOM_UTF8).strip()
        if record:
            number += 1
            yield _too_large(number, max_record) if is_cut else _row(number, record, max_record)


def _skip_line(file: BinaryIO, step: int) -> None:
    while (piece := file.readline(step)) and not piece.endswith(b"\n"):
        continue


def _too_large(number: int, max_record: int) -> Row:
    return unreadable(number, "too-large", f"Shorten this record: at most {max_record:,} bytes are taken.")


def _row(number: int, text: str | bytes, max_record: int) -> Row:
    parsed = parse(text, max_bytes=max_record)
    if parsed.problems:
        return Row(number, None, parsed.problems)
    if not isinstance(parsed.value, dict):
        return unreadable(number, "not-an-object", "Send each record as an object with named fields.")
    return Row(number, parsed.value)
