"""Holds what is sealed: shown by a deed with a reason only, logged before it is shown, masked again, and reviewed."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.desk import open_file
from engine.entries import Actor, Entry
from engine.errors import NotFound, WrongInput
from engine.glass import opened, review
from engine.house import House
from engine.post import approve, list_letters
from engine.reading_log import deeds_done, reads
from engine.record import record
from engine.revealing import SEEN, reveal, revealed
from engine.sign_in import PROOF
from engine.walls import set_up
from tests.conftest import NOW, PASSWORD
from tests.edge.commands import Commands
from tests.edge.test_access_matrix import add_people, give
from tests.edge.web_visitors import Visitor, new_case, on_one_database, practitioner_on
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.vocabulary import Role

ROSA, IMRAN, MORGAN = Actor("rosa", Role.PRACTITIONER), Actor("imran", Role.PRACTITIONER), Actor("morgan", Role.MANAGER)
STREET, NUMBER = "7 Hidden Lane", "07700 900555"
AT = {"lines": [STREET, "Derby"], "postcode": "ZZ99 1AB"}


def _sealed(house: House) -> str:
    """A case of rosa's whose victim lives in a refuge: all is safe to use, and address and phone are sealed."""
    case = new_case(house, victim__address=AT, victim__phones=[{"number": NUMBER, "kind": "mobile"}])
    give(house, case, "rosa")
    for channel in ("post", "phone"):
        record(house, case, [Entry("address_sealed", {"channel": channel, "reason": "refuge"})], actor=ROSA, now=NOW)
    return case


def _pages(visitor: Visitor, case: str, house: House) -> str:
    """Everything a practitioner opens of a case, in one."""
    letters = [each.letter_id for each in list_letters(house) if each.reference == case]
    paths = [f"/cases/{case}", f"/cases/{case}/details", f"/cases/{case}/sealed/post", "/queue", "/letters"]
    more = [f"/letters/{each}{part}" for each in letters for part in ("", "/page", "/page.pdf", "/text")]
    return "\n".join(visitor.get(path).text for path in [*paths, *more])


@on_one_database
def test_what_is_sealed_stands_on_no_page_until_it_is_shown_for_a_reason_and_then_for_a_minute(house: House) -> None:
    """Not on the case, the details, the letter or its page; then once, alone, and masked again by itself."""
    case = _sealed(house)
    record(house, case, [Entry("triage_completed")], actor=ROSA, now=NOW)
    rosa = practitioner_on(house)
    place = f"/cases/{case}/sealed/post"

    before = _pages(rosa, case, house)
    shown = rosa.fill(place, place, {"reason": "visit", "words": "To bring the leaflet."})
    page = rosa.get(place)
    letter = next(each.letter_id for each in list_letters(house) if each.reference == case)
    letter_page = rosa.get(f"/letters/{letter}/page").text
    phone = rosa.get(f"/cases/{case}/sealed/phone").text
    rosa.travel_to(NOW + timedelta(seconds=61))
    after = _pages(rosa, case, house)

    assert STREET not in before
    assert NUMBER not in before
    assert "show it with a reason" in before
    assert shown.headers["location"] == place
    assert STREET in page.text
    assert page.headers["refresh"] == f"60; url=/cases/{case}"
    assert page.headers["cache-control"] == "no-store"
    assert STREET in letter_page
    assert NUMBER not in phone
    assert STREET not in after


