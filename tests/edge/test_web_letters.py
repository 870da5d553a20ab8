"""The pages of the post: a letter is asked for, written, held, cleared, checked and stopped with a browser."""

import re

import pytest

from engine.entries import Actor, Entry
from engine.house import House
from engine.post import approve, release
from engine.record import record
from tests.conftest import NOW
from tests.edge.web_visitors import Visitor, new_case, on_one_database, practitioner_on
from workflow.vocabulary import Role

ROSA = Actor("rosa", Role.PRACTITIONER)
HOME = {"line1": "1 Nowhere Street", "line2": "Exampleton", "postcode": "ZZ99 1AA"}

pytestmark = on_one_database


@pytest.fixture
def case(house: House) -> str:
    """A case in which the first letter waits."""
    reference = new_case(house)
    record(house, reference, [Entry("triage_completed")], actor=ROSA, now=NOW)
    return reference


def _letter(visitor: Visitor, case: str) -> str:
    found = re.findall(r'href="/letters/(L-[0-9A-Z]+)"', visitor.get(f"/cases/{case}").text)
    assert found
    return str(found[0])


def test_the_childs_address_is_taken_in_holds_the_letter_and_is_never_shown(house: House, case: str) -> None:
    visitor = practitioner_on(house)
    letter = _letter(visitor, case)
    page = f"/cases/{case}/child-address"

    wrong = visitor.fill(page, page, {"child": "1", "of": "child", "source": "police", **HOME, "postcode": "none"})
    answer = visitor.fill(page, page, {"child": "1", "of": "child", "source": "police", **HOME})

    assert wrong.status_code == 422
    assert answer.status_code == 303
    shown = visitor.get(page).text
    assert "told by police" in shown
    assert "Nowhere Street" not in shown
    assert "may be, the child&#39;s as well" in visitor.get(f"/letters/{letter}").text


def test_a_hold_is_cleared_by_two_people_with_their_reasons_on_the_page(house: House, case: str) -> None:
    rosa = practitioner_on(house)
    letter = _letter(rosa, case)
    child = f"/cases/{case}/child-address"
    rosa.fill(child, child, {"child": "1", "of": "child", "source": "police", **HOME})
    page, clear = f"/letters/{letter}", f"/letters/{letter}/clear"

    form = {"holds": "address_shared", "words": "The child moved away in May."}
    first = rosa.fill(page, clear, form)
    again = rosa.fill(page, clear, form)
    shown = rosa.get(page).text
    imran = practitioner_on(house, rosa.site, "imran")
    second = imran.fill(page, clear, {"holds": "address_shared", "words": "The case manager says so too."})

    assert (first.status_code, again.status_code, second.status_code) == (303, 409, 303)
    assert "Cleared by Rosa Example: The child moved away in May." in shown
    assert "Waits for a yes" in rosa.get(page).text


def test_a_new_address_is_given_on_the_page_and_its_safety_is_not_known(house: House, case: str) -> None:
    visitor = practitioner_on(house)
    page = f"/cases/{case}/details"
    moved = {"channel": "post", "deed": "new", "source": "victim", "line1": "40 Sample Road", "postcode": "ZZ98 7QP"}

    wrong = visitor.fill(page, page, {**moved, "postcode": "1"})
    answer = visitor.fill(page, page, moved)

    assert (wrong.status_code, answer.status_code) == (422, 303)
    assert 'value="40 Sample Road"' in wrong.text
    shown = visitor.get(f"/cases/{case}").text
    assert "40 Sample Road" not in shown
    assert "Not known to be safe: not shown" in shown


def test_a_letter_is_asked_for_written_and_discarded(house: House, case: str) -> None:
    visitor = practitioner_on(house)
    new = f"/cases/{case}/letters/new"
    assert "News of progress" in visitor.get(new).text
    assert "First contact, to an organisation" not in visitor.get(new).text

    asked = visitor.fill(new, new, {"kind": "L16"})
    page = asked.headers["location"]
    written = visitor.fill(page, f"{page}/write", {"progress_words": "The work has begun."})
    shown = visitor.get(f"{page}/page").text
    image = visitor.get(f"{page}/page.pdf")
    discarded = visitor.fill(page, f"{page}/discard", {"reason": "not_needed", "words": ""})

    assert (asked.status_code, written.status_code, discarded.status_code) == (303, 303, 303)
    assert "The work has begun." in shown
    assert image.headers["content-type"] == "application/pdf"
    assert image.content.startswith(b"%PDF")
    assert "Discarded" in visitor.get(page).text


