"""Holds what the service asks a force, and that the officer's answer moves the case through the one door."""

from typing import Any

import pytest

from engine.house import House
from store import cases, people
from tests.conftest import NOW
from tests.edge.consent_records import child_record, consent_record
from tests.edge.faults.soundness import faults
from tests.edge.test_api_consent_records import CANARY, QUERIES, RECORDS, Force
from tests.edge.web_visitors import on_one_database
from workflow.case import Case

_TICKS = ("who_we_are", "what_we_offer", "voluntary", "what_is_shared", "no_effect_on_case", "leaflet_given")
_LATER = "2026-11-21T09:00:00Z"
INFORMED = dict.fromkeys(_TICKS, True)


def _refusal(**changes: Any) -> dict[str, Any]:
    return consent_record(
        **{
            "force": "derbyshire",
            "consent__decision": "no",
            "consent__scope": {},
            "consent__refusal_reason": "too_upset",
            **changes,
        }
    )


def _asked(force: Force, kind: str) -> dict[str, Any]:
    (query,) = (each for each in force.client.get(QUERIES).json()["queries"] if each["kind"] == kind)
    found: dict[str, Any] = query
    return found


def _answer(force: Force, query: dict[str, Any], **answer: Any) -> Any:
    return force.client.post(f"{QUERIES}/{query['query_id']}/answer", json=answer)


def _case(house: House) -> Case:
    with house.reading() as connection:
        ((_, case),) = cases.histories(connection, house.service)
    return case


def test_a_refusal_is_confirmed_by_the_officer_and_the_case_closes(house: House) -> None:
    force = Force(house)
    force.send(_refusal())
    query = _asked(force, "refusal")

    vague = _answer(force, query, answer="confirmed")
    half = _answer(force, query, answer="confirmed", informed={"who_we_are": True})
    whole = _answer(force, query, answer="confirmed", informed=INFORMED)

    assert (vague.status_code, half.status_code, whole.status_code) == (422, 409, 200)
    case = _case(house)
    assert (case.state, case.history[-1].kind, case.history[-1].by) == (
        "closed",
        "refusal_confirmed",
        "feed:derbyshire",
    )
    assert force.client.get(QUERIES).json()["queries"] == []
    assert _answer(force, query, answer="confirmed", informed=INFORMED).status_code == 404


def test_a_refusal_of_a_child_needs_safeguarding_first(house: House) -> None:
    force = Force(house)
    force.send(child_record(force="derbyshire", consent__decision="no", consent__scope={}))
    query = _asked(force, "refusal")

    without = _answer(force, query, answer="confirmed", informed=INFORMED)
    checked = _answer(force, query, answer="confirmed", informed=INFORMED, safeguarding_checked=True)

    assert (without.status_code, checked.status_code) == (409, 200)


def test_a_choice_that_was_not_informed_is_asked_again_and_may_become_a_yes(house: House) -> None:
    """The officer says so, asks the victim, and sends the new answer under the same query or as a record."""
    force = Force(house)
    force.send(_refusal())
    query = _asked(force, "refusal")

    assert _answer(force, query, answer="not_informed").status_code == 200
    assert _case(house).history[-1].kind == "officer_found_uninformed"
    force.send(consent_record(force="derbyshire", reason="re_ask", consent__given_on="2026-11-20", submitted_at=_LATER))

    assert _case(house).states["consent"] == "renewed"


def test_gaps_are_filled_bit_by_bit_and_the_receipt_says_what_is_still_missing(house: House) -> None:
    force = Force(house)
    sent = force.send(
        consent_record(
            force="derbyshire", needs={}, station="Example Road", safety__preferred_channel=None, characteristics={}
        )
    ).json()
    query = _asked(force, "gaps")
    assert {each["path"] for each in query["missing"]} == {each["path"] for each in sent["gaps"]}

    first = _answer(force, query, answer="filled", record={"needs": {"language": "cy", "interpreter": False}}).json()
    answers = {name: {"status": "prefer_not_to_say"} for name in ("sex", "race")}
    second = _answer(force, query, answer="filled", record={"characteristics": {**answers, "asked_by": "PC 1"}}).json()
    receipt = force.client.get(f"{RECORDS}/{sent['submission_id']}").json()

    paths = [each["path"] for each in first["gaps"]]
    assert "needs.language" not in paths
    assert "needs.bsl" in paths
    assert "characteristics.sex" not in [each["path"] for each in second["gaps"]]
    assert [each["path"] for each in receipt["gaps"]] == [each["path"] for each in second["gaps"]]
    case = _case(house)
    assert case.of("needs_recorded")[-1].text("language") == "cy"
    assert len(case.of("consent_recorded")) == 1
    assert faults(house, NOW) == []


