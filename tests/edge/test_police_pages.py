"""Proves the officers' side: own force only, one record page by page, a file after a look, and the link for gaps."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.accounts import add_force_key, add_user
from engine.entries import Actor, Entry
from engine.house import House
from engine.intake.receipts import receipt_of
from engine.intake.receive import receive
from engine.officer_rules import OfficerRules
from engine.record import record
from store import cases, officer_work, people
from store.tables import AnswerRow, CompletionLink, Submission
from tests.conftest import NOW, PASSWORD
from tests.edge.consent_records import ABSENT, consent_record
from tests.edge.web_visitors import Visitor, on_one_database
from workflow.vocabulary import Role

PAGES: dict[str, dict[str, Any]] = {
    "officer": {"officer-name": "Officer Example", "officer-email": "officer@example.org"},
    "crime": {"incident-crime_reference": "26000777/26"},
    "days": {
        "incident-reported_on-day": "2", "incident-reported_on-month": "11", "incident-reported_on-year": "2026"
    },
    "who": {"victim-kind": "individual"},
    "name": {"victim-given_name": "Alex", "victim-family_name": "Example"},
    "conditions": {"conditions": "false"},
    "choice": {"consent-informed-who_we_are": "true"},
    "consent": {
        "consent-decision": "yes", "consent-given_by": "self", "consent-method": "phone",
        "consent-given_on-day": "9", "consent-given_on-month": "11", "consent-given_on-year": "2026",
    },
    "scope": {"consent-scope-contact": "true"},
    "reach": {"victim-phones-1-number": "07700 900001"},
    "age": {"characteristics-age": "in-other-words", "characteristics-age-other": "34"},
    "sex": {"characteristics-sex": "prefer_not_to_say"},
    "race": {"characteristics-race": "=W1"},
    "not-asked": {"characteristics-reason_not_asked": "urgent"},
    "risks": {"safety-risks": "none-of-these"},
}  # fmt: skip
"""What an officer types, by page; every other page is left as it is, and a characteristic was not asked."""


def _officer(house: House, user: str = "sergeant", site: Any = None) -> Visitor:
    visitor = Visitor(house, site)
    assert visitor.sign_in(user).status_code == 303
    return visitor


def _send(visitor: Visitor, path: str, form: dict[str, Any] | None = None) -> Any:
    return visitor.send(path, {"form_token": visitor.token(), **(form or {})})


def _walk(visitor: Visitor, changes: dict[str, dict[str, Any]] | None = None, stop: str = "check") -> str:
    """Fill a record in until a page is reached, and give its address."""
    token = visitor.token()
    place = str(visitor.send("/police/records", {"form_token": token}).headers["location"])
    while not place.endswith(f"/{stop}"):
        page = place.rpartition("/")[2]
        typed = {**PAGES, **(changes or {})}.get(page, {})
        asked = re.findall(r'name="(characteristics-[a-z_]+)" type="radio"', visitor.get(place).text)
        left = {name: "not_asked" for name in asked if "reason" not in name and name not in typed}
        answer = visitor.send(place, {"form_token": token, **left, **typed})
        assert answer.status_code == 303, (
            page,
            re.findall(r"error-message[^<]*<[^>]*>[^<]*</span>([^<]*)", answer.text),
        )
        place = str(answer.headers["location"])
    return place


def _taken(house: House, number: str, force: str = "derbyshire", **changes: Any) -> str:
    raw = consent_record(
        **{"force": force, "submission_id": number, "incident__crime_reference": f"26{number}/26", **changes}
    )
    reference = receive(house, raw, force, "opt_in", NOW).case_reference
    assert reference is not None
    return reference


def _link(house: House, visitor: Visitor, number: str) -> str:
    found = visitor.get(f"/police/receipts/{number}?as=json").json()["complete_url"]
    return str(found).removeprefix("https://testserver")


def test_an_officer_sees_their_own_force_and_another_force_is_answered_as_if_there_were_nothing(house: House) -> None:
    """The same page, word for word, for what is another force's and for what never was."""
    add_user(house, "elsewhere", "police", NOW, force="nottinghamshire", password=PASSWORD)
    reference = _taken(house, "A1", consent__decision="no", needs=ABSENT)
    ours = _officer(house)
    theirs = _officer(house, "elsewhere", ours.site)

    seen = [ours.get(f"/police/queries/{reference}.{kind}").status_code for kind in ("refusal", "gaps")]
    listed = ours.get("/police").text
    foreign = [theirs.get(path) for path in ("/police/receipts/A1", f"/police/queries/{reference}.gaps")]
    never = [theirs.get(path) for path in ("/police/receipts/A9", "/police/queries/VC-0000-0000.gaps")]
    plain = [re.sub(r'nonce[-="a-zA-Z0-9_]+|data-left="\d+"', "", each.text) for each in (*foreign, *never)]

    assert seen == [200, 200]
    assert "A1" in listed
    assert reference in listed
    assert [each.status_code for each in (*foreign, *never)] == [404] * 4
    assert plain[:2] == plain[2:]
    assert "A1" not in theirs.get("/police").text
    assert "A1" not in theirs.get("/police/receipts").text


