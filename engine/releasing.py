"""Releases approved letters: claimed, decided again, put out, and recorded as sent, at most once."""

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.delivery.pdf import pdf
from engine.delivery.printing import PrintingFailed
from engine.drafting import for_a_person, take_back, why_held
from engine.entries import CLOCK, Entry
from engine.house import House
from engine.letter_pages import decide_now, kept_page, letter_of
from engine.record import Deed, record
from store import clockwork, dispatch, people, post
from store.database import DatabaseBusy, DatabaseUnusable
from store.post import KeptLetter
from store.sealed import CannotOpen
from workflow.contact import Verdict
from workflow.events import Fields
from workflow.london import london_day, start_of_day
from workflow.machine import NotAllowed

_CLAIM = timedelta(minutes=5)
_LATER = timedelta(minutes=10)
_BATCH = 50
ONE_A_DAY = "A letter of this sort went to the same person today: this one waits for the next working day."


@dataclass(frozen=True, slots=True)
class Released:
    """What one round of the post did: letters released, letters stopped, and letters put back with a reason.

    ``postponed`` are those that wait for another day, because the same person gets no two of their sort on one.
    """

    sent: tuple[str, ...]
    stopped: tuple[str, ...]
    put_back: tuple[tuple[str, str], ...]
    postponed: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was ready."""
        return not (self.sent or self.stopped or self.put_back or self.postponed)

    def and_then(self, more: "Released") -> "Released":
        """What this round and one more did."""
        return Released(
            self.sent + more.sent,
            self.stopped + more.stopped,
            self.put_back + more.put_back,
            self.postponed + more.postponed,
        )


def release(house: House, now: datetime, clock: str, limit: int = _BATCH) -> Released:
    """Release approved letters that are ready: claimed by this clock, decided again, printed, and recorded as sent.

    A letter that another clock took over meanwhile is left to it, and is in no list of the answer.
    """
    with house.writing() as connection:
        if dispatch.stopped_at(connection, house.service) is not None:
            return Released((), (), ())
        claimed = post.claim(connection, house.service, now, now + _CLAIM, clock, limit)
    done: dict[str, list[str]] = {"released": [], "held": [], "postponed": []}
    put_back: list[tuple[str, str]] = []
    for letter_id in claimed:
        try:
            state = release_one(house, letter_id, now, clock)
        except Exception as fault:  # noqa: BLE001  (one letter that fails must not stop the others)
            words = _problem(fault)
            put_back.append((letter_id, words))
            _put_back(house, letter_id, now, clock, words)
        else:
            if state is not None:
                done[state].append(letter_id)
    return Released(tuple(done["released"]), tuple(done["held"]), tuple(put_back), tuple(done["postponed"]))


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


def release_one(house: House, letter_id: str, now: datetime, clock: str) -> str | None:
    """Release one letter, or hand it back to a person; gives its new state, None where it is not ours any more."""
    with house.reading() as connection:
        letter = letter_of(house, connection, letter_id)
        if letter.state != "approved" or letter.sealed is None:
            return None
        victim = people.find(connection, house.keyring, letter.person_id)
        kept = victim.key.open(f"letter.{letter_id}", letter.sealed)
        # A letter that was approved by an earlier release has no page yet: it is made here, outside the transaction.
        page = kept_page(house, connection, letter)
    page = page or pdf(kept["html"])
    state: str | None = None
    fields: Fields = {"letter": letter_id, "kind": letter.kind, "occurrence": letter.occurrence}

    def within(deed: Deed) -> None:
        nonlocal state
        current = letter_of(house, deed.connection, letter_id)
        if current.state != "approved" or not post.is_out(deed.connection, letter_id, clock):
            return
        if dispatch.stopped_at(deed.connection, house.service, to_send=True) is not None:
            # Ready as before: it goes with the first round after letters may go again.
            post.put_back(deed.connection, letter_id, clock, now, "All letters are stopped.")
            return
        document = _decided_again(deed, current, kept["facts"])
        if document["verdict"] == Verdict.RELEASE and _is_second_today(deed, current):
            state = "postponed"
            post.put_back(deed.connection, letter_id, clock, _next_morning(house, now), ONE_A_DAY)
            return
        post.take_in(deed.connection, letter_id)
        if document["verdict"] == Verdict.RELEASE:
            state = "released"
            deed.add(Entry("letter_sent", {**fields, "channel": letter.channel}))
            post.change(deed.connection, letter_id, state=state, released_at=now, decision=document)
            house.print_folder.put(letter_id, page)
        else:
            state = "held"
            deed.add(Entry("letter_held", {**fields, **why_held(document)}))
            post.change(deed.connection, letter_id, state=state, decision=document)
            take_back(deed, current)
        clockwork.free(deed.connection, house.service, letter.case_id, "post")

    record(house, letter.reference, [], actor=CLOCK, now=now, within=within)
    return state


def _is_second_today(deed: Deed, letter: KeptLetter) -> bool:
    """Whether a letter of the same sort went to the same person on this London day, in this case or another."""
    house, today = deed.house, london_day(deed.now)
    sort = house.letters[letter.kind].sort
    if not sort:
        return False
    kinds = [code for code, kind in house.letters.items() if kind.sort == sort]
    begins, ends = start_of_day(today), start_of_day(today + timedelta(days=1))
    return post.sent_between(deed.connection, house.service, letter.person_id, kinds, begins, ends) is not None


def _next_morning(house: House, now: datetime) -> datetime:
    """The beginning of the next working day."""
    return start_of_day(house.calendar.next_working(london_day(now) + timedelta(days=1)))


def _decided_again(deed: Deed, letter: KeptLetter, approved: dict[str, str]) -> dict[str, object]:
    """The decision at the moment of release; a letter that came late, or says something else by now, asks a person."""
    house = deed.house
    known, document = decide_now(deed, house.letters[letter.kind], letter)
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
