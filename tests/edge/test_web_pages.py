"""Holds what the pages say: the queue, a case with safety first, letters, and the manager's figures."""

import re

import pytest
from sqlalchemy import text

from engine.entries import Actor, Entry
from engine.house import House
from engine.record import record
from tests.conftest import NOW
from tests.edge.consent_records import child_record
from tests.edge.web_visitors import Visitor, new_case, on_one_database, practitioner_on
from workflow.vocabulary import Role

UNSAFE = {
    "safety__safe_to": {
        "phone": "no", "voicemail": "no", "text": "unknown", "email": "yes", "post": "no", "visit": "unknown"
    },
    "safety__must_not_know": ["Her brother"],
    "safety__risks": ["domestic_abuse"],
}  # fmt: skip


def test_the_queue_says_what_to_do_why_and_by_when_and_whose_it_is(house: House) -> None:
    """One line a case, on the tab of whoever has it, with counts above."""
    case, visitor = new_case(house), practitioner_on(house)

    mine, unassigned = visitor.get("/queue").text, visitor.get("/queue?whose=unassigned").text
    visitor.fill("/queue?whose=unassigned", f"/cases/{case}/take", {})
    mine_then = visitor.get("/queue?view=mine").text

    assert "You have no case that needs anything now." in mine
    assert "Triage the case" in unassigned
    assert "Consent has come: check safe channels, links and duplicates." in unassigned
    assert "<strong>1</strong> case" in unassigned
    assert re.search(r"Due (today|tomorrow|in \d+ days)", unassigned)
    assert f'href="/cases/{case}"' in mine_then
    assert "Take this case" not in mine_then


def test_a_child_victim_and_enhanced_rights_are_marked_in_words(house: House) -> None:
    """Not by colour alone: a tag with a text, in the queue and on the case."""
    raw = child_record(force="derbyshire")
    from engine.intake.receive import receive

    case = receive(house, raw, "derbyshire", "opt_in", NOW).case_reference
    visitor = practitioner_on(house)

    for page in ("/queue?whose=everyone", f"/cases/{case}"):
        html = visitor.get(page).text
        assert "Child victim" in html
        assert "Enhanced rights" in html


def test_safety_is_read_before_any_action_on_the_case_the_form_and_the_letter(house: House) -> None:
    """In the order of the page, which is the order in which it is read out."""
    case, visitor = new_case(house, **UNSAFE), practitioner_on(house)

    for page, action in ((f"/cases/{case}", 'id="next"'), (f"/cases/{case}/record/attempt_made", 'name="channel"')):
        html = visitor.get(page).text
        assert html.index("Safety: read this first") < html.index(action)
        assert "Must not know: Her brother." in html
        assert "Risks: domestic abuse." in html
        assert re.search(r"Not safe</dt><dd>Phone, Voicemail, Post", html)
        assert re.search(r"Not known, so not used</dt><dd>Text message, Visit", html)


def test_an_address_or_number_is_shown_only_for_a_channel_known_to_be_safe(house: House) -> None:
    """What is unsafe or unknown is not even on the page, so that nobody uses it by mistake."""
    case, visitor = new_case(house, **UNSAFE), practitioner_on(house)

    html = visitor.get(f"/cases/{case}").text

    assert "alex@example.org" in html
    assert "07700 900001" not in html
    assert "1 Nowhere Street" not in html
    assert html.count("Not known to be safe: not shown") >= 3


def test_a_case_says_where_it_is_what_is_owed_and_how_each_date_was_worked_out(house: House) -> None:
    """Journey, both clocks, each day counted or skipped and why, and what is not verified says so."""
    case, visitor = new_case(house), practitioner_on(house)

    html = visitor.get(f"/cases/{case}").text
    duty = html.split("<strong>Information on restorative justice")[1].split("</tr>")[0]

    assert re.search(r'aria-current="step">\s*<span class="vc-journey__name">Consent', html)
    assert "You are here" in html
    assert "Right 3, paragraph 3.4, 3.6" in duty
    assert "Due, counted from the beginning" in duty
    assert "Due, counted from the day we were told" in duty
    assert "Day 1" in duty
    assert "Not counted: Saturday" in duty
    assert "Unverified" in html


def test_a_case_says_what_is_to_do_beside_the_next_thing(house: House) -> None:
    """Everything owed stands on the page, not only the line of the queue."""
    case, visitor = new_case(house), practitioner_on(house)
    record(house, case, [Entry("complaint_received")], actor=Actor("rosa", Role.PRACTITIONER), now=NOW)

    html = visitor.get(f"/cases/{case}").text

    also = html[html.index('id="also"') :]
    assert html.index('id="next"') < html.index('id="also"')
    assert "First word on a complaint" in also
    assert "Answer to a complaint" in also


def test_opening_a_case_is_logged_and_one_that_is_not_there_is_not(house: House) -> None:
    """Who opened what, and when; also through a letter and a form."""
    case, visitor = new_case(house), practitioner_on(house)

    visitor.get(f"/cases/{case}")
    visitor.get(f"/cases/{case}/record/note_written")
    missing = visitor.get("/cases/VC-0000-0000")

    with house.reading() as connection:
        reads = connection.execute(text('SELECT "user", action FROM read_log')).all()
    assert missing.status_code == 404
    assert [tuple(read) for read in reads] == [("rosa", "case.read")] * 2


