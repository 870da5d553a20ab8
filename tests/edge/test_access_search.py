"""Holds the search: what finds a case, what is never shown, that no word of it is kept, and that it stays quick."""

import time
from typing import Any

import pytest
from sqlalchemy import text

from engine.contact_details import give_point
from engine.entries import Actor
from engine.errors import WrongInput
from engine.house import House
from engine.intake.receive import receive
from engine.reading_log import deeds_done
from engine.search_keys import asked_words, kept_words, make_missing, name_words, phone_form, sounds
from engine.searching import MOST, Asked, search
from store.bulk import add_rows
from store.tables import VictimCase
from tests.conftest import NOW
from tests.edge.consent_records import child_record, organisation_record
from tests.edge.test_access_matrix import give
from tests.edge.web_visitors import new_case, on_one_database, practitioner_on
from workflow.vocabulary import Role

ROSA, MORGAN = Actor("rosa", Role.PRACTITIONER), Actor("morgan", Role.MANAGER)


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("Stephen", "Steven"),
        ("Catherine", "Kathryn"),
        ("Mohammed", "Muhammad"),
        ("Smith", "Smyth"),
        ("Siân", "sian"),
        ("O'Brien", "O Brien"),
        ("O’Brien", "obrien"),
        ("McDonald", "Mc Donald"),
        ("MacLeod", "Leod"),
        ("Brontë-Smythe", "bronte smith"),
        ("Ŵyn", "wyn"),
    ],
)
def test_names_that_sound_alike_share_a_sound(kept: str, typed: str) -> None:
    """Each word that is typed sounds like one that is kept."""
    heard = {sound for word in kept_words(kept) for sound in sounds(word)}

    assert asked_words(typed)
    assert all(sounds(word) & heard for word in asked_words(typed))


@pytest.mark.parametrize("given", ["07700 900001", "+44 7700 900001", "0044 7700 900001", "+44 (0)7700 900-001"])
def test_a_number_is_the_same_however_it_is_written(given: str) -> None:
    """With the country or without, with spaces or not; a few digits are no number."""
    assert phone_form(given) == "447700900001"
    assert phone_form(given[:5]) == ""
    assert name_words("12 <b>") == ["b"]


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "Steven Obrien"},
        {"name": "brien stephen"},
        {"phone": "+447700900001"},
        {"crime_reference": "26000000001 26"},
        {"born-day": "4", "born-month": "3", "born-year": "1992"},
        {"name": "steven", "phone": "07700 900001"},
    ],
)
@on_one_database
def test_a_case_is_found_by_what_is_known_of_it_and_not_by_what_does_not_fit(
    house: House, asked: dict[str, str]
) -> None:
    """On the page, by a form; a case has to fit everything."""
    case, visitor = _stephen(house), practitioner_on(house)

    found = visitor.fill("/search", "/search", asked)
    not_found = visitor.fill("/search", "/search", {**asked, "crime_reference": "99/26"})

    assert case in found.text
    assert "1 case found" in found.text
    assert case not in not_found.text
    assert "Nothing found" in not_found.text


def test_a_parent_an_organisation_and_a_new_number_are_found_too(house: House) -> None:
    """Whoever rings may be none of those whose name stands on the case; a number that was replaced leads nowhere."""
    child = receive(house, _sent(child_record(), "S-2"), "derbyshire", "opt_in", NOW).case_reference
    shop = receive(house, _sent(organisation_record(), "S-3"), "derbyshire", "opt_in", NOW).case_reference
    case = _stephen(house)
    give_point(house, case, "phone", {"number": "07700 900777", "kind": None}, "victim", ROSA, NOW)

    def found(**asked: Any) -> list[str]:
        return [hit.reference for hit in search(house, Asked(**asked), "", ROSA, NOW).hits]

    assert found(name="Robin Example") == [child]
    assert found(phone="07700900002") == [child]
    assert found(name="Example Stores") == [shop]
    assert found(name="Kim") == [shop]
    assert found(phone="07700 900777") == [case]
    assert case not in found(phone="07700 900001")
    assert found(reference=case.lower().replace("-", " ")) == [case]


def test_a_colleagues_case_is_found_without_the_name(house: House) -> None:
    """Whoever rings can be told who calls back; more is shown only for a reason."""
    case = _stephen(house)
    give(house, case, "imran")
    rosa, morgan = practitioner_on(house), practitioner_on(house, user="morgan")

    hers = rosa.fill("/search", "/search", {"name": "steven"}).text.split("Search again")[0]
    theirs = morgan.fill("/search", "/search", {"name": "steven", "purpose": "supervision"}).text

    assert case in hers
    assert "Imran Example" in hers
    assert "Stephen" not in hers
    assert "Stephen" in theirs.split("Search again")[0]


