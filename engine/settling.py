"""Settles what became of a letter that was handed to somebody else: by their word, by a receipt, or by a person."""

from datetime import datetime, timedelta

from engine.contact_details import take_in_dead
from engine.delivery.port import Answer, Outcome
from engine.delivery.receipts import STATUSES, failure, is_delivered
from engine.delivery.ways import notify_of
from engine.entries import CLOCK, Actor, Entry, Written
from engine.house import House
from engine.letter_pages import letter_of
from engine.letters_by_hand import take_in_returned
from engine.parcels import side_of
from engine.record import Deed, record
from store import clockwork, consignments, post
from store.consignments import KeptConsignment
from store.database import DatabaseBusy
from store.post import KeptLetter
from workflow.contact import Verdict
from workflow.events import Fields
from workflow.london import london_day
from workflow.machine import NotAllowed
from workflow.vocabulary import Channel

_ASK_AGAIN = timedelta(hours=4)
_MOST_ASKED = 60
"""After so many questions about something that was taken, somebody looks at it instead."""
_ABANDONED = timedelta(minutes=5)
"""As long as a claim: whoever began before, and has the letter no longer, does not go on."""
_LEFT_WITHOUT_A_WORD = "GOV.UK Notify never said whether it arrived: ask them."


def next_receipt(way: str, now: datetime) -> datetime | None:
    """When to ask what became of something that was taken just now; None where there is nobody to ask."""
    return now + _ASK_AGAIN if way == "notify" else None


def doubt(deed: Deed, letter: KeptLetter, why: str, document: dict[str, object], left_at: datetime) -> None:
    """Within a deed: nobody knows whether a letter left.  It is not sent again before that is settled."""
    connection, settings = deed.connection, deed.house.settings
    kept = consignments.find(connection, letter.letter_id)
    asks = "provider" if kept is not None and kept.way == "notify" and settings.ways.notify else "person"
    post.take_in(connection, letter.letter_id)
    deed.add(Entry("letter_doubted", {**_fields(letter), "why": why, "asks": asks}))
    post.change(connection, letter.letter_id, state="in_doubt", released_at=left_at, decision=document)
    wait = timedelta(minutes=settings.ways.notify.settle_minutes) if settings.ways.notify else timedelta()
    ask_at = deed.now + wait if asks == "provider" else None
    consignments.change(connection, letter.letter_id, state="doubted", ask_at=ask_at, asked=0)
    clockwork.free(connection, deed.house.service, deed.key.case_id, "post")


def doubt_what_was_interrupted(house: House, letter: KeptLetter, now: datetime, clock: str = "") -> bool:
    """Doubt a letter that a clock began to hand over and never finished; False where it is settled by now.

    ``clock`` is who has the letter now, if somebody has.
    """
    is_doubted = False

    def within(deed: Deed) -> None:
        nonlocal is_doubted
        kept = consignments.find(deed.connection, letter.letter_id)
        if kept is None or kept.state != "begun":
            return
        if clock and not post.is_out(deed.connection, letter.letter_id, clock):
            return
        if not clock and letter.letter_id not in _interrupted(deed, now):
            return
        # It was begun because it might go then, whatever was decided since.
        doubt(deed, letter, "interrupted", _GONE_THEN, kept.begun_at)
        is_doubted = True

    record(house, letter.reference, [], actor=CLOCK, now=now, within=within)
    return is_doubted


_GONE_THEN: dict[str, object] = {"verdict": str(Verdict.RELEASE), "reasons": []}


def _interrupted(deed: Deed, now: datetime) -> list[str]:
    return consignments.interrupted(deed.connection, deed.house.service, now, now - _ABANDONED)


def settle(house: House, letter_id: str, left: bool, actor: Actor, now: datetime, seen: int | None = None) -> Written:
    """A person's word on a letter in doubt: it left, or it did not and is ready to go again.

    One that did not leave is decided again like any other before it goes.  Raises NotAllowed where it is not in doubt.
    """
    with house.reading() as connection:
        letter = letter_of(house, connection, letter_id)

    def within(deed: Deed) -> None:
        _settle(deed, letter_of(house, deed.connection, letter_id), left)

    return record(house, letter.reference, [], actor=actor, now=now, seen=seen, within=within)


