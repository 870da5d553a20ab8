"""Builds tables of moves that differ from those of this release: a state renamed, one removed, one split."""

from collections.abc import Callable
from dataclasses import replace

from workflow.machine import Move, Table
from workflow.table_changes import Renaming
from workflow.tables import PRESENT, TableSet
from workflow.vocabulary import Track


def _rebuilt(track: str, change: Callable[[Table], Table]) -> Callable[[Table], Table]:
    return lambda table: change(table) if table.track == track else table


def renamed(was: str, now: str) -> Callable[[Table], Table]:
    """A table in which a state has another name."""

    def name(state: str) -> str:
        return now if state == was else str(state)

    def move(each: Move) -> Move:
        target = None if each.target is None else name(each.target)
        return replace(each, sources=tuple(name(source) for source in each.sources), target=target)

    return lambda table: replace(table, initial=name(table.initial), moves=tuple(move(each) for each in table.moves))


def without(state: str) -> Callable[[Table], Table]:
    """A table in which a state is not there."""

    def change(table: Table) -> Table:
        left = [replace(each, sources=tuple(s for s in each.sources if s != state)) for each in table.moves]
        return replace(table, moves=tuple(each for each in left if each.sources and each.target != state))

    return change


def split(was: str, into: tuple[str, str]) -> Callable[[Table], Table]:
    """A table in which one state became two; what led to it leads to the first."""

    def change(table: Table) -> Table:
        first = renamed(was, into[0])(table)
        moves = [
            replace(each, sources=(*each.sources, into[1])) if into[0] in each.sources else each for each in first.moves
        ]
        entered = next(each for each in moves if each.target == into[0] and each.only_if == ())
        other = replace(entered, event="support_reviewed", target=into[1], sources=into)
        return replace(first, moves=(*moves, other))

    return change


def second_set() -> TableSet:
    """The tables of an imagined next release."""
    tables = PRESENT.tables
    for track, change in (
        (Track.VIEWS, renamed("asked", "invited")),
        (Track.JOURNEY, without("uncontactable")),
        (Track.SUPPORT, split("referred", ("referred_by_us", "referred_by_police"))),
    ):
        tables = tuple(map(_rebuilt(track, change), tables))
    return TableSet(tables)


VIEWS = Renaming("views", "asked", "invited", "It is called so from now on.")
JOURNEY = Renaming("journey", "uncontactable", "attempting", "Nobody is given up on any more.")
OURS = Renaming("support", "referred", "referred_by_us", "We referred.", "support_referred", (("by", "yjs"),))
POLICE = Renaming("support", "referred", "referred_by_police", "Police did.", "support_referred", (("by", "police"),))

MAPPING = """
[[move]]
track = "views"
from = "asked"
to = "invited"
reason = "It is called so from now on."

[[move]]
track = "support"
from = "referred"
to = "referred_by_us"
reason = "We referred."
when = { event = "support_referred", where = { by = "yjs" } }

[[move]]
track = "support"
from = "referred"
to = "referred_by_police"
reason = "Police did."
when = { event = "support_referred", where = { by = "police" } }
"""
"""A mapping that leaves the removed state of the journey out."""

REST = """
[[move]]
track = "journey"
from = "uncontactable"
to = "attempting"
reason = "Nobody is given up on any more."
"""