def test_a_manager_says_why_they_look_for_a_person(house: House) -> None:
    """A reference needs no reason; a person does."""
    case = _stephen(house)

    with pytest.raises(WrongInput, match="purpose: Select why"):
        search(house, Asked(name="Stephen"), "", MORGAN, NOW)
    found = search(house, Asked(reference=case), "", MORGAN, NOW)

    assert [hit.reference for hit in found.hits] == [case]


def test_what_is_looked_for_is_logged_by_its_kind_and_never_by_its_words(house: House) -> None:
    """Who, when, which kinds of things, how many found: and no name, number or day anywhere in the database."""
    _stephen(house)
    visitor = practitioner_on(house)

    answer = visitor.fill("/search", "/search", {"name": "Zebedee Quillfeather", "phone": "07700 900123"})
    said = deeds_done(house, MORGAN, 1)[0]
    with house.writing() as connection:
        kept = str(connection.execute(text("SELECT * FROM access_deed")).all())

    assert str(answer.url).endswith("/search")
    assert (said.by, said.deed, said.detail) == ("rosa", "searched", "name+phone, found 0")
    assert "Zebedee" not in kept
    assert "900123" not in kept


@on_one_database
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Enter at least one thing to look for"),
        ({"name": "?"}, "Enter a name with at least two letters"),
        ({"name": "x" * 200}, "Use 100 characters or fewer"),
        ({"phone": "12"}, "Enter the whole telephone number"),
        ({"crime_reference": "//"}, "Enter a crime reference"),
        ({"reference": "--"}, "Enter a case reference"),
        ({"born-day": "31", "born-month": "2", "born-year": "1990"}, "Date of birth must be a real date"),
        ({"born-day": "1", "born-month": "2", "born-year": "2999"}, "Date of birth must be between"),
    ],
)
def test_what_cannot_be_looked_for_is_said_in_a_sentence_and_stays_in_the_form(
    house: House, typed: dict[str, str], words: str
) -> None:
    """At the field and in the summary; nothing typed is lost."""
    answer = practitioner_on(house).fill("/search", "/search", typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert all(f'value="{value}"' in answer.text for value in typed.values() if "?" not in value)


def test_a_service_that_comes_from_an_older_release_finds_its_cases(house: House) -> None:
    """What they are found by is made when the tables are brought up to date."""
    case = _stephen(house)
    with house.writing() as connection:
        connection.execute(text("DELETE FROM search_key"))
    before = search(house, Asked(name="Stephen"), "", ROSA, NOW).hits

    with house.writing() as connection:
        make_missing(connection, house.service, house.keyring, NOW.date())

    assert before == []
    assert [hit.reference for hit in search(house, Asked(name="Stephen"), "", ROSA, NOW).hits] == [case]


def test_no_more_than_a_page_is_shown_and_it_says_that_there_is_more(house: House) -> None:
    """Fifty strangers' names are no answer; another detail is."""
    for number in range(MOST + 2):
        new_case(house, submission_id=f"P-{number}", incident__crime_reference=f"P{number}/26")

    found = search(house, Asked(name="Alex Example"), "", ROSA, NOW)

    assert (len(found.hits), found.has_more) == (MOST, True)


@pytest.mark.slow
def test_a_name_is_found_quickly_among_fifty_thousand_cases(house: House) -> None:
    """By index: the median of twenty searches stays below a tenth of a second."""
    case = _stephen(house)
    with house.writing() as connection:
        person = connection.execute(text("SELECT person_id FROM victim_case")).scalar_one()
        numbers = range(100_000, 150_000)
        add_rows(
            connection,
            VictimCase,
            [
                {
                    "case_id": number,
                    "service_id": house.service,
                    "reference": f"VC-X{number}",
                    "person_id": person,
                    "force": "derbyshire",
                    "crime_reference": f"{number}/26",
                    "version": 0,
                }
                for number in numbers
            ],
        )
        _many_keys(connection, house.service, numbers)

    taken, found = [], set()
    for _ in range(20):
        began = time.perf_counter()
        hits = search(house, Asked(name="Steven O'Brien"), "", ROSA, NOW).hits
        taken.append(time.perf_counter() - began)
        found |= {hit.reference for hit in hits}

    assert found == {case}
    assert sorted(taken)[10] < 0.1


def _many_keys(connection: Any, service: str, numbers: range) -> None:
    from store.searching import add_first

    add_first(connection, service, ((number, [f"{number}-{which}" for which in range(8)]) for number in numbers))


def _stephen(house: House) -> str:
    return new_case(house, victim__given_name="Stephen", victim__family_name="O'Brien")


def _sent(raw: dict[str, Any], number: str) -> dict[str, Any]:
    return {
        **raw,
        "force": "derbyshire",
        "submission_id": number,
        "incident": {**raw["incident"], "crime_reference": f"{number}/26"},
    }
