"""Holds the forms: once only, never on an old version, never from another site, and nothing typed is lost."""

from typing import Any

import pytest

from engine.entries import Actor, Entry
from engine.house import House
from engine.record import record
from tests.conftest import NOW
from tests.edge.web_visitors import Visitor, new_case, on_one_database, practitioner_on
from web.desk.groups import GROUPS
from workflow.catalogue import CATALOGUE
from workflow.vocabulary import Role

NOTE = "/cases/{}/record/note_written"


def test_a_form_without_the_token_of_this_session_does_nothing(house: House) -> None:
    """No token, a wrong one, and the token of somebody else's session are all refused."""
    case, visitor = new_case(house), practitioner_on(house)
    other = practitioner_on(house, visitor.site, "imran")
    path, form = NOTE.format(case), {"seen": "7", "key": "k1", "note": "A word"}

    answers = [
        visitor.send(path, form),
        visitor.send(path, {**form, "form_token": "made-up"}),
        visitor.send(path, {**form, "form_token": other.token()}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert _kinds(visitor, case).count("Note written") == 0


@on_one_database
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/json"},
        {"Content-Type": "multipart/form-data; boundary=x"},
    ],
)
def test_a_form_that_another_site_could_send_is_refused_even_with_the_token(
    house: House, headers: dict[str, str]
) -> None:
    """The token alone does not make a form ours."""
    case, visitor = new_case(house), practitioner_on(house)
    form = {"form_token": visitor.token(), "seen": "7", "key": "k1", "note": "A word"}

    answer = visitor.send(NOTE.format(case), form, headers=headers)

    assert answer.status_code in (403, 415)
    assert _kinds(visitor, case).count("Note written") == 0


def test_signing_in_from_another_site_is_refused_as_well(house: House) -> None:
    """Nobody is signed in by a page they did not choose."""
    answer = Visitor(house).send(
        "/sign-in", {"user": "rosa", "password": "x"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403


def test_the_same_form_sent_twice_is_recorded_once(house: House) -> None:
    """A double click, or a reload after a lost answer, finds what was recorded and says so."""
    case, visitor = new_case(house), practitioner_on(house)
    path = NOTE.format(case)
    form = {**visitor.hidden(path, path), "note": "Called the office."}

    first, second = visitor.send(path, form), visitor.send(path, form)

    assert first.headers["location"] == f"/cases/{case}?recorded=note_written"
    assert second.headers["location"] == f"/cases/{case}?already=note_written"
    assert "Nothing was recorded twice" in visitor.get(second.headers["location"]).text
    assert _kinds(visitor, case).count("Note written") == 1


def test_a_form_used_again_for_something_else_is_shown_again_with_what_was_typed(house: House) -> None:
    """Going back in the browser and changing the words is neither lost nor taken for a repeat."""
    case, visitor = new_case(house), practitioner_on(house)
    path = NOTE.format(case)
    form = {**visitor.hidden(path, path), "note": "First words."}
    visitor.send(path, form)

    again = visitor.send(path, {**form, "note": "Second words."})

    assert again.status_code == 422
    assert "This form was already sent once" in again.text
    assert "Second words." in again.text
    assert form["key"] not in again.text


def test_a_stale_form_says_what_changed_keeps_what_was_typed_and_can_be_sent_anyway(house: House) -> None:
    """Nobody overwrites what they have not seen, and nobody types twice."""
    case, visitor = new_case(house), practitioner_on(house)
    path = f"/cases/{case}/record/support_referred"
    form = {**visitor.hidden(path, path), "by": "yjs", "outcome": "referred", "agency": "VS-EXAMPLE"}
    theirs = Entry("note_written", {"note": "What Imran heard."})
    record(house, case, [theirs], actor=Actor("imran", Role.PRACTITIONER), now=NOW)

    stale = visitor.send(path, form)
    anyway = visitor.send(path, {**form, **_hidden_of(stale.text, path)})

    assert stale.status_code == 409
    assert "Note written, by Imran Example" in stale.text
    assert "<dd>What Imran heard.</dd>" in stale.text
    assert 'value="VS-EXAMPLE"' in stale.text
    assert 'value="referred" checked' in stale.text
    assert "Record anyway on the new version" in stale.text
    assert anyway.headers["location"] == f"/cases/{case}?recorded=support_referred"


def test_what_is_missing_or_wrong_is_said_at_the_field_and_in_the_summary(house: House) -> None:
    """GOV.UK style: a summary with links, a sentence at each field, and what was typed is kept."""
    case, visitor = new_case(house), practitioner_on(house)
    path = f"/cases/{case}/record/decision_scheduled"

    answer = visitor.fill(path, path, {"on-day": "31", "on-month": "2", "on-year": "2026", "at-time": "25:00"})

    assert answer.status_code == 422
    assert answer.text.count("Day of the decision must be a real date, like 27 3 2026") == 2
    assert '<a href="#on-day">' in answer.text
    assert '<a href="#kind">Select decision</a>' in answer.text
    assert "The day it happened must be given with the time" in answer.text
    assert 'value="31"' in answer.text
    assert "<title>Error: " in answer.text


@on_one_database
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"at-day": "24", "at-month": "11", "at-year": "2026"}, "must be today or in the past"),
        ({"at-day": "1", "at-month": "11"}, "must include a year"),
        ({"at-day": "one", "at-month": "11", "at-year": "2026"}, "must be a real date"),
        ({"at-day": "1", "at-month": "11", "at-year": "2026", "at-time": "noon"}, "must be a real time"),
        ({"note": "x" * 4001}, "must be 4,000 characters or fewer"),
    ],
)
def test_a_wrong_moment_or_a_note_that_is_too_long_is_refused_in_words(
    house: House, typed: dict[str, str], words: str
) -> None:
    """Nothing that cannot be understood is guessed at."""
    case, visitor = new_case(house), practitioner_on(house)
    path = NOTE.format(case)

    answer = visitor.fill(path, path, typed)

    assert answer.status_code == 422
    assert words in answer.text


