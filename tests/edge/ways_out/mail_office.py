"""A mail server on this machine: it speaks TLS by its own certificate, takes mail, and misbehaves when told to."""

import asyncio
import ipaddress
import socket
import ssl
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SILENT = "silent"
"""Takes the message and never says so."""
CUT_OFF = "cut off"
"""Takes the message and hangs up instead of saying so."""
BROKEN = "broken"
"""Hangs up and has no message."""


def free_port() -> int:
    """A port on this machine that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    # Far on either side of any day of a test.
    begins, ends = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=20_000)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(exist_ok=True)
    certificate, secret = folder / "office.pem", folder / "office.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, secret


@dataclass
class MailOffice:
    """What it took, by Message-ID and with the moment; ``answers`` and ``ends`` are what it does instead of saying yes.

    ``answers`` is by recipient; ``ends`` are what it does at the end of the next messages, in their order.
    """

    folder: Path
    port: int = field(default_factory=free_port)
    taken: list[Any] = field(default_factory=list)
    moments: dict[str, float] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    ends: list[str] = field(default_factory=list)
    were_safe: list[bool] = field(default_factory=list)
    _controller: Any = None

    def __post_init__(self) -> None:
        self.certificate, self._key = make_certificate(self.folder)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        end = self.ends.pop(0) if self.ends else ""
        if end == BROKEN:
            server.transport.abort()
            return "421 gone"
        if end[:1] in ("4", "5"):
            return end
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append(message)
        self.were_safe.append(session.ssl is not None)
        self.moments.setdefault(_number(message), time.monotonic())
        if end == SILENT:
            await asyncio.sleep(1.3)
        if end == CUT_OFF:
            server.transport.abort()
        return "250 OK"

    def open(self) -> None:
        """Begin to take mail."""
        trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trusted.load_cert_chain(self.certificate, self._key)
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, tls_context=trusted, require_starttls=True
        )
        self._controller.start()

    def close(self) -> None:
        """Take no more mail."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    @property
    def arrivals(self) -> Counter[str]:
        """How often each reference arrived."""
        return Counter(_number(message) for message in self.taken)


def _number(message: Any) -> str:
    return str(message["Message-ID"]).strip("<>").partition("@")[0]
