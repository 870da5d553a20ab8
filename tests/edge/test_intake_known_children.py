"""Holds that a number of police alone makes nobody the same child, and that a person is told of such numbers."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.checking import check_house
from engine.house import House
from engine.intake.importing import import_records
from engine.intake.receive import receive
from store import cases, people
from tests.conftest import NOW
from tests.edge.consent_records import consent_record
from tests.edge.web_visitors import on_one_database

_SAM = {"reference": "CH-1", "given_name": "Sam", "family_name": "Sample", "date_of_birth": "2012-05-05"}


def _record(number: int, child: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return consent_record(
        submission_id=f"K-{number}",
        force="derbyshire",
        incident__crime_reference=f"2600000000{number}/26",
        incident__children=[child],
        victim__family_name=f"Example{chr(97 + number)}",
        **changes,
    )


def _persons(house: House, references: list[str]) -> list[list[int]]:
    with house.reading() as connection:
        keys = [cases.find(connection, house.service, each) for each in references]
        return [people.child_numbers(connection, key.case_id) for key in keys if key is not None]


@on_one_database
@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({**_SAM, "family_name": "SAMPLE", "date_of_birth": "2012-05-06"}, True),
        ({"reference": "CH-1", "given_name": "Sam", "date_of_birth": "2012-05-05"}, True),
        ({**_SAM, "given_name": "Kim", "family_name": "Other", "date_of_birth": "2011-01-01"}, False),
        ({"reference": "CH-1"}, False),
    ],
)
def test_number_and_surname_or_birthday_make_the_same_child(
    house: House, tmp_path: Path, other: dict[str, Any], same: bool, together: bool
) -> None:
    """In one file as in two; the other child is the same one when they come once more."""
    records = [_record(1, _SAM), _record(2, other), _record(3, other)]
    if together:
        file = tmp_path / "children.jsonl"
        file.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
        rows = import_records(house, file, "derbyshire", NOW)["rows"]
        references = [str(row["case_reference"]) for row in rows]
    else:
        references = [str(receive(house, each, "derbyshire", "opt_in", NOW).case_reference) for each in records]

    one, two, three = _persons(house, references)

    assert (one == two) is same
    assert two == three
    checks = check_house(house, NOW, rebuild=False, tell=lambda done, total: None)["checks"]
    told = next(check for check in checks if check["what"] == "numbers of children")
    assert told["outcome"] == ("ok" if same else "warning")
    assert ("CH-1 (2 children)" in told["details"]) is not same


def test_an_update_with_the_number_of_another_child_takes_nobody_for_them(house: House) -> None:
    receive(house, _record(1, _SAM), "derbyshire", "opt_in", NOW)
    reference = receive(house, _record(2, {"given_name": "Kim"}), "derbyshire", "opt_in", NOW).case_reference
    stranger = {**_SAM, "family_name": "Other", "date_of_birth": "2011-01-01"}

    receive(house, _record(2, stranger, reason="update"), "derbyshire", "opt_in", NOW)

    with house.reading() as connection:
        key = cases.find(connection, house.service, str(reference))
        assert key is not None
        named = [each.document.get("family_name") for each in people.children(connection, house.keyring, key.case_id)]
    assert "Sample" not in named
    assert "Other" in named
