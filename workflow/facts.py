"""Decides which facts a letter may use, whether each is fit to be printed, and those the history itself gives."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

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
    "victim_name": "the first name of the victim, for a parent or guardian",
    "organisation_name": "the name of the organisation that was harmed",
    "officer_name": "the name of the officer in the case",
    "crime_reference": "the crime reference of the police",
    "appointment_day": "the day of the appointment in words",
    "appointment_time": "the time of the appointment",
    "appointment_place": "where the appointment is",
    "choices_made": "what the victim chose, one choice a line",
    "change_made": "what the victim changed or took back, one a line",
    "shared_words": "what will be shared, as the victim agreed it",
    "outcome_words": "what was decided, without a private detail of the child",
    "order_kind": "the kind of order or outcome",
    "agreement_words": "what was agreed, one a line",
    "progress_words": "the news, without a private detail of the child",
    "restorative_kind": "the form of restorative justice",
    "reparation_words": "what the child did or can do to put things right",
    "support_words": "the services that may help, with their numbers, one a line",
    "support_agency": "the name of the support service",
    "new_service": "the name of the service that takes over",
    "complaint_day": "the day on which the complaint came, in words",
    "answer_by": "the day by which we answer, in words",
    "complaint_words": "the answer to the complaint",
    "error_words": "what went wrong, in plain words",
    "recipient_name": "the name of whoever the letter is for",
    "released_words": "the words that the victim agreed to release, as they agreed them",
    "gap_words": "what is missing, one a line",
    "safety_words": "what must be kept in mind, without an address, a number or a plan of the victim",
}
"""Every fact a letter may use, each a text, with its meaning."""

STANDARD = (
    "addressee",
    "address",
    "salutation",
    "letter_date",
    "reference",
    "sender_name",
    "return_address",
    "service_name",
    "worker_name",
    "worker_title",
    "worker_phone",
    "worker_email",
    "office_hours",
)
"""The facts that every letter to a victim uses; ``letters.toml`` calls them by the one name ``standard``."""

FILLED = (
    "appointment_day",
    "appointment_time",
    "appointment_place",
    "choices_made",
    "change_made",
    "shared_words",
    "outcome_words",
    "order_kind",
    "agreement_words",
    "progress_words",
    "restorative_kind",
    "reparation_words",
    "support_words",
    "support_agency",
    "new_service",
    "complaint_day",
    "answer_by",
    "complaint_words",
    "error_words",
    "recipient_name",
    "gap_words",
    "safety_words",
)
"""The facts that a person writes into a letter, where its template leaves room for them; nothing else can be edited."""

WRITTEN = (*FILLED, "released_words")
"""The facts in which somebody's own words stand; those that were released come from the history, word for word."""

SEVERAL_LINES = frozenset(
    {
        "choices_made",
        "change_made",
        "shared_words",
        "outcome_words",
        "agreement_words",
        "progress_words",
        "reparation_words",
        "support_words",
        "complaint_words",
        "error_words",
        "released_words",
        "gap_words",
        "safety_words",
    }
)
"""The facts that may have several lines."""

ORDERS: Mapping[str, str] = {
    "referral_order": "a referral order",
    "youth_rehabilitation_order": "a youth rehabilitation order",
    "custody": "custody",
    "youth_caution": "a youth caution",
    "youth_conditional_caution": "a youth conditional caution",
    "community_resolution": "a community resolution",
    "deferred_prosecution": "work that is done instead of going to court",
}
RESTORATIVE_KINDS: Mapping[str, str] = {
    "meeting": "a meeting",
    "messages": "messages without meeting",
    "letter": "a letter from the child",
    "reparation": "putting things right",
}
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "how_we_know": ("asked_us", "agreed", "told"),
    "order_kind": tuple(ORDERS),
    "restorative_kind": tuple(RESTORATIVE_KINDS),
}
_LONGEST, _LONGEST_WORDS = 120, 2000
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
    if name in WRITTEN and len(value) > (_LONGEST_WORDS if name in SEVERAL_LINES else _LONGEST):
        return Problem(name, "long-fact", f"{wanted}, in fewer words.")
    broken = name == "address" or name in SEVERAL_LINES
    if any(_is_unprintable(character) and not (character == "\n" and broken) for character in value):
        return Problem(name, "unprintable-fact", f"{wanted}, without hidden characters.")
    if name in _DISCREET and _TELLING.search(value):
        return Problem(name, "telling-fact", f"{wanted}, without a word about justice, crime or police.")
    if name == "address" and ("\n" not in value or not all(line.strip() for line in value.split("\n"))):
        return Problem(name, "wrong-address", f"{wanted}, in at least two lines and none of them empty.")
    return None


def is_telling(text: str) -> bool:
    """Whether a text that strangers may see has a word in it about justice, crime or police."""
    return _TELLING.search(text) is not None


def choices_of(name: str) -> tuple[str, ...]:
    """What a fact may be, where it is one of a few; empty where it is any text."""
    return _CHOICES.get(name, ())


def gives_away(facts: Mapping[str, str], names: Iterable[str]) -> tuple[Problem, ...]:
    """The facts written by a person in which somebody's name, number or address stands that must not be there.

    ``names`` are what must not stand in them, each a name, a number or a postcode; one of fewer than three letters or
    digits says nothing.  Neither is repeated.
    """
    wanted = [bare for each in names if len(bare := _bare(each)) >= _LEAST]
    return tuple(
        Problem(name, "telling-fact", f"Give {FACTS[name]}, and take the name, number or address out of it.")
        for name, value in facts.items()
        if name in WRITTEN and any(f" {each} " in f" {_bare(value)} " for each in wanted)
    )


_LEAST = 3


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in apart if not unicodedata.combining(each))
    return " ".join(re.sub(r"[^\w]+", " ", plain).split())


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
