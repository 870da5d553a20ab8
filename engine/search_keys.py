"""Makes of a name, a birthday and a number the forms by which they are found again, as digests nobody can read."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import jellyfish
from sqlalchemy import Connection

from store import cases, people, searching
from store.cases import CaseKey
from store.sealed import Keyring
from workflow.events import Event

# Letters that no decomposition turns into plain ones.
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "th"})
_WORD = re.compile(r"[a-z]+")
_BEFORE = ("mac", "mc")
_CHANGES_WHO = frozenset(
    {"case_opened", "details_received", "contact_details_changed", "consent_recorded", "consent_renewed"}
)
"""The events with which a name, a birthday or a number can come or change."""


def name_words(name: str) -> list[str]:
    """The words of a name in plain small letters: ``Siân O'Brien-Smith`` is ``sian obrien smith``."""
    return _WORD.findall(re.sub(r"['’`]", "", _bare(name)))


def kept_words(name: str) -> set[str]:
    """The words under which a name is kept: also what stands behind an apostrophe, Mac or Mc, often written apart."""
    words = {*name_words(name), *_WORD.findall(_bare(name))}
    words |= {word[len(before) :] for word in words for before in _BEFORE if word.startswith(before)}
    return {word for word in words if len(word) > 1}


def asked_words(name: str) -> list[str]:
    """The words to look for in a name as somebody typed it: each once, without single letters and Mac or Mc apart."""
    return [word for word in dict.fromkeys(name_words(name)) if len(word) > 1 and word not in _BEFORE]


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def sounds(word: str) -> set[str]:
    """How a word of a name sounds, in two ways of listening: names that share one sound alike."""
    found = {f"m:{jellyfish.metaphone(word)}", f"n:{jellyfish.nysiis(word)}"}
    return {sound for sound in found if len(sound) > 2} or {f"w:{word}"}


def phone_form(number: str) -> str:
    """A telephone number in digits with its country, however it was written; empty where it has too few."""
    digits = re.sub(r"\D", "", number.replace("(0)", ""))
    if digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = "44" + digits[1:]
    elif not number.strip().startswith("+") and not digits.startswith("44"):
        digits = "44" + digits
    return digits if len(digits) >= 8 else ""


def reference_form(text: str) -> str:
    """A reference in capitals and digits alone."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def name_digests(keyring: Keyring, word: str) -> set[str]:
    """The digests under which a word of a name is kept."""
    return {keyring.match("search sound", sound) for sound in sounds(word)}


def digest(keyring: Keyring, kind: str, form: str) -> str:
    """The digest of a birthday (``born``), a number (``phone``) or a crime reference (``crime``)."""
    return keyring.match(f"search {kind}", form)


def digests_of(
    keyring: Keyring, document: Mapping[str, Any], points: Iterable[tuple[str, Any]], crime_reference: str
) -> set[str]:
    """Everything by which a case is found: who the victim is, how they are reached, and the crime."""
    found: set[str] = set()
    for name in _names(document):
        for word in kept_words(name):
            found |= name_digests(keyring, word)
    if document.get("date_of_birth"):
        found.add(digest(keyring, "born", str(document["date_of_birth"])))
    numbers = [value.get("number") for channel, value in points if channel == "phone" and isinstance(value, Mapping)]
    numbers.append((document.get("guardian") or {}).get("phone"))
    found |= {digest(keyring, "phone", form) for number in numbers if number and (form := phone_form(str(number)))}
    if form := reference_form(crime_reference):
        found.add(digest(keyring, "crime", form))
    return found


def _names(document: Mapping[str, Any]) -> Iterator[str]:
    organisation, guardian = document.get("organisation") or {}, document.get("guardian") or {}
    for name in (
        document.get("given_name"),
        document.get("family_name"),
        document.get("known_as"),
        organisation.get("name"),
        organisation.get("contact_name"),
        guardian.get("name"),
    ):
        if name:
            yield str(name)


def renew_keys(connection: Connection, service: str, keyring: Keyring, key: CaseKey, today: date) -> bool:
    """Make what a case is found by again from what is known now; False where it was so already."""
    victim = people.find(connection, keyring, key.person_id)
    points = people.contact_points(connection, victim, today)
    wanted = digests_of(keyring, victim.document, points, key.crime_reference)
    return searching.renew(connection, service, key.case_id, wanted)


def follow(
    connection: Connection, service: str, keyring: Keyring, key: CaseKey, added: Iterable[Event], today: date
) -> None:
    """Renew what a case is found by where something that was added can have changed it."""
    if any(event.kind in _CHANGES_WHO for event in added):
        renew_keys(connection, service, keyring, key, today)


def make_missing(connection: Connection, service: str, keyring: Keyring, today: date) -> None:
    """Make them for every case where none has any, as after an upgrade from a release that kept none."""
    if searching.is_empty(connection, service):
        for key in cases.keys(connection, service):
            renew_keys(connection, service, keyring, key, today)
