"""Lets people in: passwords, browser sessions of which only a digest is kept, and a stop to guessing."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from engine.accounts import key_digest
from engine.entries import Actor
from engine.errors import WrongInput
from engine.house import House
from store import accounts
from workflow.vocabulary import Role

if TYPE_CHECKING:
    from pwdlib import PasswordHash

# The limits of assurance.md F49 and F50.  They are constants, not settings: a service may not loosen them by mistake.
IDLE = timedelta(minutes=15)
"""A session that was not used for so long is over."""
LONGEST = timedelta(hours=10)
"""A session is over after so long however much it is used."""
WINDOW = timedelta(minutes=15)
FAILURES = 10
"""So many failures within the window, by account or by address, and nobody gets in until the window has passed."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200

# Writing down every click would make every page a write; a session lives up to this much shorter instead.
_SEEN_EVERY = timedelta(minutes=1)


class SignInRefused(Exception):
    """The sign-in failed.  The words are the same for a wrong name or password, a disabled user and a lock-out."""

    def __init__(self) -> None:
        super().__init__(
            "The user name or password is not right. After ten wrong tries nobody can sign in for 15 minutes."
        )


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, as looked up for this one request.

    ``form_token`` must come back with every form; ``must_change`` says that the password has to be changed first.
    """

    actor: Actor
    shown_as: str
    must_change: bool
    form_token: str
    session: str


@cache
def _passwords() -> "PasswordHash":
    from pwdlib import PasswordHash

    return PasswordHash.recommended()


@cache
def _nobody() -> str:
    """A hash that no password fits, so that an unknown name takes as long as a wrong password."""
    return _passwords().hash(secrets.token_urlsafe(32))


def prepare() -> None:
    """Do the slow part of the first sign-in beforehand, so that it takes as long as every other."""
    _nobody()


def sign_in(house: House, name: str, password: str, address: str, now: datetime, *, replaces: str = "") -> str:
    """A new session for a user, as the token that goes into the cookie; the session it ``replaces`` is ended.

    The caller lets only one sign-in through at a time, so that no burst of guesses outruns the count.
    Raises SignInRefused.
    """
    subjects = [_subject(house, "account", name.casefold()), _subject(house, "address", address)]
    with house.reading() as connection:
        user = accounts.user(connection, house.service, name[:64])
        tries = [accounts.failures(connection, house.service, subject, now - WINDOW) for subject in subjects]
    is_stopped = max(tries) >= FAILURES
    known = user is not None and user.disabled_at is None and not is_stopped
    fits = _fits(password, user.password_hash if user is not None and known else _nobody())
    if user is None or not known or not fits:
        if not is_stopped:
            with house.writing() as connection:
                accounts.note_failure(connection, house.service, subjects, now)
        raise SignInRefused
    return _open(house, user.name, now, replaces)


def who(house: House, token: str, now: datetime) -> SignedIn | None:
    """Whose session this token opens; None where there is none, it is over, or the user was disabled meanwhile."""
    digest = key_digest(token)
    with house.reading() as connection:
        session = accounts.session(connection, house.service, digest)
        user = accounts.user(connection, house.service, session.user) if session else None
    if session is None:
        return None
    is_over = now - session.seen_at > IDLE or now - session.created_at > LONGEST
    if is_over or user is None or user.disabled_at is not None:
        with house.writing() as connection:
            accounts.end_session(connection, digest)
        return None
    if now - session.seen_at > _SEEN_EVERY:
        with house.writing() as connection:
            accounts.see_session(connection, digest, now)
    actor = Actor(user.name, Role(user.role), user.force)
    return SignedIn(actor, user.shown_as, user.must_change, session.form_token, digest)


def sign_out(house: House, signed_in: SignedIn) -> None:
    """End the session."""
    with house.writing() as connection:
        accounts.end_session(connection, signed_in.session)


def change_password(house: House, signed_in: SignedIn, old: str, new: str, now: datetime) -> str:
    """Change one's own password; every session of the user ends, and the token of a new one comes back.

    Raises WrongInput, naming ``old`` or ``new`` in front of the remedy.
    """
    name = signed_in.actor.user
    subject = _subject(house, "account", name.casefold())
    with house.reading() as connection:
        user = accounts.user(connection, house.service, name)
        is_stopped = accounts.failures(connection, house.service, subject, now - WINDOW) >= FAILURES
    if user is None or is_stopped or not _fits(old, user.password_hash):
        if not is_stopped:
            with house.writing() as connection:
                accounts.note_failure(connection, house.service, [subject], now)
        raise WrongInput("old: Give the password with which you signed in.")
    if not SHORTEST_PASSWORD <= len(new) <= LONGEST_PASSWORD:
        raise WrongInput(f"new: Choose a password of at least {SHORTEST_PASSWORD} characters.")
    if new.casefold() in (old.casefold(), name.casefold()) or len(set(new)) < 5:
        raise WrongInput("new: Choose a password that is new and harder to guess.")
    fresh = _passwords().hash(new)
    with house.writing() as connection:
        accounts.change_user(connection, house.service, name, password_hash=fresh, must_change=False)
        accounts.end_sessions_of(connection, house.service, name)
    return _open(house, name, now, "")


def is_form_token(signed_in: SignedIn, given: str) -> bool:
    """Whether a form carries the token of this session."""
    return hmac.compare_digest(signed_in.form_token.encode(), given.encode())


def _open(house: House, name: str, now: datetime, replaces: str) -> str:
    token = secrets.token_urlsafe(32)
    with house.writing() as connection:
        if replaces:
            accounts.end_session(connection, key_digest(replaces))
        accounts.open_session(connection, house.service, key_digest(token), name, secrets.token_urlsafe(32), now)
    return token


def _fits(password: str, kept: str) -> bool:
    # A longer password is never right; it is still checked, so that the answer takes as long.
    return _passwords().verify(password[: LONGEST_PASSWORD + 1], kept)


def _subject(house: House, what: str, name: str) -> str:
    """What a failure is counted against, as a digest: neither a name nor an address is kept."""
    return house.keyring.match(f"sign-in {what}", name)
