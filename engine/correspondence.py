"""Gathers what a letter says and what the contact decision needs to know beyond the history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.house import House
from store import accounts, people, submissions
from store.cases import CaseKey
from workflow.case import Case
from workflow.contact import ContactDecision, Reach, contact_decision
from workflow.facts import how_we_know, language_and_format
from workflow.letters import LetterKind
from workflow.london import london_day

_CLOSE = frozenset({"family", "parent", "partner_ex"})


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of a letter, each a text, and what is known about reaching the person by its channel."""

    facts: Mapping[str, str]
    reach: Reach


def gather(house: House, connection: Connection, key: CaseKey, case: Case, kind: LetterKind, now: datetime) -> Known:
    """What one letter of this kind would say and how it would go, as things stand in this transaction."""
    victim = people.find(connection, house.keyring, key.person_id)
    today = london_day(now)
    points = [value for channel, value in people.contact_points(connection, victim, today) if channel == kind.channel]
    language, form, _ = language_and_format(case)
    guardian = victim.document.get("guardian") or {}
    relationship = victim.document.get("relationship_to_child")
    reach = Reach(
        channel=kind.channel,
        has_point=bool(points),
        source_known=bool(points),
        suppressed=submissions.is_suppressed(connection, house.service, suppression_match(house, key, victim)),
        under_18_today=under_18(victim.document.get("date_of_birth"), today, case.victim_kind),
        guardian_is_suspect=guardian.get("is_suspect"),
        guardian_told=guardian.get("told"),
        close_to_child=None if relationship in (None, "unknown") else relationship in _CLOSE,
        address_shared_with_child=None,
        language=language,
        format=form,
        safety_lasts=house.settings.days.safety_lasts,
    )
    facts = {
        **house.settings.letter_facts,
        **_worker(house, connection, case),
        **_person(victim.document),
        "letter_date": day_in_words(today),
        "reference": key.reference,
        "how_we_know": how_we_know(case),
    }
    if points and kind.channel == "post":
        facts["address"] = "\n".join([*points[0]["lines"], points[0]["postcode"]])
    return Known({name: facts[name] for name in kind.facts if name in facts}, reach)


def decide(case: Case, kind: LetterKind, known: Known, now: datetime) -> ContactDecision:
    """The contact decision on one letter as things stand."""
    return contact_decision(case, kind, known.reach, london_day(now))


def suppression_match(house: House, key: CaseKey, victim: people.KnownPerson) -> str:
    """The digest under which a suppression of this victim of this incident is kept."""
    return incident_match(house, key.force, key.crime_reference, victim.document)


def incident_match(house: House, force: str, crime_reference: str, document: Mapping[str, Any]) -> str:
    """The digest of a person within an incident: force, crime reference and name."""
    return house.keyring.match("incident", force, crime_reference, name_of(document))


def name_of(document: Mapping[str, Any]) -> str:
    """The name of a person, or of an organisation, as it is written."""
    organisation = document.get("organisation") or {}
    if organisation.get("name"):
        return str(organisation["name"])
    return " ".join(str(document[part]) for part in ("given_name", "family_name") if document.get(part))


def day_in_words(day: date) -> str:
    """A day as a letter writes it: 22 November 2026."""
    return f"{day.day} {day:%B %Y}"


def under_18(date_of_birth: str | None, on: date, victim_kind: str) -> bool | None:
    """Whether somebody is under 18 on a day; None where the birthday is not known; an organisation has no age."""
    if victim_kind == "organisation":
        return False
    if not date_of_birth:
        return None
    born = date.fromisoformat(date_of_birth)
    return (on.year - born.year - ((on.month, on.day) < (born.month, born.day))) < 18


def _person(document: Mapping[str, Any]) -> dict[str, str]:
    organisation = document.get("organisation") or {}
    name = str(organisation.get("contact_name") or "") or name_of(document)
    title = str(document.get("title") or "")
    addressee = f"{title} {name}".strip()
    if organisation.get("name"):
        addressee = f"{name}, {organisation['name']}"
    return {"addressee": addressee, "salutation": str(document.get("known_as") or "") or f"{title} {name}".strip()}


def _worker(house: House, connection: Connection, case: Case) -> dict[str, str]:
    """Name and number of whoever has the case; the service's own where nobody has it yet."""
    user = accounts.user(connection, house.service, case.assignee) if case.assignee else None
    if user is None:
        return {}
    facts = {"worker_name": user.shown_as}
    if user.direct_number:
        facts["worker_phone"] = user.direct_number
    return facts
