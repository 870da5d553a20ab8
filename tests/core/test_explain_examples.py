"""Tests the worked deadlines that a manager can sign, and that no rule with a limit is without them."""

import tomllib
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.rulebook import load_rulebook
from workflow.clocks import verdict
from workflow.code import LimitKind, Rule
from workflow.explain import explain

ROOT = Path(__file__).parents[2]
RULEBOOK, CALENDAR = load_rulebook(ROOT / "config")
EXAMPLES: list[dict[str, Any]] = [
    example
    for file in sorted((ROOT / "tests" / "examples").glob("*.toml"))
    for example in tomllib.loads(file.read_text(encoding="utf-8"))["example"]
]


def _name(example: dict[str, Any]) -> str:
    return f"{example['rule']} {example['about']} {example['from']} {example.get('enhanced_from', '')}"


LIMITED = [
    rule
    for edition in RULEBOOK.editions
    if edition.switched_on
    for rule in edition.rules
    if rule.limit.kind is not LimitKind.NONE
]


@pytest.mark.parametrize("example", EXAMPLES, ids=_name)
def test_the_worked_deadline_comes_out_as_signed(example: dict[str, Any]) -> None:
    clocks = {name: example[name] for name in ("told", "enhanced", "enhanced_from") if name in example}

    said = explain(RULEBOOK, CALENDAR, example["rule"], example["from"], today=example["from"], **clocks)

    for name in ("due_on", "service_due_on", "enhanced_due_on"):
        if name in example:
            assert said[name] == example[name].isoformat(), example["says"]
    if "done_on" in example:
        assert verdict(example["due_on"], example["done_on"], met_on=example["done_on"]) == example["verdict"]


def test_a_worked_deadline_is_one_sentence_that_names_its_days() -> None:
    for example in EXAMPLES:
        says = example["says"]
        named = [example[name] for name in ("from", "done_on") if name in example]

        assert says.endswith(".")
        assert ". " not in says
        assert all(f"{day:%A} {day.day} {day:%B}" in says or "Christmas Day" in says for day in named), says


@pytest.mark.parametrize("rule", LIMITED, ids=lambda rule: rule.id)
def test_every_rule_with_a_limit_has_its_worked_deadlines(rule: Rule) -> None:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for example in EXAMPLES:
        if example["rule"] == rule.id:
            found[example["about"]].append(example)
    wanted = {"plain", "bank_holiday", "last_day", "day_after"} | ({"enhanced"} if rule.enhanced else set())

    assert set(found) >= wanted
    assert all(each["done_on"] == each["due_on"] for each in found["last_day"])
    assert all(each["done_on"] == each["due_on"] + timedelta(days=1) for each in found["day_after"])


@pytest.mark.parametrize("rule", LIMITED, ids=lambda rule: rule.id)
def test_the_bank_holiday_example_really_meets_a_bank_holiday(rule: Rule) -> None:
    (example,) = (each for each in EXAMPLES if each["rule"] == rule.id and each["about"] == "bank_holiday")
    first, last = sorted((example["from"], example["due_on"]))

    met = [h for h in CALENDAR.holidays if first <= h.day <= last]

    assert met
