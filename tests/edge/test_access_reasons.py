"""Holds need-to-know: a colleague's case opens to a reason, for a while and loudly; each read is logged or refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.desk import open_file
from engine.entries import Actor, Entry
from engine.errors import NotFound, WrongInput
from engine.glass import break_glass, opened, review, waiting_for
from engine.house import House
from engine.reading_log import deeds_done, reads
from engine.record import record
from engine.sight import HeldByColleague
from engine.walls import set_up
from tests.conftest import NOW
from tests.edge.test_access_matrix import add_people, give
from tests.edge.web_visitors import new_case, on_one_database, practitioner_on
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.vocabulary import Role

ROSA, IMRAN = Actor("rosa", Role.PRACTITIONER), Actor("imran", Role.PRACTITIONER)
MORGAN = Actor("morgan", Role.MANAGER)


def test_a_colleagues_case_shows_whose_it_is_and_opens_to_a_reason(house: House) -> None:
    """Nothing of the victim before; the case with a loud line after; and the manager is told on every page."""
    case = new_case(house, victim__given_name="Xanthippe")
    give(house, case, "rosa")
    imran, morgan = practitioner_on(house, user="imran"), practitioner_on(house, user="morgan")
    path = f"/cases/{case}/open"

    before = imran.get(f"/cases/{case}")
    wrong = imran.fill(path, path, {"reason": "victim_in_touch"})
    opened_now = imran.fill(path, path, {"reason": "victim_in_touch", "words": "She is on the phone."})
    after = imran.get(f"/cases/{case}")

    assert (before.status_code, wrong.status_code, opened_now.status_code, after.status_code) == (403, 422, 303, 200)
    assert "Rosa Example has case" in before.text
    assert "Xanthippe" not in before.text
    assert "You opened Rosa Example’s case with a reason, until 10:30am." in after.text
    assert "1 case was opened with a reason." in morgan.get("/law").text
    assert "She is on the phone." in morgan.get("/access").text
    assert "Opened a colleague’s case with a reason" in morgan.get("/access/reads").text


def test_it_ends_after_its_hour_and_was_for_one_case(house: House) -> None:
    """To the minute, and never for another case of the same colleague."""
    case, other = new_case(house), _another(house)
    for each in (case, other):
        give(house, each, "rosa")
    break_glass(house, case, "immediate_safety", "x", IMRAN, NOW)

    inside = open_file(house, case, IMRAN, NOW + timedelta(minutes=59))
    for reference, at in ((case, NOW + timedelta(minutes=60)), (other, NOW)):
        with pytest.raises(HeldByColleague):
            open_file(house, reference, IMRAN, at)

    assert inside.case.reference == case


def test_ones_own_case_that_of_the_team_and_that_of_whom_one_stands_in_for_need_no_reason(house: House) -> None:
    """A manager and the duty safeguarding lead need none either."""
    from engine.assigning import cover

    add_people(house)
    own, team, other = new_case(house), _another(house), _another(house, "W-9")
    give(house, own, "imran")
    give(house, other, "rosa")
    with pytest.raises(HeldByColleague):
        open_file(house, other, IMRAN, NOW)
    cover(house, "rosa", "imran", NOW.date(), NOW.date(), MORGAN, NOW)

    seen = [open_file(house, each, IMRAN, NOW).case.reference for each in (own, team, other)]
    by_others = [open_file(house, other, who, NOW) for who in (MORGAN, Actor("saskia", Role.SAFEGUARDING))]

    assert seen == [own, team, other]
    assert len(by_others) == 2


def test_it_never_passes_a_wall(house: House) -> None:
    """Whoever has a conflict gets the answer of a case that is not there, whatever the reason."""
    case = new_case(house)
    give(house, case, "rosa")
    set_up(house, case, "imran", "childs_worker", MORGAN, NOW)

    with pytest.raises(NotFound, match="There is no such case"):
        break_glass(house, case, "immediate_safety", "x", IMRAN, NOW)

    assert opened(house, MORGAN, NOW, waiting=True) == []


def test_somebody_else_looks_at_it_once_and_what_they_make_of_it_stays(house: House) -> None:
    """Nobody at their own, nobody twice; late ones are marked."""
    case = new_case(house)
    give(house, case, "rosa")
    break_glass(house, case, "worker_absent", "x", IMRAN, NOW)
    waiting = opened(house, MORGAN, NOW, waiting=True)
    late = opened(house, MORGAN, NOW + timedelta(days=8), waiting=True)
    number = waiting[0].glass.glass_id

    with pytest.raises(NotPermitted):
        review(house, number, "right", IMRAN, NOW)
    with pytest.raises(WrongInput):
        review(house, number, "splendid", MORGAN, NOW)
    review(house, number, "not_needed", MORGAN, NOW)
    with pytest.raises(NotAllowed):
        review(house, number, "right", MORGAN, NOW)

    assert (waiting[0].is_late, late[0].is_late) == (False, True)
    assert waiting_for(house, MORGAN) == 0
    assert opened(house, MORGAN, NOW, waiting=False)[0].glass.outcome == "not_needed"
    assert [deed.deed for deed in deeds_done(house, MORGAN, 9)] == ["glass_reviewed", "glass_broken"]


def test_what_was_done_about_access_cannot_be_rewritten_in_the_database(house: House) -> None:
    """Even by a mistake in our own SQL."""
    case = new_case(house)
    give(house, case, "rosa")
    break_glass(house, case, "worker_absent", "x", IMRAN, NOW)

    for statement in ("UPDATE access_deed SET by = 'nobody'", "DELETE FROM access_deed"):
        with pytest.raises(DBAPIError), house.writing() as connection:
            connection.execute(text(statement))

    assert deeds_done(house, MORGAN, 9)[0].by == "imran"


def test_a_read_that_cannot_be_logged_is_refused(house: House) -> None:
    """The row is written and committed before anything of the victim is read; without it nothing is shown."""
    case = new_case(house, victim__given_name="Xanthippe")
    visitor = practitioner_on(house)
    with house.writing() as connection:
        connection.execute(text("ALTER TABLE read_log RENAME TO read_log_gone"))

    pages = [visitor.get(f"/cases/{case}"), visitor.get(f"/cases/{case}/record/note_written")]
    found = visitor.fill("/search", "/search", {"name": "Xanthippe"})
    with pytest.raises(DBAPIError):
        open_file(house, case, ROSA, NOW)

    assert [page.status_code for page in (*pages, found)] == [500, 500, 500]
    assert not any("Xanthippe" in page.text for page in pages)
    assert "Xanthippe" not in found.text


def test_every_way_of_reading_a_case_leaves_a_row_that_names_who_and_when(house: House) -> None:
    """The page, its forms, its letters, and a name that a search shows."""
    from engine.post import list_letters

    case, visitor = new_case(house), practitioner_on(house)
    record(house, case, [Entry("triage_completed")], actor=ROSA, now=NOW)
    letter = list_letters(house)[0].letter_id
    ways: list[Callable[[], Any]] = [
        lambda: visitor.get(f"/cases/{case}"),
        lambda: visitor.get(f"/cases/{case}/record"),
        lambda: visitor.get(f"/cases/{case}/record/note_written"),
        lambda: visitor.get(f"/letters/{letter}"),
        lambda: visitor.get(f"/letters/{letter}/page"),
        lambda: visitor.fill("/search", "/search", {"name": "Alex Example"}),
    ]

    rows = []
    for way in ways:
        before = len(reads(house, MORGAN))
        assert way().status_code == 200
        rows.append(len(reads(house, MORGAN)) - before)

    assert min(rows) >= 1
    assert {(each.reference, each.user, each.at) for each in reads(house, MORGAN)} == {(case, "rosa", NOW)}


@on_one_database
def test_the_log_of_reads_is_shown_by_person_case_and_day_to_whoever_looks_after_it(house: House) -> None:
    """Filters, wrong days in words, and no name of a victim; a practitioner does not get there."""
    case, rosa = new_case(house, victim__given_name="Xanthippe"), practitioner_on(house)
    rosa.get(f"/cases/{case}")
    morgan = practitioner_on(house, rosa.site, "morgan")

    whole, hers, none = (
        morgan.get(f"/access/reads?{query}").text for query in ("", f"who=rosa&case={case.lower()}", "who=imran")
    )
    wrong = morgan.get("/access/reads?from-day=31&from-month=2&from-year=2026")

    assert case in whole
    assert case in hers
    assert "Nobody opened a case like that." in none
    assert "Xanthippe" not in whole
    assert (wrong.status_code, rosa.get("/access/reads").status_code) == (422, 403)
    assert "The first day must be a real date" in wrong.text


def _another(house: House, number: str = "W-8") -> str:
    return new_case(house, submission_id=number, incident__crime_reference=f"2600{number}/26")


def test_what_was_wrong_to_open_is_closed_at_once_and_who_opens_often_is_named(house: House) -> None:
    """The hour ends with the word of whoever looked at it; the fourth opening in a month stands on the page."""
    case = new_case(house)
    give(house, case, "rosa")
    for day in range(4):
        break_glass(house, case, "victim_in_touch", "They called.", IMRAN, NOW - timedelta(days=day))
    morgan = practitioner_on(house, user="morgan")

    page = morgan.get("/access").text
    newest = opened(house, MORGAN, NOW, waiting=True)[0].glass
    open_file(house, case, IMRAN, NOW + timedelta(minutes=1))
    review(house, newest.glass_id, "wrong", MORGAN, NOW + timedelta(minutes=2))

    assert "Imran Example has opened something with a reason 4 times within 30 days" in page
    with pytest.raises(HeldByColleague):
        open_file(house, case, IMRAN, NOW + timedelta(minutes=3))
