"""Gathers what the contact decision needs to know beyond the history, and what a letter would say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.comparing import Comparison, compare
from engine.house import House
from engine.letter_facts import facts_of, name_of
from store import people, submissions
from store.cases import CaseKey
from store.people import KnownPerson, KnownPoint
from store.post import KeptLetter
from workflow.case import Case
from workflow.clearance import cleared
from workflow.contact import ContactDecision, Reach, contact_decision
from workflow.facts import gives_away, language_and_format
from workflow.letters import COLLEAGUES, Audience, LetterKind, facts_problems, is_overtaken
from workflow.london import london_day
from workflow.problems import Problem

__all__ = ["Known", "decide", "gather", "incident_match", "name_of", "suppression_match", "under_18"]

_CLOSE = frozenset({"family", "parent", "partner_ex"})


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of a letter, each a text, what is wrong with them, and what is known about reaching the person."""

    facts: Mapping[str, str]
    reach: Reach
    problems: tuple[Problem, ...] = ()
    filled: Mapping[str, str] | None = None


def gather(
    house: House,
    connection: Connection,
    key: CaseKey,
    case: Case,
    kind: LetterKind,
    now: datetime,
    letter: KeptLetter | None = None,
) -> Known:
    """What one letter of this kind would say and how it would go, as things stand in this transaction.

    ``letter`` is the letter itself once it is drafted: what was written into it, and what was cleared for it.
    """
    victim = people.find(connection, house.keyring, key.person_id)
    today = london_day(now)
    points = people.known_points(connection, victim, str(kind.channel), today)
    filled = filled_of(victim, letter)
    facts = facts_of(house, connection, key, case, kind, victim.document, today)
    if points and kind.channel == "post":
        facts["address"] = "\n".join([*points[0].value["lines"], points[0].value["postcode"]])
    facts = {name: value for name, value in {**facts, **filled}.items() if name in kind.facts}
    reach = _reach(house, connection, key, case, kind, victim, points, today, letter)
    secrets = _must_not_stand(house, connection, key, kind, victim, today)
    problems = (*facts_problems(kind, facts), *gives_away(facts, secrets))
    return Known(facts, reach, problems, filled)


def filled_of(victim: KnownPerson, letter: KeptLetter | None) -> dict[str, str]:
    """What a person wrote into a letter, by fact; empty where nothing was."""
    if letter is None or letter.sealed is None:
        return {}
    kept = victim.key.open(f"letter.{letter.letter_id}", letter.sealed)
    return dict(kept.get("filled", {}))


def _reach(
    house: House,
    connection: Connection,
    key: CaseKey,
    case: Case,
    kind: LetterKind,
    victim: KnownPerson,
    points: list[KnownPoint],
    today: date,
    letter: KeptLetter | None,
) -> Reach:
    language, form, _ = language_and_format(case)
    guardian = victim.document.get("guardian") or {}
    found = Comparison(None)
    if points and kind.channel == "post":
        found = compare(house, connection, key.case_id, points[0].value["lines"], points[0].value["postcode"])
    has_point, days = bool(points), house.settings.days
    if kind.audience in COLLEAGUES:
        language, form = "en", "standard"
        officer = victim.document.get("officer") or {}
        has_point = kind.audience is Audience.POLICE and bool(officer.get("email"))
    return Reach(
        channel=kind.channel,
        has_point=has_point,
        source_known=bool(points and points[0].given_by),
        suppressed=submissions.is_suppressed(connection, house.service, suppression_match(house, key, victim)),
        under_18_today=under_18(victim.document.get("date_of_birth"), today, case.victim_kind),
        guardian_is_suspect=guardian.get("is_suspect"),
        guardian_told=guardian.get("told"),
        close_to_child=_is_close(case, victim.document),
        address_shared_with_child=found.with_child,
        language=language,
        format=form,
        cleared=cleared(case, letter.letter_id) if letter else frozenset(),
        safety_lasts=days.safety_lasts,
        address_age=(today - points[0].from_day).days if points else 0,
        address_lasts=days.address_lasts,
        address_of=found.of,
        overtaken=is_overtaken(case, kind, letter.letter_id) if letter else False,
        way_open=kind.channel == "post",
    )


def _is_close(case: Case, document: Mapping[str, Any]) -> bool | None:
    """Whether the victim is close to the child, as last recorded; None where nobody knows."""
    said = case.last("relationship_recorded")
    relationship = said.text("relationship") if said else document.get("relationship_to_child")
    return None if relationship in (None, "unknown") else relationship in _CLOSE


def _must_not_stand(
    house: House, connection: Connection, key: CaseKey, kind: LetterKind, victim: KnownPerson, today: date
) -> list[str]:
    """What may not stand in the words that a person wrote: the child's name, or for the child's side the victim's."""
    if not kind.filled:
        return []
    if kind.audience not in COLLEAGUES:
        documents = [child.document for child in people.children(connection, house.keyring, key.case_id)]
        return [str(each[part]) for each in documents for part in ("given_name", "family_name") if each.get(part)]
    named = [victim.document.get(part) for part in ("given_name", "family_name", "known_as")]
    secrets = [str(each) for each in named if each]
    for channel, value in people.contact_points(connection, victim, today):
        if channel == "post":
            secrets += [str(value["postcode"]), str(value["lines"][0])]
        else:
            secrets.append(str(value["number"]) if isinstance(value, dict) else str(value))
    return secrets


def decide(case: Case, kind: LetterKind, known: Known, now: datetime) -> ContactDecision:
    """The contact decision on one letter as things stand."""
    return contact_decision(case, kind, known.reach, london_day(now))


def suppression_match(house: House, key: CaseKey, victim: people.KnownPerson) -> str:
    """The digest under which a suppression of this victim of this incident is kept."""
    return incident_match(house, key.force, key.crime_reference, victim.document)


def incident_match(house: House, force: str, crime_reference: str, document: Mapping[str, Any]) -> str:
    """The digest of a person within an incident: force, crime reference and name."""
    return house.keyring.match("incident", force, crime_reference, name_of(document))


def under_18(date_of_birth: str | None, on: date, victim_kind: str) -> bool | None:
    """Whether somebody is under 18 on a day; None where the birthday is not known; an organisation has no age."""
    if victim_kind == "organisation":
        return False
    if not date_of_birth:
        return None
    born = date.fromisoformat(date_of_birth)
    return (on.year - born.year - ((on.month, on.day) < (born.month, born.day))) < 18
