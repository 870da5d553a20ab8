"""Decides which facts a letter may use, whether each is fit to be printed, and those the history itself gives."""

import re
import unicodedata
from collections.abc import Mapping

from workflow.case import Case
from workflow.problems import Problem
from workflow.vocabulary import Decision

FACTS: Mapping[str, str] = {
    "addressee": "the name as it stands on the envelope",
    "address": "the postal address, line by line, the postcode last",
    "salutation": "the name that follows Dear",
    "letter_date": "the day of the letter in words",
    "reference": "the reference of the case",
    "sender_name": "the name of the sender that gives nothing away",
    "return_address": "where an undelivered letter goes, on one line",
    "service_name": "the full name of the service",
    "worker_name": "the name of the worker",
    "worker_title": "what the worker is, in a few words",
    "worker_phone": "the worker's direct number",
    "worker_email": "the worker's email address",
    "office_hours": "when the worker answers, in words",
    "how_we_know": "why we have the details: asked_us, agreed or told",
}
"""Every fact a letter may use, each a text, with its meaning."""

_CHOICES: Mapping[str, tuple[str, ...]] = {"how_we_know": ("asked_us", "agreed", "told")}
# What programs print where they know nothing; a letter that begins "Dear None," is worse than none.
_EMPTY_WORDS = frozenset({"none", "null", "nan", "nil", "n/a", "unknown", "not known", "undefined", "tbc"})
_DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# What stands above the fold may be read by whoever picks the letter up.
_DISCREET = ("sender_name", "return_address")
_TELLING = re.compile(
    r"\b(crim|offen[cds]|polic|victim|justice|youth|probation|restorativ|witness|magistrate|prison|custod)",
    re.IGNORECASE,
)


def fact_problem(name: str, value: object) -> Problem | None:
    """What is wrong with one fact of ``FACTS``, None when it may be printed; the value is never echoed."""
    wanted = f"Give {FACTS[name]}"
    if value is None or (isinstance(value, str) and _is_blank(value)):
        return Problem(name, "missing-fact", f"{wanted}.")
    if not isinstance(value, str):
        return Problem(name, "wrong-fact", f"{wanted}, as text.")
    if name in _CHOICES and value not in _CHOICES[name]:
        return Problem(name, "wrong-fact", f"Give one of {', '.join(_CHOICES[name])}.")
    if any(_is_unprintable(character) and not (character == "\n" and name == "address") for character in value):
        return Problem(name, "unprintable-fact", f"{wanted}, without hidden characters.")
    if name in _DISCREET and _TELLING.search(value):
        return Problem(name, "telling-fact", f"{wanted}, without a word about justice, crime or police.")
    if name == "address" and ("\n" not in value or not all(line.strip() for line in value.split("\n"))):
        return Problem(name, "wrong-address", f"{wanted}, in at least two lines and none of them empty.")
    return None


def _is_blank(value: str) -> bool:
    return value.strip().casefold() in _EMPTY_WORDS or not any(character.isalnum() for character in value)


def _is_unprintable(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") or character in _DIRECTION_MARKS


def language_and_format(case: Case) -> tuple[str, str, bool]:
    """The language and format the victim needs, and whether anybody recorded them: English, standard where nobody did.

    A gap never blocks contact, so an unrecorded need is presumed and shown to the person who approves.
    """
    needs = case.last("needs_recorded")
    if needs is None:
        return "en", "standard", False
    language = needs.text("language").lower().partition("-")[0]
    return {"eng": "en", "cym": "cy", "wel": "cy"}.get(language, language), needs.text("format") or "standard", True


def how_we_know(case: Case) -> str:
    """The fact ``how_we_know``: the victim asked us, agreed to be contacted, or was told and did not object."""
    answer = case.last("consent_recorded", "consent_renewed", "victim_returned")
    if answer is not None and answer.text("decision") == Decision.NOT_OBJECTED:
        return "told"
    asked = case.opened is not None and case.opened.text("source") == "self_referral"
    return "asked_us" if asked or (answer is not None and answer.kind == "victim_returned") else "agreed"
