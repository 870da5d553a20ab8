"""Proves that what is missing or unreadable in a record is asked for, and delays nothing."""

from typing import Any

import pytest

from tests.edge.consent_records import ABSENT, child_record, consent_record, judged, said

_MISSING = [
    "station",
    "officer__collar_number",
    "officer__email",
    "incident__reported_on",
    "incident__occurred_on",
    "incident__place_type",
    "incident__stage",
    "incident__offences",
    "incident__children",
    "incident__contact_conditions",
    "victim__given_name",
    "victim__family_name",
    "victim__relationship_to_child",
    "victim__address__postcode",
    "victim__looked_after",
    "victim__guardian__phone",
    "victim__guardian__told",
    "victim__guardian__is_suspect",
    "consent__informed",
    "consent__informed__voluntary",
    "consent__scope__home_visit",
    "safety__safe_to__voicemail",
    "safety__preferred_channel",
    "safety__risks",
    "safety__child_knows_address",
    "needs__language",
    "needs__interpreter",
    "needs__bsl",
    "needs__formats",
    "characteristics__asked_by",
    "victim_personal_statement__offered",
]


@pytest.mark.parametrize("name", _MISSING)
def test_what_is_only_missing_is_a_gap_and_delays_nothing(name: str) -> None:
    record = child_record(**{name: ABSENT})

    judgement = judged(record)

    assert (judgement.status, judgement.queries) == ("accepted_with_gaps", ())
    assert said(judgement.gaps) == [(name.replace("__", "."), "missing")]


def test_the_enhanced_rights_of_an_adult_and_the_reason_for_a_no_are_asked_for() -> None:
    record = consent_record(enhanced_rights=ABSENT, consent__decision="no", consent__scope=ABSENT)

    judgement = judged(record)

    assert said(judgement.gaps) == [("consent.refusal_reason", "missing"), ("enhanced_rights.category", "missing")]


_LEFT_OUT: list[tuple[dict[str, Any], str, str]] = [
    ({"incident__place_type": "moon"}, "incident.place_type", "not-an-allowed-value"),
    ({"incident__occurred_on": "9999-12-31"}, "incident.occurred_on", "year-out-of-range"),
    ({"incident__occurred_on": "2026-11-23"}, "incident.occurred_on", "in-the-future"),
    ({"incident__children": "Sam Sample"}, "incident.children", "not-a-list"),
    ({"incident__contact_conditions": ["none"]}, "incident.contact_conditions.1", "not-an-object"),
    (
        {"victim__phones": [{"number": "07700 900001"}, {"number": "12"}]},
        "victim.phones.2.number",
        "not-a-phone-number",
    ),
    ({"victim__email": "alex at example.org"}, "victim.email", "not-an-email-address"),
    ({"victim__email": "alex@localhost.test"}, "victim.email", "not-an-email-address"),
    ({"victim__address__postcode": "ZZ99"}, "victim.address.postcode", "not-a-postcode"),
    ({"victim__age_estimate": "34"}, "victim.age_estimate", "not-a-whole-number"),
    ({"victim__known_as": "   "}, "victim.known_as", "blank"),
    ({"victim__known_as": "x" * 201}, "victim.known_as", "too-long"),
    ({"consent__informed__voluntary": "yes"}, "consent.informed.voluntary", "not-true-or-false"),
    ({"consent__scope__home_visit": 1}, "consent.scope.home_visit", "not-true-or-false"),
    ({"safety__preferred_channel": "pigeon"}, "safety.preferred_channel", "not-an-allowed-value"),
    ({"safety__child_knows_address": True}, "safety.child_knows_address", "not-an-allowed-value"),
    ({"needs__language": "English"}, "needs.language", "wrong-form"),
    ({"characteristics__race__value": "IC3"}, "characteristics.race.value", "not-an-allowed-value"),
    ({"enhanced_rights__category": "high"}, "enhanced_rights.category", "not-an-allowed-value"),
    ({"favourite_colour": "blue"}, "favourite_colour", "unknown-field"),
    ({"victim__shoe_size": 7}, "victim.shoe_size", "unknown-field"),
    ({"notes": "x" * 4001}, "notes", "too-long"),
]


@pytest.mark.parametrize(("changes", "path", "rule"), _LEFT_OUT)
def test_an_unreadable_value_elsewhere_is_left_out_and_asked_for(changes: dict[str, Any], path: str, rule: str) -> None:
    record = consent_record(**changes)

    judgement = judged(record)

    assert judgement.status == "accepted_with_gaps"
    assert (path, rule) in said(judgement.gaps)
    assert judgement.record is not None
    assert judgement.record.consent.decision == "yes"


def test_an_unreadable_value_refuses_the_record_where_its_absence_would() -> None:
    record = child_record(victim__guardian="mother", officer__phone="none", officer__email="none")

    judgement = judged(record)

    assert said(judgement.errors) == [
        ("officer", "officer-contact-required"),
        ("victim.guardian", "not-an-object"),
    ]


def test_half_an_address_is_not_kept() -> None:
    record = consent_record(victim__address__lines=["Flat 3\u202e", "1 Nowhere Street"])

    judgement = judged(record)

    assert said(judgement.gaps) == [("victim.address.lines.1", "invisible-characters")]
    assert judgement.record is not None
    assert judgement.record.victim.address is None


@pytest.mark.parametrize(("given_on", "stale"), [("2026-05-26", False), ("2026-05-25", True)])
def test_a_consent_of_more_than_180_days_is_asked_again(given_on: str, stale: bool) -> None:
    record = consent_record(consent__given_on=given_on)

    judgement = judged(record)

    assert said(judgement.gaps) == ([("consent.given_on", "reconfirm")] if stale else [])


def test_an_incident_reported_before_it_happened_is_asked_about() -> None:
    record = consent_record(incident__reported_on="2026-10-31")

    judgement = judged(record)

    assert said(judgement.gaps) == [("incident.occurred_on", "days-contradict")]


def test_days_that_contradict_each_other_are_kept_and_asked_about() -> None:
    record = consent_record(
        incident__reported_on="2026-11-11",
        incident__occurred_on="2026-11-11",
        incident__contact_conditions=[{"kind": "bail", "from": "2026-11-02", "to": "2026-11-01"}],
        incident__children=[{"date_of_birth": "2005-01-01"}],
    )

    judgement = judged(record)

    assert said(judgement.gaps) == [
        ("incident.reported_on", "after-submission"),
        ("incident.occurred_on", "after-submission"),
        ("incident.children.1.date_of_birth", "child-age"),
        ("incident.contact_conditions.1.to", "days-contradict"),
    ]


def test_a_list_of_which_nothing_could_be_read_is_not_an_empty_list() -> None:
    record = consent_record(safety__risks=["dv"], incident__contact_conditions=[{"kind": "BAIL"}])

    judgement = judged(record)

    assert judgement.record is not None
    assert judgement.record.safety.risks is None
    assert judgement.record.incident.contact_conditions is None
