"""Proves that whatever the order in which police records come, nobody who withdrew is written to."""

import contextlib
import json
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

from engine.entries import Entry
from engine.house import House
from engine.intake.importing import import_records
from engine.intake.receive import receive
from engine.post import approve, release
from engine.record import record
from store import cases
from tests.conftest import NOW
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import FORCE, ROSA, case, crime_reference, letters_of, printed, take_in, told
from workflow.consent import agreed
from workflow.machine import NotAllowed

pytest_plugins = ["tests.edge.faults.fixtures"]


def _messages(number: int) -> dict[str, dict[str, Any]]:
    """What police say of one victim, each with the day on which it was said; they withdrew last."""

    def message(name: str, reason: str, **changes: Any) -> dict[str, Any]:
        sent = {"submission_id": f"TST-{number}-{name}", "submitted_at": "2026-11-13T09:30:00Z"}
        return told(number, reason=reason, **sent, **changes)

    return {
        "yes on the 9th": message("A", "new", consent__given_on="2026-11-09"),
        "needs on the 10th": message("B", "update", consent__given_on="2026-11-09", needs__language="en"),
        "yes again on the 11th": message("C", "re_ask", consent__given_on="2026-11-11"),
        "withdrawn on the 12th": message("D", "withdrawal", consent__withdrawal={"on": "2026-11-12", "part": "all"}),
    }


def test_a_withdrawal_is_never_overtaken_by_an_older_yes_in_whatever_order_they_come(town: House) -> None:
    for number, order in enumerate(permutations(_messages(0))):
        for minutes, name in enumerate(order):
            with contextlib.suppress(NotAllowed):
                receive(town, _messages(number)[name], FORCE, "opt_in", NOW + timedelta(minutes=minutes))
        with town.reading() as connection:
            found = cases.of_incident(connection, town.service, FORCE, crime_reference(number))

        assert found, order
        for key in found:
            kept = case(town, key.reference)
            assert agreed(kept) == frozenset(), order
            assert kept.states["consent"] == "withdrawn", order
            _nobody_can_write(town, key.reference)
    assert printed(town) == set()
    assert faults(town, NOW) == []


def test_whatever_order_they_come_in_each_record_gets_a_receipt(town: House) -> None:
    for number, order in enumerate(permutations(_messages(0))):
        for minutes, name in enumerate(order):
            answer = receive(town, _messages(number)[name], FORCE, "opt_in", NOW + timedelta(minutes=minutes))
            assert answer.receipt_id, order


def test_a_record_that_a_case_refuses_leaves_the_rest_of_its_file_alone(town: House, tmp_path: Path) -> None:
    record(town, take_in(town, 0, NOW), [Entry("consent_withdrawn", {"part": "all"})], actor=ROSA, now=NOW)
    file = tmp_path / "records.jsonl"
    late = told(0, reason="update", submission_id="TST-LATE")
    file.write_text("".join(json.dumps(each) + "\n" for each in (told(1), late, told(2))))

    receipt = import_records(town, file, FORCE, NOW + timedelta(days=1))

    assert [row["status"] for row in receipt["rows"]][::2] == ["accepted", "accepted"]


def _nobody_can_write(town: House, reference: str) -> None:
    """Try all the way to a letter; something must stop it."""
    later = NOW + timedelta(hours=1)
    for entry in (Entry("triage_completed"), Entry("characteristics_recorded", {"asked_by": "practitioner"})):
        try:
            record(town, reference, [entry], actor=ROSA, now=later)
        except NotAllowed:
            continue
    for letter in letters_of(town, reference):
        try:
            approve(town, letter.letter_id, ROSA, later)
        except NotAllowed:
            continue
    assert release(town, later, "clock").sent == ()
