"""Handles the post: what waits, and a person's yes; what was approved leaves by ``engine.releasing``."""

import base64
from datetime import datetime

from engine.entries import Actor, Entry, Written
from engine.house import House
from engine.letter_pages import (
    FIXED,
    Page,
    decide_now,
    delivery_of,
    letter_of,
    page_image,
    preview,
    questions_of,
    try_page,
    why_waiting,
    write,
)
from engine.record import Deed, record
from engine.releasing import Released, release, take_out_pages
from store import cases, people, post
from store.post import KeptLetter
from workflow.case import Case
from workflow.contact import Verdict
from workflow.events import Fields
from workflow.machine import NotAllowed
from workflow.two_people import letter_conditions

__all__ = [
    "FIXED",
    "Page",
    "Released",
    "approve",
    "case_of_letter",
    "delivery_of",
    "list_letters",
    "page_image",
    "preview",
    "questions_of",
    "release",
    "take_out_pages",
    "why_waiting",
]


def list_letters(house: House, state: str | None = None) -> list[KeptLetter]:
    """The letters in a state (None: all), oldest first."""
    with house.reading() as connection:
        return post.in_state(connection, house.service, state)


def approve(house: House, letter_id: str, actor: Actor, now: datetime, seen: int | None = None) -> Written:
    """A person's yes: the decision is taken again, the text is fixed, and the letter goes to the outbox.

    Raises NotAllowed with the reasons in words where the decision holds or refuses, or where it is no longer a draft.
    """
    with house.reading() as connection:
        letter = letter_of(house, connection, letter_id)
    # The slow part before the transaction: who says yes learns at once that a page cannot be printed.
    html = preview(house, letter_id, now).html if letter.state in ("drafted", "held") else ""
    page = try_page(html) if letter.state == "drafted" else b""
    fields: Fields = {"letter": letter_id, "kind": letter.kind, "occurrence": letter.occurrence}

    def within(deed: Deed) -> None:
        current = letter_of(house, deed.connection, letter_id)
        # A held letter too: what held it is asked again here, and a person's new yes is what a late one waits for.
        if current.state not in ("drafted", "held"):
            raise NotAllowed(f"The letter is already {current.state}.")
        kind = house.letters[current.kind]
        known, document = decide_now(deed, kind, current)
        if document["verdict"] != Verdict.RELEASE:
            raise NotAllowed(_reasons(document))
        if write(house, kind, known) != html:
            raise NotAllowed("The letter changed while you were approving it: read it again.")
        asked = house.permissions.two_people.get("letter_approved", frozenset())
        takes_two = kind.second_check or bool(
            letter_conditions(deed.case, letter_id, current.channel, deed.actor.role, asked)
        )
        if takes_two and not _was_checked(deed.case, letter_id, actor):
            deed.add(Entry("letter_checked", fields))
            return
        deed.add(Entry("letter_approved", fields))
        victim = people.find(deed.connection, house.keyring, deed.key.person_id)
        kept = {"html": html, "facts": dict(known.facts), "filled": dict(known.filled or {}), "to": known.to}
        image = base64.b64encode(page or try_page(html)).decode()
        post.keep_page(deed.connection, house.service, letter_id, victim.key.seal(f"letter_page.{letter_id}", image))
        post.change(
            deed.connection,
            letter_id,
            state="approved",
            approved_at=now,
            approved_by=actor.user,
            decision=document,
            sealed=victim.key.seal(f"letter.{letter_id}", kept),
            language=known.reach.language,
            format=known.reach.format,
            template_version=house.words.template_version(kind.code, known.reach.language),
        )
        post.put_out(deed.connection, house.service, letter_id, now)

    house.permissions.demand_record(actor.role, "letter_approved")
    return record(house, letter.reference, [], actor=actor, now=now, seen=seen, within=within)


def _was_checked(case: Case, letter_id: str, actor: Actor) -> bool:
    """Whether somebody else has said the first of two yeses, and nothing held the letter since."""
    mine = [e for e in case.standing if e.text("letter") == letter_id]
    checks = [e for e in mine if e.kind == "letter_checked" and e.by != actor.user]
    since = max((e.seq for e in mine if e.kind in ("letter_held", "letter_filled")), default=0)
    return any(check.seq > since for check in checks)


def _reasons(document: dict[str, object]) -> str:
    reasons = document.get("reasons")
    words = [str(reason["words"]) for reason in reasons] if isinstance(reasons, list) else []
    return "The letter is held: " + " ".join(words)


def case_of_letter(house: House, letter_id: str) -> tuple[KeptLetter, Case]:
    """A letter and its case."""
    with house.reading() as connection:
        letter = letter_of(house, connection, letter_id)
        key = cases.by_number(connection, house.service, letter.case_id)
        return letter, cases.history(connection, house.service, key)
