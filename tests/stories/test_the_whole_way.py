"""One victim, the whole way: a police file, a case, a clock, a task, a letter, a conversation, a line in the audit."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.checking import check_house
from engine.desk import case_document, open_file, queue_lines
from engine.entries import Actor, Entry
from engine.house import House
from engine.intake.importing import import_records
from engine.post import approve, list_letters, preview
from engine.record import record
from engine.reports import compliance
from engine.sweep import sweep
from tests.edge.consent_records import consent_record
from tests.edge.web_visitors import at
from workflow.machine import NotAllowed
from workflow.vocabulary import State

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def _import(house: House, folder: Path, *records: dict[str, Any]) -> dict[str, Any]:
    file = folder / "records.jsonl"
    file.write_text("\n".join(json.dumps(each) for each in records), encoding="utf-8")
    return import_records(house, file, "derbyshire", MONDAY)


def _line(house: House, reference: str, now: datetime) -> dict[str, Any]:
    return next(line for line in queue_lines(house, None, now) if line["case"] == reference)


def test_one_victim_walks_the_whole_way(house: House, practitioner: Actor, manager: Actor, tmp_path: Path) -> None:
    # given: police send one consent record, reported on Friday, and the practitioner opens her queue on Monday
    receipt = _import(house, tmp_path, _friday())
    reference = receipt["rows"][0]["case_reference"]
    assert receipt["received"] == receipt["accepted"] + receipt["accepted_with_gaps"] == 1
    assert _line(house, reference, MONDAY)["action"] == "triage"

    # happens: she takes the case, triages it, asks what police did not, and a letter waits for her yes
    _record(house, reference, practitioner, MONDAY, Entry("case_assigned", {"to": "rosa"}))
    _record(house, reference, practitioner, MONDAY, Entry("triage_completed"))
    _record(house, reference, practitioner, MONDAY, Entry("characteristics_recorded", {"asked_by": "practitioner"}))
    letter = list_letters(house, "drafted")[0]
    assert (letter.reference, letter.kind) == (reference, "L01")
    assert "Rosa Example" in preview(house, letter.letter_id, MONDAY).html

    # happens: she approves it, the clock releases it once, and going round again releases nothing more
    approve(house, letter.letter_id, practitioner, MONDAY + timedelta(minutes=5))
    assert len(sweep(house, MONDAY + timedelta(minutes=6)).post.sent) == 1
    assert sweep(house, MONDAY + timedelta(minutes=7)).post.sent == ()
    printed = list((house.settings.out / "letters").glob("*.pdf"))
    assert [file.stem for file in printed] == [letter.letter_id]
    assert printed[0].read_bytes().startswith(b"%PDF")
    assert preview(house, letter.letter_id, MONDAY).is_final

    # happens: a call, a conversation, restorative justice offered and answered
    tuesday = MONDAY + timedelta(days=1)
    _record(house, reference, practitioner, tuesday, Entry("attempt_made", {"channel": "phone", "outcome": "reached"}))
    _record(house, reference, practitioner, tuesday, _conversation())
    _record(house, reference, practitioner, tuesday, Entry("restorative_offered", {"invited": True}))
    answer = Entry("restorative_answered", {"answer": "yes", "kind": "letter_of_apology"})
    _record(house, reference, practitioner, tuesday, answer)

    # must hold: the case is in preparation, the duty is met by the letter, the audit and the check say so
    file = open_file(house, reference, manager, tuesday)
    document = case_document(house, file)
    duty = next(each for each in document["duties"] if each["rule"] == "rj-information")
    assert document["state"] == State.RESTORATIVE_PREPARATION
    assert (duty["verdict"], duty["met_on"]) == ("met", "2026-11-23")
    assert [each["counted"] for each in duty["working"]].count(True) == 5
    found = compliance(at(house, tuesday), date(2026, 11, 1), date(2026, 11, 30), tuesday, with_cases=True)
    row = next(each for each in found["rules"] if each["rule"] == "rj-information")
    assert (row["met"], row["numerator"], row["denominator"]) == (1, 1, 1)
    assert row["cases"] == {"met": [reference]}
    assert check_house(house, tuesday, rebuild=False, tell=lambda done, total: None)["ok"]


def test_the_same_file_twice_changes_nothing_and_says_so(house: House, manager: Actor, tmp_path: Path) -> None:
    first = _import(house, tmp_path, _friday())
    before = open_file(house, first["rows"][0]["case_reference"], manager, MONDAY).case

    second = _import(house, tmp_path, _friday())

    assert (second["duplicate"], second["accepted"], second["accepted_with_gaps"]) == (1, 0, 0)
    assert second["rows"][0]["case_reference"] == first["rows"][0]["case_reference"]
    assert open_file(house, before.reference, manager, MONDAY).case.version == before.version


def test_a_withdrawal_in_the_same_file_stops_everything_to_this_victim(
    house: House, manager: Actor, tmp_path: Path
) -> None:
    gone = {**_friday(), "submission_id": "DRB-1-W", "reason": "withdrawal", "submitted_at": "2026-11-23T08:00:00Z"}
    gone["consent"] = {**gone["consent"], "withdrawal": {"on": "2026-11-22", "part": "all", "told_to": "officer"}}

    receipt = _import(house, tmp_path, gone, _friday())

    reference = receipt["rows"][1]["case_reference"]
    assert receipt["rows"][0]["case_reference"] == reference
    file = open_file(house, reference, manager, MONDAY)
    assert (file.case.state, file.case.states["consent"]) == (State.CLOSED, "withdrawn")
    assert file.letters == ()
    contact = {"make_first_contact", "try_again", "approve_letter", "triage"}
    assert not contact & {line["action"] for line in queue_lines(house, None, MONDAY) if line["case"] == reference}


def test_a_withdrawal_that_comes_before_its_record_still_stops_it(house: House, manager: Actor, tmp_path: Path) -> None:
    gone = {**_friday(), "submission_id": "DRB-1-W", "reason": "withdrawal"}
    gone["consent"] = {**gone["consent"], "withdrawal": {"on": "2026-11-20", "part": "all"}}

    first = _import(house, tmp_path, gone)
    second = _import(house, tmp_path, _friday())

    assert first["rows"][0]["case_reference"] is None
    file = open_file(house, second["rows"][0]["case_reference"], manager, MONDAY)
    assert file.case.state is State.CLOSED


def test_no_letter_is_ever_drafted_for_somebody_who_refused(house: House, practitioner: Actor, tmp_path: Path) -> None:
    record_of_a_no = _friday()
    record_of_a_no["consent"] = {
        **{k: v for k, v in record_of_a_no["consent"].items() if k != "scope"},
        "decision": "no",
        "refusal_reason": "too_upset",
    }

    receipt = _import(house, tmp_path, record_of_a_no)

    reference = receipt["rows"][0]["case_reference"]
    assert _line(house, reference, MONDAY)["action"] == "follow_up_officer"
    assert list_letters(house) == []
    with pytest.raises(NotAllowed):
        _record(house, reference, practitioner, MONDAY, Entry("triage_completed"))


def _record(house: House, reference: str, actor: Actor, now: datetime, *entries: Entry) -> None:
    record(house, reference, entries, actor=actor, now=now)


def _conversation() -> Entry:
    return Entry(
        "conversation_recorded",
        {"views": "given", "wants_updates": True, "wants_support": False, "explained": True, "note": "Sleeps badly."},
    )


def _friday() -> dict[str, Any]:
    record_of_friday = consent_record(submission_id="DRB-1", force="derbyshire", submitted_at="2026-11-20T10:00:00Z")
    record_of_friday["incident"] = {
        **record_of_friday["incident"],
        "reported_on": "2026-11-20",
        "occurred_on": "2026-11-19",
    }
    record_of_friday["consent"] = {**record_of_friday["consent"], "given_on": "2026-11-20"}
    return record_of_friday
