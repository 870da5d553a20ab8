"""Holds the interface for files: every form and way of sending, a receipt that adds up, and each key's effect once."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.accounts import force_keys, rotate_force_key
from engine.house import House
from engine.intake.importing import COUNTED
from tests.conftest import NOW
from tests.edge.consent_records import consent_record, police_csv
from tests.edge.faults.soundness import row_counts
from tests.edge.test_api_consent_records import CANARY, RECORDS, Force
from tests.edge.web_visitors import on_one_database
from tests.edge.xlsx_files import sheet_of

BATCH = f"{RECORDS}/batch"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _records(many: int = 3) -> list[dict[str, Any]]:
    return [
        consent_record(submission_id=f"F-{n}", force="derbyshire", incident__crime_reference=f"26000{n:06d}/26")
        for n in range(many)
    ]


def _sheet(records: list[dict[str, Any]]) -> bytes:
    import csv

    return sheet_of(list(csv.reader(io.StringIO(police_csv(records)))))


_FORMS: dict[str, tuple[str, Callable[[list[dict[str, Any]]], bytes], str]] = {
    "json lines": ("application/x-ndjson", lambda records: "\n".join(map(json.dumps, records)).encode(), "a.jsonl"),
    "json": ("application/json", lambda records: json.dumps(records).encode(), "a.json"),
    "csv": ("text/csv; charset=utf-8", lambda records: police_csv(records).encode(), "a.csv"),
    "xlsx": (XLSX, _sheet, "a.xlsx"),
}


@pytest.mark.parametrize("form", _FORMS)
@pytest.mark.parametrize("as_upload", [True, False])
def test_every_form_is_taken_as_a_body_and_as_an_upload(house: House, form: str, as_upload: bool) -> None:
    force = Force(house)
    kind, made, name = _FORMS[form]
    content = made(_records())

    def send() -> Any:
        if as_upload:
            return force.client.post(BATCH, files={"file": (name, content, kind)})
        return force.client.post(BATCH, content=content, headers={"Content-Type": kind})

    first, again = send(), send()

    assert (first.status_code, again.status_code) == (200, 200)
    assert [row["status"] for row in first.json()["rows"]] == ["accepted"] * 3
    assert again.json()["duplicate"] == 3
    assert row_counts(house)["victim_case"] == 3


@on_one_database
def test_good_rows_are_taken_and_bad_ones_named_and_nothing_is_repeated(house: House) -> None:
    lines = [*map(json.dumps, _records()), "{", json.dumps({"submission_id": CANARY + "!", "victim": CANARY})]

    answer = Force(house).client.post(
        BATCH, content="\n".join(lines).encode(), headers={"Content-Type": "application/x-ndjson"}
    )

    receipt = answer.json()
    assert receipt["received"] == sum(receipt[name] for name in COUNTED) == 5
    assert (receipt["accepted"], receipt["rejected"]) == (3, 2)
    assert all(each["remedy"] and each["rule"] for row in receipt["rows"] for each in row["errors"])
    assert CANARY not in answer.text


@on_one_database
@pytest.mark.parametrize(
    ("kind", "content", "status", "rule"),
    [
        ("text/csv", b"", 422, "empty"),
        ("text/csv", b"a,b\r\n", 422, "no-header"),
        ("text/csv", f"submission_id,force,reason,{CANARY} Road\r\n".encode(), 422, "unknown-column"),
        ("application/json", b"[]", 422, "no-rows"),
        ("application/xml", b"<a/>", 415, None),
        ("", b"{}", 415, None),
    ],
)
def test_a_file_that_cannot_be_taken_is_a_problem_of_the_whole(
    house: House, kind: str, content: bytes, status: int, rule: str | None
) -> None:
    answer = Force(house).client.post(BATCH, content=content, headers={"Content-Type": kind})

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["rule"] for error in answer.json()["errors"]] == ([rule] if rule else [])
    assert CANARY not in answer.text


@pytest.mark.parametrize("path", [RECORDS, BATCH])
def test_a_key_makes_a_call_once_and_stands_for_one_content(house: House, path: str) -> None:
    """The first answer again, also a refusal; 422 for other content; another force's key of that name is another's."""
    force = Force(house)
    other = Force(house, "nottinghamshire", force.site)
    record = _records(1)[0]

    def send(who: Force, content: Any, key: str) -> Any:
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        return who.client.post(path, content=json.dumps(content).encode(), headers=headers)

    first, again = send(force, record, "once"), send(force, record, "once")
    changed = send(force, {**record, "station": "Other"}, "once")
    refused, refused_again = send(force, [{"a": 1}, {}], "bad"), send(force, [{"a": 1}, {}], "bad")
    elsewhere, unusable = send(other, record, "once"), send(force, record, "k" * 200)

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert (changed.status_code, unusable.status_code) == (422, 422)
    assert (refused_again.status_code, refused_again.json()) == (refused.status_code, refused.json())
    assert elsewhere.json() != first.json()
    assert row_counts(house)["victim_case"] == 1


@on_one_database
def test_a_key_is_rotated_without_a_gap_and_listed_without_being_shown(house: House) -> None:
    force = Force(house)

    name, number, key = rotate_force_key(house, force.key_id, NOW)
    old = force.client.get(f"{RECORDS}/none").status_code
    force.client.headers["Authorization"] = f"Bearer {key}"
    new = force.client.get(f"{RECORDS}/none").status_code

    assert (name, old, new) == ("derbyshire", 404, 404)
    listed = force_keys(house, "derbyshire")
    assert {each["key_id"] for each in listed} == {force.key_id, number}
    assert key not in json.dumps(listed)
