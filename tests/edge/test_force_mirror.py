"""Proves what a force sees of its own records, and that a query is asked since one day whatever else is recorded."""

from typing import Any

from engine.entries import Actor, Entry
from engine.force_mirror import mirror_of
from engine.house import House
from engine.intake.answers import take_answer
from engine.intake.asking import queries_of
from engine.intake.receive import receive
from engine.record import record
from tests.conftest import NOW
from tests.edge.consent_records import ABSENT, consent_record
from tests.edge.web_visitors import Visitor
from workflow.london import london_day

TODAY = london_day(NOW)


def _send(house: House, number: int, force: str = "derbyshire", **changes: Any) -> str:
    raw = consent_record(
        **{"force": force, "submission_id": f"M-{number}", "incident__crime_reference": f"27{number}/26", **changes}
    )
    return str(receive(house, raw, force, "opt_in", NOW).case_reference)


def _rows(found: dict[str, Any], name: str) -> dict[str, tuple[int | None, int | None]]:
    table = next(each for each in found["tables"] if each["name"] == name)
    return {row["name"]: (row["numerator"], row["denominator"]) for row in table["rows"]}


def test_what_was_not_sent_was_not_asked_and_another_force_is_not_counted(house: House) -> None:
    for number in range(8):
        _send(house, number)
    for number in range(8, 14):
        _send(house, number, characteristics=ABSENT, station="Other Road")
    for number in range(14, 20):
        _send(house, number, "nottinghamshire")

    found = mirror_of(house, "derbyshire", TODAY, TODAY)

    assert found["records"] == 14
    assert _rows(found, "characteristics")["race"] == (8, 14)
    assert _rows(found, "station") == {"Example Road": (8, 8), "Other Road": (0, 6)}


def test_a_no_that_became_a_yes_after_the_victim_was_asked_again_is_counted(house: House) -> None:
    said_no = [_send(house, n, consent__decision="no", consent__refusal_reason="too_upset") for n in range(10)]
    for number in range(10, 20):
        _send(house, number)
    answer = {
        "decision": "yes", "given_by": "self", "given_on": "2026-11-20", "method": "phone", "scope": {"contact": True}
    }  # fmt: skip

    for reference in said_no[:5]:
        taken = take_answer(
            house, "derbyshire", f"{reference}.refusal", {"answer": "filled", "record": {"consent": answer}}, NOW
        )
        assert not isinstance(taken, tuple), taken
    found = _rows(mirror_of(house, "derbyshire", TODAY, TODAY), "answers")

    assert found["said no at first"] == (10, 20)
    assert found["a no that became a yes"] == (5, 10)


def test_a_force_sees_its_own_mirror_and_a_manager_every_one(house: House) -> None:
    _send(house, 1)
    officer, manager = Visitor(house), Visitor(house)
    officer.sign_in("sergeant")
    manager.sign_in("morgan")

    own = officer.get("/police/mirror?force=nottinghamshire")
    every = manager.get("/mirror?force=nottinghamshire")

    assert "Derbyshire" in own.text
    assert "Nottinghamshire" not in own.text
    assert "Nottinghamshire" in every.text
    assert officer.get("/mirror").status_code == 403
    assert manager.get("/mirror?force=nowhere").status_code == 404


def test_a_query_is_asked_since_the_same_day_whatever_is_noted_on_the_case(house: House, practitioner: Actor) -> None:
    """A note is no new question: the ladder of the chase counts from this day."""
    from datetime import timedelta

    reference = _send(house, 1, consent__decision="no", consent__scope=ABSENT)
    before = [query["asked_on"] for query in queries_of(house, "derbyshire")["queries"]]

    record(
        house, reference, [Entry("note_written", {"note": "Rang."})], actor=practitioner, now=NOW + timedelta(days=3)
    )
    after = [query["asked_on"] for query in queries_of(house, "derbyshire")["queries"]]

    assert before == after == [TODAY.isoformat()] * len(before)