def test_it_is_logged_before_it_is_shown_and_a_log_that_cannot_be_written_shows_nothing(house: House) -> None:
    """A line for the deed, a line for each look; where the table refuses, neither the deed nor the look happens."""
    case = _sealed(house)
    reveal(house, case, "post", "visit", "To bring the leaflet.", ROSA, NOW)
    seen = revealed(house, case, "post", ROSA, NOW)
    revealed(house, case, "post", ROSA, NOW)
    logged = [(each.user, each.action) for each in reads(house, MORGAN) if each.action == SEEN]

    with house.writing() as connection:
        connection.execute(text("ALTER TABLE read_log RENAME TO read_log_gone"))
    with pytest.raises(DBAPIError):
        revealed(house, case, "post", ROSA, NOW)
    with house.writing() as connection:
        connection.execute(text("ALTER TABLE read_log_gone RENAME TO read_log"))
        connection.execute(text("ALTER TABLE access_deed RENAME TO access_deed_gone"))
    with pytest.raises(DBAPIError):
        reveal(house, case, "phone", "call", "She asked for a call.", ROSA, NOW)

    assert seen.values == (AT,)
    assert logged == [("rosa", SEEN)] * 2
    with house.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM broken_glass")).scalar() == 1


@on_one_database
def test_the_page_of_a_log_that_cannot_be_written_shows_no_address_and_no_traceback(house: House) -> None:
    case = _sealed(house)
    rosa = practitioner_on(house)
    place = f"/cases/{case}/sealed/post"
    rosa.fill(place, place, {"reason": "visit", "words": "To bring the leaflet."})
    with house.writing() as connection:
        connection.execute(text("ALTER TABLE read_log RENAME TO read_log_gone"))

    refused = rosa.get(place)

    assert refused.status_code == 500
    assert STREET not in refused.text
    assert "Traceback" not in refused.text


@on_one_database
def test_it_needs_a_reason_in_words_and_a_fresh_proof(house: House) -> None:
    """Without either the form comes back with what was typed; without a proof the form waits."""
    case = _sealed(house)
    rosa = practitioner_on(house)
    place = f"/cases/{case}/sealed/post"

    bare = rosa.fill(place, place, {"reason": "visit", "words": " "})
    unknown = rosa.fill(place, place, {"reason": "curiosity", "words": "typed before"})
    token = rosa.token()
    rosa.travel_to(NOW + PROOF + timedelta(seconds=1))
    late = rosa.send(place, {"reason": "visit", "words": "kept", "form_token": token})
    proved = rosa.fill("/prove", "/prove", {"password": PASSWORD})
    kept = rosa.get("/kept").text

    assert (bare.status_code, unknown.status_code) == (422, 422)
    assert "typed before" in unknown.text
    assert late.headers["location"].startswith("/prove")
    assert proved.headers["location"] == "/kept"
    assert "kept" in kept
    assert STREET not in bare.text + unknown.text + kept


@on_one_database
def test_only_whoever_has_the_case_or_a_manager_and_nobody_behind_a_wall(house: House) -> None:
    """A colleague with a reason for the case has none for the seal; a wall answers as if there were no such case."""
    add_people(house)
    case = _sealed(house)
    from engine.glass import break_glass

    break_glass(house, case, "victim_in_touch", "She is on the phone.", IMRAN, NOW)

    with pytest.raises(NotPermitted):
        reveal(house, case, "post", "visit", "x", IMRAN, NOW)
    for role, user in ((Role.SAFEGUARDING, "saskia"), (Role.AUDITOR, "alex"), (Role.DATA_LEAD, "dana")):
        with pytest.raises(NotPermitted):
            reveal(house, case, "post", "visit", "x", Actor(user, role), NOW)
    with pytest.raises(NotFound):
        reveal(house, case, "email", "call", "x", ROSA, NOW)
    with pytest.raises(WrongInput):
        reveal(house, case, "post", "because", "x", ROSA, NOW)
    reveal(house, case, "post", "verify", "To check it with the officer.", MORGAN, NOW)
    assert revealed(house, case, "post", MORGAN, NOW).values == (AT,)
    # What a manager was shown is not open to anybody else.
    assert revealed(house, case, "post", ROSA, NOW).values == ()
    set_up(house, case, "morgan", "conflict", Actor("maren", Role.MANAGER), NOW)
    with pytest.raises(NotFound):
        revealed(house, case, "post", MORGAN, NOW)


