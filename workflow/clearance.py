"""Decides which holds on a letter two different people have looked at and cleared."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.case import Case
from workflow.events import Event
from workflow.reasons import CLEARABLE

PEOPLE_NEEDED = 2
"""How many different people it takes.  Source: most restrictive wins, loosening takes two (assurance.md 5.1, 5.2)."""

# What makes people look again: whoever cleared it did not know this.
_NEWS = (
    "contact_details_changed",
    "child_address_recorded",
    "relationship_recorded",
    "safety_recorded",
    "letter_returned",
    "consent_withdrawn",
    "hold_placed",
)


@dataclass(frozen=True, slots=True)
class Cleared:
    """One person's look at one hold: who, in which entry (its number), and the note that says why."""

    by: str
    seq: int
    note: str


def clearances(case: Case, letter: str) -> Mapping[str, tuple[Cleared, ...]]:
    """Who cleared which hold of a letter, by the code of the hold, one for each person.

    What was cleared before the address, the child's address or the safety changed is not cleared any more.
    """
    since = max((event.seq for event in case.of(*_NEWS)), default=0)
    found: dict[str, dict[str, Cleared]] = {}
    for event in _given(case, letter):
        if event.seq > since:
            for code in event.items("holds"):
                found.setdefault(code, {})[event.by] = Cleared(event.by, event.seq, event.text("words"))
    return {code: tuple(by.values()) for code, by in found.items()}


def cleared(case: Case, letter: str) -> frozenset[str]:
    """The codes of the holds of a letter that enough different people have cleared."""
    found = clearances(case, letter)
    return frozenset(code for code, people in found.items() if len(people) >= PEOPLE_NEEDED) & CLEARABLE


def _given(case: Case, letter: str) -> tuple[Event, ...]:
    return tuple(event for event in case.of("letter_clearance_given") if event.text("letter") == letter)
