"""Sets and lifts walls: for whoever is behind one, a case answers as if it did not exist, everywhere."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from engine.entries import Actor, Entry
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.record import Deed, record
from engine.sight import NO_CASE, is_behind_wall
from store import accounts, cases, deeds, people, walls
from store.cases import CaseKey
from store.walls import KeptWall
from workflow.case import TEAM
from workflow.machine import NotAllowed
from workflow.vocabulary import Role

WHY_LIFTED = ("declared_by_mistake", "no_longer_the_childs_worker", "no_longer_related", "wrong_person")
_BACK = Entry("case_assigned", {"to": TEAM, "reason": "conflict_of_interest"})
OTHERS_REASONS = ("childs_worker", "conflict")
"""Why somebody else sets a wall for a person: they work with a child responsible, or they are close to somebody."""


def as_seen_by(house: House, user: str) -> House:
    """The house in which the cases behind this user's walls do not exist, for everything that is read."""
    with house.reading() as connection:
        unseen = walls.unseen(connection, house.service, user)
    return replace(house, unseen=unseen) if unseen != house.unseen else house


def declare(house: House, reference: str, actor: Actor, now: datetime) -> None:
    """Say that one has a conflict of interest in a case: from now on it does not exist for oneself.

    A case of one's own goes back to the team in the same transaction.  Raises NotFound or NotPermitted.
    """
    house.permissions.demand(actor.role, "conflict.declare")
    _build(house, reference, actor.user, "own_conflict", actor, now)


def set_up(house: House, reference: str, user: str, reason: str, actor: Actor, now: datetime) -> None:
    """Put a wall between somebody and a case, or between the worker of its children and every case of theirs.

    Raises NotFound, NotPermitted, NotAllowed or WrongInput.
    """
    house.permissions.demand(actor.role, "wall.set")
    if reason not in OTHERS_REASONS:
        raise WrongInput("reason: Select why they must not see the case")
    if user == actor.user:
        raise WrongInput("user: Declare your own conflict on the page of the case")
    with house.reading() as connection:
        known = accounts.user(connection, house.service, user)
    if known is None or known.role in (Role.CLOCK, Role.FEED, Role.POLICE):
        raise WrongInput("user: Select a member of staff")
    if reason == "childs_worker":
        _put_back_other_cases(house, reference, user, actor, now)
    _build(house, reference, user, reason, actor, now)


def _put_back_other_cases(house: House, reference: str, user: str, actor: Actor, now: datetime) -> None:
    """Give the other cases of the same children back to the team, where the child's worker has them."""
    with house.reading() as connection:
        found = cases.find(connection, house.service, reference)
        theirs = walls.of_same_children(connection, house.service, found.case_id, user) if found else []
    for other in theirs:
        if other != reference:
            record(house, other, [_BACK], actor=actor, now=now)


def _build(house: House, reference: str, user: str, reason: str, actor: Actor, now: datetime) -> None:
    with house.writing() as connection:
        found = cases.find(connection, house.service, reference)
        if found is None or is_behind_wall(house, connection, found, actor):
            raise NotFound(NO_CASE)
        holder = cases.history(connection, house.service, found).assignee
        if holder != user:
            _put_up(house, connection, found, user, reason, actor, now)
            return

    def within(deed: Deed) -> None:
        _put_up(house, deed.connection, deed.key, user, reason, actor, now)

    record(house, reference, [_BACK], actor=actor, now=now, within=within)


def _put_up(
    house: House, connection: Connection, found: CaseKey, user: str, reason: str, actor: Actor, now: datetime
) -> None:
    about = {"user": user, "reason": reason, "set_by": actor.user, "set_at": now}
    children = people.child_numbers(connection, found.case_id) if reason == "childs_worker" else []
    # The child's worker must not see the child's other victims either, nor those that are still to come.
    for place in [{"person_id": child} for child in children] or [{"case_id": found.case_id}]:
        walls.add(connection, house.service, **about, **place)
    deeds.add(connection, house.service, now, actor.user, "wall_set", about=user, case_id=found.case_id, detail=reason)


@dataclass(frozen=True, slots=True)
class Standing:
    """A wall as it is shown, and whether whoever looks may lift it."""

    wall: KeptWall
    may_lift: bool


def standing(house: House, actor: Actor) -> list[Standing]:
    """Every wall that stands, the newest first, but those that keep the reader out.  Raises NotPermitted."""
    house.permissions.demand(actor.role, "wall.read")
    with house.reading() as connection:
        found = walls.standing(connection, house.service)
    may = house.permissions.may(actor.role, "wall.lift")
    return [Standing(each, may and _is_third(each, actor)) for each in found if each.user != actor.user]


def _is_third(wall: KeptWall, actor: Actor) -> bool:
    """Two people for every wall that falls: neither whom it keeps out nor who set it lifts it."""
    return actor.user not in (wall.user, wall.set_by)


def lift(house: House, wall_id: int, why: str, actor: Actor, now: datetime) -> None:
    """Lift a wall that somebody else set or declared.  Raises NotFound, NotPermitted, NotAllowed or WrongInput."""
    house.permissions.demand(actor.role, "wall.lift")
    if why not in WHY_LIFTED:
        raise WrongInput("why: Select why the wall is no longer needed")
    with house.writing() as connection:
        found = walls.find(connection, house.service, wall_id)
        if found is None or found.user == actor.user:
            raise NotFound("There is no such wall.")
        if not _is_third(found, actor):
            raise NotAllowed("Somebody else has to lift it: whoever sets a wall does not lift it.")
        walls.lift(connection, house.service, wall_id, actor.user, now, why)
        deeds.add(connection, house.service, now, actor.user, "wall_lifted", about=found.user, detail=why)
