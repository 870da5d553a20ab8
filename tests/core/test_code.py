"""Tests that a rules file is read exactly, and that what is wrong with it is refused at its place."""

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BadConfiguration
from engine.rulebook import check_horizon, load_rulebook
from workflow.code import BadRule, Edition, LimitKind, NotInForce, Source, UnknownRule
from workflow.duty_rules import edition_of, rulebook_of

CONFIG = Path(__file__).parents[2] / "config"
RULEBOOK, CALENDAR = load_rulebook(CONFIG)

RULE: dict[str, Any] = {
    "id": "a-rule",
    "title": "A rule",
    "right": "3",
    "paragraph": "3.4",
    "duty": "Do it.",
    "owner": "yjs",
    "begins": ["crime_reported"],
    "limit": {"working_days": 5},
    "met_by": ["letter_sent"],
    "status": "verified",
    "citation": "a page",
}


def document(**changes: Any) -> dict[str, Any]:
    """A file with one edition and one rule, some of its keys changed."""
    head = {
        "id": "2021-04-01",
        "source": "victims_code",
        "title": "A Code",
        "in_force": date(2021, 4, 1),
        "note": "A note.",
    }
    return {"edition": head, "rule": [{**deepcopy(RULE), **changes}]}


def edition(in_force: date, until: date | None = None, rule: str = "a-rule", source: str = "victims_code") -> Edition:
    made = document(id=rule, basis="ours")
    made["edition"] |= {"id": f"{source}-{in_force}", "in_force": in_force, "source": source}
    if until:
        made["edition"]["until"] = until
    return edition_of(made)


# What ships


def test_the_fixed_rules_have_the_owners_and_limits_of_the_contract() -> None:
    fixed = {
        "rj-information": ("yjs", 5, 1),
        "written-confirmation": ("police", 5, 1),
        "support-referral": ("police", 2, 2),
        "investigation-update": ("police", 5, 1),
        "hearing-date": ("witness_care", 1, 1),
        "case-outcome": ("witness_care", 1, 1),
        "bail-outcome": ("witness_care", 5, 1),
        "contact-scheme-referral": ("witness_care", 10, 10),
        "contact-scheme-contact": ("probation", 20, 20),
        "complaint-acknowledgement": ("yjs", 10, 10),
        "first-attempt": ("yjs", 5, 2),
    }

    rules = {rule.id: rule for rule in RULEBOOK.rules_on(date(2026, 11, 22))}

    for name, (owner, limit, enhanced) in fixed.items():
        rule = rules[name]
        assert (rule.owner, rule.limit.kind, rule.limit.number) == (owner, LimitKind.WORKING_DAYS, limit)
        assert rule.enhanced is not None
        assert rule.enhanced.number == enhanced
    month = rules["subject-access"].limit
    assert (month.kind, month.number, month.moves) == (LimitKind.CALENDAR_MONTHS, 1, True)
    assert rules["conclusion-notice"].limit.kind is LimitKind.NONE


def test_the_actions_and_letters_name_only_rules_that_exist() -> None:
    named = {
        "request", "consent-record", "officer-follow-up", "triage", "needs-time-box", "first-attempt", "next-attempt",
        "uncontactable-close", "conversation", "restorative-offer", "preparation-drift", "event-to-hold",
        "reparation-check", "after-event-call", "two-week-follow-up", "six-week-follow-up", "follow-up", "ask-again",
        "support-review", "progress-update", "informed-check", "completion-notice", "views-before-decision",
        "contact-scheme-first-step", "complaint-first-word", "complaint-answer", "reopened-first-call",
    }  # fmt: skip

    local = {rule.id for rule in RULEBOOK.rules_on(date(2026, 11, 22)) if rule.source is Source.LOCAL}

    assert named <= local


def test_every_timer_of_the_practice_is_a_rule_or_says_why_not() -> None:
    (local,) = (each for each in RULEBOOK.editions if each.source is Source.LOCAL)

    named = {rule.paragraph for rule in local.rules} | {row.paragraph for row in local.not_modelled}

    assert named == {f"T{number:02}" for number in range(1, 24)}


def test_the_new_code_is_held_and_switched_off() -> None:
    (new,) = (each for each in RULEBOOK.editions if each.id == "new")

    assert not new.switched_on
    assert new.rules == ()
    assert not new.covers(date(2030, 1, 1))


def test_the_good_reasons_are_those_of_the_catalogue() -> None:
    from workflow.catalogue import CATALOGUE

    asked = CATALOGUE["good_reason_recorded"].field("reason")
    (acts,) = (each for each in RULEBOOK.editions if each.source is Source.ACTS)

    assert asked is not None
    assert set(acts.good_reasons) == set(asked.choices)


# Which edition