def _settle(deed: Deed, letter: KeptLetter, left: bool) -> None:
    if letter.state != "in_doubt":
        raise NotAllowed("It is settled already.")
    connection, letter_id = deed.connection, letter.letter_id
    deed.add(Entry("letter_settled", {**_fields(letter), "left": "yes" if left else "no"}))
    if not left:
        post.change(connection, letter_id, state="approved", released_at=None)
        post.put_out(connection, deed.house.service, letter_id, deed.now)
        consignments.change(connection, letter_id, state="waiting", ask_at=None)
        return
    left_at = letter.released_at or deed.now
    sent: Fields = {**_fields(letter), "channel": letter.channel, "to": side_of(deed.house, letter)}
    deed.follow(Entry("letter_sent", sent, left_at))
    post.change(connection, letter_id, state="released", released_at=left_at)
    kept = consignments.find(connection, letter_id)
    ask_at = next_receipt(kept.way, deed.now) if kept else None
    consignments.change(connection, letter_id, state="taken", ask_at=ask_at, asked=0)


def ask_what_became(house: House, now: datetime) -> int:
    """Ask those who deliver about what is in doubt and what they have not finished; gives how many were settled.

    What was interrupted is doubted first.  Who cannot be asked now is asked again, with patience; a letter that is in
    doubt for more working days than a letter may be late is a person's from then on.
    """
    _doubt_all_interrupted(house, now)
    way, settled = notify_of(house.settings), 0
    if way is None:
        return 0
    with house.reading() as connection:
        due = consignments.to_ask(connection, house.service, now)
    for kept in due:
        try:
            answer = way.ask(kept.reference)
            settled += _told(house, kept, answer, now)
        except DatabaseBusy:
            continue
        except Exception as fault:  # noqa: BLE001  (one letter that fails must not stop the others)
            answer = None
            _ask_later(house, kept, type(fault).__name__, now)
        if answer is not None and answer.outcome is Outcome.AWAY:
            break
    return settled


def _doubt_all_interrupted(house: House, now: datetime) -> None:
    with house.reading() as connection:
        found = consignments.interrupted(connection, house.service, now, now - _ABANDONED)
        letters = [letter_of(house, connection, letter_id) for letter_id in found]
    for letter in letters:
        try:
            doubt_what_was_interrupted(house, letter, now)
        except DatabaseBusy:
            continue
        except Exception as fault:  # noqa: BLE001  (one letter that fails must not stop the others)
            with house.writing() as connection:
                clockwork.note_stuck(connection, house.service, letter.case_id, "post", type(fault).__name__, now)


def _told(house: House, kept: KeptConsignment, answer: Answer | None, now: datetime) -> bool:
    """Take in what somebody says of one of ours; whether something was settled by it."""
    notify = house.settings.ways.notify
    if answer is None and kept.state == "doubted" and notify is not None:
        if now < kept.begun_at + timedelta(minutes=notify.settle_minutes):
            _ask_later(house, kept, "", now)
            return False
        settle(house, kept.letter_id, False, CLOCK, now)
        return True
    if answer is None:
        # They forget what they delivered after some days.
        _ask_no_more(house, kept, now)
        return False
    if answer.outcome is not Outcome.TAKEN:
        _ask_later(house, kept, answer.words, now)
        return False
    return take_in_receipt(house, kept.reference, answer.number, answer.status, now)


