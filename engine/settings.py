"""Reads the settings, from the environment and from config/service.toml, and refuses what it does not know."""

import os
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.access_settings import Access, access
from engine.errors import BadConfiguration
from engine.mail_settings import Digest, MailServer, digest, mail_server
from engine.provider_settings import SECRET, SECRET_FILE, Provider, provider
from engine.way_settings import SECRETS, Ways, read_secrets, ways

PREFIX = "VICTIM_CONTACT_"
# More than this is a slip of the pen.
_MOST_DAYS = {
    "letter_late_after_working": 20,
    "safety_lasts": 1000,
    "consent_lasts": 1000,
    "address_lasts": 2000,
    "targeted_within": 3000,
}
KNOWN = (
    "HOME",
    "DATABASE",
    "OUT",
    "KEY_FILE",
    "NOW",
    *SECRETS,
    *(f"{name}_FILE" for name in SECRETS),
    SECRET,
    SECRET_FILE,
)


@dataclass(frozen=True, slots=True)
class Days:
    """Numbers of days that a service chooses for itself; what each means stands beside it in service.toml."""

    letter_late_after_working: int
    safety_lasts: int
    consent_lasts: int
    address_lasts: int
    targeted_within: int


@dataclass(frozen=True)
class Settings:
    """Where things are and what the service is called.

    ``home`` holds config/ and templates/; ``rehearsal`` is the time an example service pretends it is.
    """

    home: Path
    database: str
    out: Path
    key_file: Path
    service_id: str
    service_name: str
    is_example: bool
    forces: dict[str, str]
    letter_facts: dict[str, str]
    days: Days
    mail: MailServer | None
    digest: Digest
    due_within: tuple[int, ...]
    access: Access = field(default_factory=Access)
    provider: Provider | None = None
    ways: Ways = field(default_factory=Ways)
    letter_facts_in: dict[str, dict[str, str]] = field(default_factory=dict)
    """What the letters say of the service in another language than English, by the code of the language."""
    rehearsal: datetime | None = None
    environment: tuple[str, ...] = field(default=())

    @property
    def config(self) -> Path:
        """The folder of the rules."""
        return self.home / "config"

    @property
    def templates(self) -> Path:
        """The folder of the words."""
        return self.home / "templates"


def read_settings(environment: dict[str, str] | None = None) -> Settings:
    """The settings in force: the environment wins over config/service.toml.

    Raises BadConfiguration for an unknown ``VICTIM_CONTACT_*`` name, a missing key or a value of the wrong kind.
    """
    given = {k: v for k, v in (os.environ if environment is None else environment).items() if k.startswith(PREFIX)}
    for name in given:
        if name.removeprefix(PREFIX) not in KNOWN:
            known = ", ".join(PREFIX + each for each in KNOWN)
            raise BadConfiguration("environment", name, f"This name is not known. Use one of {known}.")
    home = Path(given.get(PREFIX + "HOME", Path(__file__).resolve().parent.parent))
    document = _read(home / "config" / "service.toml")
    where = _Where(document, given)
    forces = document.get("forces", {})
    if not isinstance(forces, dict) or any(model not in ("opt_in", "opt_out") for model in forces.values()):
        raise BadConfiguration("service.toml", "forces", 'Give each force the model "opt_in" or "opt_out".')
    facts = document.get("letter", {})
    if not isinstance(facts, dict) or not all(_is_fact(value) for value in facts.values()):
        raise BadConfiguration("service.toml", "letter", "Give each fact of a letter as text.")
    secrets = read_secrets(given, PREFIX)
    mail = mail_server(document.get("mail"), secrets["MAIL_PASSWORD"])
    is_example = where.choice("kind", ("example", "service")) == "example"
    var = home / "var"
    return Settings(
        home=home,
        database=where.text("DATABASE", f"sqlite:///{var / 'victim-contact.db'}"),
        out=Path(where.text("OUT", str(var / "out"))),
        key_file=Path(where.text("KEY_FILE", str(var / "key"))),
        service_id=where.required("id"),
        service_name=where.required("name"),
        is_example=is_example,
        forces=dict(forces),
        letter_facts={name: value for name, value in facts.items() if isinstance(value, str)},
        letter_facts_in={name: dict(value) for name, value in facts.items() if isinstance(value, dict)},
        days=_days(document.get("days")),
        mail=mail,
        digest=digest(document.get("digest"), mail),
        due_within=_due_within(document.get("queue")),
        access=access(document.get("access"), is_example=is_example),
        provider=provider(
            document.get("provider"),
            {name.removeprefix(PREFIX): value for name, value in given.items()},
            is_example=is_example,
        ),
        ways=ways(document.get("ways"), document.get("notify"), secrets, mail),
        rehearsal=_moment(where.text("NOW", "")),
    )


def _is_fact(value: object) -> bool:
    """Whether a value is the fact of a letter, or the facts in another language."""
    facts = value.values() if isinstance(value, dict) else (value,)
    return all(isinstance(each, str) for each in facts)


class _Where:
    """Looks a key up in the environment first and then in the file."""

    def __init__(self, document: dict[str, Any], environment: dict[str, str]) -> None:
        self._document, self._environment = document, environment

    def text(self, name: str, default: str) -> str:
        value = self._environment.get(PREFIX + name) or self._document.get(name.lower(), default)
        if not isinstance(value, str):
            raise BadConfiguration("service.toml", name.lower(), "Give it as text in quotation marks.")
        return value

    def required(self, key: str) -> str:
        value = self._document.get(key)
        if not isinstance(value, str) or not value.strip():
            raise BadConfiguration("service.toml", key, "Give it as text in quotation marks.")
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        value = self.required(key)
        if value not in choices:
            raise BadConfiguration("service.toml", key, f"Give one of: {', '.join(choices)}.")
        return value


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadConfiguration("service.toml", "file", "It is not there: put it into the config folder.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadConfiguration("service.toml", "file", f"It is not readable TOML: {fault}.") from None


def _days(table: object) -> Days:
    """The service's own numbers of days.  Raises BadConfiguration for one that is missing, unknown or no number."""
    given = table if isinstance(table, dict) else {}
    for name in (*_MOST_DAYS, *given):
        days = given.get(name)
        most = _MOST_DAYS.get(name, 0)
        if name not in _MOST_DAYS or type(days) is not int or not 0 <= days <= most:
            raise BadConfiguration(
                "service.toml",
                f"days.{name}",
                f"Under [days] give {', '.join(_MOST_DAYS)}; this one as a whole number from 0 to {most}.",
            )
    return Days(**given)


def _due_within(table: object) -> tuple[int, ...]:
    """Within how many working days the queue can be asked for.  Raises BadConfiguration."""
    if table is None:
        return ()
    listed = table.get("due_within_working") if isinstance(table, dict) else None
    if not isinstance(listed, list) or any(type(days) is not int or not 0 <= days <= 99 for days in listed):
        raise BadConfiguration("service.toml", "queue.due_within_working", "Give whole numbers from 0 to 99 in a list.")
    return tuple(listed)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadConfiguration(
            "environment", PREFIX + "NOW", "Give a moment such as 2026-11-22T09:00:00+00:00."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
