"""Tests that a deadline explains itself, with the keys and the meaning that callers rely on."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rulebook import load_rulebook
from workflow.explain import CannotExplain, explain

RULEBOOK, CALENDAR = load_rulebook(Path(__file__).parents[2] / "config")
RULES = [rule.id for rule in RULEBOOK.rules_on(date(2026, 11, 22))]
KEYS = {
    "rule", "edition", "right", "paragraph", "status", "owner", "began_on", "limit", "due_on", "service_due_on",
    "enhanced_due_on", "verdict", "provisional", "working",
}  # fmt: skip


def told(rule: str, start: str, today: str = "2026-11-22", **clocks: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {
        name: date.fromisoformat(given) if isinstance(given, str) else given for name, given in clocks.items()
    }
    return explain(RULEBOOK, CALENDAR, rule, date.fromisoformat(start), today=date.fromisoformat(today), **asked)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_explains_itself_ready_for_json(rule: str) -> None:
    said = told(rule, "2026-11-20")

    assert set(said) >= KEYS
    assert json.loads(json.dumps(said)) == said
    assert said["began_on"] == "2026-11-20"


def test_each_day_skipped_says_why() -> None:
    said = told("rj-information", "2026-12-22")

    assert said["due_on"] == "2026-12-31"
    assert [(each["day"], each["why"]) for each in said["working"] if not each["counted"]] == [
        ("2026-12-25", "Christmas Day (bank holiday)"),
        ("2026-12-26", "Saturday"),
        ("2026-12-27", "Sunday"),
        ("2026-12-28", "Boxing Day (substitute day)"),
    ]
    assert said["working"][0]["day"] == "2026-12-23"
    assert said["working"][-1]["day"] == said["due_on"]


def test_an_act_without_a_day_count_has_no_due_day_and_no_working() -> None:
    said = told("conclusion-notice", "2026-11-20")

    assert (said["limit"], said["due_on"], said["working"], said["verdict"]) == ("no day-count", None, [], "running")


def test_enhanced_from_the_start_is_the_limit_of_every_clock() -> None:
    said = told("rj-information", "2026-12-24", told="2026-12-31", enhanced=True)

    assert said["limit"] == "1 working day"
    assert (said["due_on"], said["enhanced_due_on"]) == ("2026-12-29", "2026-12-29")
    assert said["service_due_on"] == "2027-01-04"
    assert said["working"][-1]["day"] == "2026-12-29"


def test_enhanced_known_later_keeps_the_standard_date_beside_the_earlier_one() -> None:
    said = told("rj-information", "2026-11-02", enhanced_from="2026-11-04", told="2026-11-03")

    assert (said["limit"], said["due_on"]) == ("5 working days", "2026-11-09")
    assert (said["enhanced_due_on"], said["service_due_on"]) == ("2026-11-05", "2026-11-10")


def test_a_day_from_which_enhanced_rights_are_known_says_more_than_the_flag() -> None:
    both = told("rj-information", "2026-11-02", enhanced=True, enhanced_from="2026-11-04")

    assert both == told("rj-information", "2026-11-02", enhanced_from="2026-11-04")


def test_the_verdict_is_of_the_owners_own_clock() -> None:
    said = told("rj-information", "2026-12-22", told="2026-12-29", today="2027-01-04")

    assert (said["verdict"], said["code_verdict"]) == ("running", "overdue")


@pytest.mark.parametrize(
    ("today", "verdict"), [("2026-11-06", "running"), ("2026-11-09", "due_today"), ("2026-11-10", "overdue")]
)
def test_the_verdict_is_of_the_day_asked_for(today: str, verdict: str) -> None:
    assert told("rj-information", "2026-11-02", today=today)["verdict"] == verdict


def test_a_partners_verdict_is_no_data_because_there_is_no_history() -> None:
    assert told("support-referral", "2025-01-06")["verdict"] == "no_data"


def test_a_limit_before_a_day_is_counted_back_from_it() -> None:
    said = told("views-before-decision", "2026-12-30")

    assert (said["due_on"], said["limit"]) == ("2026-12-24", "2 working days before")
    assert [said["working"][place]["day"] for place in (0, -1)] == ["2026-12-29", "2026-12-24"]


def test_a_due_day_past_the_horizon_is_marked_provisional() -> None:
    assert not told("complaint-answer", "2028-11-20")["provisional"]
    assert told("complaint-answer", "2028-12-20")["provisional"]


def test_a_day_before_the_first_edition_is_counted_as_an_illustration_and_says_so() -> None:
    """8 May 2020 was a bank holiday and 4 May 2020 was not; neither day had our edition, and the answer says it."""
    victory, before, in_force = (told("rj-information", day) for day in ("2020-05-05", "2020-04-30", "2021-04-01"))

    assert victory["due_on"] == "2020-05-13"
    assert before["due_on"] == "2020-05-07"
    assert (victory["in_force"], in_force["in_force"]) == (False, True)
    assert "Not yet in force" in victory["note"]
    assert in_force["note"] is None


@pytest.mark.parametrize(
    ("rule", "start", "clocks", "sentence"),
    [
        ("no-such-rule", "2026-01-05", {}, "There is no rule of that name; the rules command lists them all."),
        (
            "rj-information",
            "2014-12-31",
            {},
            "No edition we hold with the rule rj-information was in force on 2014-12-31.",
        ),
        (
            "rj-information",
            "1900-01-01",
            {},
            "No edition we hold with the rule rj-information was in force on 1900-01-01.",
        ),
        ("rj-information", "9999-12-31", {}, "The due date would lie outside the years 1 to 9999."),
        (
            "rj-information",
            "2026-01-05",
            {"told": "2026-01-04"},
            "The service cannot be told before the day from which the Code counts.",
        ),
    ],
)
def test_what_cannot_be_explained_says_why_in_one_sentence(
    rule: str, start: str, clocks: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CannotExplain) as refusal:
        told(rule, start, **clocks)

    assert str(refusal.value) == sentence


@given(
    rule=st.sampled_from(RULES),
    start=st.dates(date(2015, 1, 1)),
    wait=st.none() | st.integers(-5, 4000),
    enhanced=st.booleans(),
    known=st.none() | st.dates(),
    today=st.dates(),
)
def test_any_question_has_an_answer_or_a_sentence(
    rule: str, start: date, wait: int | None, enhanced: bool, known: date | None, today: date
) -> None:
    when = None if wait is None else date.fromordinal(min(start.toordinal() + wait, date.max.toordinal()))

    try:
        said = explain(RULEBOOK, CALENDAR, rule, start, told=when, enhanced=enhanced, enhanced_from=known, today=today)
    except CannotExplain as refusal:
        said = {"error": str(refusal)}

    assert json.dumps(said)


@given(
    rule=st.sampled_from(RULES),
    start=st.dates(date(2021, 4, 1), date(2060, 12, 31)),
    wait=st.integers(0, 60),
    known=st.integers(-30, 60),
)
def test_the_clocks_keep_their_order(rule: str, start: date, wait: int, known: int) -> None:
    later, from_day = start + timedelta(days=wait), start + timedelta(days=known)

    plain = explain(RULEBOOK, CALENDAR, rule, start, told=later, enhanced_from=from_day, today=start)
    quick = explain(RULEBOOK, CALENDAR, rule, start, enhanced=True, today=start)

    due, service, enhanced = plain["due_on"], plain["service_due_on"], plain["enhanced_due_on"]
    if due is not None and service is not None:
        assert str(service) >= str(due)
    if enhanced is not None:
        assert str(quick["due_on"]) <= str(enhanced) <= str(due)
