"""Turns the columns of a force's own table into those of the consent record, by the profile of the force."""

import re
from collections.abc import Sequence
from typing import Any

from engine.intake.columns import Sheet
from engine.intake.profiles import Profile

_ANSWER = ("status", "value", "original_code")


class TranslatedSheet:
    """The columns of one file of a force, ready to turn each row of cells into a raw record, as ``Sheet`` does."""

    def __init__(self, names: Sequence[str], profile: Profile) -> None:
        self._profile = profile
        names = [" ".join(name.split()) for name in names]
        self.unknown = tuple(
            place for place, name in enumerate(names) if name not in profile.columns and name not in profile.left_out
        )
        firsts = {name: place for place, name in reversed(tuple(enumerate(names)))}
        self.repeated = tuple(place for place, name in enumerate(names) if firsts[name] != place)
        self.is_header = any(name in profile.columns for name in names)
        self._paths = [(place, profile.columns[name]) for place, name in enumerate(names) if name in profile.columns]
        self.paths = frozenset(path for _, path in self._paths) | frozenset(profile.always)
        ours: list[str] = []
        for _, path in self._paths:
            if path in profile.statuses:
                ours += [f"{path}.{part}" for part in _ANSWER if part != "original_code" or path.endswith(".race")]
            else:
                ours.append(path)
        self._sheet = Sheet([*ours, *profile.always])

    def nested(self, cells: Sequence[str]) -> dict[str, Any]:
        """The raw record in a row with one cell for each column of theirs."""
        profile = self._profile
        ours: list[str] = []
        for place, path in self._paths:
            cell = cells[place].strip()
            if path in profile.statuses:
                status, value, code = profile.answer(path, cell)
                ours += [status, value, code] if path.endswith(".race") else [status, value]
            else:
                ours.append(profile.cell(path, cell))
        raw = self._sheet.nested([*ours, *profile.always.values()])
        if raw.get("reason") != "withdrawal":
            # Columns that only a withdrawal fills stand empty in the other rows; what stands in them still counts.
            consent = raw.get("consent")
            if isinstance(consent, dict) and not consent.get("withdrawal", True):
                consent.pop("withdrawal")
        return raw


def is_one_of_theirs(name: str, profile: Profile | None) -> bool:
    """Whether a column name stands in the profile, so that it may be repeated."""
    return profile is not None and re.sub(r"\s+", " ", name).strip() in (*profile.columns, *profile.left_out)
