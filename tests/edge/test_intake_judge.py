"""Proves that a record is refused only where contact would be impossible or unlawful; the rest is taken with gaps."""

from copy import deepcopy
from typing import Any, get_args

import pytest

from engine.intake.codes import (
    DecisionKind,
    GivenBy,
    Method,
    Model,
    RefusalReason,
    ToldTo,
    VictimKind,
    WithdrawnPart,
)
from engine.intake.judge import content_digest
from tests.edge.consent_records import (
    ABSENT,
    child_record,
    consent_record,
    judged,
    organisation_record,
    said,
    withdrawal_record,
)
from workflow.catalogue import CATALOGUE


@pytest.mark.parametrize("record", [consent_record(), child_record(), organisation_record(), withdrawal_record()])
def test_a_record_with_everything_it_needs_is_taken_without_a_gap(record: dict[str, Any]) -> None:
    sent = record

    judgement = judged(sent)

    assert (judgement.status, judgement.errors, judgement.gaps, judgement.queries) == ("accepted", (), (), ())
    assert judgement.record is not None
    assert judgement.submission_id == record["submission_id"]


_REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"submission_id": ABSENT}, "submission_id", "required"),
    ({"submission_id": "x" * 65}, "submission_id", "too-long"),
    ({"submission_id": "../../etc"}, "submission_id", "wrong-form"),
    ({"submission_id": 7}, "submission_id", "not-text"),
    ({"force": ABSENT}, "force", "required"),
    ({"force": "elsewhere"}, "force", "force-mismatch"),
    ({"reason": ABSENT}, "reason", "required"),
    ({"reason": "NEW"}, "reason", "not-an-allowed-value"),
    ({"submitted_at": ABSENT}, "submitted_at", "required"),
    ({"submitted_at": "2026-11-22T09:06:00Z"}, "submitted_at", "in-the-future"),
    ({"submitted_at": "2026-11-10T09:30:00"}, "submitted_at", "not-a-moment"),
    ({"submitted_at": "9999-12-31T23:59:59Z"}, "submitted_at", "year-out-of-range"),
    ({"officer": ABSENT}, "officer.name", "required"),
    ({"officer": "PC 1234"}, "officer", "not-an-object"),
    ({"officer__name": ABSENT}, "officer.name", "required"),
    ({"officer__email": ABSENT, "officer__phone": ABSENT}, "officer", "officer-contact-required"),
    ({"incident__crime_reference": ABSENT}, "incident.crime_reference", "required"),
    ({"incident__crime_reference": "\u200b1"}, "incident.crime_reference", "wrong-form"),
    ({"victim": []}, "victim", "not-an-object"),
    ({"victim__kind": ABSENT}, "victim.kind", "required"),
    ({"victim__kind": "person"}, "victim.kind", "not-an-allowed-value"),
    ({"victim__given_name": ABSENT, "victim__family_name": ABSENT}, "victim.family_name", "required"),
    ({"victim__given_name": "Al\u200bex"}, "victim.given_name", "invisible-characters"),
    ({"victim__family_name": "\u202eelpmaxE"}, "victim.family_name", "invisible-characters"),
    ({"victim__address": ABSENT, "victim__phones": ABSENT, "victim__email": ABSENT}, "victim", "no-way-to-reach"),
    ({"consent": ABSENT}, "consent.decision", "required"),
    ({"consent": None}, "consent", "not-an-object"),
    ({"consent__decision": ABSENT}, "consent.decision", "required"),
    ({"consent__model": ABSENT}, "consent.model", "required"),
    ({"consent__model": "opt_out"}, "consent.model", "model-mismatch"),
    ({"consent__given_by": ABSENT}, "consent.given_by", "required"),
    ({"consent__given_by": "mum"}, "consent.given_by", "not-an-allowed-value"),
    ({"consent__given_on": ABSENT}, "consent.given_on", "required"),
    ({"consent__given_on": "2026-11-11"}, "consent.given_on", "in-the-future"),
    ({"consent__given_on": "2026-02-30"}, "consent.given_on", "not-a-day"),
    ({"consent__given_on": "20261109"}, "consent.given_on", "not-a-day"),
    ({"consent__method": ABSENT}, "consent.method", "required"),
    ({"consent__scope": True}, "consent.scope", "not-an-object"),
    ({"consent__scope__contact": False}, "consent.scope.contact", "scope-excludes-contact"),
    ({"consent__scope__contact": None}, "consent.scope.contact", "required"),
    ({"consent__certain": True}, "consent.certain", "unknown-field"),
    ({"consent__scope__everything": True}, "consent.scope.everything", "unknown-field"),
    ({"consent__informed__gdpr": True}, "consent.informed.gdpr", "unknown-field"),
    ({"consent__withdrawal": {"on": "2026-11-12"}}, "consent.withdrawal", "withdrawal-contradicts-decision"),
    ({"consent__decision": "not_objected"}, "consent.decision", "not-objected-needs-opt-out"),
]


@pytest.mark.parametrize(("changes", "path", "rule"), _REFUSED)
def test_what_makes_contact_impossible_or_unlawful_refuses_the_record(
    changes: dict[str, Any], path: str, rule: str
) -> None:
    record = consent_record(**changes)

    judgement = judged(record)

    assert (judgement.status, judgement.record, judgement.queries) == ("rejected", None, ())
    assert (path, rule) in said(judgement.errors)


def test_everything_that_refuses_a_record_is_said_at_once() -> None:
    record = consent_record(
        submitted_at="yesterday", officer__name=ABSENT, victim__kind="human", consent__decision="Y", station=ABSENT
    )

    judgement = judged(record)

    assert {path for path, _ in said(judgement.errors)} == {
        "submitted_at",
        "officer.name",
        "victim.kind",
        "consent.decision",
    }
    assert said(judgement.gaps) == [("station", "missing")]


@pytest.mark.parametrize("raw", [{}, [], None, "text", 7, {"submission_id": {"a": [1]}}, {"\ud800": "\udfff"}])
def test_what_is_no_record_at_all_is_refused(raw: Any) -> None:
    sent = raw

    judgement = judged(sent)

    assert judgement.status == "rejected"
    assert judgement.submission_id is None


def test_the_fingerprint_changes_with_what_is_said_and_not_with_how_it_is_sent() -> None:
    record = consent_record()
    again = dict(reversed(consent_record(submitted_at="2026-11-12T08:00:00Z").items()))
    other = consent_record(consent__scope__home_visit=False)

    digests = [content_digest(raw) for raw in (record, again, other)]

    assert digests[0] == digests[1]
    assert digests[0] != digests[2]
    assert len(digests[0]) == 64


def test_judging_leaves_the_raw_record_as_it_was() -> None:
    record = consent_record(victim__phones=[{"number": "x"}], safety__risks=["dv"], extra=[1, {"a": 2}])
    before = deepcopy(record)

    judged(record)

    assert record == before


@pytest.mark.parametrize(
    ("event", "field", "codes"),
    [
        ("case_opened", "victim_kind", VictimKind),
        ("consent_recorded", "model", Model),
        ("consent_recorded", "given_by", GivenBy),
        ("consent_recorded", "method", Method),
        ("consent_recorded", "refusal_reason", RefusalReason),
        ("consent_withdrawn", "part", WithdrawnPart),
        ("consent_withdrawn", "told_to", ToldTo),
        ("decision_scheduled", "kind", DecisionKind),
    ],
)
def test_the_words_police_send_are_the_words_of_the_history(event: str, field: str, codes: Any) -> None:
    known = next(each for each in CATALOGUE[event].fields if each.name == field)

    words = get_args(codes)

    assert set(words) == set(known.choices)
