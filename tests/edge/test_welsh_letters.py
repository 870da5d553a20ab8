"""Proves that a Welsh letter is in Welsh throughout, and waits until a Welsh speaker has checked its very words."""

import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.checking_words import check_words, translated_words
from engine.delivery.pdf import pdf
from engine.entries import Actor, Entry
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.letter_facts import day_in_words
from engine.letters_by_hand import ask_for_letter, text_to_finish
from engine.post import approve, preview, release
from engine.record import record
from engine.words import Words, plain_text
from tests.conftest import NOW
from tests.edge.faults.town import ROSA, kept_letter, only_letter, ready, take_in
from tests.edge.test_pdf import FIRST_FOLD, SHOWS, words_of
from tests.edge.test_words import FOLDER, KINDS, facts_of
from workflow.permissions import NotPermitted
from workflow.vocabulary import Role

pytest_plugins = ["tests.edge.faults.fixtures"]

MORGAN = Actor("morgan", Role.MANAGER)
WELSH = [(code, form) for code, kind in KINDS.items() if "cy" in kind.languages for form in kind.formats]
TELLING = re.compile(
    "trosedd|heddlu|dioddefw|llys|cyfiawnder|ieuenctid|adferol|plentyn|plant|niwed|swyddogol|prawf", re.IGNORECASE
)
ENGLISH = re.compile(r"\b(the|and|you|your|with|page|reference|sincerely|dear|number|return to)\b", re.IGNORECASE)
SAID = {
    "service_name": "Gwasanaeth Cyfiawnder Ieuenctid Enghraifft",
    "worker_title": "Ymarferydd cyfiawnder adferol",
    "office_hours": "Dydd Llun i ddydd Gwener, 9am i 5pm",
    "letter_date": "22 Tachwedd 2026",
}


@pytest.fixture
def wales(town: House) -> House:
    """The town with the letters of the service itself."""
    return replace(town, words=Words(FOLDER))


def _in_welsh(wales: House) -> tuple[str, str]:
    """A case whose victim reads Welsh: its reference and the first letter."""
    reference = take_in(wales, 1, NOW)
    needs = Entry("needs_recorded", {"language": "cy", "format": "standard"})
    record(wales, reference, [needs, Entry("triage_completed")], actor=ROSA, now=NOW)
    return reference, only_letter(wales, reference).letter_id


def _reasons(wales: House, letter_id: str) -> list[str]:
    return [reason["code"] for reason in kept_letter(wales, letter_id).decision["reasons"]]


def _check(wales: House, code: str = "L01") -> None:
    check_words(wales, code, "cy", "Ffion Example", NOW.date(), MORGAN, NOW)


@pytest.mark.parametrize(("code", "form"), WELSH)
def test_a_welsh_letter_has_no_english_word_of_ours_in_it(code: str, form: str) -> None:
    facts = {name: SAID.get(name, value) for name, value in facts_of(KINDS[code]).items()}

    html = Words(FOLDER).render(code, "cy", form, facts)

    words = " ".join(plain_text(html).replace(facts["return_address"], "").split())
    assert '<html lang="cy">' in html
    assert f"Annwyl {facts['salutation']}," in words
    assert re.search("newid (eich meddwl|dy feddwl) unrhyw bryd", words)
    assert ENGLISH.findall(words) == []
    assert "Tudalen" in html
    _has_only_the_address_in_the_window(pdf(html), facts)


def _has_only_the_address_in_the_window(made: bytes, facts: dict[str, str]) -> None:
    top, bottom, left = SHOWS
    upper = words_of(made)
    shown = [w.text for w in upper if w.bottom > top and w.top < bottom and w.left < left]
    address = f"{facts['addressee']} {facts['address']}".split()
    assert shown == ["Dychwelyd", "i", *facts["return_address"].split(), *address]
    assert [word.text for word in upper if word.top < FIRST_FOLD and TELLING.search(word.text)] == []


def test_days_are_in_the_language_of_the_letter() -> None:
    assert [day_in_words(NOW.date().replace(month=month, day=1), "cy").split()[1] for month in (2, 5, 8)] == [
        "Chwefror",
        "Mai",
        "Awst",
    ]


def test_welsh_words_that_nobody_checked_hold_the_letter_and_a_check_lets_it_go(wales: House) -> None:
    _, letter_id = _in_welsh(wales)
    assert _reasons(wales, letter_id) == ["words_unchecked"]
    assert "Welsh speaker" in kept_letter(wales, letter_id).decision["reasons"][0]["words"]

    _check(wales)

    approve(wales, letter_id, ROSA, NOW)
    assert release(wales, NOW, "clock").sent == (letter_id,)
    page = preview(wales, letter_id, NOW).html
    assert "Annwyl" in page
    assert "Dydd Llun i ddydd Gwener" in page


def test_a_change_of_the_template_voids_the_check(wales: House, tmp_path: Path) -> None:
    _, letter_id = _in_welsh(wales)
    _check(wales)
    shutil.copytree(FOLDER, tmp_path / "own")
    place = tmp_path / "own" / "letterhead_cy.html"
    place.write_text(place.read_text().replace("Yn gywir", "Yn ddiffuant"))
    changed = replace(wales, words=Words(tmp_path / "own"))

    states = {each.kind: each.state for each in translated_words(changed) if each.language == "cy"}

    assert (states["L01"], states["L02"], states["L07"]) == ("changed", "unchecked", "missing")
    with pytest.raises(Exception, match="checked by a Welsh speaker"):
        approve(changed, letter_id, ROSA, NOW)


def test_the_text_to_finish_by_hand_is_english_throughout(wales: House) -> None:
    _, letter_id = _in_welsh(wales)

    text = plain_text(text_to_finish(wales, letter_id, NOW))

    assert "Dear " in text
    assert "Monday to Friday" in text


def test_a_letter_without_welsh_words_is_held_as_before(wales: House) -> None:
    reference, _ = _in_welsh(wales)

    letter_id = ask_for_letter(wales, reference, "L17", ROSA, NOW)

    assert _reasons(wales, letter_id) == ["language_not_met"]


def test_what_the_service_never_said_in_welsh_holds_the_letter_and_is_named(wales: House) -> None:
    without = replace(wales, settings=replace(wales.settings, letter_facts_in={}))

    _, letter_id = _in_welsh(without)

    document = kept_letter(without, letter_id).decision
    named = {reason["code"] for reason in document["reasons"]}
    assert {"fact.office_hours", "fact.worker_title", "fact.service_name"} <= named


def test_a_check_has_a_name_a_day_that_has_come_and_a_manager(wales: House) -> None:
    with pytest.raises(WrongInput):
        check_words(wales, "L01", "cy", " ", NOW.date(), MORGAN, NOW)
    with pytest.raises(WrongInput):
        check_words(wales, "L01", "cy", "Ffion Example", NOW.date() + timedelta(days=1), MORGAN, NOW)
    with pytest.raises(NotFound):
        check_words(wales, "L17", "cy", "Ffion Example", NOW.date(), MORGAN, NOW)
    with pytest.raises(NotPermitted):
        check_words(wales, "L01", "cy", "Ffion Example", NOW.date(), ROSA, NOW)


def test_a_letter_for_somebody_who_reads_english_needs_no_check(wales: House) -> None:
    letter_id = only_letter(wales, ready(wales, 2, NOW)).letter_id

    assert "words_unchecked" not in _reasons(wales, letter_id)
