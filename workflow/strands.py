"""Decides which child responsible an entry is about, and what the history says of the work with each of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from workflow.case import Case
from workflow.events import Event
from workflow.machine import NotAllowed
from workflow.vocabulary import Track

OF_ONE_CHILD = frozenset(
    {
        "restorative_offered",
        "restorative_answered",
        "preparation_step_taken",
        "restorative_consent_given",
        "risk_assessed",
        "complex_work_approved",
        "preparation_stopped",
        "readiness_confirmed",
        "restorative_event_planned",
        "restorative_event_postponed",
        "restorative_event_aborted",
        "both_sides_told",
        "restorative_event_held",
        "restorative_debriefed",
        "restorative_followed_up",
        "follow_up_completed",
        "reparation_agreed",
        "reparation_ended",
    }
)
"""The event kinds about one child: which one need not be said while the case has one, and must be with several."""

OF_ONE_ITEM = frozenset({"reparation_item_completed", "reparation_item_failed"})
"""The event kinds about one item of reparation, and so about the child who owes it."""

LINKS = frozenset({"child_linked", "child_unlinked"})
"""The event kinds by which a child comes to a case and leaves it."""

NOBODY = ""
"""Stands for the child responsible while none is linked: one is presumed, so that the work can begin."""


def strand_key(child: str) -> str:
    """Under which name the state of a strand is kept with an event."""
    return f"{Track.RESTORATIVE}:{child}" if child else str(Track.RESTORATIVE)


_OF_A_STRAND = f"{Track.RESTORATIVE}:"


def is_strand(track: str) -> bool:
    """Whether the state under a name is that of the strand of one child."""
    return track.startswith(_OF_A_STRAND)


def named_child(case: Case, event: Event) -> str:
    """The child a new entry is about; ``NOBODY`` while none is linked.

    Raises NotAllowed, with the references there are, where it names none of them, or none and there are several.
    """
    named, there = event.text("child"), case.children
    if named and named not in there:
        if not there:
            raise NotAllowed("No child is linked to this case: leave the child out, or link the child first.")
        raise NotAllowed(f"No child of that reference is linked to this case: give {_either(there)}.")
    if not named and len(there) > 1:
        raise NotAllowed(f"Several children are responsible: say which child, {_either(there)}.")
    return named or (there[0] if there else NOBODY)


def _either(references: tuple[str, ...]) -> str:
    *others, last = references
    return f"{', '.join(others)} or {last}" if others else last


def child_of(case: Case, event: Event) -> str | None:
    """The child an entry of the history is about; None where it is about the whole case.

    One that names nobody is about the only child there was, or about the first who was linked after it.
    """
    if event.kind in OF_ONE_ITEM:
        agreed = agreed_item(case, event)
        return child_of(case, agreed) if agreed else NOBODY
    if event.text("child"):
        return event.text("child")
    if event.kind not in OF_ONE_CHILD:
        return None
    there = case.linked_after.get(event.seq, case.children)
    if not there:
        after = (linked for seq, linked in case.linked_after.items() if seq > event.seq and linked)
        there = next(after, ())[:1]
    return there[0] if len(there) == 1 else NOBODY


def item_number(case: Case, agreed: Event) -> int:
    """The number of an item of reparation within its case: the first agreed is 1; a number is never used again."""
    return sum(each.kind == "reparation_agreed" for each in case.history if each.seq <= agreed.seq)


def agreed_item(case: Case, event: Event) -> Event | None:
    """The entry that agreed the item an event is about: that of its number, or the only open one; None where none is.

    What was settled is asked in the order of recording, so that it means the same whenever it is asked.
    """
    still_open: dict[int, Event] = {}
    found: Event | None = None
    number = 0
    for each in (*case.history[: event.seq - 1], event):
        if each.kind == "reparation_agreed":
            number += 1
            if each.seq not in case.retracted:
                still_open[number] = each
        elif each.kind in OF_ONE_ITEM and (each.seq not in case.retracted or each is event):
            only = next(iter(still_open), 0) if len(still_open) == 1 else 0
            found = still_open.pop(int(each.fields.get("item", only)), None)
        elif each.kind == "reparation_ended" and each.seq not in case.retracted:
            child = child_of(case, each)
            still_open = {key: agreed for key, agreed in still_open.items() if child_of(case, agreed) != child}
    return found if event.kind in OF_ONE_ITEM else None


@dataclass(frozen=True, slots=True)
class Item:
    """An item of reparation: what was agreed, with whom, by when, and what became of it.

    ``standing`` is ``open``, ``completed`` or ``failed``; ``direct`` says whether it is for the victim, rather than
    for the community or a cause.
    """

    number: int
    child: str
    kind: str
    direct: bool
    due_on: date | None
    standing: str
    settled_on: date | None = None
    evidence: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Strand:
    """The work with one child responsible, as the standing events about them say; days are London days."""

    child: str
    events: tuple[Event, ...]
    items: tuple[Item, ...]

    def last(self, *kinds: str) -> Event | None:
        """The latest event of these kinds."""
        return next((event for event in reversed(self.events) if event.kind in kinds), None)

    def day_of(self, *kinds: str) -> date | None:
        """The London day of the latest event of these kinds."""
        event = self.last(*kinds)
        return event.day if event else None

    @property
    def was_offered(self) -> bool:
        """Whether restorative justice with this child was ever offered."""
        return any(e.kind == "restorative_offered" and e.fields.get("invited") is True for e in self.events)

    @property
    def was_not_invited(self) -> bool:
        """Whether the last word on an offer is why there is none."""
        offer = self.last("restorative_offered")
        return offer is not None and offer.fields.get("invited") is False

    def consented_on(self, side: str) -> date | None:
        """The day on which one side (``victim`` or ``child``) last consented to restorative justice."""
        days = [
            event.day if event.kind == "restorative_consent_given" else event.day_of(f"{side}_consented_on")
            for event in self.events
            if event.kind == "readiness_confirmed"
            or (event.kind == "restorative_consent_given" and event.text("side") in (side, "both"))
        ]
        return max((day for day in days if day is not None), default=None)

    @property
    def assessed(self) -> Event | None:
        """The latest risk assessment, with who signed it and when; readiness that dates one counts."""
        found = [e for e in self.events if e.kind == "risk_assessed" or e.day_of("risk_assessed_on") is not None]
        return found[-1] if found else None

    @property
    def assessed_on(self) -> date | None:
        """The day on which the latest risk assessment was signed."""
        event = self.assessed
        return (event.day_of("signed_on") or event.day_of("risk_assessed_on") or event.day) if event else None

    @property
    def is_complex(self) -> bool:
        """Whether the latest risk assessment calls the work complex, so that a manager signs it off."""
        event = self.last("risk_assessed")
        return event is not None and event.fields.get("is_complex") is True

    @property
    def is_approved(self) -> bool:
        """Whether a manager signed the work off since it was last called complex."""
        approved, assessed = self.last("complex_work_approved"), self.last("risk_assessed")
        return approved is not None and (assessed is None or (approved.at, approved.seq) > (assessed.at, assessed.seq))

    @property
    def ask_again_on(self) -> date | None:
        """The day agreed for asking again, where the last answer was not now."""
        event = self.last("restorative_answered", "preparation_stopped", "restorative_offered")
        return event.day_of("ask_again_on") if event else None

    @property
    def form(self) -> str:
        """The form of restorative justice as last said."""
        kinds = ("restorative_answered", "restorative_event_planned", "restorative_event_held")
        return next((e.text("kind") for e in reversed(self.events) if e.kind in kinds and e.text("kind")), "")

    @property
    def planned_on(self) -> date | None:
        """The day for which the event is planned, while it was neither held nor put off since."""
        event = self.last(
            "restorative_event_planned",
            "restorative_event_postponed",
            "restorative_event_aborted",
            "restorative_event_held",
            "preparation_stopped",
        )
        return event.day_of("on") if event is not None and event.kind == "restorative_event_planned" else None

    @property
    def open_items(self) -> tuple[Item, ...]:
        """The items of reparation that are neither completed nor failed."""
        return tuple(item for item in self.items if item.standing == "open")

    def fresh_until(self, lasts: int) -> date | None:
        """The last day on which both consents are young enough, ``lasts`` days each; None where one is missing."""
        given = [self.consented_on(side) for side in ("victim", "child")]
        days = [day for day in given if day is not None]
        return min(days) + timedelta(days=lasts) if len(days) == len(given) else None


def strand(case: Case, child: str) -> Strand:
    """The strand of one child."""
    events = tuple(event for event in case.standing if child_of(case, event) == child)
    return Strand(child, events, tuple(_items(case, child, events)))


def strands(case: Case) -> tuple[Strand, ...]:
    """The strand of every child responsible, in the order in which they were linked; one while none is linked."""
    return tuple(strand(case, child) for child in case.children or (NOBODY,))


def _items(case: Case, child: str, events: tuple[Event, ...]) -> Iterator[Item]:
    ended = next((event for event in reversed(events) if event.kind == "reparation_ended"), None)
    for event in events:
        if event.kind != "reparation_agreed":
            continue
        item = Item(
            item_number(case, event),
            child,
            event.text("kind"),
            event.text("benefits") == "victim",
            event.day_of("due_on"),
            "open",
        )
        for later in events:
            if later.kind in OF_ONE_ITEM and agreed_item(case, later) == event:
                item = replace(
                    item,
                    standing="completed" if later.kind == "reparation_item_completed" else "failed",
                    settled_on=later.day,
                    evidence=later.text("evidence"),
                    reason=later.text("reason"),
                )
        if item.standing == "open" and ended is not None and (ended.at, ended.seq) > (event.at, event.seq):
            item = replace(item, standing="failed", settled_on=ended.day)
        yield item


def conditions_on(case: Case, child: str, day: date) -> tuple[Event, ...]:
    """The conditions that bar contact between a child and the victim on a day; one that names no child bars all."""
    standing: list[Event] = []
    for event in sorted(case.of("contact_condition_recorded", "contact_condition_ended"), key=lambda e: e.seq):
        if event.text("child") not in ("", child):
            continue
        if event.kind == "contact_condition_recorded":
            standing.append(event)
        else:
            standing = [each for each in standing if event.text("kind") not in ("", each.text("kind"))]
    return tuple(
        each for each in standing if (each.day_of("from") or date.min) <= day <= (each.day_of("to") or date.max)
    )


@dataclass(frozen=True, slots=True)
class Thread:
    """What a rule may be counted for apart: one child, or one item of reparation (``item`` is 0 for the child)."""

    child: str
    item: int = 0


def threads(case: Case, per: str) -> tuple[Thread, ...]:
    """Everything that a rule that counts ``child`` by child, or ``item`` by item, is counted for."""
    if per == "child":
        return tuple(Thread(child) for child in case.children or (NOBODY,))
    return tuple(Thread(item.child, item.number) for each in strands(case) for item in each.items)


def seen_for(case: Case, thread: Thread) -> Case:
    """The case as one child or one item sees it: what is about the others is left out, the numbers stay.

    In the place of the furthest strand stands the state of this one.
    """
    key = strand_key(thread.child)
    kept = []
    for event in case.history:
        child = child_of(case, event)
        if child not in (None, thread.child):
            continue
        if thread.item and event.kind in ("reparation_agreed", *OF_ONE_ITEM):
            agreed = event if event.kind == "reparation_agreed" else agreed_item(case, event)
            if agreed is None or item_number(case, agreed) != thread.item:
                continue
        state = event.reached.get(key, event.reached.get(Track.RESTORATIVE))
        reached = {**event.reached, Track.RESTORATIVE: state} if state is not None else event.reached
        kept.append(replace(event, reached=reached))
    return Case(case.reference, tuple(kept))
