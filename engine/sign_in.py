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
from store import accounts, provider, second_factors
from store.accounts import KeptSession, KeptUser
from workflow.vocabulary import Role

if TYPE_CHECKING:
    from pwdlib import PasswordHash

# The limits of assurance.md F49 and F50.  They are constants, not settings: a service may not loosen them by mistake.
IDLE = timedelta(minutes=15)
"""A session that was not used for so long is over."""
LONGEST = timedelta(hours=10)
"""A session is over after so long however much it is used."""
PROOF = timedelta(minutes=5)
"""What needs a fresh proof of who one is needs one that is no older."""
WINDOW = timedelta(minutes=15)
FAILURES = 10
"""So many failures within the window, by account or by address, and nobody gets in until the window has passed."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200

# Writing down every click would make every page a write; a session lives up to this much shorter instead.
_SEEN_EVERY = timedelta(minutes=1)
# For so long a session that is over still says whose it was, so that a form that comes late is not lost.
_REMEMBERED = timedelta(days=1)

BY_PASSWORD, BY_PROVIDER, BY_PROVIDER_TWICE = "password", "provider", "provider_twice"
"""How somebody came in: by a password, through a provider, or through one that asked for two factors."""
CODE, PASSWORD, ENROL = "code", "password", "enrol"
"""What somebody may owe who is signed in: the second factor, a password of their own, setting up a second factor."""


class SignInRefused(Exception):
    """The sign-in failed.  The words are the same for a wrong name or password, a disabled user and a lock-out."""

    def __init__(self) -> None:
        super().__init__(
            "The user name or password is not right. After ten wrong tries nobody can sign in for 15 minutes."
        )


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, as looked up for this one request.

    ``form_token`` must come back with every form; ``owes`` is what has to be done before anything else, empty where
    nothing is; ``ends_at`` is when the session ends if nothing is done, ``closes_at`` when it ends in any case.
    ``came_by`` is how they came in.
    """

    actor: Actor
    shown_as: str
    owes: str
    has_factor: bool
    form_token: str
    session: str
    proved_at: datetime | None
    ends_at: datetime
    closes_at: datetime
    came_by: str = BY_PASSWORD

    @property
    def by_provider(self) -> bool:
        """Whether they came in through a provider, which keeps their password."""
        return self.came_by != BY_PASSWORD

    def is_proved(self, now: datetime) -> bool:
        """Whether they proved lately who they are."""
        return self.proved_at is not None and now - self.proved_at <= PROOF


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
    subjects = [subject(house, "account", name.casefold()), subject(house, "address", address)]
    with house.reading() as connection:
        user = accounts.user(connection, house.service, name[:64])
        tries = [accounts.failures(connection, house.service, each, now - WINDOW) for each in subjects]
        # Whoever is bound to a provider comes in there alone: a password that is kept here would outlive their account.
        is_elsewhere = house.settings.provider is not None and provider.is_bound(connection, house.service, name[:64])
    is_stopped = max(tries) >= FAILURES
    known = user is not None and user.disabled_at is None and not is_stopped and not is_elsewhere
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
        factor = second_factors.find(connection, house.service, session.user) if session else None
    if session is None or session.ended_at is not None:
        return None
    if user is None or user.disabled_at is not None:
        with house.writing() as connection:
            accounts.end_session(connection, digest)
        return None
    if is_over(session, now):
        with house.writing() as connection:
            accounts.close_session(connection, digest, now)
        return None
    seen_at = session.seen_at
    if now - seen_at > _SEEN_EVERY:
        seen_at = now
        with house.writing() as connection:
            accounts.see_session(connection, digest, now)
    has_factor = factor is not None and factor.enrolled_at is not None
    closes_at = session.created_at + LONGEST
    return SignedIn(
        Actor(user.name, Role(user.role), user.force),
        user.shown_as,
        _owed(house, user, session, has_factor),
        has_factor,
        session.form_token,
        digest,
        session.proved_at,
        min(seen_at + IDLE, closes_at),
        closes_at,
        session.came_by,
    )


def is_over(session: KeptSession, now: datetime) -> bool:
    """Whether the time of a session is over: it was not used for too long, or it is too old."""
    return now - session.seen_at > IDLE or now - session.created_at > LONGEST


def _owed(house: House, user: KeptUser, session: KeptSession, has_factor: bool) -> str:
    if session.proved_at is None:
        return CODE
    if user.must_change and session.came_by == BY_PASSWORD:
        return PASSWORD
    is_once = house.settings.access.second_factor == "required" and not has_factor
    return ENROL if is_once and session.came_by != BY_PROVIDER_TWICE else ""


