"""Attacks tables that were given out: solves exactly, in whole numbers, what the hidden ones can be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from workflow.publication import Given

_MOST = 60
_STEPS = 3000
Sum = tuple[frozenset[int], int, int]
"""Unknowns whose sum lies between a least and a most."""


@dataclass(frozen=True)
class Secret:
    """A small number that nobody should be able to tell: the unknowns it is the sum of, and what it is."""

    name: str
    unknowns: frozenset[int]
    number: int


class Undecided(Exception):
    """So much was tried, and it is still not known whether there is another way."""


class Attacker:
    """Knows every table, which things each number counts, that what is empty is empty, and that hidden is not nought.

    Things that are counted by just the same numbers are one unknown.
    """

    def __init__(self, published: Sequence[Given], below: int) -> None:
        self.sets = {
            (place, cell): each.table.under(cell) for place, each in enumerate(published) for cell in each.table.cells
        }
        signatures: dict[str, list[tuple[int, str]]] = {}
        for name, items in self.sets.items():
            for item in items:
                signatures.setdefault(item, []).append(name)
        groups = {each: number for number, each in enumerate(sorted({tuple(each) for each in signatures.values()}))}
        self.group = {item: groups[tuple(names)] for item, names in signatures.items()}
        self.truth = [0] * len(groups)
        for group in self.group.values():
            self.truth[group] += 1
        self.sums: list[Sum] = []
        hidden = set()
        for (place, cell), items in self.sets.items():
            each = published[place]
            if cell in each.table.unprinted or not items:
                continue
            unknowns = frozenset(self.group[item] for item in items)
            if cell in each.hidden:
                hidden.add((place, cell))
                self.sums.append((unknowns, 1, _MOST))
            else:
                self.sums.append((unknowns, len(items), len(items)))
        self.shown = self.sets.keys() - hidden
        self.below = below

    def secrets(self) -> Iterator[Secret]:
        """Every small number of a table, and every small rest of one number that lies in another."""
        wanted = {frozenset(items): str(name) for name, items in self.sets.items()}
        for one, other in combinations(sorted(self.sets, key=lambda name: len(self.sets[name])), 2):
            if self.sets[one] and self.sets[one] < self.sets[other]:
                wanted.setdefault(self.sets[other] - self.sets[one], f"{other} less {one}")
        for items, name in wanted.items():
            if 0 < len(items) < self.below:
                yield Secret(name, frozenset(self.group[item] for item in items), len(items))

    def can_tell(self, secret: Secret) -> bool:
        """Whether no other whole number fits everything that was given out.  Raises Undecided after long work."""
        return not any(
            _fits([*self.sums, other], self.truth)
            for other in (
                (secret.unknowns, 0, secret.number - 1),
                (secret.unknowns, secret.number + 1, _MOST),
            )
        )


def _fits(sums: list[Sum], truth: list[int]) -> bool:
    """Whether whole numbers from nought on can be found for all unknowns; those near the truth are tried first."""
    size = len(truth)
    begun = _narrowed(sums, [0] * size, [_MOST] * size)
    waiting = [begun] if begun else []
    for _ in range(_STEPS):
        if not waiting:
            return False
        low, high = waiting.pop()
        open_ones = [place for place in range(size) if low[place] < high[place]]
        if not open_ones:
            return True
        # An unknown whose true number does not fit any more decides most.
        place = min(open_ones, key=lambda at: (low[at] <= truth[at] <= high[at], high[at] - low[at]))
        near = min(max(truth[place], low[place]), high[place])
        for least, most in ((low[place], near - 1), (near + 1, high[place]), (near, near)):
            narrowed = least <= most and _narrowed(
                sums,
                [*low[:place], least, *low[place + 1 :]],
                [*high[:place], most, *high[place + 1 :]],
            )
            if narrowed:
                waiting.append(narrowed)
    raise Undecided


def _narrowed(sums: list[Sum], low: list[int], high: list[int]) -> tuple[list[int], list[int]] | None:
    """The bounds as far as each sum by itself narrows them; None where they contradict each other."""
    low, high, moved = [*low], [*high], True
    while moved:
        moved = False
        for unknowns, least, most in sums:
            lows, highs = sum(low[each] for each in unknowns), sum(high[each] for each in unknowns)
            if lows > most or highs < least:
                return None
            for each in unknowns:
                up, down = most - (lows - low[each]), least - (highs - high[each])
                if up < high[each]:
                    high[each], moved = up, True
                    highs = sum(high[every] for every in unknowns)
                if down > low[each]:
                    low[each], moved = down, True
                    lows = sum(low[every] for every in unknowns)
                if low[each] > high[each]:
                    return None
    return low, high
