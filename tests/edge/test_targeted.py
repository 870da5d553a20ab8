"""Holds the second time: found at intake, suggested and not merged, said in both cases, behind walls, and undone."""

from datetime import timedelta
from typing import Any

import pytest

from engine.desk import case_document, open_file
from engine.entries import Actor
from engine.errors import NotFound
from engine.house import House
from engine.intake.receive import receive, receive_many
from engine.targeted import decide_same_victim, other_cases
from engine.walls import as_seen_by, set_up
from store import cases
from tests.conftest import NOW
from tests.edge.consent_records import consent_record, organisation_record
from tests.edge.web_visitors import at, on_one_database, practitioner_on
from workflow.case import Case
from workflow.machine import NotAllowed
from workflow.vocabulary import Role

ROSA, IMRAN = Actor("rosa", Role.PRACTITIONER), Actor("imran", Role.PRACTITIONER)
MORGAN = Actor("morgan", Role.MANAGER)
FORCE = "derbyshire"
# As long as in config/service.toml, where the service chooses it.
PERIOD = 365


def _came(house: House, number: int, make: Any = consent_record, **changes: Any) -> str:
    """The reference of a case of Alex Example, or of whoever the changes make of them, about the n-th crime."""
    own = {
        "submission_id": f"T-{number}",
        "force": FORCE,
        "incident__crime_reference": f"26000{number:06d}/26",
        "incident__occurred_on": f"2026-10-{10 + number}",
    }
    reference = receive(house, make(**{**own, **changes}), FORCE, "opt_in", NOW).case_reference
    assert reference is not None
    return reference


def _case(house: House, reference: str) -> Case:
    with house.reading() as connection:
        key = cases.find(connection, house.service, reference)
        assert key is not None
        return cases.history(connection, house.service, key)


def _names(house: House, reference: str) -> list[str]:
    return [each["action"] for each in open_file(house, reference, MORGAN, NOW).actions]


def _reported(days_before: int) -> dict[str, str]:
    day = (NOW.date() - timedelta(days=days_before)).isoformat()
    return {"incident__reported_on": day, "incident__occurred_on": day}


def test_a_victim_who_comes_again_is_asked_about_and_nothing_is_merged(house: House) -> None:
    first = _came(house, 1)

    second = _came(house, 2)

    assert "victim_harmed_before" in _names(house, second)
    assert "victim_harmed_before" not in _names(house, first)
    assert [(each["case"], each["outcome"]) for each in other_cases(house, second)] == [(first, None)]
    assert _case(house, first).is_open
    assert _case(house, second).enhanced_from is None


@pytest.mark.parametrize(("apart", "asked"), [(1, True), (PERIOD, True), (PERIOD + 1, False)])
def test_only_within_the_period_of_the_service(house: House, apart: int, asked: bool) -> None:
    _came(house, 1, **_reported(apart))

    second = _came(house, 2, **_reported(0))

    assert ("victim_harmed_before" in _names(house, second)) is asked


def test_a_third_time_is_asked_about_with_every_incident_within_the_period(house: House) -> None:
    _came(house, 1, **_reported(PERIOD + 20))
    second = _came(house, 2, **_reported(PERIOD - 20))

    third = _came(house, 3, **_reported(0))

    assert [each["case"] for each in other_cases(house, third)] == [second]


def test_two_cases_of_one_file_are_asked_about_once_and_on_the_later_one(house: House) -> None:
    raws = [
        consent_record(
            submission_id=f"T-{number}",
            force=FORCE,
            incident__crime_reference=f"26000{number:06d}/26",
            incident__occurred_on=f"2026-10-{10 + number}",
        )
        for number in (1, 2, 3)
    ]

    first, second, third = (str(each.case_reference) for each in receive_many(house, raws, FORCE, "opt_in", NOW))

    asked = {name: len(_case(house, name).of("same_victim_suggested")) for name in (first, second, third)}
    assert asked == {first: 0, second: 1, third: 2}


