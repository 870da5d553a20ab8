"""Releases approved letters: claimed, decided again, handed over, and recorded as sent, at most once."""

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.delivery.port import Answer, Outcome
from engine.delivery.printing import PrintingFailed
from engine.delivery.ways import way_of
from engine.handing_over import Gone, OneRelease
from engine.house import House
from engine.letter_pages import kept_page, letter_of
from engine.parcels import parcel_of
from engine.settling import doubt_what_was_interrupted
from store import clockwork, consignments, dispatch, people, post
from store.database import DatabaseBusy, DatabaseUnusable
from store.sealed import CannotOpen
from workflow.machine import NotAllowed

_CLAIM = timedelta(minutes=5)
_BATCH = 50
_NOT_SET_UP = Answer(Outcome.AWAY, "This way is not set up any more.")
_NOT_NOW = Answer(Outcome.LATER, "It could not go just now: it is tried again.")

Away = dict[str, Answer]
"""The ways that were found away in this round, so that the letters after the first do not wait for them again."""


@dataclass(frozen=True, slots=True)
class Released:
    """What one round of the post did: letters released, letters stopped, and letters put back with a reason.

    ``postponed`` are those that wait for another day, because the same person gets no two of their sort on one;
    ``doubted`` those of which nobody knows whether they left.
    """

    sent: tuple[str, ...]
    stopped: tuple[str, ...]
    put_back: tuple[tuple[str, str], ...]
    postponed: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was ready."""
        return not (self.sent or self.stopped or self.put_back or self.postponed or self.doubted)

    def and_then(self, more: "Released") -> "Released":
        """What this round and one more did."""
        return Released(
            self.sent + more.sent,
            self.stopped + more.stopped,
            self.put_back + more.put_back,
            self.postponed + more.postponed,
            self.doubted + more.doubted,
        )


def release(house: House, now: datetime, clock: str, limit: int = _BATCH, away: Away | None = None) -> Released:
    """Release approved letters that are ready: claimed by this clock, decided again, handed over, recorded as sent.

    A letter that another clock took over meanwhile is left to it, and is in no list of the answer.
    """
    with house.writing() as connection:
        if dispatch.stopped_at(connection, house.service) is not None:
            return Released((), (), ())
        claimed = post.claim(connection, house.service, now, now + _CLAIM, clock, limit)
    done: dict[str, list[str]] = {"released": [], "held": [], "postponed": [], "in_doubt": []}
    put_back: list[tuple[str, str]] = []
    away = {} if away is None else away
    for letter_id in claimed:
        try:
            gone = release_one(house, letter_id, now, clock, away)
        except Exception as fault:  # noqa: BLE001  (one letter that fails must not stop the others)
            words = _problem(fault)
            put_back.append((letter_id, words))
            _put_back(house, letter_id, now, clock, words)
        else:
            if gone is not None and gone.state == "waiting":
                put_back.append((letter_id, gone.words))
            elif gone is not None:
                done[gone.state].append(letter_id)
    sent, held, postponed, doubted = (tuple(each) for each in done.values())
    return Released(sent, held, tuple(put_back), postponed, doubted)


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
        wait = timedelta(minutes=house.settings.ways.wait(post.tries(connection, letter_id)))
        post.put_back(connection, letter_id, clock, now + wait, words)
        letter = post.find(connection, house.service, letter_id)
        if letter is not None:
            clockwork.note_stuck(connection, house.service, letter.case_id, "post", words, now)


def release_one(house: House, letter_id: str, now: datetime, clock: str, away: Away | None = None) -> Gone | None:
    """Release one letter, or hand it back to a person; None where it is not ours any more.

    What somebody else delivers is first noted as begun and then handed over, so that a process that dies in between
    leaves a letter in doubt, and never one that is sent twice.
    """
    away = {} if away is None else away
    with house.reading() as connection:
        letter = letter_of(house, connection, letter_id)
        if letter.state != "approved" or letter.sealed is None:
            return None
        begun = consignments.find(connection, letter_id)
        victim = people.find(connection, house.keyring, letter.person_id)
        kept = victim.key.open(f"letter.{letter_id}", letter.sealed)
        page = kept_page(house, connection, letter)
    if begun is not None and begun.state == "begun":
        # Who has the claim now is not who began it: that clock died, or its word never came to the database.
        return Gone("in_doubt") if doubt_what_was_interrupted(house, letter, now, clock) else None
    parcel = parcel_of(house, letter, kept, page, now)
    way = way_of(house.settings, house.print_folder, letter.channel)
    if way is None:
        return OneRelease(house, letter, kept, parcel, now, clock).go(_NOT_SET_UP)
    ready = away.get(way.name) or way.make_ready(parcel)
    if isinstance(ready, Answer):
        if ready.outcome is Outcome.AWAY:
            away[way.name] = ready
        return OneRelease(house, letter, kept, parcel, now, clock, way.name).go(ready)
    try:
        releasing = OneRelease(house, letter, kept, parcel, now, clock, way.name)
        if not way.is_repeatable and ready.found is None and not releasing.begin():
            return releasing.go(_NOT_NOW)
        gone = releasing.go(ready)
    finally:
        ready.drop()
    if gone is not None and gone.state == "in_doubt":
        # What gave no answer once is not asked to take another letter at once.
        away[way.name] = _NOT_NOW
    return gone
