"""Reads from config/service.toml whether people may sign in through an OpenID provider, and what is asked of it."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from engine.errors import BadConfiguration

_FILE = "service.toml"
_NEEDED = {"enabled", "issuer", "client_id", "our_address", "shown_as"}
_KEYS = _NEEDED | {
    "subject_claim",
    "second_factor_acr",
    "second_factor_amr",
    "ask_again_after_minutes",
    "sign_out_at",
    "patience_seconds",
}
# What may pass from one person to another, or be set by its owner, names nobody.
_NO_NAMES = {"email", "preferred_username", "upn", "name", "nickname", "given_name", "family_name", "phone_number"}
_HERE = ("127.0.0.1", "localhost", "::1")
SECRET, SECRET_FILE = "PROVIDER_SECRET", "PROVIDER_SECRET_FILE"
"""The names in the environment, behind the prefix, that give the secret or the file it stands in."""


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenID provider through which people may sign in.

    ``subject_claim`` is the claim that names a user for good; an ``acr`` or ``amr`` listed here counts as a second
    factor.  ``ask_again_after_minutes`` is how long ago the provider may have asked; ``patience`` is in seconds.
    """

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    our_address: str
    shown_as: str
    is_example: bool
    subject_claim: str = "sub"
    second_factor_acr: tuple[str, ...] = ()
    second_factor_amr: tuple[str, ...] = ()
    ask_again_after_minutes: int = 15
    sign_out_at: str = ""
    patience: int = 5

    @property
    def callback(self) -> str:
        """Where the provider sends a browser back to, exactly as it is registered there."""
        return f"{self.our_address.rstrip('/')}/sign-in/provider/back"

    def is_safe(self, address: object) -> bool:
        """Whether an address may be called: over TLS, or on this machine where the service is an example."""
        return is_safe(address, self.is_example)


def is_safe(address: object, is_example: bool) -> bool:
    """Whether an address is one over TLS, or on this machine where the service is an example."""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_example and host in _HERE)


def provider(table: object, environment: dict[str, str], *, is_example: bool) -> Provider | None:
    """The provider of ``[provider]``; None where there is none or it is off.  Raises BadConfiguration.

    ``environment`` holds the names behind the prefix; the secret is taken from it or from a file that it names.
    """
    if table is None:
        return None
    if not isinstance(table, dict) or not table.keys() >= {"enabled"} or not table.keys() <= _KEYS:
        # The secret is among what is not known here, so that it is never committed with the file.
        raise _bad("provider", f"Under [provider] give {', '.join(sorted(_NEEDED))}, and nothing unknown or secret.")
    if type(table["enabled"]) is not bool:
        raise _bad("provider.enabled", "Give true or false.")
    if not table["enabled"]:
        return None
    for name in ("issuer", "client_id", "our_address", "shown_as"):
        if not isinstance(table.get(name), str) or not table[name].strip():
            raise _bad(f"provider.{name}", "Give it as text in quotation marks.")
    for name in ("issuer", "our_address", "sign_out_at"):
        if table.get(name) and (not is_safe(table[name], is_example) or (name != "sign_out_at" and "?" in table[name])):
            raise _bad(f"provider.{name}", "Give an address that begins with https.")
    claim = table.get("subject_claim", "sub")
    if not isinstance(claim, str) or not claim or claim in _NO_NAMES:
        raise _bad("provider.subject_claim", "Give a claim that stays with one person for good, such as sub.")
    return Provider(
        issuer=table["issuer"],
        client_id=table["client_id"],
        secret=_secret(environment),
        our_address=table["our_address"],
        shown_as=table["shown_as"],
        is_example=is_example,
        subject_claim=claim,
        second_factor_acr=_texts(table, "second_factor_acr"),
        second_factor_amr=_texts(table, "second_factor_amr"),
        ask_again_after_minutes=_number(table, "ask_again_after_minutes", 15, 600),
        sign_out_at=table.get("sign_out_at", ""),
        patience=_number(table, "patience_seconds", 5, 30),
    )


def _secret(environment: dict[str, str]) -> str:
    given, file = environment.get(SECRET, ""), environment.get(SECRET_FILE, "")
    if file and not given:
        try:
            given = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise BadConfiguration("environment", f"VICTIM_CONTACT_{SECRET_FILE}", "It cannot be read.") from None
    if not given:
        raise BadConfiguration(
            "environment", f"VICTIM_CONTACT_{SECRET}", "Give the secret of [provider] here, or a file that holds it."
        )
    return given


def _texts(table: dict[str, object], name: str) -> tuple[str, ...]:
    listed = table.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(each, str) and each for each in listed):
        raise _bad(f"provider.{name}", "Give texts in a list.")
    return tuple(listed)


def _number(table: dict[str, object], name: str, usual: int, most: int) -> int:
    number = table.get(name, usual)
    if type(number) is not int or not 1 <= number <= most:
        raise _bad(f"provider.{name}", f"Give a whole number from 1 to {most}.")
    return number


def _bad(key: str, remedy: str) -> BadConfiguration:
    return BadConfiguration(_FILE, key, remedy)
