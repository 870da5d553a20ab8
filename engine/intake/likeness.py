"""Suggests that two cases are of one person or one incident, with the reasons; nothing is ever merged unasked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import jellyfish
from sqlalchemy import Connection

from engine.correspondence import name_of
from engine.errors import NotFound
from engine.house import House
from engine.search_keys import name_words, phone_form
from store import cases, intake_tasks
from store.cases import CaseKey

Facts = Mapping[str, Sequence[str]]

# Two facts that agree by chance are rare; a birthday, a postcode or a name alone is shared by many. Each pair is kept
# as one digest, so that neither the fact nor how often it occurs can be told from what is kept.
_PAIRS = (
    ("name", "birthday"),
    ("name", "phone"),
    ("name", "address"),
    ("birthday", "phone"),
    ("birthday", "address"),
)
_SAME_DAY = ("name", "day_of_incident")
# How many of those that were settled last are shown, so that a slip can be put right.
_SHOWN = 20
WORDS = {
    "name": "the names are written or sound alike",
    "birthday": "the dates of birth agree",
    "phone": "a telephone number agrees",
    "address": "the address agrees",
    "day_of_incident": "the day of the incident agrees",
}
"""What each reason means, in words for whoever decides."""


def likeness_facts(document: Mapping[str, Any], points: Mapping[str, Sequence[Any]], occurred_on: str) -> Facts:
    """The facts about a victim by which two cases can be alike, each in the one form in which it is compared."""
    born = str(document.get("date_of_birth") or "")
    numbers = [phone_form(str(each.get("number") or "")) for each in points.get("phone", ())]
    homes = [_home(each) for each in points.get("post", ())]
    return {
        "name": [form] if (form := sounding(name_of(document))) else [],
        "birthday": [born] if born else [],
        "phone": [number for number in numbers if number],
        "address": [home for home in homes if home],
        "day_of_incident": [occurred_on] if occurred_on else [],
    }


@lru_cache(maxsize=20_000)
def sounding(name: str) -> str:
    """How a name sounds, whatever its accents, spelling and order of words; empty where it has no letter."""
    return " ".join(sorted(jellyfish.metaphone(word) or word for word in name_words(name)))


def _home(value: Mapping[str, Any]) -> str:
    lines = value.get("lines") or ()
    first = re.sub(r"[^a-z0-9]", "", str(lines[0]).casefold()) if lines else ""
    postcode = re.sub(r"[^A-Z0-9]", "", str(value.get("postcode") or "").upper())
    return f"{postcode}/{first}" if postcode and first else ""


def _digests(house: House, facts: Facts) -> Iterator[tuple[str, tuple[str, str]]]:
    for pair in (*_PAIRS, _SAME_DAY):
        for one in facts[pair[0]]:
            for other in facts[pair[1]]:
                yield house.keyring.match("like", *pair, one, other), pair


def likeness_digests(house: House, document: Mapping[str, Any], points: Sequence[tuple[str, Any]]) -> set[str]:
    """The digests by which a victim is found alike with what is held of them, the day of the incident left out."""
    by_channel: dict[str, list[Any]] = {}
    for channel, value in points:
        by_channel.setdefault(channel, []).append(value)
    return {digest for digest, _ in _digests(house, likeness_facts(document, by_channel, ""))}


def suggest(house: House, connection: Connection, opened: Sequence[tuple[CaseKey, Facts]], now: datetime) -> None:
    """Keep for each new case which earlier one looks like the same person or the same incident, and why."""
    digests = [(key, list(_digests(house, facts))) for key, facts in opened]
    wanted = list(dict.fromkeys(digest for _, found in digests for digest, _ in found))
    known = intake_tasks.first_with(connection, house.service, wanted) if wanted else {}
    fresh: dict[str, int] = {}
    alike: dict[tuple[int, int], dict[str, None]] = {}
    for key, found in digests:
        for digest, pair in found:
            other = known.get(digest) or fresh.setdefault(digest, key.case_id)
            if other != key.case_id:
                alike.setdefault((key.case_id, other), {}).update(dict.fromkeys(pair))
    intake_tasks.add_first_with(connection, house.service, fresh)
    rows = [
        (case_id, other, "incident" if "day_of_incident" in reasons else "person", list(reasons))
        for (case_id, other), reasons in alike.items()
    ]
    intake_tasks.add_likenesses(connection, house.service, rows, now)


def likenesses(house: House, reference: str | None = None) -> list[dict[str, Any]]:
    """The cases that look alike: those of one case, or all that nobody has settled.  Raises NotFound."""
    with house.reading() as connection:
        key = cases.find(connection, house.service, reference) if reference else None
        if reference and key is None:
            raise NotFound("There is no such case.")
        found = intake_tasks.likenesses(connection, house.service, key.case_id if key else None)
    return [_document(each) for each in found]


def settled_likenesses(house: House) -> list[dict[str, Any]]:
    """The cases of which somebody said last what they are, the newest first: it may be said otherwise."""
    with house.reading() as connection:
        found = intake_tasks.likenesses(connection, house.service, settled=_SHOWN)
    return [_document(each) for each in found]


def _document(each: intake_tasks.KeptLikeness) -> dict[str, Any]:
    return {
        "case": each.reference,
        "other": each.other,
        "of": each.kind,
        "reasons": [WORDS[reason] for reason in each.reasons],
        "outcome": each.outcome,
    }
