"""Looks for cases by reference, name, birthday, number or crime reference, only among those somebody may see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import jellyfish
from sqlalchemy import Connection

from engine.entries import Actor
from engine.errors import WrongInput
from engine.house import House
from engine.letter_facts import name_of
from engine.search_keys import asked_words, digest, name_digests, name_words, phone_form, reference_form
from engine.sight import mine, needs_reason
from engine.whose import shown_as
from store import accounts, cases, deeds, people, projections, searching, walls
from store.cases import CaseKey
from workflow.case import TEAM

MOST = 50
PURPOSES = ("somebody_in_touch", "own_work", "supervision", "complaint_or_request", "duplicate")
"""Why somebody who may see every case looks for a person."""
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; what is empty is not asked."""

    reference: str = ""
    name: str = ""
    born: date | None = None
    phone: str = ""
    crime_reference: str = ""

    @property
    def about_a_person(self) -> bool:
        """Whether a person is looked for, rather than a number that stands on a letter or a form."""
        return bool(self.name or self.born or self.phone)


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that was found.  Of a colleague's case only whose it is is said; the others have the victim's name."""

    reference: str
    name: str
    born: str
    state: str
    is_open: bool
    holder: str
    is_mine: bool
    is_held: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The cases that were found, the best first, and whether there are more than are shown."""

    hits: Sequence[Hit]
    has_more: bool


def search(house: House, asked: Asked, purpose: str, actor: Actor, now: datetime) -> Found:
    """Cases that fit everything that was asked.  It is logged, and each name that is shown counts as a read.

    Raises NotPermitted, or WrongInput naming the field in front of the remedy.
    """
    house.permissions.demand(actor.role, "search.run")
    groups = _groups(house, asked)
    if asked.about_a_person and house.permissions.may(actor.role, "glass.break") is False and purpose not in PURPOSES:
        raise WrongInput("purpose: Select why you are looking for a person")
    with house.writing() as connection:
        unseen = walls.unseen(connection, house.service, actor.user)
        # Past the walls before anything is counted, so that nothing can be told from how many there are.
        keys = [key for key in _candidates(house, connection, asked, groups, len(unseen)) if key.case_id not in unseen]
        hits = _hits(house, connection, keys[: MOST + 1], actor, now)
        shown = _ranked(asked, hits)[:MOST]
        for case_id, hit in shown:
            if hit.name:
                accounts.log_read(connection, house.service, case_id, actor.user, "search.found", now)
        said = "+".join(
            name for name in ("reference", "name", "born", "phone", "crime_reference") if getattr(asked, name)
        )
        detail = f"{said}, found {len(shown)}" + (f", {purpose}" if purpose in PURPOSES else "")
        deeds.add(connection, house.service, now, actor.user, "searched", detail=detail)
    return Found([hit for _, hit in shown], len(hits) > MOST)


def _groups(house: House, asked: Asked) -> list[Collection[str]]:
    """The digests of which a case must have one out of each group.  Raises WrongInput."""
    if not any((asked.reference, asked.name, asked.born, asked.phone, asked.crime_reference)):
        raise WrongInput("reference: Enter at least one thing to look for")
    for field in ("reference", "name", "phone", "crime_reference"):
        if len(getattr(asked, field)) > _LONGEST:
            raise WrongInput(f"{field}: Use {_LONGEST} characters or fewer")
    keyring = house.keyring
    groups: list[Collection[str]] = []
    if asked.name:
        words = asked_words(asked.name)
        if not words:
            raise WrongInput("name: Enter a name with at least two letters")
        groups += [name_digests(keyring, word) for word in words]
    if asked.born:
        groups.append({digest(keyring, "born", asked.born.isoformat())})
    if asked.phone:
        form = phone_form(asked.phone)
        if not form:
            raise WrongInput("phone: Enter the whole telephone number, with its area code")
        groups.append({digest(keyring, "phone", form)})
    if asked.crime_reference:
        form = reference_form(asked.crime_reference)
        if not form:
            raise WrongInput("crime_reference: Enter a crime reference with letters or digits")
        groups.append({digest(keyring, "crime", form)})
    if asked.reference and not reference_form(asked.reference):
        raise WrongInput("reference: Enter a case reference, like VC-ABCD-1234")
    return groups


def _candidates(
    house: House, connection: Connection, asked: Asked, groups: list[Collection[str]], hidden: int
) -> list[CaseKey]:
    limit = MOST + 1 + hidden
    if not asked.reference:
        return searching.found(connection, house.service, groups, limit)
    bare = reference_form(asked.reference)
    bare = bare.removeprefix("VC")
    key = cases.find(connection, house.service, f"VC-{bare[:4]}-{bare[4:]}")
    if key is None:
        return []
    kept = searching.of_case(connection, house.service, key.case_id)
    return [key] if all(kept & set(group) for group in groups) else []


def _hits(
    house: House, connection: Connection, keys: Sequence[CaseKey], actor: Actor, now: datetime
) -> list[tuple[int, Hit]]:
    own = mine(house, connection, actor, now)
    found = []
    for key in keys:
        summary = projections.summary(connection, house.service, key.case_id) or {}
        holder = str(summary.get("assignee", ""))
        is_held = needs_reason(house, holder, actor, own)
        document = {} if is_held else people.find(connection, house.keyring, key.person_id).document
        hit = Hit(
            key.reference,
            name_of(document) if document else "",
            str(document.get("date_of_birth") or ""),
            str(summary.get("state", "")),
            bool(summary.get("is_open")),
            shown_as(connection, house, holder or TEAM),
            holder in own,
            is_held,
        )
        found.append((key.case_id, hit))
    return found


def _ranked(asked: Asked, hits: list[tuple[int, Hit]]) -> list[tuple[int, Hit]]:
    """The best first: one's own, then those whose name is written most like what was asked, open before closed."""
    wanted = " ".join(name_words(asked.name))

    def order(found: tuple[int, Hit]) -> tuple[bool, float, bool]:
        hit = found[1]
        likeness = jellyfish.jaro_winkler_similarity(wanted, " ".join(name_words(hit.name))) if wanted else 0.0
        return not hit.is_mine, -likeness, not hit.is_open

    return sorted(hits, key=order)
