"""Makes the form of an event kind from the catalogue, and reads it back, with a word for everything that is wrong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from starlette.datastructures import FormData

from web import words
from workflow.events import EventKind, Field, FieldKind, Value, typed
from workflow.london import LONDON, start_of_day

NOTE_LIMIT = 4000
LONG_AGO = 1900

Choices = Sequence[tuple[str, str]]
"""What may be chosen: the code, and how it is shown."""

_TIME = re.compile(r"(\d{1,2})[:.](\d{2})\s*(am|pm)?", re.IGNORECASE)
_DAY_PARTS = ("day", "month", "year")


@dataclass
class Answers:
    """What came back with a form: the fields that could be read, when it happened, and what is wrong by field."""

    fields: dict[str, Value] = field(default_factory=dict)
    at: datetime | None = None
    corrects: int | None = None
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the form as the page shows it."""

    name: str
    label: str
    kind: str
    hint: str
    required: bool
    choices: Choices
    typed: Mapping[str, Sequence[str]]
    error: str
    anchor: str

    def value(self, part: str = "") -> str:
        """What was typed before, so that nobody types twice."""
        given = self.typed.get(f"{self.name}-{part}" if part else self.name, ())
        return given[0] if given else ""

    def values(self) -> Sequence[str]:
        """Everything that was ticked before."""
        return self.typed.get(self.name, ())


def typed_of(sent: FormData) -> dict[str, list[str]]:
    """Everything that was typed, by name, to be shown again."""
    found: dict[str, list[str]] = {}
    for name, value in sent.multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value[: NOTE_LIMIT * 2])
    return found


def questions(
    kind: EventKind, shown: Mapping[str, Sequence[str]], errors: Mapping[str, str], offered: Mapping[str, Choices]
) -> list[Asked]:
    """The questions of the form; ``offered`` are the choices for fields that are codes, such as users and rules."""
    return [_asked(each, shown, errors.get(each.name, ""), offered.get(each.name, ())) for each in kind.fields]


def _asked(each: Field, shown: Mapping[str, Sequence[str]], error: str, offered: Choices) -> Asked:
    choices = offered or tuple((code, words.value(code)) for code in each.choices)
    kind = str(each.kind)
    if each.kind is FieldKind.FLAG:
        choices = (("yes", "Yes"), ("no", "No"))
    if each.kind in (FieldKind.CODE, FieldKind.NUMBER) and offered:
        kind = "select" if len(offered) > 7 else "choice"
    anchor = f"{each.name}-day" if each.kind is FieldKind.DAY else each.name
    return Asked(each.name, each.label, kind, each.hint, each.required, choices, shown, error, anchor)


def read(kind: EventKind, sent: FormData, today: date) -> Answers:
    """What the form says.  Every error is one sentence that says what to give and repeats nothing."""
    found = Answers()
    for each in kind.fields:
        value = _read(each, sent, found.errors)
        if value is not None:
            found.fields[each.name] = value
        elif each.required and each.name not in found.errors:
            verb = (
                "Enter" if each.kind in (FieldKind.DAY, FieldKind.NUMBER, FieldKind.CODE, FieldKind.NOTE) else "Select"
            )
            found.errors[each.name] = f"{verb} {_lower(each.label)}"
    found.at = _moment(sent, found.errors, today)
    if kind.name == "entry_retracted":
        number = _text(sent, "corrects")
        if number.isascii() and number.isdigit() and len(number) < 9:
            found.corrects = int(number)
        else:
            found.errors["corrects"] = "Select the entry that was a mistake"
    return found


def _read(each: Field, sent: FormData, errors: dict[str, str]) -> Value | None:
    if each.kind is FieldKind.DAY:
        day = _day(each.name, each.label, sent, errors)
        return day.isoformat() if day else None
    if each.kind is FieldKind.CHOICES:
        ticked = [value for value in sent.getlist(each.name) if isinstance(value, str)]
        if any(value not in each.choices for value in ticked):
            errors[each.name] = f"Choose one of the answers to: {_lower(each.label)}"
        return "|".join(code for code in each.choices if code in ticked) or None
    text = _text(sent, each.name)
    if not text:
        return None
    if each.kind is FieldKind.NOTE:
        if len(text) > NOTE_LIMIT:
            errors[each.name] = f"{each.label} must be {NOTE_LIMIT:,} characters or fewer"
        return text
    value = typed(each, text)
    if each.kind is FieldKind.CHOICE and value not in each.choices:
        errors[each.name] = f"Choose one of the answers to: {_lower(each.label)}"
    elif each.kind is FieldKind.FLAG and not isinstance(value, bool):
        errors[each.name] = "Select yes or no"
    elif each.kind is FieldKind.NUMBER and not isinstance(value, int):
        errors[each.name] = f"{each.label} must be a whole number, like 4"
    elif each.kind is FieldKind.CODE and (len(text) > 64 or not re.fullmatch(r"[A-Za-z0-9_./:-]+", text)):
        errors[each.name] = f"{each.label} must be letters, digits and - _ . / : only, without spaces"
    return value


def _text(sent: FormData, name: str) -> str:
    value = sent.get(name, "")
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:].rstrip("?")


def _day(name: str, label: str, sent: FormData, errors: dict[str, str]) -> date | None:
    """A day from its three boxes; None where all are empty or it is no day."""
    parts = [_text(sent, f"{name}-{part}") for part in _DAY_PARTS]
    if not any(parts):
        return None
    missing = [part for part, text in zip(_DAY_PARTS, parts, strict=True) if not text]
    if missing:
        errors[name] = f"{label} must include a {' and a '.join(missing)}"
        return None
    try:
        day, month, year = (int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0 for text in parts)
        found = date(year, month, day)
    except ValueError:
        found = date.min
    if not LONG_AGO <= found.year < LONG_AGO + 300:
        errors[name] = f"{label} must be a real date, like 27 3 2026"
        return None
    return found


def _moment(sent: FormData, errors: dict[str, str], today: date) -> datetime | None:
    """When it happened: None where nothing was typed, which means now; a day without a time is its first moment."""
    day = _day("at", "The day it happened", sent, errors)
    clock = _text(sent, "at-time")
    if "at" in errors or (day is None and not clock):
        return None
    if day is None:
        errors["at"] = "The day it happened must be given with the time"
        return None
    if day > today:
        errors["at"] = "The day it happened must be today or in the past"
        return None
    if not clock:
        return start_of_day(day)
    said = _TIME.fullmatch(clock)
    hour, minute = (int(said[1]), int(said[2])) if said else (99, 99)
    if said and said[3] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if said[3].lower() == "pm" else 0)
    elif said and said[3]:
        hour = 99
    if hour > 23 or minute > 59:
        errors["at"] = "The time it happened must be a real time, like 9:30am or 14:30"
        return None
    return datetime.combine(day, time(hour, minute), LONDON)
