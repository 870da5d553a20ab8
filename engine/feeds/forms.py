"""Reads how another system writes its tables, and refuses a profile that leaves anything to be guessed."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import BadConfiguration, NotFound, WrongInput
from engine.intake.profiles import Profile

_DAY_FORMS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d", "%d %b %Y", "%d %B %Y", "%Y%m%d")
_KEYS = ("about", "force", "encoding", "days", "columns", "left_out", "words")


@dataclass(frozen=True)
class Asked:
    """What a feed asks of its profiles: the fields there are, those no row can do without, the codes of each field.

    ``further`` are the keys that only this feed knows; their tables come as they stand and the feed judges them.
    """

    kind: str
    fields: frozenset[str]
    required: tuple[str, ...]
    codes: Mapping[str, Collection[str]]
    further: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """How one system writes: its columns and words for ours, and what the feed alone asked for under ``further``."""

    name: str
    force: str
    profile: Profile
    further: Mapping[str, Any]

    def fault(self, kind: str, key: str, remedy: str) -> BadConfiguration:
        """The refusal of this profile, with its file."""
        return BadConfiguration(f"{kind}/{self.name}.toml", key, remedy)


def form_of(folder: Path, asked: Asked, name: str | None) -> Form:
    """The profile of that name, or the only one there is.  Raises NotFound, WrongInput or BadConfiguration."""
    there = {file.stem: file for file in sorted((folder / asked.kind).glob("*.toml"))}
    listed = ", ".join(there) or "none"
    if name is not None:
        if name not in there:
            raise NotFound(f"There is no such profile. There are: {listed}.")
        return _load(there[name], asked)
    if len(there) != 1:
        raise WrongInput(f"Say which profile: --profile NAME. There are: {listed}.")
    return _load(next(iter(there.values())), asked)


def _load(file: Path, asked: Asked) -> Form:
    place = f"{asked.kind}/{file.name}"

    def fault(key: str, remedy: str) -> BadConfiguration:
        return BadConfiguration(place, key, remedy)

    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise fault("file", f"It is not readable TOML: {wrong}.") from None
    for key in document:
        if key not in (*_KEYS, *asked.further):
            raise fault(key, f"This key is unknown: use {', '.join(sorted((*_KEYS, *asked.further)))}.")
    encoding = document.get("encoding", "told")
    if encoding not in ("told", "utf-8", "cp1252"):
        raise fault("encoding", 'Give "utf-8" or "cp1252", or leave it out to have it told by the content.')
    days = document.get("days", ["%Y-%m-%d"])
    if not isinstance(days, list) or not days or not set(map(str, days)) <= set(_DAY_FORMS):
        raise fault("days", f"Give the forms of a day out of: {', '.join(_DAY_FORMS)}.")
    columns = _texts(document.get("columns"), fault, "columns")
    for theirs, ours in columns.items():
        if ours not in asked.fields:
            raise fault(f"columns.{theirs}", f"There is no such field: use {', '.join(sorted(asked.fields))}.")
        if list(columns.values()).count(ours) > 1:
            raise fault(f"columns.{theirs}", "Another column is this field already: keep one of the two.")
    for ours in asked.required:
        if ours not in columns.values():
            raise fault("columns", f"Say which column is {ours}: no row can be taken without it.")
    left_out = document.get("left_out", [])
    if not isinstance(left_out, list) or not all(isinstance(each, str) for each in left_out):
        raise fault("left_out", "Give a list of texts in quotation marks.")
    profile = Profile(
        name=file.stem,
        force=str(document.get("force", "")),
        encoding=encoding,
        days=tuple(days),
        columns=columns,
        left_out=frozenset(left_out),
        words=_words(document, asked, fault),
        required=asked.required,
    )
    return Form(file.stem, profile.force, profile, {key: document.get(key) for key in asked.further})


def _texts(given: object, fault: Any, key: str) -> dict[str, str]:
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise fault(key, "Give a table of texts in quotation marks.")
    return dict(given)


def _words(document: Mapping[str, Any], asked: Asked, fault: Any) -> dict[str, dict[str, str]]:
    given = document.get("words", {})
    if not isinstance(given, dict):
        raise fault("words", "Give a table for each field.")
    found = {}
    for name, table in given.items():
        if name not in asked.codes:
            raise fault(f"words.{name}", f"Words are given for: {', '.join(sorted(asked.codes))}.")
        found[name] = _texts(table, fault, f"words.{name}")
        for word, code in found[name].items():
            if not word.strip() or code not in asked.codes[name]:
                raise fault(f"words.{name}.{word}", f"Use one of: {', '.join(sorted(asked.codes[name]))}.")
    return found
