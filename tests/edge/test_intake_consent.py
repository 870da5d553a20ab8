"""Proves that nothing unclear is ever taken for consent, and that a withdrawal is always taken."""

from typing import Any

import pytest

from tests.edge.consent_records import ABSENT, TODAY, consent_record, judged, said, withdrawal_record

_NEITHER_YES_NOR_NO: list[Any] = [
    "", " ", "YES", "Yes", "yEs", " yes", "yes ", " yes ", "yes\n", "yes\u200b", "\ufeffyes", "y", "Y", "yes.", "yes!",
    "\u0443es", "y\u0435s", "ye\u0455", "\uff59\uff45\uff53", "\U0001d432\U0001d41e\U0001d42c", "yes\u0301",
    "true", "True", "TRUE", "on", "off", "N", "ok", "1", "0",
    "given", "consented", "oui", "ja", "ie", "ydw", "\u2713", "yes, but", "no/yes", "yes|no", "not_asked yes", "null",
    "None", "unknown", "undecided ", "opt_in", "self", 1, 0, -1, 1.0, 2**62, True, False, None,
    [], ["yes"], {}, {"yes": True}, {"decision": "yes"}, [["yes"]], [True],
]  # fmt: skip


@pytest.mark.parametrize("value", _NEITHER_YES_NOR_NO, ids=ascii)
def test_no_other_way_of_writing_a_decision_is_consent(value: Any) -> None:
    record = consent_record(consent__decision=value)

    judgement = judged(record)

    assert judgement.record is None
    assert [path for path, _ in said(judgement.errors)] == ["consent.decision"]


@pytest.mark.parametrize("value", [each for each in _NEITHER_YES_NOR_NO if each is not True], ids=ascii)
def test_no_other_way_of_writing_true_covers_contact(value: Any) -> None:
    record = consent_record(consent__scope__contact=value)

    judgement = judged(record)

    assert judgement.record is None
    assert [path for path, _ in said(judgement.errors)] == ["consent.scope.contact"]


@pytest.mark.parametrize("value", _NEITHER_YES_NOR_NO, ids=ascii)
@pytest.mark.parametrize("field", ["consent__model", "consent__given_by", "consent__withdrawal"])
def test_nothing_else_that_decides_about_consent_is_guessed(field: str, value: Any) -> None:
    fits: dict[str, list[Any]] = {
        "consent__model": ["opt_in"],
        "consent__given_by": ["self"],
        "consent__withdrawal": [None],
    }
    record = consent_record(**{field: value})

    judgement = judged(record)

    assert (judgement.record is None) == (value not in fits[field])


@pytest.mark.parametrize("value", [each for each in _NEITHER_YES_NOR_NO if each not in (None, "unknown")], ids=ascii)
def test_no_other_way_of_writing_yes_makes_a_channel_safe(value: Any) -> None:
    record = consent_record(safety__safe_to__phone=value)

    judgement = judged(record)

    assert judgement.record is not None
    assert judgement.record.safety.safe_to.phone is None
    assert [path for path, _ in said(judgement.gaps)] == ["safety.safe_to.phone"]


def test_a_yes_that_does_not_say_what_it_covers_is_asked_back() -> None:
    record = consent_record(consent__scope=ABSENT)

    judgement = judged(record)

    assert judgement.queries == ("not_asked",)
    assert said(judgement.gaps) == [("consent.scope", "missing")]
    assert judgement.record is not None
    assert judgement.record.consent.scope.agreed() == ()


def test_a_yes_to_contact_beside_a_no_is_not_kept() -> None:
    record = consent_record(consent__decision="no", consent__refusal_reason="too_upset")

    judgement = judged(record)

    assert ("consent.scope.contact", "scope-contradicts-decision") in said(judgement.gaps)
    assert judgement.record is not None
    assert judgement.record.consent.scope.contact is None


def test_not_objecting_counts_where_the_force_asks_victims_to_opt_out_and_told_them() -> None:
    given: dict[str, Any] = {"consent__decision": "not_objected", "consent__model": "opt_out"}
    told = consent_record(**given, consent__told_on="2026-11-08", consent__given_by=ABSENT, consent__given_on=ABSENT)
    untold = consent_record(**given)
    elsewhere = consent_record(**given, consent__told_on="2026-11-08")

    judgements = [judged(told, "opt_out"), judged(untold, "opt_out"), judged(elsewhere, "opt_in")]

    assert judgements[0].status == "accepted"
    assert said(judgements[1].errors) == [("consent.told_on", "required")]
    assert [rule for _, rule in said(judgements[2].errors)] == ["model-mismatch", "not-objected-needs-opt-out"]


