"""Reads how mail leaves the service and whether the staff get a morning letter, from config/service.toml."""

from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

from engine.errors import BadConfiguration
from workflow.facts import is_telling

_FILE = "service.toml"
_TLS = ("none", "starttls", "tls")
_KEYS = {"host", "port", "tls", "sender", "user", "patience_seconds", "letter_sender", "ca_file"}


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that takes our mail: ``tls`` is ``none``, ``starttls`` or ``tls``; ``patience`` is in seconds.

    ``letter_sender`` is the address from which a letter to a victim comes, which says nothing of crime or justice;
    ``ca_file`` holds the certificates that vouch for the server, where it is not one that everybody trusts.
    """

    host: str
    port: int
    tls: str
    sender: str
    user: str
    password: str = field(repr=False)
    patience: int
    letter_sender: str = ""
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """The morning letter to each member of staff: whether there is one, from which time of the London day."""

    enabled: bool
    at: time
    address: str
    most: int


def mail_server(table: object, password: str) -> MailServer | None:
    """The mail server of ``[mail]``; None where there is none.  Raises BadConfiguration."""
    if table is None:
        return None
    if not isinstance(table, dict) or not {"host", "port", "tls", "sender"} <= table.keys() <= _KEYS:
        extra = ", ".join(sorted(_KEYS - {"host", "port", "tls", "sender"}))
        raise _bad("mail", f"Under [mail] give host, port, tls and sender, and at most {extra}.")
    host, port, sender = table["host"], table["port"], table["sender"]
    if not isinstance(host, str) or not host.strip():
        raise _bad("mail.host", "Give the name of the mail server as text.")
    if type(port) is not int or not 1 <= port <= 65535:
        raise _bad("mail.port", "Give a port from 1 to 65535.")
    if table["tls"] not in _TLS:
        raise _bad("mail.tls", f"Give one of: {', '.join(_TLS)}.")
    if not isinstance(sender, str) or not is_address(sender):
        raise _bad("mail.sender", "Give an e-mail address.")
    user, patience = table.get("user", ""), table.get("patience_seconds", 10)
    if not isinstance(user, str) or (user and not password):
        raise _bad("mail.user", "Give it as text, and the password as VICTIM_CONTACT_MAIL_PASSWORD or a file with it.")
    if type(patience) is not int or not 1 <= patience <= 60:
        raise _bad("mail.patience_seconds", "Give a whole number from 1 to 60.")
    letter_sender, ca_file = table.get("letter_sender", ""), table.get("ca_file", "")
    if letter_sender and (not isinstance(letter_sender, str) or not is_address(letter_sender)):
        raise _bad("mail.letter_sender", "Give an e-mail address.")
    if letter_sender and is_telling(letter_sender):
        raise _bad("mail.letter_sender", "Give an address without a word about justice, crime or police.")
    if not isinstance(ca_file, str) or (ca_file and not Path(ca_file).is_file()):
        raise _bad("mail.ca_file", "Give a file with the certificates that vouch for the mail server.")
    return MailServer(host, port, table["tls"], sender, user, password, patience, letter_sender, ca_file)


def digest(table: object, server: MailServer | None) -> Digest:
    """What ``[digest]`` says; off where it is not there.  Raises BadConfiguration."""
    given = {} if table is None else table
    if not isinstance(given, dict) or not given.keys() <= {"enabled", "at", "address", "most"}:
        raise _bad("digest", "Under [digest] give enabled, at, address and most.")
    enabled, at = given.get("enabled", False), given.get("at", "07:30")
    address, most = given.get("address", ""), given.get("most", 30)
    if not isinstance(enabled, bool):
        raise _bad("digest.enabled", "Give true or false.")
    try:
        from_time = time.fromisoformat(at)
    except (TypeError, ValueError):
        raise _bad("digest.at", 'Give a time of day such as "07:30".') from None
    if not isinstance(address, str) or (address and not address.startswith(("https://", "http://"))):
        raise _bad("digest.address", "Give the address of the service, beginning with https://.")
    if type(most) is not int or not 1 <= most <= 500:
        raise _bad("digest.most", "Give a whole number from 1 to 500.")
    if enabled and server is None:
        raise _bad("mail", "The digest needs a mail server: give [mail] with host, port, tls and sender.")
    return Digest(enabled, from_time, address, most)


def is_address(text: str) -> bool:
    """Whether this looks like one e-mail address, and can be put into a header as it is."""
    name, at, host = text.rpartition("@")
    return bool(
        at and name and "." in host and len(text) <= 254 and text.isascii() and text.isprintable()
        and not set(text) & set(' ,;<>"()[]\\')
    )  # fmt: skip


def _bad(key: str, remedy: str) -> BadConfiguration:
    return BadConfiguration(_FILE, key, remedy)
