"""Knows the words of GOV.UK Notify on what it took: arrived, failed, or under way."""

from collections.abc import Mapping

_DELIVERED = frozenset({"delivered", "received"})
_FAILED: Mapping[str, str] = {
    "permanent-failure": "bounced",
    "temporary-failure": "failed",
    "technical-failure": "failed",
    "validation-failed": "failed",
    "virus-scan-failed": "failed",
    "cancelled": "failed",
}
_UNDER_WAY = frozenset({"created", "sending", "pending", "sent", "accepted", "pending-virus-check"})
STATUSES = frozenset({*_DELIVERED, *_FAILED, *_UNDER_WAY})
"""Every word of Notify on something it took."""


def is_delivered(status: str) -> bool:
    """Whether this is the last word on something that arrived, or was printed and posted."""
    return status in _DELIVERED


def failure(status: str) -> str | None:
    """Why something did not arrive, in the words of ``letter_returned``; None where it did or is under way."""
    return _FAILED.get(status)
