"""Sends the interface records that were spoiled in every way we know, and holds what every answer must be."""

import json
import logging
import random
import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.accounts import add_force_key
from engine.house import House
from engine.intake.importing import COUNTED, import_records
from store import cases
from tests.conftest import NOW
from tests.edge.consent_records import child_record, consent_record, organisation_record, withdrawal_record
from tests.edge.web_visitors import at, on_one_database
from web.app import build
from workflow.case import Case
from workflow.consent import agreed

CANARY = "Zqxcanary"
"""Stands in every text of every record that is not a code, so that whatever is repeated can be told."""

_NAMED = {"title", "given_name", "family_name", "known_as", "name", "contact_name", "lines", "notes", "note", "station"}
_LIKE_YES: tuple[Any, ...] = (
    *("Yes", "YES", " yes ", "yes\u200b", "\u0443es", "y\u0435s", "ye\u017f", "y", "Y", "N", "n", "true", "on", "off"),
    *("1", "0", 1, 0, True, False, None, "", [], ["yes"], {"yes": True}, "not_objected", "yes|no", "no"),
)
_LIKE_TRUE: tuple[Any, ...] = ("true", "yes", "Y", "on", 1, 1.0, "1", [True], {"is": True}, None, "", "\u0442rue", -1)
_WRONG: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**63, -(2**70), 7.5, 1e308, "", " ", [], {}, [[]], [{}], {"a": {"b": []}}),
    *(CANARY, f"{CANARY}\u200b", f"{CANARY}\u202e", f"\u0175{CANARY}", CANARY * 1200, f"{CANARY}\n{CANARY}", [CANARY]),
    *({CANARY: CANARY}, f"<b>{CANARY}</b>", f"={CANARY}()", f"'; DROP TABLE {CANARY}; --", f"{CANARY}@example"),
    *("2026-11-09", "2026-02-30", "9999-12-31", "20261109", "09/11/2026", "0001-01-01", "2027-11-09", "07700 900001"),
    *("withdrawal", "new", "unknown", "prefer_not_to_say", "ZZ99 1AA", "child", "organisation", "not_asked"),
)
_TOUCHY = ("decision", "scope", "withdrawal", "given_by", "model", "told_on", "reason", "kind")

Place = tuple[str | int, ...]


def _marked(node: Any, name: str = "") -> Any:
    """The same record with the canary in every text that tells of a person or a place."""
    if isinstance(node, dict):
        return {key: _marked(value, key) for key, value in node.items()}
    if isinstance(node, list):
        return [_marked(value, name) for value in node]
    return f"{CANARY} {node}" if name in _NAMED and isinstance(node, str) else node


_GOOD = tuple(
    _marked(record)
    for record in (
        consent_record(force="derbyshire", notes="A word."),
        child_record(force="derbyshire"),
        organisation_record(force="derbyshire"),
        consent_record(force="derbyshire", consent__decision="no", consent__refusal_reason="too_upset"),
        consent_record(force="derbyshire", consent__withdrawal={"on": "2026-11-09", "part": "home_visit"}),
        withdrawal_record(force="derbyshire"),
    )
)


def _places(node: Any, place: Place = ()) -> Iterator[Place]:
    if place:
        yield place
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from _places(value, (*place, key))


# The number of a submission is in its receipt by agreement, so that no word is put there.
_PLACES = tuple(tuple(place for place in _places(record) if place != ("submission_id",)) for record in _GOOD)


def _put(record: Any, place: Place, value: Any, how: str) -> None:
    """Set, drop or add something at a place; nothing where an earlier change took the place away."""
    node, last = record, place[-1]
    try:
        for step in place[:-1]:
            node = node[step]
        if how == "set" or isinstance(node, list):
            node[last] = value
        elif how == "add":
            node[f"{last}_{CANARY}"] = value
        else:
            node.pop(last, None)
    except (KeyError, IndexError, TypeError, AttributeError):
        return


def _spoiled(chance: random.Random, number: int) -> bytes:
    """One body: a good record with up to four things wrong with it, or with its text."""
    which = chance.choices(range(len(_GOOD)), (8, 3, 2, 2, 1, 2))[0]
    record = deepcopy(_GOOD[which])
    record["submission_id"] = f"T-{number}"
    record["incident"]["crime_reference"] = f"26{number:09d}/26"
    for _ in range(chance.randrange(4)):
        place = chance.choice(_PLACES[which])
        _put(record, place, deepcopy(chance.choice(_WRONG)), chance.choice(("set", "set", "set", "drop", "add")))
    if chance.random() < 0.4:
        _put(record, ("consent", "decision"), deepcopy(chance.choice(_LIKE_YES)), "set")
    if chance.random() < 0.4:
        touched = [place for place in _PLACES[which] if place[0] == "consent" and set(place) & set(_TOUCHY)]
        _put(record, chance.choice(touched), deepcopy(chance.choice(_LIKE_TRUE)), "set")
    body = json.dumps(record, ensure_ascii=chance.random() < 0.5).encode("utf-8", "replace")
    if chance.random() < 0.15:
        body = _torn(chance, body)
    return body


