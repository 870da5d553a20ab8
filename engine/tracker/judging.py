"""Judges one row of a spreadsheet: who it is about, what each cell means, and what nobody can know from it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.tracker.cells import birthday, day_told, name_told
from engine.tracker.profile import CONTACTS, Words
from workflow.events import Fields
from workflow.problems import Problem

_CRIME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 /._-]{2,63}")
_LONGEST_CELL = 2000
_UNPROVEN = Problem(
    "consent", "informed-choice-unproven", "Ask what the victim was told: a yes in a spreadsheet does not show it."
)
_UNCLEAR = Problem("consent", "no-clear-yes", "Ask the officer in charge: this is no clear yes, and counts as none.")
_REMARK = Problem("remarks", "to-be-read", "Read it in the case: nobody is contacted before that.")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that was brought over: its column, what it is in codes, and its words as they stood."""

    column: str
    fields: Fields
    words: str


@dataclass(frozen=True, slots=True)
class TrackerRow:
    """A row that can be taken: the victim as kept under seal, the crime, the answer about consent, and every cell."""

    row: int
    crime_reference: str
    victim: Mapping[str, Any]
    consent: str
    cells: tuple[Cell, ...]
    closed: frozenset[str]
    gaps: tuple[Problem, ...] = field(default=())


def judge_row(row: int, raw: Mapping[str, str], words: Words, today: date) -> TrackerRow | list[Problem]:
    """A row as it can be taken, or every reason why it cannot: without a name or a crime there is no case."""
    errors = []
    if "name" not in raw:
        errors.append(Problem("name", "missing", "Give the name: without it nobody knows whose case it is."))
    if not _CRIME.fullmatch(raw.get("crime_reference", "")):
        errors.append(Problem("crime_reference", "missing", "Give the crime reference as police write it."))
    errors += [
        Problem(name or "", "too-long", f"Shorten this cell: at most {_LONGEST_CELL} letters are taken.")
        for name, cell in raw.items()
        if len(cell) > _LONGEST_CELL
    ]
    if errors:
        return errors
    victim, gaps = name_told(raw["name"])
    if "date_of_birth" in raw:
        born, doubt = birthday(raw["date_of_birth"], today)
        gaps += [doubt] if doubt else []
        victim |= {"date_of_birth": born.isoformat()} if born else {}
    else:
        gaps.append(Problem("date_of_birth", "missing", "Give the date of birth: an unknown age counts as under 18."))
    consent = consent_of(raw.get("consent", ""), words)
    gaps.append(_UNPROVEN if consent == "yes" else _UNCLEAR)
    cells = tuple(_cells(raw, words, today, gaps))
    crime = " ".join(raw["crime_reference"].split())
    return TrackerRow(row, crime, victim, consent, cells, _closed(raw, words), tuple(dict.fromkeys(gaps)))


def consent_of(cell: str, words: Words) -> str:
    """``yes`` or ``no`` where the whole cell is a word for it, else ``unclear``; nothing near a yes is one."""
    said = " ".join(cell.casefold().split())
    return "yes" if said in words.yes else "no" if said in words.no else "unclear"


def _closed(raw: Mapping[str, str], words: Words) -> frozenset[str]:
    """What any cell of the row forbids; looked for everywhere, because a warning stands where there was room."""
    return frozenset(
        meaning
        for name, cell in raw.items()
        if name not in ("name", "crime_reference")
        for phrase, meaning in words.said["remark"].items()
        if phrase in " ".join(cell.casefold().replace("\u2019", "'").split())
    )


def _cells(raw: Mapping[str, str], words: Words, today: date, gaps: list[Problem]) -> Iterator[Cell]:
    """Everything in the row but who it is about, each with what it seems to say and its own words."""
    said = consent_of(raw.get("consent", ""), words)
    yield Cell("consent", {"what": "consent", "certain": "none", "said": said}, raw.get("consent", "(blank)"))
    if "date_of_birth" in raw:
        yield Cell("date_of_birth", {"what": "other", "certain": "none"}, raw["date_of_birth"])
    for name in CONTACTS:
        if name in raw:
            yield _contact(name, raw[name], words, today, gaps)
    if "restorative" in raw:
        meaning = _meaning(raw["restorative"], words.said["restorative"])
        yield Cell("restorative", {"what": "restorative", "certain": "none", **meaning}, raw["restorative"])
    if "remarks" in raw:
        gaps.append(_REMARK)
        meaning = _meaning(raw["remarks"], words.said["remark"])
        yield Cell("remarks", {"what": "remark", "certain": "none", **meaning}, raw["remarks"])
    for name, what in (("child", "child"), ("other", "other"), ("", "other")):
        if name in raw:
            yield Cell(name, {"what": what, "certain": "none"}, raw[name])


def _contact(name: str, cell: str, words: Words, today: date, gaps: list[Problem]) -> Cell:
    told, meaning = day_told(cell, today), _meaning(cell, words.said["contact"])
    fields: Fields = {"what": "letter" if name == "letter_sent" else "contact", "certain": told.certain, **meaning}
    if told.on is not None:
        fields = {**fields, "on": told.on.isoformat()}
    elif meaning.get("said") != "not_done":
        gaps.append(Problem(name, "day-not-certain", "Record the day if anybody knows it: none is counted."))
    return Cell(name, fields, cell)


def _meaning(cell: str, words: Mapping[str, str]) -> Fields:
    folded = " ".join(cell.casefold().replace("\u2019", "'").split())
    found = {meaning for phrase, meaning in words.items() if phrase in folded}
    # Two meanings at once are none: the words are read by a person.
    return {"said": found.pop()} if len(found) == 1 else {}
