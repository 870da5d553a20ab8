"""Writes every letter for sample victims who do not exist, so that a service sees its templates before anybody does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine.letter_facts import day_in_words
from engine.words import LetterCannotBeWritten, Words
from workflow.facts import FACTS, choices_of
from workflow.letters import Audience, LetterKind

# The number of a drama line, a postcode that nobody has, and names nobody has.
_SAID: Mapping[str, str] = {
    "addressee": "Ms Sam Example",
    "address": "71 Brook Rise\nExampleton\nZZ99 1LA",
    "salutation": "Ms Example",
    "reference": "VC-SAMPLE",
    "worker_name": "Rosa Example",
    "worker_phone": "01632 960001",
    "worker_email": "rosa.example@example.org",
    "victim_name": "Sam",
    "organisation_name": "Example Stores",
    "officer_name": "Officer Example",
    "crime_reference": "26000000001/26",
    "appointment_time": "10am",
    "appointment_place": "Example House, 1 Example Road",
    "support_words": "Example Support: 01632 960002",
    "recipient_name": "Case Worker Example",
}
_DAYS = ("letter_date", "appointment_day", "complaint_day", "answer_by")


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample victim: for whom the letters are worded, the language and format they read, and their name."""

    name: str
    audiences: frozenset[Audience]
    language: str = "en"
    format: str = "standard"
    addressee: str = "Ms Sam Example"
    salutation: str = "Ms Example"


_ADULT = frozenset({Audience.VICTIM})
SAMPLES: tuple[Sample, ...] = (
    Sample("adult", _ADULT),
    Sample("child", frozenset({Audience.CHILD}), addressee="Sam Example", salutation="Sam"),
    Sample("guardian", frozenset({Audience.GUARDIAN}), addressee="Alex Example", salutation="Alex Example"),
    Sample("organisation", frozenset({Audience.ORGANISATION}), addressee="Sam Example, Example Stores"),
    Sample("bereaved", frozenset({Audience.FAMILY})),
    Sample("welsh", frozenset(Audience), "cy", addressee="Ms Siân Ŵyn O’Enghraifft", salutation="Ms O’Enghraifft"),
    Sample("large_print", _ADULT, "en", "large_print"),
    Sample("easy_read", _ADULT, "en", "easy_read"),
)


@dataclass(frozen=True, slots=True)
class Written:
    """One letter for one sample victim: its text, or what is wrong with it."""

    sample: str
    kind: str
    html: str = ""
    fault: str = ""


def samples(
    words: Words,
    kinds: Mapping[str, LetterKind],
    said: Mapping[str, str],
    said_in: Mapping[str, Mapping[str, str]],
    today: date,
) -> Iterator[Written]:
    """Every letter that each sample victim could get, in their language and format.

    ``said`` is what the service's letters say of it, ``said_in`` the same in other languages.
    """
    for sample in SAMPLES:
        own = {**said, **said_in.get(sample.language, {})}
        for code, kind in kinds.items():
            fits = sample.language in kind.languages and sample.format in kind.formats
            if kind.audience not in sample.audiences or not fits:
                continue
            facts = {name: _fact(name, sample, own, today) for name in kind.facts}
            try:
                yield Written(sample.name, code, words.render(code, sample.language, sample.format, facts))
            except LetterCannotBeWritten as fault:
                yield Written(sample.name, code, fault=str(fault))


def _fact(name: str, sample: Sample, own: Mapping[str, str], today: date) -> str:
    if name in ("addressee", "salutation"):
        return str(getattr(sample, name))
    if name in _DAYS:
        return day_in_words(today, sample.language)
    if choices_of(name):
        return choices_of(name)[-1]
    # What nobody knows yet stands there as what is wanted, so that a reader sees where it goes.
    return own.get(name) or _SAID.get(name) or f"[{FACTS[name]}]"