def stay(house: House, signed_in: SignedIn, now: datetime) -> datetime:
    """Keep the session alive as any other use does, at once; gives when it ends now if nothing is done."""
    with house.writing() as connection:
        accounts.see_session(connection, signed_in.session, now)
    return min(now + IDLE, signed_in.closes_at)


def sign_out(house: House, signed_in: SignedIn) -> None:
    """End the session."""
    with house.writing() as connection:
        accounts.end_session(connection, signed_in.session)


def change_password(house: House, signed_in: SignedIn, old: str, new: str, now: datetime) -> str:
    """Change one's own password; every session of the user ends, and the token of a new one comes back.

    Raises WrongInput, naming ``old`` or ``new`` in front of the remedy.
    """
    name = signed_in.actor.user
    if signed_in.by_provider:
        raise WrongInput("old: You sign in through a provider. Change your password there.")
    if not is_password(house, name, old, now):
        raise WrongInput("old: Give the password with which you signed in.")
    if not SHORTEST_PASSWORD <= len(new) <= LONGEST_PASSWORD:
        raise WrongInput(f"new: Choose a password of at least {SHORTEST_PASSWORD} characters.")
    if new.casefold() in (old.casefold(), name.casefold()) or len(set(new)) < 5:
        raise WrongInput("new: Choose a password that is new and harder to guess.")
    fresh = _passwords().hash(new)
    with house.writing() as connection:
        accounts.change_user(connection, house.service, name, password_hash=fresh, must_change=False)
        accounts.end_sessions_of(connection, house.service, name)
    # Whoever changes the password gave the second factor in this very session.
    return _open(house, name, now, "", is_proved=signed_in.proved_at is not None)


def is_password(house: House, name: str, password: str, now: datetime) -> bool:
    """Whether this is the password of a user who is signed in; a wrong one counts like a failed sign-in."""
    account = subject(house, "account", name.casefold())
    with house.reading() as connection:
        user = accounts.user(connection, house.service, name)
        is_stopped = accounts.failures(connection, house.service, account, now - WINDOW) >= FAILURES
    if user is not None and not is_stopped and _fits(password, user.password_hash):
        return True
    if not is_stopped:
        with house.writing() as connection:
            accounts.note_failure(connection, house.service, [account], now)
    return False


def is_form_token(signed_in: SignedIn, given: str) -> bool:
    """Whether a form carries the token of this session."""
    return hmac.compare_digest(signed_in.form_token.encode(), given.encode())


def prove(house: House, signed_in: SignedIn, now: datetime) -> str:
    """Note that somebody just proved who they are; gives the new token by which their session goes from now on."""
    token = secrets.token_urlsafe(32)
    with house.writing() as connection:
        accounts.prove_session(connection, signed_in.session, key_digest(token), now)
    return token


def come_in(house: House, name: str, now: datetime, replaces: str, way: str, asked_at: datetime) -> str:
    """A new session for somebody whom a provider named, as the token of its cookie; ``asked_at`` is when it asked them.

    Whoever has a second factor here owes it, unless the provider asked for two.
    """
    return _open(house, name, now, replaces, is_proved=way == BY_PROVIDER_TWICE, came_by=way, asked_at=asked_at)


def _open(
    house: House,
    name: str,
    now: datetime,
    replaces: str,
    *,
    is_proved: bool = False,
    came_by: str = BY_PASSWORD,
    asked_at: datetime | None = None,
) -> str:
    token = secrets.token_urlsafe(32)
    with house.writing() as connection:
        accounts.forget_sessions(connection, house.service, now - LONGEST - _REMEMBERED)
        if replaces:
            accounts.end_session(connection, key_digest(replaces))
        factor = second_factors.find(connection, house.service, name)
        owes_code = factor is not None and factor.enrolled_at is not None and not is_proved
        accounts.open_session(
            connection,
            house.service,
            key_digest(token),
            name,
            secrets.token_urlsafe(32),
            now,
            None if owes_code else asked_at or now,
            came_by,
        )
    return token


def _fits(password: str, kept: str) -> bool:
    # A longer password is never right; it is still checked, so that the answer takes as long.
    return _passwords().verify(password[: LONGEST_PASSWORD + 1], kept)


def subject(house: House, what: str, name: str) -> str:
    """What a failure is counted against, as a digest: neither a name nor an address is kept."""
    return house.keyring.match(f"sign-in {what}", name)
