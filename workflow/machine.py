"""Runs the tables of moves: one shared state machine for each table, one door, and a refusal in words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from transitions import Machine

from workflow.case import Case
from workflow.events import Event
from workflow.vocabulary import in_words


class NotAllowed(Exception):
    """The tables do not allow an event here; the message says why, in one sentence and without personal data."""


@dataclass(frozen=True, slots=True)
class Question:
    """A pure question about the case and the event, and the words in which a no is explained."""

    asks: Callable[[Case, Event], bool]
    otherwise: str


@dataclass(frozen=True, slots=True)
class Move:
    """When this happens, in one of these states, the track goes to ``target`` (None: it stays), only if all say yes."""

    event: str
    sources: tuple[str, ...]
    target: str | None
    only_if: tuple[Question, ...] = ()


class _Adapter:
    """What transitions moves: a state and nothing else, so that nothing is attached or retained."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


@dataclass(frozen=True)
class Table:
    """A machine declared as rows: its track, its first state, and its moves in the order in which they are tried.

    ``called`` is what a refusal calls it, where that is not the name of the track.
    """

    track: str
    initial: str
    moves: tuple[Move, ...]
    called: str = ""

    @cached_property
    def states(self) -> tuple[str, ...]:
        """Every state named in a row, the initial one first."""
        names: dict[str, None] = {self.initial: None}
        for move in self.moves:
            names.update(dict.fromkeys(move.sources))
            if move.target is not None:
                names[move.target] = None
        return tuple(names)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The event kinds this table knows."""
        return frozenset(move.event for move in self.moves)

    @cached_property
    def _machine(self) -> Machine:
        # One machine for all cases, with no model: a machine for each costs 0.2 ms and 35 KiB.
        machine = Machine(model=None, states=[str(s) for s in self.states], initial=None, auto_transitions=False)
        for move in self.moves:
            machine.add_transition(
                move.event,
                [str(source) for source in move.sources],
                None if move.target is None else str(move.target),
                conditions=[question.asks for question in move.only_if],
            )
        return machine

    @cached_property
    def _rows(self) -> dict[tuple[str, str], tuple[Move, ...]]:
        # Asked for every event of every case, and it never changes.
        found: dict[tuple[str, str], tuple[Move, ...]] = {}
        for move in self.moves:
            for source in move.sources:
                found[move.event, str(source)] = (*found.get((move.event, str(source)), ()), move)
        return found

    @cached_property
    def _unasked(self) -> dict[tuple[str, str], str]:
        """Where the machine goes from a state on a kind of event whose first row asks nothing, as far as it was run."""
        return {}

    def rows(self, kind: str, state: str) -> tuple[Move, ...]:
        """The rows that may apply to an event kind in a state."""
        return self._rows.get((kind, state), ())

    def next_state(self, case: Case, event: Event) -> str:
        """The state of this track after the event.

        Raises NotAllowed, in words, where no row fits (impossible) or every row's question is answered no (refused).
        """
        # A plain string: transitions would look an enumeration up by its name.
        return self.next_from(str(case.states[self.track]), case, event)

    def next_from(self, state: str, case: Case, event: Event) -> str:
        """As ``next_state``, from a state of the caller's: a case has several strands that run on one table."""
        if event.kind not in self.kinds:
            return state
        rows = self.rows(event.kind, state)
        if not rows:
            raise NotAllowed(self._impossible(event.kind, state))
        is_asked = bool(rows[0].only_if)
        if not is_asked and (event.kind, state) in self._unasked:
            return self._unasked[event.kind, state]
        adapter = _Adapter(state)
        if self._machine.events[event.kind].trigger(adapter, case, event):
            if not is_asked:
                # A row without a question leads to the same state whatever the case: the machine need not run again.
                self._unasked[event.kind, state] = adapter.state
            return adapter.state
        raise NotAllowed(self._refusal(rows, case, event) or self._impossible(event.kind, state))

    def _refusal(self, rows: tuple[Move, ...], case: Case, event: Event) -> str:
        """The no of the row that came furthest, which is what was meant; of rows that came as far, the first."""
        furthest, words = -1, ""
        for move in rows:
            answers = [question.asks(case, event) for question in move.only_if]
            if False in answers and answers.index(False) > furthest:
                furthest = answers.index(False)
                words = move.only_if[furthest].otherwise
        return words

    def _impossible(self, kind: str, state: str) -> str:
        where = "the case is" if self.track == "journey" else f"{self.called or in_words(self.track)} is"
        return f"{kind} cannot be recorded while {where} {in_words(state)}."

    def possible(self, state: str) -> frozenset[str]:
        """The event kinds that have a row in a state; their questions may still say no."""
        return self._possible.get(state, frozenset())

    @cached_property
    def _possible(self) -> dict[str, frozenset[str]]:
        # Asked of every table for every event kind whenever a case is opened, and it never changes.
        found: dict[str, set[str]] = {}
        for move in self.moves:
            for source in move.sources:
                found.setdefault(str(source), set()).add(move.event)
        return {state: frozenset(kinds) for state, kinds in found.items()}


def lint(tables: Iterable[Table], kinds: Iterable[str]) -> list[str]:
    """Everything wrong with the tables: unknown events, unreachable states, dead ends, ambiguous rows."""
    faults: list[str] = []
    known = set(kinds)
    for table in tables:
        reached = {table.initial}
        grown = True
        while grown:
            targets = {m.target for m in table.moves if m.target and reached.intersection(m.sources)}
            grown = not targets <= reached
            reached |= targets
        faults += [f"{table.track}: {state} cannot be reached" for state in table.states if state not in reached]
        faults += [f"{table.track}: {kind} is not in the catalogue" for kind in table.kinds - known]
        seen: dict[tuple[str, str], bool] = {}
        for move in table.moves:
            for source in move.sources:
                if seen.get((move.event, source)):
                    faults.append(f"{table.track}: {move.event} in {source} has a row after an unconditional one")
                seen[move.event, source] = seen.get((move.event, source), False) or not move.only_if
    return faults
