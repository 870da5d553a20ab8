"""Reads from config/service.toml who must give a second factor, and how a colleague's case and a kept form end."""

from dataclasses import dataclass, fields
from datetime import timedelta

from engine.errors import BadConfiguration

_FILE = "service.toml"
_CHOICES = {"second_factor": ("required", "offered"), "colleagues_cases": ("with_reason", "open")}
_NUMBERS = {
    "opened_for_minutes": 240,
    "reviewed_within_working": 20,
    "form_kept_minutes": 240,
    "revealed_for_seconds": 600,
    "openings_usual": 100,
    "openings_within_days": 366,
}


@dataclass(frozen=True, slots=True)
class Access:
    """What a service chooses about access.

    ``second_factor`` is ``required``, or ``offered`` on an example service; ``colleagues_cases`` is ``with_reason``
    where a practitioner gives a reason before opening the case of a colleague, or ``open``.
    """

    second_factor: str = "required"
    colleagues_cases: str = "with_reason"
    opened_for_minutes: int = 60
    reviewed_within_working: int | None = None
    form_kept_minutes: int = 60
    revealed_for_seconds: int = 60
    openings_usual: int | None = None
    openings_within_days: int | None = None

    @property
    def revealed_for(self) -> timedelta:
        """How long a sealed address is shown to whoever gave a reason."""
        return timedelta(seconds=self.revealed_for_seconds)

    @property
    def opened_for(self) -> timedelta:
        """How long a colleague's case stays open to whoever gave a reason."""
        return timedelta(minutes=self.opened_for_minutes)

    @property
    def form_kept(self) -> timedelta:
        """How long a form waits that came after its session had ended."""
        return timedelta(minutes=self.form_kept_minutes)


def access(table: object, *, is_example: bool) -> Access:
    """What ``[access]`` says.  Raises BadConfiguration."""
    given = {} if table is None else table
    if not isinstance(given, dict):
        raise _bad("access", "Give it as a table.")
    for name, value in given.items():
        if name in _CHOICES:
            if value not in _CHOICES[name]:
                raise _bad(f"access.{name}", f"Give one of: {', '.join(_CHOICES[name])}.")
        elif name not in _NUMBERS:
            raise _bad(f"access.{name}", f"This name is not known. Use {', '.join(f.name for f in fields(Access))}.")
        elif type(value) is not int or not 1 <= value <= _NUMBERS[name]:
            raise _bad(f"access.{name}", f"Give a whole number from 1 to {_NUMBERS[name]}.")
    found = Access(**{"second_factor": "offered" if is_example else "required", **given})
    if not is_example and found.second_factor != "required":
        raise _bad("access.second_factor", "Only an example service may leave the second factor out.")
    return found


def _bad(key: str, remedy: str) -> BadConfiguration:
    return BadConfiguration(_FILE, key, remedy)
