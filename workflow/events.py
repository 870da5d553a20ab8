"""Says what an event is, what an event kind is, and whether the fields of an event fit its kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from workflow.london import london_day, written_day
from workflow.problems import Problem

Value = str | int | bool
Fields = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a case.

    ``at`` is when it happened, ``recorded_at`` when we knew, ``by`` who told the system (a user or an account).
    ``fields`` hold codes, days, numbers and references only, never personal data: words go to a note, and the event
    keeps its reference.  ``corrects`` names the event this one puts right.  ``reached`` is the state of every track
    after the event, as it was judged then under the tables of version ``tables``; it is never judged again.
    """

    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    by: str
    fields: Mapping[str, Value] = field(default_factory=dict)
    corrects: int | None = None
    reached: Mapping[str, str] = field(default_factory=dict)
    tables: str = ""

    def leading_to(self, states: Mapping[str, str]) -> "Event":
        """The same event with the state of every track after it."""
        return Event(
            self.seq,
            self.kind,
            self.at,
            self.recorded_at,
            self.by,
            self.fields,
            self.corrects,
            states,
            self.tables,
        )

    @property
    def day(self) -> date:
        """The London day on which it happened."""
        return london_day(self.at)

    @property
    def recorded_day(self) -> date:
        """The London day on which we knew."""
        return london_day(self.recorded_at)

    def text(self, name: str) -> str:
        """The field as text, empty where it was not given."""
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else str(value).lower()

    def items(self, name: str) -> tuple[str, ...]:
        """A field of several choices as its items; empty where it was not given."""
        return tuple(item for item in self.text(name).split("|") if item)

    def day_of(self, name: str) -> date | None:
        """A field that is a day; None where it was not given."""
        text = self.text(name)
        return date.fromisoformat(text) if text else None


class FieldKind(StrEnum):
    """What may stand in a field of an event."""

    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"
    DAY = "day"
    NUMBER = "number"
    CODE = "code"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an event kind: its name, how the form asks for it, and what may stand in it.

    A ``NOTE`` is words about a person: the form takes the words, the event keeps the reference of the note.
    """

    name: str
    label: str
    kind: FieldKind
    choices: tuple[str, ...] = ()
    required: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event: its name, its label on the page, what it means for the case, and its fields.

    ``opens_form`` is false for what only the system records (a letter released, a reminder raised).
    """

    name: str
    label: str
    meaning: str
    fields: tuple[Field, ...] = ()
    opens_form: bool = True

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((each for each in self.fields if each.name == name), None)


CODE_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:")
"""What a code or a reference is made of."""


def _value_problem(asked: Field, value: object) -> str | None:
    """Why a value does not fit its field, as a remedy in one sentence; None when it fits."""
    match asked.kind:
        case FieldKind.CHOICE:
            if value not in asked.choices:
                return f"Choose one of: {', '.join(asked.choices)}."
        case FieldKind.CHOICES:
            if not isinstance(value, str) or any(item not in asked.choices for item in value.split("|")):
                return f"Choose from: {', '.join(asked.choices)}, with | between them."
        case FieldKind.FLAG:
            if not isinstance(value, bool):
                return "Answer yes or no."
        case FieldKind.DAY:
            if not isinstance(value, str) or not _is_day(value):
                return "Give a day as YYYY-MM-DD."
        case FieldKind.NUMBER:
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100_000:
                return "Give a whole number from 0 to 100000."
        case FieldKind.CODE | FieldKind.NOTE:
            if not isinstance(value, str) or not 1 <= len(value) <= 64 or not CODE_CHARACTERS.issuperset(value):
                return "Give a short code of letters, digits and - _ . / : only."
    return None


def _is_day(text: str) -> bool:
    day = written_day(text)
    return day is not None and 1900 <= day.year <= 2199


def field_problems(kind: EventKind, fields: Mapping[str, object]) -> tuple[Problem, ...]:
    """Everything wrong with the fields of an event of this kind, in the order of the form."""
    known = {each.name for each in kind.fields}
    problems = [
        Problem(name, "unknown-field", f"Leave it out: {kind.name} has the fields {_names(kind)}.")
        for name in fields
        if name not in known
    ]
    for asked in kind.fields:
        if asked.name not in fields:
            if asked.required:
                problems.append(Problem(asked.name, "missing-field", f"Give {asked.label.lower()}."))
            continue
        remedy = _value_problem(asked, fields[asked.name])
        if remedy is not None:
            problems.append(Problem(asked.name, "wrong-value", remedy))
    return tuple(problems)


def _names(kind: EventKind) -> str:
    return ", ".join(each.name for each in kind.fields) or "none"


def typed(asked: Field, text: str) -> Value:
    """The text of a form or a command line as the type of the field; what does not fit stays text and is refused."""
    if asked.kind is FieldKind.FLAG and text in ("true", "false", "yes", "no"):
        return text in ("true", "yes")
    if asked.kind is FieldKind.NUMBER and text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    return text