def test_two_records_of_one_incident_and_an_organisation_are_no_second_time(house: House) -> None:
    _came(house, 1)
    twin = _came(house, 1, submission_id="T-1-AGAIN")
    _came(house, 4, organisation_record)
    shop = _came(house, 5, organisation_record)

    assert "victim_harmed_before" not in _names(house, twin) + _names(house, shop)


def test_both_cases_say_so_with_their_clocks_shortened_and_it_can_be_taken_back(house: House) -> None:
    first, second = _came(house, 1, **_reported(0)), _came(house, 2, **_reported(0))
    before = {name: _due(house, name) for name in (first, second)}

    decide_same_victim(house, second, first, "targeted", ROSA, NOW)
    told = {name: _due(house, name) for name in (first, second)}
    decide_same_victim(house, first, second, "different", ROSA, NOW + timedelta(hours=1))

    assert told == {first: "2026-11-24", second: "2026-11-24"}
    assert all(each > "2026-11-24" for each in before.values())
    assert {name: _due(house, name) for name in (first, second)} == before
    for name in (first, second):
        case = _case(house, name)
        assert [event.text("outcome") for event in case.of("same_victim_decided")] == ["targeted", "different"]
        assert {event.text("why") for event in case.of("deadline_moved")} == {"same_victim"}
        assert not case.is_targeted
        assert "victim_harmed_before" not in _names(house, name)


def _due(house: House, reference: str) -> str:
    duties = case_document(house, open_file(house, reference, MORGAN, NOW))["duties"]
    return str(next(each["due_on"] for each in duties if each["rule"] == "rj-information"))


def test_no_case_names_another_in_its_history(house: House) -> None:
    first, second = _came(house, 1), _came(house, 2)
    decide_same_victim(house, second, first, "targeted", ROSA, NOW)

    for mine, other in ((first, second), (second, first)):
        assert other not in str([dict(event.fields) for event in _case(house, mine).history])


def test_whoever_may_not_see_one_of_them_neither_sees_nor_decides(house: House) -> None:
    first, second = _came(house, 1), _came(house, 2)
    set_up(house, first, "rosa", "conflict", MORGAN, NOW)

    seen = as_seen_by(house, "rosa")
    page = practitioner_on(at(house, NOW)).get(f"/cases/{second}").text

    assert other_cases(seen, second) == []
    assert first not in page
    with pytest.raises(NotFound, match="There is no such case"):
        decide_same_victim(seen, second, first, "same", ROSA, NOW)
    assert [each["case"] for each in other_cases(as_seen_by(house, "imran"), second)] == [first]


def test_what_was_never_alike_and_what_is_one_incident_cannot_be_targeted(house: House) -> None:
    first = _came(house, 1)
    twin = _came(house, 1, submission_id="T-1-AGAIN")
    stranger = _came(
        house,
        3,
        victim__given_name="Kit",
        victim__family_name="Sample",
        victim__date_of_birth="1970-01-01",
        victim__phones=[{"number": "07700 900777", "kind": "mobile"}],
        victim__address={"lines": ["7 Elsewhere Row"], "postcode": "ZZ99 7ZZ"},
    )

    with pytest.raises(NotFound):
        decide_same_victim(house, first, stranger, "targeted", ROSA, NOW)
    with pytest.raises(NotAllowed):
        decide_same_victim(house, first, twin, "targeted", ROSA, NOW)
    assert not _case(house, first).is_targeted


@on_one_database
def test_the_page_asks_shows_the_other_case_and_takes_the_answer(house: House) -> None:
    first, second = _came(house, 1), _came(house, 2)
    visitor = practitioner_on(at(house, NOW))

    asked = visitor.get(f"/cases/{second}").text
    answer = {"other": first, "outcome": "targeted"}
    sent = visitor.fill(f"/cases/{second}", f"/cases/{second}/same-victim", answer)
    pages = [visitor.get(f"/cases/{each}").text for each in (first, second)]

    assert f"Case {first}" in asked
    assert "Nothing was merged" in asked
    assert sent.status_code == 303
    assert all("This victim is targeted again and again" in each for each in pages)
    assert second in pages[0]
