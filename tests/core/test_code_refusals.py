"""Tests that what is wrong with a rules file is refused at its place, with a remedy."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from tests.core.test_code import RULE, document
from workflow.code import BadRule, Rulebook
from workflow.duty_rules import edition_of, rulebook_of


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"limmit": 5}, "a-rule.limmit"),
        ({"paragraph": ""}, "a-rule.paragraph"),
        ({"right": ""}, "a-rule.right"),
        ({"id": "A Rule"}, "rule.1.id"),
        ({"owner": "army"}, "a-rule.owner"),
        ({"status": "sure"}, "a-rule.status"),
        ({"citation": ""}, "a-rule.citation"),
        ({"clock": "noon"}, "a-rule.clock"),
        ({"cut_off": 24}, "a-rule.cut_off"),
        ({"begins": []}, "a-rule.begins"),
        ({"begins": "crime_reported"}, "a-rule.begins"),
        ({"begins": ["crime_imagined"]}, "a-rule.begins.1.event"),
        ({"begins": ["crime_reported", {"where": {}}]}, "a-rule.begins.2.event"),
        ({"begins": [{"state": "dreaming"}]}, "a-rule.begins.1.state"),
        ({"begins": [{"event": "crime_reported", "whom": 1}]}, "a-rule.begins.1.whom"),
        ({"begins": [{"group": "nobody"}]}, "a-rule.begins.1.group"),
        ({"begins": [{"event": "crime_reported", "during": {"weather": ["wet"]}}]}, "a-rule.begins.1.during.weather"),
        ({"begins": [{"event": "crime_reported", "during": {"hold": ["wet"]}}]}, "a-rule.begins.1.during.hold.1"),
        ({"met_by": []}, "a-rule.met_by"),
        ({"met_by": [{"event": "letter_sent", "where": {"size": "A4"}}]}, "a-rule.met_by.1.where.size"),
        ({"met_by": [{"event": "letter_sent", "where": {"channel": "pigeon"}}]}, "a-rule.met_by.1.where.channel"),
        ({"met_by": [{"event": "letter_sent", "where": {"kind": []}}]}, "a-rule.met_by.1.where.kind"),
        ({"met_by": [{"event": "letter_sent", "where": {"kind": {"at_least": 2}}}]}, "a-rule.met_by.1.where.kind"),
        ({"met_by": [{"state": "closed", "where": {"reason": "x"}}]}, "a-rule.met_by.1.where"),
        ({"limit": {"working_days": -5}}, "a-rule.limit.working_days"),
        ({"limit": {"working_days": 0}}, "a-rule.limit.working_days"),
        ({"limit": {"working_days": 2.5}}, "a-rule.limit.working_days"),
        ({"limit": {"working_days": True}}, "a-rule.limit.working_days"),
        ({"limit": {"fortnights": 2}}, "a-rule.limit"),
        ({"limit": {"working_days": 2, "calendar_days": 3}}, "a-rule.limit"),
        ({"limit": {"working_days": 2, "hours": 3}}, "a-rule.limit.hours"),
        ({"limit": {"before": 2}}, "a-rule.limit.field"),
        ({"limit": {"before": 2, "field": "on"}}, "a-rule.limit.field"),
        ({"limit": 5}, "a-rule.limit"),
        ({"enhanced": {"calendar_days": 1}}, "a-rule.enhanced"),
        ({"extended": {"working_days": 9}}, "a-rule.extended_by"),
        ({"pauses": ["hold_placed"]}, "a-rule.resumes"),
        ({"repeats": "no"}, "a-rule.repeats"),
        ({"applies": {"victim_is_tall": True}}, "a-rule.applies.victim_is_tall"),
        ({"reminds": {"soon": -1}}, "a-rule.reminds.soon"),
        ({"covers": [1]}, "a-rule.covers"),
    ],
)
def test_what_is_wrong_with_a_rule_is_refused_at_its_place(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(BadRule) as refusal:
        edition_of(document(**changes))

    assert refusal.value.path == path
    assert refusal.value.remedy.endswith(".")


@pytest.mark.parametrize("missing", ["title", "paragraph", "duty", "owner", "limit", "status", "citation", "right"])
def test_a_rule_that_lacks_a_key_is_refused(missing: str) -> None:
    made = document()
    del made["rule"][0][missing]

    with pytest.raises(BadRule) as refusal:
        edition_of(made)

    assert refusal.value.path == f"a-rule.{missing}"


def _until_before_in_force(made: dict[str, Any]) -> None:
    made["edition"]["until"] = date(2021, 4, 1)


def _quoted_day(made: dict[str, Any]) -> None:
    made["edition"]["in_force"] = "2021-04-01"


def _unknown_top_key(made: dict[str, Any]) -> None:
    made["rules"] = []


def _twice(made: dict[str, Any]) -> None:
    made["rule"].append(deepcopy(RULE))


def _no_reason(made: dict[str, Any]) -> None:
    made["not_modelled"] = [{"paragraph": "1", "title": "x"}]


@pytest.mark.parametrize(
    ("spoil", "path"),
    [
        (_until_before_in_force, "edition.until"),
        (_quoted_day, "edition.in_force"),
        (_unknown_top_key, "rules"),
        (_twice, "a-rule.id"),
        (_no_reason, "not_modelled.1.reason"),
    ],
)
def test_what_is_wrong_with_a_file_is_refused_at_its_place(spoil: Callable[[dict[str, Any]], None], path: str) -> None:
    made = document()
    spoil(made)

    with pytest.raises(BadRule) as refusal:
        edition_of(made)

    assert refusal.value.path == path


def test_a_moment_stands_in_for_an_event_kind_that_does_not_exist() -> None:
    made = document(begins=[{"event": "moon_landed", "where": {"side": "far"}}])
    made["moments"] = {"moon_landed": "Somebody landed on the moon"}

    read = edition_of(made)

    assert read.moments["moon_landed"] == "Somebody landed on the moon"
    assert isinstance(rulebook_of([read]), Rulebook)
