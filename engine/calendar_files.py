"""Reads the calendar from its files: what GOV.UK publishes, since when each day is known, and when we are closed."""

import json
import os
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from engine.documents import read_document
from engine.errors import BadConfiguration
from workflow.calendar import BadCalendar, Calendar, Closure, calendar_of
from workflow.closures import closures_of
from workflow.code import BadRule
from workflow.holiday_table import KnownDay, dated, known_days_of, known_document

HOLIDAYS = "bank_holidays.json"
"""The table as GOV.UK publishes it; a new one is put here by ``calendar import``, or by hand."""

KNOWN = "bank_holidays_known.json"
"""Our own table: the days the cases were told of, and since when; without it all were known from the beginning."""

CLOSURES = "local_closures.toml"
"""The days on which the service itself is closed; it need not be there."""

Stamp = tuple[tuple[int, int], ...]
"""When each file of the calendar was last written, and how long it is: whether it is the one that was read."""


def load_calendar(config_folder: Path) -> Calendar:
    """The calendar of a config folder.  Raises BadConfiguration: ``key`` is the dotted place in the file."""
    published = published_calendar(config_folder / HOLIDAYS, HOLIDAYS)
    return replace(dated(published, load_known(config_folder)), closures=_closures(config_folder))


def published_calendar(path: Path, name: str) -> Calendar:
    """The table in a file of the form that GOV.UK publishes, by itself.  Raises BadConfiguration."""
    document = read_document(path, name, json.loads)
    try:
        return calendar_of(document)
    except BadCalendar as fault:
        raise BadConfiguration(name, fault.key, fault.remedy) from None


def load_known(config_folder: Path) -> tuple[KnownDay, ...]:
    """Our own dated table; empty where there is none.  Raises BadConfiguration."""
    path = config_folder / KNOWN
    if not path.exists():
        return ()
    document = read_document(path, KNOWN, json.loads)
    try:
        return known_days_of(document)
    except BadCalendar as fault:
        raise BadConfiguration(KNOWN, fault.key, fault.remedy) from None


def _closures(config_folder: Path) -> tuple[Closure, ...]:
    path = config_folder / CLOSURES
    if not path.exists():
        return ()
    document = read_document(path, CLOSURES, tomllib.loads)
    try:
        return closures_of(document)
    except BadRule as fault:
        raise BadConfiguration(CLOSURES, fault.path, fault.remedy) from None


def stamp(config_folder: Path) -> Stamp:
    """The stamp of the files as they are now."""
    found = []
    for name in (HOLIDAYS, KNOWN, CLOSURES):
        try:
            status = os.stat(f"{config_folder}/{name}")
            found.append((status.st_mtime_ns, status.st_size))
        except OSError:
            found.append((0, 0))
    return tuple(found)


@lru_cache(maxsize=2)
def calendar_at(config_folder: Path, as_of: Stamp) -> Calendar:  # noqa: ARG001  (the stamp says which reading is kept)
    """The calendar of the files with this stamp, read once.  Raises BadConfiguration."""
    return load_calendar(config_folder)


def known_text(known: Sequence[KnownDay]) -> str:
    """The text of our own dated table, a line for each day."""
    document = known_document(known)
    days = document.pop("days")
    lines = ",\n".join(f"    {json.dumps(day, ensure_ascii=False)}" for day in days) if isinstance(days, list) else ""
    return f'{{\n  "what": {json.dumps(document["what"])},\n  "days": [\n{lines}\n  ]\n}}\n'