def _torn(chance: random.Random, body: bytes) -> bytes:
    """The text of a record damaged: cut, doubled, in another encoding, with what is not JSON, or too deep."""
    yes = b'"decision": "yes"'
    return chance.choice(
        (
            body[: chance.randrange(len(body))],
            body + b"}",
            body.replace(b"true", b"NaN", 1),
            body.replace(yes, b'"decision": "no", "decision": "yes"'),
            body.replace(yes, b'"decision": "yes", "d\\u0065cision": "no"'),
            body.replace(b'"scope": {', b'"scope": {"contact": true, '),
            body.replace(CANARY.encode(), b"\\ud800" + CANARY.encode(), 1),
            body.replace(CANARY.encode(), CANARY.encode() + b"\\u0000", 1),
            body.replace(CANARY.encode(), b"\xe9" + CANARY.encode(), 1),
            body.decode("utf-8", "replace").encode("utf-16"),
            b"\xef\xbb\xbf" + body,
            b'{"a":' * 50 + body + b"}" * 50,
            body.replace(b'"scope"', b'"Scope"').replace(b'"decision"', b'"DECISION"'),
            b"[" + body + b"]",
            b'"' + CANARY.encode() + b'"',
            b"",
        )
    )


def _agreed_at_most(body: bytes) -> frozenset[str]:
    """What a body says without any doubt that the victim agreed to, read by another hand than what is tested."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) != len(pairs):
            raise ValueError
        return dict(pairs)

    try:
        record = json.loads(body.decode("utf-8-sig"), object_pairs_hook=once)
    except ValueError:
        return frozenset()
    consent = record.get("consent") if isinstance(record, dict) else None
    if not isinstance(consent, dict):
        return frozenset()
    if consent.get("decision") != "yes" or not isinstance(consent["decision"], str):
        return frozenset()
    scope = consent.get("scope")
    return frozenset(name for name, said in scope.items() if said is True) if isinstance(scope, dict) else frozenset()


def _history(house: House, reference: str) -> Case:
    with house.reading() as connection:
        key = cases.find(connection, house.service, reference)
        assert key is not None
        return cases.history(connection, house.service, key)


class _Ear(logging.Handler):
    """Hears everything that is logged."""

    def __init__(self) -> None:
        super().__init__(0)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))


def _sent_one_by_one(house: House, bodies: list[bytes]) -> Counter[str]:
    """How often each status came; every answer is held to what it must be."""
    _, key = add_force_key(house, "derbyshire", NOW)
    client = TestClient(build(at(house, NOW), clock_runs=False), base_url="https://testserver")
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    came: Counter[str] = Counter()
    ear = _Ear()
    logging.getLogger().addHandler(ear)
    try:
        for body in bodies:
            answer = client.post("/api/v1/consent-records", content=body, headers=headers)
            came[str(answer.status_code)] += 1
            said = answer.json()
            assert answer.status_code in (200, 201, 409, 422), body
            assert CANARY.casefold() not in f"{answer.text} {dict(answer.headers)}".casefold(), body
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == "application/problem+json", body
                assert said["errors"], body
            for problem in (*said.get("errors", ()), *said.get("gaps", ())):
                assert set(problem) == {"path", "rule", "remedy"}, body
                assert re.fullmatch(r"[a-z][a-z0-9-]*", problem["rule"]), body
                assert problem["remedy"].endswith("."), body
            if said.get("case_reference"):
                assert agreed(_history(house, said["case_reference"])) <= _agreed_at_most(body), body
    finally:
        logging.getLogger().removeHandler(ear)
    assert not any(CANARY.casefold() in line.casefold() for line in ear.heard)
    return came


def _came_in_a_file(house: House, bodies: list[bytes], file: Path) -> dict[str, Any]:
    """The receipt of the same records in a file, each on a line of its own."""
    file.write_bytes(b"\n".join(body.replace(b"\r", b" ").replace(b"\n", b" ") for body in bodies if body) + b"\n")
    return import_records(house, file, "derbyshire", NOW)


def _hold_what_is_sent(house: House, tmp_path: Path, number: int, seed: int) -> Counter[str]:
    chance = random.Random(seed)
    bodies = [_spoiled(chance, each) for each in range(number)]

    came = _sent_one_by_one(house, bodies)
    # In a file they come under other numbers, and the last ones twice.
    others = [body.replace(b'"T-', b'"F-').replace(b'"26', b'"27') for body in bodies]
    receipt = _came_in_a_file(house, [*others, *others[-20:]], tmp_path / "spoiled.jsonl")

    assert came.total() == number
    assert min(came["201"], came["422"]) > number // 20
    assert receipt["received"] == sum(receipt[name] for name in COUNTED) == len(receipt["rows"])
    assert receipt["received"] == sum(1 for body in (*others, *others[-20:]) if body)
    assert CANARY.casefold() not in json.dumps(receipt).casefold()
    assert all(row["errors"] for row in receipt["rows"] if row["status"] == "rejected")
    return came + Counter({name: receipt[name] for name in ("received", *COUNTED)})


@on_one_database
def test_spoiled_records_are_refused_with_remedies_and_never_become_a_yes(house: House, tmp_path: Path) -> None:
    """No fault of ours, path, rule and remedy for every refusal, nothing repeated, no consent that nobody gave."""
    _hold_what_is_sent(house, tmp_path, 150, seed=1)


@pytest.mark.slow
def test_ten_thousand_spoiled_records_are_refused_with_remedies_and_never_become_a_yes(
    house: House, tmp_path: Path
) -> None:
    """The same with ten thousand."""
    counts = _hold_what_is_sent(house, tmp_path, 10_000, seed=20261122)
    print(dict(counts))
