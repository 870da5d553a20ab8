"""Shields every answer: security headers with a nonce, a limit on what is taken in, and no word of what went wrong."""

import logging
import secrets
import traceback
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API = "/api/"
STATIC = "/static/"
PAGE_LIMIT = 128 * 1024
API_LIMIT = 1024 * 1024
FILES = "/api/v1/consent-records/batch"
UPLOAD = "/police/upload"
RECEIPTS = "/api/notify/receipts"
FILE_LIMIT = 66 * 1024 * 1024
"""The largest file of records, with the little that a form adds to it."""

_YEAR = 365 * 24 * 60 * 60
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}

Answer = Callable[[Request, int, str, str], Response]
"""Makes the answer to a request that failed: status, title, sentence."""

_log = logging.getLogger("victim_contact.web")


def content_policy(nonce: str) -> str:
    """The content security policy of a page: our own files, and the one inline script that bears the nonce."""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


class Shield:
    """Wraps the application; ``answer`` makes the page or the problem for what nobody expected."""

    def __init__(self, app: ASGIApp, *, answer: Answer, secure: bool) -> None:
        self.app, self._answer, self._secure = app, answer, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        has_started = False

        async def shielded(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                self._headers(scope, nonce, MutableHeaders(scope=message))
            await send(message)

        try:
            await self.app(scope, _limited(scope, receive), shielded)
        except Exception as fault:
            # The words of a fault may hold personal data; its kind and its place in our code do not.
            _log.error("%s at %s", type(fault).__name__, _place(fault))
            if has_started:
                raise
            failed = self._answer(
                Request(scope),
                500,
                "Sorry, there is a problem with the service",
                "Nothing was changed. Try again later.",
            )
            await failed(scope, receive, shielded)

    def _headers(self, scope: Scope, nonce: str, headers: MutableHeaders) -> None:
        for name, value in _FIXED.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", content_policy(nonce))
        headers.setdefault("Cache-Control", "public, max-age=86400" if scope["path"].startswith(STATIC) else "no-store")
        if self._secure or scope["scheme"] == "https":
            headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}; includeSubDomains")


def _place(fault: Exception) -> str:
    frames = traceback.extract_tb(fault.__traceback__)
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames[-6:]))


def _limited(scope: Scope, receive: Receive) -> Receive:
    """The body as it comes in, cut off with 413 where it is more than we take."""
    limit = API_LIMIT if scope["path"].startswith(API) else PAGE_LIMIT
    if scope["path"] in (FILES, UPLOAD):
        limit = FILE_LIMIT
    announced = Headers(scope=scope).get("content-length", "")
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        if announced.isdigit() and int(announced) > limit:
            raise HTTPException(413)
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise HTTPException(413)
        return message

    return limited
