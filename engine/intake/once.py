"""Answers a call that bears an idempotency key once: the same key and content get the first answer again."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.errors import KeyReused, WrongInput
from engine.house import House
from store import submissions

_KEY = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True, slots=True)
class Answered:
    """A status of HTTP and the document that goes with it."""

    status: int
    document: dict[str, Any]


def once(
    house: House, caller: str, key: str | None, digest: str, now: datetime, answer: Callable[[], Answered]
) -> Answered:
    """What ``answer`` gives, or gave the first time the key came with the same content (``digest``).

    A call without a key is answered anew; what it does is harmless to repeat all the same.  Raises WrongInput for a
    key that is none, KeyReused where it came with other content, and what ``answer`` raises: then nothing is kept.
    """
    if key is None:
        return answer()
    if not _KEY.fullmatch(key):
        raise WrongInput("Send an Idempotency-Key of 1 to 128 visible ASCII characters.")
    given = _kept(house, caller, key, digest)
    if given is None:
        fresh = answer()
        with house.writing() as connection:
            kept = {"status": fresh.status, "document": fresh.document}
            if submissions.keep_answer(connection, house.service, caller, key, digest, kept, now):
                return fresh
        # Somebody sent the same at the same moment and was answered first.
        given = _kept(house, caller, key, digest) or fresh
    return given


def _kept(house: House, caller: str, key: str, digest: str) -> Answered | None:
    with house.reading() as connection:
        found = submissions.answer(connection, house.service, caller, key)
    if found is None:
        return None
    known, answer = found
    if known != digest:
        raise KeyReused("This Idempotency-Key came before with other content: use a new key for another call.")
    return Answered(answer["status"], answer["document"])
