"""Gathers what a letter says of the person it is for, of the worker, and of the case; never what a person wrote in."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine.house import House
from store import accounts
from store.cases import CaseKey
from workflow.case import Case
from workflow.facts import how_we_know
from workflow.letters import Audience, LetterKind

# The facts about the service that are words and no names or numbers: they are wanted in the language of the letter.
_WORDED = ("service_name", "worker_title", "office_hours")


def facts_of(
    house: House,
    connection: Connection,
    key: CaseKey,
    case: Case,
    kind: LetterKind,
    document: Mapping[str, Any],
    today: date,
    language: str = "en",
) -> dict[str, str]:
    """Every fact that is known without being asked for, whether or not the letter uses it; the address is not here.

    What the service says of itself in words is taken in the language of the letter, and is missing where the service
    has not given it.
    """
    officer = document.get("officer") or {}
    organisation = document.get("organisation") or {}
    known = {
        "victim_name": document.get("known_as") or document.get("given_name"),
        "organisation_name": organisation.get("name"),
        "officer_name": officer.get("name"),
        "crime_reference": key.crime_reference,
    }
    return {
        **house.settings.letter_facts,
        **_worker(house, connection, case),
        **_in_language(house, language),
        **(_guardian(document) if kind.audience is Audience.GUARDIAN else _person(document)),
        "letter_date": day_in_words(today, language),
        "reference": key.reference,
        "how_we_know": how_we_know(case),
        **{name: str(value) for name, value in known.items() if value},
    }


def name_of(document: Mapping[str, Any]) -> str:
    """The name of a person, or of an organisation, as it is written."""
    organisation = document.get("organisation") or {}
    if organisation.get("name"):
        return str(organisation["name"])
    return " ".join(str(document[part]) for part in ("given_name", "family_name") if document.get(part))


def day_in_words(day: date, language: str = "en") -> str:
    """A day as a letter writes it: 22 November 2026, 22 Tachwedd 2026."""
    if language == "en":
        return f"{day.day} {day:%B %Y}"
    # Most letters are in English, and the library reads its tables when it is imported.
    from babel.dates import format_date

    return str(format_date(day, "d MMMM y", locale=language))


def _in_language(house: House, language: str) -> dict[str, str]:
    """What is said in words about the service, in another language than English; empty where nobody has given it."""
    if language == "en":
        return {}
    return dict.fromkeys(_WORDED, "") | house.settings.letter_facts_in.get(language, {})


def _person(document: Mapping[str, Any]) -> dict[str, str]:
    organisation = document.get("organisation") or {}
    name = str(organisation.get("contact_name") or "") or name_of(document)
    title = str(document.get("title") or "")
    addressee = f"{title} {name}".strip()
    if organisation.get("name"):
        addressee = f"{name}, {organisation['name']}"
    return {"addressee": addressee, "salutation": str(document.get("known_as") or "") or f"{title} {name}".strip()}


def _guardian(document: Mapping[str, Any]) -> dict[str, str]:
    name = str((document.get("guardian") or {}).get("name") or "").strip()
    return {"addressee": name, "salutation": name} if name else {}


def _worker(house: House, connection: Connection, case: Case) -> dict[str, str]:
    """Name and number of whoever has the case; the service's own where nobody has it yet."""
    user = accounts.user(connection, house.service, case.assignee) if case.assignee else None
    if user is None:
        return {}
    facts = {"worker_name": user.shown_as}
    if user.direct_number:
        facts["worker_phone"] = user.direct_number
    return facts