@on_one_database
def test_somebody_else_looks_at_each_and_nobody_at_their_own(house: House) -> None:
    """It stands on the page of the managers with who, which and why, and the words are sealed with the victim."""
    add_people(house)
    case = _sealed(house)
    reveal(house, case, "post", "visit", "To bring the leaflet.", MORGAN, NOW)
    rosa_s = practitioner_on(house, user="maren")

    page = rosa_s.get("/access").text
    waiting = opened(house, Actor("maren", Role.MANAGER), NOW, waiting=True)
    with pytest.raises(NotAllowed):
        review(house, waiting[0].glass.glass_id, "right", MORGAN, NOW)
    review(house, waiting[0].glass.glass_id, "right", Actor("maren", Role.MANAGER), NOW)

    assert "Morgan Example looked at the sealed address in" in page
    assert "To bring the leaflet." in page
    assert STREET not in page
    assert (waiting[0].glass.what, waiting[0].glass.until - NOW) == ("post", timedelta(seconds=60))
    assert opened(house, MORGAN, NOW, waiting=True) == []
    assert [each.deed for each in deeds_done(house, MORGAN, 2)] == ["glass_reviewed", "address_revealed"]


def test_sealing_is_anybodys_and_opening_the_seal_somebody_elses(house: House) -> None:
    """Whoever sealed it does not open it; a new address in place of a sealed one is sealed as well."""
    from engine.contact_details import give_point

    case = _sealed(house)
    new = {"lines": ["9 Hidden Lane"], "postcode": "ZZ99 1AC"}
    give_point(house, case, "post", new, "victim", ROSA, NOW)
    open_seal = [Entry("address_unsealed", {"channel": "post", "words": "She moved and wants no seal."})]

    points = dict(open_file(house, case, ROSA, NOW).contact_points)
    with pytest.raises(NotAllowed):
        record(house, case, open_seal, actor=ROSA, now=NOW)
    record(house, case, open_seal, actor=MORGAN, now=NOW)
    with pytest.raises(NotAllowed):
        record(house, case, open_seal, actor=MORGAN, now=NOW)

    assert points["post"] is None
    assert dict(open_file(house, case, ROSA, NOW).contact_points)["post"] == new


@on_one_database
def test_a_letter_to_a_sealed_address_goes_there_after_two_peoples_yes(house: House) -> None:
    """The seal is about who sees it, not about whether the victim hears from us; the history tells no address."""
    case = _sealed(house)
    record(house, case, [Entry("triage_completed")], actor=ROSA, now=NOW)
    letter = next(each.letter_id for each in list_letters(house) if each.reference == case)

    approve(house, letter, ROSA, NOW)
    after_one = list_letters(house, "approved")
    approve(house, letter, MORGAN, NOW)

    assert after_one == []
    assert [each.letter_id for each in list_letters(house, "approved")] == [letter]
    said = repr([event.fields for event in open_file(house, case, ROSA, NOW).case.history])
    assert STREET not in said
    assert NUMBER not in said


@on_one_database
def test_the_command_line_shows_no_letter_to_a_sealed_address(house: House, tmp_path: Path) -> None:
    """Neither the page nor the text: one sentence, and exit status 3."""
    case = _sealed(house)
    record(house, case, [Entry("triage_completed")], actor=ROSA, now=NOW)
    letter = next(each.letter_id for each in list_letters(house) if each.reference == case)
    run = Commands(tmp_path)

    done = [run("letter", "preview", letter), run("letter", "text", letter)]

    assert [each.exit_code for each in done] == [3, 3]
    assert not any(STREET in each.stdout + each.stderr for each in done)


@on_one_database
def test_a_form_that_is_sent_twice_is_written_down_once(house: House) -> None:
    case = _sealed(house)

    for _ in range(2):
        reveal(house, case, "post", "visit", "To bring the leaflet.", ROSA, NOW)

    assert len(opened(house, MORGAN, NOW, waiting=True)) == 1