@pytest.mark.parametrize(
    ("changes", "queries"),
    [
        ({"consent__decision": "no", "consent__refusal_reason": "too_minor"}, ["refusal_to_confirm"]),
        (
            {"consent__decision": "no", "consent__informed__leaflet_given": False},
            ["refusal_to_confirm", "uninformed"],
        ),
        ({"consent__decision": "undecided"}, ["undecided"]),
        ({"consent__decision": "not_asked"}, ["not_asked"]),
        ({"consent__decision": "lacks_capacity"}, ["lacks_capacity"]),
        ({"consent__given_by": "proxy"}, ["proxy"]),
        ({"consent__given_by": "parent_guardian"}, ["proxy"]),
        ({"safety__safe_to": dict.fromkeys(["phone", "text", "post"], "unknown")}, ["no_safe_channel"]),
        ({"safety__safe_to": {"phone": "yes"}, "victim__phones": ABSENT}, ["no_safe_channel"]),
        ({"safety__safe_to": ABSENT}, ["no_safe_channel"]),
        ({"safety__risks": ["dv"]}, ["no_safe_channel"]),
        ({"safety__must_not_know": "partner"}, ["no_safe_channel"]),
        ({"safety__do_not_call": True}, ["no_safe_channel"]),
        ({"safety__preferred_channel": "pigeon"}, []),
        ({"victim__kind": "child"}, ["child_self_only", "age_conflict"]),
        ({"victim__date_of_birth": ABSENT}, ["child_self_only"]),
    ],
)
def test_what_must_be_asked_back_is_said(changes: dict[str, Any], queries: list[str]) -> None:
    record = consent_record(**changes)

    judgement = judged(record)

    assert judgement.record is not None
    assert list(judgement.queries) == queries


def test_a_no_and_an_unasked_victim_need_no_way_of_reaching_them() -> None:
    unreachable: dict[str, Any] = {"victim__address": ABSENT, "victim__phones": ABSENT, "victim__email": ABSENT}

    judgements = [judged(consent_record(consent__decision=said, **unreachable)) for said in ("no", "not_asked")]

    assert all(judgement.record for judgement in judgements)


def test_the_informed_choice_is_as_complete_as_its_ticks() -> None:
    some = consent_record(consent__informed={"who_we_are": True, "voluntary": True, "leaflet_given": False})
    unasked = consent_record(consent__decision="not_asked")

    judgements = [judged(some), judged(unasked)]

    assert [judgement.completeness.informed_choice for judgement in judgements] == [2 / 6, None]
    assert [path for path, _ in said(judgements[0].gaps)] == [
        "consent.informed.what_we_offer",
        "consent.informed.what_is_shared",
        "consent.informed.no_effect_on_case",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"consent__decision": "perhaps", "consent__model": "neither", "consent__extra": 1, "consent__scope": "all"},
        {"submitted_at": "2031-01-01T00:00:00Z", "officer": None, "safety": [], "victim": 5, "needs__language": 1},
        {"incident": ABSENT, "victim__family_name": "Example"},
        {"incident": ABSENT, "victim__reference": "V-1"},
        {"incident": ABSENT, "victim__organisation": {"name": "Example Stores"}},
        {"consent__decision": "yes", "consent__scope": {"contact": None}, "consent__given_on": "2031-01-01"},
        {"consent__withdrawal__told_to": "the desk", "consent__withdrawal__why": "none of our business"},
    ],
)
def test_a_withdrawal_is_taken_whatever_else_is_missing_or_wrong(changes: dict[str, Any]) -> None:
    record = withdrawal_record(**changes)

    judgement = judged(record)

    assert judgement.record is not None
    assert judgement.record.consent.withdrawal is not None
    assert (judgement.record.consent.withdrawal.part, judgement.queries) == ("all", ())


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"force": "elsewhere"}, "force"),
        ({"consent": ABSENT}, "consent.withdrawal.part"),
        ({"consent__withdrawal__part": ABSENT}, "consent.withdrawal.part"),
        ({"consent__withdrawal__part": "ALL"}, "consent.withdrawal.part"),
        ({"consent__withdrawal__on": "today"}, "consent.withdrawal.on"),
        ({"incident": ABSENT}, "incident.crime_reference"),
    ],
)
def test_a_withdrawal_must_say_what_it_withdraws_since_when_and_for_whom(changes: dict[str, Any], path: str) -> None:
    record = withdrawal_record(**changes)

    judgement = judged(record)

    assert path in [found for found, _ in said(judgement.errors)]


def test_a_withdrawal_of_tomorrow_counts_from_today() -> None:
    record = withdrawal_record(consent__withdrawal__on="2026-12-01")

    judgement = judged(record)

    assert said(judgement.gaps) == [("consent.withdrawal.on", "in-the-future")]
    assert judgement.record is not None
    assert judgement.record.consent.withdrawal is not None
    assert judgement.record.consent.withdrawal.on == TODAY
