"""Holds what is left of a record after a no: nothing that there is no more reason to hold, and a receipt."""

import contextlib
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.backup import back_up, restore
from engine.checking import check_house
from engine.contact_details import give_point
from engine.desk import case_document, open_file, queue_lines
from engine.entries import Actor, Entry
from engine.house import House, open_house
from engine.intake.receive import receive
from engine.paring import receipts
from engine.record import record
from engine.sweep import sweep
from store import people, searching
from tests.conftest import NOW, settings_for
from tests.edge.commands import Commands
from tests.edge.faults.points import Points, watched
from tests.edge.faults.town import FORCE, case, case_key, letters_of, told
from tests.edge.web_visitors import on_one_database, practitioner_on
from workflow.events import Fields

INFORMED = "who_we_are|what_we_offer|voluntary|what_is_shared|no_effect_on_case"
REFUSAL: Fields = {"informed": INFORMED, "safeguarding_checked": True}
EVERYTHING: dict[str, Any] = {
    "notes": "She keeps a spare key next door.",
    "safety__risks": ["threats"],
    "safety__must_not_know": ["Uncle Example"],
    "needs__support": "Speaks softly on the phone.",
    "victim__guardian": {"name": "Robin Example", "relationship": "parent", "phone": "07700 900777"},
}
DUE = NOW + timedelta(days=28)


def _no(number: int, **changes: Any) -> dict[str, Any]:
    said = {"consent__decision": "no", "consent__scope": {}, "consent__refusal_reason": "not_interested"}
    return told(number, **{**EVERYTHING, **said, **changes})


def _refused(house: House, actor: Actor, number: int, **changes: Any) -> str:
    """A victim about whom police sent much, and whose no was confirmed."""
    reference = receive(house, _no(number, **changes), FORCE, "opt_in", NOW).case_reference
    assert reference is not None
    record(house, reference, [Entry("refusal_confirmed", REFUSAL)], actor=actor, now=NOW)
    return reference


def _withdrawn(house: House, actor: Actor, number: int) -> str:
    """A victim we had talked to, and who then wanted nothing more."""
    reference = receive(house, told(number, **EVERYTHING), FORCE, "opt_in", NOW).case_reference
    assert reference is not None
    talk: Fields = {"views": "given", "wants_updates": True, "wants_support": False, "explained": True}
    entries = [
        Entry("triage_completed", {"note": "Rang the officer about the address."}),
        Entry("attempt_made", {"channel": "phone", "outcome": "reached"}),
        Entry("conversation_recorded", {**talk, "note": "He cannot sleep since."}),
        Entry("consent_withdrawn", {"part": "all"}),
    ]
    record(house, reference, entries, actor=actor, now=NOW)
    return reference


def _give(house: House, reference: str, actor: Actor, now: datetime) -> None:
    give_point(house, reference, "phone", {"number": "07700 900123", "kind": "mobile"}, "victim", actor, now)


def _held(house: House, reference: str) -> dict[str, Any]:
    """What is held of the victim of a case, opened."""
    key = case_key(house, reference)
    with house.reading() as connection:
        victim = people.find(connection, house.keyring, key.person_id)
        return {
            "document": dict(victim.document),
            "points": people.contact_points(connection, victim, date(2000, 1, 1)),
            "characteristics": people.characteristics(connection, victim),
            "notes": sorted(people.notes(connection, victim, key.case_id).values()),
            "search_keys": len(searching.of_case(connection, house.service, key.case_id)),
        }


def _faults(house: House, now: datetime) -> list[str]:
    checks = check_house(house, now, rebuild=False, tell=lambda done, total: None)["checks"]
    return [f"{each['what']}: {each['details']}" for each in checks if each["outcome"] == "failed"]


