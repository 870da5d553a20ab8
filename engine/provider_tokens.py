"""Judges the signed token of an OpenID provider: by whom, for whom, for which request, and when."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwk, jwt
from joserfc.errors import JoseError

from engine.provider_settings import Provider

ALGORITHMS = ("RS256", "PS256", "ES256")
"""The signatures we take: none at all, and one made with a secret that we share, prove nothing of who signed."""
LEEWAY = timedelta(minutes=1)
"""By so much the clock of the provider may differ from ours."""
_LONGEST = 255
_TYPES = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}


class ProviderRefused(Exception):
    """Nobody comes in by this.  The words are the same whatever it was; ``code`` says it to the log of access."""

    def __init__(self, code: str, user: str = "") -> None:
        super().__init__("You could not be signed in. Try again, or ask whoever looks after your account.")
        self.code, self.user = code, user


@dataclass(frozen=True, slots=True)
class Said:
    """What a provider says of somebody who signed in: the subject, when it asked them, and whether by two factors."""

    subject: str
    asked_at: datetime
    has_second_factor: bool


def said(
    provider: Provider, keys: dict[str, Any], token: str, nonce: str, now: datetime, asked_since: datetime
) -> Said:
    """What the token says, once everything about it is right.

    ``asked_since`` is since when the provider must have asked.  Raises ProviderRefused.
    Source: OpenID Connect Core 3.1.3.7, RFC 8725.
    """
    claims = _signed(keys, token)
    if claims.get("iss") != provider.issuer:
        raise ProviderRefused("issuer")
    audience = claims.get("aud")
    meant = audience if isinstance(audience, list) else [audience]
    us = provider.client_id
    # A token for several has to say for which of them it was made.
    if us not in meant or claims.get("azp", us if meant == [us] else None) != us:
        raise ProviderRefused("audience")
    if _moment(claims, "exp") <= now - LEEWAY:
        raise ProviderRefused("expired")
    made_at = _moment(claims, "iat")
    if made_at > now + LEEWAY or ("nbf" in claims and _moment(claims, "nbf") > now + LEEWAY):
        raise ProviderRefused("clock")
    if claims.get("nonce") != nonce:
        raise ProviderRefused("nonce")
    asked_at = _moment(claims, "auth_time")
    if asked_at > now + LEEWAY:
        raise ProviderRefused("clock")
    if asked_at < asked_since - LEEWAY:
        raise ProviderRefused("asked_too_long_ago")
    subject = claims.get(provider.subject_claim)
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST:
        raise ProviderRefused("subject")
    methods = claims.get("amr")
    has_second = claims.get("acr") in provider.second_factor_acr or (
        isinstance(methods, list) and any(each in provider.second_factor_amr for each in methods)
    )
    # A clock that is ahead of ours must not make a proof last longer.
    return Said(subject, min(asked_at, now), has_second)


def _signed(keys: dict[str, Any], token: str) -> dict[str, Any]:
    """The claims of a token that one of the provider's keys signed.  Raises ProviderRefused."""

    def key(found: Any) -> Any:
        headers = found.headers()
        if headers.get("alg") not in ALGORITHMS or headers.get("crit") is not None:
            raise ProviderRefused("algorithm")
        return _key(keys, str(headers["alg"]), headers.get("kid"))

    try:
        claims = jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as fault:
        is_alg = "algorithm" in type(fault).__name__.lower()
        raise ProviderRefused("algorithm" if is_alg else "signature") from None
    if not isinstance(claims, dict):
        raise ProviderRefused("signature")
    return claims


def _key(keys: dict[str, Any], algorithm: str, name: object) -> Any:
    listed = keys.get("keys")
    fitting = [
        each
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict)
        and each.get("kty") == _TYPES[algorithm]
        and each.get("use", "sig") == "sig"
        and each.get("alg", algorithm) == algorithm
        and (name is None or each.get("kid") == name)
    ]
    # Without a name it has to be clear which is meant.
    if len(fitting) != 1:
        raise ProviderRefused("key_unknown")
    return jwk.import_key(fitting[0])


def _moment(claims: dict[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if type(value) not in (int, float):
        raise ProviderRefused("claims")
    try:
        return datetime.fromtimestamp(float(str(value)), UTC)
    except (ValueError, OverflowError, OSError):
        raise ProviderRefused("claims") from None