def test_a_receipt_is_a_page_and_json_and_a_spreadsheet(house: House) -> None:
    _taken(house, "A2", needs=ABSENT)
    officer = _officer(house)

    page = officer.get("/police/receipts/A2")
    document = officer.get("/police/receipts/A2?as=json").json()
    book = officer.get("/police/receipts/A2?as=xlsx")

    assert "Taken, with gaps" in page.text
    assert document["submission_id"] == "A2"
    assert {gap["path"] for gap in document["gaps"]} >= {"needs.language", "needs.bsl"}
    assert book.content.startswith(b"PK")


def test_a_refusal_that_is_confirmed_with_what_was_said_moves_the_case(house: House) -> None:
    reference = _taken(house, "A3", consent__decision="no", consent__scope=ABSENT)
    officer = _officer(house)
    address = f"/police/queries/{reference}.refusal"

    bare = _send(officer, address, {"answer": "confirmed"})
    half = _send(officer, address, {"answer": "confirmed", "consent-informed-who_we_are": "true"})
    ticks = ("who_we_are", "what_we_offer", "voluntary", "what_is_shared", "no_effect_on_case", "leaflet_given")
    told = {f"consent-informed-{tick}": "true" for tick in ticks}
    done = _send(officer, address, {"answer": "confirmed", **told})

    assert [bare.status_code, half.status_code] == [422, 422]
    assert "Say what the victim was told before they decided" in bare.text
    assert done.status_code == 200
    with house.reading() as connection:
        key = cases.find(connection, house.service, reference)
        assert key is not None
        case = cases.history(connection, house.service, key)
    assert case.last("refusal_confirmed") is not None
    assert officer.get(address).status_code == 404


def test_a_contact_detail_that_is_refreshed_ends_the_query(house: House) -> None:
    reference = _taken(house, "A4", safety__safe_to=ABSENT)
    officer = _officer(house)
    address = f"/police/queries/{reference}.contact_details"

    done = _send(
        officer, address, {"victim-phones-1-number": "07700 900009", "answer": "filled", "safety-safe_to-phone": "yes"}
    )

    assert done.status_code == 200
    assert officer.get(address).status_code == 404


def test_a_record_filled_in_page_by_page_is_taken_in_as_any_other(house: House) -> None:
    """A yes over the telephone with most left open: a case, a receipt, and three kinds of no answer told apart."""
    officer = _officer(house)
    place = _walk(officer)
    checked = officer.get(place)

    answer = _send(officer, place.replace("/check", "/send"))
    number = answer.headers["location"].rpartition("/")[2]
    receipt = receipt_of(house, "derbyshire", number)
    again = _send(officer, place.replace("/check", "/send"))

    assert checked.status_code == 200
    assert "Not answered" in checked.text
    assert receipt["status"] == "accepted_with_gaps"
    gaps = {gap["path"]: gap["rule"] for gap in receipt["gaps"]}
    assert "incident.contact_conditions" not in gaps
    assert "safety.risks" not in gaps
    assert gaps["characteristics.disability"] == "characteristic-not-asked"
    assert not {"characteristics.age", "characteristics.sex", "characteristics.race"} & gaps.keys()
    assert again.status_code == 404
    with house.reading() as connection:
        key = cases.find(connection, house.service, str(receipt["case_reference"]))
        assert key is not None
        kept = people.characteristics(connection, people.find(connection, house.keyring, key.person_id))
    assert kept["sex"] == ("prefer_not_to_say", None)
    assert kept["race"] == ("answered", "W1")
    assert kept["disability"] == ("not_asked", None)


@on_one_database
def test_what_is_wrong_comes_back_with_what_was_typed_and_a_summary(house: House) -> None:
    """The rule is the intake's: the page has none of its own."""
    officer = _officer(house)
    place = _walk(officer, stop="days")

    answer = _send(
        officer,
        place,
        {"incident-reported_on-day": "31", "incident-reported_on-month": "2", "incident-reported_on-year": "2026"},
    )

    assert answer.status_code == 422
    assert "Enter a real date, like 27 3 2026" in answer.text
    assert 'href="#incident-reported_on-day"' in answer.text
    assert 'value="31"' in answer.text
    assert "<title>Error: " in re.sub(r"\s+", " ", answer.text)


