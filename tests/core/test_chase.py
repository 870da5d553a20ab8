"""Proves the ladders of the chase against examples worked by hand, and who is written to on a rest day."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from tests.core.test_actions import law
from workflow.chase import BadChase, OfficerKnown, chase_rules, rung_days, rung_now, whom

ROOT = Path(__file__).resolve().parents[2]
RULES = {
    rule.id: rule
    for rule in chase_rules(tomllib.loads((ROOT / "config" / "officers.toml").read_text(encoding="utf-8"))["chase"])
}
CALENDAR = law()[1]
EXAMPLES = tomllib.loads((ROOT / "tests" / "examples" / "chases" / "officers.toml").read_text(encoding="utf-8"))[
    "example"
]
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each['chase']}-{each['about']}")
def test_a_rung_falls_on_the_day_that_was_worked_out_by_hand(example: dict[str, object]) -> None:
    rule = RULES[str(example["chase"])]
    asked_on = example["asked_on"]
    assert isinstance(asked_on, date)

    days = dict(rung_days(rule, asked_on, CALENDAR))

    assert {rung: day for rung, day in example.items() if rung in days} == days


def test_every_ladder_has_a_plain_example_and_one_over_a_bank_holiday() -> None:
    given = {(each["chase"], each["about"]) for each in EXAMPLES}

    assert given == {(rule, about) for rule in RULES for about in ("plain", "bank_holiday")}


def test_a_rung_is_said_once_and_after_an_outage_only_the_highest() -> None:
    rule = RULES["refusal"]
    asked = date(2026, 11, 9)

    first = rung_now(rule, asked, (), CALENDAR, date(2026, 11, 11))
    same = rung_now(rule, asked, ("officer",), CALENDAR, date(2026, 11, 12))
    after_outage = rung_now(rule, asked, ("officer",), CALENDAR, MONDAY)
    last = rung_now(rule, asked, ("manager",), CALENDAR, date(2027, 1, 29))
    on_sunday = rung_now(rule, asked, (), CALENDAR, date(2026, 11, 22))

    assert first == ("officer", date(2026, 11, 11))
    assert same is None
    assert after_outage == ("manager", MONDAY)
    assert last is None
    assert on_sunday is None


def test_on_a_rest_day_the_deputy_is_written_to_and_without_one_the_word_waits() -> None:
    resting = frozenset({MONDAY})

    assert whom("officer", OfficerKnown(True, True, resting), MONDAY) == "deputy"
    assert whom("officer", OfficerKnown(True, False, resting), MONDAY) is None
    assert whom("again", OfficerKnown(True, False, resting), date(2026, 11, 24)) == "officer"
    assert whom("officer", OfficerKnown(), MONDAY) == "person"
    assert whom("liaison", OfficerKnown(True, False, resting), MONDAY) == "liaison"


@pytest.mark.parametrize(
    "change",
    [{"officer": 0}, {"again": 1}, {"asks": ["nothing"]}, {"paragraph": ""}, {"soon": 1}, {"officer": "two"}],
    ids=str,
)
def test_a_ladder_that_cannot_be_used_is_refused(change: dict[str, object]) -> None:
    good = {
        "id": "one", "asks": ["record", "refusal", "consent", "contact_details", "gaps"],
        "paragraph": "T01", "says": "answer", "status": "unverified", "basis": "ours", "officer": 2, "again": 5,
    }  # fmt: skip

    assert chase_rules([good])[0].rungs == {"officer": 2, "again": 5}
    with pytest.raises(BadChase):
        chase_rules([{**good, **change}])
