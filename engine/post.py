"""Handles the post: preview, approval by a person, and release by the clock, at most once."""

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from engine.correspondence import Known, decide, gather
from engine.delivery.pdf import LetterCannotBePrinted, missing_glyphs, pdf
from engine.delivery.printing import PrintingFailed
from engine.drafting import decision_document, for_a_person, take_out_page
from engine.entries import CLOCK, Actor, Entry, Written
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.record import Deed, record
from engine.words import LetterCannotBeWritten
from store import cases, clockwork, people, post
from store.database import DatabaseBusy, DatabaseUnusable
from store.post import KeptLetter
from store.sealed import CannotOpen
from workflow.case import Case
from workflow.contact import Verdict
from workflow.events import Fields
from workflow.letters import LetterKind, facts_problems
from workflow.london import london_day
from workflow.machine import NotAllowed

_CLAIM = timedelta(minutes=5)
_LATER = timedelta(minutes=10)
_BATCH = 50


@dataclass(frozen=True, slots=True)
class Page:
    """A letter as a page: its text as HTML, the version of its template, and whether it is the text that went out."""

    html: str
    template_version: str
    is_final: bool


def _letter(house: House, connection: Connection, letter_id: str) -> KeptLetter:
    letter = post.find(connection, house.service, letter_id)
    if letter is None:
        raise NotFound("There is no such letter.")
    return letter


def list_letters(house: House, state: str | None = None) -> list[KeptLetter]:
    """The letters in a state (None: all), oldest first."""
    with house.reading() as connection:
        return post.in_state(connection, house.service, state)


def preview(house: House, letter_id: str, now: datetime) -> Page:
    """The page of a letter: as it went out or was approved, or as it would be written now.

    Raises NotFound, or WrongInput naming the facts that are missing.
    """
    with house.reading() as connection:
        letter = _letter(house, connection, letter_id)
        if letter.sealed is not None and letter.state in ("approved", "released", "returned"):
            victim = people.find(connection, house.keyring, letter.person_id)
            kept = victim.key.open(f"letter.{letter_id}", letter.sealed)
            return Page(kept["html"], letter.template_version, True)
        key = cases.by_number(connection, house.service, letter.case_id)
        case = cases.history(connection, house.service, key)
        kind = house.letters[letter.kind]
        known = gather(house, connection, key, case, kind, now)
        return Page(_write(house, kind, known), house.words.template_version(kind.code, known.reach.language), False)


def _write(house: House, kind: LetterKind, known: Known) -> str:
    """The text of a letter.  Raises WrongInput, naming facts and never their values."""
    problems = facts_problems(kind, known.facts)
    if problems:
        raise WrongInput("The letter cannot be written: " + " ".join(problem.remedy for problem in problems))
    try:
        html = house.words.render(kind.code, known.reach.language, known.reach.format, dict(known.facts))
    except LetterCannotBeWritten as fault:
        raise WrongInput(f"The letter cannot be written: {fault}") from None
    if missing_glyphs(" ".join(known.facts.values())):
        raise WrongInput("The letter cannot be written: a name or address has letters the fonts lack.")
    return html


def approve(house: House, letter_id: str, actor: Actor, now: datetime, seen: int | None = None) -> Written:
    """A person's yes: the decision is taken again, the text is fixed, and the letter goes to the outbox.

    Raises NotAllowed with the reasons in words where the decision holds or refuses, or where it is no longer a draft.
    """
    with house.reading() as connection:
        letter = _letter(house, connection, letter_id)
    if letter.state == "drafted":
        # The slow part before the transaction: who says yes learns at once that a page cannot be printed.
        _try_page(preview(house, letter_id, now).html)
    fields: Fields = {"letter": letter_id, "kind": letter.kind, "occurrence": letter.occurrence}

    def within(deed: Deed) -> None:
        current = _letter(house, deed.connection, letter_id)
        # A held letter too: what held it is asked again here, and a person's new yes is what a late one waits for.
        if current.state not in ("drafted", "held"):
            raise NotAllowed(f"The letter is already {current.state}.")
        kind = house.letters[current.kind]
        known, document = _decide(deed, kind)
        if document["verdict"] != Verdict.RELEASE:
            raise NotAllowed(_reasons(document))
        html = _write(house, kind, known)
        victim = people.find(deed.connection, house.keyring, deed.key.person_id)
        sealed = victim.key.seal(f"letter.{letter_id}", {"html": html, "facts": dict(known.facts)})
        post.change(
            deed.connection,
            letter_id,
            state="approved",
            approved_at=now,
            approved_by=actor.user,
            decision=document,
            sealed=sealed,
            language=known.reach.language,
            format=known.reach.format,
            template_version=house.words.template_version(kind.code, known.reach.language),
        )
        post.put_out(deed.connection, house.service, letter_id, now)

    entry = Entry("letter_approved", fields)
    return record(house, letter.reference, [entry], actor=actor, now=now, seen=seen, within=within)


def _try_page(html: str) -> None:
    """Make the page once to see that it can be printed.  Raises WrongInput with what is wrong with it."""
    try:
        pdf(html)
    except LetterCannotBePrinted as fault:
        raise WrongInput(str(fault)) from None


def _decide(deed: Deed, kind: LetterKind) -> tuple[Known, dict[str, object]]:
    known = gather(deed.house, deed.connection, deed.key, deed.case, kind, deed.now)
    decision = decide(deed.case, kind, known, deed.now)
    return known, decision_document(decision, facts_problems(kind, known.facts))


