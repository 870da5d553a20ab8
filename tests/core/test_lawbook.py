"""Tests the answers about the law that commands and pages share: editions, rules of a day, strict questions."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.errors import WrongInput
from engine.lawbook import calendar_document, editions, explained, not_covered, rules_on
from engine.rulebook import load_rulebook
from workflow.explain import CannotExplain

RULEBOOK, CALENDAR = load_rulebook(Path(__file__).parents[2] / "config")
TODAY = date(2026, 11, 22)


def asked(**changes: object) -> dict[str, object]:
    return {"rule": "rj-information", "from": "2026-11-20", **changes}


def answer(**changes: object) -> dict[str, Any]:
    return explained(RULEBOOK, CALENDAR, asked(**changes), TODAY)


# Editions


def test_every_edition_is_listed_with_what_is_known_of_it() -> None:
    listed = {each["edition"]: each for each in editions(RULEBOOK)}

    present, new = listed["2021-04-01"], listed["new"]
    assert list(listed)[:2] == ["2021-04-01", "new"]
    assert {each["source"] for each in listed.values()} == {"victims_code", "local", "acts"}
    assert (present["switched_on"], present["in_force"], present["until"]) == (True, "2021-04-01", None)
    assert present["rules"] == present["verified"] + present["unverified"] > 30
    assert present["not_modelled"] > 50
    assert (new["switched_on"], new["in_force"], new["rules"]) == (False, None, 0)
    assert "Consultation closed" in new["note"]
    assert json.loads(json.dumps(listed)) == listed


def test_the_rules_of_a_day_are_those_of_its_editions() -> None:
    listed = rules_on(RULEBOOK, TODAY)

    assert {each["edition"] for each in listed} == {"2021-04-01", "local-2021-04-01", "acts-2018-05-25"}
    assert len(listed) == sum(each["rules"] for each in editions(RULEBOOK) if each["switched_on"])
    assert not_covered(RULEBOOK, TODAY) is None


@pytest.mark.parametrize(
    ("day", "number", "words"),
    [
        (date(1900, 1, 1), 0, "the Victims' Code or of the local targets or of the Acts"),
        (date(2020, 2, 29), 2, "the Victims' Code or of the local targets was in force on 2020-02-29"),
    ],
)
def test_a_day_before_an_edition_begins_is_said_in_words(day: date, number: int, words: str) -> None:
    assert len(rules_on(RULEBOOK, day)) == number
    assert words in str(not_covered(RULEBOOK, day))


def test_the_last_day_there_is_still_has_the_present_edition() -> None:
    assert not_covered(RULEBOOK, date(9999, 12, 31)) is None


# A deadline explained


def test_what_is_asked_of_a_page_is_answered_as_by_the_command() -> None:
    said = answer(told="2026-11-23", enhanced=None, enhanced_from=None, today=None)

    assert (said["due_on"], said["service_due_on"], said["verdict"]) == ("2026-11-27", "2026-11-30", "running")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"enhanced": "yes"}, "Give enhanced as true or false, without quotes."),
        ({"enhanced": "true"}, "Give enhanced as true or false, without quotes."),
        ({"enhanced": 1}, "Give enhanced as true or false, without quotes."),
        ({"rule": 7}, "Give rule as the name of a rule in quotes."),
        ({"rule": ""}, "Give rule as the name of a rule in quotes."),
        ({"rule": None}, "Give rule as the name of a rule in quotes."),
        ({"from": None}, "Give from as YYYY-MM-DD."),
        ({"from": 20261120}, "Give from as YYYY-MM-DD."),
        ({"from": "20261120"}, "Give from as YYYY-MM-DD."),
        ({"from": "2026-W47-5"}, "Give from as YYYY-MM-DD."),
        ({"from": "2026-11-20T00:00"}, "Give from as YYYY-MM-DD."),
        ({"from": "2026-02-29"}, "Give from as YYYY-MM-DD."),
        ({"from": ["2026-11-20"]}, "Give from as YYYY-MM-DD."),
        ({"told": "soon"}, "Give told as YYYY-MM-DD."),
        ({"enhanced_from": True}, "Give enhanced_from as YYYY-MM-DD."),
        ({"today": "9999-12-32"}, "Give today as YYYY-MM-DD."),
        (
            {"enhnaced": True},
            'The key "enhnaced" is unknown; give rule, from, told, enhanced, enhanced_from or today.',
        ),
        (
            {"<script>": True},
            "A key is unknown; give rule, from, told, enhanced, enhanced_from or today.",
        ),
        ({"x" * 41: True}, "A key is unknown; give rule, from, told, enhanced, enhanced_from or today."),
    ],
)
def test_a_question_of_the_wrong_kind_is_refused_in_a_sentence(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(WrongInput) as refusal:
        answer(**changes)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({"from": "2028-02-29"}, "2028-03-07"),
        ({"rule": "subject-access", "from": "2024-02-29"}, "2024-04-02"),
        ({"rule": "subject-access", "from": "2028-01-31"}, "2028-02-29"),
        ({"rule": "conclusion-notice"}, None),
        ({"today": "9999-12-31"}, "2026-11-27"),
        ({"today": "1900-01-01"}, "2026-11-27"),
        ({"enhanced_from": "1900-01-01"}, "2026-11-27"),
        ({"enhanced_from": "9999-12-31"}, "2026-11-27"),
    ],
)
def test_days_at_the_edges_have_their_answer(changes: dict[str, object], due: str | None) -> None:
    assert answer(**changes)["due_on"] == due


@pytest.mark.parametrize(
    "changes",
    [
        {"from": "1900-01-01"},
        {"from": "9999-12-31"},
        {"told": "2026-11-19"},
        {"rule": "no-such-rule"},
        {"told": "9999-12-31"},
    ],
)
def test_what_has_no_answer_says_why(changes: dict[str, object]) -> None:
    with pytest.raises(CannotExplain) as refusal:
        answer(**changes)

    assert str(refusal.value).endswith(".")


# The table of bank holidays


def test_the_table_is_shown_with_notes_horizon_and_months_left() -> None:
    shown = calendar_document(CALENDAR, TODAY, 2026)

    boxing = next(each for each in shown["days"] if each["day"] == "2026-12-28")
    assert (boxing["weekday"], boxing["note"], boxing["known_on"]) == ("Monday", "substitute day", None)
    assert len(shown["days"]) == 8
    assert (shown["first_day"], shown["horizon"], shown["months_left"]) == ("2015-01-01", "2028-12-31", 25)
    assert len(calendar_document(CALENDAR, TODAY)["days"]) == len(CALENDAR.holidays)
