"""Decides what differs between two versions of the tables, and where a running case stands after the change."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.case import Case
from workflow.events import Event
from workflow.machine import Table
from workflow.placed import Changes, fields_of
from workflow.strands import is_strand
from workflow.vocabulary import Track, in_words

Kept = Mapping[str, Any]
"""The tables of one version as data: ``{"tables": [{"track", "initial", "states", "moves"}]}``."""


def kept(tables: Iterable[Table]) -> dict[str, Any]:
    """The tables as data that can still be read when the code that ran them is gone.

    A move is ``{"event", "in", "to", "only_if"}``: ``to`` is None where the track stays, ``only_if`` holds for each
    question the sentence with which its no is explained.
    """
    return {
        "tables": [
            {
                "track": str(table.track),
                "initial": str(table.initial),
                "states": [str(state) for state in table.states],
                "moves": [
                    {
                        "event": move.event,
                        "in": [str(source) for source in move.sources],
                        "to": None if move.target is None else str(move.target),
                        "only_if": [question.otherwise for question in move.only_if],
                    }
                    for move in table.moves
                ],
            }
            for table in tables
        ]
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: in which track, what (``state``, ``move``, ``guard``), how, and the same in words."""

    track: str
    what: str
    how: str
    words: str


_Way = tuple[str | None, tuple[str, ...]]


def difference(before: Kept, after: Kept) -> tuple[Difference, ...]:
    """What was added, removed or changed between two versions, track by track in the order of the newer one."""
    old = {table["track"]: table for table in before["tables"]}
    new = {table["track"]: table for table in after["tables"]}
    found: list[Difference] = []
    for track in dict.fromkeys((*new, *old)):
        if track not in old or track not in new:
            how = "added" if track in new else "removed"
            found.append(Difference(track, "track", how, f"The track {in_words(track)} is {_IS[how]}."))
            continue
        found += _states(track, old[track], new[track])
        found += _moves(track, old[track], new[track])
    return tuple(found)


_IS = {"added": "new", "removed": "gone"}


def _states(track: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Difference]:
    for state in new["states"]:
        if state not in old["states"]:
            yield Difference(track, "state", "added", f"The state {in_words(state)} is new.")
    for state in old["states"]:
        if state not in new["states"]:
            yield Difference(track, "state", "removed", f"The state {in_words(state)} is gone.")
    if old["initial"] != new["initial"]:
        words = f"It begins as {in_words(new['initial'])}, before as {in_words(old['initial'])}."
        yield Difference(track, "state", "changed", words)


def _moves(track: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Difference]:
    before, after = _cells(old), _cells(new)
    # The same change in several states is told once, with the states it is in.
    told: dict[tuple[str, str, str, str], list[str]] = {}
    for event, state in dict.fromkeys((*after, *before)):
        was, now = before.get((event, state), ()), after.get((event, state), ())
        if was == now:
            continue
        for what, how, words in _cell(was, now):
            told.setdefault((event, what, how, words), []).append(state)
    for (event, what, how, words), states in told.items():
        where = ", ".join(in_words(state) for state in states)
        yield Difference(track, what, how, f"{event} in {where}: {words}")


def _cells(table: Mapping[str, Any]) -> dict[tuple[str, str], tuple[_Way, ...]]:
    cells: dict[tuple[str, str], list[_Way]] = {}
    for move in table["moves"]:
        for source in move["in"]:
            cells.setdefault((move["event"], source), []).append((move["to"], tuple(move["only_if"])))
    return {cell: tuple(ways) for cell, ways in cells.items()}


def _cell(was: Sequence[_Way], now: Sequence[_Way]) -> Iterable[tuple[str, str, str]]:
    """What differs in one cell, by kind of thing, manner and words."""
    if not was:
        yield "move", "added", f"it is possible now; {_goes(now)}."
    elif not now:
        yield "move", "removed", "it is not possible any more."
    elif [to for to, _ in was] != [to for to, _ in now]:
        yield "move", "changed", f"{_goes(now)}; before, {_goes(was)}."
    else:
        asked, asks = [q for _, questions in was for q in questions], [q for _, questions in now for q in questions]
        for question in asks:
            if question not in asked:
                yield "guard", "added", f'it now asks what is refused with "{question}"'
        for question in asked:
            if question not in asks:
                yield "guard", "removed", f'it no longer asks what was refused with "{question}"'
        if sorted(asked) == sorted(asks):
            yield "guard", "changed", "it asks the same in another order."


