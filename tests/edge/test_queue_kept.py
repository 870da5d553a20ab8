"""Proves that no open case can be without its one action, owner and day: the database refuses, the check names."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.checking import check_house
from engine.entries import Entry
from engine.house import House
from engine.record import record
from engine.sweep import sweep
from engine.worklist import queue_page
from store import accounts
from store.database import is_sqlite
from tests.conftest import NOW
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import ROSA, case, case_key, kinds, ready, together
from workflow.views import View

pytest_plugins = ["tests.edge.faults.fixtures"]

HOLD = [Entry("hold_placed", {"reason": "police", "until": "2026-12-01"})]
"""Until a Tuesday, eight days from the morning on which the tests begin."""

BROKEN = {
    "its action is taken away": "DELETE FROM action WHERE case_id = :case",
    "its action goes to another case": "UPDATE action SET case_id = 4711 WHERE case_id = :case",
    "it is open and points to no action": "UPDATE case_summary SET open_case_id = NULL WHERE case_id = :case",
    "it is closed and points to one": "UPDATE case_summary SET is_open = false WHERE case_id = :case",
    "its owner is nobody we know": "UPDATE action SET owner = 'ghost', person = 'ghost' WHERE case_id = :case",
    "its owner is not the person it names": "UPDATE action SET owner = 'rosa' WHERE case_id = :case",
    "its owner is empty": "UPDATE action SET owner = '' WHERE case_id = :case",
    "it has no day": "UPDATE action SET due_on = NULL WHERE case_id = :case",
    "it says nothing": "UPDATE action SET name = '' WHERE case_id = :case",
}


@pytest.mark.parametrize("statement", BROKEN.values(), ids=BROKEN)
def test_a_transaction_that_leaves_an_open_case_without_action_owner_or_day_is_refused(
    town: House, statement: str
) -> None:
    reference = ready(town, 1, NOW)

    with pytest.raises(DBAPIError), town.writing() as connection:
        connection.execute(text(statement), {"case": case_key(town, reference).case_id})

    assert faults(town, NOW) == []


def test_a_case_that_is_opened_without_an_action_is_refused_when_the_transaction_ends(town: House) -> None:
    reference = ready(town, 1, NOW)
    number = {"case": case_key(town, reference).case_id}
    action = "DELETE FROM action WHERE case_id = :case"
    closed = "UPDATE case_summary SET is_open = false, open_case_id = NULL WHERE case_id = :case"
    with town.writing() as connection:
        connection.execute(text(closed), number)
        connection.execute(text(action), number)

    opened = "UPDATE case_summary SET is_open = true, open_case_id = case_id WHERE case_id = :case"

    with pytest.raises(DBAPIError), town.writing() as connection:
        connection.execute(text(opened), number)

    checked = check_house(town, NOW, rebuild=False, tell=lambda done, total: None)
    assert not checked["ok"]
    assert reference in _details(checked, "projections")
    assert f"{reference} has none" in _details(checked, "next actions")
    rebuilt = check_house(town, NOW, rebuild=True, tell=lambda done, total: None)
    assert [_outcome(rebuilt, what) for what in ("projections", "next actions")] == ["ok", "ok"]


def _details(checked: dict[str, list[dict[str, str]]], what: str) -> str:
    return next(line["details"] for line in checked["checks"] if line["what"] == what)


def _outcome(checked: dict[str, list[dict[str, str]]], what: str) -> str:
    return next(line["outcome"] for line in checked["checks"] if line["what"] == what)


def _checked(town: House, days: int = 0) -> dict[str, list[dict[str, str]]]:
    return check_house(town, NOW + timedelta(days=days), rebuild=False, tell=lambda done, total: None)


def _views(town: House, days: int) -> dict[View, list[str]]:
    now = NOW + timedelta(days=days)
    return {view: [line["case"] for line in queue_page(town, view, now).lines] for view in (View.TEAM, View.HOLD)}


def test_a_hold_rests_until_its_day_and_then_is_the_first_of_its_tier_with_an_event_that_says_so(town: House) -> None:
    held, others = ready(town, 1, NOW), [ready(town, number, NOW - timedelta(days=9)) for number in (2, 3)]
    record(town, held, HOLD, actor=ROSA, now=NOW)

    before, on_the_day = _views(town, 7), _views(town, 8)
    swept = sweep(town, NOW + timedelta(days=8))
    after = queue_page(town, View.TEAM, NOW + timedelta(days=8)).lines

    assert (held in before[View.TEAM], before[View.HOLD]) == (False, [held])
    assert (on_the_day[View.TEAM][0], on_the_day[View.HOLD]) == (held, [])
    assert swept.moved == 1
    assert (after[0]["case"], after[0]["hold_ended"], after[0]["tier"]) == (held, True, 2)
    assert "lift it" in after[0]["reason"]
    assert kinds(town, held).count("hold_time_passed") == 1
    assert {line["case"] for line in after} == {held, *others}
    assert faults(town, NOW + timedelta(days=8)) == []


def test_nothing_leaves_when_the_day_of_a_hold_has_come_until_a_person_lifts_it(town: House) -> None:
    reference = ready(town, 1, NOW)
    record(town, reference, HOLD, actor=ROSA, now=NOW)
    later = NOW + timedelta(days=8)
    sweep(town, later)

    held = case(town, reference).states["hold"]
    record(town, reference, [Entry("hold_ended")], actor=ROSA, now=later)

    assert held == "time_passed"
    assert case(town, reference).states["hold"] == "none"
    assert [line["hold_ended"] for line in queue_page(town, View.TEAM, later).lines] == [False]


def test_clocks_that_race_end_a_hold_once_and_a_renewed_one_ends_again(town: House) -> None:
    reference = ready(town, 1, NOW)
    record(town, reference, HOLD, actor=ROSA, now=NOW)
    later = NOW + timedelta(days=10)

    together([lambda: sweep(town, later, "clock-1"), lambda: sweep(town, later, "clock-2"), lambda: sweep(town, later)])
    renewed = [Entry("hold_placed", {"reason": "police", "until": "2026-12-10"})]
    record(town, reference, renewed, actor=ROSA, now=later)
    resting = _views(town, 11)
    sweep(town, NOW + timedelta(days=17))

    assert resting[View.HOLD] == [reference]
    assert kinds(town, reference).count("hold_time_passed") == 2
    assert faults(town, NOW + timedelta(days=17)) == []


@pytest.mark.parametrize("until", ["2026-11-23", "2026-11-20"], ids=["today", "past"])
def test_a_hold_needs_a_day_to_come(town: House, until: str) -> None:
    from workflow.machine import NotAllowed

    reference = ready(town, 1, NOW)

    with pytest.raises(NotAllowed, match="the day to look again"):
        record(town, reference, [Entry("hold_placed", {"reason": "police", "until": until})], actor=ROSA, now=NOW)


def test_the_check_tells_of_work_that_stands_still(town: House) -> None:
    held, late, left = (ready(town, number, NOW) for number in (1, 2, 3))
    record(town, left, [Entry("case_assigned", {"to": "rosa"})], actor=ROSA, now=NOW)
    record(town, held, HOLD, actor=ROSA, now=NOW)
    quiet = _checked(town)
    with town.writing() as connection:
        accounts.change_user(connection, town.service, "rosa", disabled_at=NOW)

    loud = _checked(town, 12)

    assert all(_outcome(quiet, what) == "ok" for what in ("owners", "holds", "timers", "stuck work", "work on hold"))
    assert (_outcome(loud, "owners"), _details(loud, "owners")) == ("warning", f"{left}: rosa can no longer work on it")
    assert _details(loud, "holds") == f"{held}: the hold was to be looked at on 2026-12-01"
    assert _outcome(loud, "timers") == "failed"
    assert all(reference in _details(loud, "timers") for reference in (held, late, left))
    sweep(town, NOW + timedelta(days=12))
    assert _outcome(_checked(town, 12), "timers") == "ok"


def test_the_check_tells_of_somebody_whose_work_all_rests(town: House) -> None:
    references = [ready(town, number, NOW) for number in (1, 2)]
    for reference in references:
        record(town, reference, [Entry("case_assigned", {"to": "rosa"}), *HOLD], actor=ROSA, now=NOW)

    checked = _checked(town)

    assert _details(checked, "work on hold") == "rosa: all 2 cases are on hold"


def test_a_program_that_opens_the_file_itself_is_caught_by_the_check(sqlite_town: House) -> None:
    reference = ready(sqlite_town, 1, NOW)
    with sqlite_town.database.connect() as connection:
        assert is_sqlite(connection)
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN")
        connection.execute(text("DELETE FROM action"))
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")

    checked = _checked(sqlite_town)

    assert _details(checked, "next actions") == f"{reference} has none"
