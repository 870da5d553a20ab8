"""Decides which numbers of published tables are hidden, so that no small one can be read or worked out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from workflow.linear import Span, freedoms


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a published table: its name, and the parts that it is the sum of.

    A part is the smallest group that any of the tables tells apart; tables overlap where their cells share parts.
    """

    name: str
    parts: frozenset[str]


def hidden(
    cells: Sequence[Cell],
    counts: Mapping[str, int],
    below: int,
    *,
    given: frozenset[str] = frozenset(),
    withheld: frozenset[str] = frozenset(),
    unprinted: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """The names of the cells to hide: those from 1 to under ``below``, and as few others as keep them from being found.

    ``counts`` gives the number in each part.  ``given`` are cells that were shown before and cannot be taken back,
    ``withheld`` those that were hidden before and stay so; ``unprinted`` stand nowhere and are not to be worked out.
    Whoever sees all other cells can derive no hidden small number by adding and subtracting, even knowing which parts
    are empty, nor by trying every whole number: at least two fit.  Nothing says which of the hidden cells are small.
    """
    table = _Table(cells, counts, given, withheld, unprinted)
    small = {name for name, number in table.numbers.items() if 0 < number < below and name not in table.known}
    stays = (small & table.free) | withheld
    away = set(stays)
    while True:
        span = table.span(away)
        found = next((name for name in table.ordered(small) if table.is_in(name, span)), None)
        if found is None:
            found = next((name for name in table.ordered(small) if not table.is_open(name, away)), None)
            more = table.near(found, away) if found else frozenset()
        else:
            more = table.used(found, away)
        if found is None:
            break
        if more:
            # The smallest number loses the reader least.
            away.add(min(more, key=lambda name: (table.numbers[name], name)))
        else:
            # It follows from what was given out before; nothing that is hidden now changes that.
            small.discard(found)
    _show_again(table, away, small, stays)
    return frozenset(away - withheld)


def _show_again(table: "_Table", away: set[str], small: set[str], stays: frozenset[str] | set[str]) -> None:
    """Show what was hidden for one small number and is needless now that others are."""
    for name in sorted(away - stays, key=lambda name: (-table.numbers[name], name)):
        fewer = away - {name}
        span = table.span(fewer)
        if not any(table.is_in(each, span) for each in small) and all(table.is_open(each, fewer) for each in small):
            away.discard(name)


class _Table:
    """The cells as sums of groups: parts that are in just the same cells are one group, and empty parts are none."""

    def __init__(
        self,
        cells: Sequence[Cell],
        counts: Mapping[str, int],
        given: frozenset[str],
        withheld: frozenset[str],
        unprinted: frozenset[str],
    ) -> None:
        self.numbers = {cell.name: sum(counts[part] for part in cell.parts) for cell in cells}
        self.vectors, self.sizes = _vectors(cells, counts)
        said = {tuple(sorted(self.vectors[name])) for name in given}
        # What is just what was given out before is known whatever stands here.
        same = {name for name, vector in self.vectors.items() if tuple(sorted(vector)) in said}
        self.known = frozenset(given | same) - withheld
        self.free = frozenset(self.numbers) - self.known - withheld - unprinted
        self._known_span: Span | None = None
        self._freedoms: tuple[frozenset[str], list[dict[int, int]]] | None = None

    def shown(self, away: set[str]) -> list[str]:
        return [name for name in self.numbers if name in self.known | (self.free - away) and self.numbers[name]]

    def span(self, away: set[str]) -> Span:
        if self._known_span is None:
            self._known_span = Span()
            for name in sorted(self.known):
                self._known_span.add(self.vectors[name])
        span = Span(self._known_span)
        for name in sorted(self.free - away):
            span.add(self.vectors[name])
        return span

    def ordered(self, names: set[str]) -> list[str]:
        return sorted(names, key=lambda name: (self.numbers[name], name))

    def is_in(self, name: str, span: Span) -> bool:
        return span.holds(self.vectors[name])

    def used(self, name: str, away: set[str]) -> frozenset[str]:
        """The cells that can be hidden and of which, with what is known, a cell is made."""
        self.span(away)
        span = Span(self._known_span)
        for each in sorted(self.free - away):
            span.add(self.vectors[each], each)
        return span.made_of(self.vectors[name])

    def near(self, name: str, away: set[str]) -> frozenset[str]:
        """The shown cells that could be hidden and share a group with one, or else any."""
        shown = self.free & frozenset(self.shown(away))
        return frozenset(each for each in shown if self.vectors[each].keys() & self.vectors[name].keys()) or shown

    def is_open(self, name: str, away: set[str]) -> bool:
        """Whether the tables could be filled in another way that gives this cell another number."""
        shown = frozenset(self.shown(away))
        if self._freedoms is None or self._freedoms[0] != shown:
            rows = [self.vectors[each] for each in sorted(shown)]
            self._freedoms = (shown, freedoms(rows, len(self.sizes)))
        # Nought is shown as nought, so whoever sees a hidden cell knows that it is at least one.
        secret = [self.vectors[each] for each in away if self.numbers[each]]
        for change in _changes(self._freedoms[1], self.vectors[name]):
            if all(self.sizes[group] + by >= 0 for group, by in change.items()) and all(
                sum(self.sizes[group] + change.get(group, 0) for group in vector) >= 1 for vector in secret
            ):
                return True
        return False


_MOST_PAIRS = 60


def _changes(basis: list[dict[int, int]], vector: Mapping[int, int]) -> Iterator[dict[int, int]]:
    """Ways to fill the groups differently without touching what is shown, each of which changes one cell."""
    both = [{group: sign * by for group, by in change.items()} for change in basis for sign in (1, -1)]
    touching = [change for change in both if sum(change.get(group, 0) for group in vector)]
    yield from touching
    for one, other in combinations(both[:_MOST_PAIRS], 2):
        added = {group: one.get(group, 0) + other.get(group, 0) for group in one.keys() | other.keys()}
        if sum(added.get(group, 0) for group in vector):
            yield added


def _vectors(cells: Sequence[Cell], counts: Mapping[str, int]) -> tuple[dict[str, dict[int, int]], list[int]]:
    """Each cell as the groups of parts it holds, and how many there are in each group."""
    holders: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        for part in cell.parts:
            if counts[part]:
                holders.setdefault(part, []).append(place)
    groups = {places: number for number, places in enumerate(sorted({tuple(each) for each in holders.values()}))}
    sizes = [0] * len(groups)
    for part, held_by in holders.items():
        sizes[groups[tuple(held_by)]] += counts[part]
    vectors: dict[str, dict[int, int]] = {cell.name: {} for cell in cells}
    for places, group in groups.items():
        for place in places:
            vectors[cells[place].name][group] = 1
    return vectors, sizes
