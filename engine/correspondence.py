"""Gathers what the contact decision needs to know beyond the history, and what a letter would say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.comparing import Comparison, compare
from engine.house import House
from engine.letter_facts import facts_of, name_of
from engine.words import LetterCannotBeWritten
from store import checked_words, people, submissions
from store.cases import CaseKey
from store.people import KnownPerson, KnownPoint
from store.post import KeptLetter
from workflow.case import Case
from workflow.clearance import cleared
from workflow.contact import ContactDecision, Reach, contact_decision
from workflow.facts import gives_away, language_and_format
from workflow.letters import COLLEAGUES, Audience, LetterKind, facts_problems, is_overtaken, released
from workflow.london import london_day
from workflow.problems import Problem
from workflow.vocabulary import Channel

__all__ = ["Known", "decide", "gather", "incident_match", "name_of", "suppressions_of", "under_18"]

_CLOSE = frozenset({"family", "parent", "partner_ex"})
# A text goes to the number that is kept for calls.
_KEPT_AS = {Channel.TEXT: "phone"}
_CHILDS_WORLD = _CLOSE | {"peer_same_school"}


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of a letter, each a text, what is wrong with them, and what is known about reaching the person.

    ``to`` is the address or number to which it goes by e-mail or as a text; empty where its page bears the address.
    """

    facts: Mapping[str, str]
    reach: Reach
    problems: tuple[Problem, ...] = ()
    filled: Mapping[str, str] | None = None
    to: str = ""


def gather(
    house: House,
    connection: Connection,
    key: CaseKey,
    case: Case,
    kind: LetterKind,
    now: datetime,
    letter: KeptLetter | None = None,
    in_english: bool = False,
) -> Known:
    """What one letter of this kind would say and how it would go, as things stand in this transaction.

    ``letter`` is the letter itself once it is drafted: what was written into it, and what was cleared for it.  It says
    it in the language that the victim reads, where there are words in it; in English for ``in_english``.
    """
    victim = people.find(connection, house.keyring, key.person_id)
    today = london_day(now)
    points = people.known_points(connection, victim, _KEPT_AS.get(kind.channel, kind.channel), today)
    filled = filled_of(victim, letter)
    reads = "en" if in_english or kind.audience in COLLEAGUES else language_and_format(case)[0]
    tongue = reads if reads in kind.languages else "en"
    facts = facts_of(house, connection, key, case, kind, victim.document, today, tongue)
    if points and kind.channel == "post":
        facts["address"] = "\n".join([*points[0].value["lines"], points[0].value["postcode"]])
    facts["released_words"] = _released_words(connection, victim, key, case, kind)
    facts = {name: value for name, value in {**facts, **filled}.items() if name in kind.facts}
    reach = _reach(house, connection, key, case, kind, victim, points, today, letter)
    secrets = _must_not_stand(house, connection, key, kind, victim, today)
    problems = (*facts_problems(kind, facts), *gives_away(facts, secrets))
    return Known(facts, reach, problems, filled, _to(kind, victim.document, points))


def _released_words(connection: Connection, victim: KnownPerson, key: CaseKey, case: Case, kind: LetterKind) -> str:
    """What the victim agreed to share with whoever the letter is for, each item once; empty where there is none."""
    items = [event.text("words") for event in released(case, kind) if event.text("words")]
    if not items:
        return ""
    kept = people.notes(connection, victim, key.case_id)
    return "\n".join(dict.fromkeys(kept[each] for each in items if each in kept))


def _to(kind: LetterKind, document: Mapping[str, Any], points: list[KnownPoint]) -> str:
    """Where a letter goes that bears no address itself."""
    if kind.channel == Channel.POST:
        return ""
    if kind.audience in COLLEAGUES:
        return str((document.get("officer") or {}).get("email") or "") if kind.audience is Audience.POLICE else ""
    if not points:
        return ""
    return str(points[0].value["number"] if kind.channel == Channel.TEXT else points[0].value)


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
        suppressed=submissions.is_suppressed(
            connection, house.service, suppressions_of(house, key.force, key.crime_reference, victim.document)
        ),
        under_18_today=under_18(victim.document.get("date_of_birth"), today, case.victim_kind),
        guardian_is_suspect=guardian.get("is_suspect"),
        guardian_told=guardian.get("told"),
        close_to_child=_is_close(case, victim.document),
        in_childs_world=_relationship(case, victim.document) in _CHILDS_WORLD,
        address_shared_with_child=found.with_child,
        language=language,
        format=form,
        cleared=cleared(case, letter.letter_id) if letter else frozenset(),
        safety_lasts=days.safety_lasts,
        address_age=(today - points[0].from_day).days if points else 0,
        address_lasts=days.address_lasts,
        address_of=found.of,
        words_checked=_is_checked(house, connection, kind, language),
        overtaken=is_overtaken(case, kind, letter.letter_id) if letter else False,
        way_open=house.settings.ways.of(kind.channel) != "by_hand",
    )


def _is_checked(house: House, connection: Connection, kind: LetterKind, language: str) -> bool:
    """Whether somebody who speaks the language has checked the very words; the English ones are the service's own."""
    if language == "en" or language not in kind.languages:
        return True
    try:
        version = house.words.template_version(kind.code, language)
    except LetterCannotBeWritten:
        # Words that a service took out of its folder: nobody checked what is not there.
        return False
    return checked_words.is_checked(connection, house.service, kind.code, language, version)


def _relationship(case: Case, document: Mapping[str, Any]) -> str | None:
    """What the victim is to the child, as last recorded."""
    said = case.last("relationship_recorded")
    return said.text("relationship") if said else document.get("relationship_to_child")


def _is_close(case: Case, document: Mapping[str, Any]) -> bool | None:
    """Whether the victim is close to the child, as last recorded; None where nobody knows."""
    relationship = _relationship(case, document)
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


def suppressions_of(house: House, force: str, crime_reference: str, document: Mapping[str, Any]) -> tuple[str, ...]:
    """The digests under which a suppression of this victim of this incident may be kept, the closest first.

    The first has the date of birth in it, because two victims of one incident may bear one name.
    """
    born = str(document.get("date_of_birth") or "")
    return (
        house.keyring.match("incident", force, crime_reference, name_of(document), born),
        incident_match(house, force, crime_reference, document),
    )


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