def test_what_happened_earlier_is_recorded_with_its_own_moment_in_london_time(house: House) -> None:
    """Both moments are kept and shown: when it happened, and when we knew."""
    case, visitor = new_case(house), practitioner_on(house)
    path = NOTE.format(case)
    earlier = {"at-day": "1", "at-month": "7", "at-year": "2026", "at-time": "2:30pm"}

    visitor.fill(path, path, {"note": "Summer", **earlier})
    history = visitor.get(f"/cases/{case}").text.split('id="history"')[1]

    assert "1 July 2026, 2:30pm" in history
    assert 'datetime="2026-07-01T13:30:00+00:00"' in history
    assert "recorded 23 November 2026, 9:30am" in history


def test_a_refusal_of_the_tables_is_shown_in_words_and_nothing_is_lost(house: House) -> None:
    """What the journey does not allow comes back as a sentence above the form."""
    case, visitor = new_case(house), practitioner_on(house)
    path = f"/cases/{case}/record/attempt_made"

    answer = visitor.fill(path, path, {"channel": "phone", "outcome": "reached", "note": "We spoke."})

    assert answer.status_code == 409
    assert "“Log an attempt to make contact” cannot be recorded while the case is intake check" in answer.text
    assert "We spoke." in answer.text


def test_an_entry_that_was_a_mistake_is_taken_back_by_its_number(house: House) -> None:
    """Nothing is edited: the mistake stays visible, and no longer counts."""
    case, visitor = new_case(house), practitioner_on(house)
    note, retract = NOTE.format(case), f"/cases/{case}/record/entry_retracted"
    visitor.fill(note, note, {"note": "About somebody else."})
    number = visitor.hidden(retract, retract)["seen"]

    without = visitor.fill(retract, retract, {"corrects": ""})
    answer = visitor.fill(retract, retract, {"corrects": number})

    assert "Select the entry that was a mistake" in without.text
    assert answer.status_code == 303
    assert "Taken back" in visitor.get(f"/cases/{case}").text


