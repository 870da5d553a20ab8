"""Keeps who may come in: users with a role and a password, and the keys of forces."""

import hashlib
import secrets
from datetime import datetime

from engine.entries import Actor
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.mail_settings import is_address
from store import accounts, submissions
from workflow.vocabulary import Role

PEOPLE = tuple(role for role in Role if role not in (Role.CLOCK, Role.FEED))
"""The roles that people sign in with; the others are accounts of the service itself."""
COMMAND_LINE = Actor("command-line", Role.PRACTITIONER)
"""Whoever works at the machine itself, where no user is named."""


def add_user(
    house: House,
    name: str,
    role: str,
    now: datetime,
    *,
    shown_as: str = "",
    direct_number: str = "",
    force: str | None = None,
    password: str | None = None,
) -> str:
    """A new user; gives the first password, which must be changed (one that was given need not be)."""
    from pwdlib import PasswordHash

    if role not in PEOPLE:
        raise WrongInput(f"A user has one of these roles: {', '.join(PEOPLE)}.")
    if not name.isascii() or not name.replace(".", "").replace("-", "").isalnum() or len(name) > 64:
        raise WrongInput("A user name is letters, digits, dots and hyphens.")
    first = password or secrets.token_urlsafe(12)
    with house.writing() as connection:
        if role == Role.POLICE and (force is None or submissions.force_model(connection, house.service, force) is None):
            raise WrongInput("A police user needs a force that we know.")
        if accounts.user(connection, house.service, name) is not None:
            raise WrongInput("There is a user of that name.")
        accounts.add_user(
            connection,
            house.service,
            name=name,
            role=role,
            shown_as=shown_as or name,
            direct_number=direct_number,
            force=force,
            password_hash=PasswordHash.recommended().hash(first),
            must_change=password is None,
            created_at=now,
        )
    return first


def set_email(house: House, name: str, address: str) -> None:
    """Set the address at work of a user, to which the morning letter goes; empty takes it away.

    Raises NotFound, and WrongInput where it is no address.
    """
    if address and not is_address(address):
        raise WrongInput("Give one e-mail address, such as rosa@example.org.")
    with house.writing() as connection:
        if accounts.user(connection, house.service, name) is None:
            raise NotFound("There is no such user.")
        accounts.change_user(connection, house.service, name, email=address or None)


def actor(house: House, name: str) -> Actor:
    """The user of that name as an actor.  Raises NotFound where there is none or it was disabled."""
    with house.reading() as connection:
        user = accounts.user(connection, house.service, name)
    if user is None or user.disabled_at is not None:
        raise NotFound("There is no such user.")
    return Actor(user.name, Role(user.role), user.force)


def practitioners(house: House) -> list[tuple[str, str]]:
    """The users who can have a case: name, and how they are shown."""
    with house.reading() as connection:
        users = accounts.users(connection, house.service)
    return [
        (user.name, user.shown_as)
        for user in users
        if user.role in (Role.PRACTITIONER, Role.MANAGER) and user.disabled_at is None
    ]


def staff_names(house: House) -> dict[str, str]:
    """How every user is shown, by name; also of those who may no longer sign in."""
    with house.reading() as connection:
        return {user.name: user.shown_as for user in accounts.users(connection, house.service)}


def add_force_key(house: House, force: str, now: datetime) -> tuple[str, str]:
    """A new key for a force: its number, and the key itself, which is shown this once."""
    key_id, key = secrets.token_hex(8), secrets.token_urlsafe(32)
    with house.writing() as connection:
        if submissions.force_model(connection, house.service, force) is None:
            raise NotFound("There is no such force.")
        accounts.add_force_key(connection, house.service, key_id, force, key_digest(key), now)
    return key_id, key


def force_keys(house: House, force: str | None = None) -> list[dict[str, str | None]]:
    """The keys there are, those of one force or all: number, force, when made, when revoked."""
    with house.reading() as connection:
        keys = accounts.force_keys(connection, house.service)
    return [
        {
            "key_id": key_id,
            "force": name,
            "created_at": created.isoformat(),
            "revoked_at": revoked.isoformat() if revoked else None,
        }
        for key_id, name, created, revoked in keys
        if force in (None, name)
    ]


def rotate_force_key(house: House, key_id: str, now: datetime) -> tuple[str, str, str]:
    """A new key beside one that still opens: the force, the new number and the new key.  Raises NotFound."""
    known = {str(each["key_id"]): each for each in force_keys(house) if each["revoked_at"] is None}
    if key_id not in known:
        raise NotFound("There is no key of that number that still opens anything.")
    force = str(known[key_id]["force"])
    return force, *add_force_key(house, force, now)


def force_of_key(house: House, key: str) -> str | None:
    """The force whose key this is; None for a key that is unknown or revoked."""
    with house.reading() as connection:
        return accounts.force_of_key(connection, house.service, key_digest(key))


def key_digest(key: str) -> str:
    """The digest under which a key or a token is kept; both are random, so that a plain digest is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def add_force(house: House, name: str, model: str) -> None:
    """A police force and its consent model."""
    if model not in ("opt_in", "opt_out"):
        raise WrongInput("The model is opt_in or opt_out.")
    if not name.isascii() or not name.replace("-", "").isalnum() or len(name) > 64:
        raise WrongInput("A force's name is letters, digits and hyphens.")
    with house.writing() as connection:
        kept = submissions.force_model(connection, house.service, name)
        if kept is not None and kept != model:
            raise WrongInput("That force is known with another consent model.")
        submissions.add_force(connection, house.service, name, model)


def revoke_force_key(house: House, key_id: str, now: datetime) -> None:
    """Revoke a key at once.  Raises NotFound."""
    with house.writing() as connection:
        if not accounts.revoke_force_key(connection, house.service, key_id, now):
            raise NotFound("There is no key of that number.")
