"""Holds the pages for what intake leaves to people: what nobody could read, and cases that look alike."""

from pathlib import Path
from typing import Any

from engine.checking import check_house
from engine.house import House
from engine.intake.importing import import_records
from engine.intake.receive import receive
from tests.conftest import NOW
from tests.edge.consent_records import consent_record, withdrawal_record
from tests.edge.web_visitors import Visitor, practitioner_on


def _details(house: House, what: str) -> str:
    checks = check_house(house, NOW, rebuild=False, tell=lambda done, total: None)["checks"]
    return str(next(check["details"] for check in checks if check["what"] == what))


def _pair(house: House) -> list[str]:
    """Two cases of the same name, birthday and telephone in two crimes."""
    records = [
        consent_record(submission_id=f"A-{n}", force="derbyshire", incident__crime_reference=f"2600000000{n}/26")
        for n in (1, 2)
    ]
    return [str(receive(house, each, "derbyshire", "opt_in", NOW).case_reference) for each in records]


def _send(visitor: Visitor, path: str, **form: Any) -> int:
    visitor.get(path)
    return int(visitor.send(path, {"form_token": visitor.token(), **form}).status_code)


def test_what_nobody_could_read_waits_on_a_page_until_somebody_settles_it(house: House, tmp_path: Path) -> None:
    """Named by check, shown with the force, settled and taken back; a page that is left open does no harm."""
    file = tmp_path / "withdrawn.jsonl"
    file.write_bytes(b'{"reason": "withdrawal", "force": "derby\n')
    import_records(house, file, "derbyshire", NOW)
    record = withdrawal_record(force="derbyshire", consent__withdrawal={"on": "yesterday", "part": "all"})
    receive(house, record, "derbyshire", "opt_in", NOW)
    visitor = practitioner_on(house)
    tasks = visitor.get("/unread").text

    task = tasks.split('name="task" value="')[1].split('"')[0]
    settled = [_send(visitor, "/unread", task=task, deed="settle") for _ in range(2)]
    after = _details(house, "unread")
    undone = _send(visitor, "/unread", task=task, deed="undo")
    odd = _send(visitor, "/unread", task=task, deed="burn")

    assert tasks.count('value="settle"') == 2
    assert "TST-2026-000001-W" in tasks
    assert (settled, undone, odd) == ([303, 404], 303, 422)
    assert after.startswith("1 could not be read")
    assert _details(house, "unread").startswith("2 could not be read")


def test_cases_that_look_alike_wait_on_a_page_until_somebody_says_what_they_are(house: House) -> None:
    """With their reasons; said one way, then the other; without scripts; and the cases stay."""
    one, other = _pair(house)
    visitor = practitioner_on(house)
    page = visitor.get("/alike").text
    before = _details(house, "alike")

    same = _send(visitor, "/alike", case=one, other=other, outcome="same")
    between = visitor.get("/alike").text
    different = _send(visitor, "/alike", case=one, other=other, outcome="different")
    odd = _send(visitor, "/alike", case=one, other=other, outcome="merged")
    nobody = _send(visitor, "/alike", case=one, other="VC-0000-0000", outcome="same")

    assert one in page
    assert other in page
    assert "the dates of birth agree" in page
    assert ": 1, see" in before
    assert _details(house, "alike").startswith("no two cases")
    assert (same, different, odd, nobody) == (303, 303, 422, 404)
    assert "Not the same after all" in between
    assert "The same after all" in visitor.get("/alike").text
