"""Seals personal data: a key for each person, wrapped by the service's key, and every value bound to its place."""

import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_NONCE = 12


_written = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class CannotOpen(Exception):
    """A sealed value does not open: the wrong key, or a value moved from its place or altered."""


def new_key() -> bytes:
    """A fresh key of 32 bytes."""
    return AESGCM.generate_key(bit_length=256)


def _seal(cipher: AESGCM, place: str, plain: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + cipher.encrypt(nonce, plain, place.encode())


def _open(cipher: AESGCM, place: str, sealed: bytes) -> bytes:
    if sealed[:1] != _VERSION:
        raise CannotOpen("A sealed value has a version this release does not know.")
    try:
        return cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], place.encode())
    except InvalidTag:
        raise CannotOpen("A sealed value does not open with this key in this place.") from None


class _Matching:
    """HMAC-SHA-256 under one key that is prepared once: the library prepares it anew for each of many small digests."""

    def __init__(self, key: bytes) -> None:
        padded = key.ljust(hashlib.sha256().block_size, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def hexdigest(self, message: bytes) -> str:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.hexdigest()


def _plain(text: str) -> str:
    """A text in small letters with single blanks; most hold no blank at all, and are done at once."""
    folded = text.casefold()
    return folded if " " not in folded and folded.isprintable() else " ".join(folded.split())


class Keyring:
    """The service's key, with which the keys of persons are wrapped and match digests are made."""

    def __init__(self, service_key: bytes) -> None:
        if len(service_key) != 32:
            raise CannotOpen("The key file must hold 32 bytes.")
        self._wrapping = AESGCM(hmac.digest(service_key, b"wrap persons' keys", "sha256"))
        self._matching = _Matching(hmac.digest(service_key, b"match without reading", "sha256"))
        self._own = AESGCM(hmac.digest(service_key, b"seal what belongs to the service", "sha256"))

    def new_person(self) -> tuple["PersonKey", bytes]:
        """A new person's key, and the same wrapped for keeping."""
        key = new_key()
        return PersonKey(key), _seal(self._wrapping, "person.key", key)

    def person(self, wrapped: bytes) -> "PersonKey":
        """A person's key from its wrapped form.  Raises CannotOpen."""
        return PersonKey(_open(self._wrapping, "person.key", wrapped))

    def seal(self, place: str, document: Any) -> bytes:
        """Something that belongs to the service rather than to a person, sealed and bound to its place."""
        return _seal(self._own, place, _written(document).encode())

    def open(self, place: str, sealed: bytes) -> Any:
        """It again.  Raises CannotOpen."""
        return json.loads(_open(self._own, place, sealed))

    def match(self, *parts: str) -> str:
        """A digest by which equal values can be found without being readable; 64 hexadecimal digits."""
        joined = "\x1f".join([_plain(part) for part in parts])
        return self._matching.hexdigest(joined.encode())


class PersonKey:
    """Seals and opens what belongs to one person; ``place`` (table, column, owner) is part of the seal."""

    def __init__(self, key: bytes) -> None:
        # A person's values are sealed many at a time: the cipher is prepared once.
        self._cipher = AESGCM(key)

    def seal(self, place: str, document: Any) -> bytes:
        """A document, sealed."""
        return _seal(self._cipher, place, _written(document).encode())

    def open(self, place: str, sealed: bytes) -> Any:
        """The document again.  Raises CannotOpen."""
        return json.loads(_open(self._cipher, place, sealed))
