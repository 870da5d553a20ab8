"""Puts the tables together: what an event makes of every track of a case, and which events are possible now."""

import hashlib

from workflow.case import Case
from workflow.events import Event
from workflow.machine import Table
from workflow.tracks.beside import CHARACTERISTICS, COMPLAINT, HOLD, PROBATION, SAFETY, SUPPORT, UPDATES, VIEWS
from workflow.tracks.consent import CONSENT
from workflow.tracks.journey import JOURNEY

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
)


def _version() -> str:
    rows = [
        f"{table.track}|{move.event}|{','.join(move.sources)}|{move.target}|"
        + "&".join(question.otherwise for question in move.only_if)
        for table in TABLES
        for move in table.moves
    ]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12]


VERSION = _version()
"""The version of the tables, stored with every event they judged: a digest of their rows."""


def reached(case: Case, event: Event) -> dict[str, str]:
    """The state of every track after the event.

    Raises NotAllowed where any table that knows the event refuses it; nothing has changed then.
    """
    states = dict(case.states)
    for table in TABLES:
        if event.kind in table.kinds:
            states[table.track] = table.next_state(case, event)
    return states


def possible(case: Case) -> frozenset[str]:
    """The event kinds that every table which knows them has a row for now; their questions may still say no."""
    kinds = JOURNEY.possible(case.states[JOURNEY.track])
    return frozenset(
        kind for kind in kinds if all(kind not in t.kinds or kind in t.possible(case.states[t.track]) for t in TABLES)
    )