def test_four_weeks_after_a_confirmed_refusal_only_what_recognises_the_victim_is_held(
    house: House, practitioner: Actor
) -> None:
    reference = _refused(house, practitioner, 1)
    before = _held(house, reference)

    sweep(house, DUE - timedelta(days=1))
    untouched = _held(house, reference)
    sweep(house, DUE)
    after = _held(house, reference)

    assert untouched == before
    assert before["points"]
    assert before["notes"]
    assert set(after["document"]) <= {
        *("title", "given_name", "family_name", "known_as", "date_of_birth", "officer", "station", "offences")
    }
    assert after["document"]["given_name"] == before["document"]["given_name"]
    assert (after["points"], after["notes"]) == ([], [])
    assert set(after["characteristics"]) == set(before["characteristics"])
    assert {value for _, value in after["characteristics"].values()} == {None}
    assert {status for status, _ in after["characteristics"].values()} <= {
        "withdrawn",
        "prefer_not_to_say",
        "not_asked",
    }
    assert after["search_keys"] < before["search_keys"]
    assert _faults(house, DUE) == []


def test_the_receipt_says_what_went_what_stays_and_why_and_nothing_about_the_victim(
    house: House, practitioner: Actor, manager: Actor
) -> None:
    reference = _refused(house, practitioner, 1)
    sweep(house, DUE)

    file = open_file(house, reference, manager, DUE)
    (receipt,) = case_document(house, file)["pared_back"]

    assert (receipt["pared_back_on"], receipt["because"]) == (DUE.date().isoformat(), "refusal_confirmed")
    assert {each["what"]: each["number"] for each in receipt["removed"]}.keys() == {
        *("contact_points", "details", "characteristics", "notes", "search_keys")
    }
    assert all(each["number"] > 0 and each["words"] for each in receipt["removed"])
    assert [each["what"] for each in receipt["kept"]] == [
        *("name_and_birthday", "officer_and_offence", "history", "suppression", "characteristics_asked")
    ]
    assert all(each["why"].endswith(".") for each in receipt["kept"])
    written = json.dumps(case_document(house, file))
    assert not [each for each in ("Alex", "Example-1", "ZZ99", "07700", "Robin", "spare key") if each in written]


def test_it_is_done_once_by_whichever_clock_comes_first_and_asks_nobody_for_work(
    house: House, practitioner: Actor
) -> None:
    reference = _refused(house, practitioner, 1)

    for clock in ("one", "two"):
        sweep(house, DUE, clock)
        sweep(house, DUE + timedelta(days=40), clock)

    kinds = [event.kind for event in case(house, reference).history]
    assert kinds.count("record_pared_back") == 1
    assert "reminder_raised" not in kinds[kinds.index("refusal_confirmed") :]
    assert queue_lines(house, None, DUE + timedelta(days=40)) == []


@on_one_database
def test_a_refusal_that_was_a_mistake_is_put_right_with_nothing_lost(house: House, practitioner: Actor) -> None:
    reference = _refused(house, practitioner, 1)
    before = _held(house, reference)

    yes: Fields = {"decision": "yes", "model": "opt_in", "scope": "contact", "given_by": "self"}
    record(house, reference, [Entry("consent_renewed", yes)], actor=practitioner, now=DUE - timedelta(days=1))
    sweep(house, DUE + timedelta(days=60))

    assert _held(house, reference) == before
    assert case(house, reference).is_open


@on_one_database
def test_a_confirmation_that_was_taken_back_removes_nothing(house: House, practitioner: Actor) -> None:
    reference = _refused(house, practitioner, 1)
    before = _held(house, reference)
    mistake = case(house, reference).last("refusal_confirmed")
    assert mistake is not None

    record(house, reference, [Entry("entry_retracted", corrects=mistake.seq)], actor=practitioner, now=NOW)
    sweep(house, DUE + timedelta(days=60))

    assert _held(house, reference) == before


