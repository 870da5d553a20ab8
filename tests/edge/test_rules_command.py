"""The commands about the law: batches that answer line for line, bad input in a sentence, editions and their gaps."""

import json
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from tests.edge.commands import Commands


@pytest.fixture
def run(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


def batch(run: Commands, text: str | bytes) -> tuple[int, list[dict[str, Any]]]:
    """The exit status and the answers to a batch."""
    file = run.folder / "batch.jsonl"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = run("explain", "--batch", str(file), "--json")
    assert "Traceback" not in done.stderr
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


PLAIN = '{"rule": "rj-information", "from": "2026-11-20"}'


def test_a_batch_names_what_is_wrong_with_each_line_and_goes_on(run: Commands) -> None:
    lines = [
        PLAIN,
        '{"rule": "rj-information", "from": "2026-11-20", "enhanced": "yes"}',
        '{"rule": "rj-information", "from": "2026-11-20", "enhnaced": true}',
        '{"rule": "no-such-rule", "from": "2026-11-20"}',
        '{"rule": "rj-information", "from": "1900-01-01"}',
        '{"rule": "rj-information", "from": "9999-12-31"}',
        '{"rule": "rj-information", "from": "2026-11-20", "told": "2026-11-19"}',
        '{"rule": "rj-information", "rule": "first-attempt", "from": "2026-11-20"}',
        "[" * 20_000,
        '{"rule": "rj-information", "from": ' + "9" * 5_000 + "}",
        "[]",
        "null",
        '{"rule": "rj-information\u2028", "from": "2026-11-20"}',
        PLAIN,
    ]

    status, answers = batch(run, "\ufeff" + "\r\n".join(lines) + "\n\n")

    assert status == 1
    assert len(answers) == len(lines)
    assert [place for place, said in enumerate(answers) if "error" not in said] == [0, 13]
    assert "enhanced" in answers[1]["error"]
    assert "enhnaced" in answers[2]["error"]
    assert answers[7]["error"] == "Give each key once."
    assert all(said["error"].count("\n") == 0 for said in answers[1:13])


def test_empty_lines_are_passed_over_and_a_batch_without_faults_ends_with_nought(run: Commands) -> None:
    status, answers = batch(run, f"\n{PLAIN}\n   \n\n{PLAIN}")

    assert (status, len(answers)) == (0, 2)
    assert batch(run, "") == (0, [])


def test_a_batch_that_is_no_text_is_refused_in_one_sentence(run: Commands) -> None:
    file = run.folder / "batch.jsonl"
    file.write_bytes(b"\xff\xfe\x00")

    done = run("explain", "--batch", str(file))

    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1


def test_ten_thousand_lines_take_a_second_or_two(run: Commands) -> None:
    began = perf_counter()
    status, answers = batch(run, "\n".join([PLAIN] * 10_000))
    took = perf_counter() - began

    assert (status, len(answers)) == (0, 10_000)
    assert took < 10


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "rj-information", "--from", "20261120"),
        ("explain", "rj-information", "--from", "2026-02-29"),
        ("explain", "rj-information", "--from", "2026-11-20", "--told", "2026-11-19"),
        ("explain", "rj-information", "--from", "9999-12-31"),
        ("explain", "rj-information"),
        ("explain", "rj-information", "--from", "2026-11-20", "--batch", "x"),
        ("rules", "--on", "yesterday"),
        ("rules", "--on", "2026-11-20", "--editions"),
        ("calendar", "show", "--year", "0"),
        ("forecast", "--months", "0"),
    ],
)
def test_bad_input_is_a_sentence_and_a_status(run: Commands, words: tuple[str, ...]) -> None:
    done = run(*words)

    assert done.exit_code == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_an_act_without_a_day_count_is_explained_in_words(run: Commands) -> None:
    done = run("explain", "conclusion-notice", "--from", "2026-11-20")

    assert done.exit_code == 0
    assert "owed without a number of days" in done.stdout
    assert "None" not in done.stdout


def test_a_day_outside_every_edition_is_said_instead_of_nothing(run: Commands) -> None:
    words = ("rules", "--on", "1900-01-01")

    done, listed = run(*words), run.json(*words)

    assert done.exit_code == 0
    assert "was in force on 1900-01-01" in done.stderr
    assert listed == []


def test_the_editions_are_listed_and_the_draft_is_off(run: Commands) -> None:
    words = ("rules", "--editions")

    listed, shown = run.json(*words), run(*words)

    assert {each["edition"]: each["switched_on"] for each in listed}["new"] is False
    assert "switched off" in shown.stdout
