"""Puts together what we hold of a consent record, so that an officer need only send what is missing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from store import people
from store.cases import CaseKey
from store.people import KnownPerson
from workflow.case import Case
from workflow.london import london_day
from workflow.vocabulary import Channel

_OF_THE_VICTIM = (
    "reference",
    "title",
    "given_name",
    "family_name",
    "known_as",
    "pronouns",
    "date_of_birth",
    "age_estimate",
    "relationship_to_child",
    "looked_after",
    "social_worker",
    "organisation",
    "guardian",
)
_OF_THE_CONSENT = ("decision", "model", "given_by", "method", "told_on", "refusal_reason")


def held_record(
    connection: Connection, key: CaseKey, submission_id: str, case: Case, victim: KnownPerson, now: datetime
) -> dict[str, Any]:
    """What is known of a case, in the shape of a consent record; what was never kept is not in it."""
    document = victim.document
    reported, language = case.last("crime_reported"), case.last("needs_recorded")
    record: dict[str, Any] = {
        "submission_id": submission_id,
        "force": key.force,
        "reason": "update",
        "submitted_at": now.isoformat(),
        "officer": dict(document.get("officer") or {}),
        "incident": {"crime_reference": key.crime_reference, "offences": document.get("offences") or []},
        "victim": {name: document[name] for name in _OF_THE_VICTIM if name in document},
        "consent": _consent(case),
        "safety": {"safe_to": {str(c): str(case.safe(c)) for c in Channel}},
        "characteristics": {
            name: {"status": status, **({} if value is None else {"value": value})}
            for name, (status, value) in people.characteristics(connection, victim).items()
        },
    }
    record["victim"]["kind"] = case.victim_kind
    record["victim"] |= _points(connection, victim, now)
    if reported:
        record["incident"]["reported_on"] = reported.day.isoformat()
    if language:
        record["needs"] = {"language": language.text("language")}
    enhanced = case.last("enhanced_rights_recorded")
    if enhanced and enhanced.text("category") != "discretionary":
        record["enhanced_rights"] = {"category": enhanced.text("category")}
    return record


def _consent(case: Case) -> dict[str, Any]:
    last = case.last("consent_recorded")
    if last is None:
        return {}
    consent: dict[str, Any] = {name: last.text(name) for name in _OF_THE_CONSENT if last.text(name)}
    consent["given_on"] = last.day.isoformat()
    consent["informed"] = dict.fromkeys(last.items("informed"), True)
    consent["scope"] = {**dict.fromkeys(last.items("scope_refused"), False), **dict.fromkeys(last.items("scope"), True)}
    return consent


def _points(connection: Connection, victim: KnownPerson, now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for channel, value in people.contact_points(connection, victim, london_day(now)):
        if channel == "post":
            found.setdefault("address", value)
        elif channel == "email":
            found.setdefault("email", value)
        elif channel == "phone":
            found.setdefault("phones", []).append({name: each for name, each in value.items() if each is not None})
    return found


def merged(held: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """What is held with what was sent laid over it: tables field by field, everything else as it was sent."""
    record = dict(held)
    for name, value in part.items():
        kept = record.get(name)
        record[name] = merged(kept, value) if isinstance(kept, Mapping) and isinstance(value, Mapping) else value
    return record
