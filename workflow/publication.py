"""Decides what is hidden in tables that are given out, seen together with everything that was given out before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from workflow.small_numbers import Cell, hidden

Items = frozenset[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be given out: which of the counted things (``items``) come under which label, and its numbers.

    Every number (``cells``) is that of the items under some labels.  ``population`` says what is counted: only tables
    of one population can be added to and subtracted from one another.  ``unprinted`` are numbers that the table does
    not show, and that must not be worked out all the same; ``known`` are those that it does not show either, and that
    everybody is taken to know.
    """

    name: str
    population: str
    items: Mapping[str, Sequence[str]]
    cells: Mapping[str, frozenset[str]]
    unprinted: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()

    def under(self, cell: str) -> Items:
        """The items that a number counts."""
        return frozenset(item for label in self.cells[cell] for item in self.items.get(label, ()))

    @property
    def everything(self) -> Items:
        """Every item of the table."""
        return frozenset(item for items in self.items.values() for item in items)


@dataclass(frozen=True, slots=True)
class Given:
    """A table that was given out, with the names of the numbers that were hidden in it."""

    table: Table
    hidden: frozenset[str] = field(default=frozenset())


Hidden = Mapping[str, frozenset[str]]
"""By the name of a table, the names of the numbers to hide in it."""


def to_hide(tables: Sequence[Table], before: Sequence[Given], below: int) -> dict[str, frozenset[str]]:
    """What to hide in tables that are given out together, each population by itself."""
    found: dict[str, frozenset[str]] = {}
    for population in dict.fromkeys(table.population for table in tables):
        new = [table for table in tables if table.population == population]
        old = list(_touching(new, [each for each in before if each.table.population == population]))
        found |= _of_one(new, old, below)
    return found


def _touching(new: Sequence[Table], before: Sequence[Given]) -> Iterator[Given]:
    """What was given out before and has to do with the new tables, be it by way of another."""
    reached = {item for table in new for item in table.everything}
    left = list(before)
    while True:
        near = [each for each in left if not reached.isdisjoint(each.table.everything)]
        if not near:
            return
        yield from near
        left = [each for each in left if each not in near]
        reached.update(item for each in near for item in each.table.everything)


def _of_one(new: Sequence[Table], old: Sequence[Given], below: int) -> dict[str, frozenset[str]]:
    sets: dict[str, Items] = {}
    given: set[str] = set()
    withheld: set[str] = set()
    unprinted: set[str] = set()
    for place, each in enumerate(old):
        for cell in each.table.cells:
            name = f"old {place}/{cell}"
            sets[name] = each.table.under(cell)
            is_told = cell not in each.table.known or len(each.table.under(cell)) >= below
            nowhere = cell in each.table.unprinted or not is_told
            (unprinted if nowhere else withheld if cell in each.hidden else given).add(name)
    mine = {(table.name, cell): f"new {table.name}/{cell}" for table in new for cell in table.cells}
    for table in new:
        sets |= {mine[table.name, cell]: table.under(cell) for cell in table.cells}
        unprinted |= {mine[table.name, cell] for cell in table.unprinted}
        # Nobody else tells a total that is small itself.
        told = {cell for cell in table.known if len(table.under(cell)) >= below}
        given |= {mine[table.name, cell] for cell in told}
        unprinted |= {mine[table.name, cell] for cell in table.known - told}
    differences = dict(_differences(sets, set(mine.values()), below))
    cells, counts = _cells({**sets, **differences})
    away = hidden(
        cells,
        counts,
        below,
        given=frozenset(given),
        withheld=frozenset(withheld),
        unprinted=frozenset(unprinted | differences.keys()),
    )
    return {table.name: frozenset(cell for cell in table.cells if mine[table.name, cell] in away) for table in new}


def _differences(sets: Mapping[str, Items], new: set[str], below: int) -> Iterator[tuple[str, Items]]:
    """What is left where one number counts some of what another does: small, printed nowhere, and easily found."""
    found: set[Items] = set()
    ordered = sorted(sets, key=lambda name: (len(sets[name]), name))
    for one, other in combinations(ordered, 2):
        if one not in new and other not in new:
            continue
        rest = len(sets[other]) - len(sets[one])
        if 0 < rest < below and sets[one] and sets[one] < sets[other]:
            left = sets[other] - sets[one]
            if left not in found:
                found.add(left)
                yield f"left {len(found)}", left


def _cells(sets: Mapping[str, Items]) -> tuple[list[Cell], dict[str, int]]:
    """The numbers as sums of parts: items that are counted by just the same numbers are one part."""
    counted: dict[str, list[int]] = {}
    for place, items in enumerate(sets.values()):
        for item in items:
            counted.setdefault(item, []).append(place)
    parts: dict[tuple[int, ...], int] = {}
    for counting in counted.values():
        parts[tuple(counting)] = parts.get(tuple(counting), 0) + 1
    held: list[set[str]] = [set() for _ in sets]
    counts: dict[str, int] = {}
    for number, (places, size) in enumerate(parts.items()):
        counts[f"part {number}"] = size
        for place in places:
            held[place].add(f"part {number}")
    return [Cell(name, frozenset(of)) for name, of in zip(sets, held, strict=True)], counts
