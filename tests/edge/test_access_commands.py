"""Holds the accounts at the command line: roles, closing, first passwords, lost phones; each change is written down."""

from pathlib import Path

import pytest

from engine.entries import Actor
from engine.house import House
from engine.post import list_letters
from engine.reading_log import deeds_done, reads
from tests.conftest import NOW
from tests.edge.commands import Commands
from tests.edge.test_access_second_factor import set_up
from tests.edge.web_visitors import Visitor, new_case, on_one_database, practitioner_on
from workflow.vocabulary import Role

MORGAN = Actor("morgan", Role.MANAGER)


@on_one_database
def test_an_account_is_changed_at_the_machine_and_every_change_is_written_down(house: House, tmp_path: Path) -> None:
    """Each ends the sessions of its user; what is wrong is one sentence and exit status 2 or 3."""
    run, rosa = Commands(tmp_path), practitioner_on(house)
    set_up(rosa, NOW)

    reset = run("user", "reset-factor", "rosa")
    after_reset = Visitor(house, rosa.site).sign_in("rosa").headers["location"]
    first = run.json("user", "password", "rosa")["password"]
    after_password = Visitor(house, rosa.site).sign_in("rosa", first).status_code
    role = run("user", "role", "rosa", "safeguarding")
    closed = run("user", "disable", "rosa")
    after_closing = Visitor(house, rosa.site).sign_in("rosa", first).status_code
    opened = run("user", "enable", "rosa")
    wrong = [
        run("user", "role", "rosa", "wizard"),
        run("user", "disable", "nobody"),
        run("user", "role", "rosa", "police"),
    ]

    assert [done.exit_code for done in (reset, role, closed, opened)] == [0, 0, 0, 0]
    assert (after_reset, after_password, after_closing) == ("/queue", 303, 401)
    assert all(done.exit_code in (2, 3) and done.stderr.count("\n") == 1 for done in wrong)
    assert [deed.deed for deed in deeds_done(house, MORGAN, 9)][::-1][1:] == [
        "factor_reset",
        "user_password_reset",
        "user_role_changed",
        "user_disabled",
        "user_enabled",
    ]


@on_one_database
@pytest.mark.parametrize("role", ["safeguarding", "data_lead", "auditor", "case_manager"])
def test_each_new_role_lands_where_it_has_something_to_do(house: House, tmp_path: Path, role: str) -> None:
    """And sees no door that does not open."""
    first = Commands(tmp_path).json("user", "add", "newcomer", "--role", role)["password"]
    visitor = Visitor(house)
    visitor.sign_in("newcomer", first)
    visitor.fill("/password", "/password", {"old": first, "new": "seven yellow kettles"})

    landing = visitor.get("/").headers["location"]

    assert visitor.get(landing).status_code == 200


@on_one_database
def test_a_letter_that_is_read_at_the_machine_is_logged_too(house: House, tmp_path: Path) -> None:
    """It bears a name and an address."""
    from engine.entries import Entry
    from engine.record import record

    case = new_case(house)
    record(house, case, [Entry("triage_completed")], actor=Actor("rosa", Role.PRACTITIONER), now=NOW)

    done = Commands(tmp_path)("letter", "preview", list_letters(house)[0].letter_id)

    assert done.exit_code == 0
    assert [(each.reference, each.user) for each in reads(house, MORGAN)] == [(case, "command-line")]
