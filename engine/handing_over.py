"""Hands one approved letter over: noted as begun, decided again, handed over and recorded while its case is held."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.delivery.port import Answer, Outcome, Parcel, Ready
from engine.drafting import for_a_person, take_back, why_held
from engine.entries import CLOCK, Entry
from engine.house import House
from engine.letter_pages import decide_now, letter_of
from engine.parcels import side_of
from engine.record import Deed, record
from engine.settling import doubt, next_receipt
from store import clockwork, consignments, dispatch, post
from store.post import KeptLetter
from workflow.contact import Verdict
from workflow.events import Fields
from workflow.london import london_day, start_of_day

ONE_A_DAY = "A letter of this sort went to the same person today: this one waits for the next working day."


@dataclass(frozen=True, slots=True)
class Gone:
    """What became of one letter: its state, or ``waiting`` with the words why."""

    state: str
    words: str = ""


@dataclass
class OneRelease:
    """One letter on its way out, by one clock."""

    house: House
    letter: KeptLetter
    kept: dict[str, object]
    parcel: Parcel
    now: datetime
    clock: str
    way: str = ""
    gone: Gone | None = None

    def begin(self) -> bool:
        """Note that it is about to be handed over, if it may go; then, and only then, it may be."""
        has_begun = False

        def within(deed: Deed) -> None:
            nonlocal has_begun
            if not self._is_ours(deed) or dispatch.stopped_at(deed.connection, self.house.service) is not None:
                return
            current = letter_of(self.house, deed.connection, self.letter.letter_id)
            if self._decided_again(deed, current)["verdict"] != Verdict.RELEASE or _is_second_today(deed, current):
                return
            consignments.begin(
                deed.connection,
                self.house.service,
                self.letter.letter_id,
                self.way,
                self.parcel.reference,
                self.now,
                self.clock,
            )
            has_begun = True

        record(self.house, self.letter.reference, [], actor=CLOCK, now=self.now, within=within)
        return has_begun

    def go(self, ready: Ready | Answer) -> Gone | None:
        """Decide again, hand over and record, in one transaction that holds the case.

        Whatever is written about the case in the meantime comes after it or before it: nothing leaves after a no.
        """
        record(
            self.house,
            self.letter.reference,
            [],
            actor=CLOCK,
            now=self.now,
            within=lambda deed: self._within(deed, ready),
        )
        return self.gone

    def _is_ours(self, deed: Deed) -> bool:
        current = letter_of(self.house, deed.connection, self.letter.letter_id)
        return current.state == "approved" and post.is_out(deed.connection, self.letter.letter_id, self.clock)

    def _within(self, deed: Deed, ready: Ready | Answer) -> None:
        house, connection, letter_id, now = self.house, deed.connection, self.letter.letter_id, self.now
        if not self._is_ours(deed):
            consignments.call_off(connection, letter_id, self.clock)
            return
        current = letter_of(house, connection, letter_id)
        if dispatch.stopped_at(connection, house.service, to_send=True) is not None:
            # Ready as before: it goes with the first round after letters may go again.
            consignments.call_off(connection, letter_id, self.clock)
            post.put_back(connection, letter_id, self.clock, now, "All letters are stopped.")
            return
        document = self._decided_again(deed, current)
        if document["verdict"] == Verdict.RELEASE and _is_second_today(deed, current):
            self.gone = Gone("postponed")
            consignments.call_off(connection, letter_id, self.clock)
            post.put_back(connection, letter_id, self.clock, _next_morning(house, now), ONE_A_DAY)
        elif document["verdict"] != Verdict.RELEASE:
            self._hold(deed, current, document)
        else:
            answer = ready if isinstance(ready, Answer) else ready.found or ready.hand_over()
            self._record(deed, current, document, answer)

    def _record(self, deed: Deed, current: KeptLetter, document: dict[str, object], answer: Answer) -> None:
        """Write down what became of a letter that may go."""
        house, connection, letter_id = self.house, deed.connection, self.letter.letter_id
        match answer.outcome:
            case Outcome.TAKEN:
                self.gone = Gone("released")
                post.take_in(connection, letter_id)
                sent: Fields = {**_fields(current), "channel": current.channel, "to": side_of(house, current)}
                deed.add(Entry("letter_sent", sent))
                post.change(connection, letter_id, state="released", released_at=self.now, decision=document)
                self._keep_receipt(deed, answer)
                clockwork.free(connection, house.service, self.letter.case_id, "post")
            case Outcome.UNKNOWN:
                self.gone = Gone("in_doubt")
                doubt(deed, current, "no_answer", document, self.now)
            case Outcome.REFUSED:
                self._hold(deed, current, for_a_person("way_refused", answer.words))
                consignments.change(connection, letter_id, state="refused", problem=answer.words)
            case _:
                self.gone = Gone("waiting", answer.words)
                consignments.call_off(connection, letter_id, self.clock, answer.words)
                wait = timedelta(minutes=house.settings.ways.wait(post.tries(connection, letter_id)))
                post.put_back(connection, letter_id, self.clock, self.now + wait, answer.words)
                clockwork.note_stuck(connection, house.service, self.letter.case_id, "post", answer.words, self.now)

    def _keep_receipt(self, deed: Deed, answer: Answer) -> None:
        if self.way == "print":
            return
        connection, letter_id = deed.connection, self.letter.letter_id
        if consignments.find(connection, letter_id) is None:
            # It lay there before we began, under our own reference: the database is older than what it did.
            reference = self.parcel.reference
            consignments.begin(connection, self.house.service, letter_id, self.way, reference, self.now, self.clock)
        kept = {"state": "taken", "number": answer.number, "status": answer.status}
        consignments.change(connection, letter_id, **kept, ask_at=next_receipt(self.way, self.now))

    def _hold(self, deed: Deed, current: KeptLetter, document: dict[str, object]) -> None:
        self.gone = Gone("held")
        consignments.call_off(deed.connection, self.letter.letter_id, self.clock)
        deed.add(Entry("letter_held", {**_fields(current), **why_held(document)}))
        post.change(deed.connection, self.letter.letter_id, state="held", decision=document)
        take_back(deed, current)
        clockwork.free(deed.connection, self.house.service, self.letter.case_id, "post")

    def _decided_again(self, deed: Deed, letter: KeptLetter) -> dict[str, object]:
        """The decision at the moment of release; one that came late, or says something else by now, asks a person."""
        house = self.house
        known, document = decide_now(deed, house.letters[letter.kind], letter)
        if document["verdict"] != Verdict.RELEASE or letter.approved_at is None:
            return document
        days = house.calendar.working_days_between(london_day(letter.approved_at), london_day(deed.now))
        if days > house.settings.days.letter_late_after_working:
            return for_a_person(
                "approved_too_long_ago", f"It was approved {days} working days ago and did not go: read it again."
            )
        approved = self.kept["facts"]
        names = ("addressee", "address", "salutation")
        is_other = isinstance(approved, dict) and any(approved.get(name) != known.facts.get(name) for name in names)
        if is_other or known.to != self.parcel.to:
            return for_a_person(
                "changed_since_approval", "Name or address changed since it was approved: read it again."
            )
        return document


def _fields(letter: KeptLetter) -> Fields:
    return {"letter": letter.letter_id, "kind": letter.kind, "occurrence": letter.occurrence}


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
