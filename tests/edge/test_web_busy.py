"""Holds the pages while the database is kept by another writer: a sentence, never a traceback, and nothing is lost."""

import pytest
from sqlalchemy import event, text

from engine.house import House
from tests.edge.web_visitors import new_case, on_one_database, practitioner_on


@on_one_database
def test_a_database_that_another_writer_keeps_gives_a_page_that_says_so(house: House) -> None:
    """Reading a case writes to the log of reads, so it waits and is refused; what was typed can be sent once more."""
    case, visitor = new_case(house), practitioner_on(house)
    path = f"/cases/{case}/record/note_written"
    form = {**visitor.hidden(path, path), "note": "Still here."}
    _wait_only(house, 50)

    with house.writing() as other:
        other.execute(text("UPDATE service SET name = name"))
        reading, writing = visitor.get(f"/cases/{case}"), visitor.send(path, form)
    later = visitor.send(path, form)

    for answer in (reading, writing):
        assert answer.status_code == 503
        assert "The service is busy" in answer.text
        assert "Nothing was changed. Try again in a moment." in answer.text
        assert answer.headers["retry-after"] == "5"
    assert later.headers["location"] == f"/cases/{case}?recorded=note_written"


@pytest.mark.slow
def test_after_ten_seconds_it_is_given_up_on_both_databases(house: House) -> None:
    """The real patience, with the case itself held by somebody else."""
    case, visitor = new_case(house), practitioner_on(house)
    path = f"/cases/{case}/record/note_written"
    form = {**visitor.hidden(path, path), "note": "Still here."}

    with house.writing() as other:
        other.execute(text("UPDATE victim_case SET version = version"))
        answer = visitor.send(path, form)

    assert answer.status_code == 503
    assert visitor.send(path, form).status_code == 303


def _wait_only(house: House, milliseconds: int) -> None:
    """Let every new connection give up sooner than it does in service."""
    house.database.dispose()
    event.listen(
        house.database, "connect", lambda raw, _: raw.execute(f"PRAGMA busy_timeout={milliseconds}"), insert=False
    )
