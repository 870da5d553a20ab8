"""Reads the rules and the calendar from the config folder, and refuses them at the exact file and key."""

import tomllib
from datetime import date
from pathlib import Path

from engine.calendar_files import HOLIDAYS, load_calendar
from engine.documents import read_document
from engine.errors import BadConfiguration
from workflow.calendar import Calendar
from workflow.code import BadRule, Edition, Rulebook
from workflow.duty_rules import edition_of, rulebook_of

_RULES = ("victims_code/*.toml", "local_targets*.toml", "acts*.toml")


def load_rulebook(config_folder: Path) -> tuple[Rulebook, Calendar]:
    """Every edition of the Code, the local targets and the Acts, and the calendar.

    Reads ``victims_code/*.toml``, ``local_targets*.toml``, ``acts*.toml`` and the files of the calendar; a second local
    file with its own ``in_force`` is how a target changes.  Raises BadConfiguration: ``file`` is relative to the
    folder, ``key`` the dotted place in it.
    """
    editions: list[Edition] = []
    files: dict[str, str] = {}
    for pattern in _RULES:
        found = sorted(config_folder.glob(pattern))
        if not found:
            raise BadConfiguration(pattern, "file", "Put at least one file of that name into the config folder.")
        for path in found:
            name = path.relative_to(config_folder).as_posix()
            edition = _edition(path, name)
            if edition.id in files:
                raise BadConfiguration(
                    name, "edition.id", f"{files[edition.id]} already bears that id: choose another."
                )
            files[edition.id] = name
            editions.append(edition)
    try:
        rulebook = rulebook_of(editions)
    except BadRule as fault:
        edition_id, _, key = fault.path.partition("/")
        raise BadConfiguration(files[edition_id], key, fault.remedy) from None
    return rulebook, load_calendar(config_folder)


def check_horizon(calendar: Calendar, today: date) -> None:
    """Refuses a holiday table that ends before today, because every due date would be a guess.

    Raises BadConfiguration.  A table that is about to end is ``calendar.months_left(today)``, for a warning.
    """
    if calendar.horizon < today:
        raise BadConfiguration(HOLIDAYS, "england-and-wales.events", "Put the present file from GOV.UK in its place.")


def _edition(path: Path, name: str) -> Edition:
    document = read_document(path, name, tomllib.loads)
    try:
        return edition_of(document)
    except BadRule as fault:
        raise BadConfiguration(name, fault.path, fault.remedy) from None
