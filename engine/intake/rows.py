"""Names what comes out of a file: one row for each record, good or bad, in the order of the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from engine.intake.problems import Problem

FileKind = Literal["json", "json-lines", "csv", "xlsx", "unknown"]
Encoding = Literal["utf-8", "utf-16", "cp1252", "unknown"]


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file: its number counted from 1, and what it says, or the problems that made it unreadable.

    ``raw`` is None exactly when there are ``problems``.
    """

    number: int
    raw: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A file, told what it is: ``problems`` of the file as a whole, the most fundamental first, or else ``rows``.

    ``rows`` can be gone through once, and is empty when there are problems of the whole.  ``may_withdraw`` is false
    only where no record in it can be a withdrawal.
    """

    kind: FileKind
    encoding: Encoding
    problems: tuple[Problem, ...]
    rows: Iterator[Row]
    may_withdraw: bool = True


def unreadable(number: int, rule: str, remedy: str) -> Row:
    """A row that could not be read, with the reason."""
    return Row(number, None, (Problem("", rule, remedy),))
