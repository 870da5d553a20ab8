"""Keeps what somebody typed when their session ended under their hands, sealed, until they have signed in again."""

import hmac
from collections.abc import Sequence
from datetime import datetime

from engine.accounts import key_digest
from engine.entries import Actor
from engine.house import House
from store import accounts, drafts
from store.sealed import CannotOpen

Typed = Sequence[tuple[str, str]]
"""The fields of a form in their order, as name and value."""

NEVER = ("form_token", "password", "old", "new", "code")
"""Fields that are not kept, whatever form they come in."""


def keep(house: House, token: str, form_token: str, path: str, typed: Typed, now: datetime) -> bool:
    """Keep a form that came with the token of a session; False where it was not the session's own form.

    The session may be over; one that was ended on purpose, or whose user is disabled, keeps nothing.
    """
    digest = key_digest(token)
    with house.writing() as connection:
        drafts.forget(connection, house.service, now - house.settings.access.form_kept)
        session = accounts.session(connection, house.service, digest)
        if session is None or not hmac.compare_digest(session.form_token.encode(), form_token.encode()):
            return False
        user = accounts.user(connection, house.service, session.user)
        if user is None or user.disabled_at is not None or len(path) > 200:
            return False
        fields = [[name, value] for name, value in typed if name not in NEVER]
        sealed = house.keyring.seal(_place(session.user, path), fields)
        drafts.add(connection, house.service, session.user, path, sealed, now)
    return True


def kept(house: House, actor: Actor, now: datetime) -> tuple[str, list[tuple[str, str]]] | None:
    """The page and the fields of the form that waits for somebody, or None."""
    with house.reading() as connection:
        found = drafts.newest(connection, house.service, actor.user, now - house.settings.access.form_kept)
    if found is None:
        return None
    path, sealed = found
    try:
        fields = house.keyring.open(_place(actor.user, path), sealed)
    except CannotOpen:
        return None
    return path, [(str(name), str(value)) for name, value in fields]


def drop(house: House, actor: Actor, path: str | None = None) -> None:
    """Forget the form of a page that was sent since, or all that wait for somebody."""
    with house.reading() as connection:
        found = drafts.newest(connection, house.service, actor.user, _earliest(house))
    if found is None:
        return
    with house.writing() as connection:
        drafts.drop(connection, house.service, actor.user, path)


def _earliest(house: House) -> datetime:
    return house.now() - house.settings.access.form_kept


def _place(user: str, path: str) -> str:
    return f"form_draft.{user}.{path}"