@on_one_database
def test_a_bare_blank_is_no_answer_about_a_characteristic(house: House) -> None:
    officer = _officer(house)
    place = _walk(officer, stop="sex")

    answer = _send(officer, place)

    assert answer.status_code == 422
    assert "Select an answer" in answer.text


@on_one_database
def test_a_victim_under_sixteen_is_asked_for_a_guardian_and_not_for_what_children_are_not_asked(house: House) -> None:
    officer = _officer(house)
    young = {
        "who": {"victim-kind": "child"},
        "born": {
            "victim-date_of_birth-day": "4", "victim-date_of_birth-month": "3", "victim-date_of_birth-year": "2013"
        },
        "guardian": {"victim-guardian-name": "Robin Example"},
    }  # fmt: skip

    checked = officer.get(_walk(officer, young)).text
    alone = _send(officer, _walk(officer, {**young, "guardian": {}}, stop="guardian"))

    assert "sexual orientation" not in checked
    assert "Name of the parent or guardian" in checked
    assert alone.status_code == 422
    assert "the victim is under 16" in alone.text


@on_one_database
def test_a_draft_is_sealed_waits_for_its_officer_alone_and_ends(house: House) -> None:
    add_user(house, "constable", "police", NOW, force="derbyshire", password=PASSWORD)
    officer = _officer(house)
    place = _walk(officer, stop="who")
    draft = place.split("/")[3]
    colleague = _officer(house, "constable", officer.site)

    with house.reading() as connection:
        sealed = officer_work.draft(connection, house.service, draft, "derbyshire", "sergeant", NOW)
    foreign = colleague.get(place)
    back = officer.get("/police").text
    officer.travel_to(NOW + house.officers.draft_lasts + timedelta(hours=1))
    officer.sign_in("sergeant")
    late = officer.get(place)

    assert sealed is not None
    assert b"26000777" not in sealed
    assert foreign.status_code == 404
    assert "Crime 26000777/26" in back
    assert late.status_code == 404


def _file(*numbers: str) -> bytes:
    rows = [
        consent_record(force="derbyshire", submission_id=number, incident__crime_reference=f"26{number}/26")
        for number in numbers
    ]
    return "\n".join(json.dumps(row) for row in rows).encode()


def _upload(officer: Visitor, content: bytes, name: str = "records.jsonl") -> Any:
    return officer.client.post(
        "/police/upload", data={"form_token": officer.token()}, files={"file": (name, content, "text/plain")}
    )


def test_a_file_is_looked_at_first_taken_in_on_a_word_and_not_kept(house: House) -> None:
    officer = _officer(house)

    looked = _upload(officer, _file("U1", "U2"))
    before = officer.get("/police/receipts/U1").status_code
    number = re.search(r"/police/upload/([0-9A-Z]+)\"", looked.text)
    assert number is not None
    answer = _send(officer, f"/police/upload/{number[1]}")
    with house.reading() as connection:
        kept = officer_work.file(connection, house.service, number[1], "derbyshire", "sergeant", NOW)
    receipt = officer.get(answer.headers["location"])

    assert looked.status_code == 200
    assert "This is what would happen" in looked.text
    assert before == 404
    assert kept is not None
    assert kept[0] is None
    assert "<strong>2</strong> received" in receipt.text
    assert officer.get("/police/receipts/U1").status_code == 200
    assert officer.get(f"/police/upload/{number[1]}?as=json").json()["accepted"] == 2
    assert officer.get(f"/police/upload/{number[1]}?as=xlsx").content.startswith(b"PK")


@on_one_database
def test_a_file_that_cannot_be_read_is_refused_and_nothing_waits(house: House) -> None:
    officer = _officer(house)
    small = replace(officer.site.state.house.officers, largest_file=1000)

    found = [
        _upload(officer, b""),
        _upload(officer, b"PK\x03\x04 no workbook", "records.xlsx"),
        _upload(officer, b"{}", "records.exe"),
        _upload(officer, b'column,"never', "../../records.csv"),
    ]
    officer.site.state.house = replace(officer.site.state.house, officers=small)
    found.append(_upload(officer, _file("U3")))

    assert [each.status_code for each in found] == [422] * 5
    assert all("There is a problem" in each.text for each in found)


@on_one_database
def test_a_file_of_somebody_who_is_not_signed_in_is_not_even_read(house: House) -> None:
    stranger = Visitor(house)

    answer = stranger.client.post("/police/upload", files={"file": ("records.jsonl", _file("U4"), "text/plain")})

    assert answer.headers["location"].startswith("/sign-in")


