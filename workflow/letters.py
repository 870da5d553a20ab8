"""Decides which letters there are, what makes one owed, and whether its facts are fit to be printed."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from workflow.case import Case
from workflow.catalogue import CATALOGUE
from workflow.consent import agreed
from workflow.events import Event
from workflow.facts import FACTS, FILLED, STANDARD, fact_problem
from workflow.problems import Problem
from workflow.vocabulary import Channel, Known, Purpose, State, Track


class BadLetter(Exception):
    """A letter in ``letters.toml`` cannot be used; ``key`` says where (``L01.channel``), ``remedy`` what to do."""

    def __init__(self, key: str, remedy: str) -> None:
        super().__init__(f"{key}: {remedy}")
        self.key, self.remedy = key, remedy


class Audience(StrEnum):
    """For whom a letter is worded; a letter never goes to anyone else."""

    VICTIM = "victim"
    CHILD = "child"
    GUARDIAN = "guardian"
    ORGANISATION = "organisation"
    FAMILY = "family"
    POLICE = "police"
    COLLEAGUE = "colleague"


COLLEAGUES = (Audience.POLICE, Audience.COLLEAGUE)
"""Those who are not the victim's side: police, and the colleagues who work with the child."""


VICTIMS: Mapping[Audience, tuple[str, ...]] = {
    Audience.VICTIM: ("individual", "child", "witness_harmed"),
    Audience.CHILD: ("individual", "child", "witness_harmed"),
    Audience.GUARDIAN: ("individual", "child", "witness_harmed"),
    Audience.ORGANISATION: ("organisation",),
    Audience.FAMILY: ("bereaved_relative", "spokesperson"),
    **dict.fromkeys(
        COLLEAGUES, ("individual", "child", "witness_harmed", "organisation", "bereaved_relative", "spokesperson")
    ),
}
"""The kinds of victim each audience is about; whether they are under 18 is asked beside it."""

FORMATS = ("standard", "large_print", "easy_read")
CHANNELS = (Channel.POST, Channel.EMAIL, Channel.TEXT)
ONCE, EACH = "once", "each"


@dataclass(frozen=True, slots=True)
class LetterKind:
    """A kind of letter.

    ``drafted_when`` names states of the journey that are entered, event kinds, or an event kind and the answer it
    must carry (``attempt_made:no_answer``).  ``occurrence`` is ``once`` in the life of a case or ``each`` time.
    ``meets`` are the ids of the rules that sending it meets.  ``facts`` are all that its words may use.
    ``second_check`` asks for a second person's yes; ``after_closing`` lets it go when the case is closed;
    ``only_if`` names a condition of ``CONDITIONS`` (empty: none); one that is not ``on`` is not drafted and not sent.
    One without ``drafted_when`` is written only where a person asks for it.  ``overtaken_by`` names, as
    ``drafted_when`` does, what makes a letter that waits untrue.  Of the letters of one ``sort`` a victim gets at most
    one on a London day.  ``releases`` are the audiences of ``views_released`` of which one must have been agreed to.
    """

    code: str
    title: str
    audience: Audience
    drafted_when: tuple[str, ...]
    channel: Channel
    purposes: tuple[str, ...]
    facts: tuple[str, ...]
    occurrence: str = ONCE
    meets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    formats: tuple[str, ...] = ("standard", "large_print")
    second_check: bool = False
    after_closing: bool = False
    only_if: str = ""
    on: bool = True
    overtaken_by: tuple[str, ...] = ()
    sort: str = ""
    releases: tuple[str, ...] = ()

    @property
    def filled(self) -> tuple[str, ...]:
        """The facts that a person writes into this letter."""
        return tuple(name for name in self.facts if name in FILLED)


def _wants_news(case: Case) -> bool:
    """Whether the victim took part, or asked for news, and has not said since that they want no more of it."""
    stopped = max(
        (e.seq for e in case.of("consent_withdrawn") if e.text("part") == Purpose.PROGRESS_UPDATES), default=0
    )
    talks = case.of("conversation_recorded", "information_only_chosen")
    if stopped > max((e.seq for e in talks), default=0) and Purpose.PROGRESS_UPDATES not in agreed(case):
        return False
    answered = max((e.seq for e in case.of("consent_recorded", "consent_renewed", "victim_returned")), default=0)
    # What they told us themselves counts more than what police had written before.
    declined = bool(talks) and talks[-1].text("wants_updates") == "false" and talks[-1].seq > answered
    wants = Purpose.PROGRESS_UPDATES in agreed(case) and not declined
    return (
        wants
        or case.states[Track.UPDATES] in ("requested", "updated")
        or case.last("restorative_event_held") is not None
    )


CONDITIONS: Mapping[str, Callable[[Case], bool]] = {"wants_news": _wants_news}
"""The conditions a letter may name, asked when it is drafted and again whenever the contact decision is taken."""


