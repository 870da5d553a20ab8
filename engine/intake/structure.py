"""Gives a raw record its typed shape, leaving out what cannot be read where that does no harm."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from engine.intake.problems import Problem, dotted
from engine.intake.record import ConsentRecord

Place = tuple[str | int, ...]

# Where an unreadable value refuses the record: who sent it, whom it is about, and whether they agreed.  Everywhere
# else the value is left out and asked for, unless its absence refuses the record too, which ``sense`` says.
_IDENTITY = frozenset({(), ("submission_id",), ("force",), ("reason",)})
_DECISIVE = _IDENTITY | {
    ("submitted_at",),
    ("officer",),
    ("incident",),
    ("victim",),
    ("victim", "kind"),
    ("victim", "given_name"),
    ("victim", "family_name"),
    ("consent",),
    ("consent", "decision"),
    ("consent", "model"),
    ("consent", "given_by"),
    ("consent", "given_on"),
    ("consent", "method"),
    ("consent", "told_on"),
    ("consent", "scope"),
    ("consent", "scope", "contact"),
    ("consent", "withdrawal"),
    ("consent", "withdrawal", "on"),
    ("consent", "withdrawal", "part"),
}
# A withdrawal is taken whatever else is wrong with it.
_DECISIVE_IN_WITHDRAWAL = _IDENTITY | {
    ("consent", "withdrawal"),
    ("consent", "withdrawal", "on"),
    ("consent", "withdrawal", "part"),
}

_UNKNOWN_FIELD = "extra_forbidden"
_TEXT = ("not-text", "Send this as text.")
_OBJECT = ("not-an-object", "Send this as an object with named fields.")
_LIST = ("not-a-list", "Send this as a list.")
_RANGE = ("out-of-range", "Check the number: it lies outside what is possible.")
_RULES: dict[str, tuple[str, str]] = {
    "missing": ("required", "Fill in this field."),
    _UNKNOWN_FIELD: ("unknown-field", "Leave this field out, or use the name the interface gives it."),
    "string_type": _TEXT,
    "string_unicode": ("damaged-text", "Send the text in UTF-8 again: it holds half of a character."),
    "string_too_long": ("too-long", "Shorten the text."),
    "string_pattern_mismatch": ("wrong-form", "Use only letters, digits and the signs this kind of reference has."),
    "bool_type": ("not-true-or-false", "Send true or false, without quotation marks."),
    "int_type": ("not-a-whole-number", "Send a whole number, without quotation marks."),
    "greater_than_equal": _RANGE,
    "less_than_equal": _RANGE,
    "literal_error": ("not-an-allowed-value", "Use one of the allowed values, letter for letter"),
    "enum": ("not-an-allowed-value", "Use one of the allowed values, letter for letter"),
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "too_long": ("too-many", "Send fewer items."),
    "blank": ("blank", "Fill in this field or leave it out: it holds nothing but blanks."),
    "invisible": ("invisible-characters", "Type the text again: it holds characters that cannot be seen."),
    "day": ("not-a-day", "Write the day as YYYY-MM-DD."),
    "moment": ("not-a-moment", "Write the moment as YYYY-MM-DDTHH:MM:SS with Z or an offset such as +01:00."),
    "year": ("year-out-of-range", "Check the year: it must lie between 1900 and 2100."),
    "phone": ("not-a-phone-number", "Check the telephone number: no telephone has a number like this."),
    "email": ("not-an-email-address", "Check the email address: no mail could reach it."),
    "postcode": ("not-a-postcode", "Check the postcode: no British postcode has this form."),
}
_ANYTHING_ELSE = ("not-understood", "Check this field against the description of the interface.")


@dataclass(frozen=True, slots=True)
class Structured:
    """A raw record in its typed shape: ``left_out`` are the problems of what is not in it, ``errors`` refuse it.

    ``record`` is None where too little could be read to go on; it may be there beside errors, so that everything
    wrong with a record can be said at once.
    """

    record: ConsentRecord | None
    errors: tuple[Problem, ...] = ()
    left_out: tuple[Problem, ...] = ()


def structured(raw: Mapping[str, Any]) -> Structured:
    """The raw record in its typed shape; raises nothing, whatever is in it."""
    try:
        return Structured(ConsentRecord.model_validate(raw))
    except ValidationError as invalid:
        return _pruned(raw, invalid.errors(include_url=False, include_input=False))


def _pruned(raw: Mapping[str, Any], details: Iterable[ErrorDetails]) -> Structured:
    withdrawing = isinstance(raw, dict) and raw.get("reason") == "withdrawal"
    errors: list[Problem] = []
    left_out: list[Problem] = []
    places: set[Place] = set()
    for detail in details:
        decisive = _is_decisive(detail["loc"], detail["type"], withdrawing)
        (errors if decisive else left_out).append(_problem(detail))
        places.add(_unit(detail["loc"]))
    record = None
    if not any(len(place) == 0 or place in _IDENTITY for place in places):
        try:
            record = ConsentRecord.model_validate(_without(raw, places))
        except ValidationError as still:
            # Nothing is known to come here; should it ever, the record is refused rather than half understood.
            errors += [_problem(detail) for detail in still.errors(include_url=False, include_input=False)]
    return Structured(record, tuple(errors), tuple(left_out))


def _is_decisive(place: Place, kind: str, withdrawing: bool) -> bool:
    if withdrawing:
        return place in _DECISIVE_IN_WITHDRAWAL
    # A field nobody knows, inside the consent, may say anything about it.
    return place in _DECISIVE or (kind == _UNKNOWN_FIELD and place[0] == "consent")


def _problem(detail: ErrorDetails) -> Problem:
    rule, remedy = _RULES.get(detail["type"], _ANYTHING_ELSE)
    if rule == "not-an-allowed-value":
        # The expected values are our own words; what was submitted is not among them.
        remedy = f"{remedy}: {detail['ctx']['expected'].replace(chr(39), '')}."
    return Problem(dotted(detail["loc"]), rule, remedy)


def _unit(place: Place) -> Place:
    """The part that goes when something in it cannot be read: half an address is worse than none."""
    if place[:3] == ("victim", "address", "lines"):
        return place[:2]
    if place[:2] == ("victim", "phones") and place[3:] == ("number",):
        return place[:3]
    return place


def _without(node: Any, places: Iterable[Place]) -> Any:
    """A copy of a tree without these places; what is empty only because of that goes as well.

    A list of risks of which none could be read is absent, because an empty one would say that there are none.
    """
    below: dict[str | int, list[Place]] = defaultdict(list)
    for place in places:
        below[place[0]].append(place[1:])
    items = node.items() if isinstance(node, dict) else enumerate(node)
    kept: list[tuple[Any, Any]] = []
    for key, value in items:
        inner = below.get(key, [])
        if () in inner:
            continue
        if inner:
            value = _without(value, inner)
            if not value:
                continue
        kept.append((key, value))
    return dict(kept) if isinstance(node, dict) else [value for _, value in kept]
