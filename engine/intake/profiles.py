"""Reads how a force writes its files, from config/police/, and refuses a profile that leaves anything to be guessed."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from engine.errors import BadConfiguration
from engine.intake.columns import column_kind
from workflow.london import LONDON
from workflow.vocabulary import Characteristic

Encoding = Literal["told", "utf-8", "cp1252"]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_KEYS = {
    "force",
    "about",
    "encoding",
    "days",
    "moments",
    "columns",
    "left_out",
    "always",
    "true",
    "false",
    "words",
    "characteristics",
}
# Words that one officer means as a yes and another as a no, or as nothing at all.
_AMBIGUOUS = re.compile(r"(?i)[\W\d_]*|n/?a|nil|none|null|nan|unknown|not known|on|off|ok|okay|x|maybe|tbc|see notes?")
_DAY_FORMS = {"%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d", "%d %b %Y", "%d %B %Y", "%Y%m%d", "%m/%d/%Y"}
_MOMENT_FORMS = {f"{day} {time}" for day in _DAY_FORMS - {"%m/%d/%Y"} for time in ("%H:%M", "%H:%M:%S")}
_STATUSES = {"prefer_not_to_say", "asked_unable", "not_asked", "not_applicable", "withdrawn"}
_YES = {("consent.decision", "yes"), ("consent.decision", "not_objected"), ("consent.scope.contact", "true")}
_NOT_A_WORD = "?"


@dataclass(frozen=True)
class Profile:
    """How one force writes: its column names, its words for ours, its days, what it never says.

    ``columns`` gives our dotted path for each of its columns, ``always`` what is true of every record, ``words`` for a
    path our word for each of its words.  A column of a characteristic holds status and value in one: ``statuses`` are
    its words for the statuses, and every other word is an answer.
    """

    name: str
    force: str
    encoding: Encoding = "told"
    days: tuple[str, ...] = ("%Y-%m-%d",)
    moments: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    always: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    statuses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    true: frozenset[str] = frozenset({"true"})
    false: frozenset[str] = frozenset({"false"})
    required: tuple[str, ...] = ()
    """Where the table holds no consent records: the fields without which none of its rows can be taken."""

    def cell(self, path: str, cell: str) -> str:
        """What a cell of theirs is in our words; what the profile has no word for is nothing that any field takes."""
        if cell == "":
            return ""
        words = self.words.get(path)
        if words is not None:
            return "|".join(words.get(item.strip(), _NOT_A_WORD) for item in cell.split("|"))
        if column_kind(path) == "flag":
            return "true" if cell in self.true else "false" if cell in self.false else _NOT_A_WORD
        if _is_day(path):
            return _day(cell, self.days)
        if path == "submitted_at" and self.moments:
            return _moment(cell, self.moments)
        return cell

    def answer(self, path: str, cell: str) -> tuple[str, str, str]:
        """Status, value and original code of a characteristic that they write in one cell; a blank is nothing."""
        if cell == "":
            return "", "", ""
        status = self.statuses[path].get(cell)
        if status is not None:
            return status, "", ""
        value = self.cell(f"{path}.value", cell)
        return "answered", value, cell if value != cell and re.fullmatch(r"[A-Za-z0-9]{1,8}", cell) else ""


def _day(cell: str, forms: tuple[str, ...]) -> str:
    for form in forms:
        try:
            found = datetime.strptime(cell.strip(), form)  # noqa: DTZ007 - only the day is read
        except ValueError:
            continue
        # The library also reads 3/4/26 under a form with four digits for the year.
        if found.strftime("%Y") in cell:
            return found.date().isoformat()
    return _NOT_A_WORD


def _moment(cell: str, forms: tuple[str, ...]) -> str:
    """A moment written without its zone, which is London's."""
    for form in forms:
        try:
            found = datetime.strptime(cell.strip(), form).replace(tzinfo=LONDON)
        except ValueError:
            continue
        if found.strftime("%Y") in cell:
            return found.isoformat()
    return cell


def _is_day(path: str) -> bool:
    last = path.rpartition(".")[2]
    return last in ("on", "from", "to", "date_of_birth") or last.endswith("_on")


def load_profiles(folder: Path) -> dict[str, Profile]:
    """Every profile in a folder by its name, which is that of its file; none where there is no folder.

    Raises BadConfiguration, naming file, key and remedy.
    """
    if not folder.is_dir():
        return {}
    return {file.stem: _load(file) for file in sorted(folder.glob("*.toml"))}


