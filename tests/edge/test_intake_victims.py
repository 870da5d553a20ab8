"""Proves how a record is judged by whom it is about: a child, an organisation, somebody with a name and an age."""

from typing import Any

import pytest

from tests.edge.consent_records import ABSENT, child_record, consent_record, judged, organisation_record, said


@pytest.mark.parametrize(
    ("born", "age", "is_child"),
    [("2008-11-01", 18, False), ("2008-11-02", 17, True), ("2010-11-01", 16, True), ("2010-11-02", 15, True)],
)
def test_a_child_is_whoever_was_under_18_on_the_day_of_the_incident(born: str, age: int, is_child: bool) -> None:
    record = consent_record(victim__kind="witness_harmed", victim__date_of_birth=born, consent__given_by="both")

    judgement = judged(record)

    assert judgement.is_child is is_child
    assert (said(judgement.errors) == [("victim.guardian", "guardian-required")]) is (age < 16)
    assert (("victim.guardian", "missing") in said(judgement.gaps)) is (16 <= age < 18)


def test_the_day_of_the_report_stands_in_for_the_day_of_the_incident() -> None:
    born = {"victim__date_of_birth": "2008-11-02", "victim__kind": "bereaved_relative"}
    record = consent_record(**born, incident__occurred_on=ABSENT)

    judgement = judged(record)

    assert judgement.is_child is False


def test_a_victim_of_unknown_age_is_treated_as_a_child_and_not_refused() -> None:
    record = consent_record(victim__date_of_birth="2031-01-01", enhanced_rights=ABSENT)

    judgement = judged(record)

    assert judgement.is_child
    assert said(judgement.gaps)[0] == ("victim.date_of_birth", "impossible-date-of-birth")
    assert judgement.record is not None
    assert judgement.record.victim.date_of_birth is None
    assert judgement.record.enhanced_rights.category == "vulnerable_intimidated"


def test_an_estimated_age_will_do() -> None:
    record = consent_record(victim__date_of_birth=ABSENT, victim__age_estimate=34)

    judgement = judged(record)

    assert (judgement.status, judgement.is_child) == ("accepted", False)


def test_a_child_under_16_may_be_reached_through_a_guardian_who_is_no_suspect() -> None:
    alone: dict[str, Any] = {"victim__address": ABSENT, "victim__phones": ABSENT, "victim__email": ABSENT}
    older = {"victim__date_of_birth": "2009-12-01"}

    judgements = [
        judged(child_record(**alone)),
        judged(child_record(**alone, victim__guardian__is_suspect=True)),
        judged(child_record(**alone, victim__guardian__is_suspect=ABSENT)),
        judged(child_record(**alone, **older)),
    ]

    assert [judgement.record is not None for judgement in judgements] == [True, False, True, False]
    assert [judgement.queries for judgement in judgements] == [(), (), ("no_safe_channel",), ()]


def test_the_consent_of_a_suspect_guardian_and_of_a_child_alone_are_asked_back() -> None:
    suspect = child_record(victim__guardian__is_suspect=True)
    alone = child_record(consent__given_by="self")

    judgements = [judged(suspect), judged(alone)]

    assert [judgement.queries for judgement in judgements] == [("proxy",), ("child_self_only",)]


def test_every_child_has_enhanced_rights_whatever_the_form_says() -> None:
    record = child_record(enhanced_rights__category="none")

    judgement = judged(record)

    assert said(judgement.gaps) == [("enhanced_rights.category", "child-has-enhanced-rights")]
    assert judgement.record is not None
    assert judgement.record.enhanced_rights.category == "vulnerable_intimidated"


def test_an_organisation_needs_a_named_contact_and_has_no_characteristics() -> None:
    nameless = organisation_record(victim__organisation__contact_name=ABSENT)
    asked = organisation_record(characteristics={"sex": {"status": "answered", "value": "male"}})

    judgements = [judged(nameless), judged(asked)]

    assert said(judgements[0].errors) == [("victim.organisation.contact_name", "organisation-contact-required")]
    assert said(judgements[1].gaps) == [("characteristics.sex", "organisation-has-none")]
    assert judgements[1].completeness.characteristics is None
    assert judgements[1].record is not None
    statuses = {answer.status for _, answer in judgements[1].record.characteristics.answers()}
    values = {answer.value for _, answer in judgements[1].record.characteristics.answers()}
    assert (statuses, values) == ({"not_applicable"}, {None})