@on_one_database
@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' autofocus onfocus='alert(1)",
        "</textarea><script>alert(1)</script>",
        "{{ 7*7 }}{% raw %}",
        "javascript:alert(1)",
    ],
)
def test_hostile_words_are_shown_as_words(house: House, hostile: str) -> None:
    """From police, from a practitioner, and typed back into a form."""
    case = new_case(
        house, victim__given_name="Alex", victim__known_as="Al", notes=hostile, safety__must_not_know=[hostile]
    )
    visitor = practitioner_on(house)
    path = f"/cases/{case}/record/note_written"
    visitor.fill(path, path, {"note": hostile})

    html = visitor.get(f"/cases/{case}").text
    typed = visitor.fill(path, path, {"note": hostile, "at-day": hostile}).text

    for page in (html, typed):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "onfocus='alert" not in page
        assert "7*7" in page or "{{" not in hostile


def test_a_letter_is_read_and_approved_by_a_person_once(house: House) -> None:
    """The page shows it as it will look; a yes needs a tick; a second yes changes nothing."""
    _, letter, visitor = _letter(house)
    page, approve = f"/letters/{letter}", f"/letters/{letter}/approve"

    shown, alone = visitor.get(page).text, visitor.get(f"{page}/page")
    hidden = visitor.hidden(page, approve)
    unread, approved, again = (visitor.send(approve, form) for form in (hidden, *[{**hidden, "read": "yes"}] * 2))

    assert f'<iframe src="/letters/{letter}/page" title="The letter" sandbox>' in shown
    assert "Dear Alex Example," in alone.text
    assert "sandbox" in alone.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in alone.headers["content-security-policy"]
    assert "Confirm that you have read the letter" in unread.text
    assert approved.headers["location"] == f"{page}?approved=1"
    assert again.headers["location"] == f"{page}?already=1"
    assert "Approved by Rosa Example" in visitor.get(page).text


def test_a_letter_read_before_the_case_changed_must_be_read_again(house: House) -> None:
    """A yes is to the letter as it stood, not to what it has become."""
    case, letter, visitor = _letter(house)
    approve = f"/letters/{letter}/approve"
    hidden = visitor.hidden(f"/letters/{letter}", approve)
    record(house, case, [Entry("note_written", {"note": "x"})], actor=Actor("imran", Role.PRACTITIONER), now=NOW)

    answer = visitor.send(approve, {**hidden, "read": "yes"})

    assert answer.status_code == 409
    assert "Note written, by Imran Example" in answer.text


def test_a_letter_to_an_unsafe_address_is_held_with_its_reasons_and_not_shown(house: House) -> None:
    """The page says why, and does not show the address by the back door."""
    case, letter, visitor = _letter(house)
    fields = {"post": "no", "said_by": "victim"}
    record(house, case, [Entry("safety_recorded", fields)], actor=Actor("rosa", Role.PRACTITIONER), now=NOW)

    shown, alone = visitor.get(f"/letters/{letter}"), visitor.get(f"/letters/{letter}/page")

    assert "Post is not safe." in shown.text
    assert "Approve this letter" not in shown.text
    assert "1 Nowhere Street" not in shown.text
    assert alone.status_code == 409
    assert "1 Nowhere Street" not in alone.text


def test_the_manager_reads_every_figure_with_what_it_is_made_of_and_the_cases_behind(house: House) -> None:
    """Numerator and denominator; each count leads to the references; unverified rules are marked."""
    case, visitor = new_case(house), practitioner_on(house, user="morgan")

    html = visitor.get("/compliance?from=2026-10-01&to=2026-11-30").text
    links = [each for each in re.findall(r'href="(/compliance/cases\?[^"]+)"', html) if "communication-needs" in each]
    link = next(each for each in links if "verdict=met" in each.split("&amp;"))
    cases = visitor.get(link.replace("&amp;", "&")).text

    assert "1 of 1 (100%)" in html
    assert "Unverified" in html
    assert case in cases
    assert "1 case" in cases


@on_one_database
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from-day=31&from-month=2&from-year=2026", "The first day must be a real date"),
        ("from=2026-11-30&to=2026-11-01", "The last day must be the same as or after the first day"),
        ("from=2001-01-01&to=2026-11-01", "The period must be five years or shorter"),
        ("from=9999999-1-1", "The first day must be a real date"),
    ],
)
def test_a_period_that_makes_no_sense_is_said_at_its_field(house: House, query: str, words: str) -> None:
    """And nothing is counted."""
    answer = practitioner_on(house, user="morgan").get(f"/compliance?{query}")

    assert answer.status_code == 422
    assert words in answer.text


def test_a_figure_that_is_not_there_is_not_found(house: House) -> None:
    """An invented rule or verdict shows no list."""
    visitor = practitioner_on(house, user="morgan")

    statuses = [
        visitor.get(f"/compliance/cases?{query}").status_code
        for query in ("", "rule=rj-information&verdict=made-up", "rule=made-up&verdict=met")
    ]

    assert statuses == [404, 404, 404]


def test_every_page_says_that_it_is_an_example_and_which_time_it_pretends(house: House) -> None:
    """Nobody takes an invented victim for a real one, or a rehearsal for today."""
    html = Visitor(house).get("/sign-in").text

    assert "Everyone in this service is invented" in html
    assert "This service pretends that it is 23 November 2026, 9:30am." in html


def _letter(house: House) -> tuple[str, str, Visitor]:
    """A case after triage whose first letter waits for a yes."""
    case = new_case(house)
    rosa = Actor("rosa", Role.PRACTITIONER)
    record(house, case, [Entry("case_assigned", {"to": "rosa"}), Entry("triage_completed")], actor=rosa, now=NOW)
    visitor = practitioner_on(house)
    found = re.findall(r'href="/letters/(L-[0-9A-Z]+)"', visitor.get(f"/cases/{case}").text)
    return case, found[0], visitor
