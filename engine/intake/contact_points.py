"""Says whether a phone number, an email address and a postcode can be right, and how they are written."""

import re
from typing import Annotated

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from engine.intake.texts import tidy_line

# Ordinary British numbers are told by their shape, which is thirty times quicker than the library and lets through the
# numbers Ofcom keeps for fiction; the library decides all the others.
_SPACING = str.maketrans("", "", " -().")
_BRITISH = re.compile(r"(?:(?:\+|00)44(?:0)?|0)(?:1[0-9]{8,9}|2[0-9]{9}|3[0-9]{9}|7[1-57-9][0-9]{8})")
_PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9_%+'-]{1,64}(?:\.[A-Za-z0-9_%+'-]{1,60}){0,5}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}(?P<top>[A-Za-z]{2,24})"
)
_TOPS_THAT_LEAD_NOWHERE = frozenset({"test", "invalid", "local", "localhost", "onion", "arpa", "internal", "alt"})
_POSTCODE = re.compile(r"(?:GIR|[A-Z]{1,2}[0-9][A-Z0-9]?) ?[0-9][A-Z]{2}")


def phone_number(text: str) -> str:
    """A phone number as it was written, without blanks at its ends; raises where it cannot be one."""
    text = tidy_line(text)
    if _BRITISH.fullmatch(text.translate(_SPACING)):
        return text
    try:
        if text.isascii() and phonenumbers.is_valid_number(phonenumbers.parse(text, "GB")):
            return text
    except phonenumbers.NumberParseException:
        pass
    raise PydanticCustomError("phone", "phone")


def email_address(text: str) -> str:
    """An email address as it was written, without blanks at its ends; raises where no mail could ever reach it."""
    text = tidy_line(text)
    plain = _PLAIN_EMAIL.fullmatch(text)
    if plain and plain["top"].lower() not in _TOPS_THAT_LEAD_NOWHERE and text.index("@") <= 64:
        return text
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise PydanticCustomError("email", "email") from None


def postcode(text: str) -> str:
    """A British postcode in capitals with one space; raises where it cannot be one."""
    written = tidy_line(text).upper()
    if not _POSTCODE.fullmatch(written):
        raise PydanticCustomError("postcode", "postcode")
    return f"{written[:-3].rstrip()} {written[-3:]}"


PhoneNumber = Annotated[str, StringConstraints(max_length=40), AfterValidator(phone_number)]
EmailAddress = Annotated[str, StringConstraints(max_length=254), AfterValidator(email_address)]
Postcode = Annotated[str, StringConstraints(max_length=12), AfterValidator(postcode)]