def take_in_receipt(house: House, reference: str, number: str, status: str, now: datetime) -> bool:
    """What whoever delivers says of one of ours; False where we know no such reference, or nothing changes by it.

    It may come twice, late, out of order, or before we know ourselves that the letter left.  That something failed
    stands, whatever is said afterwards.
    """
    with house.reading() as connection:
        kept = consignments.by_reference(connection, house.service, reference)
        letter = letter_of(house, connection, kept.letter_id) if kept else None
    if kept is None or letter is None:
        return False
    is_news = False

    def within(deed: Deed) -> None:
        nonlocal is_news
        is_news = _take_in(deed, letter.letter_id, number, status)

    record(house, letter.reference, [], actor=CLOCK, now=now, within=within)
    return is_news


def _take_in(deed: Deed, letter_id: str, number: str, status: str) -> bool:
    house, connection = deed.house, deed.connection
    letter, kept = letter_of(house, connection, letter_id), consignments.find(connection, letter_id)
    if kept is None:
        return False
    was_settled = letter.state in ("released", "returned")
    if not was_settled:
        # Who speaks of it has it, so it left, whatever became of our own record of it.
        if letter.state != "in_doubt":
            doubt(deed, letter, "interrupted", _GONE_THEN, kept.begun_at)
            letter = letter_of(house, connection, letter_id)
        _settle(deed, letter, True)
        letter = letter_of(house, connection, letter_id)
    why, is_over = failure(status), kept.state == "failed" or letter.state == "returned"
    asked = {"asked": kept.asked + 1, "ask_at": deed.now + _ASK_AGAIN}
    if kept.asked >= _MOST_ASKED:
        clockwork.note_stuck(connection, house.service, deed.key.case_id, "receipt", _LEFT_WITHOUT_A_WORD, deed.now)
        asked["ask_at"] = None
    if is_over or (kept.state == "delivered" and why is None) or status not in STATUSES:
        return not was_settled
    known = {"number": number or kept.number, "status": status}
    if why is not None:
        consignments.change(connection, letter_id, **known, state="failed", ask_at=None)
        take_in_returned(deed, letter, why)
        if why == "bounced" and letter.channel != Channel.POST and side_of(house, letter) == "victim":
            take_in_dead(deed, Channel(letter.channel), letter.released_at or kept.begun_at)
    elif is_delivered(status):
        consignments.change(connection, letter_id, **known, state="delivered", ask_at=None)
        clockwork.free(connection, house.service, deed.key.case_id, "receipt")
    else:
        consignments.change(connection, letter_id, **known, **asked)
        return not was_settled or kept.status != status
    return True


def _ask_no_more(house: House, kept: KeptConsignment, now: datetime) -> None:
    with house.writing() as connection:
        consignments.change(connection, kept.letter_id, ask_at=None, problem=_LEFT_WITHOUT_A_WORD)
        letter = post.find(connection, house.service, kept.letter_id)
        if letter is not None:
            clockwork.note_stuck(connection, house.service, letter.case_id, "receipt", _LEFT_WITHOUT_A_WORD, now)


def _ask_later(house: House, kept: KeptConsignment, problem: str, now: datetime) -> None:
    """Ask again later; a letter that is in doubt for too long becomes a person's to find out about."""
    with house.reading() as connection:
        letter = letter_of(house, connection, kept.letter_id)
    days = house.calendar.working_days_between(london_day(kept.begun_at), london_day(now))
    is_for_person = kept.state == "doubted" and days > house.settings.days.letter_late_after_working
    wait = timedelta(minutes=house.settings.ways.wait(kept.asked + 1))
    asked: dict[str, object] = {"asked": kept.asked + 1, "problem": problem[:240], "ask_at": now + wait}

    def within(deed: Deed) -> None:
        current = letter_of(house, deed.connection, kept.letter_id)
        if is_for_person and current.state == "in_doubt":
            deed.add(Entry("letter_doubted", {**_fields(current), "why": "no_answer", "asks": "person"}))
            asked["ask_at"] = None
        consignments.change(deed.connection, kept.letter_id, **asked)

    record(house, letter.reference, [], actor=CLOCK, now=now, within=within)


def _fields(letter: KeptLetter) -> Fields:
    return {"letter": letter.letter_id, "kind": letter.kind, "occurrence": letter.occurrence}
