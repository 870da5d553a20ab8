"""Says things the way a person reads them: days, moments, due dates, and the values of fields."""

from collections.abc import Mapping
from datetime import date, datetime

from web.labels import (
    ACTIONS,
    DECISIONS,
    KNOWN,
    LETTER_STATES,
    OWNERS,
    PEOPLE,
    SAME_VICTIM,
    SOURCES,
    STATES,
    TIERS,
    VALUES,
    VERDICTS,
    VICTIM_KINDS,
    Tag,
)
from workflow.catalogue import CATALOGUE
from workflow.events import FieldKind
from workflow.london import LONDON
from workflow.vocabulary import in_words

__all__ = [
    "ACTIONS",
    "DECISIONS",
    "KNOWN",
    "LETTER_STATES",
    "OWNERS",
    "SAME_VICTIM",
    "SOURCES",
    "STATES",
    "TIERS",
    "VERDICTS",
    "VICTIM_KINDS",
    "Tag",
]


def sentence(text: str) -> str:
    """A text with a capital in front, the rest as it is."""
    return text[:1].upper() + text[1:]


def value(code: str) -> str:
    """A code of a field as a person reads it."""
    return VALUES.get(code) or sentence(in_words(code))


def person(user: str, names: Mapping[str, str]) -> str:
    """A user or an account of the service as it is shown."""
    if user.startswith("feed:"):
        return f"Police ({sentence(user.removeprefix('feed:'))})"
    return names.get(user) or PEOPLE.get(user) or user


def day(given: date | str | None, *, weekday: bool = False) -> str:
    """A day: 23 November 2026, or Monday 23 November 2026; a dash where there is none."""
    if not given:
        return "–"
    found = date.fromisoformat(given) if isinstance(given, str) else given
    return f"{found:%A} {found.day} {found:%B %Y}" if weekday else f"{found.day} {found:%B %Y}"


def short_day(given: date | str) -> str:
    """A day for a narrow column: Mon 23 Nov 2026."""
    found = date.fromisoformat(given) if isinstance(given, str) else given
    return f"{found:%a} {found.day} {found:%b %Y}"


def clock_time(given: datetime) -> str:
    """The time of day in London: 9:05am."""
    local = given.astimezone(LONDON)
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def moment(given: datetime) -> str:
    """A moment in London: 23 November 2026, 9:05am; a day alone where only the day is known."""
    local = given.astimezone(LONDON)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return day(local.date())
    return f"{day(local.date())}, {clock_time(given)}"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 day, 2 days."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def due(due_on: date | str, today: date, overdue: int) -> Tag:
    """How a due date stands today: 3 working days overdue, due today, due tomorrow, due in 9 days."""
    found = date.fromisoformat(due_on) if isinstance(due_on, str) else due_on
    left = (found - today).days
    if left < 0:
        # Past its day with no working day since: it is late, but no working day was lost.
        return Tag(f"{count(overdue, 'working day')} overdue" if overdue else "Overdue", "red")
    if left == 0:
        return Tag("Due today", "orange")
    return Tag("Due tomorrow" if left == 1 else f"Due in {count(left, 'day')}", "yellow" if left == 1 else "grey")


def field_value(kind: str, name: str, given: object) -> str:
    """The value of a field of an event in words; an unknown field as it stands."""
    asked = CATALOGUE[kind].field(name) if kind in CATALOGUE else None
    if isinstance(given, bool):
        return "Yes" if given else "No"
    if name == "force":
        return sentence(str(given))
    if asked is None or not isinstance(given, str):
        return str(given)
    match asked.kind:
        case FieldKind.CHOICE:
            return value(given)
        case FieldKind.CHOICES:
            return ", ".join(value(item) for item in given.split("|"))
        case FieldKind.DAY:
            return day(given)
        case FieldKind.CODE:
            return VALUES.get(given, given)
    return given


def happened(kind: str) -> str:
    """What an event is called once it happened; event kinds are past participles: Case opened, Consent withdrawn."""
    return sentence(in_words(kind))


def field_label(kind: str, name: str) -> str:
    """What a field of an event is called on the page."""
    asked = CATALOGUE[kind].field(name) if kind in CATALOGUE else None
    return asked.label if asked else sentence(in_words(name))


def paragraph(text: str) -> str:
    """Where a rule stands; the question mark of the rule file says that the number is still to be checked."""
    return text.replace("?", " (to be checked)")


def rate(numerator: int, denominator: int) -> str:
    """A rate with what it is made of: 7 of 9 (78%); a dash where there is nothing to measure."""
    return f"{numerator} of {denominator} ({numerator / denominator:.0%})" if denominator else "–"
