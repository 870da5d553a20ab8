"""Names the quarters of a year: ``2026-Q2`` is April to June 2026, the first quarter of the financial year."""

from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = 3


class BadQuarter(ValueError):
    """This is not the name of a quarter; the message says what one looks like."""

    def __init__(self) -> None:
        super().__init__("Give a quarter as 2026-Q2: the calendar year, and the quarter of it from 1 to 4.")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a calendar year, numbered from 1; both days included."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """``2026-Q2``."""
        return f"{self.year}-Q{self.number}"

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, (self.number - 1) * _MONTHS + 1, 1)

    @property
    def end(self) -> date:
        """The last day."""
        return self.next.start - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """The quarter after it."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def before(self) -> "Quarter":
        """The quarter before it."""
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)


def quarter_named(name: str) -> Quarter:
    """The quarter of a name.  Raises BadQuarter."""
    year, _, number = name.partition("-Q")
    if len(year) != 4 or not year.isascii() or not year.isdigit() or number not in ("1", "2", "3", "4"):
        raise BadQuarter
    if not 1900 <= int(year) <= 2198:
        raise BadQuarter
    return Quarter(int(year), int(number))


def quarter_of(day: date) -> Quarter:
    """The quarter a day lies in."""
    return Quarter(day.year, (day.month - 1) // _MONTHS + 1)


def financial_year(day: date) -> tuple[Quarter, ...]:
    """The four quarters of the financial year a day lies in, from April."""
    first = Quarter(day.year if day.month >= 4 else day.year - 1, 2)
    return (first, first.next, first.next.next, first.next.next.next)
