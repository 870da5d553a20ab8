"""Reads by which way each letter leaves, and how patiently it is tried again, from config/service.toml."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadConfiguration
from engine.mail_settings import MailServer

_FILE = "service.toml"
WAYS: Mapping[str, tuple[str, ...]] = {
    "post": ("print", "notify", "by_hand"),
    "email": ("smtp", "by_hand"),
    "text": ("notify", "by_hand"),
}
"""The ways that each channel can go; the first of the post is that of a service which sets nothing."""

_NOTIFY_KEYS = {"base_url", "text_template", "postage", "patience_seconds", "settle_minutes"}
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_POSTAGE = ("first", "second", "economy")
# Whoever stops all letters waits for the one that is being handed over, and is promised ten seconds.
_MOST_PATIENCE = 4
_LEAST_TOKEN = 20


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """GOV.UK Notify: where it is, our key, the template of texts, and the token with which it brings receipts.

    ``patience`` is in seconds.  ``settle_minutes`` is how long a letter that was handed over without an answer may
    still turn up there; before that nobody says that it is not there.
    """

    base_url: str
    key: str
    token: str
    text_template: str
    postage: str
    patience: int
    settle_minutes: int

    def __repr__(self) -> str:
        return f"NotifySettings({self.base_url!r})"


@dataclass(frozen=True, slots=True)
class Ways:
    """By which way each channel goes, and after how many minutes it is tried again; the last wait is repeated."""

    post: str = "print"
    email: str = "by_hand"
    text: str = "by_hand"
    retry_minutes: tuple[int, ...] = (10, 10, 10, 10, 30, 60, 240)
    notify: NotifySettings | None = None

    def of(self, channel: str) -> str:
        """The way of a channel; ``by_hand`` for one that no letter goes by."""
        return {"post": self.post, "email": self.email, "text": self.text}.get(channel, "by_hand")

    def wait(self, tries: int) -> int:
        """How many minutes to wait after so many tries."""
        return self.retry_minutes[min(max(tries, 1), len(self.retry_minutes)) - 1]


def ways(table: object, notify: object, secrets: Mapping[str, str], mail: MailServer | None) -> Ways:
    """What ``[ways]`` and ``[notify]`` say; only the print folder where neither is there.  Raises BadConfiguration."""
    given = {} if table is None else table
    if not isinstance(given, dict) or not given.keys() <= {*WAYS, "retry_minutes"}:
        raise _bad("ways", f"Under [ways] give {', '.join(WAYS)} and retry_minutes.")
    chosen = {channel: given.get(channel, getattr(Ways(), channel)) for channel in WAYS}
    for channel, way in chosen.items():
        if way not in WAYS[channel]:
            raise _bad(f"ways.{channel}", f"Give one of: {', '.join(WAYS[channel])}.")
    retry = given.get("retry_minutes", list(Ways().retry_minutes))
    if (
        not isinstance(retry, list)
        or not retry
        or any(type(each) is not int or not 1 <= each <= 1440 for each in retry)
    ):
        raise _bad("ways.retry_minutes", "Give a list of whole numbers from 1 to 1440, such as [10, 30, 240].")
    if chosen["email"] == "smtp" and (mail is None or mail.tls == "none"):
        raise _bad("ways.email", 'Letters go by e-mail over TLS only: give [mail] with tls = "starttls" or "tls".')
    if chosen["email"] == "smtp" and mail is not None and not mail.letter_sender:
        raise _bad("mail.letter_sender", "Give the address from which letters to victims come; it gives nothing away.")
    read = _notify(notify, secrets)
    for channel, way in chosen.items():
        if way == "notify" and read is None:
            raise _bad(f"ways.{channel}", "GOV.UK Notify is not set up: give [notify] and its key.")
    if chosen["text"] == "notify" and read is not None and not read.text_template:
        raise _bad("notify.text_template", "Give the id of a template at Notify whose whole text is ((message)).")
    return Ways(**chosen, retry_minutes=tuple(retry), notify=read)


def _notify(table: object, secrets: Mapping[str, str]) -> NotifySettings | None:
    if table is None:
        return None
    if not isinstance(table, dict) or not table.keys() <= _NOTIFY_KEYS:
        raise _bad("notify", f"Under [notify] give at most {', '.join(sorted(_NOTIFY_KEYS))}.")
    base_url = table.get("base_url", "https://api.notifications.service.gov.uk")
    if not isinstance(base_url, str) or not re.match(r"https://|http://127\.0\.0\.1[:/]", base_url):
        raise _bad("notify.base_url", "Give an address that begins with https://.")
    template, postage = table.get("text_template", ""), table.get("postage", "second")
    if not isinstance(template, str) or (template and not re.fullmatch(_UUID, template)):
        raise _bad("notify.text_template", "Give the id of the template as Notify shows it.")
    if postage not in _POSTAGE:
        raise _bad("notify.postage", f"Give one of: {', '.join(_POSTAGE)}.")
    patience, settle = table.get("patience_seconds", _MOST_PATIENCE), table.get("settle_minutes", 5)
    if type(patience) is not int or not 1 <= patience <= _MOST_PATIENCE:
        raise _bad("notify.patience_seconds", f"Give a whole number from 1 to {_MOST_PATIENCE}.")
    if type(settle) is not int or not 1 <= settle <= 1440:
        raise _bad("notify.settle_minutes", "Give a whole number from 1 to 1440.")
    key, token = secrets.get("NOTIFY_KEY", ""), secrets.get("NOTIFY_TOKEN", "")
    if not re.search(f"{_UUID}-{_UUID}$", key):
        raise _environment("NOTIFY_KEY", "Give the whole API key as Notify showed it, or a file that holds it.")
    if token and (len(token) < _LEAST_TOKEN or not token.isascii() or not token.isprintable()):
        raise _environment("NOTIFY_TOKEN", f"Give at least {_LEAST_TOKEN} letters and digits, or a file with them.")
    return NotifySettings(base_url, key, token, template, str(postage), patience, settle)


SECRETS = ("MAIL_PASSWORD", "NOTIFY_KEY", "NOTIFY_TOKEN")
"""What is never written into a file of the configuration; each may be given outright, or as a file ``..._FILE``."""


def read_secrets(given: Mapping[str, str], prefix: str) -> dict[str, str]:
    """The secrets that the environment holds or names a file for.  Raises BadConfiguration, never repeating one."""
    found: dict[str, str] = {}
    for name in SECRETS:
        file = given.get(f"{prefix}{name}_FILE", "")
        if file and given.get(prefix + name):
            raise BadConfiguration("environment", prefix + name, "Give it outright or as a file, not both.")
        if not file:
            found[name] = given.get(prefix + name, "")
            continue
        try:
            found[name] = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise BadConfiguration(
                "environment", f"{prefix}{name}_FILE", "The file cannot be read: let the service read it."
            ) from None
    return found


def _bad(key: str, remedy: str) -> BadConfiguration:
    return BadConfiguration(_FILE, key, remedy)


def _environment(name: str, remedy: str) -> BadConfiguration:
    return BadConfiguration("environment", f"VICTIM_CONTACT_{name}", remedy)
