"""Holds the interface for police: what is taken, what is refused and how, and that nothing sent is ever repeated."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.accounts import add_force_key, revoke_force_key
from engine.house import House
from tests.conftest import NOW
from tests.edge.consent_records import consent_record
from tests.edge.web_visitors import at, on_one_database, practitioner_on
from web.app import build

RECORDS = "/api/v1/consent-records"
QUERIES = "/api/v1/queries"
CANARY = "Zqxcanary-77"


class Force:
    """The system of a force, with its key."""

    def __init__(self, house: House, force: str = "derbyshire", site: Any = None) -> None:
        self.key_id, self.key = add_force_key(house, force, NOW)
        self.site = site or build(at(house, NOW))
        self.client = TestClient(self.site, base_url="https://testserver")
        self.client.headers["Authorization"] = f"Bearer {self.key}"

    def send(self, record: Any, **headers: str) -> Any:
        body = record if isinstance(record, bytes) else json.dumps(record).encode()
        return self.client.post(RECORDS, content=body, headers={"Content-Type": "application/json", **headers})


def _record(**changes: Any) -> dict[str, Any]:
    return consent_record(**{"force": "derbyshire", **changes})


def test_a_record_is_taken_once_and_its_receipt_can_be_read_again(house: House) -> None:
    """201 with a receipt; the same again 200; its receipt under its own number."""
    force = Force(house)

    first, again = force.send(_record()), force.send(_record())
    kept = force.client.get(f"{RECORDS}/TST-2026-000001")

    receipt = first.json()
    assert (first.status_code, again.status_code, kept.status_code) == (201, 200, 200)
    assert receipt["status"] == "accepted"
    assert receipt["case_reference"].startswith("VC-")
    assert receipt["completeness"] == {"characteristics": 1.0, "informed_choice": 1.0}
    assert again.json() == {**receipt, "status": "duplicate"}
    assert kept.json() == receipt


def test_a_known_number_with_other_content_needs_a_reason_that_allows_it(house: House) -> None:
    """409 as a new record, 201 as an update."""
    force = Force(house)
    force.send(_record())

    changed = force.send(_record(victim__known_as="Al"))
    update = force.send(_record(victim__known_as="Al", reason="update"))

    assert changed.status_code == 409
    assert [error["rule"] for error in changed.json()["errors"]] == ["submission-id-reused"]
    assert update.status_code == 201


def test_a_record_with_gaps_is_taken_and_says_what_is_missing(house: House) -> None:
    """A gap never stops a record."""
    answer = Force(house).send(_record(characteristics={}))

    assert answer.status_code == 201
    assert answer.json()["status"] == "accepted_with_gaps"
    assert all(set(gap) == {"path", "rule", "remedy"} for gap in answer.json()["gaps"])


@on_one_database
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"force": "a", "force": "b"}',
        b'{"submission_id": NaN}',
        b"\xff\xfe",
        b'"' + CANARY.encode() + b'"',
        json.dumps({CANARY: CANARY}).encode(),
        json.dumps({"victim": {"given_name": [CANARY], CANARY: 1}, "consent": CANARY}).encode(),
        json.dumps(
            _record(consent__decision=CANARY, victim__date_of_birth=CANARY, submission_id=CANARY + " !")
        ).encode(),
        json.dumps(_record(force="nottinghamshire", victim__family_name=CANARY)).encode(),
    ],
)
def test_what_cannot_be_taken_is_a_problem_with_remedies_and_repeats_nothing(house: House, body: bytes) -> None:
    """422 as problem+json; a value that was sent stands neither in it nor in any header."""
    answer = Force(house).send(body)

    problem = answer.json()
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == 422
    assert problem["errors"]
    assert all(set(error) == {"path", "rule", "remedy"} for error in problem["errors"])
    assert CANARY not in answer.text + str(dict(answer.headers))


def test_a_key_opens_the_interface_of_its_own_force_only_and_until_it_is_revoked(house: House) -> None:
    """No key, a made-up one, a session of the pages, another force's number, and a revoked key."""
    force = Force(house)
    other = Force(house, "nottinghamshire", force.site)
    force.send(_record())
    visitor = practitioner_on(house, force.site, "sergeant")

    foreign = other.client.get(f"{RECORDS}/TST-2026-000001")
    unknown = other.client.get(f"{RECORDS}/{CANARY}")
    by_session = visitor.get(f"{RECORDS}/TST-2026-000001")
    made_up = [
        force.client.get(f"{RECORDS}/TST-2026-000001", headers={"Authorization": header}).status_code
        for header in ("", "Bearer", "Bearer made-up", f"Basic {force.key}", f"Bearer {force.key[:-1]}")
    ]
    revoke_force_key(house, force.key_id, NOW)
    revoked = force.client.get(f"{RECORDS}/TST-2026-000001")

    assert (foreign.status_code, foreign.json()) == (404, unknown.json())
    assert CANARY not in unknown.text
    assert by_session.status_code == 401
    assert made_up == [401] * 5
    assert revoked.status_code == 401
    assert revoked.headers["www-authenticate"] == "Bearer"
    assert revoked.headers["content-type"] == "application/problem+json"


@on_one_database
def test_only_json_is_taken_and_only_so_much_of_it(house: House) -> None:
    """415 and 413, as problems."""
    force = Force(house)

    other_kinds = [
        force.send(_record(), **{"Content-Type": kind})
        for kind in ("text/plain", "application/x-www-form-urlencoded", "text/json")
    ]
    large = force.send(b" " * (1024 * 1024 + 1))
    longer_than_said = force.client.post(
        RECORDS, content=iter([b" " * 600_000] * 2), headers={"Content-Type": "application/json"}
    )

    assert {answer.status_code for answer in other_kinds} == {415}
    assert (large.status_code, longer_than_said.status_code) == (413, 413)
    for answer in (*other_kinds, large, longer_than_said):
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_method_or_an_address_that_is_not_there_is_a_problem_too(house: House) -> None:
    """Also below the interface every refusal speaks problem+json."""
    force = Force(house)

    answers = [force.client.delete(RECORDS), force.client.get("/api/v1/nothing-here")]

    assert [answer.status_code for answer in answers] == [405, 404]
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}


@on_one_database
def test_the_description_tells_every_call_and_every_answer(house: House) -> None:
    """OpenAPI 3 with the calls there are, the key, and each status they give; no page and no model of the framework."""
    description = TestClient(build(house), base_url="https://testserver").get("/openapi.json").json()

    paths = description["paths"]
    send, read = paths[RECORDS]["post"], paths[RECORDS + "/{submission_id}"]["get"]
    ours = {RECORDS, RECORDS + "/batch", RECORDS + "/{submission_id}", QUERIES, QUERIES + "/{query_id}/answer"}
    assert set(paths) == {*ours, "/healthz", "/readyz", "/metrics"}
    assert set(send["responses"]) == {"200", "201", "401", "403", "409", "413", "415", "422", "500", "503"}
    assert set(read["responses"]) == {"200", "401", "403", "404", "500", "503"}
    assert all(call["security"] == [{"forceKey": []}] for path in ours for call in paths[path].values())
    assert description["components"]["securitySchemes"]["forceKey"] == {"type": "http", "scheme": "bearer"}
    assert not {"HTTPValidationError", "ValidationError"} & set(description["components"]["schemas"])
    named = {part.rsplit("/", 1)[1] for part in _references(description)}
    assert named <= set(description["components"]["schemas"])


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if "$ref" in part else []
        return own + [found for inner in part.values() for found in _references(inner)]
    return [found for inner in part for found in _references(inner)] if isinstance(part, list) else []
