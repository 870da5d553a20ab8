"""Gives the tests an OpenID provider that really listens, signs and checks, and that can be made to do it wrongly."""

import base64
import hashlib
import hmac
import json
import secrets
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlencode, urlsplit

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from engine.provider_settings import Provider

CLIENT, SECRET = "victim-contact-test", "a secret of the tests"
OURS = "https://testserver"

Claims = dict[str, Any]


def _bare(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _number(value: int) -> str:
    return _bare(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@cache
def _rsa(name: str) -> rsa.RSAPrivateKey:
    """A key by its name; making one takes longer than a test."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def _curve(name: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def _nobody() -> ssl.SSLContext:
    """The browser of the tests speaks to this machine only, and reads no list of whom to believe."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass
class Asked:
    """What one sign-in asked of the provider."""

    nonce: str
    challenge: str
    redirect: str
    auth_time: int
    subject: str


@dataclass
class LocalProvider:
    """The provider: who sits before it, its clock, and what it does wrongly.

    ``person`` has been signed in there since ``since``; ``spoil`` changes the claims, ``forge`` the whole token.
    """

    now: datetime
    since: datetime
    person: str = "subject-1"
    algorithm: str = "RS256"
    key: str = "first"
    amr: tuple[str, ...] = ("pwd",)
    spoil: Callable[[Claims], object] | None = None
    forge: Callable[[Claims], str] | None = None
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    issuer: str = ""
    codes: dict[str, Asked] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def settings(self, **changes: Any) -> Provider:
        """How our side is told about it."""
        given: dict[str, Any] = {
            "issuer": self.issuer,
            "client_id": CLIENT,
            "secret": SECRET,
            "our_address": OURS,
            "shown_as": "Example Council",
            "is_example": True,
            "second_factor_amr": ("otp",),
            "patience": 1,
        }
        return Provider(**{**given, **changes})

    def visit(self, address: str) -> str:
        """What a browser does that is sent there: it is signed in; gives the path by which it comes back."""
        with httpx.Client(verify=_nobody(), trust_env=False) as browser:
            answer = browser.get(address)
        assert answer.status_code == 303, answer.text
        back = answer.headers["location"]
        assert back.startswith(f"{OURS}/sign-in/provider/back?")
        return str(back.removeprefix(OURS))

    def described(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        }

    def keys(self) -> dict[str, Any]:
        """Its public keys: one of each sort, and one that is for something else."""
        numbers, point = _rsa("first").public_key().public_numbers(), _curve("first").public_key().public_numbers()
        of_rsa = {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
        x, y = (_bare(each.to_bytes(32, "big")) for each in (point.x, point.y))
        of_curve = {"kty": "EC", "crv": "P-256", "x": x, "y": y}
        return {
            "keys": [
                {**of_rsa, "kid": "first-RS256", "use": "sig", "alg": "RS256"},
                {**of_curve, "kid": "first-ES256", "use": "sig"},
                {**of_rsa, "kid": "other-RS256", "use": "enc"},
            ]
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Sign the person in and say where the browser goes; what is asked wrongly is refused on the spot."""
        self.asked.append(query)
        right = {
            "client_id": CLIENT,
            "response_type": "code",
            "redirect_uri": f"{OURS}/sign-in/provider/back",
            "code_challenge_method": "S256",
        }
        if any(query.get(name) != value for name, value in right.items()) or "openid" not in query["scope"].split():
            raise ValueError("asked wrongly")
        is_old = (self.now - self.since).total_seconds() > int(query.get("max_age", "999999999"))
        if is_old or query.get("prompt") == "login":
            self.since = self.now
        code = secrets.token_urlsafe(24)
        asked = Asked(
            query["nonce"],
            query["code_challenge"],
            query["redirect_uri"],
            int(self.since.timestamp()),
            self.person,
        )
        self.codes[code] = asked
        back = {"code": code, "state": query["state"], "iss": self.issuer}
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def redeem(self, header: str, sent: dict[str, str]) -> dict[str, Any]:
        """The token for a code: for our client only, once, and for whoever knows what the challenge was made from."""
        wanted = "Basic " + base64.b64encode(f"{quote_plus(CLIENT)}:{quote_plus(SECRET)}".encode()).decode()
        asked = self.codes.pop(sent.get("code", ""), None)
        challenge = _bare(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        if header != wanted or asked is None or sent.get("redirect_uri") != asked.redirect:
            raise ValueError("invalid_client")
        if not hmac.compare_digest(challenge, asked.challenge) or sent.get("grant_type") != "authorization_code":
            raise ValueError("invalid_grant")
        made = int(self.now.timestamp())
        claims: Claims = {
            "iss": self.issuer,
            "sub": asked.subject,
            "aud": CLIENT,
            "exp": made + 300,
            "iat": made,
            "auth_time": asked.auth_time,
            "nonce": asked.nonce,
            "amr": list(self.amr),
            "email": "rosa@example.org",
        }
        if self.spoil:
            self.spoil(claims)
        token = self.forge(claims) if self.forge else self.signed(claims, self.algorithm, self.key)
        return {"access_token": "not used", "token_type": "Bearer", "expires_in": 300, "id_token": token}

    def signed(self, claims: Claims, algorithm: str, key: str, name: str = "") -> str:
        """A token signed by a key of its own; ``name`` is under which name it says that the key is found."""
        header = {"alg": algorithm, "typ": "JWT", "kid": name or f"{key}-{algorithm}"}
        body = f"{_bare(json.dumps(header).encode())}.{_bare(json.dumps(claims).encode())}".encode()
        if algorithm == "RS256":
            signature = _rsa(key).sign(body, padding.PKCS1v15(), hashes.SHA256())
        elif algorithm == "ES256":
            r, s = decode_dss_signature(_curve(key).sign(body, ec.ECDSA(hashes.SHA256())))
            signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        elif algorithm == "HS256":
            signature = hmac.digest(SECRET.encode(), body, "sha256")
        else:
            signature = b""
        return f"{body.decode()}.{_bare(signature)}"


def drip(asked: BaseHTTPRequestHandler) -> None:
    """Answer in drops, each in time, and never come to an end."""
    asked.send_response(200)
    asked.end_headers()
    for _ in range(40):
        asked.wfile.write(b" ")
        asked.wfile.flush()
        time.sleep(0.1)


def wait(asked: BaseHTTPRequestHandler) -> None:
    """Answer when nobody waits any more."""
    time.sleep(1.4)
    asked.send_response(200)
    asked.end_headers()


def answer(status: int, content: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answer with this, whatever was asked."""

    def give(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(status)
        asked.send_header("Content-Type", "application/json")
        asked.end_headers()
        asked.wfile.write(content)

    return give


@contextmanager
def local_provider(now: datetime, since: datetime) -> Iterator[LocalProvider]:
    """A provider on a port of this machine, for as long as it is needed."""
    provider = LocalProvider(now, since)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answered({})

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answered(_first(sent))

        def _answered(self, sent: dict[str, str]) -> None:
            asked = urlsplit(self.path)
            if asked.path in provider.answers:
                try:
                    provider.answers[asked.path](self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True
                return
            try:
                match asked.path:
                    case "/.well-known/openid-configuration":
                        self._give(200, provider.described())
                    case "/jwks":
                        self._give(200, provider.keys())
                    case "/authorize":
                        self._give(303, {}, provider.authorize(_first(asked.query)))
                    case "/token":
                        self._give(200, provider.redeem(self.headers.get("Authorization", ""), sent))
                    case _:
                        self._give(404, {})
            except (ValueError, KeyError) as fault:
                self._give(400, {"error": str(fault)})

        def _give(self, status: int, document: dict[str, Any], location: str = "") -> None:
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        def log_message(self, *_: object) -> None:
            """Nothing is printed into the test run."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _first(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
