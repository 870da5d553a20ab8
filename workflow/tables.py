"""Puts the tables together: what an event makes of every track of a case, and which events are possible now."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from workflow.case import Case
from workflow.code import Rulebook
from workflow.events import Event
from workflow.machine import NotAllowed, Table
from workflow.strand_moves import kept, possible_in_strands
from workflow.strands import is_strand
from workflow.table_changes import Known, gone, known_states
from workflow.tracks.beside import (
    CHARACTERISTICS,
    COMPLAINT,
    HOLD,
    PROBATION,
    SAFETY,
    SUPPORT,
    TRANSFER,
    UPDATES,
    VIEWS,
)
from workflow.tracks.consent import CONSENT
from workflow.tracks.journey import JOURNEY
from workflow.tracks.restorative import RESTORATIVE
from workflow.vocabulary import State

TABLES: tuple[Table, ...] = (
    JOURNEY,
    CONSENT,
    CHARACTERISTICS,
    SAFETY,
    HOLD,
    VIEWS,
    UPDATES,
    SUPPORT,
    PROBATION,
    COMPLAINT,
    TRANSFER,
    RESTORATIVE,
)


@dataclass(frozen=True)
class TableSet:
    """All tables of one version, together."""

    tables: tuple[Table, ...]

    @cached_property
    def version(self) -> str:
        """What is stored with every event they judged: a digest of their rows."""
        rows = [
            f"{table.track}|{move.event}|{','.join(move.sources)}|{move.target}|"
            + "&".join(question.otherwise for question in move.only_if)
            for table in self.tables
            for move in table.moves
        ]
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12]

    @cached_property
    def known(self) -> Known:
        """By track, the states there are."""
        return known_states(self.tables)

    @cached_property
    def _journey(self) -> Table:
        return next(table for table in self.tables if table.track == JOURNEY.track)

    @cached_property
    def _beside(self) -> tuple[Table, ...]:
        return tuple(table for table in self.tables if table.track != RESTORATIVE.track)

    def reached(self, case: Case, event: Event, rulebook: Rulebook | None = None) -> dict[str, str]:
        """The state of every track after the event, and of every restorative strand.

        ``rulebook`` says for how many days a consent to restorative justice counts; without it that is not asked.
        Raises NotAllowed where any table that knows the event refuses it, and where the case stands in a state that
        these tables no longer have; nothing has changed then.
        """
        lost = gone(case.states, self.known)
        if lost:
            if event.kind != "consent_withdrawn":
                raise NotAllowed(NO_LONGER_THERE)
            return self._let_go(case, event, lost)
        if not self._journey.rows(event.kind, str(case.states[JOURNEY.track])):
            # Where the case itself is elsewhere, that is what a person wants to read, not what the strand says.
            self._journey.next_state(case, event)
        strands = kept(case, event, rulebook)
        states = {track: state for track, state in case.states.items() if not is_strand(track)}
        for table in self._beside:
            if event.kind in table.kinds:
                states[table.track] = table.next_state(case, event)
        return {**states, **strands}

    def _let_go(self, case: Case, event: Event, lost: Mapping[str, str]) -> dict[str, str]:
        """Where a withdrawal leads from states that are gone: whoever says no is heard whatever we renamed."""
        states = dict(case.states)
        for table in self.tables:
            if event.kind in table.kinds and table.track not in lost:
                states[table.track] = table.next_state(case, event)
        if event.text("part") == "all":
            if JOURNEY.track in lost:
                states[JOURNEY.track] = State.CLOSED
            if CONSENT.track in lost:
                states[CONSENT.track] = "withdrawn"
        return states

    def possible(self, case: Case) -> frozenset[str]:
        """The event kinds that every table which knows them has a row for now; their questions may still say no."""
        if gone(case.states, self.known):
            return frozenset({"consent_withdrawn"})
        kinds = self._journey.possible(case.states[JOURNEY.track])
        strands = possible_in_strands(case)
        return frozenset(
            kind
            for kind in kinds
            if (kind not in RESTORATIVE.kinds or kind in strands)
            and all(kind not in t.kinds or kind in t.possible(case.states[t.track]) for t in self._beside)
        )


PRESENT = TableSet(TABLES)
"""The tables of this release."""

VERSION = PRESENT.version
"""The version of the tables of this release."""

NO_LONGER_THERE = (
    "The case stands in a state that this release no longer has: nothing leaves and nothing but a withdrawal can be "
    "recorded until a manager moves it (victim-contact tables migrate)."
)
"""Why nothing can be recorded on a case that the tables cannot place."""


def reached(case: Case, event: Event, rulebook: Rulebook | None = None) -> dict[str, str]:
    """As ``TableSet.reached``, by the tables of this release."""
    return PRESENT.reached(case, event, rulebook)


def possible(case: Case) -> frozenset[str]:
    """As ``TableSet.possible``, by the tables of this release."""
    return PRESENT.possible(case)
