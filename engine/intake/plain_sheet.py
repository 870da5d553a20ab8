"""Turns the rows of a table that holds no consent records into cells under our names, by a profile's columns."""

from collections.abc import Iterable, Sequence
from typing import Any

from engine.intake.profiles import Profile

_ENOUGH = 2
"""How many known columns make a line a header: a title above the table may hold one of the words by chance."""


def plain_name_of(name: str) -> str:
    """A column name as profiles have it: without line breaks and doubled blanks."""
    return " ".join(name.split())


class PlainSheet:
    """The columns of one table, ready to give each row as our names and its cells, every cell still the text it is."""

    def __init__(self, names: Sequence[str], profile: Profile) -> None:
        names = [plain_name_of(name) for name in names]
        self.unknown = tuple(
            place
            for place, name in enumerate(names)
            if name and name not in profile.columns and name not in profile.left_out
        )
        firsts = {name: place for place, name in reversed(tuple(enumerate(names)))}
        self.repeated = tuple(place for place, name in enumerate(names) if name and firsts[name] != place)
        self.is_header = any(name in profile.columns for name in names)
        self._ours = [(place, profile.columns[name]) for place, name in enumerate(names) if name in profile.columns]
        self.paths = frozenset(path for _, path in self._ours)
        self.required = profile.required
        self._nameless = [place for place, name in enumerate(names) if not name]

    def nested(self, cells: Sequence[str]) -> dict[str, Any]:
        """The row by our names, without its empty cells; what stands under no name comes under an empty one."""
        found = {path: cell for place, path in self._ours if (cell := cells[place].strip())}
        stray = " ".join(cell for place in self._nameless if (cell := cells[place].strip()))
        return {**found, "": stray} if stray else found


def is_header(names: Iterable[str], profile: Profile | None) -> bool:
    """Whether a line can be the header: any line that is not blank, or where titles may stand above it a known one."""
    if profile is None or not profile.required:
        return any(names)
    known = {name for each in names if (name := plain_name_of(each)) in profile.columns}
    return len(known) >= min(_ENOUGH, len(profile.columns))
