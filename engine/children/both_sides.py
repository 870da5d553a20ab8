"""Finds the child responsible who is also a victim, tells a manager, and keeps the workers of the two sides apart."""

from datetime import datetime

from sqlalchemy import Connection

from engine.children.owed import BY
from engine.house import House
from engine.intake.opening import person_match
from store import accounts, cases, deeds, feeds, walls
from store.cases import CaseKey
from store.people import KnownPerson

DEED = "child_is_also_victim"
"""Under which name a manager finds it among what was done about access."""


def keep_apart(house: House, connection: Connection, child: KnownPerson, now: datetime) -> tuple[str, ...]:
    """The cases in which this child is the victim, found by name and birthday together; empty for most.

    Each is told to the manager once.  Whoever works on a case where the child is responsible is walled off from those,
    and the other way round.  Where one person has both, no wall is put up: a manager has to say who goes on with which.
    """
    if not child.document.get("date_of_birth"):
        return ()
    numbers = feeds.victims_like(connection, house.service, person_match(house, child.document))
    theirs = feeds.cases_of_people(connection, house.service, numbers) if numbers else []
    if not theirs:
        return ()
    answered_for = feeds.cases_of_child(connection, house.service, child.person_id)
    for key in theirs:
        holder = _holder(house, connection, key)
        workers = {other.case_id: _holder(house, connection, other) for other in answered_for}
        same = holder != "" and holder in workers.values()
        _tell(house, connection, key, "same_worker" if same else "different_workers", now)
        for other in answered_for:
            worker = workers[other.case_id]
            if worker and worker != holder and not same:
                _wall(house, connection, worker, key, now)
            if holder and worker != holder and not same:
                _wall(house, connection, holder, other, now)
    return tuple(key.reference for key in theirs)


def _holder(house: House, connection: Connection, key: CaseKey) -> str:
    return cases.history(connection, house.service, key).assignee


def _tell(house: House, connection: Connection, key: CaseKey, how: str, now: datetime) -> None:
    if not feeds.is_told(connection, house.service, DEED, key.case_id):
        deeds.add(connection, house.service, now, BY, DEED, case_id=key.case_id, detail=how)


def _wall(house: House, connection: Connection, user: str, key: CaseKey, now: datetime) -> None:
    if key.case_id in walls.unseen(connection, house.service, user):
        return
    if accounts.user(connection, house.service, user) is None:
        return
    walls.add(connection, house.service, user=user, reason="childs_worker", set_by=BY, set_at=now, case_id=key.case_id)
    deeds.add(connection, house.service, now, BY, "wall_set", about=user, case_id=key.case_id, detail="childs_worker")
