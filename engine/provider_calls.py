"""Calls an OpenID provider: its description, its keys and the exchange of a code, none for longer than our patience."""

import json
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote_plus

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from engine.provider_settings import Provider

# What a provider says of itself is a few thousand characters; more than this nobody reads.
_MOST = 512 * 1024


class ProviderFailed(Exception):
    """The provider did not answer as it should; ``code`` says how, for the log of access."""

    def __init__(self, code: str) -> None:
        super().__init__("The provider did not answer as it should.")
        self.code = code


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider takes what: by its own description, each address checked."""

    authorization: str
    token: str
    keys: str
    by_post: bool


def endpoints(provider: Provider) -> Endpoints:
    """What the provider says of itself.  Raises ProviderFailed."""
    document = _asked(provider, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if document.get("issuer") != provider.issuer:
        raise ProviderFailed("issuer")
    found = [document.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(provider.is_safe(address) for address in found):
        raise ProviderFailed("provider_answer")
    methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    by_post = isinstance(methods, list) and "client_secret_basic" not in methods
    return Endpoints(str(found[0]), str(found[1]), str(found[2]), by_post)


def keys(provider: Provider, where: Endpoints) -> dict[str, Any]:
    """The public keys of the provider as they are now.  Raises ProviderFailed."""
    return _asked(provider, where.keys)


def sign_in_address(
    provider: Provider, where: Endpoints, *, state: str, nonce: str, verifier: str, max_age: int, asks_anew: bool
) -> str:
    """Where a browser is sent to sign in; ``max_age`` (seconds) is how long ago the provider may have asked."""
    more = {"prompt": "login"} if asks_anew else {}
    if provider.second_factor_acr:
        more["acr_values"] = " ".join(provider.second_factor_acr)
    return str(
        prepare_grant_uri(
            where.authorization,
            client_id=provider.client_id,
            response_type="code",
            redirect_uri=provider.callback,
            scope="openid",
            state=state,
            nonce=nonce,
            max_age=str(max_age),
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
            **more,
        )
    )


def id_token(provider: Provider, where: Endpoints, code: str, verifier: str) -> str:
    """The signed token that the provider gives for a code, once.  Raises ProviderFailed."""
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": provider.callback}
    sent["code_verifier"] = verifier
    if where.by_post:
        answer = _asked(
            provider, where.token, {**sent, "client_id": provider.client_id, "client_secret": provider.secret}
        )
    else:
        # Each half is encoded as in a form first (RFC 6749 section 2.3.1).
        answer = _asked(provider, where.token, sent, (quote_plus(provider.client_id), quote_plus(provider.secret)))
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise ProviderFailed("provider_answer")
    return token


def _asked(
    provider: Provider, address: str, sent: dict[str, str] | None = None, name: tuple[str, str] | None = None
) -> dict[str, Any]:
    """What a provider answers, as an object; ``sent`` makes it a form.  Raises ProviderFailed."""
    patience = provider.patience
    try:
        # The settings of the machine for proxies are not asked: a secret goes to the provider and to nobody else.
        with httpx.Client(transport=_Patient(patience), timeout=patience, trust_env=False) as client:
            answer = client.request(
                "POST" if sent else "GET", address, data=sent, auth=name, headers={"Accept": "application/json"}
            )
        document = answer.json() if answer.status_code == httpx.codes.OK else None
    except httpx.TimeoutException:
        raise ProviderFailed("provider_slow") from None
    except httpx.HTTPError:
        raise ProviderFailed("provider_down") from None
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise ProviderFailed("provider_answer")
    return document


@cache
def _trusted() -> ssl.SSLContext:
    """Whom we believe over TLS; reading that takes longer than a call."""
    return httpx.create_ssl_context(trust_env=False)


class _Patient(httpx.HTTPTransport):
    """Ends an answer that comes in drops or is too long: a limit on each read alone would let it go on for ever."""

    def __init__(self, patience: int) -> None:
        super().__init__(verify=_trusted(), trust_env=False)
        self._patience = patience

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        until = time.monotonic() + self._patience
        answer = super().handle_request(request)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=_Bounded(answer, until))


class _Bounded(httpx.SyncByteStream):
    def __init__(self, answer: httpx.Response, until: float) -> None:
        self._answer, self._until = answer, until

    def __iter__(self) -> Iterator[bytes]:
        taken = 0
        for part in self._answer.iter_raw():
            taken += len(part)
            if time.monotonic() > self._until:
                raise httpx.ReadTimeout("The answer took too long.")
            if taken > _MOST:
                raise httpx.ReadError("The answer is too long.")
            yield part

    def close(self) -> None:
        self._answer.close()
