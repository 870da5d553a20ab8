"""Drafts the letters that an event makes owed, and judges the waiting ones again whenever their case changes."""

from typing import TYPE_CHECKING

from engine.correspondence import decide, gather
from engine.delivery.printing import PrintingFailed
from engine.entries import Entry
from store import clockwork, post
from workflow.contact import ContactDecision, Verdict
from workflow.events import Fields
from workflow.letters import letters_owed
from workflow.problems import Problem

if TYPE_CHECKING:
    from engine.record import Deed

_WAITING = ("drafted", "held", "approved")


def decision_document(decision: ContactDecision, problems: tuple[Problem, ...] = ()) -> dict[str, object]:
    """A decision as it is kept and shown: the verdict and every reason in words."""
    reasons = [{"code": reason.code, "words": reason.words} for reason in decision.reasons]
    reasons += [{"code": f"fact.{problem.path}", "words": problem.remedy} for problem in problems]
    verdict = Verdict.HOLD if problems and decision.verdict is Verdict.RELEASE else decision.verdict
    return {"verdict": str(verdict), "reasons": reasons}


def for_a_person(code: str, words: str) -> dict[str, object]:
    """A hold that no event ends, although the victim may be written to: only a person's new yes does."""
    return {"verdict": str(Verdict.HOLD), "reasons": [{"code": code, "words": words}], "for_a_person": True}


def why_held(document: dict[str, object]) -> Fields:
    """The first reason of a decision as a field of an event, so that the action can say what to find out."""
    reasons = document["reasons"]
    codes = [str(reason["code"]) for reason in reasons] if isinstance(reasons, list) else []
    return {"reasons": codes[0][:64]} if codes else {}


def draft_owed(deed: "Deed") -> None:
    """Draft what the new events make owed; a letter that may not go to this victim at all is not drafted."""
    for kind, occurrence in letters_owed(deed.before, deed.case, deed.house.letters):
        known = gather(deed.house, deed.connection, deed.key, deed.case, kind, deed.now)
        decision = decide(deed.case, kind, known, deed.now)
        if decision.verdict is Verdict.REFUSE:
            continue
        document = decision_document(decision, known.problems)
        letter_id = f"L-{deed.house.codes(16)}"
        fields: Fields = {"letter": letter_id, "kind": kind.code, "occurrence": occurrence}
        held = document["verdict"] != Verdict.RELEASE
        post.draft(
            deed.connection,
            deed.house.service,
            deed.key.case_id,
            letter_id=letter_id,
            kind=kind.code,
            occurrence=occurrence,
            state="held" if held else "drafted",
            channel=str(kind.channel),
            language=known.reach.language,
            format=known.reach.format,
            decision=document,
            drafted_at=deed.now,
        )
        deed.follow(Entry("letter_drafted", fields))
        if held:
            deed.follow(Entry("letter_held", {**fields, **why_held(document)}))


def review_letters(deed: "Deed") -> None:
    """Judge the waiting letters of the case again: what is forbidden now is cancelled, what is doubtful is held."""
    if not any(event.kind == "letter_drafted" for event in deed.before.history):
        return
    for letter in post.of_case(deed.connection, deed.house.service, deed.key.case_id):
        if letter.state in _WAITING:
            _review(deed, letter)


def _review(deed: "Deed", letter: post.KeptLetter) -> None:
    kind = deed.house.letters[letter.kind]
    known = gather(deed.house, deed.connection, deed.key, deed.case, kind, deed.now, letter)
    decision = decide(deed.case, kind, known, deed.now)
    document = decision_document(decision, known.problems)
    fields: Fields = {"letter": letter.letter_id, "kind": letter.kind, "occurrence": letter.occurrence}
    if document["verdict"] == Verdict.REFUSE:
        _change(deed, letter, "cancelled", document)
        deed.follow(Entry("letter_cancelled", {**fields, "reason": decision.reasons[0].code}))
    elif document["verdict"] == Verdict.HOLD and (letter.state != "held" or _held_by_more(letter, document)):
        _change(deed, letter, "held", document)
        deed.follow(Entry("letter_held", {**fields, **why_held(document)}))
    elif document["verdict"] == Verdict.RELEASE and letter.decision.get("for_a_person"):
        return
    elif document["verdict"] == Verdict.RELEASE and letter.state == "held":
        _change(deed, letter, "drafted", document)
        deed.follow(Entry("letter_cleared", fields))
    elif document != letter.decision:
        post.change(deed.connection, letter.letter_id, decision=document)


def _held_by_more(letter: post.KeptLetter, document: dict[str, object]) -> bool:
    """Whether something else holds a letter than what was last said: the queue shows what has to be done now."""
    return why_held(document) != why_held(letter.decision)


def _change(deed: "Deed", letter: post.KeptLetter, state: str, document: dict[str, object]) -> None:
    post.change(deed.connection, letter.letter_id, state=state, decision=document)
    if letter.state == "approved":
        take_back(deed, letter)


def take_back(deed: "Deed", letter: post.KeptLetter) -> None:
    """Take an approved letter out of everything from which it could still leave, and forget its page."""
    post.take_in(deed.connection, letter.letter_id)
    post.forget_page(deed.connection, letter.letter_id)
    take_out_page(deed, letter.letter_id)


def take_out_page(deed: "Deed", letter_id: str) -> None:
    """Take a letter that was stopped out of the print folder, or note that it may still lie there.

    A release that was killed between the print folder and the commit may have left the page behind.  What stopped the
    letter, a withdrawal perhaps, must be recorded even where the folder cannot be reached; the clock then tries again.
    """
    try:
        deed.house.print_folder.withdraw(letter_id)
    except PrintingFailed:
        words = f"Take {letter_id} out of the print folder: it may not be posted."
        clockwork.note_stuck(deed.connection, deed.house.service, deed.key.case_id, "page", words, deed.now)