def _load(file: Path) -> Profile:
    fault = _Fault(f"police/{file.name}")
    if not _NAME.fullmatch(file.stem):
        raise fault("file", "Name it in small letters, digits and hyphens.")
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise fault("file", f"It is not readable TOML: {wrong}.") from None
    for key in document:
        if key not in _KEYS:
            raise fault(key, f"This key is unknown: use {', '.join(sorted(_KEYS))}.")
    force = document.get("force")
    if not isinstance(force, str) or not force:
        raise fault("force", "Name the force as in service.toml.")
    encoding = document.get("encoding", "told")
    if encoding not in ("told", "utf-8", "cp1252"):
        raise fault("encoding", 'Give "utf-8" or "cp1252", or leave it out to have it told by the content.')
    days = _texts(document.get("days", ["%Y-%m-%d"]), fault, "days")
    for form in days:
        if form not in _DAY_FORMS:
            raise fault("days", f"Give the forms of a day out of: {', '.join(sorted(_DAY_FORMS))}.")
    if {"%d/%m/%Y", "%m/%d/%Y"} <= set(days):
        raise fault("days", "Choose: with both day/month and month/day nobody knows what 03/04/2026 is.")
    moments = _texts(document.get("moments", []), fault, "moments")
    for form in moments:
        if form not in _MOMENT_FORMS:
            raise fault("moments", f"Give the forms of a moment out of: {', '.join(sorted(_MOMENT_FORMS))}.")
    true, false = _flag_words(document, fault)
    columns, statuses = _columns(document, fault)
    always = _strings(document.get("always", {}), fault, "always")
    for path in always:
        _known(path, fault, f"always.{path}")
        if path in columns.values():
            raise fault(f"always.{path}", "This is a column as well: keep one of the two.")
        if path == "force" and always[path] != force:
            raise fault("always.force", "Give the force of this profile.")
        if path in ("consent.decision", "consent.scope.contact"):
            raise fault(f"always.{path}", "Take it out: nobody agrees for every victim.")
    return Profile(
        name=file.stem,
        force=force,
        encoding=encoding,
        days=tuple(days),
        moments=tuple(moments),
        columns=columns,
        left_out=frozenset(_texts(document.get("left_out", []), fault, "left_out")),
        always=always,
        words=_words(document, fault),
        statuses=statuses,
        true=true,
        false=false,
    )


class _Fault:
    """Makes the refusal of a profile, with its file."""

    def __init__(self, file: str) -> None:
        self._file = file

    def __call__(self, key: str, remedy: str) -> BadConfiguration:
        return BadConfiguration(self._file, key, remedy)


def _known(path: str, fault: _Fault, key: str) -> None:
    if column_kind(path) in (None, "table"):
        raise fault(key, "No consent record has this field: see victim-contact template consent.")


def _strings(given: object, fault: _Fault, key: str) -> dict[str, str]:
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise fault(key, "Give a table of texts in quotation marks.")
    return dict(given)


def _texts(given: object, fault: _Fault, key: str) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(value, str) for value in given):
        raise fault(key, "Give a list of texts in quotation marks.")
    return list(given)


def _columns(document: Mapping[str, Any], fault: _Fault) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    columns = _strings(document.get("columns"), fault, "columns")
    given = document.get("characteristics", {})
    if not isinstance(given, dict):
        raise fault("characteristics", "Give a table for each characteristic.")
    statuses: dict[str, dict[str, str]] = {}
    for name, table in given.items():
        key = f"characteristics.{name}"
        if name not in tuple(Characteristic):
            raise fault(key, f"Use one of: {', '.join(Characteristic)}.")
        statuses[key] = _strings(table, fault, key)
        for word, status in statuses[key].items():
            if not word.strip():
                raise fault(f"{key}.{word!r}", "A blank is no answer: it is never a status.")
            if status not in _STATUSES:
                raise fault(f"{key}.{word}", f"Use one of: {', '.join(sorted(_STATUSES))}.")
    taken: dict[str, str] = {}
    for theirs, path in columns.items():
        if path not in statuses:
            _known(path, fault, f"columns.{theirs}")
        if path in taken:
            raise fault(f"columns.{theirs}", f"{path} has a column already: {taken[path]}.")
        taken[path] = theirs
    for path in statuses:
        if path not in taken:
            raise fault(path, "No column is this characteristic: add it to columns.")
    return columns, statuses


def _words(document: Mapping[str, Any], fault: _Fault) -> dict[str, dict[str, str]]:
    given = document.get("words", {})
    if not isinstance(given, dict):
        raise fault("words", "Give a table for each field.")
    words: dict[str, dict[str, str]] = {}
    for path, table in given.items():
        key = f"words.{path}"
        _known(path, fault, key)
        words[path] = _strings(table, fault, key)
        for theirs, ours in words[path].items():
            if not theirs.strip():
                raise fault(key, "A blank is no word: take it out.")
            if (path, ours) in _YES and _AMBIGUOUS.fullmatch(theirs.strip()):
                raise fault(f"{key}.{theirs}", "This word may mean anything: a yes needs a word that says yes.")
        meant: dict[str, str] = {}
        for theirs, ours in words[path].items():
            if meant.setdefault(theirs.strip().casefold(), ours) != ours:
                raise fault(f"{key}.{theirs}", "Written in capitals or not, one word cannot mean two things.")
    return words


def _flag_words(document: Mapping[str, Any], fault: _Fault) -> tuple[frozenset[str], frozenset[str]]:
    true = frozenset(_texts(document.get("true", ["true"]), fault, "true"))
    false = frozenset(_texts(document.get("false", ["false"]), fault, "false"))
    for key, words in (("true", true), ("false", false)):
        if any(_AMBIGUOUS.fullmatch(word.strip()) for word in words) and key == "true":
            raise fault(key, "Such a word may mean anything: use words that say yes.")
        if any(not word.strip() for word in words):
            raise fault(key, "A blank is no word: take it out.")
    if {word.casefold() for word in true} & {word.casefold() for word in false}:
        raise fault("true", "One word cannot be true and false.")
    return true, false
