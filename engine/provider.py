"""Lets people in through an OpenID provider: by the code flow, matched to a user whom an administrator bound before."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.accounts import key_digest
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.provider_calls import ProviderFailed, endpoints, id_token, keys, sign_in_address
from engine.provider_settings import Provider
from engine.provider_tokens import ProviderRefused, Said, said
from engine.sign_in import BY_PROVIDER, BY_PROVIDER_TWICE, WINDOW, SignedIn, come_in, is_over, subject
from engine.staffing import MACHINE
from store import accounts, deeds
from store import provider as kept
from store.provider import KeptHandshake
from workflow.machine import NotAllowed

UNDER_WAY = timedelta(minutes=10)
"""Whoever goes to the provider is back within this time, or begins again."""
# Anybody can begin a sign-in: so many at once are people, more is somebody who fills the database or the log.
_MOST_UNDER_WAY, _MOST_LINES = 500, 100


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that begins: where the browser goes, and the ticket by which it is known when it comes back."""

    address: str
    ticket: str


@dataclass(frozen=True, slots=True)
class Back:
    """A sign-in that came back: the token of the session, and the page that was wanted."""

    token: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What a browser brings back from the provider; empty is what it did not bring."""

    state: str
    code: str
    issuer: str
    ticket: str
    replaces: str


def provider_of(house: House) -> Provider:
    """The provider through which people may sign in.  Raises NotFound where there is none."""
    if house.settings.provider is None:
        raise NotFound("Nobody signs in through a provider here.")
    return house.settings.provider


def begin(house: House, wanted: str, now: datetime, *, proving: SignedIn | None = None) -> Begun:
    """Begin a sign-in at the provider, or there a fresh proof of somebody who is signed in.

    Raises NotFound where there is no provider, and ProviderRefused.
    """
    provider = provider_of(house)
    state, nonce, verifier, ticket = (secrets.token_urlsafe(32) for _ in range(4))
    digest = key_digest(state)
    try:
        with house.reading() as connection:
            if kept.under_way(connection, house.service) >= _MOST_UNDER_WAY:
                raise ProviderRefused("too_many")
        address = sign_in_address(
            provider,
            endpoints(provider),
            state=state,
            nonce=nonce,
            verifier=verifier,
            max_age=0 if proving else provider.ask_again_after_minutes * 60,
            asks_anew=proving is not None,
        )
    except (ProviderFailed, ProviderRefused) as fault:
        _note(house, fault.code, proving.actor.user if proving else "", now)
        raise ProviderRefused(fault.code) from None
    finally:
        with house.writing() as connection:
            kept.forget(connection, house.service, now - UNDER_WAY)
    sealed = house.keyring.seal(_place(digest), [nonce, verifier, wanted[:200]])
    session = proving.session if proving else None
    with house.writing() as connection:
        kept.begin(connection, house.service, digest, key_digest(ticket), session, sealed, now)
    return Begun(address, ticket)


def finish(house: House, sent: Sent, now: datetime) -> Back:
    """Open a session for whoever comes back from the provider, or note the fresh proof of a session.

    The state counts once, in the browser that began it.  Raises NotFound where there is no provider, and
    ProviderRefused, of which a line is written into the log of access.
    """
    provider = provider_of(house)
    try:
        return _finish(house, provider, sent, now)
    except (ProviderFailed, ProviderRefused) as fault:
        _note(house, fault.code, fault.user if isinstance(fault, ProviderRefused) else "", now)
        raise ProviderRefused(fault.code) from None


def _finish(house: House, provider: Provider, sent: Sent, now: datetime) -> Back:
    digest = key_digest(sent.state)
    with house.writing() as connection:
        handshake = kept.take(connection, house.service, digest) if sent.state else None
    if handshake is None:
        raise ProviderRefused("state")
    if not hmac.compare_digest(handshake.ticket_digest, key_digest(sent.ticket)):
        raise ProviderRefused("other_browser")
    if now - handshake.at > UNDER_WAY:
        raise ProviderRefused("too_late")
    if sent.issuer and sent.issuer != provider.issuer:
        raise ProviderRefused("issuer")
    if not sent.code:
        raise ProviderRefused("provider_said_no")
    nonce, verifier, wanted = house.keyring.open(_place(digest), handshake.sealed)
    where = endpoints(provider)
    token = id_token(provider, where, sent.code, verifier)
    patience = timedelta(minutes=provider.ask_again_after_minutes)
    since = handshake.at if handshake.session_digest else handshake.at - patience
    found = said(provider, keys(provider, where), token, nonce, now, since)
    return Back(_let_in(house, provider, handshake, found, sent.replaces, now), wanted)


def _let_in(
    house: House, provider: Provider, handshake: KeptHandshake, found: Said, replaces: str, now: datetime
) -> str:
    """The token of the new session, or the new token of the one whose user proved again who they are."""
    with house.reading() as connection:
        name = kept.user_of(connection, house.service, _digest(house, provider, found.subject))
        user = accounts.user(connection, house.service, name) if name else None
        asked = handshake.session_digest
        session = accounts.session(connection, house.service, asked) if asked else None
    if user is None:
        raise ProviderRefused("user_unknown")
    if user.disabled_at is not None:
        raise ProviderRefused("user_disabled", user.name)
    if asked is None:
        way = BY_PROVIDER_TWICE if found.has_second_factor else BY_PROVIDER
        token = come_in(house, user.name, now, replaces, way, found.asked_at)
        with house.writing() as connection:
            deeds.add(connection, house.service, now, user.name, "provider_signed_in", about=user.name)
        return token
    if session is None or session.ended_at is not None or is_over(session, now):
        raise ProviderRefused("session_over", user.name)
    if session.user != user.name:
        raise ProviderRefused("other_user", user.name)
    if session.came_by == BY_PROVIDER_TWICE and not found.has_second_factor:
        raise ProviderRefused("second_factor", user.name)
    token = secrets.token_urlsafe(32)
    with house.writing() as connection:
        # Until a code is given that is owed, nothing else proves who somebody is.
        if session.proved_at is None:
            raise ProviderRefused("second_factor", user.name)
        accounts.prove_session(connection, session.token_digest, key_digest(token), found.asked_at)
        accounts.see_session(connection, key_digest(token), now)
        deeds.add(connection, house.service, now, user.name, "provider_proved", about=user.name)
    return token


def bind(house: House, user: str, who: str, now: datetime) -> None:
    """Bind a user to the subject that the provider knows them by; their sessions end.

    Raises NotFound, WrongInput, and NotAllowed where the subject is somebody else's already.
    """
    provider = provider_of(house)
    if not 0 < len(who) <= 255 or "@" in who:
        raise WrongInput("Give the value of the claim that names this person at the provider for good, not an address.")
    digest = _digest(house, provider, who)
    with house.writing() as connection:
        if accounts.user(connection, house.service, user) is None:
            raise NotFound("There is no such user.")
        holder = kept.user_of(connection, house.service, digest)
        if holder not in (None, user):
            raise NotAllowed("Another user is bound to that already.")
        kept.bind(connection, house.service, user, digest, MACHINE.user, now)
        accounts.end_sessions_of(connection, house.service, user)
        deeds.add(connection, house.service, now, MACHINE.user, "user_bound", about=user)


def unbind(house: House, user: str, now: datetime) -> None:
    """Let a user in by their password again and no longer by the provider; their sessions end.  Raises NotFound."""
    with house.writing() as connection:
        if not kept.unbind(connection, house.service, user):
            raise NotFound("No such user is bound to a provider.")
        accounts.end_sessions_of(connection, house.service, user)
        deeds.add(connection, house.service, now, MACHINE.user, "user_unbound", about=user)


def _note(house: House, code: str, user: str, now: datetime) -> None:
    """Write down why somebody was refused; what strangers send without end is counted, and no longer written."""
    strangers = subject(house, "provider", "")
    with house.writing() as connection:
        if not user:
            if accounts.failures(connection, house.service, strangers, now - WINDOW) >= _MOST_LINES:
                return
            accounts.note_failure(connection, house.service, [strangers], now)
        deeds.add(connection, house.service, now, user or "somebody", "provider_refused", about=user, detail=code)


def _digest(house: House, provider: Provider, who: str) -> str:
    # The digest makes no difference between capitals and small letters; a subject does.
    return house.keyring.match("provider subject", provider.issuer, hashlib.sha256(who.encode()).hexdigest())


def _place(state_digest: str) -> str:
    return f"provider_handshake.{state_digest}"


__all__ = ["Back", "Begun", "ProviderRefused", "Sent", "begin", "bind", "finish", "provider_of", "unbind"]
