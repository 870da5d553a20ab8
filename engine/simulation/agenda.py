"""Acts out time: the moments of a day, and what others will do on which day."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, time

from workflow.calendar import Calendar
from workflow.london import LONDON

Sending = Callable[[datetime], None]
"""Something police send, at a moment of their shift."""

Happening = Callable[[], None]
"""Something a practitioner learns of during the day, and records."""


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a London day, in UTC."""
    return datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)


class Agenda:
    """What is to come: what police send before and after the office is open, and what the office will learn of."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._mornings: dict[date, list[Sending]] = defaultdict(list)
        self._evenings: dict[date, list[Sending]] = defaultdict(list)
        self._office: dict[date, list[Happening]] = defaultdict(list)

    def morning(self, day: date, sending: Sending) -> None:
        """Police send something before the office opens on a day."""
        self._mornings[day].append(sending)

    def evening(self, day: date, sending: Sending) -> None:
        """Police send something after the office closed on a day."""
        self._evenings[day].append(sending)

    def office(self, day: date, happening: Happening) -> None:
        """The office learns of something on a day, or on the first working day after it."""
        self._office[self._calendar.next_working(day)].append(happening)

    def mornings(self, day: date) -> list[Sending]:
        """What police send before the office opens."""
        return self._mornings.pop(day, [])

    def evenings(self, day: date) -> list[Sending]:
        """What police send after the office closed."""
        return self._evenings.pop(day, [])

    def learnt(self, day: date) -> list[Happening]:
        """What the office learns of during a day."""
        return self._office.pop(day, [])
