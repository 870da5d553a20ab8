"""Says whose case it is, and refuses work on a case that a colleague has by now, naming them."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from engine.entries import Actor
from engine.errors import WrongInput
from engine.house import House
from store import accounts, covers, walls
from workflow.case import TEAM
from workflow.events import Event
from workflow.london import london_day
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.vocabulary import Role

if TYPE_CHECKING:
    from engine.record import Deed

MAY_HAVE_CASES = (Role.PRACTITIONER, Role.MANAGER)
MACHINE = "command-line"
"""Whoever works at the machine itself, where no user is named: they are asked about nothing but the tables."""


def check_turn(deed: "Deed", event: Event, actor: Actor) -> None:
    """Refuse what is no longer this person's to do, and a new owner who cannot be one.

    A practitioner works on their own cases, on those of people they stand in for, and on those nobody has; what cannot
    wait (``[cannot_wait]`` of permissions.toml) anybody may record.  Raises NotAllowed, NotPermitted or WrongInput.
    """
    if event.kind == "case_assigned":
        _check_new_owner(deed, event, actor)
    elif actor.role is Role.PRACTITIONER and event.kind not in deed.house.permissions.cannot_wait:
        holder = deed.before.assignee
        if holder and not _is_theirs(deed, holder, actor):
            raise NotAllowed(
                f"{shown_as(deed.connection, deed.house, holder)} has this case now. Nothing was recorded."
            )


def _check_new_owner(deed: "Deed", event: Event, actor: Actor) -> None:
    house, holder, to = deed.house, deed.before.assignee, event.text("to")
    if to != TEAM:
        user = accounts.user(deed.connection, house.service, to)
        if user is None or user.role not in MAY_HAVE_CASES or user.disabled_at is not None:
            raise WrongInput("Give the user name of a practitioner or manager who may sign in.")
    if to != TEAM and deed.key.case_id in walls.unseen(deed.connection, house.service, to):
        raise NotAllowed("That person may not have this case: choose somebody else.")
    if to == (holder or TEAM):
        raise NotAllowed(already(deed.connection, house, holder, actor))
    may_assign_any = house.permissions.may(actor.role, "case.assign") or actor.user == MACHINE
    if not may_assign_any and not holder and to != actor.user:
        raise NotPermitted("A practitioner takes a case for themselves; a manager gives it to somebody else.")
    if not may_assign_any and holder and not _is_theirs(deed, holder, actor):
        raise NotAllowed(f"{shown_as(deed.connection, house, holder)} has this case now. Nothing was recorded.")
    if holder and not event.text("reason"):
        raise WrongInput("Say why the case changes hands.")


def already(connection: Connection, house: House, holder: str, actor: Actor) -> str:
    """That a case is with its holder already, in one sentence."""
    if not holder:
        return "Nobody has this case already."
    who = "You have" if holder == actor.user else f"{shown_as(connection, house, holder)} has"
    return f"{who} this case already."


def _is_theirs(deed: "Deed", holder: str, actor: Actor) -> bool:
    if holder == actor.user or actor.user == MACHINE:
        return True
    return holder in covers.covered(deed.connection, deed.house.service, actor.user, london_day(deed.now))


def shown_as(connection: Connection, house: House, user: str) -> str:
    """How a member of staff is called on pages and in sentences."""
    if user == TEAM:
        return "Nobody"
    kept = accounts.user(connection, house.service, user)
    return kept.shown_as if kept else user
