"""Words the fields of a consent record as questions, and reads the answers back into the cells of a police file.

Which answers there are comes from the record itself, and an answer is turned into a raw record by the same columns as a
line of a file, so that what a page takes is judged by the one judgement there is.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from starlette.datastructures import FormData

from engine.intake.record import ConsentRecord
from engine.intake.texts import Day
from web.police.wording import CHARACTERISTICS, CHOICES, HINTS, LABELS, OFFERED, REMEDIES
from web.words import value as in_words
from workflow.problems import Problem

Cells = dict[str, str]
"""What was answered, by the dotted path of the field, as it would stand in a police file; empty means: none."""

LONGEST = 4000
STATUSES = ("prefer_not_to_say", "asked_unable", "not_asked")
"""The answers to a question about a characteristic that hold no value; a blank is none of them."""

_WHOLE = "incident.contact_conditions"
_NONE = "none-of-these"
_OTHER = "in-other-words"
_CAN_BE_NONE = frozenset({"safety.risks", "safety.must_not_know", "safety.do_not_contact_times", "needs.formats"})
_DAYS = frozenset({"officer.rest_days"})
"""Those asked in lines of which each is a day."""
_LONG = frozenset({"notes", "needs.note", "needs.support", "enhanced_rights.basis"})


@dataclass(frozen=True, slots=True)
class Question:
    """One question as a page shows it: what was typed before, and what is wrong with it."""

    path: str
    name: str
    kind: str
    label: str
    hint: str
    choices: Sequence[tuple[str, str]]
    typed: Mapping[str, Sequence[str]]
    error: str = ""

    @property
    def anchor(self) -> str:
        """Where the summary of errors leads."""
        return f"{self.name}-day" if self.kind == "day" else self.name

    def value(self, part: str = "") -> str:
        """What was typed before."""
        given = self.typed.get(f"{self.name}-{part}" if part else self.name, ())
        return given[0] if given else ""

    def values(self) -> list[str]:
        """Everything that was ticked before."""
        return list(self.typed.get(self.name, ()))


def name_of(path: str) -> str:
    """The name of the field of a form in which a field of a record is asked."""
    return path.replace(".", "-")


def is_askable(path: str) -> bool:
    """Whether there is a question for a field."""
    return path in LABELS or path == _WHOLE or path.removeprefix("characteristics.") in CHARACTERISTICS


def asked_for(missing: Iterable[str]) -> list[str]:
    """The fields that are asked for so that these places are filled: themselves, or what lies in them."""
    found: list[str] = []
    for path in missing:
        if is_askable(path):
            found.append(path)
        # A problem of a whole part is no gap that a question could fill.
        if path == _WHOLE or ("." in path and not is_askable(path)):
            found += [
                each
                for each in LABELS
                if each.startswith((f"{path}.", f"{path}.1.")) and ".2." not in each and ".3." not in each
            ]
    return list(dict.fromkeys(found))


def question(path: str, typed: Mapping[str, Sequence[str]], problem: Problem | None = None) -> Question:
    """The question for a field."""
    characteristic = path.removeprefix("characteristics.")
    choices: Sequence[tuple[str, str]]
    if path == _WHOLE:
        kind, choices = "choice", (("none", "No, somebody looked and there is none"), ("some", "Yes, as follows"))
        label, hint = "Is there a condition that keeps the child away from the victim?", ""
    elif characteristic in CHARACTERISTICS:
        label, hint = CHARACTERISTICS[characteristic]
        kind, choices = "characteristic", _characteristic_choices(characteristic)
    else:
        kind, codes = _shape(_plain(path))
        choices = tuple((code, CHOICES.get((path, code)) or in_words(code)) for code in codes)
        if kind == "flag":
            choices = (("true", "Yes"), ("false", "No"))
        if kind == "choices" and path in _CAN_BE_NONE:
            choices = (*choices, (_NONE, "None of these"))
        label, hint = LABELS[path], HINTS.get(path, "")
    error = remedy(problem) if problem else ""
    return Question(path, name_of(path), kind, label, hint, choices, typed, error)


def remedy(problem: Problem) -> str:
    """What to do about a problem, in the words of a page; the remedy of the interface where those fit."""
    return REMEDIES.get(problem.rule, problem.remedy.rstrip("."))


def read(paths: Sequence[str], sent: FormData) -> Cells:
    """What a form says, by field; what was left empty is not in it, and nothing is judged here."""
    found: Cells = {}
    for path in paths:
        name, characteristic = name_of(path), path.removeprefix("characteristics.")
        if characteristic in CHARACTERISTICS:
            found |= _characteristic(path, name, sent)
            continue
        if path == _WHOLE:
            if _text(sent, name) == "none":
                found[path] = ""
            continue
        kind, _ = _shape(_plain(path))
        if kind == "day":
            cell = _day([_text(sent, f"{name}-{part}") for part in ("day", "month", "year")])
        elif kind == "choices":
            ticked = [each for each in sent.getlist(name) if isinstance(each, str)]
            if ticked == [_NONE]:
                found[path] = ""
            cell = "|".join(each for each in ticked if each != _NONE)
        elif kind == "lines":
            lines = [line.replace("|", " ").strip() for line in _text(sent, name).splitlines()]
            cell = "|".join(_day_written(line) if path in _DAYS else line for line in lines if line)
        else:
            cell = _text(sent, name)
        if cell:
            found[path] = cell
    return found


def typed_of(paths: Sequence[str], cells: Mapping[str, str]) -> dict[str, list[str]]:
    """What a page shows again of answers that were kept."""
    found: dict[str, list[str]] = {}
    for path in paths:
        name, characteristic = name_of(path), path.removeprefix("characteristics.")
        if characteristic in CHARACTERISTICS:
            status, value = cells.get(f"{path}.status", ""), cells.get(f"{path}.value", "")
            offered = dict(_characteristic_choices(characteristic))
            if status == "answered":
                found[name] = [f"={value}" if f"={value}" in offered else _OTHER]
                found[f"{name}-other"] = ["" if f"={value}" in offered else value]
            elif status:
                found[name] = [status]
        elif path in cells:
            kind, _ = _shape(_plain(path))
            cell = cells[path]
            if kind == "day":
                year, _, rest = cell.partition("-")
                month, _, day = rest.partition("-")
                for part, number in (("day", day), ("month", month), ("year", year)):
                    found[f"{name}-{part}"] = [number.lstrip("0")]
            elif kind == "choices":
                found[name] = cell.split("|") if cell else [_NONE]
            elif kind == "lines":
                lines = cell.split("|")
                found[name] = ["\n".join(_day_typed(line) if path in _DAYS else line for line in lines)]
            else:
                found[name] = [cell]
    return found


def shown(path: str, cells: Mapping[str, str]) -> str:
    """An answer in words, for checking; empty where nothing was answered."""
    characteristic = path.removeprefix("characteristics.")
    if characteristic in CHARACTERISTICS:
        status, value = cells.get(f"{path}.status", ""), cells.get(f"{path}.value", "")
        choices = dict(_characteristic_choices(characteristic))
        return (choices.get(f"={value}") or value) if status == "answered" else choices.get(status, "")
    if path not in cells:
        return ""
    made = question(path, {})
    cell = cells[path]
    if not cell:
        return "None"
    words = dict(made.choices)
    if made.kind == "choices":
        return ", ".join(words.get(each, each) for each in cell.split("|"))
    if made.kind == "day":
        from web.words import day

        try:
            return day(cell)
        except ValueError:
            return cell
    return ", ".join(cell.split("|")) if made.kind == "lines" else words.get(cell, cell)


def _characteristic(path: str, name: str, sent: FormData) -> Cells:
    """One of the nine: an answer, or why there is none; nothing at all where nothing was chosen."""
    chosen = _text(sent, name)
    if chosen.startswith("="):
        return {f"{path}.status": "answered", f"{path}.value": chosen[1:]}
    if chosen == _OTHER:
        other = _text(sent, f"{name}-other")
        return {f"{path}.status": "answered", **({f"{path}.value": other} if other else {})}
    return {f"{path}.status": chosen} if chosen else {}


@cache
def _characteristic_choices(name: str) -> tuple[tuple[str, str], ...]:
    kind, codes = _shape(f"characteristics.{name}.value")
    offered = tuple(code for code in codes if code not in ("O1", "NS")) or OFFERED.get(name, ())
    answers = tuple((f"={code}", CHOICES.get((name, code)) or in_words(code)) for code in offered)
    other = ((_OTHER, "In the victim’s own words" if offered else "Answered"),) if kind == "line" else ()
    return (
        *answers,
        *other,
        ("prefer_not_to_say", "Prefer not to say"),
        ("asked_unable", "Asked, but could not answer"),
        ("not_asked", "Not asked"),
    )


def _text(sent: FormData, name: str) -> str:
    value = sent.get(name, "")
    return value.replace("\r\n", "\n").strip()[:LONGEST] if isinstance(value, str) else ""


def _day(parts: Sequence[str]) -> str:
    """A day as it stands in a file; parts that are none are joined all the same, and judged as no day."""
    if not any(parts):
        return ""
    day, month, year = parts
    return f"{year.zfill(4)}-{month.zfill(2)}-{day.zfill(2)}"


def _day_written(line: str) -> str:
    """A line such as ``27 3 2026`` or ``27/3/2026`` as a day stands in a file; any other line as it is."""
    parts = [part for part in re.split(r"[\s/.\-]+", line) if part]
    return _day(parts) if len(parts) == 3 and len(parts[2]) == 4 else line


def _day_typed(line: str) -> str:
    """A day out of a file as an officer types it; what is none as it is."""
    parts = line.split("-")
    return " ".join(part.lstrip("0") for part in reversed(parts)) if len(parts) == 3 else line


def _plain(path: str) -> str:
    """A path without the numbers of list items."""
    return ".".join(step for step in path.split(".") if not step.isdigit())


@cache
def _shape(path: str) -> tuple[str, tuple[str, ...]]:
    """How a field of a record is asked, and the answers it knows."""
    node: Any = ConsentRecord
    for step in path.split("."):
        fields = node.model_fields
        found = fields.get(step) or next(each for each in fields.values() if each.alias == step)
        node = _inner(found.annotation)
        if (
            get_origin(node) is tuple
            and isinstance(item := _inner(get_args(node)[0]), type)
            and issubclass(item, BaseModel)
        ):
            node = item
    if get_origin(node) is tuple:
        codes = _codes(_inner(get_args(node)[0]))
        return ("choices", codes) if codes else ("lines", ())
    codes = _codes(node)
    if codes:
        return "choice", codes
    if node is bool:
        return "flag", ()
    if node is int:
        return "number", ()
    if node is _DAY:
        return "day", ()
    return ("long" if path in _LONG else "line"), ()


def _codes(node: Any) -> tuple[str, ...]:
    if get_origin(node) is Literal:
        return tuple(get_args(node))
    return tuple(str(each) for each in node) if isinstance(node, type) and issubclass(node, Enum) else ()


def _inner(annotation: Any) -> Any:
    if get_origin(annotation) is Annotated:
        return _inner(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return _inner(next(choice for choice in get_args(annotation) if choice is not type(None)))
    return annotation


_DAY = _inner(Day)
