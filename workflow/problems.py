"""Says what is wrong with something that arrived, and how to put it right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: where it is, which rule it breaks, what to do about it.

    ``path`` is dotted and counts list items from 1 (``victim.phones.1.number``), ``rule`` is a stable name in
    kebab case, ``remedy`` is one plain sentence.  The value that was submitted is never in a problem, because
    problems are shown, logged and sent back, and the value may be somebody's address.
    """

    path: str
    rule: str
    remedy: str
