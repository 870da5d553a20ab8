"""Reads config/officers.toml: how long things wait for an officer, and the ladders by which a force is reminded."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path

from engine.errors import BadConfiguration
from engine.mail_settings import is_address
from workflow.chase import BadChase, ChaseRule, chase_rules

FILE = "officers.toml"
_NUMBERS = {
    "draft_lasts_days": 90,
    "link_lasts_days": 90,
    "file_waits_hours": 72,
    "file_receipt_lasts_days": 365,
    "largest_file_megabytes": 60,
}
"""The whole numbers of the file, each with the most it may be."""


@dataclass(frozen=True, slots=True)
class OfficerRules:
    """What the file says; ``largest_file`` is in bytes, ``liaison`` an address by force."""

    draft_lasts: timedelta = timedelta(0)
    link_lasts: timedelta = timedelta(0)
    file_waits: timedelta = timedelta(0)
    file_receipt_lasts: timedelta = timedelta(0)
    largest_file: int = 0
    chase_at: time = time(0)
    liaison: Mapping[str, str] = field(default_factory=dict)
    chases: tuple[ChaseRule, ...] = ()

    def chase(self, ask: str) -> ChaseRule:
        """The ladder for what is asked."""
        return next(rule for rule in self.chases if ask in rule.asks)


def load_officer_rules(folder: Path) -> OfficerRules:
    """What config/officers.toml says.  Raises BadConfiguration."""
    try:
        document = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadConfiguration(FILE, "file", "It is not there: put it into the config folder.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadConfiguration(FILE, "file", f"It is not readable TOML: {fault}.") from None
    unknown = document.keys() - {*_NUMBERS, "chase_at", "liaison", "chase"}
    if unknown:
        raise BadConfiguration(FILE, sorted(unknown)[0], "Leave this out: it is not known.")
    numbers = {}
    for name, most in _NUMBERS.items():
        number = document.get(name)
        if type(number) is not int or not 1 <= number <= most:
            raise BadConfiguration(FILE, name, f"Give a whole number from 1 to {most}.")
        numbers[name] = number
    try:
        at = time.fromisoformat(document.get("chase_at", ""))
    except (TypeError, ValueError):
        raise BadConfiguration(FILE, "chase_at", 'Give a time of day such as "08:00".') from None
    liaison = document.get("liaison", {})
    if not isinstance(liaison, dict) or any(not isinstance(to, str) or not is_address(to) for to in liaison.values()):
        raise BadConfiguration(FILE, "liaison", "Give each force one e-mail address.")
    try:
        chases = chase_rules(document.get("chase"))
    except BadChase as fault:
        raise BadConfiguration(FILE, fault.key, fault.remedy) from None
    return OfficerRules(
        timedelta(days=numbers["draft_lasts_days"]),
        timedelta(days=numbers["link_lasts_days"]),
        timedelta(hours=numbers["file_waits_hours"]),
        timedelta(days=numbers["file_receipt_lasts_days"]),
        numbers["largest_file_megabytes"] * 1024 * 1024,
        at,
        liaison,
        chases,
    )
