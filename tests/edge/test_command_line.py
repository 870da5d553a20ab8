"""The command line: what it prints, its exit statuses, and that a refusal is one sentence without a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.edge.consent_records import consent_record

ROOT = Path(__file__).resolve().parents[2]
MONDAY = "2026-11-23T09:30:00+00:00"


class CommandLine:
    """The real command in a process of its own, on a database in a folder of the test."""

    def __init__(self, folder: Path, now: str = MONDAY) -> None:
        self.folder = folder
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("VICTIM_CONTACT_")},
            "VICTIM_CONTACT_DATABASE": f"sqlite:///{folder / 'test.db'}",
            "VICTIM_CONTACT_OUT": str(folder / "out"),
            "VICTIM_CONTACT_KEY_FILE": str(folder / "key"),
            "VICTIM_CONTACT_NOW": now,
        }

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "engine", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def json(self, *words: str, status: int = 0) -> Any:
        done = self(*words, "--json")
        assert done.returncode == status, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def imported(run: CommandLine) -> tuple[CommandLine, str]:
    """A command line whose service has one case, and the reference of it."""
    file = run.folder / "records.jsonl"
    file.write_text(json.dumps(consent_record(submission_id="DRB-1", force="derbyshire")), encoding="utf-8")
    receipt = run.json("import", str(file), "--force", "derbyshire")
    return run, receipt["rows"][0]["case_reference"]


def test_the_way_from_file_to_audit_by_commands_alone(imported: tuple[CommandLine, str]) -> None:
    run, reference = imported

    assert run.json("queue")[0]["action"] == "triage"
    run.json("record", reference, "triage_completed")
    letter = run.json("letters", "--state", "drafted")[0]["letter"]
    assert run("letter", "approve", letter).returncode == 0
    assert run.json("tick")["letters_sent"] == 1

    case = run.json("case", reference)
    assert case["state"] == "contact_due"
    assert "letter_sent" in [event["kind"] for event in case["history"]]
    audit = run.json("audit", "--from", "2026-11-01", "--to", "2026-11-30")
    row = next(row for row in audit["rules"] if row["rule"] == "rj-information")
    assert (row["numerator"], row["denominator"]) == (1, 1)
    assert run.json("check")["ok"] is True


def test_an_event_the_tables_do_not_allow_is_refused_in_one_sentence(imported: tuple[CommandLine, str]) -> None:
    run, reference = imported
    before = run.json("case", reference)["version"]

    done = run("record", reference, "restorative_event_held", "--field", "kind=shuttle", "--field", "agreement=yes")

    assert done.returncode == 3
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert run.json("case", reference)["version"] == before


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("record", "VC-NONE-NONE", "note_written"), 3),
        (("case", "VC-NONE-NONE"), 3),
        (("record", "{reference}", "no_such_event"), 2),
        (("record", "{reference}", "attempt_made", "--field", "channel=pigeon", "--field", "outcome=reached"), 2),
        (("record", "{reference}", "attempt_made", "--field", "channel"), 2),
        (("record", "{reference}", "officer_contacted", "--field", "outcome=asked", "--at", "2027-01-01"), 3),
        (("record", "{reference}", "officer_contacted", "--field", "outcome=asked", "--at", "yesterday"), 2),
        (("record", "{reference}", "note_written", "--as", "nobody"), 3),
        (("import", "nowhere.jsonl", "--force", "derbyshire"), 2),
        (("import", "nowhere.jsonl", "--force", "atlantis"), 3),
        (("audit", "--from", "2026-11-30", "--to", "2026-11-01"), 2),
        (("explain", "no-such-rule", "--from", "2026-11-01"), 2),
        (("explain", "rj-information", "--from", "soon"), 2),
        (("letters", "--state", "lost"), 2),
        (("letter", "approve", "L-NONE"), 3),
        (("queue", "--limit", "0"), 2),
    ],
)
def test_wrong_input_is_one_sentence_and_a_status_and_never_a_traceback(
    imported: tuple[CommandLine, str], words: tuple[str, ...], status: int
) -> None:
    run, reference = imported

    done = run(*(word.replace("{reference}", reference) for word in words))

    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_a_file_of_bad_and_good_rows_takes_the_good_ones_and_says_which_are_bad(run: CommandLine) -> None:
    good = consent_record(submission_id="DRB-1", force="derbyshire")
    bad = consent_record(submission_id="DRB-2", force="derbyshire", consent__decision="maybe-canary")
    file = run.folder / "records.jsonl"
    file.write_text("\n".join([json.dumps(good), "{broken", json.dumps(bad)]), encoding="utf-8")

    receipt = run.json("import", str(file), "--force", "derbyshire", status=1)

    assert [row["status"] for row in receipt["rows"]][1:] == ["rejected", "rejected"]
    assert receipt["accepted"] + receipt["accepted_with_gaps"] == 1
    assert receipt["received"] == 3
    assert all(row["errors"][0]["remedy"] for row in receipt["rows"][1:])
    assert "maybe-canary" not in json.dumps(receipt)


def test_a_dry_run_says_the_same_and_keeps_nothing(run: CommandLine) -> None:
    file = run.folder / "records.jsonl"
    file.write_text(json.dumps(consent_record(submission_id="DRB-1", force="derbyshire")), encoding="utf-8")

    told = run.json("import", str(file), "--force", "derbyshire", "--dry-run")

    assert told["received"] == 1
    assert told["dry_run"] is True
    assert run.json("queue") == []
    assert run.json("import", str(file), "--force", "derbyshire")["duplicate"] == 0


def test_an_unknown_setting_stops_the_start_with_its_name(run: CommandLine) -> None:
    run.environment["VICTIM_CONTACT_DATABSE"] = "x"

    done = run("queue")

    assert done.returncode == 2
    assert "VICTIM_CONTACT_DATABSE" in done.stderr


def test_every_december_day_between_is_counted_or_says_why_not(run: CommandLine) -> None:
    plain = run.json("explain", "rj-information", "--from", "2026-12-22")
    enhanced = run.json("explain", "rj-information", "--from", "2026-12-22", "--enhanced")

    working = {each["day"]: each for each in plain["working"]}
    assert working["2026-12-23"]["counted"] is True
    assert "Christmas Day" in working["2026-12-25"]["why"]
    assert working["2026-12-26"]["why"] == "Saturday"
    assert "substitute" in working["2026-12-28"]["why"]
    assert plain["due_on"] == "2026-12-31"
    assert [each["day"] for each in enhanced["working"]] == ["2026-12-23"]
    assert (enhanced["due_on"], enhanced["enhanced_due_on"]) == ("2026-12-23", "2026-12-23")


def test_the_first_of_january_is_skipped_with_its_reason(run: CommandLine) -> None:
    explained = run.json("explain", "rj-information", "--from", "2026-12-24", "--told", "2026-12-29")

    working = {each["day"]: each for each in explained["working"]}
    assert "New Year" in working["2027-01-01"]["why"]
    assert explained["due_on"] == "2027-01-05"
    assert explained["service_due_on"] == "2027-01-06"


def test_a_batch_answers_line_for_line_and_keeps_its_errors_in_place(run: CommandLine) -> None:
    asked = [
        {"rule": "rj-information", "from": "2026-12-22", "told": "2026-12-24", "today": "2026-12-24"},
        {"rule": "no-such-rule", "from": "2026-12-22"},
        {"rule": "subject-access", "from": "2026-01-31"},
        {"rule": "rj-information"},
    ]
    file = run.folder / "batch.jsonl"
    file.write_text("\n".join(json.dumps(each) for each in asked), encoding="utf-8")

    done = run("explain", "--batch", str(file), "--json")

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert answers[0]["service_due_on"] == "2027-01-05"
    assert answers[2]["due_on"] == "2026-03-02"
    assert ["error" in answer for answer in answers] == [False, True, False, True]


def test_help_is_quick_enough_to_be_asked_for(run: CommandLine) -> None:
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "engine", "--help"],
        cwd=ROOT,
        env=run.environment,
        capture_output=True,
        text=True,
        check=True,
    ).stderr

    assert not {"sqlalchemy", "pydantic", "fastapi", "weasyprint", "alembic"} & {
        line.rpartition("|")[2].strip() for line in loaded.splitlines()
    }
