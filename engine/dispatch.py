"""Stops all letters at once, and lets them go again when two people say so."""

from dataclasses import dataclass
from datetime import datetime

from engine.entries import Actor
from engine.errors import WrongInput
from engine.house import House
from store import dispatch
from store.dispatch import KeptOrder
from workflow.machine import NotAllowed

REASONS = ("wrong_letter", "data_breach", "restored_backup", "safety", "rehearsal", "put_right")
"""Why letters are stopped, or may go again: codes, so that nobody writes about a person here."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the switch stands: since when all letters are stopped, who stopped them, and who asked to let them go."""

    since: datetime
    by: str
    reason: str
    lift_asked_by: str


def standing(house: House) -> Standing | None:
    """How the switch stands; None while letters may go."""
    with house.reading() as connection:
        since = dispatch.stopped_at(connection, house.service)
        if since is None:
            return None
        return _standing(since, dispatch.orders(connection, house.service))


def _standing(since: datetime, orders: list[KeptOrder]) -> Standing:
    asked = ""
    for order in orders:
        if order.deed == "stop":
            return Standing(since, order.by, order.reason, asked)
        if order.deed == "ask_to_lift":
            asked = order.by
    return Standing(since, "", "", asked)


def orders(house: House) -> list[KeptOrder]:
    """Every order about all letters, newest first."""
    with house.reading() as connection:
        return dispatch.orders(connection, house.service)


def stop(house: House, actor: Actor, reason: str, now: datetime) -> None:
    """Stop all letters: once this returns, none leaves, whichever clock runs and whatever is restarted.

    Raises NotPermitted; a stop on top of a stop takes back a request to lift.
    """
    _demand(house, actor, reason)
    with house.writing() as connection:
        dispatch.hold(connection, house.service)
        since = dispatch.stopped_at(connection, house.service) or now
        dispatch.order(connection, house.service, "stop", reason, actor.user, now, since)


def lift(house: House, actor: Actor, reason: str, now: datetime) -> bool:
    """One person's yes to letting letters go; with the second person's they go.  True once they may go.

    Source: the switch takes two people to lift (assurance.md F74).  Raises NotPermitted, or NotAllowed where nothing is
    stopped or the same person asks twice.
    """
    _demand(house, actor, reason)
    with house.writing() as connection:
        dispatch.hold(connection, house.service)
        since = dispatch.stopped_at(connection, house.service)
        if since is None:
            raise NotAllowed("Letters are not stopped.")
        asked = _standing(since, dispatch.orders(connection, house.service)).lift_asked_by
        if asked == actor.user:
            raise NotAllowed("You have asked already: a second person must agree before letters go again.")
        if not asked:
            dispatch.order(connection, house.service, "ask_to_lift", reason, actor.user, now, since)
            return False
        dispatch.order(connection, house.service, "lift", reason, actor.user, now, None)
        return True


def _demand(house: House, actor: Actor, reason: str) -> None:
    house.permissions.demand(actor.role, "dispatch.order")
    if reason not in REASONS:
        raise WrongInput(f"Give a reason: {', '.join(REASONS)}.")