def _goes(ways: Sequence[_Way]) -> str:
    said = dict.fromkeys("it stays" if to is None else f"it goes to {in_words(to)}" for to, _ in ways)
    return " or ".join(said)


@dataclass(frozen=True, slots=True)
class Renaming:
    """A line of the mapping: which state of a track becomes which, why, and for which cases.

    With ``event`` it holds for a case whose last standing entry of that kind has all answers of ``where``; without,
    for every case.  So a state can be split.
    """

    track: str
    was: str
    now: str
    reason: str
    event: str = ""
    where: tuple[tuple[str, str], ...] = ()

    def holds_for(self, case: Case) -> bool:
        """Whether the line is about this case."""
        if not self.event:
            return True
        last = case.last(self.event)
        return last is not None and all(answer in last.items(name) for name, answer in self.where)


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a case stands under other tables: ``outcome`` is ``stays``, ``moves`` or ``cannot``.

    ``states`` are those of all tracks after the move, ``changes`` by track the new name of a state, ``words`` the
    verdict in one sentence for each thing.
    """

    outcome: str
    states: Mapping[str, str]
    changes: Changes
    words: tuple[str, ...]

    @property
    def fields(self) -> dict[str, str]:
        """The changes as the event says them."""
        return fields_of(self.changes)


Known = Mapping[str, frozenset[str]]
"""By track, the states that the tables have."""


def known_states(tables: Iterable[Table]) -> Known:
    """The states of every track of these tables."""
    return {str(table.track): frozenset(str(state) for state in table.states) for table in tables}


def gone(states: Mapping[str, str], known: Known) -> dict[str, str]:
    """The tracks and strands, with their states, that stand where the tables have no such state."""
    return {key: str(state) for key, state in states.items() if state not in _states_of(key, known, state)}


def _states_of(key: str, known: Known, state: str) -> Collection[str]:
    # A track is known by its own name; only what is not may be the strand of one child.
    return known.get(key) or known.get(_track(key)) or (state,)


def placing(case: Case, known: Known, mapping: Sequence[Renaming]) -> Placing:
    """Where a running case stands under these tables: as it is, moved by the mapping, or nowhere, and why."""
    lost = gone(case.states, known)
    if not lost:
        return Placing("stays", case.states, {}, ("It stays as it is.",))
    states, words, unplaced = dict(case.states), list[str](), list[str]()
    changes: dict[str, dict[str, str]] = {}
    for key, was in lost.items():
        track = _track(key)
        line = next((r for r in mapping if (r.track, r.was) == (track, was) and r.holds_for(case)), None)
        if line is None or line.now not in known[track]:
            unplaced.append(_nowhere(track, was, line, mapping))
            continue
        states[key] = line.now
        changes.setdefault(track, {})[was] = line.now
        words.append(f"{_named(track)} goes from {in_words(was)} to {in_words(line.now)}: {line.reason}")
    if unplaced:
        return Placing("cannot", case.states, {}, tuple(dict.fromkeys(unplaced)))
    return Placing("moves", states, changes, tuple(dict.fromkeys(words)))


def _nowhere(track: str, was: str, line: Renaming | None, mapping: Sequence[Renaming]) -> str:
    state = f"{_named(track)} is {in_words(was)}, a state that the tables no longer have"
    if line is not None:
        return f"{state}, and the mapping leads to {in_words(line.now)}, which they do not have either."
    if any((each.track, each.was) == (track, was) for each in mapping):
        return f"{state}, and no line of the mapping is about a case like this."
    return f"{state}, and the mapping does not name it."


def _named(track: str) -> str:
    return "The journey" if track == Track.JOURNEY else in_words(track).capitalize()


def _track(key: str) -> str:
    return str(Track.RESTORATIVE) if is_strand(key) else str(key)


def has_moved_since(case: Case, move: Event) -> bool:
    """Whether a case went on after it was moved: some later entry changed a state, or moved it again."""
    return any(
        event.kind == move.kind or dict(event.reached) != dict(move.reached)
        for event in case.history
        if event.seq > move.seq
    )
