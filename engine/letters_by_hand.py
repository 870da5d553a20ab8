"""Does what a person does with a letter: ask for one, write into it, clear a hold, discard it, take one back in."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from engine.correspondence import decide, gather
from engine.drafting import take_back
from engine.entries import Actor, Entry, Written
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.letter_pages import decide_now, letter_of, write
from engine.record import Deed, record
from store import cases, people, post
from store.post import KeptLetter
from workflow.catalogue.post import BACK
from workflow.clearance import clearances
from workflow.contact import Verdict
from workflow.events import Fields
from workflow.facts import fact_problem
from workflow.letters import LetterKind
from workflow.london import london_day, start_of_day
from workflow.machine import NotAllowed
from workflow.reasons import CLEARABLE

_OPEN = ("drafted", "held")
_WAITING = ("drafted", "held", "approved")
# One in doubt may be there already: who asks for another would have it twice.
_ON_ITS_WAY = (*_WAITING, "in_doubt")
# What a person who finishes a letter by hand puts right with that very deed.
_BY_HAND = frozenset({"language_not_met", "words_unchecked", "format_not_met", "way_closed", "no_contact_point"})
_BAD_ADDRESS = ("gone_away", "unknown")


def ask_for_letter(
    house: House, reference: str, kind_code: str, actor: Actor, now: datetime, seen: int | None = None
) -> str:
    """Have a letter drafted because a person wants it, once more where it was drafted before; gives its number.

    Raises NotFound for a kind that is not there, NotAllowed with the reasons where it must not go to this victim, and
    what ``record`` raises.
    """
    kind = house.letters.get(kind_code)
    if kind is None:
        raise NotFound("There is no such kind of letter.")

    def within(deed: Deed) -> None:
        known = gather(house, deed.connection, deed.key, deed.case, kind, now)
        decision = decide(deed.case, kind, known, now)
        if decision.verdict is Verdict.REFUSE:
            refusals = [reason.words for reason in decision.reasons if reason.verdict is Verdict.REFUSE]
            raise NotAllowed("This letter must not be written: " + " ".join(refusals))
        if any(each.kind == kind_code and each.state in _ON_ITS_WAY for each in _of_case(deed)):
            raise NotAllowed("One of this kind waits already: approve it or discard it first.")
        deed.add(Entry("letter_asked", {"kind": kind_code}))

    written = record(house, reference, [], actor=actor, now=now, seen=seen, within=within)
    letters = [event.text("letter") for event in written.events if event.kind == "letter_drafted"]
    if not letters:
        raise NotAllowed("This letter is switched off.")
    return letters[-1]


def _of_case(deed: Deed) -> list[KeptLetter]:
    return post.of_case(deed.connection, deed.house.service, deed.key.case_id)


def fill_letter(
    house: House, letter_id: str, words: Mapping[str, str], actor: Actor, now: datetime, seen: int | None = None
) -> Written:
    """Write into a letter what its template leaves room for, each a fact of ``workflow.facts.FILLED``.

    A letter is edited nowhere else.  Raises WrongInput naming the facts, NotAllowed where it is approved already.
    """
    letter, kind = _known(house, letter_id)
    wrong = [name for name in words if name not in kind.filled]
    if wrong:
        raise WrongInput("The letter leaves no room for that.")
    tidy = {name: _tidy(value) for name, value in words.items()}
    problems = [problem for name, value in tidy.items() if (problem := fact_problem(name, value)) is not None]
    if problems:
        raise WrongInput(" ".join(problem.remedy for problem in problems))

    def within(deed: Deed) -> None:
        current = _in_state(deed, letter_id, _OPEN)
        victim = people.find(deed.connection, house.keyring, deed.key.person_id)
        sealed = victim.key.seal(f"letter.{letter_id}", {"filled": tidy})
        post.change(deed.connection, current.letter_id, sealed=sealed)
        deed.add(Entry("letter_filled", _fields(current)))

    return record(house, letter.reference, [], actor=actor, now=now, seen=seen, within=within)


def _tidy(value: str) -> str:
    lines = [" ".join(line.split()) for line in value.replace("\r\n", "\n").split("\n")]
    return "\n".join(line for line in lines if line)


def clear_hold(
    house: House,
    letter_id: str,
    holds: frozenset[str],
    words: str,
    actor: Actor,
    now: datetime,
    seen: int | None = None,
) -> Written:
    """One person's look at holds of a letter, with the reason; with a second person's the holds are cleared.

    Only what no later event would ever end can be cleared, and only what holds the letter now.  Raises WrongInput
    without a reason, NotAllowed, and what ``record`` raises.
    """
    letter, _ = _known(house, letter_id)
    if not holds or not holds <= CLEARABLE:
        raise WrongInput("Choose what you have looked at: only holds that two people may clear.")
    if len(words.split()) < 3:
        raise WrongInput("Say why the letter may go in spite of it.")

    def within(deed: Deed) -> None:
        current = _in_state(deed, letter_id, ("held",))
        standing = {str(reason["code"]) for reason in current.decision.get("reasons", [])}
        if not holds <= standing:
            raise NotAllowed("That does not hold the letter any more: look at it again.")
        looked = clearances(deed.case, letter_id)
        if all(actor.user in {each.by for each in looked.get(code, ())} for code in holds):
            raise NotAllowed("You have cleared it already: a second person must look as well.")
        fields: Fields = {**_fields(current), "holds": "|".join(sorted(holds)), "words": words}
        deed.add(Entry("letter_clearance_given", fields))

    return record(house, letter.reference, [], actor=actor, now=now, seen=seen, within=within)


def discard_letter(
    house: House, letter_id: str, reason: str, actor: Actor, now: datetime, words: str = "", seen: int | None = None
) -> Written:
    """Put a letter aside that has not gone; it is not drafted again for the same occasion unless somebody asks."""
    letter, _ = _known(house, letter_id)

    def within(deed: Deed) -> None:
        current = _in_state(deed, letter_id, _WAITING)
        fields: Fields = {**_fields(current), "reason": reason, **({"note": words} if words else {})}
        deed.add(Entry("letter_discarded", fields))
        post.change(deed.connection, letter_id, state="discarded")
        if current.state == "approved":
            take_back(deed, current)

    return record(house, letter.reference, [], actor=actor, now=now, seen=seen, within=within)


def letter_came_back(
    house: House, letter_id: str, reason: str, actor: Actor, now: datetime, seen: int | None = None
) -> Written:
    """A letter that left came back, bounced or failed: what it met is owed again, and the address is doubted.

    Where nobody lives or is known there, the address is past from today.  Raises NotAllowed for one that never left.
    """
    letter, _ = _known(house, letter_id)
    if reason not in BACK:
        raise WrongInput(f"Say why: {', '.join(BACK)}.")

    def within(deed: Deed) -> None:
        take_in_returned(deed, _in_state(deed, letter_id, ("released",)), reason)

    return record(house, letter.reference, [], actor=actor, now=now, seen=seen, within=within)


def take_in_returned(deed: Deed, letter: KeptLetter, reason: str) -> None:
    """Within a deed, a letter that left came back for a reason of ``BACK``."""
    deed.add(Entry("letter_returned", {**_fields(letter), "reason": reason}))
    post.change(deed.connection, letter.letter_id, state="returned")
    if reason in _BAD_ADDRESS:
        # The address it went to; one that was given since is another and stands.
        given = deed.case.last_given("post", "visit")
        if letter.released_at is None or given is None or given.recorded_at <= letter.released_at:
            people.end_contact_points(deed.connection, deed.key.person_id, letter.channel, london_day(deed.now))


def hand_over(house: House, letter_id: str, on: date, actor: Actor, now: datetime, seen: int | None = None) -> Written:
    """A letter that a person finished, in a language, a format or by a way that we cannot, and saw off on a day.

    Everything else that is asked of a letter is asked of this one too.  Raises NotAllowed with the reasons.
    """
    letter, kind = _known(house, letter_id)
    if on > london_day(now):
        raise WrongInput("Give the day on which it went: it cannot be in the future.")

    def within(deed: Deed) -> None:
        current = _in_state(deed, letter_id, _OPEN)
        known, document = decide_now(deed, kind, current)
        stopping = [each for each in decide(deed.case, kind, known, now).reasons if each.verdict is not Verdict.RELEASE]
        left = [each.words for each in stopping if each.code not in _BY_HAND]
        # Without an address a person takes it there; anything else that is missing is missing on paper too.
        left += [problem.remedy for problem in known.problems if problem.path != "address"]
        if left:
            raise NotAllowed("The letter is held: " + " ".join(left))
        deed.add(Entry("letter_handed_over", {**_fields(current), "on": on.isoformat()}))
        sent: Fields = {**_fields(current), "channel": current.channel}
        deed.follow(Entry("letter_sent", sent, min(start_of_day(on), now)))
        post.change(deed.connection, letter_id, state="released", released_at=now, decision=_by_hand(document))

    return record(house, letter.reference, [], actor=actor, now=now, seen=seen, within=within)


def _by_hand(document: dict[str, object]) -> dict[str, object]:
    return {**document, "verdict": str(Verdict.RELEASE), "by_hand": True}


def text_to_finish(house: House, letter_id: str, now: datetime) -> str:
    """The English standard text of a letter that a person finishes by hand, to be translated or made otherwise.

    Raises WrongInput where a fact is missing, NotAllowed where the letter may not be written at all.
    """
    with house.reading() as connection:
        letter = letter_of(house, connection, letter_id)
        key = cases.by_number(connection, house.service, letter.case_id)
        case = cases.history(connection, house.service, key)
        kind = house.letters[letter.kind]
        known = gather(house, connection, key, case, kind, now, letter, in_english=True)
    if decide(case, kind, known, now).verdict is Verdict.REFUSE:
        raise NotAllowed("This letter must not be written.")
    return write(house, kind, replace(known, reach=replace(known.reach, language="en", format="standard")))


def _known(house: House, letter_id: str) -> tuple[KeptLetter, LetterKind]:
    with house.reading() as connection:
        letter = letter_of(house, connection, letter_id)
    return letter, house.letters[letter.kind]


def _in_state(deed: Deed, letter_id: str, states: tuple[str, ...]) -> KeptLetter:
    current = letter_of(deed.house, deed.connection, letter_id)
    if current.state not in states:
        raise NotAllowed(f"The letter is {current.state}.")
    return current


def _fields(letter: KeptLetter) -> Fields:
    return {"letter": letter.letter_id, "kind": letter.kind, "occurrence": letter.occurrence}
