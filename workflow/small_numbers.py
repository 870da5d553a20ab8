"""Decides which numbers of published tables are hidden, so that no small one can be read or worked out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

# A prime larger than any count: what is independent in arithmetic modulo it is independent.
_PRIME = (1 << 61) - 1
_Key = TypeVar("_Key", int, str)


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a published table: its name, and the parts that it is the sum of.

    A part is the smallest group that any of the tables tells apart; tables overlap where their cells share parts.
    """

    name: str
    parts: frozenset[str]


def hidden(cells: Sequence[Cell], counts: Mapping[str, int], below: int) -> frozenset[str]:
    """The names of the cells to hide: those from 1 to under ``below``, and as few others as keep them from being found.

    ``counts`` gives the number in each part.  Whoever sees all other cells can derive no hidden small number by adding
    and subtracting, even knowing which parts are empty.  Nothing says which of the hidden cells are small ones.
    """
    numbers = {cell.name: sum(counts[part] for part in cell.parts) for cell in cells}
    small = [cell for cell in cells if 0 < numbers[cell.name] < below]
    kept_back = {cell.name for cell in small}
    # What is empty is known to whoever sees its total; parts that no cell tells apart are one unknown.
    vectors = _vectors(cells, counts)

    def found_from(cell: Cell, away: set[str]) -> frozenset[str] | None:
        shown = [each for each in cells if each.name not in away and numbers[each.name] > 0]
        return _combination([(each.name, vectors[each.name]) for each in shown], vectors[cell.name])

    for cell in sorted(small, key=lambda each: (numbers[each.name], each.name)):
        while (used := found_from(cell, kept_back)) is not None:
            # The smallest number loses the reader least.
            kept_back.add(min(used, key=lambda name: (numbers[name], name)))
    # What was hidden for one may be needless now that others are.
    for name in sorted(kept_back - {cell.name for cell in small}, key=lambda name: (-numbers[name], name)):
        if all(found_from(cell, kept_back - {name}) is None for cell in small):
            kept_back.discard(name)
    return frozenset(kept_back)


def _vectors(cells: Sequence[Cell], counts: Mapping[str, int]) -> dict[str, dict[int, int]]:
    """Each cell as the groups of parts it holds; parts that are in just the same cells count as one group."""
    holders: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        for part in cell.parts:
            if counts[part]:
                holders.setdefault(part, []).append(place)
    groups = {tuple(places): number for number, places in enumerate(sorted(set(map(tuple, holders.values()))))}
    vectors: dict[str, dict[int, int]] = {cell.name: {} for cell in cells}
    for places, group in groups.items():
        for place in places:
            vectors[cells[place].name][group] = 1
    return vectors


def _combination(shown: Iterable[tuple[str, dict[int, int]]], wanted: dict[int, int]) -> frozenset[str] | None:
    """The names of shown cells whose sum or difference is the wanted one; None where there is no such combination."""
    pivots: list[tuple[int, dict[int, int], dict[str, int]]] = []

    def reduced(vector: dict[int, int], made: dict[str, int]) -> tuple[dict[int, int], dict[str, int]]:
        vector, made = dict(vector), dict(made)
        for place, pivot, of in pivots:
            factor = vector.get(place, 0)
            if factor:
                _subtract(vector, pivot, factor)
                _subtract(made, of, factor)
        return vector, made

    for name, vector in shown:
        rest, made = reduced(vector, {name: 1})
        if rest:
            place = min(rest)
            scale = pow(rest[place], -1, _PRIME)
            pivots.append((place, _scaled(rest, scale), _scaled(made, scale)))
    rest, made = reduced(wanted, {})
    return None if rest else frozenset(made)


def _subtract(target: dict[_Key, int], other: Mapping[_Key, int], factor: int) -> None:
    for key, value in other.items():
        left = (target.get(key, 0) - factor * value) % _PRIME
        if left:
            target[key] = left
        else:
            target.pop(key, None)


def _scaled(vector: Mapping[_Key, int], factor: int) -> dict[_Key, int]:
    return {key: value * factor % _PRIME for key, value in vector.items()}
