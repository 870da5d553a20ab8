"""The one port through which a letter leaves, whichever way it goes: made ready first, then handed over once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """What became of something that was to leave.

    It was taken; it may be taken later; the way is away; it was refused for good; or nobody knows: it was handed over,
    and no answer came, so that it may or may not have left.
    """

    TAKEN = "taken"
    LATER = "later"
    AWAY = "away"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter as it leaves: to an address or a number, in plain words or as a page.

    The same ``reference`` is the same letter, however often it is tried; it says nothing about anybody.
    """

    letter_id: str
    reference: str
    channel: str
    to: str
    subject: str
    sender: str
    text: str
    page: bytes
    at: datetime

    def __repr__(self) -> str:
        return f"Parcel({self.letter_id!r})"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a way answered: the outcome, a sentence without personal data, their number for it, and their word on it."""

    outcome: Outcome
    words: str = ""
    number: str = ""
    status: str = ""


class Ready(Protocol):
    """A letter that could leave this moment: everything is done but the handing over itself."""

    found: Answer | None
    """What is known there of this very letter already; then it is not handed over again."""

    def hand_over(self) -> Answer:
        """Hand it over: the one step that cannot be taken back, and takes seconds at most.

        Only the print folder raises (PrintingFailed, and then nothing left); any other fault is an answer.
        """

    def drop(self) -> None:
        """Leave it; nothing leaves then.  It does no harm after the handing over."""


class Way(Protocol):
    """A way out."""

    name: str
    is_repeatable: bool
    """Whether the same letter handed over twice arrives once."""

    def make_ready(self, parcel: Parcel) -> Ready | Answer:
        """Reach whoever takes the letter, without handing anything over; an answer where that cannot be done now."""