@pytest.mark.parametrize(
    ("answer", "rule", "complete"),
    [
        ({"status": "prefer_not_to_say"}, None, True),
        ({"status": "withdrawn"}, None, True),
        ({"status": "asked_unable"}, None, False),
        ({"status": "not_asked"}, "characteristic-not-asked", False),
        ({"status": "not_applicable"}, "applies-to-everyone", False),
        ({"status": "answered"}, "value-missing", False),
        ({"status": "answered", "value": "NS"}, "not-stated", False),
        ({"status": "answered", "value": "O1"}, None, True),
        ({"status": "prefer_not_to_say", "value": "W1"}, "value-without-answer", True),
        ({"value": "W1"}, "value-without-answer", False),
        ({}, "characteristic-missing", False),
    ],
)
def test_a_characteristic_is_complete_once_the_victim_was_asked_and_answered_or_declined(
    answer: dict[str, str], rule: str | None, complete: bool
) -> None:
    record = consent_record(characteristics__race=answer, characteristics__reason_not_asked="urgent")

    judgement = judged(record)

    assert said(judgement.gaps) == ([("characteristics.race", rule)] if rule else [])
    assert judgement.completeness.characteristics == (1 if complete else 8 / 9)


def test_the_older_code_for_chinese_is_taken_and_kept_beside_the_code_of_today() -> None:
    record = consent_record(characteristics__race={"status": "answered", "value": "O1"})

    judgement = judged(record)

    assert judgement.record is not None
    kept = judgement.record.characteristics.race
    assert (kept.value, kept.original_code) == ("A4", "O1")


def test_a_child_under_16_is_not_asked_about_three_of_the_nine() -> None:
    asked = child_record(characteristics__sexual_orientation={"status": "answered", "value": "heterosexual"})
    blank = child_record(characteristics__sexual_orientation=ABSENT)

    judgements = [judged(asked), judged(blank)]

    assert said(judgements[0].gaps) == [("characteristics.sexual_orientation", "asked-under-16")]
    assert judgements[1].status == "accepted"
    for judgement in judgements:
        assert judgement.record is not None
        assert judgement.record.characteristics.sexual_orientation.value is None
        assert judgement.completeness.characteristics == 1


def test_whoever_did_not_ask_says_why() -> None:
    record = consent_record(characteristics__sex={"status": "not_asked"})

    judgement = judged(record)

    assert said(judgement.gaps) == [
        ("characteristics.sex", "characteristic-not-asked"),
        ("characteristics.reason_not_asked", "reason-not-asked"),
    ]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Siân", "Siân"),
        ("Sia\u0302n", "Siân"),
        ("Ŵyn-Ŷork", "Ŵyn-Ŷork"),
        ("O’Shea", "O’Shea"),
        ("van der  Berg", "van der  Berg"),
        (" D'Arcy ", "D'Arcy"),
        ("Łukasz", "Łukasz"),
        ("李小龍", "李小龍"),
        ("نور", "نور"),
        ("ﬁona", "ﬁona"),
        ("m'", "m'"),
    ],
)
def test_a_name_is_kept_as_it_is_written(written: str, kept: str) -> None:
    record = consent_record(victim__given_name=written)

    judgement = judged(record)

    assert judgement.record is not None
    assert judgement.record.victim.given_name == kept


def test_a_note_loses_its_invisible_marks_and_nothing_else() -> None:
    record = consent_record(notes="\ufeffRing after six.\r\nNot\u200b before.", safety__must_not_know=["part\u200bner"])

    judgement = judged(record)

    assert judgement.status == "accepted"
    assert judgement.record is not None
    assert judgement.record.notes == "Ring after six.\r\nNot before."
    assert judgement.record.safety.must_not_know == ("partner",)


@pytest.mark.parametrize(
    ("number", "is_taken"),
    [
        ("07700 900123", True),
        ("01632 960123", True),
        ("+44 7700 900123", True),
        ("0044 (0)1632 960123", True),
        ("020 7946 0123", True),
        ("+33 1 42 68 53 00", True),
        ("0770", False),
        ("07700 9001234", False),
        ("phone her mother", False),
        ("٠٧٧٠٠٩٠٠١٢٣", False),
        ("+999 123", False),
    ],
)
def test_a_phone_number_is_taken_where_a_telephone_could_have_it(number: str, is_taken: bool) -> None:
    record = consent_record(victim__phones=[{"number": number, "kind": "mobile"}])

    judgement = judged(record)

    assert judgement.record is not None
    assert [phone.number for phone in judgement.record.victim.phones] == ([number] if is_taken else [])