def test_what_is_filled_in_later_takes_nothing_away_that_was_known(house: House) -> None:
    """A new telephone number: name, address and characteristics stay; only the phone is given anew."""
    force = Force(house)
    force.send(consent_record(force="derbyshire", needs={}))
    query = _asked(force, "gaps")

    answer = _answer(force, query, answer="filled", record={"victim": {"phones": [{"number": "07700 900999"}]}})

    assert answer.status_code == 200
    with house.reading() as connection:
        ((key, _),) = cases.histories(connection, house.service)
        victim = people.find(connection, house.keyring, key.person_id)
        points = people.contact_points(connection, victim, NOW.date())
        kept = people.characteristics(connection, victim)
    assert victim.document["given_name"] == "Alex"
    assert [value["number"] for channel, value in points if channel == "phone"] == ["07700 900999"]
    assert sum(channel == "post" for channel, _ in points) == 1
    assert kept["sex"] == ("answered", "female")


@on_one_database
@pytest.mark.parametrize(
    ("answer", "path"),
    [
        ({}, "answer"),
        ({"answer": "yes"}, "answer"),
        ({"answer": "confirmed"}, "answer"),
        ({"answer": "filled"}, "record"),
        ({"answer": "filled", "record": {}}, "record"),
        ({"answer": "filled", "record": {"submission_id": CANARY}}, "record.submission_id"),
        ({"answer": "filled", "record": {"incident": {"crime_reference": CANARY}}}, "record.incident.crime_reference"),
        ({"answer": "filled", "record": {"consent": {"decision": CANARY}}}, "record.consent.decision"),
        ({"answer": "filled", "record": {"needs": {"language": CANARY + " !"}}}, None),
        ({"answer": "filled", "extra": CANARY, "record": {"station": "A"}}, "extra"),
    ],
)
def test_an_answer_that_cannot_be_taken_names_place_and_remedy_and_repeats_nothing(
    house: House, answer: dict[str, Any], path: str | None
) -> None:
    force = Force(house)
    force.send(consent_record(force="derbyshire", needs={}))
    before = len(_case(house).history)

    said = _answer(force, _asked(force, "gaps"), **answer)

    assert CANARY not in said.text
    if path is None:
        assert "needs.language" in [gap["path"] for gap in said.json()["gaps"]]
    else:
        assert said.status_code == 422
        assert path in [error["path"] for error in said.json()["errors"]]
        assert len(_case(house).history) == before


def test_a_force_is_asked_about_its_own_victims_only_and_no_query_names_anybody(house: House) -> None:
    force = Force(house)
    other = Force(house, "nottinghamshire", force.site)
    force.send(_refusal(victim__family_name=CANARY.lower()))
    query = _asked(force, "refusal")

    assert other.client.get(QUERIES).json() == {"queries": [], "next": None}
    assert _answer(other, query, answer="not_informed").status_code == 404
    assert CANARY.lower() not in force.client.get(QUERIES).text.lower()
    assert force.client.get(QUERIES, params={"after": query["case_reference"]}).json()["queries"] == []
    assert other.client.get(QUERIES, params={"after": query["case_reference"]}).status_code == 404


def test_a_victim_without_a_safe_way_is_asked_about(house: House) -> None:
    force = Force(house)
    force.send(consent_record(force="derbyshire", safety__safe_to={"post": "no"}))
    query = _asked(force, "contact_details")

    said = _answer(force, query, answer="filled", record={"safety": {"safe_to": {"phone": "yes"}}})

    assert said.status_code == 200
    assert "contact_details" not in [each["kind"] for each in force.client.get(QUERIES).json()["queries"]]


def test_the_same_answer_twice_in_one_moment_is_taken_twice(house: House) -> None:
    """A system that sends again at once is answered, and nothing breaks."""
    force = Force(house)
    force.send(consent_record(force="derbyshire", needs={}))
    query = _asked(force, "gaps")

    answers = [_answer(force, query, answer="filled", record={"needs": {"language": "en"}}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert faults(house, NOW) == []
