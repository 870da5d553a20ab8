"""Makes consent records for tests, about people and places that are obviously not real, and police files of them."""

import csv
import io
from collections.abc import Iterable
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any, Literal

from engine.intake.files import Reading, Row, read
from engine.intake.judge import Judgement, judge
from workflow.problems import Problem

# The day on which the records of this module are judged.
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)

# Set a field to this and it is not in the record.
ABSENT: Any = object()

_ANSWERS: dict[str, Any] = {
    "age": "34",
    "sex": "female",
    "gender_reassignment": "same_as_registered_at_birth",
    "disability": "no",
    "race": "W1",
    "religion_or_belief": "no_religion",
    "sexual_orientation": "heterosexual",
    "marriage_and_civil_partnership": "married",
    "pregnancy_and_maternity": "no",
}
_INFORMED = (
    "who_we_are",
    "what_we_offer",
    "voluntary",
    "what_is_shared",
    "no_effect_on_case",
    "leaflet_given",
)
_PURPOSES = (
    "contact",
    "restorative_information",
    "views_before_decision",
    "progress_updates",
    "share_with_provider",
    "support_referral",
    "home_visit",
    "use_of_impact",
    "court_and_report",
    "anonymous_feedback",
)
_COMPLETE: dict[str, Any] = {
    "submission_id": "TST-2026-000001",
    "force": "testshire",
    "station": "Example Road",
    "reason": "new",
    "submitted_at": "2026-11-10T09:30:00Z",
    "officer": {
        "name": "Officer Example",
        "collar_number": "1234",
        "team": "Response",
        "email": "officer@testshire.example",
        "phone": "01632 960001",
    },
    "incident": {
        "crime_reference": "26000000001/26",
        "reported_on": "2026-11-02",
        "occurred_on": "2026-11-01",
        "place_type": "street",
        "stage": "under_investigation",
        "offences": [{"code": "105A", "title": "Common assault", "category": "violence"}],
        "children": [
            {"reference": "CH-1", "given_name": "Sam", "family_name": "Sample", "date_of_birth": "2012-05-05"}
        ],
        "contact_conditions": [],
    },
    "victim": {
        "kind": "individual",
        "given_name": "Alex",
        "family_name": "Example",
        "date_of_birth": "1992-03-04",
        "relationship_to_child": "stranger",
        "address": {"lines": ["1 Nowhere Street", "Exampleton"], "postcode": "ZZ99 1AA"},
        "phones": [{"number": "07700 900001", "kind": "mobile"}],
        "email": "alex@example.org",
    },
    "consent": {
        "decision": "yes",
        "model": "opt_in",
        "given_by": "self",
        "given_on": "2026-11-09",
        "method": "in_person",
        "informed": dict.fromkeys(_INFORMED, True),
        "scope": dict.fromkeys(_PURPOSES, True),
    },
    "safety": {
        "safe_to": dict.fromkeys(("phone", "voicemail", "text", "email", "post", "visit"), "yes"),
        "preferred_channel": "phone",
        "must_not_know": [],
        "risks": [],
        "child_knows_address": "no",
    },
    "needs": {"language": "en", "interpreter": False, "bsl": False, "formats": []},
    "characteristics": {
        **{name: {"status": "answered", "value": value} for name, value in _ANSWERS.items()},
        "asked_by": "PC 1234",
    },
    "enhanced_rights": {"category": "none"},
    "victim_personal_statement": {"offered": True},
}
_WITHDRAWAL: dict[str, Any] = {
    "submission_id": "TST-2026-000001-W",
    "force": "testshire",
    "reason": "withdrawal",
    "incident": {"crime_reference": "26000000001/26"},
    "consent": {"withdrawal": {"on": "2026-11-12", "part": "all"}},
}


def consent_record(**changes: Any) -> dict[str, Any]:
    """A record without a gap, of an adult who agreed to everything, with the changes named.

    A name is a dotted path with two underscores for the dot (``consent__decision="no"``, ``victim__phones=[...]``);
    the value ``ABSENT`` takes the field out.  The record is the caller's own, to be changed further.
    """
    return _changed(_COMPLETE, changes)


