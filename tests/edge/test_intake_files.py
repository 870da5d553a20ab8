"""Proves that every record of a file is accounted for, whatever the file is and whatever is wrong in it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from engine.intake.files import Reading, Row, read
from tests.edge.consent_records import RECORDS, consent_record, police_csv, read_all
from tests.measure import effort


def _lines(*records: Any) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


@pytest.mark.parametrize("name", ["records.jsonl", "records.ndjson", "records.json", "records.txt", "", "records.csv"])
def test_json_lines_are_told_whatever_they_are_called(name: str) -> None:
    content = _lines(*RECORDS)

    reading, rows = read_all(content, name)

    assert (reading.kind, reading.encoding, reading.problems) == ("json-lines", "utf-8", ())
    assert [(row.number, row.raw) for row in rows] == list(enumerate(RECORDS, 1))


@pytest.mark.parametrize("name", ["records.json", "records.txt", ""])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("many", [True, False])
def test_a_json_document_is_one_record_or_a_list_of_them(name: str, indent: int | None, many: bool) -> None:
    content = json.dumps(RECORDS if many else RECORDS[0], indent=indent)

    reading, rows = read_all(content, name)

    assert (reading.kind, reading.problems) == ("json", ())
    assert [row.raw for row in rows] == (RECORDS if many else RECORDS[:1])


def test_json_lines_in_another_encoding_are_bad_one_by_one() -> None:
    good = consent_record(victim__given_name="Siân")
    content = _lines(good).encode() + _lines(good).encode("cp1252") + _lines(good).encode()

    reading, rows = read_all(content, "records.jsonl")

    assert reading.problems == ()
    assert [[problem.rule for problem in row.problems] for row in rows] == [[], ["not-utf-8"], []]


@pytest.mark.parametrize(
    ("content", "name", "rule"),
    [
        (b"", "records.csv", "empty"),
        (b"\xef\xbb\xbf \r\n", "records.csv", "empty"),
        (b"x" * 2000, "records.csv", "too-large"),
        (b"PK\x03\x04\x14\x00", "records.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "records.xls", "not-text"),
        ("submission_id,force,reason\r\n".encode("utf-16"), "records.csv", "no-rows"),
        ("submission_id,force,reason\r\n".encode("utf-16-le"), "records.csv", "not-text"),
        ("submission_id,force,reason\r\n".encode("utf-16") + b"x", "records.csv", "not-text"),
        (b"submission_id\0,force", "records.csv", "not-text"),
        (b"submission_id,force\r\n\x81\x8d,x\r\n", "records.csv", "not-utf-8"),
        (b'[{"force": "Si\xe2n"}]', "records.json", "not-utf-8"),
        (b"TST-1,testshire,new\r\nTST-2,testshire,new\r\n", "records.csv", "no-header"),
        (b"<html><body>Sign in</body></html>", "records.csv", "no-header"),
        (b"submission_id,force,reason\r\n", "records.csv", "no-rows"),
        (b"submission_id,force,reason\r\n,,\r\n\r\n,,\r\n", "records.csv", "no-rows"),
        (b"[]", "records.json", "no-rows"),
        (b" [ ] ", "records.jsonl", "no-rows"),
    ],
)
def test_what_is_wrong_with_the_whole_file_is_said_once(content: bytes, name: str, rule: str) -> None:
    limit = 1000

    reading, rows = read_all(content, name, max_file=limit)

    assert [problem.rule for problem in reading.problems] == [rule]
    assert rows == []


def test_bad_rows_among_good_ones_are_accounted_for_in_their_place() -> None:
    good = consent_record()
    lines = [
        "{broken",
        json.dumps(good),
        "[1, 2]",
        '{"a": 1, "a": 2}',
        "",
        "null",
        '"' + "x" * 3000 + '"',
        json.dumps(good),
    ]

    reading, rows = read_all("\r\n".join(lines), "records.jsonl", max_record=2900)

    assert reading.kind == "json-lines"
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    rules = [[problem.rule for problem in row.problems] for row in rows]
    assert rules == [["not-json"], [], ["not-an-object"], ["repeated-key"], ["not-an-object"], ["too-large"], []]
    assert rows[1].raw == rows[6].raw == good


def test_a_broken_item_in_a_list_costs_no_other() -> None:
    good = json.dumps(consent_record())

    _, rows = read_all(f'[{good}, {{"a": NaN}}, 5, {good}, {{"cut": "off', "records.json")

    assert [[problem.rule for problem in row.problems] for row in rows] == [
        [],
        ["not-a-number"],
        ["not-an-object"],
        [],
        ["not-json"],
    ]


@pytest.mark.parametrize(
    ("content", "name", "rule"),
    [
        (b"[" * 5_000_000, "records.json", "too-large"),
        (b'{"a":' * 2_000_000, "records.jsonl", "too-large"),
        (b"[" + b"1," * 110_000 + b"1]", "records.json", "too-many-rows"),
        (b"x\n" * 110_000, "records.jsonl", "too-many-rows"),
        (b"submission_id,force,reason\n" + b'"\n' * 110_000, "records.csv", "too-many-rows"),
        (b"submission_id,force,reason\n" + b'"' * 5_000_000, "records.csv", "too-large"),
        (b"submission_id," * 300_000, "records.csv", "too-many-columns"),
    ],
    ids=["deep", "deep line", "many items", "many lines", "many quotes", "one line", "many columns"],
)
def test_a_hostile_file_is_refused_before_it_costs_much(content: bytes, name: str, rule: str) -> None:
    answers: list[tuple[Reading, list[Row]]] = []

    cost = effort(lambda: answers.append(read_all(content, name)))

    reading, rows = answers[0]
    problems = [*reading.problems, *(problem for row in rows[-1:] for problem in row.problems)]
    assert rule in [problem.rule for problem in problems]
    assert cost < 150


def test_a_path_is_read_as_well_and_by_its_own_name(tmp_path: Path) -> None:
    file = tmp_path / "records.csv"
    file.write_bytes(police_csv(RECORDS).encode())

    reading = read(file)

    assert reading.kind == "csv"
    assert [row.raw for row in reading.rows] == RECORDS


def test_an_open_file_stays_open_and_is_wound_back() -> None:
    source = io.BytesIO(police_csv(RECORDS).encode())
    source.seek(100)

    rows = list(read(source, name="upload.csv").rows)

    assert len(rows) == 3
    assert not source.closed