def _list_of(key: str, value: object, known: Collection[str], what: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadLetter(key, f'Give a list of {what}s, such as ["{min(known)}"].')
    for item in value:
        if item not in known:
            raise BadLetter(key, f"There is no {what} {item!r}: choose from {', '.join(sorted(known))}.")
    if len(set(value)) < len(value):
        raise BadLetter(key, f"Name each {what} once.")
    return tuple(value)


def _expanded(names: tuple[str, ...]) -> tuple[str, ...]:
    """The facts, with the one name ``standard`` written out."""
    return tuple(dict.fromkeys(each for name in names for each in (STANDARD if name == "standard" else (name,))))


def _triggers(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadLetter(key, "Give a list of states or events; an empty one is asked for by hand.")
    for item in value:
        name, _, answer = item.partition(":")
        if name not in CATALOGUE and name not in tuple(State):
            raise BadLetter(key, f"There is no state and no event {name!r}.")
        if ":" in item and not (name in CATALOGUE and any(answer in f.choices for f in CATALOGUE[name].fields)):
            raise BadLetter(key, f"{name} has no answer {answer!r}.")
    return tuple(value)


def _text(key: str, value: object, known: Collection[str] | None = None) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadLetter(key, "Give a text that is not empty.")
    if known is not None and value not in known:
        raise BadLetter(key, f"Choose from {', '.join(known)}.")
    return value


def _shaped(key: str, value: object, pattern: str, what: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and re.fullmatch(pattern, v) for v in value):
        raise BadLetter(key, f"Give a list of {what}.")
    return tuple(value)


def _flag(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise BadLetter(key, "Give true or false.")
    return value


_AUDIENCES: tuple[str, ...] = next(f.choices for f in CATALOGUE["views_released"].fields if f.name == "audience")
_KEYS: Mapping[str, Callable[[str, object], object]] = {
    "title": _text,
    "audience": lambda key, value: Audience(_text(key, value, tuple(Audience))),
    "drafted_when": _triggers,
    "channel": lambda key, value: Channel(_text(key, value, CHANNELS)),
    "purposes": lambda key, value: _list_of(key, value, tuple(Purpose), "purpose"),
    "facts": lambda key, value: _expanded(_list_of(key, value, ("standard", *FACTS), "fact")),
    "occurrence": lambda key, value: _text(key, value, (ONCE, EACH)),
    "meets": lambda key, value: _shaped(key, value, r"[a-z][a-z0-9-]*", "rule ids, such as rj-information"),
    "languages": lambda key, value: _shaped(key, value, r"[a-z]{2,3}", "language codes, such as en and cy"),
    "formats": lambda key, value: _list_of(key, value, FORMATS, "format"),
    "second_check": _flag,
    "after_closing": _flag,
    "only_if": lambda key, value: _text(key, value, tuple(CONDITIONS)),
    "on": _flag,
    "overtaken_by": _triggers,
    "sort": lambda key, value: _shaped(key, [value], r"[a-z][a-z_]*", "words such as first_contact")[0],
    "releases": lambda key, value: _list_of(key, value, _AUDIENCES, "audience of released views"),
}
_REQUIRED = ("title", "audience", "drafted_when", "channel", "purposes", "facts", "languages", "formats")


def parse_letters(table: Mapping[str, object]) -> dict[str, LetterKind]:
    """The kinds of letter that ``letters.toml`` describes, by code, in the order of the file.

    Raises BadLetter at the first key that cannot be understood.  The ids in ``meets`` are only checked for their
    shape here: the rules are another file.
    """
    kinds: dict[str, LetterKind] = {}
    for code, row in table.items():
        if not re.fullmatch(r"[A-Z][0-9]{2}[a-z]?", code):
            raise BadLetter(code, "A letter has a code such as L01.")
        if not isinstance(row, Mapping):
            raise BadLetter(code, f"Describe the letter in a table [{code}].")
        for name in row:
            if name not in _KEYS:
                raise BadLetter(f"{code}.{name}", f"There is no such key: a letter has {', '.join(_KEYS)}.")
        for name in _REQUIRED:
            if name not in row or (row[name] == [] and name not in ("drafted_when", "purposes")):
                raise BadLetter(f"{code}.{name}", "It is missing.")
        if row["audience"] not in COLLEAGUES and Purpose.CONTACT not in row["purposes"]:
            raise BadLetter(f"{code}.purposes", "Every letter to a victim needs the purpose contact.")
        values: dict[str, Any] = {name: _KEYS[name](f"{code}.{name}", value) for name, value in row.items()}
        kinds[code] = LetterKind(code, **values)
    return kinds


def released(case: Case, kind: LetterKind) -> tuple[Event, ...]:
    """What the victim agreed to share with those whom the letter is for, oldest first; what was taken back is gone."""
    parts = {each.partition(":")[2] for each in kind.overtaken_by if each.startswith("consent_withdrawn:")}
    back = [e.seq for e in case.of("consent_withdrawn") if e.text("part") in {"all", Purpose.CONTACT, *parts}]
    since = max(back, default=0)
    return tuple(e for e in case.of("views_released") if e.text("audience") in kind.releases and e.seq > since)


def is_for(kind: LetterKind, case: Case) -> bool:
    """Whether the letter is worded for somebody like this victim, as far as the history tells.

    The age of today is not in the history: an adult's letter is not drafted for a known child, but for an unknown age
    it is drafted, and the contact decision holds it until the age is known.
    """
    if case.victim_kind not in VICTIMS[kind.audience]:
        return False
    if kind.audience in COLLEAGUES:
        return True
    if kind.audience in (Audience.CHILD, Audience.GUARDIAN):
        return case.is_child
    return case.opened is None or case.opened.text("under_18") != Known.YES or kind.audience is Audience.ORGANISATION


@lru_cache
def _named_by(triggers: tuple[str, ...]) -> frozenset[str]:
    """The event kinds and the states that are named, without the answers."""
    return frozenset(trigger.partition(":")[0] for trigger in triggers)


def _fits(triggers: Collection[str], event: Event, entered: str | None) -> bool:
    """Whether an event is one of those named, or entered a state that is."""
    for trigger in triggers:
        name, _, answer = trigger.partition(":")
        # The answers are looked at last: this is asked of every kind of letter for every event.
        if trigger == entered or (
            name == event.kind and (not answer or any(answer in event.items(field) for field in event.fields))
        ):
            return True
    return False


def is_overtaken(case: Case, kind: LetterKind, letter: str) -> bool:
    """Whether something happened since a letter was drafted that makes what it says untrue."""
    if not kind.overtaken_by:
        return False
    drafts = (e.seq for e in case.history if e.kind == "letter_drafted" and e.text("letter") == letter)
    since, state = next(drafts, case.version), None
    for event in case.history:
        reached = event.reached.get(Track.JOURNEY)
        entered, state = (reached if reached != state else None), reached
        if event.seq > since and event.seq not in case.retracted and _fits(kind.overtaken_by, event, entered):
            return True
    return False


def drafted(case: Case) -> frozenset[tuple[str, int]]:
    """The code and occurrence of every letter that was ever drafted; one that says no occurrence counts as the first.

    Retracted entries count too: what may have been posted cannot be unposted.
    """
    rows = (event for event in case.history if event.kind == "letter_drafted")
    return frozenset((event.text("kind"), int(event.fields.get("occurrence", 1))) for event in rows)


def letters_owed(
    case_before: Case, case_after: Case, kinds: Mapping[str, LetterKind]
) -> tuple[tuple[LetterKind, int], ...]:
    """The letters that the events since ``case_before`` ask to be drafted, each with its occurrence.

    The occurrence is 1 for a letter that goes once in the life of a case, and the ``seq`` of the event that asks for
    it otherwise, so that (case, kind, occurrence) is unique whoever asks again.
    """
    done = set(drafted(case_after))
    owed: list[tuple[LetterKind, int]] = []
    state: str = case_before.state
    happened: list[tuple[Event, str | None]] = []
    for event in case_after.history[len(case_before.history) :]:
        reached = event.reached.get(Track.JOURNEY, state)
        entered, state = (reached if reached != state else None), reached
        if event.kind != "entry_retracted" and event.seq not in case_after.retracted:
            happened.append((event, entered))
    named = {name for event, entered in happened for name in (event.kind, entered)}
    # Of the many kinds of letter few wait for what happened: the others need not be asked about every event.
    asked = [k for k in kinds.values() if "letter_asked" in named or not named.isdisjoint(_named_by(k.drafted_when))]
    for event, entered in happened:
        for kind in asked:
            by_hand = event.kind == "letter_asked" and event.text("kind") == kind.code
            # Who asks by hand may ask again for what goes once.
            occurrence = event.seq if by_hand or kind.occurrence == EACH else 1
            if not kind.on or (kind.code, occurrence) in done:
                continue
            if not by_hand and not _fits(kind.drafted_when, event, entered):
                continue
            wanted = not kind.only_if or CONDITIONS[kind.only_if](case_after)
            if by_hand or (is_for(kind, case_after) and wanted):
                done.add((kind.code, occurrence))
                owed.append((kind, occurrence))
    return tuple(owed)


def facts_problems(kind: LetterKind, facts: Mapping[str, object]) -> tuple[Problem, ...]:
    """Everything wrong with the facts of a letter, so that none ever begins "Dear ,"; values are never echoed."""
    unknown = [
        Problem(name, "unknown-fact", f"{kind.code} has no such fact.") for name in facts if name not in kind.facts
    ]
    return (*unknown, *filter(None, (fact_problem(name, facts.get(name)) for name in kind.facts)))