def _reasons(document: dict[str, object]) -> str:
    reasons = document.get("reasons")
    words = [str(reason["words"]) for reason in reasons] if isinstance(reasons, list) else []
    return "The letter is held: " + " ".join(words)


@dataclass(frozen=True, slots=True)
class Released:
    """What one round of the post did: letters released, letters stopped, and letters put back with a reason."""

    sent: tuple[str, ...]
    stopped: tuple[str, ...]
    put_back: tuple[tuple[str, str], ...]


def release(house: House, now: datetime, clock: str, limit: int = _BATCH) -> Released:
    """Release approved letters that are ready: claimed by this clock, decided again, printed, and recorded as sent.

    A letter that another clock took over meanwhile is left to it, and is in no list of the answer.
    """
    with house.writing() as connection:
        claimed = post.claim(connection, house.service, now, now + _CLAIM, clock, limit)
    sent: list[str] = []
    stopped: list[str] = []
    put_back: list[tuple[str, str]] = []
    for letter_id in claimed:
        try:
            state = _release_one(house, letter_id, now, clock)
        except Exception as fault:  # noqa: BLE001  (one letter that fails must not stop the others)
            words = _problem(fault)
            put_back.append((letter_id, words))
            _put_back(house, letter_id, now, clock, words)
        else:
            if state is not None:
                (sent if state == "released" else stopped).append(letter_id)
    return Released(tuple(sent), tuple(stopped), tuple(put_back))


def take_out_pages(house: House) -> None:
    """Try again to take out of the print folder what was stopped while the folder could not be reached."""
    with house.reading() as connection:
        left = clockwork.stuck_cases(connection, house.service, "page")
    for case_id in left:
        with contextlib.suppress(PrintingFailed), house.writing() as connection:
            for letter in post.of_case(connection, house.service, case_id):
                if letter.state not in ("approved", "released", "returned"):
                    house.print_folder.withdraw(letter.letter_id)
            clockwork.free(connection, house.service, case_id, "page")


def _problem(fault: Exception) -> str:
    """What stopped a letter; a fault's own words may hold personal data unless we wrote them."""
    known = isinstance(fault, PrintingFailed | DatabaseBusy | DatabaseUnusable | NotAllowed | CannotOpen)
    return str(fault) if known else type(fault).__name__


def _put_back(house: House, letter_id: str, now: datetime, clock: str, words: str) -> None:
    """Give the claim back, to be tried again later, and show a person what stopped it."""
    # Where the database is busy or gone, the claim lapses by itself.
    with contextlib.suppress(DatabaseBusy, DatabaseUnusable), house.writing() as connection:
        post.put_back(connection, letter_id, clock, now + _LATER, words)
        letter = post.find(connection, house.service, letter_id)
        if letter is not None:
            clockwork.note_stuck(connection, house.service, letter.case_id, "post", words, now)


def _release_one(house: House, letter_id: str, now: datetime, clock: str) -> str | None:
    """Release one letter, or hand it back to a person; gives its new state, None where it is not ours any more."""
    with house.reading() as connection:
        letter = _letter(house, connection, letter_id)
        if letter.state != "approved" or letter.sealed is None:
            return None
        victim = people.find(connection, house.keyring, letter.person_id)
        kept = victim.key.open(f"letter.{letter_id}", letter.sealed)
    # The slow part is done before the transaction; only the decision and the folder are inside it.
    page = pdf(kept["html"])
    state: str | None = None
    fields: Fields = {"letter": letter_id, "kind": letter.kind, "occurrence": letter.occurrence}

    def within(deed: Deed) -> None:
        nonlocal state
        current = _letter(house, deed.connection, letter_id)
        if current.state != "approved" or not post.is_out(deed.connection, letter_id, clock):
            return
        document = _decided_again(deed, current, kept["facts"])
        post.take_in(deed.connection, letter_id)
        if document["verdict"] == Verdict.RELEASE:
            state = "released"
            deed.add(Entry("letter_sent", {**fields, "channel": letter.channel}))
            post.change(deed.connection, letter_id, state=state, released_at=now, decision=document)
            house.print_folder.put(letter_id, page)
        else:
            state = "held"
            deed.add(Entry("letter_held", fields))
            post.change(deed.connection, letter_id, state=state, decision=document)
            take_out_page(deed, letter_id)
        clockwork.free(deed.connection, house.service, letter.case_id, "post")

    record(house, letter.reference, [], actor=CLOCK, now=now, within=within)
    return state


def _decided_again(deed: Deed, letter: KeptLetter, approved: dict[str, str]) -> dict[str, object]:
    """The decision at the moment of release; a letter that came late, or says something else by now, asks a person."""
    house = deed.house
    known, document = _decide(deed, house.letters[letter.kind])
    if document["verdict"] != Verdict.RELEASE or letter.approved_at is None:
        return document
    days = house.calendar.working_days_between(london_day(letter.approved_at), london_day(deed.now))
    if days > house.settings.days.letter_late_after_working:
        return for_a_person(
            "approved_too_long_ago", f"It was approved {days} working days ago and did not go: read it again."
        )
    if any(approved.get(name) != known.facts.get(name) for name in ("addressee", "address", "salutation")):
        return for_a_person("changed_since_approval", "Name or address changed since it was approved: read it again.")
    return document


def case_of_letter(house: House, letter_id: str) -> tuple[KeptLetter, Case]:
    """A letter and its case."""
    with house.reading() as connection:
        letter = _letter(house, connection, letter_id)
        key = cases.by_number(connection, house.service, letter.case_id)
        return letter, cases.history(connection, house.service, key)
