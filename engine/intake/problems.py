"""Names the place of a problem in a consent record the way the columns of a police file are named."""

import re
from collections.abc import Iterable

from workflow.problems import Problem

__all__ = ["Problem", "dotted", "plain_name"]

# A key comes from outside like any value does, and a careless system may put an address there: only what looks
# like a field name is ever repeated.
_PLAIN = re.compile(r"[a-z][a-z0-9_]{0,39}")


def plain_name(key: object) -> str:
    """A submitted key as it may be shown: itself where it looks like a field name, else a question mark."""
    return key if isinstance(key, str) and _PLAIN.fullmatch(key) else "?"


def dotted(place: Iterable[str | int]) -> str:
    """A place as a dotted path with list items counted from 1: ``("victim", "phones", 0)`` is ``victim.phones.1``."""
    return ".".join(str(step + 1) if isinstance(step, int) else plain_name(step) for step in place)