@on_one_database
@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (Entry("complaint_received"), "complaint"),
        (Entry("subject_access_requested"), "subject_access_answered"),
        (Entry("contact_error_recorded", {"how": "no_consent"}), "apology_given"),
    ],
)
def test_while_somebody_waits_for_us_nothing_is_removed(
    house: House, practitioner: Actor, manager: Actor, begins: Entry, ends: str
) -> None:
    reference = _refused(house, practitioner, 1)
    fits = {each.name for each in open_file(house, reference, manager, NOW).possible}
    assert begins.kind in fits
    record(house, reference, [begins], actor=manager, now=NOW + timedelta(days=5))

    sweep(house, DUE + timedelta(days=60))
    waits = _held(house, reference)["points"]
    for entry in _endings(ends):
        record(house, reference, [entry], actor=manager, now=DUE + timedelta(days=61))
    sweep(house, DUE + timedelta(days=130))

    assert waits
    assert _held(house, reference)["points"] == []


def _endings(ends: str) -> Iterator[Entry]:
    if ends == "complaint":
        yield Entry("complaint_acknowledged")
        yield Entry("complaint_closed", {"how": "withdrawn"})
    elif ends == "apology_given":
        yield Entry(ends, {"how": "through_officer"})
    else:
        yield Entry(ends)


@on_one_database
def test_after_work_with_the_victim_their_words_go_and_those_on_the_work_stay(
    house: House, practitioner: Actor
) -> None:
    reference = _withdrawn(house, practitioner, 1)

    sweep(house, DUE)

    held = _held(house, reference)
    assert held["points"] == []
    assert "guardian" not in held["document"]
    assert "Rang the officer about the address." in held["notes"]
    assert "He cannot sleep since." not in held["notes"]
    (receipt,) = receipts(case(house, reference))
    assert receipt["because"] == "consent_withdrawn"
    assert "work_notes" in [each["what"] for each in receipt["kept"]]


@on_one_database
def test_the_texts_of_letters_that_never_left_go(house: House, practitioner: Actor) -> None:
    reference = receive(house, told(1), FORCE, "opt_in", NOW).case_reference or ""
    record(house, reference, [Entry("triage_completed")], actor=practitioner, now=NOW)
    (drafted,) = letters_of(house, reference)
    record(house, reference, [Entry("consent_withdrawn", {"part": "all"})], actor=practitioner, now=NOW)
    with house.writing() as connection:
        connection.execute(text("UPDATE letter SET sealed = :words"), {"words": b"words"})

    sweep(house, DUE)

    (letter,) = letters_of(house, reference)
    assert (letter.letter_id, letter.state, letter.sealed) == (drafted.letter_id, "cancelled", None)


def test_another_no_from_police_is_not_held_again(house: House, practitioner: Actor) -> None:
    reference = _refused(house, practitioner, 1)
    sweep(house, DUE)
    pared = _held(house, reference)

    receipt = receive(house, _no(1, submission_id="AGAIN", reason="update"), FORCE, "opt_in", DUE)

    assert receipt.case_reference == reference
    assert {**_held(house, reference), "characteristics": 0} == {**pared, "characteristics": 0}
    assert {value for _, value in _held(house, reference)["characteristics"].values()} == {None}
    assert len(receipts(case(house, reference))) == 2
    assert not case(house, reference).is_open
    assert _faults(house, DUE) == []


@on_one_database
def test_a_later_yes_from_police_brings_its_own_details_and_opens_the_case(house: House, practitioner: Actor) -> None:
    reference = _refused(house, practitioner, 1)
    sweep(house, DUE)

    yes = told(
        1, submission_id="AGAIN", reason="re_ask", consent__given_on="2026-12-20", submitted_at="2026-12-20T09:00:00Z"
    )
    receive(house, yes, FORCE, "opt_in", DUE)

    assert case(house, reference).is_open
    assert _held(house, reference)["points"]
    assert "ask_details" not in [line["action"] for line in queue_lines(house, None, DUE)]


def test_opened_again_it_says_that_the_details_must_be_asked_for(house: House, practitioner: Actor) -> None:
    reference = _refused(house, practitioner, 1)
    sweep(house, DUE)

    later = DUE + timedelta(days=30)
    back: Fields = {"scope": "contact|restorative_information"}
    record(house, reference, [Entry("victim_returned", back)], actor=practitioner, now=later)
    (asked,) = queue_lines(house, None, later)
    _give(house, reference, practitioner, later)
    (line,) = queue_lines(house, None, later)

    assert asked["action"] == "ask_details"
    assert "ask for the contact details again" in asked["reason"]
    assert line["action"] != "ask_details"
    assert {each.state for each in letters_of(house, reference)} <= {"held"}
    assert _faults(house, later) == []


