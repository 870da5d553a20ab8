"""Makes the page of a letter: as it would be written now, or byte by byte as it was approved."""

import base64
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine.correspondence import Known, decide, filled_of, gather
from engine.delivery.pdf import LetterCannotBePrinted, missing_glyphs, pdf
from engine.drafting import decision_document
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.record import Deed
from engine.words import LetterCannotBeWritten
from store import cases, consignments, people, post
from store.consignments import KeptConsignment
from store.post import KeptLetter
from workflow.facts import FACTS, choices_of
from workflow.letters import LetterKind

FIXED = ("approved", "in_doubt", "released", "returned")
"""The states in which the text of a letter is what a person approved."""


@dataclass(frozen=True, slots=True)
class Page:
    """A letter as a page: its text as HTML, the version of its template, and whether it is the text that went out."""

    html: str
    template_version: str
    is_final: bool


def letter_of(house: House, connection: Connection, letter_id: str) -> KeptLetter:
    """The letter of that number.  Raises NotFound."""
    letter = post.find(connection, house.service, letter_id)
    if letter is None:
        raise NotFound("There is no such letter.")
    return letter


def preview(house: House, letter_id: str, now: datetime) -> Page:
    """The page of a letter: as it went out or was approved, or as it would be written now.

    Raises NotFound, or WrongInput naming the facts that are missing.
    """
    with house.reading() as connection:
        letter = letter_of(house, connection, letter_id)
        if letter.sealed is not None and letter.state in FIXED:
            victim = people.find(connection, house.keyring, letter.person_id)
            kept = victim.key.open(f"letter.{letter_id}", letter.sealed)
            return Page(kept["html"], letter.template_version, True)
        key = cases.by_number(connection, house.service, letter.case_id)
        case = cases.history(connection, house.service, key)
        kind = house.letters[letter.kind]
        known = gather(house, connection, key, case, kind, now, letter)
        return Page(write(house, kind, known), house.words.template_version(kind.code, known.reach.language), False)


def page_image(house: House, letter_id: str, now: datetime) -> bytes:
    """The page of a letter as PDF: the very bytes that go, or went, out once it is approved.

    Raises NotFound, or WrongInput saying why there is none yet.
    """
    with house.reading() as connection:
        letter = letter_of(house, connection, letter_id)
        kept = kept_page(house, connection, letter)
    return kept or try_page(preview(house, letter_id, now).html)


def kept_page(house: House, connection: Connection, letter: KeptLetter) -> bytes | None:
    """The page of a letter as it was approved; None where it is not, or is no longer, approved."""
    sealed = post.page(connection, letter.letter_id)
    if sealed is None or letter.state not in FIXED:
        return None
    victim = people.find(connection, house.keyring, letter.person_id)
    return base64.b64decode(victim.key.open(f"letter_page.{letter.letter_id}", sealed))


def write(house: House, kind: LetterKind, known: Known) -> str:
    """The text of a letter.  Raises WrongInput, naming facts and never their values."""
    if known.problems:
        raise WrongInput("The letter cannot be written: " + " ".join(problem.remedy for problem in known.problems))
    try:
        html = house.words.render(kind.code, known.reach.language, known.reach.format, dict(known.facts))
    except LetterCannotBeWritten as fault:
        raise WrongInput(f"The letter cannot be written: {fault}") from None
    if missing_glyphs(" ".join(known.facts.values())):
        raise WrongInput("The letter cannot be written: a name or address has letters the fonts lack.")
    return html


def try_page(html: str) -> bytes:
    """The page, if it can be printed.  Raises WrongInput with what is wrong with it."""
    try:
        return pdf(html)
    except LetterCannotBePrinted as fault:
        raise WrongInput(str(fault)) from None


def decide_now(deed: Deed, kind: LetterKind, letter: KeptLetter) -> tuple[Known, dict[str, object]]:
    """What a letter would say, and the contact decision on it, in the transaction of a deed."""
    known = gather(deed.house, deed.connection, deed.key, deed.case, kind, deed.now, letter)
    decision = decide(deed.case, kind, known, deed.now)
    return known, decision_document(decision, known.problems)


def questions_of(house: House, letter: KeptLetter) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """What a person writes into a letter that waits: the name, what is wanted, what stands there, and the choices."""
    kind = house.letters.get(letter.kind)
    if kind is None or not kind.filled or letter.state not in ("drafted", "held"):
        return []
    with house.reading() as connection:
        there = filled_of(people.find(connection, house.keyring, letter.person_id), letter)
    return [(name, FACTS[name], there.get(name, ""), choices_of(name)) for name in kind.filled]


def why_waiting(house: House, letter_id: str) -> tuple[datetime, str | None] | None:
    """When an approved letter is ready to go, and what stopped it last; None where it is not in the outbox."""
    with house.reading() as connection:
        return post.why_waiting(connection, letter_id)


def delivery_of(house: House, letter_id: str) -> KeptConsignment | None:
    """How far a letter is that somebody else delivers; None where nobody else was to."""
    with house.reading() as connection:
        return consignments.find(connection, letter_id)