def test_several_letters_are_checked_and_approved_together_and_each_says_what_became_of_it(
    house: House, case: str
) -> None:
    visitor = practitioner_on(house)
    other = new_case(house, submission_id="TST-2", incident__crime_reference="26000000002/26", victim__given_name="Kim")
    record(house, other, [Entry("triage_completed")], actor=ROSA, now=NOW)
    letters = [_letter(visitor, case), _letter(visitor, other)]

    check = visitor.fill("/letters", "/letters/check", {"letter": letters})
    hold = Entry("hold_placed", {"reason": "police", "until": "2026-12-20"})
    record(house, other, [hold], actor=ROSA, now=NOW)
    unread = visitor.send("/letters/approve", {"form_token": visitor.token(), "letter": letters})
    done = visitor.send("/letters/approve", {"form_token": visitor.token(), "letter": letters, "read": "yes"})

    assert check.text.count("<iframe") == 2
    assert "Kim" in check.text
    assert unread.status_code == 422
    assert done.text.count("Not approved") == 1
    assert "The case is on hold" in done.text


def test_every_page_says_that_letters_are_stopped_and_two_managers_let_them_go(house: House, case: str) -> None:
    manager = practitioner_on(house, user="morgan")
    rosa = practitioner_on(house, manager.site)
    assert "All letters are stopped" not in rosa.get("/queue").text

    stopped = manager.fill("/dispatch", "/dispatch", {"reason": "data_breach"})

    assert stopped.status_code == 303
    for page in ("/queue", f"/cases/{case}", "/letters", "/password", "/dispatch"):
        assert "All letters are stopped since" in rosa.get(page).text
    assert (
        rosa.send("/dispatch", {"form_token": rosa.token(), "reason": "put_right", "deed": "lift"}).status_code == 403
    )
    manager.fill("/dispatch", "/dispatch", {"reason": "put_right"})
    assert "A second manager must agree" in manager.get("/dispatch").text
    assert "All letters are stopped since" in rosa.get("/queue").text


def test_a_letter_in_another_language_is_finished_by_hand_on_the_page(house: House) -> None:
    reference = new_case(house, needs__language="pl")
    record(house, reference, [Entry("triage_completed")], actor=ROSA, now=NOW)
    visitor = practitioner_on(house)
    page = f"/letters/{_letter(visitor, reference)}"

    text = visitor.get(f"{page}/text")
    went = {"on-day": "23", "on-month": "11", "on-year": "2026"}
    done = visitor.fill(page, f"{page}/handed-over", went)

    assert "Dear Alex Example," in text.text
    assert text.headers["content-type"].startswith("text/plain")
    assert done.status_code == 303
    assert "Sent" in visitor.get(page).text


def test_what_goes_to_the_childs_side_can_be_read_whatever_is_known_of_the_victims_email(
    house: House, case: str
) -> None:
    record(house, case, [Entry("safety_recorded", {"email": "no"})], actor=ROSA, now=NOW)
    visitor = practitioner_on(house)
    new = f"/cases/{case}/letters/new"
    page = visitor.fill(new, new, {"kind": "C03"}).headers["location"]

    visitor.fill(page, f"{page}/write", {"recipient_name": "Case Worker", "safety_words": "Call before any visit."})

    assert "Call before any visit." in visitor.get(f"{page}/page").text


def test_a_file_for_the_printer_is_made_on_the_page_once(house: House, case: str) -> None:
    rosa = practitioner_on(house)
    letter = _letter(rosa, case)
    assert "Nothing waits for the printer" in rosa.get("/batches").text
    approve(house, letter, ROSA, NOW)
    assert release(house, NOW, "clock").sent == (letter,)

    made = rosa.fill("/batches", "/batches", {})

    assert "It holds 1 letter on" in made.text
    shown = rosa.get("/batches").text
    assert "Nothing waits for the printer" in shown
    assert "made by Rosa Example" in shown


def test_a_manager_records_who_checked_the_welsh_words(house: House) -> None:
    manager = practitioner_on(house, user="morgan")
    rosa = practitioner_on(house, manager.site)

    checked = {"letter": "L06/cy", "checked_by": "Ffion Example", "checked_on": "2026-11-02"}
    answer = manager.fill("/translations", "/translations", checked)

    assert answer.status_code == 303
    shown = rosa.get("/translations").text
    assert "Ffion Example" in shown
    assert "No words yet" in shown
    assert "Record the check" not in shown
