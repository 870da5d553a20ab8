"""Says of what a rule is made: the time limit, the events that count, to whom it applies, when it reminds."""

from dataclasses import dataclass
from enum import StrEnum

from workflow.case import INITIAL, Case
from workflow.events import Event, Value
from workflow.vocabulary import Track


class LimitKind(StrEnum):
    """How a time limit is counted; ``NONE`` is an act that is owed without a number of days."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    CALENDAR_MONTHS = "calendar_months"
    BEFORE = "before"
    NONE = "none"


_UNITS = {
    LimitKind.WORKING_DAYS: "working day",
    LimitKind.CALENDAR_DAYS: "calendar day",
    LimitKind.CALENDAR_MONTHS: "calendar month",
    LimitKind.BEFORE: "working day",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: ``number`` units after the trigger, or (``BEFORE``) working days before the day in ``field``.

    ``moves`` says that a due date which is not a working day moves to the next one.  ``notice`` (only ``BEFORE``): so
    many working days whoever owes it has at least from the day it was known, but never past the day in ``field``.
    """

    kind: LimitKind = LimitKind.NONE
    number: int = 0
    field: str = ""
    moves: bool = False
    notice: int = 0

    @property
    def words(self) -> str:
        """The limit as a person reads it: ``5 working days``, ``2 working days before``, ``no day-count``."""
        if self.kind is LimitKind.NONE:
            return "no day-count"
        if self.kind is LimitKind.BEFORE and self.number == 0:
            return "on the day itself"
        if self.number == 0:
            return "the same day"
        words = f"{self.number} {_UNITS[self.kind]}{'' if self.number == 1 else 's'}"
        return f"{words} before" if self.kind is LimitKind.BEFORE else words


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a field of an event must hold: one of ``values``, or a number of at least ``at_least``."""

    field: str
    values: tuple[Value, ...] = ()
    at_least: int | None = None

    def holds(self, event: Event) -> bool:
        """Whether the event's field holds it; a field of several choices needs one of them."""
        value = event.fields.get(self.field)
        if self.at_least is not None:
            return isinstance(value, int) and value >= self.at_least
        return value in self.values or (isinstance(value, str) and not set(value.split("|")).isdisjoint(self.values))


@dataclass(frozen=True, slots=True)
class Match:
    """Which events count: of kind ``event`` (any kind where empty) whose fields hold what ``where`` wants.

    ``state``: the journey entered this state with the event.  ``during``: each of these tracks stood in one of these
    states after it.  Both are read from what the event reached, never judged again.
    """

    event: str = ""
    where: tuple[Wanted, ...] = ()
    state: str = ""
    during: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def fits(self, event: Event, journey_before: str) -> bool:
        """Whether an event counts, given the state of the journey just before it."""
        if self.event and event.kind != self.event:
            return False
        if self.state and (event.reached.get(Track.JOURNEY) != self.state or journey_before == self.state):
            return False
        if self.during and any(event.reached.get(t, INITIAL[t]) not in states for t, states in self.during):
            return False
        return not self.where or all(wanted.holds(event) for wanted in self.where)


@dataclass(frozen=True, slots=True)
class Applies:
    """To whom a rule applies; what is None is not asked."""

    victim_is_child: bool | None = None
    victim_kind: tuple[str, ...] | None = None
    enhanced: bool | None = None

    def to(self, case: Case) -> bool:
        """Whether the rule applies to a case."""
        return (
            (self.victim_is_child is None or case.is_child == self.victim_is_child)
            and (self.victim_kind is None or case.victim_kind in self.victim_kind)
            and (self.enhanced is None or (case.enhanced_from is not None) == self.enhanced)
        )


@dataclass(frozen=True, slots=True)
class Reminds:
    """The ladder of reminders, in working days; a rung that is None is not said.

    ``soon`` is said to the owner so many days before the due date; ``chase`` to the owner, ``liaison`` to the service's
    police officer and ``manager`` to the manager so many days after it (0: on the day).  ``due`` is said on the day.
    """

    soon: int | None = None
    due: bool = True
    chase: int | None = None
    liaison: int | None = None
    manager: int | None = None


NO_LIMIT = Limit()
TO_EVERYBODY = Applies()
NO_REMINDERS = Reminds()
