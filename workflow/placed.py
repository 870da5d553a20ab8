"""Reads a history through the changes of the tables that its case was moved by: the old name of a state is the new."""

from collections.abc import Mapping
from dataclasses import replace

from workflow.events import Event

MOVED = "tables_migrated"
"""The event kind with which a case was moved from one version of the tables to another."""

_WAS, _NOW = "was_", "now_"
_STRAND = "restorative"


Changes = Mapping[str, Mapping[str, str]]
"""By track, the new name of each state that it had."""


def fields_of(changes: Changes) -> dict[str, str]:
    """The fields of the event that say which track had which state and has which now."""
    fields: dict[str, str] = {}
    for track, renamed in changes.items():
        fields |= {f"{_WAS}{track}": "/".join(renamed), f"{_NOW}{track}": "/".join(renamed.values())}
    return fields


def changes_of(event: Event) -> dict[str, dict[str, str]]:
    """What ``fields_of`` made, from the event."""
    tracks = [name.removeprefix(_WAS) for name in event.fields if name.startswith(_WAS)]
    return {
        track: dict(zip(event.text(f"{_WAS}{track}").split("/"), event.text(f"{_NOW}{track}").split("/"), strict=True))
        for track in tracks
    }


def as_placed(history: tuple[Event, ...]) -> tuple[Event, ...]:
    """The history as it is kept, with the states before each move called what the move calls them.

    A state that was renamed is the same state: nobody enters it again by the renaming, so no duty begins, no letter
    is owed and no reminder is said anew because of it.  A move that was undone changes nothing that was before it.
    What is stored stays as it was.
    """
    moves = [event for event in history if event.kind == MOVED]
    if not moves:
        return history
    return tuple(_read(event, [move for move in moves if move.seq > event.seq]) for event in history)


def _read(event: Event, moves: list[Event]) -> Event:
    undone = {move.fields["undoes"] for move in moves if "undoes" in move.fields}
    runs = {move.fields.get("run") for move in moves}
    reached = dict(event.reached)
    for move in moves:
        if move.fields.get("run") in undone or move.fields.get("undoes") in runs:
            continue
        change = changes_of(move)
        for key, state in reached.items():
            reached[key] = change.get(_track(key), {}).get(state, state)
    return replace(event, reached=reached) if reached != event.reached else event


def _track(key: str) -> str:
    # One table serves the strands of all children.
    return _STRAND if key.startswith(f"{_STRAND}:") else key
