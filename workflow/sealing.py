"""Decides which ways of reaching a victim are sealed: shown to nobody but by a deed of its own, and by whom sealed."""

from workflow.case import Case
from workflow.catalogue.knowing import SEALABLE
from workflow.events import Event
from workflow.vocabulary import Channel

_BY = {
    **dict.fromkeys((Channel.PHONE, Channel.VOICEMAIL, Channel.TEXT), "phone"),
    **dict.fromkeys((Channel.POST, Channel.VISIT), "post"),
    Channel.EMAIL: "email",
}


def kept_as(channel: str) -> str:
    """Under which way a channel is kept: a voicemail goes by the phone, a visit by the address."""
    return _BY.get(Channel(channel), "")


def seal_of(case: Case, kept: str) -> Event | None:
    """The entry by which an address or a number is sealed now; None where it is not.

    A new address in place of a sealed one is sealed as well: whoever had to hide once hides the next one too.
    Source: assurance.md 5.3 (C4).
    """
    last = next((e for e in reversed(case.of("address_sealed", "address_unsealed")) if e.text("channel") == kept), None)
    return last if last is not None and last.kind == "address_sealed" else None


def sealed(case: Case) -> frozenset[str]:
    """The ways of reaching the victim that are sealed now."""
    return frozenset(kept for kept in SEALABLE if seal_of(case, kept) is not None)


def is_sealed(case: Case, channel: str) -> bool:
    """Whether a channel goes by an address or a number that is sealed."""
    return seal_of(case, kept_as(channel)) is not None
