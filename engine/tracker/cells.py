"""Reads the cells of a hand-kept spreadsheet: names, birthdays, days that are certain and days that are not."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from workflow.problems import Problem

Certain = Literal["day", "week", "no_year", "none"]

_OLDEST = 105
"""The age beyond which a year of two digits is not taken for that of a birthday."""
_NUMBERS = re.compile(r"\s*([0-9]{1,2})\s*[-/. ]\s*([0-9]{1,2})\s*[-/. ]\s*([0-9]{4}|[0-9]{2})\s*")
_ISO = re.compile(r"\s*([0-9]{4})-([0-9]{2})-([0-9]{2})\s*")
_WEEK = re.compile(r"(?i)\bw\s*/?\s*[ckb]\b")
_NO_YEAR = re.compile(r"(?i)\s*[0-9]{1,2}(?:\s*[-/. ]\s*[0-9]{1,2}|\s*(?:st|nd|rd|th)?\s+[a-z]{3,9})\.?\s*")
_DAMAGED = re.compile(r"[?\ufffd\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Told:
    """A day out of a cell: ``on`` only where it is certain, and how certain it is."""

    on: date | None
    certain: Certain


def day_told(cell: str, today: date) -> Told:
    """The day a cell gives; one of a week, without a year or still to come is no certain day."""
    if _WEEK.search(cell):
        return Told(None, "week")
    found = _exact(cell, today)
    if found is not None and found <= today:
        return Told(found, "day")
    return Told(None, "no_year" if found is None and _NO_YEAR.fullmatch(cell) else "none")


def _exact(cell: str, today: date) -> date | None:
    """A day with its year: in digits, day first; a year of two digits is one of this century."""
    if iso := _ISO.fullmatch(cell):
        return _real(int(iso[1]), int(iso[2]), int(iso[3]))
    if plain := _NUMBERS.fullmatch(cell):
        year = int(plain[3])
        return _real(year if len(plain[3]) == 4 else today.year // 100 * 100 + year, int(plain[2]), int(plain[1]))
    return None


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def birthday(cell: str, today: date) -> tuple[date | None, Problem | None]:
    """A date of birth, and what is doubtful about it; None where it cannot be read for certain.

    A year of two digits is read where one century alone makes somebody who can be alive, and is still to be confirmed.
    """
    unread = Problem("date_of_birth", "not-a-day", "Give the date of birth with four digits for the year.")
    if iso := _ISO.fullmatch(cell):
        born = _real(int(iso[1]), int(iso[2]), int(iso[3]))
        return (born, None) if born and _can_live(born, today) else (None, unread)
    plain = _NUMBERS.fullmatch(cell)
    if plain is None:
        return None, unread
    day, month, year = int(plain[1]), int(plain[2]), int(plain[3])
    if len(plain[3]) == 4:
        born = _real(year, month, day)
        return (born, None) if born and _can_live(born, today) else (None, unread)
    century = today.year // 100 * 100
    both = [born for each in (century, century - 100) if (born := _real(each + year, month, day))]
    living = [born for born in both if _can_live(born, today)]
    if len(living) != 1:
        return None, unread
    return living[0], Problem("date_of_birth", "short-year", "Confirm the year: only two digits of it were given.")


def _can_live(born: date, today: date) -> bool:
    return born <= today and today.year - born.year <= _OLDEST


def name_told(cell: str) -> tuple[dict[str, str], list[Problem]]:
    """Given and family name out of ``SURNAME, First``, and what is doubtful about them."""
    problems = []
    family, comma, given = (part.strip() for part in cell.partition(","))
    if not comma or not given or not family:
        problems.append(Problem("name", "name-form", "Say which is the family name: write it as SURNAME, First."))
        named = {"family_name": _cased(cell.strip(" ,"))}
    else:
        named = {"given_name": _cased(given), "family_name": _cased(family)}
    if _DAMAGED.search(cell):
        problems.append(Problem("name", "damaged-letters", "Write the name again: a letter of it was lost in saving."))
    return named, problems


def _cased(name: str) -> str:
    """A name in capitals as it is written in a letter; one with small letters stays as it is."""
    return name.title() if name.isupper() else name
