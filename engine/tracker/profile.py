"""Says what a profile of a service's own spreadsheet may hold, and refuses one that would take a doubt for a yes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from engine.feeds.forms import Asked, Form, form_of

CONTACTS = ("letter_sent", "contact_1", "contact_2", "contact_3")
"""The columns that say when somebody tried to get in touch."""
SAID = {
    "contact": ("no_answer", "message_left", "not_done"),
    "restorative": ("declined", "wants_updates", "thinking", "under_way", "meeting", "apology_received"),
    "remark": ("do_not_write", "do_not_contact"),
}
"""What a cell may seem to say, by the kind of column."""
ASKED = Asked(
    "tracker",
    frozenset(
        {"name", "date_of_birth", "crime_reference", "child", "consent", *CONTACTS, "restorative", "remarks", "other"}
    ),
    ("name", "crime_reference", "consent"),
    {},
    ("consent", "contact", "restorative", "remark", "oldest_offence"),
)
"""What the bringing over of a spreadsheet asks of its profiles."""

_CLEAR_YES = frozenset({"y", "yes", "consented", "agreed"})
"""The only words that a profile may call a yes."""


@dataclass(frozen=True)
class Words:
    """What the cells of a spreadsheet mean: a yes, a no, and the words by which the others are told apart.

    A yes or a no must be the whole cell, but for capitals; the words of ``said`` may stand anywhere in one.
    """

    yes: frozenset[str]
    no: frozenset[str]
    said: Mapping[str, Mapping[str, str]]
    oldest_offence: date


def tracker_form(config: Path, name: str | None) -> tuple[Form, Words]:
    """The profile of that name, or the only one, and its words.  Raises NotFound, WrongInput or BadConfiguration."""
    form = form_of(config, ASKED, name)
    if not form.force:
        raise form.fault("tracker", "force", "Name the force whose crime references these are, as in service.toml.")
    consent = form.further["consent"]
    if not isinstance(consent, dict) or set(consent) - {"yes", "no"}:
        raise form.fault("tracker", "consent", "Give the words for yes and for no, each as a list.")
    yes, no = (_folded(consent.get(key, []), form, f"consent.{key}") for key in ("yes", "no"))
    if not yes <= _CLEAR_YES:
        words = f"A yes is one of: {', '.join(sorted(_CLEAR_YES))}. Everything else is asked back."
        raise form.fault("tracker", "consent.yes", words)
    if yes & no:
        raise form.fault("tracker", "consent.no", "A word cannot be both a yes and a no.")
    oldest = form.further["oldest_offence"]
    if type(oldest) is not date:
        words = "Give the day before which no offence in the spreadsheet was, without quotation marks: 2024-01-01."
        raise form.fault("tracker", "oldest_offence", words)
    said = {kind: _said(form.further[kind], kind, form) for kind in SAID}
    return form, Words(yes, no, said, oldest)


def _folded(given: object, form: Form, key: str) -> frozenset[str]:
    if not isinstance(given, list) or not all(isinstance(each, str) and each.strip() for each in given):
        raise form.fault("tracker", key, "Give a list of words in quotation marks.")
    return frozenset(" ".join(each.casefold().split()) for each in given)


def _said(given: Any, kind: str, form: Form) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise form.fault("tracker", kind, "Give a table of words and what they mean.")
    for words, meaning in given.items():
        if not words.strip() or meaning not in SAID[kind]:
            raise form.fault("tracker", f"{kind}.{words}", f"Use one of: {', '.join(SAID[kind])}.")
    return {" ".join(words.casefold().split()): meaning for words, meaning in given.items()}
