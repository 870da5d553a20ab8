"""Says what a text, a day and a moment may be, and keeps names as people write them."""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

from workflow.london import written_day

FIRST_YEAR, LAST_YEAR = 1900, 2100

# Marks nobody sees: zero-width and joining marks, marks that turn the reading direction, fillers and tags.  Two texts
# that differ only in them look the same to a person and not to a machine.
_INVISIBLE = (
    "\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\U000e0000-\U000e007f"
)
_UNSEEN = re.compile(f"[{_INVISIBLE}]")
_UNFIT = re.compile(f"[{_INVISIBLE}\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_UNFIT_IN_PROSE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def tidy_line(text: str) -> str:
    """One line of text in NFC without blanks at its ends; raises where nothing is left or something is invisible."""
    text = text.strip()
    if not text:
        raise PydanticCustomError("blank", "blank")
    if text.isascii() and text.isprintable():
        return text
    if _UNFIT.search(text):
        raise PydanticCustomError("invisible", "invisible")
    return unicodedata.normalize("NFC", text)


def tidy_prose(text: str) -> str:
    """Several lines of text in NFC; invisible marks, which arrive with pasted text, are taken out of it.

    A name that holds such a mark is refused, but a note about somebody's safety must not be lost over one.
    """
    text = _UNSEEN.sub("", text).strip()
    if not text:
        raise PydanticCustomError("blank", "blank")
    if _UNFIT_IN_PROSE.search(text):
        raise PydanticCustomError("invisible", "invisible")
    return unicodedata.normalize("NFC", text)


def day(value: object) -> date:
    """A day out of ``YYYY-MM-DD``, within the years 1900 to 2100; raises on anything else."""
    found = written_day(value)
    if found is None:
        raise PydanticCustomError("day", "day")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise PydanticCustomError("year", "year")
    return found


def moment(value: object) -> datetime:
    """A moment in UTC out of an ISO text with its offset, within the years 1900 to 2100; raises on anything else."""
    if type(value) is not str or not _MOMENT.fullmatch(value):
        raise PydanticCustomError("moment", "moment")
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("moment", "moment") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise PydanticCustomError("year", "year")
    return found.astimezone(UTC)


Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(tidy_line)]
Prose = Annotated[str, StringConstraints(max_length=4000), AfterValidator(tidy_prose)]
Identifier = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/\-]*$")]
Reference = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._:/\-]*$")]
Language = Annotated[str, StringConstraints(max_length=35, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Day = Annotated[date, BeforeValidator(day)]
Moment = Annotated[datetime, BeforeValidator(moment)]
