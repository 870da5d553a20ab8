"""A case is its history: one victim of one incident, and the plain facts that the history holds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, wraps
from typing import TypeVar

from workflow.events import Event
from workflow.vocabulary import ENDED, STAGE_OF, Channel, Known, Stage, State, Track

INITIAL: Mapping[str, str] = {
    Track.JOURNEY: State.NEW,
    Track.CONSENT: "unknown",
    Track.CHARACTERISTICS: "missing",
    Track.SAFETY: "not_assessed",
    Track.HOLD: "none",
    Track.VIEWS: "not_asked",
    Track.UPDATES: "none",
    Track.SUPPORT: "not_discussed",
    Track.PROBATION: "not_eligible",
    Track.COMPLAINT: "none",
    Track.TRANSFER: "none",
    Track.RESTORATIVE: "not_offered",
}


TEAM = "unassigned"
"""The owner of a case that nobody has: the team."""

# Looking a word up costs a fifth of making it an answer, and this is done for every channel of every case.
_KNOWN = {str(known): known for known in Known}

Found = TypeVar("Found")


@dataclass(frozen=True)
class Case:
    """One victim of one incident.

    ``history`` is every event in the order it was recorded (by ``seq``).  All questions below are answered from it
    alone, so the same case can be asked as of any day with ``as_of``.
    """

    reference: str
    history: tuple[Event, ...] = ()

    def as_of(self, moment: datetime) -> "Case":
        """The case as it was known at a moment: events recorded later do not count."""
        return Case(self.reference, tuple(event for event in self.history if event.recorded_at <= moment))

    def with_event(self, event: Event) -> "Case":
        """The case after one more event."""
        return Case(self.reference, (*self.history, event))

    @cached_property
    def states(self) -> Mapping[str, str]:
        """The state of every track, as reached by the last event."""
        return {**INITIAL, **self.history[-1].reached} if self.history else dict(INITIAL)

    @cached_property
    def state(self) -> State:
        """The state of the journey."""
        return State(self.states[Track.JOURNEY])

    @property
    def stage(self) -> Stage:
        """The stage of the journey."""
        return STAGE_OF[self.state]

    @property
    def is_open(self) -> bool:
        """Whether the case is in our care: neither closed, merged nor erased."""
        return self.state not in ENDED and self.state is not State.NEW

    @property
    def version(self) -> int:
        """The number of the last event; what a form saw, and what a stale one is measured against."""
        return self.history[-1].seq if self.history else 0

    @cached_property
    def retracted(self) -> frozenset[int]:
        """The numbers of the entries that a later event put right."""
        return frozenset(event.corrects for event in self.history if event.corrects is not None)

    @cached_property
    def standing(self) -> tuple[Event, ...]:
        """The events that count, in the order in which they happened; entries put right are left out."""
        return tuple(
            sorted(
                (e for e in self.history if e.seq not in self.retracted and e.kind != "entry_retracted"),
                key=lambda event: (event.at, event.seq),
            )
        )

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[Event, ...]]:
        found: dict[str, list[Event]] = {}
        for event in self.standing:
            found.setdefault(event.kind, []).append(event)
        return {kind: tuple(events) for kind, events in found.items()}

    def of(self, *kinds: str) -> tuple[Event, ...]:
        """The standing events of these kinds, in the order in which they happened."""
        if len(kinds) == 1:
            return self._by_kind.get(kinds[0], ())
        return tuple(event for event in self.standing if event.kind in kinds)

    def last(self, *kinds: str) -> Event | None:
        """The latest standing event of these kinds."""
        events = self.of(*kinds)
        return events[-1] if events else None

    def first(self, *kinds: str) -> Event | None:
        """The earliest standing event of these kinds."""
        events = self.of(*kinds)
        return events[0] if events else None

    @cached_property
    def linked_after(self) -> Mapping[int, tuple[str, ...]]:
        """By the number of an event, the references of the children responsible who were linked once it was recorded.

        A link is what we know, so the order is that of recording, whatever day the entry gives itself.
        """
        found: dict[int, tuple[str, ...]] = {}
        linked: dict[str, None] = {}
        for event in self.history:
            if event.seq not in self.retracted and event.kind == "child_linked":
                linked[event.text("child")] = None
            elif event.seq not in self.retracted and event.kind == "child_unlinked":
                linked.pop(event.text("child"), None)
            found[event.seq] = tuple(linked)
        return found

    @property
    def children(self) -> tuple[str, ...]:
        """The references of the children responsible, in the order in which they were linked; empty while none is."""
        return self.linked_after[self.history[-1].seq] if self.history else ()

    @cached_property
    def opened(self) -> Event | None:
        """The event that opened the case."""
        return self.first("case_opened")

    @property
    def victim_kind(self) -> str:
        """Who was harmed: ``individual``, ``child``, ``organisation``, ...; empty before the case is opened."""
        return self.opened.text("victim_kind") if self.opened else ""

    @property
    def is_child(self) -> bool:
        """Whether the victim was, or must be presumed, under 18 at the offence.

        Source: an unknown age is presumed under 18 (victims-code.md section 2); an organisation has none.
        """
        if self.opened is None or self.victim_kind == "organisation":
            return False
        return self.opened.text("under_18") != Known.NO

    @cached_property
    def enhanced_from(self) -> date | None:
        """The day from which enhanced rights are known; ``date.min`` where age gives them from the start.

        Source: under 18 is automatically vulnerable; the other categories count from the day they are recorded.
        """
        if self.is_child:
            return date.min
        recorded = [event.day for event in self.of("enhanced_rights_recorded") if event.text("category") != "none"]
        return min((*recorded[:1], *self._targeted_since), default=None)

    @property
    def _targeted_since(self) -> tuple[date, ...]:
        """The days on which it was said, with each other case, that the victim is targeted again and again."""
        said = {event.text("pair"): event for event in self.of("same_victim_decided")}
        return tuple(event.day for event in said.values() if event.text("outcome") == "targeted")

    @property
    def is_targeted(self) -> bool:
        """Whether it stands that the victim is persistently targeted: said with another case, or recorded."""
        last = self.last("enhanced_rights_recorded")
        return bool(self._targeted_since) or (last is not None and last.text("category") == "persistent")

    @property
    def assignee(self) -> str:
        """The user who has the case; empty while nobody has it, or when it was given back to the team."""
        event = self.last("case_assigned")
        return event.text("to") if event and event.text("to") != TEAM else ""

    def safe(self, channel: Channel) -> Known:
        """Whether a channel is safe, as last said; unknown where nobody said."""
        for event in reversed(self.of("safety_recorded")):
            if channel in event.fields:
                return _KNOWN[event.text(channel)]
        return Known.UNKNOWN

    @cached_property
    def reachable(self) -> frozenset[str]:
        """The channels for which we hold a way of reaching the victim."""
        # What was pared back is held no longer: nothing is reachable until the details are given again.
        event = self.last("details_received", "contact_details_changed", "record_pared_back")
        return frozenset(event.items("reachable")) if event else frozenset()

    def last_given(self, *channels: str) -> Event | None:
        """The entry that last gave or confirmed a way of reaching the victim by one of these channels.

        One that names no channel gave them all; one that marks an address or number as bad gave nothing.
        """
        given = [
            event
            for event in self.of("details_received", "contact_details_changed")
            if event.text("change") != "bad" and event.text("channel") in ("", *channels)
        ]
        return given[-1] if given else None

    @property
    def address_doubted(self) -> bool:
        """Whether a letter came back by post since the address was last given; a damaged one says nothing of it."""
        back = [e for e in self.of("letter_returned") if e.text("reason") not in ("damaged", "bounced", "failed")]
        given = self.last_given("post", "visit")
        return bool(back) and (given is None or (given.at, given.seq) < (back[-1].at, back[-1].seq))

    @cached_property
    def undelivered(self) -> frozenset[str]:
        """The letters that came back, bounced or failed: sending them told nobody anything."""
        return frozenset(event.text("letter") for event in self.of("letter_returned"))

    @property
    def next_decision(self) -> Event | None:
        """The decision about the child that the victim is to be heard before, while it is still to be made."""
        scheduled, made = self.last("decision_scheduled"), self.last("decision_made")
        if scheduled is None or (made is not None and (made.at, made.seq) > (scheduled.at, scheduled.seq)):
            return None
        return scheduled


def once(question: Callable[[Case], Found]) -> Callable[[Case], Found]:
    """A question about a case alone, worked out once for each: a case never changes, and much is asked of it often."""
    name = f"{question.__module__}.{question.__qualname__}"

    @wraps(question)
    def answer(case: Case) -> Found:
        if name not in case.__dict__:
            case.__dict__[name] = question(case)
        found: Found = case.__dict__[name]
        return found

    return answer


def case_of(reference: str, events: Iterable[Event]) -> Case:
    """A case from its events in any order."""
    return Case(reference, tuple(sorted(events, key=lambda event: event.seq)))
