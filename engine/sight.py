"""Decides, in the transaction that reads, how somebody may look at a case: not at all, plainly, or with a reason."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from engine.entries import Actor
from engine.errors import NotFound
from engine.house import House
from engine.whose import MACHINE, shown_as
from store import accounts, covers, deeds, projections, walls
from store.cases import CaseKey
from workflow.london import london_day
from workflow.permissions import NotPermitted
from workflow.vocabulary import Role

NO_CASE = "There is no such case."
"""What is said of a case that is not there, and of one behind a wall: the same words."""
PLAINLY, WITH_REASON = "case.read", "case.read.with_reason"
"""How a case was opened, as the log of reads says it."""

_OF_THE_SERVICE = (Role.CLOCK, Role.FEED)


class HeldByColleague(NotPermitted):
    """The case is a colleague's: it opens to a reason.  ``holder`` is how the colleague is shown."""

    def __init__(self, reference: str, holder: str) -> None:
        super().__init__(f"{holder} has this case. Give a reason to open it: it is logged, and somebody looks at it.")
        self.reference, self.holder = reference, holder


def is_behind_wall(house: House, connection: Connection, found: CaseKey, actor: Actor) -> bool:
    """Whether a case does not exist for somebody, as the walls stand in this transaction."""
    if actor.role in _OF_THE_SERVICE:
        return False
    return found.case_id in walls.unseen(connection, house.service, actor.user)


def way_in(
    house: House, connection: Connection, found: CaseKey | None, actor: Actor, now: datetime
) -> tuple[CaseKey, str]:
    """The case, and how somebody looks at it now, for the log.

    Raises NotFound where it does not exist for them, and HeldByColleague where they first have to give a reason.
    """
    if found is None or is_behind_wall(house, connection, found, actor):
        raise NotFound(NO_CASE)
    holder = (projections.summary(connection, house.service, found.case_id) or {}).get("assignee", "")
    if not needs_reason(house, holder, actor, mine(house, connection, actor, now)):
        return found, PLAINLY
    if deeds.glass_until(connection, house.service, actor.user, found.case_id, now) is None:
        raise HeldByColleague(found.reference, shown_as(connection, house, holder))
    return found, WITH_REASON


def mine(house: House, connection: Connection, actor: Actor, now: datetime) -> set[str]:
    """Whose cases count as one's own: one's own, and those of the people one stands in for."""
    return {actor.user, *covers.covered(connection, house.service, actor.user, london_day(now))}


def needs_reason(house: House, holder: str, actor: Actor, own: Collection[str]) -> bool:
    """Whether a case with this holder opens to this person only for a reason."""
    is_asked = house.settings.access.colleagues_cases == "with_reason"
    return is_asked and actor.role is Role.PRACTITIONER and actor.user != MACHINE and bool(holder) and holder not in own


def log_opening(house: House, connection: Connection, found: CaseKey, actor: Actor, way: str, now: datetime) -> None:
    """Write down that a case is being looked at; where that fails, nothing of it may be shown."""
    accounts.log_read(connection, house.service, found.case_id, actor.user, way, now)
