"""Holds the taking in of many records: as one by one, whole rows only, withdrawals first, nothing overlooked."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from engine.alike import Alike
from engine.checking import check_house
from engine.codes import rehearsed_codes
from engine.entries import Actor
from engine.errors import NotFound
from engine.house import House
from engine.intake.importing import COUNTED, import_records
from engine.intake.likeness import likenesses
from engine.intake.receive import receive, receive_many
from engine.intake.unread import open_tasks, settle_task
from engine.targeted import decide_same_victim
from store import cases
from tests.conftest import NOW
from tests.edge.consent_records import ABSENT, child_record, consent_record, withdrawal_record
from tests.edge.faults.soundness import faults, row_counts
from tests.edge.web_visitors import on_one_database
from workflow.vocabulary import Role

FORCE = "derbyshire"


def _record(number: int, **changes: Any) -> dict[str, Any]:
    own = {"submission_id": f"B-{number}", "force": FORCE, "incident__crime_reference": f"26000{number:06d}/26"}
    return consent_record(**{**own, **changes})


def _withdrawal(number: int, **changes: Any) -> dict[str, Any]:
    own = {"submission_id": f"B-{number}-W", "force": FORCE, "incident__crime_reference": f"26000{number:06d}/26"}
    return withdrawal_record(**{**own, **changes})


def _file(folder: Path, records: Sequence[Any]) -> Path:
    file = folder / "records.jsonl"
    lines = (each if isinstance(each, str) else json.dumps(each) for each in records)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def _states(house: House) -> dict[str, str]:
    with house.reading() as connection:
        found = list(cases.histories(connection, house.service))
    return {f"{key.crime_reference}/{key.case_id}": str(case.state) for key, case in found}


def _mixed() -> list[dict[str, Any]]:
    """Records of every kind: children, refusals, days and risks that differ, repeats, updates, twins, bad ones."""
    records = [
        _record(
            number, consent__given_on=f"2026-11-{1 + number % 9:02d}", safety__risks=["threats"] * (number % 3 == 0)
        )
        for number in range(30)
    ]
    records += [child_record(submission_id=f"C-{n}", force=FORCE, incident__crime_reference=f"C{n}") for n in range(5)]
    records += [_record(number, consent__decision="no", consent__scope={}) for number in range(40, 45)]
    records += [_record(1), _record(2, reason="update", victim__known_as="Al"), _record(3, victim__known_as="Al")]
    records += [_record(50, incident__crime_reference="26000000004/26"), _record(60, consent__decision=ABSENT)]
    records += [_record(70, notes="Ring twice."), _record(71, incident__children=[]), _withdrawal(5), _withdrawal(99)]
    return records


def test_together_and_one_by_one_come_to_the_same(house: House) -> None:
    """The same receipts, rows, states and duties; the projections are those that deriving again gives."""
    together, alone = house, replace(house, codes=rehearsed_codes(7))
    receipts = receive_many(together, _mixed(), FORCE, "opt_in", NOW, alike=Alike())
    counted, states, asked = row_counts(house), _states(house), _asked_whether_same(house)

    single = [receive(alone, each, "nottinghamshire", "opt_in", NOW) for each in _elsewhere(_mixed())]

    assert [(r.status, [p.rule for p in (*r.gaps, *r.errors)]) for r in receipts] == [
        (r.status, [p.rule for p in (*r.gaps, *r.errors)]) for r in single
    ]
    doubled = row_counts(house)
    grown = ("victim_case", "event", "duty", "action", "case_summary", "submission", "contact_point", "characteristic")
    # The second time there are those of the first to be asked about, each with an entry and a duty of its own.
    more = dict.fromkeys(("event", "duty"), _asked_whether_same(house) - 2 * asked)
    assert {name: doubled[name] - more.get(name, 0) for name in grown} == {name: 2 * counted[name] for name in grown}
    assert sorted(_states(house).values()) == sorted([*states.values(), *states.values()])
    assert faults(house, NOW) == []
    assert check_house(house, NOW, rebuild=False, tell=lambda done, total: None)["ok"]


def _asked_whether_same(house: House) -> int:
    with house.reading() as connection:
        histories = [case for _, case in cases.histories(connection, house.service)]
    return sum(len(case.of("same_victim_suggested")) for case in histories)


def _elsewhere(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "force": "nottinghamshire"} for each in records]


def test_few_statements_serve_many_records(house: House) -> None:
    """Two hundred records take hardly more statements than two."""
    counts: list[int] = []

    def count(*_: Any) -> None:
        counts[-1] += 1

    event.listen(house.database, "before_cursor_execute", count)
    for first, many in ((0, 2), (1000, 200)):
        counts.append(0)
        receive_many(house, [_record(first + number) for number in range(many)], FORCE, "opt_in", NOW, alike=Alike())
    event.remove(house.database, "before_cursor_execute", count)

    assert counts[1] <= counts[0] + 5


def test_a_record_the_database_refuses_costs_no_other(house: House, tmp_path: Path) -> None:
    """The batch is taken back and goes in row by row; what was refused goes in with the next import."""
    refused = {"left": 2}

    def refuse(_c: Any, _cursor: Any, words: str, parameters: Any, *_: Any) -> None:
        if words.startswith("INSERT INTO submission") and "B-3" in str(parameters) and refused["left"]:
            refused["left"] -= 1
            raise RuntimeError("the database refuses")

    file = _file(tmp_path, [_record(number) for number in range(6)])
    event.listen(house.database, "before_cursor_execute", refuse)
    with pytest.raises(RuntimeError):
        import_records(house, file, FORCE, NOW)
    event.remove(house.database, "before_cursor_execute", refuse)
    half = row_counts(house)
    assert half["victim_case"] == half["submission"] == 3
    assert faults(house, NOW) == []

    receipt = import_records(house, file, FORCE, NOW + timedelta(hours=1))

    assert (receipt["duplicate"], receipt["accepted"]) == (3, 3)
    assert faults(house, NOW) == []


@on_one_database
@pytest.mark.parametrize("seed", range(3))
def test_what_was_received_is_what_became_of_it_in_any_order(house: House, tmp_path: Path, seed: int) -> None:
    lines = [*_mixed(), "{broken", "[]"]
    random.Random(seed).shuffle(lines)
    file = _file(tmp_path, lines)

    receipts = [import_records(house, file, FORCE, NOW, together=7) for _ in range(2)]

    for each in receipts:
        assert each["received"] == sum(each[name] for name in COUNTED) == len(each["rows"]) == len(lines)
    assert receipts[1]["accepted"] == receipts[1]["accepted_with_gaps"] == 0
    assert faults(house, NOW) == []


def test_a_withdrawal_of_somebody_we_know_is_taken_in_before_everything_else(house: House, tmp_path: Path) -> None:
    receive(house, _record(1), FORCE, "opt_in", NOW)
    written: list[str] = []

    def note(_c: Any, _cursor: Any, words: str, parameters: Any, *_: Any) -> None:
        if words.startswith("INSERT INTO submission"):
            written.append(str(parameters))

    event.listen(house.database, "before_cursor_execute", note)
    receipt = import_records(house, _file(tmp_path, [_record(2), _record(3), _withdrawal(1)]), FORCE, NOW)
    event.remove(house.database, "before_cursor_execute", note)

    assert "B-1-W" in written[0]
    assert [row["submission_id"] for row in receipt["rows"]] == ["B-2", "B-3", "B-1-W"]
    assert [state for name, state in _states(house).items() if name.startswith("26000000001")] == ["closed"]


def test_a_withdrawal_finds_the_victim_who_comes_in_the_same_file(house: House, tmp_path: Path) -> None:
    receipt = import_records(house, _file(tmp_path, [_withdrawal(1), _record(1), _record(2)]), FORCE, NOW)

    assert receipt["rows"][0]["case_reference"] == receipt["rows"][1]["case_reference"]
    assert sorted(_states(house).values()).count("closed") == 1


def test_a_withdrawal_of_nobody_we_know_stops_the_record_that_comes_later(house: House, tmp_path: Path) -> None:
    """With a name or with the crime alone; a withdrawal that names neither stops nobody."""
    named = _withdrawal(1, victim={"given_name": "Alex", "family_name": "Example"})
    import_records(house, _file(tmp_path, [named, _withdrawal(2)]), FORCE, NOW)
    assert row_counts(house)["suppression"] == 2

    import_records(house, _file(tmp_path, [_record(1), _record(2), _record(3)]), FORCE, NOW)

    states = {name[:11]: state for name, state in _states(house).items()}
    assert states["26000000001"] == states["26000000002"] == "closed"
    assert states["26000000003"] != "closed"


def test_a_withdrawal_nobody_could_read_becomes_a_task_for_a_person_once(house: House, tmp_path: Path) -> None:
    bad = _withdrawal(1, consent__withdrawal={"on": "soon"})
    spelt = _record(4, reason="Withdrawn")
    file = _file(tmp_path, [bad, spelt, "{broken", _record(2)])

    import_records(house, file, FORCE, NOW, dry_run=True)
    assert open_tasks(house) == []
    import_records(house, file, FORCE, NOW)
    import_records(house, file, FORCE, NOW + timedelta(hours=1))

    tasks = open_tasks(house)
    assert sorted((task["kind"], task["submission_id"], task["rows"]) for task in tasks if task["submission_id"]) == [
        ("unread_withdrawal", "B-1-W", 1),
        ("unread_withdrawal", "B-4", 1),
    ]
    assert [task["rows"] for task in tasks if task["kind"] == "unread_rows"] == [1]
    settle_task(house, tasks[0]["task"], Actor("rosa", Role.PRACTITIONER), NOW)
    assert len(open_tasks(house)) == 2
    with pytest.raises(NotFound):
        settle_task(house, tasks[0]["task"], Actor("rosa", Role.PRACTITIONER), NOW)


def test_a_dry_run_sees_repeats_within_the_file_and_keeps_nothing(house: House, tmp_path: Path) -> None:
    before = row_counts(house)
    file = _file(tmp_path, [_record(1), _record(2), _record(1), _record(2, victim__known_as="Al"), _withdrawal(1)])

    receipt = import_records(house, file, FORCE, NOW, dry_run=True, together=1)

    assert [row["status"] for row in receipt["rows"]] == ["accepted", "accepted", "duplicate", "rejected", "accepted"]
    assert row_counts(house) == before


_SAME = {"victim__given_name": "Siân", "victim__family_name": "O'Brien", "victim__date_of_birth": "1990-01-02"}
_OTHER: dict[str, Any] = {
    "victim__phones": [{"number": "07700 900777"}],
    "victim__address": {"lines": ["9 Elsewhere Road"], "postcode": "ZZ99 9ZZ"},
    "victim__email": "other@example.org",
    "incident__occurred_on": "2026-10-01",
}


@pytest.mark.parametrize(
    ("other", "kind", "reasons"),
    [
        ({**_OTHER, **_SAME, "victim__given_name": "Sian", "victim__family_name": "OBrian"}, "person", 2),
        (
            {
                **_OTHER,
                "victim__given_name": "O'Brien",
                "victim__family_name": "Siân",
                "victim__date_of_birth": "1990-01-02",
            },
            "person",
            2,
        ),
        (
            {
                **_OTHER,
                **_SAME,
                "victim__date_of_birth": "1970-01-01",
                "victim__phones": [{"number": "+44 7700 900001"}],
            },
            "person",
            2,
        ),
        (
            {
                **_OTHER,
                "victim__given_name": "Zoe",
                "victim__family_name": "Quist",
                "victim__date_of_birth": "1990-01-02",
                "victim__phones": [{"number": "(07700) 900001"}],
            },
            "person",
            2,
        ),
        (
            {**_OTHER, **_SAME, "victim__date_of_birth": "1970-01-01", "incident__occurred_on": "2026-11-01"},
            "incident",
            2,
        ),
        ({**_OTHER, **_SAME, "victim__date_of_birth": "1970-01-01"}, None, 0),
        (
            {
                **_OTHER,
                "victim__given_name": "Zoe",
                "victim__family_name": "Quist",
                "victim__date_of_birth": "1990-01-02",
            },
            None,
            0,
        ),
    ],
    ids=["spelt alike", "names in another order", "phone", "another name", "same day", "name alone", "birthday alone"],
)
def test_cases_that_look_alike_are_suggested_with_their_reasons_and_never_merged(
    house: House, other: dict[str, Any], kind: str | None, reasons: int
) -> None:
    first = receive(house, _record(1, **_SAME), FORCE, "opt_in", NOW)
    second = receive(house, _record(2, **other), FORCE, "opt_in", NOW)

    found = likenesses(house)

    assert [(each["case"], each["other"], each["of"], len(each["reasons"])) for each in found] == (
        [(second.case_reference, first.case_reference, kind, reasons)] if kind else []
    )
    assert len(_states(house)) == 2
    assert second.status == "accepted"


def test_a_person_says_what_two_alike_cases_are(house: House) -> None:
    rosa = Actor("rosa", Role.PRACTITIONER)
    receipts = receive_many(house, [_record(1), _record(2)], FORCE, "opt_in", NOW)
    one, other = (str(each.case_reference) for each in receipts)

    decide_same_victim(house, one, other, "different", rosa, NOW)

    assert likenesses(house) == []
    assert [each["outcome"] for each in likenesses(house, one)] == ["different"]
    with pytest.raises(NotFound):
        decide_same_victim(house, one, "VC-0000-0000", "same", rosa, NOW)
