"""Lists the browser sessions that are open and ends them: one's own, or those of a user who must go at once."""

from dataclasses import dataclass
from datetime import datetime

from engine.entries import Actor
from engine.errors import NotFound
from engine.house import House
from engine.sign_in import SignedIn, is_over
from store import accounts, deeds, second_factors
from workflow.machine import NotAllowed
from workflow.vocabulary import Role

_HANDLE = 16


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser in which somebody is signed in; ``handle`` names it, and opens nothing."""

    handle: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def own(house: House, signed_in: SignedIn, now: datetime) -> list[OpenSession]:
    """The browsers in which one is signed in, the last used first."""
    with house.reading() as connection:
        found = accounts.sessions(connection, house.service)
    return [
        OpenSession(each.token_digest[:_HANDLE], each.created_at, each.seen_at, each.token_digest == signed_in.session)
        for each in found
        if each.user == signed_in.actor.user and not is_over(each, now)
    ]


def end_own(house: House, signed_in: SignedIn, handle: str) -> None:
    """End one of one's own sessions, or (``others``) all but this one."""
    with house.writing() as connection:
        for each in accounts.sessions(connection, house.service):
            is_mine = each.user == signed_in.actor.user and each.token_digest != signed_in.session
            if is_mine and handle in ("others", each.token_digest[:_HANDLE]):
                accounts.end_session(connection, each.token_digest)


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who has an account: their role, whether they may come in, their second factor, and their sessions."""

    name: str
    shown_as: str
    role: Role
    is_disabled: bool
    has_factor: bool
    sessions: int
    seen_at: datetime | None


def staff(house: House, actor: Actor, now: datetime) -> list[Staff]:
    """Everybody who has an account, by how they are shown.  Raises NotPermitted."""
    house.permissions.demand(actor.role, "users.read")
    with house.reading() as connection:
        users = accounts.users(connection, house.service)
        factors = second_factors.enrolled(connection, house.service)
        found = [each for each in accounts.sessions(connection, house.service) if not is_over(each, now)]
    return [
        Staff(
            user.name,
            user.shown_as,
            Role(user.role),
            user.disabled_at is not None,
            user.name in factors,
            sum(each.user == user.name for each in found),
            max((each.seen_at for each in found if each.user == user.name), default=None),
        )
        for user in sorted(users, key=lambda user: (user.disabled_at is not None, user.shown_as.casefold()))
    ]


def end_all_of(house: House, user: str, actor: Actor, now: datetime) -> int:
    """End every session of somebody else; gives how many.  Raises NotFound or NotPermitted."""
    house.permissions.demand(actor.role, "users.change")
    with house.writing() as connection:
        if accounts.user(connection, house.service, user) is None:
            raise NotFound("There is no such user.")
        ended = accounts.end_sessions_of(connection, house.service, user)
        deeds.add(connection, house.service, now, actor.user, "sessions_ended", about=user, detail=str(ended))
    return ended


def let_in(house: House, user: str, is_allowed: bool, actor: Actor, now: datetime) -> None:
    """Disable a user, whose sessions end in the same transaction, or let them in again.

    Raises NotFound, NotPermitted, and NotAllowed for oneself.
    """
    house.permissions.demand(actor.role, "users.change")
    if user == actor.user:
        raise NotAllowed("Somebody else has to do that to your account.")
    with house.writing() as connection:
        if accounts.user(connection, house.service, user) is None:
            raise NotFound("There is no such user.")
        accounts.change_user(connection, house.service, user, disabled_at=None if is_allowed else now)
        if not is_allowed:
            accounts.end_sessions_of(connection, house.service, user)
        deed = "user_enabled" if is_allowed else "user_disabled"
        deeds.add(connection, house.service, now, actor.user, deed, about=user)
