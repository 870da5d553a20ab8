"""Changes the accounts of staff at the machine: another role, a new first password; each change is written down."""

import secrets
from datetime import datetime

from engine.accounts import PEOPLE
from engine.entries import Actor
from engine.errors import NotFound, WrongInput
from engine.house import House
from store import accounts, deeds
from workflow.vocabulary import Role

MACHINE = Actor("command-line", Role.MANAGER)
"""Whoever works at the machine itself, where accounts are changed."""


def change_role(house: House, name: str, role: str, now: datetime) -> None:
    """Give a user another role; every session of theirs ends.  Raises NotFound or WrongInput."""
    if role not in PEOPLE:
        raise WrongInput(f"Give one of these roles: {', '.join(PEOPLE)}.")
    with house.writing() as connection:
        user = accounts.user(connection, house.service, name)
        if user is None:
            raise NotFound("There is no such user.")
        if role == Role.POLICE and user.force is None:
            raise WrongInput("A police user needs a force: add a new user with --force.")
        accounts.change_user(connection, house.service, name, role=role)
        accounts.end_sessions_of(connection, house.service, name)
        deeds.add(connection, house.service, now, MACHINE.user, "user_role_changed", about=name, detail=role)


def new_password(house: House, name: str, now: datetime) -> str:
    """A new first password for a user, which must be changed; every session of theirs ends.  Raises NotFound."""
    from pwdlib import PasswordHash

    first = secrets.token_urlsafe(12)
    with house.writing() as connection:
        if accounts.user(connection, house.service, name) is None:
            raise NotFound("There is no such user.")
        hashed = PasswordHash.recommended().hash(first)
        accounts.change_user(connection, house.service, name, password_hash=hashed, must_change=True)
        accounts.end_sessions_of(connection, house.service, name)
        deeds.add(connection, house.service, now, MACHINE.user, "user_password_reset", about=name)
    return first