def child_record(**changes: Any) -> dict[str, Any]:
    """A record without a gap of a victim of thirteen, with a guardian, and the changes named."""
    young: dict[str, Any] = {
        "victim__kind": "child",
        "victim__date_of_birth": "2013-03-04",
        "victim__looked_after": False,
        "victim__guardian": {
            "name": "Robin Example",
            "relationship": "mother",
            "parental_responsibility": True,
            "phone": "07700 900002",
            "is_suspect": False,
            "told": True,
        },
        "consent__given_by": "both",
        "characteristics__age": {"status": "answered", "value": "13"},
        "characteristics__gender_reassignment": {"status": "not_applicable"},
        "characteristics__sexual_orientation": {"status": "not_applicable"},
        "characteristics__marriage_and_civil_partnership": {"status": "not_applicable"},
        "enhanced_rights__category": "vulnerable_intimidated",
    }
    return consent_record(**{**young, **changes})


def organisation_record(**changes: Any) -> dict[str, Any]:
    """A record without a gap of an organisation with a named contact, and the changes named."""
    corporate: dict[str, Any] = {
        "victim__kind": "organisation",
        "victim__given_name": ABSENT,
        "victim__family_name": ABSENT,
        "victim__date_of_birth": ABSENT,
        "victim__organisation": {"name": "Example Stores", "contact_name": "Kim Example", "role": "manager"},
        "characteristics": ABSENT,
    }
    return consent_record(**{**corporate, **changes})


def withdrawal_record(**changes: Any) -> dict[str, Any]:
    """The least that a withdrawal needs, and the changes named."""
    return _changed(_WITHDRAWAL, changes)


def judged(raw: Any, model: Literal["opt_in", "opt_out"] = "opt_in") -> Judgement:
    """What is made of a record sent by the force of this module on its day."""
    return judge(raw, force="testshire", model=model, now=NOW, today=TODAY, consent_lasts=180)


def said(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """The place and the rule of each problem."""
    return [(problem.path, problem.rule) for problem in problems]


def read_all(content: str | bytes, name: str, **limits: Any) -> tuple[Reading, list[Row]]:
    """What a file of this content and name is, and all its rows."""
    source = io.BytesIO(content.encode() if isinstance(content, str) else content)
    reading = read(source, name=name, **limits)
    return reading, list(reading.rows)


def _cells(value: Any, path: str = "") -> dict[str, str]:
    """A record in the columns of a police file."""
    if isinstance(value, dict):
        steps = [_cells(inner, f"{path}.{key}" if path else key) for key, inner in value.items()]
        return {name: cell for found in steps for name, cell in found.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        steps = [_cells(inner, f"{path}.{number}") for number, inner in enumerate(value, 1)]
        return {name: cell for found in steps for name, cell in found.items()}
    if isinstance(value, list):
        return {path: "|".join(value)}
    return {path: str(value).lower() if isinstance(value, bool) else str(value)}


def police_csv(records: list[dict[str, Any]], delimiter: str = ",") -> str:
    """The records as a police file in CSV, with the columns in the order in which they first occur."""
    rows = [_cells(record) for record in records]
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _changed(record: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    record = deepcopy(record)
    for name, value in changes.items():
        *parts, last = name.split("__")
        node = record
        for part in parts:
            node = node.setdefault(part, {})
        if value is ABSENT:
            node.pop(last, None)
        else:
            node[last] = deepcopy(value)
    return record


# An adult, a child and an organisation, with letters, lists and notes that are easily damaged on the way.
RECORDS = [
    consent_record(
        victim__given_name="Siân", victim__family_name="Ŵyn-Ŷork", notes='Ring after six.\n"Please", she said.'
    ),
    child_record(submission_id="TST-2026-000002", victim__age_estimate=13, safety__risks=["hate", "threats"]),
    organisation_record(
        submission_id="TST-2026-000003", incident__contact_conditions=[{"kind": "bail", "from": "2026-11-02"}]
    ),
]
