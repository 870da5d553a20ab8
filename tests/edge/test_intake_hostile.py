"""Holds that a hostile file is refused before it costs time or memory, in a process with half a gigabyte to live on."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from engine.accounts import add_force_key
from engine.house import House
from tests.conftest import NOW
from tests.edge.consent_records import consent_record
from tests.edge.faults.soundness import row_counts
from tests.edge.web_visitors import at, on_one_database
from tests.edge.xlsx_files import crafted
from tests.measure import effort
from web.app import build

MEMORY = 512 * 1024 * 1024
_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
# Everything is imported before the limit is set: what counts is what a file adds.
_READ = """
import resource, sys, json
from pathlib import Path
from engine.intake.files import read
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
reading = read(Path(sys.argv[1]))
rows = list(reading.rows)
problems = [*reading.problems, *(problem for row in rows[:3] for problem in row.problems)]
taken = sum(row.raw is not None for row in rows)
print(json.dumps({"rules": [problem.rule for problem in problems], "taken": taken}))
"""
BATCH = "/api/v1/consent-records/batch"


def _lines(record: bytes, size: int) -> bytes:
    return (record + b"\n") * (size // len(record))


# Each is made when it is wanted: together they would be the memory that they must not cost.
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "100 MB": ("a.jsonl", lambda: _lines(json.dumps(consent_record()).encode(), 100 * 1024 * 1024), "too-large"),
    "100 MB on one line": ("a.csv", lambda: b"x" * (100 * 1024 * 1024), "too-large"),
    "a million columns": ("a.csv", lambda: b"submission_id," * 1_000_000, "too-many-columns"),
    "a million columns in a sheet": (
        "a.xlsx",
        lambda: crafted(_SHEET.format("<row>" + "<c/>" * 1_000_000 + "</row>")),
        "too-many-columns",
    ),
    "a bomb": ("a.xlsx", lambda: crafted(b"<" * 300_000_000), "too-large"),
    "100,000 levels": ("a.json", lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too-large"),
    "100,000 levels in a list": ("a.jsonl", lambda: b"[" * 100_000 + b"]" * 100_000, "too-deep"),
    "a million rows": ("a.jsonl", lambda: b"{}\n" * 1_000_000, "too-many-rows"),
    "a million rows of cells": (
        "a.csv",
        lambda: b"submission_id,force,reason\n" + b"a,b,new\n" * 1_000_000,
        "too-many-rows",
    ),
    "quotation marks": ("a.csv", lambda: b"submission_id,force,reason\n" + b'"' * 20_000_000, "too-large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_within_half_a_gigabyte(tmp_path: Path, name: str) -> None:
    ending, content, rule = HOSTILE[name]
    file = tmp_path / ending
    file.write_bytes(content())

    done = subprocess.run([sys.executable, "-c", _READ, str(file), str(MEMORY)], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr[-500:]
    said = json.loads(done.stdout)
    assert rule in said["rules"]
    assert said["taken"] == 0


@pytest.mark.parametrize("name", HOSTILE)
def test_refusing_a_hostile_file_costs_little(tmp_path: Path, name: str) -> None:
    """The yardstick is a thousand small JSON documents: a hundred and fifty of them are about two seconds of work."""
    from engine.intake.files import read

    ending, content, _ = HOSTILE[name]
    file = tmp_path / ending
    file.write_bytes(content())

    cost = effort(lambda: list(read(file).rows))

    assert cost < 150


def _client(house: House) -> TestClient:
    _, key = add_force_key(house, "derbyshire", NOW)
    client = TestClient(build(at(house, NOW)), base_url="https://testserver")
    client.headers["Authorization"] = f"Bearer {key}"
    return client


@on_one_database
def test_the_interface_refuses_what_is_too_much_and_keeps_nothing(house: House) -> None:
    """100 MB, 500 files named to climb out of their folder, ten thousand part headers, no file, a broken form."""
    client = _client(house)
    before = row_counts(house)
    many = [("file", (f"../../etc/{number}.csv", b"a")) for number in range(500)]
    headers = b"--x\r\n" + b"X-A: b\r\n" * 10_000 + b"\r\n--x--\r\n"

    def form(content: bytes) -> int:
        return client.post(
            BATCH, content=content, headers={"Content-Type": "multipart/form-data; boundary=x"}
        ).status_code

    huge = client.post(BATCH, content=b"x" * (100 * 1024 * 1024), headers={"Content-Type": "text/csv"})
    answers = [client.post(BATCH, files=many).status_code, form(headers), form(b"--x"), form(b"")]
    nothing = client.post(BATCH, files=[("other", ("a.csv", b"a"))])
    climbing = client.post(BATCH, files=[("file", ("../../../tmp/x.csv", b"submission_id,force,reason\r\n"))])

    assert huge.status_code == 413
    assert set(answers) <= {400, 422}
    assert nothing.status_code == 422
    assert [error["rule"] for error in climbing.json()["errors"]] == ["no-rows"]
    assert not Path("/tmp/x.csv").exists()
    assert row_counts(house) == before