def test_a_rule_is_the_one_of_the_edition_in_force_on_the_day() -> None:
    old, new = edition(date(2021, 4, 1), until=date(2027, 1, 1)), edition(date(2027, 1, 1))

    rulebook = rulebook_of([new, old])

    assert rulebook.edition_on(date(2026, 12, 31)) is old
    assert rulebook.edition_on(date(2027, 1, 1)) is new
    assert rulebook.rule("a-rule", date(2026, 12, 31)) is old.rules[0]
    assert rulebook.edition_on(date(2021, 3, 31)) is None


def test_a_rule_nobody_knows_and_a_day_without_an_edition_are_told_apart() -> None:
    rulebook = rulebook_of([edition(date(2021, 4, 1))])

    with pytest.raises(UnknownRule):
        rulebook.rule("no-such-rule", date(2026, 1, 1))
    with pytest.raises(NotInForce):
        rulebook.rule("a-rule", date(2021, 3, 31))


@pytest.mark.parametrize(
    ("earlier_until", "path"),
    [
        (None, "victims_code-2021-04-01/edition.until"),
        (date(2027, 1, 2), "victims_code-2021-04-01/edition.until"),
        (date(2026, 12, 31), "victims_code-2021-04-01/edition.until"),
    ],
)
def test_editions_that_overlap_or_leave_a_gap_are_refused(earlier_until: date | None, path: str) -> None:
    with pytest.raises(BadRule) as refusal:
        rulebook_of([edition(date(2021, 4, 1), until=earlier_until), edition(date(2027, 1, 1))])

    assert refusal.value.path == path


def test_two_editions_that_begin_on_one_day_are_refused() -> None:
    made = document()
    made["edition"]["id"] = "another"

    with pytest.raises(BadRule) as refusal:
        rulebook_of([edition(date(2021, 4, 1)), edition_of(made)])

    assert refusal.value.path == "another/edition.in_force"


def test_one_name_belongs_to_one_source() -> None:
    with pytest.raises(BadRule) as refusal:
        rulebook_of([edition(date(2021, 4, 1)), edition(date(2021, 4, 1), source="local")])

    assert refusal.value.path == "local-2021-04-01/a-rule.id"


# The folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the config folder that a test may spoil."""
    (tmp_path / "victims_code").mkdir()
    names = ("victims_code/2021-04-01.toml", "victims_code/new.toml", "local_targets.toml", "acts.toml")
    for name in (*names, "bank_holidays.json"):
        (tmp_path / name).write_bytes((CONFIG / name).read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("victims_code/2021-04-01.toml", 'owner = "police"', 'owner = "plod"', "enhanced-rights-assessment.owner"),
        ("local_targets.toml", "working_days = 1 }", "working_days = -1 }", "request.limit.working_days"),
        ("acts.toml", 'id = "acts-2018-05-25"', 'id = "2021-04-01"', "edition.id"),
        ("acts.toml", "[edition]", "[edition", "file"),
        ("bank_holidays.json", '"date": "2015-01-01"', '"date": "1 January"', "england-and-wales.events.1.date"),
        ("bank_holidays.json", "{", "", "file"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_key(
    folder: Path, file: str, old: str, new: str, key: str
) -> None:
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    with pytest.raises(BadConfiguration) as refusal:
        load_rulebook(folder)

    assert (refusal.value.file, refusal.value.key) == (file, key)
    assert str(folder) not in str(refusal.value)


def test_a_second_local_file_changes_a_target_from_its_day_on(folder: Path) -> None:
    old = folder / "local_targets.toml"
    text = old.read_text(encoding="utf-8")
    old.write_text(text.replace("in_force = 2021-04-01", "in_force = 2021-04-01\nuntil = 2027-04-01"), encoding="utf-8")
    text = text.replace("in_force = 2021-04-01", "in_force = 2027-04-01").replace("local-2021", "local-2027")
    text = text.replace("limit = { working_days = 5 }\nenhanced = { working_days = 2 }", "limit = { working_days = 3 }")
    (folder / "local_targets_2027-04-01.toml").write_text(text, encoding="utf-8")

    rulebook, _ = load_rulebook(folder)

    limits = [rulebook.rule("first-attempt", date(2027, month, 1)).limit.number for month in (3, 4)]
    assert limits == [5, 3]


@pytest.mark.parametrize("file", ["acts.toml", "bank_holidays.json", "local_targets.toml"])
def test_a_file_that_is_not_there_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()

    with pytest.raises(BadConfiguration) as refusal:
        load_rulebook(folder)

    assert refusal.value.file.partition("*")[0] == file.removesuffix(".toml") or refusal.value.file == file


def test_a_calendar_that_has_run_out_is_refused_and_one_about_to_is_not() -> None:
    check_horizon(CALENDAR, date(2028, 12, 31))

    with pytest.raises(BadConfiguration) as refusal:
        check_horizon(CALENDAR, date(2029, 1, 1))

    assert refusal.value.file == "bank_holidays.json"
