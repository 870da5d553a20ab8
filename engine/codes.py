"""Makes the references by which cases, letters and notes are named: random, so that nothing can be inferred."""

import hashlib
import secrets
from collections.abc import Callable

# Without I, L, O and U, so that a reference can be read out on the telephone.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

Codes = Callable[[int], str]
"""Gives a new code of that many characters."""


def random_code(length: int) -> str:
    """A code that nobody can guess."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def rehearsed_codes(seed: int) -> Codes:
    """Codes that are the same for the same seed, for an example service only."""
    made = 0

    def next_code(length: int) -> str:
        nonlocal made
        made += 1
        digest = hashlib.sha256(f"{seed}/{made}".encode()).digest()
        return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:length])

    return next_code


def case_reference(codes: Codes) -> str:
    """A case reference such as VC-7K3M-9QF2."""
    code = codes(8)
    return f"VC-{code[:4]}-{code[4:]}"
