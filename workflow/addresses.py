"""Decides when two postal addresses are, or may be, the same door: one form for equality, and keys for what is near."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Of(StrEnum):
    """Whose address it is, beside the victim's."""

    CHILD = "child"
    HOUSEHOLD = "household"
    PLACEMENT = "placement"
    SCHOOL = "school"
    STAFF = "staff"


HOME = (Of.CHILD, Of.HOUSEHOLD, Of.PLACEMENT)
"""Where the child lives, stays, or has lived: a letter that arrives there arrives at the child."""


class Grade(StrEnum):
    """How much two addresses that share a key are alike; the strongest first."""

    SAME = "same"
    NEAR = "near"
    POSTCODE = "postcode"


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one address, each to be made a digest before it is kept; and whether it names a house number.

    Two addresses that share a ``SAME`` or ``NEAR`` key are alike.  A shared ``POSTCODE`` key makes them alike only
    where one of them names no number: a postcode is some fifteen doors.
    """

    keys: frozenset[tuple[Grade, str]]
    has_number: bool


_SHORT: Mapping[str, str] = {
    "st": "street",
    "str": "street",
    "rd": "road",
    "ave": "avenue",
    "av": "avenue",
    "ln": "lane",
    "cl": "close",
    "dr": "drive",
    "crt": "court",
    "ct": "court",
    "cres": "crescent",
    "gdns": "gardens",
    "gdn": "gardens",
    "garden": "gardens",
    "pl": "place",
    "sq": "square",
    "terr": "terrace",
    "ter": "terrace",
    "hse": "house",
    "bldg": "building",
    "bldgs": "building",
    "buildings": "building",
    "apt": "flat",
    "apartment": "flat",
    "fl": "flat",
    "unit": "flat",
    "room": "flat",
    "rm": "flat",
    "no": "",
    "number": "",
    "the": "",
    "uk": "",
    "england": "",
    "wales": "",
}
_FLOORS = frozenset({"ground", "first", "second", "third", "top", "upper", "lower", "basement", "floor"})
# What is written for what is meant where a hand or an eye slips.
_ALIKE = str.maketrans({"o": "0", "i": "1", "l": "1", "s": "5", "z": "2", "b": "8", "q": "0", "g": "6"})
_NUMBER = re.compile(r"\d+[a-z]?")
_RANGE = re.compile(r"(\d+)\s*[-/\u2013]\s*(\d+)")


def keys(lines: Sequence[str], postcode: str) -> Keys:
    """The keys of an address: its lines in any order, and its postcode.

    Equal, but for capitals, accents, punctuation, abbreviations and the order of the lines, is ``SAME``.  The same
    number at the same postcode is ``NEAR``, whatever the flat or the spelling of the street; so is the same number and
    street with one slip in the postcode, and the same words without any postcode.
    """
    code = _plain(postcode).replace(" ", "")
    rows = [words for line in lines if (words := _words(line))]
    everything = [word for row in rows for word in row]
    numbers, streets = _numbers(rows)
    found = {(Grade.SAME, _key("all", code, *sorted(set(everything)))), (Grade.POSTCODE, _key("code", code))}
    found.add((Grade.NEAR, _key("words", *sorted(set(everything)))))
    for number in numbers:
        found.add((Grade.NEAR, _key("door", code.translate(_ALIKE), number)))
    for number, street in streets:
        found |= {(Grade.NEAR, _key("slip", slip, number, street)) for slip in _slips(code)}
    names = _names(rows) if not numbers else []
    found |= {(Grade.NEAR, _key("name", slip, *names)) for slip in _slips(code) if names}
    return Keys(frozenset(found), bool(numbers))


def _key(*parts: str) -> str:
    return "|".join(parts)


def _plain(text: str) -> str:
    """Small letters without accents and punctuation."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(each for each in apart if not unicodedata.combining(each)).replace("'", "").replace("\u2019", "")
    return " ".join(re.sub(r"[^\w]+", " ", bare.replace("_", " ")).split())


def _words(line: str) -> list[str]:
    spread = _RANGE.sub(lambda ends: f"{ends[1]} {ends[2]}", line)
    # A letter that stands apart from its number belongs to it: 12 b is 12b.
    joined = re.sub(r"\b(\d+) ([a-h])\b", r"\1\2", _plain(spread))
    return [word for each in joined.split() if (word := _SHORT.get(each, each))]


def _numbers(rows: Sequence[Sequence[str]]) -> tuple[set[str], set[tuple[str, str]]]:
    """The numbers of the house, without those of a flat or its letter, and each with the street that follows it."""
    numbers: set[str] = set()
    streets: set[tuple[str, str]] = set()
    for row in rows:
        for place, word in enumerate(row):
            before = row[place - 1] if place else ""
            if not _NUMBER.fullmatch(word) or before in ("flat", "floor", "box"):
                continue
            number = word.rstrip("abcdefghijklmnopqrstuvwxyz")
            numbers.add(number)
            street = [each for each in row[place + 1 :] if not _NUMBER.fullmatch(each) and each != "flat"]
            if street:
                streets.add((number, " ".join(street[:2])))
    # A number alone on its line belongs to the line that follows.
    for row, following in pairwise(rows):
        if len(row) == 1 and _NUMBER.fullmatch(row[0]):
            streets.add((row[0].rstrip("abcdefghijklmnopqrstuvwxyz"), " ".join(following[:2])))
    return numbers, streets


def _names(rows: Sequence[Sequence[str]]) -> list[str]:
    """The words of the first line that name a house, in any order."""
    return sorted({word for word in rows[0] if word not in _FLOORS and word != "flat"}) if rows else []


def _slips(code: str) -> set[str]:
    """A postcode with what looks alike made alike, and each form that one missing sign gives.

    Two postcodes that differ by one sign changed, missing, added, or two neighbours swapped share one of these.
    """
    seen = code.translate(_ALIKE)
    return {seen, *(seen[:place] + seen[place + 1 :] for place in range(len(seen)))}


def likeness(one: Keys, other: Keys) -> Grade | None:
    """How alike two addresses are: the same, near, or None where they are two different doors."""
    return grade_of((grade for grade, _ in one.keys & other.keys), both_numbered=one.has_number and other.has_number)


def grade_of(shared: Iterable[Grade], *, both_numbered: bool) -> Grade | None:
    """What the grades of the keys that two addresses share come to."""
    grades = set(shared)
    if Grade.SAME in grades:
        return Grade.SAME
    if Grade.NEAR in grades or (Grade.POSTCODE in grades and not both_numbered):
        return Grade.NEAR
    return None
