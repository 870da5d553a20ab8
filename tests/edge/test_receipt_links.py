"""Holds that the receipt of a file that came by command carries the link with which an officer fills the gaps."""

import json
import shutil
from pathlib import Path

from tests.edge.consent_records import consent_record
from tests.edge.test_command_line import ROOT, CommandLine


def test_the_receipt_of_the_command_line_carries_the_link_for_the_gaps(tmp_path: Path) -> None:
    """Where the service knows its own address; none for a record without a gap, and none in a dry run."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / "templates").symlink_to(ROOT / "templates")
    settings = tmp_path / "config" / "service.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("[digest]\n", '[digest]\naddress = "https://victims.example/"\n'), encoding="utf-8"
    )
    run = CommandLine(tmp_path)
    run.environment["VICTIM_CONTACT_HOME"] = str(tmp_path)
    whole = consent_record(submission_id="DRB-1", force="derbyshire")
    gap = consent_record(
        submission_id="DRB-2", force="derbyshire", incident__crime_reference="26000000002/26", needs={}
    )
    file = tmp_path / "records.jsonl"
    file.write_text(f"{json.dumps(whole)}\n{json.dumps(gap)}\n", encoding="utf-8")

    dry = run.json("import", str(file), "--force", "derbyshire", "--dry-run")
    real = run.json("import", str(file), "--force", "derbyshire")

    assert [row["complete_url"] for row in dry["rows"]] == [None, None]
    without, link = (row["complete_url"] for row in real["rows"])
    assert without is None
    assert link.startswith("https://victims.example/complete/")