def test_a_link_fills_the_gaps_once_and_shows_nothing_of_the_person(house: House) -> None:
    _taken(house, "L1", needs=ABSENT, victim_personal_statement=ABSENT)
    officer = _officer(house)
    stranger = Visitor(house, officer.site)
    link = _link(house, officer, "L1")

    page = stranger.get(link)
    done = stranger.send(link, {"needs-language": "en", "needs-bsl": "false", "needs-formats": "none-of-these"})
    again = stranger.get(link)

    assert page.status_code == 200
    assert "26L1/26" in page.text
    assert not [word for word in ("Alex", "Nowhere", "ZZ99", "07700", "Officer Example") if word in page.text]
    assert done.status_code == 200
    assert again.status_code == 404
    missing = {gap["path"] for gap in receipt_of(house, "derbyshire", "L1")["gaps"]}
    assert "needs.language" not in missing
    assert "needs.interpreter" in missing


def test_a_link_that_is_wrong_used_or_over_is_answered_alike(house: House) -> None:
    _taken(house, "L2", needs=ABSENT)
    _taken(house, "L3", needs=ABSENT)
    officer = _officer(house)
    stranger = Visitor(house, officer.site)
    used, over = _link(house, officer, "L2"), _link(house, officer, "L3")
    stranger.send(used, {"needs-language": "en"})

    found = [stranger.get(used), stranger.get("/complete/never-was")]
    stranger.travel_to(NOW + house.officers.link_lasts + timedelta(minutes=1))
    found.append(stranger.get(over))
    found += [stranger.send(link, {"needs-language": "cy"}) for link in (used, over, "/complete/never-was")]
    plain = {re.sub(r"nonce[-=\"a-zA-Z0-9_]+|pretends that it is [^.]+", "", each.text) for each in found}

    assert {each.status_code for each in found} == {404}
    assert len(plain) == 1


def test_a_link_never_writes_over_what_is_held(house: House, practitioner: Actor) -> None:
    """Neither what police sent, nor what a practitioner recorded since, however the form was made."""
    reference = _taken(house, "L4", needs=ABSENT, victim_personal_statement=ABSENT)
    officer = _officer(house)
    link = _link(house, officer, "L4")
    needs = Entry("needs_recorded", {"language": "cy", "interpreter": True, "format": "standard"})
    record(house, reference, [needs], actor=practitioner, now=NOW)

    done = Visitor(house, officer.site).send(
        link,
        {
            "needs-language": "en",
            "victim-family_name": "Somebody",
            "victim-email": "other@example.org",
            "consent-decision": "no",
            "victim_personal_statement-offered": "true",
        },
    )

    assert done.status_code == 200
    with house.reading() as connection:
        key = cases.find(connection, house.service, reference)
        assert key is not None
        case = cases.history(connection, house.service, key)
        victim = people.find(connection, house.keyring, key.person_id).document
    last = case.last("needs_recorded")
    assert last is not None
    assert last.text("language") == "cy"
    assert victim["family_name"] == "Example"
    assert len(case.of("consent_recorded")) == 1


@on_one_database
def test_no_link_stands_in_the_database(house: House) -> None:
    """Whoever has a copy of the database has no link: neither in a receipt, nor in an answer that is kept."""
    key = add_force_key(house, "derbyshire", NOW)[1]
    raw = consent_record(force="derbyshire", submission_id="L5", needs=ABSENT)
    visitor = Visitor(house)
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "once"}

    first = visitor.client.post("/api/v1/consent-records", json=raw, headers=headers).json()
    second = visitor.client.post("/api/v1/consent-records", json=raw, headers=headers).json()
    token = first["complete_url"].rpartition("/")[2]
    with house.database.connect() as connection:
        tables = (AnswerRow, Submission, CompletionLink)
        dump = str([tuple(row) for table in tables for row in connection.execute(select(table))])

    assert first == second
    assert Visitor(house, visitor.site).get(f"/complete/{token}").status_code == 200
    assert token not in dump


def test_the_rules_of_the_officers_side_have_no_number_of_their_own() -> None:
    """What the file does not say, nobody says: without it nothing waits and nothing is taken."""
    assert OfficerRules().largest_file == 0
    assert OfficerRules().chases == ()


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.MANAGER])
@on_one_database
def test_nobody_else_comes_to_the_pages_of_the_police(house: House, role: Role) -> None:
    visitor = _officer(house, "rosa" if role is Role.PRACTITIONER else "morgan")

    assert {visitor.get(path).status_code for path in ("/police", "/police/upload", "/police/queries")} == {403}