def test_fields_that_the_form_does_not_ask_for_are_not_recorded(house: House) -> None:
    """Nobody sets a state, an owner or a consent by typing its name."""
    case, visitor = new_case(house), practitioner_on(house)
    path = NOTE.format(case)

    visitor.fill(path, path, {"note": "x", "to": "imran", "state": "closed", "reached": "closed", "by": "morgan"})
    page = visitor.get(f"/cases/{case}").text

    assert "Nobody yet" in page
    assert "by Rosa Example" in page
    assert "by Morgan Example" not in page


def test_a_case_that_somebody_took_meanwhile_stays_with_them(house: House) -> None:
    """Two people press the button: one has it, the other is told who."""
    case, rosa = new_case(house), practitioner_on(house)
    imran = practitioner_on(house, rosa.site, "imran")
    path = f"/cases/{case}/take"
    forms = [visitor.hidden("/queue?whose=unassigned", path) for visitor in (rosa, imran)]

    first, second = rosa.send(path, forms[0]), imran.send(path, forms[1])
    repeated = rosa.send(path, forms[0])

    assert first.headers["location"] == f"/queue?taken={case}"
    assert second.status_code == 409
    assert "Rosa Example has this case already." in second.text
    assert repeated.status_code == 303


def test_reading_changes_nothing(house: House) -> None:
    """A link, a preview or a crawler of one's own cannot move a case."""
    case, visitor = new_case(house), practitioner_on(house)
    before = visitor.hidden(NOTE.format(case), NOTE.format(case))["seen"]

    for path in (f"/cases/{case}/take", f"/cases/{case}/record/note_written?note=x&key=y", "/sign-out"):
        visitor.get(path)

    assert visitor.hidden(NOTE.format(case), NOTE.format(case))["seen"] == before
    assert visitor.get("/queue").status_code == 200


@on_one_database
def test_every_event_with_a_form_stands_in_one_group_and_has_a_form_that_opens(house: House) -> None:
    """What the catalogue knows can be found and filled in, without a line of code for each kind."""
    case, visitor = new_case(house), practitioner_on(house)
    named = [name for names in GROUPS.values() for name in names]

    statuses = {
        kind.name: visitor.get(f"/cases/{case}/record/{kind.name}").status_code
        for kind in CATALOGUE.values()
        if kind.opens_form
    }

    assert len(named) == len(set(named))
    assert set(named) <= set(CATALOGUE)
    assert set(statuses.values()) <= {200, 409}
    assert visitor.get(f"/cases/{case}/record/letter_sent").status_code == 404


@on_one_database
def test_characters_no_database_holds_are_refused_and_not_a_fault(house: House) -> None:
    """A NUL, half of a character, and bytes that are not UTF-8."""
    case, visitor = new_case(house), practitioner_on(house)
    path = NOTE.format(case)
    hidden = visitor.hidden(path, path)
    body = "&".join(f"{name}={value}" for name, value in hidden.items())

    statuses = [
        visitor.client.post(
            path, content=f"{body}&note={note}", headers={"Content-Type": "application/x-www-form-urlencoded"}
        ).status_code
        for note in ("a%00b", "a%FFb", "a%ED%A0%80b")
    ]

    assert statuses[0] == 422
    assert all(status < 500 for status in statuses)


def _kinds(visitor: Visitor, case: str) -> list[str]:
    history = visitor.get(f"/cases/{case}").text.split('id="history"')[1]
    return [part.split("</h3>")[0] for part in history.split('<h3 class="moj-timeline__title">')[1:]]


def _hidden_of(html: str, path: str) -> dict[str, str]:
    from tests.edge.web_visitors import _HIDDEN

    part = html.split(f'action="{path}"', 1)[1].split("</form>", 1)[0]
    found: list[tuple[Any, Any]] = _HIDDEN.findall(part)
    return dict(found)
