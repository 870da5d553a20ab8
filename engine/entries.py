"""Says what is handed to the one door, by whom, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workflow.events import Event
from workflow.vocabulary import Role, State


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user or an account of the service, the role it acts in, and its force if it is police."""

    user: str
    role: Role
    force: str | None = None


CLOCK = Actor("clock", Role.CLOCK)
"""The clock, which records what time brings about."""


SYSTEM = Actor("system", Role.CLOCK)
"""The system, which records what follows by rule from what somebody recorded."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as it is handed in; ``at`` None means now.  A note field holds its words here, not its reference."""

    kind: str
    fields: Mapping[str, str | int | bool] = field(default_factory=dict)
    at: datetime | None = None
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the case, its version and state after, and the events; ``repeated`` when a key came again."""

    reference: str
    version: int
    state: State
    events: tuple[Event, ...]
    repeated: bool = False