@on_one_database
def test_a_copy_from_before_is_pared_back_again_by_the_first_round(
    house: House, practitioner: Actor, tmp_path: Path
) -> None:
    reference = _refused(house, practitioner, 1)
    back_up(house, tmp_path / "copy", NOW, lambda done, total: None)
    sweep(house, DUE)

    settings = settings_for(f"sqlite:///{tmp_path / 'again.db'}", tmp_path)
    restore(settings, tmp_path / "copy", DUE, lambda done, total: None)
    again = open_house(settings)
    there = _held(again, reference)["points"]
    sweep(again, DUE)

    assert there
    assert _held(again, reference)["points"] == []
    assert len(receipts(case(again, reference))) == 1
    again.database.dispose()


@on_one_database
def test_the_receipt_is_printed_and_a_case_without_one_says_so(
    house: House, practitioner: Actor, tmp_path: Path
) -> None:
    reference = _refused(house, practitioner, 1)
    commands = Commands(tmp_path, now=DUE.isoformat())

    early = commands("receipt", reference)
    sweep(house, DUE)
    said = commands("receipt", reference)

    assert early.exit_code == 3
    assert "not pared back" in early.stderr
    assert "Kept:" in said.stdout
    assert "suppression entry" in said.stdout
    assert commands.json("receipt", reference)[0]["pared_back_on"] == DUE.date().isoformat()


class _Broken(Exception):
    """The clock breaks here."""


def _breaks(name: str) -> None:
    raise _Broken(name)


@on_one_database
@pytest.mark.parametrize("stride", [6, pytest.param(1, marks=pytest.mark.slow)])
def test_a_clock_that_breaks_anywhere_leaves_the_record_whole_or_pared_with_its_receipt(
    house: House, practitioner: Actor, stride: int
) -> None:
    sweep(house, DUE)
    points = Points(None, _breaks)
    _refused(house, practitioner, 1)
    with watched(house, points):
        sweep(house, DUE)
    untouched = 0

    for number, at in enumerate(range(1, len(points.names) + 1, stride), start=2):
        reference = _refused(house, practitioner, number)
        before = _held(house, reference)
        with contextlib.suppress(_Broken), watched(house, Points(at, _breaks)):
            sweep(house, DUE)
        after, pared = _held(house, reference), receipts(case(house, reference))
        untouched += after == before
        assert (after == before, len(pared)) in ((True, 0), (False, 1)), points.names[at - 1]
        assert bool(after["points"]) is not bool(pared), points.names[at - 1]
        sweep(house, DUE + timedelta(minutes=15))
        assert len(receipts(case(house, reference))) == 1
    assert untouched > 2
    assert _faults(house, DUE) == []


@on_one_database
def test_no_page_breaks_on_a_record_that_was_pared_back(house: House, practitioner: Actor) -> None:
    reference = receive(house, told(1, **EVERYTHING), FORCE, "opt_in", NOW).case_reference or ""
    record(house, reference, [Entry("triage_completed")], actor=practitioner, now=NOW)
    record(house, reference, [Entry("consent_withdrawn", {"part": "all"})], actor=practitioner, now=NOW)
    sweep(house, DUE)
    (letter,) = letters_of(house, reference)
    visitor = practitioner_on(house)

    page = visitor.get(f"/cases/{reference}")
    others = [
        visitor.get(path).status_code
        for path in (
            f"/letters/{letter.letter_id}",
            f"/cases/{reference}/details",
            f"/cases/{reference}/record",
            f"/cases/{reference}/record/victim_returned",
            f"/cases/{reference}/letters/new",
        )
    ]

    assert page.status_code == 200
    assert "What was removed from this record" in page.text
    assert "The suppression entry" in page.text
    assert "07700" not in page.text
    assert set(others) == {200}
