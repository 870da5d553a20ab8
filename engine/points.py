"""Reads an address, a phone number and an email address as somebody typed them, and says what is wrong with them."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import PydanticCustomError

from engine.errors import WrongInput
from engine.intake.contact_points import email_address, phone_number, postcode
from workflow.facts import fact_problem

_MOST_LINES, _LONGEST_LINE = 6, 45


def postal_address(lines: Sequence[str], code: str) -> dict[str, Any]:
    """An address as it is kept: its lines, and the postcode in capitals.  Raises WrongInput, never repeating it.

    A line of more than 45 characters would be cut off on the envelope by those who print for us.
    """
    kept = [" ".join(line.split()) for line in lines if line.strip()]
    if not 1 <= len(kept) <= _MOST_LINES or any(len(line) > _LONGEST_LINE for line in kept):
        raise WrongInput(f"Give an address of up to {_MOST_LINES} lines, each of up to {_LONGEST_LINE} characters.")
    try:
        value = {"lines": kept, "postcode": postcode(code)}
    except PydanticCustomError:
        raise WrongInput("Give a full postcode, such as ZZ99 1AA.") from None
    if fact_problem("address", "\n".join([*kept, str(value["postcode"])])) is not None:
        raise WrongInput("Give the address without hidden characters.")
    return value


def point(channel: str, given: str, lines: Sequence[str] = (), code: str = "") -> Any:
    """A way of reaching somebody as it is kept, by ``phone``, ``email`` or ``post``.  Raises WrongInput."""
    try:
        if channel == "phone":
            return {"number": phone_number(given), "kind": None}
        if channel == "email":
            return email_address(given)
    except PydanticCustomError:
        wanted = "a phone number with its area code" if channel == "phone" else "a whole email address"
        raise WrongInput(f"Give {wanted}.") from None
    if channel == "post":
        return postal_address(lines, code)
    raise WrongInput("Say which it is: phone, email or post.")
