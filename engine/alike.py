"""Derives cases that were opened alike once for all of them: the same entries come to the same states and duties."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.entries import Actor, Entry
from engine.house import House
from engine.projecting import Derived
from workflow.catalogue import CATALOGUE
from workflow.events import Event, FieldKind
from workflow.strands import strand_key

# What names a record of somebody else's and nothing in the case: no state, duty or action is derived from it.
_NAMES_ELSEWHERE = frozenset({"submission"})
# What names a child of the case: the strand of each is kept under that name, and nothing else is derived from it.
_CHILD = "child"
# What one case came to weighs some twenty kilobytes, so that few are kept; and where few are alike, none.
_MOST, _ONE_IN = 5_000, 4

Shape = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a case came to whose entries had this shape: its events, and what is derived of it."""

    events: tuple[Event, ...]
    derived: Derived


class Alike:
    """Remembers, for as long as one import runs, what new cases came to, by the shape of their entries.

    Judging and deriving are pure: they read the entries, the moment, the rules and the calendar, and nothing else.
    Nothing is remembered of an entry with words in it, or of a case that is owed a letter, because those read what is
    kept about the person.
    """

    def __init__(self) -> None:
        self._told: dict[Shape, Told] = {}
        self._asked = self._met = 0
        self._has_given_up = False
        self._under: tuple[object, ...] = ()
        self._house: House | None = None

    def told(
        self,
        house: House,
        reference: str,
        entries: Sequence[Entry],
        actor: Actor,
        now: datetime,
        tell: Callable[[], Told],
    ) -> Told:
        """What the case comes to; ``tell`` works it out where no case before it was alike."""
        under = (id(house.rulebook), id(house.calendar), id(house.letters), id(house.permissions), actor, now)
        if under != self._under:
            self._told.clear()
            # The house is kept beside what was derived under it, so that no other can come by its number.
            self._under, self._house = under, house
        shape = _shape(entries) if self._is_worth_it() else None
        if shape is None:
            return tell()
        self._asked += 1
        known = self._told.get(shape)
        if known is not None:
            self._met += 1
            return _for(known, reference, entries)
        told = tell()
        if len(told.events) == len(entries) and len(self._told) < _MOST and not _says_child(told, entries):
            self._told[shape] = told
        return told

    def _is_worth_it(self) -> bool:
        """Whether cases are alike often enough; where they are not, what was remembered is let go."""
        if self._has_given_up:
            return False
        if len(self._told) == _MOST and self._met * _ONE_IN < self._asked:
            self._told.clear()
            self._has_given_up = True
        return not self._has_given_up


def _shape(entries: Sequence[Entry]) -> Shape | None:
    """What the outcome of entries depends on; None where they hold words, which are kept elsewhere."""
    shape: list[object] = []
    children: dict[object, int] = {}
    for entry in entries:
        if not _WORDS.get(entry.kind, frozenset()).isdisjoint(entry.fields):
            return None
        said = tuple(
            (name, children.setdefault(value, len(children)) if name == _CHILD else value)
            for name, value in entry.fields.items()
            if name not in _NAMES_ELSEWHERE
        )
        shape += (entry.kind, entry.at, said, entry.corrects)
    return tuple(shape)


def _children(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The references of the children that entries name, in the order in which they are first named."""
    return tuple(dict.fromkeys(str(entry.fields[_CHILD]) for entry in entries if _CHILD in entry.fields))


def _says_child(told: Told, entries: Sequence[Entry]) -> bool:
    """Whether something derived holds the reference of a child in its words, so that it is true of this case alone."""
    children = _children(entries)
    summary, duties, action = told.derived
    words = [value for row in (summary, *duties, action or {}) for value in row.values() if isinstance(value, str)]
    return any(child in word for child in children for word in words)


_WORDS: Mapping[str, frozenset[str]] = {
    name: frozenset(field.name for field in kind.fields if field.kind is FieldKind.NOTE)
    for name, kind in CATALOGUE.items()
}


def _for(known: Told, reference: str, entries: Sequence[Entry]) -> Told:
    """The same for another case: its own reference, its own fields, its own children."""
    before = [event.fields[_CHILD] for event in known.events if _CHILD in event.fields]
    renamed = {
        strand_key(str(old)): strand_key(new)
        for old, new in zip(dict.fromkeys(before), _children(entries), strict=True)
    }
    events = tuple(_retold(event, entry.fields, renamed) for event, entry in zip(known.events, entries, strict=True))
    summary, duties, action = known.derived
    return Told(events, (_named(summary, reference), duties, action and _named(action, reference)))


def _retold(event: Event, fields: Mapping[str, str | int | bool], renamed: Mapping[str, str]) -> Event:
    reached = event.reached
    if not renamed.keys().isdisjoint(reached):
        reached = {renamed.get(track, track): state for track, state in reached.items()}
    elif event.fields == fields:
        return event
    return Event(
        event.seq,
        event.kind,
        event.at,
        event.recorded_at,
        event.by,
        dict(fields),
        event.corrects,
        reached,
        event.tables,
    )


def _named(row: dict[str, Any], reference: str) -> dict[str, Any]:
    return {**row, "reference": reference}
