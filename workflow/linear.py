"""Decides what follows from sums by adding and subtracting, and what could be different although they stay."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

# A prime larger than any count: what is independent in arithmetic modulo it is independent.
_PRIME = (1 << 61) - 1
_Key = TypeVar("_Key", int, str)
Vector = Mapping[int, int]

_LARGEST = 1000


class Span:
    """Everything that can be made of the sums that were added, by adding and subtracting them."""

    def __init__(self, beginning: "Span | None" = None) -> None:
        self._rows: list[tuple[int, dict[int, int], dict[str, int]]] = [*beginning._rows] if beginning else []

    def add(self, vector: Vector, name: str = "") -> None:
        """Take one more sum in; by its name, where it is to be told what something is made of."""
        rest, made = self._reduced(vector, {name: 1} if name else {})
        if rest:
            place = min(rest)
            scale = pow(rest[place], -1, _PRIME)
            self._rows.append((place, _scaled(rest, scale), _scaled(made, scale)))

    def holds(self, vector: Vector) -> bool:
        """Whether a vector can be made."""
        return not self._reduced(vector, {})[0]

    def made_of(self, vector: Vector) -> frozenset[str]:
        """The names of the sums that a vector is made of, as far as they have names; empty where it cannot be made."""
        rest, made = self._reduced(vector, {})
        return frozenset() if rest else frozenset(made)

    def _reduced(self, vector: Vector, made: Mapping[str, int]) -> tuple[dict[int, int], dict[str, int]]:
        left, of = dict(vector), dict(made)
        for place, row, names in self._rows:
            factor = left.get(place, 0)
            if factor:
                _subtract(left, row, factor)
                if names:
                    _subtract(of, names, factor)
        return left, of


def freedoms(rows: Sequence[Vector], size: int) -> list[dict[int, int]]:
    """Changes in whole numbers of ``size`` unknowns that leave every sum of ``rows`` as it is.

    One for each unknown that the sums leave free; those that need large numbers are left out.
    """
    pivots: dict[int, dict[int, int]] = {}
    for row in rows:
        rest = dict(row)
        for place in [place for place in rest if place in pivots]:
            _subtract(rest, pivots[place], rest[place])
        if not rest:
            continue
        place = min(rest)
        fresh = _scaled(rest, pow(rest[place], -1, _PRIME))
        for other in pivots.values():
            if place in other:
                _subtract(other, fresh, other[place])
        pivots[place] = fresh
    found = []
    for free in (place for place in range(size) if place not in pivots):
        change = {free: 1}
        for place, row_of in pivots.items():
            if free in row_of:
                by = -row_of[free] % _PRIME
                change[place] = by - _PRIME if by > _PRIME // 2 else by
        # Read back from remainders: only what is small, and holds in whole numbers too, is a change.
        if max(map(abs, change.values())) <= _LARGEST and all(
            sum(by * row.get(place, 0) for place, by in change.items()) == 0 for row in rows
        ):
            found.append(change)
    return found


def _subtract(target: dict[_Key, int], other: Mapping[_Key, int], factor: int) -> None:
    for key, value in other.items():
        left = (target.get(key, 0) - factor * value) % _PRIME
        if left:
            target[key] = left
        else:
            target.pop(key, None)


def _scaled(vector: Mapping[_Key, int], factor: int) -> dict[_Key, int]:
    return {key: value * factor % _PRIME for key, value in vector.items()}
