"""Holds the rules against the table of duties, row by row: each is a rule, or says why it is none."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from engine.rulebook import load_rulebook
from workflow.code import Edition, Rule, Source
from workflow.vocabulary import Owner

ROOT = Path(__file__).parents[2]
RULEBOOK, _ = load_rulebook(ROOT / "config")
with (ROOT / "tests" / "examples" / "duties_table.csv").open(encoding="utf-8", newline="") as opened:
    TABLE = {row["title"]: row for row in csv.DictReader(opened)}
RULES = RULEBOOK.rules_on(date(2026, 11, 22))
LAW: list[Edition] = [edition for edition in RULEBOOK.editions if edition.source is not Source.LOCAL]


def test_every_duty_of_the_table_is_a_rule_or_says_why_it_is_none() -> None:
    covered = [title for edition in LAW for rule in edition.rules for title in rule.covers]
    left_out = [row.title for edition in LAW for row in edition.not_modelled]

    assert len(TABLE) == 170
    assert Counter([*covered, *left_out]) == Counter(list(TABLE))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.covers], ids=lambda rule: rule.id)
def test_a_rule_is_called_verified_only_where_the_table_says_so(rule: Rule) -> None:
    statuses = {TABLE[title]["status"] for title in rule.covers}

    assert (rule.status == "verified") == ("verified" in statuses)


def test_what_is_left_out_stands_where_the_table_has_it() -> None:
    for edition in LAW:
        for row in edition.not_modelled:
            place = TABLE[row.title]
            assert row.right == place["right"]
            assert row.paragraph.endswith(place["paragraph"])
            assert row.reason.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_speaks_in_whole_sentences_and_in_the_words_of_the_house(rule: Rule) -> None:
    words = f"{rule.title} {rule.duty} {rule.basis}".lower()

    assert rule.duty.endswith(".")
    assert rule.duty[0].isupper()
    assert "offender" not in words
    assert rule.source is not Source.VICTIMS_CODE or rule.right


def test_a_partner_is_watched_and_only_what_comes_to_us_counts_as_silence() -> None:
    silent = {rule.id for rule in RULES if rule.silence_counts}

    assert silent == {"consent-record-sent"}
    assert {rule.owner for rule in RULES} >= {Owner.YJS, Owner.POLICE, Owner.PROBATION, Owner.WITNESS_CARE, Owner.CPS}
