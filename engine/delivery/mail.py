"""Hands a message to the mail server, and says whether it was taken, must be tried again, or nobody knows."""

import contextlib
import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from engine.delivery.port import Answer, Outcome, Parcel, Ready
from engine.mail_settings import is_address

if TYPE_CHECKING:
    from datetime import datetime

    from engine.mail_settings import MailServer

__all__ = ["Mail", "Outcome", "SmtpWay", "send"]

_LAST_STEP = 4
"""How many seconds the server may take to say that it has a message: its case, and whoever stops all, wait for it."""

_WORDS = {
    Outcome.TAKEN: "",
    Outcome.LATER: "The mail server did not take it for now: it is tried again.",
    Outcome.AWAY: "The mail server cannot be reached: it is tried again.",
    Outcome.REFUSED: "The mail server refused it for good: ask for another address, or write by post.",
    Outcome.UNKNOWN: "The mail server did not say whether it has it: find out before anything is sent again.",
}


@dataclass(frozen=True, slots=True)
class Mail:
    """A message of plain text to one address; the same ``number`` is the same message, however often it is sent."""

    to: str
    subject: str
    text: str
    number: str
    at: "datetime"
    sender: str = ""

    def __repr__(self) -> str:
        return f"Mail({self.number!r})"


def send(server: "MailServer", mail: Mail) -> Outcome:
    """Hand over one message that names nobody; whatever a mail server does is an outcome and raises nothing.

    One that got no answer counts as not sent, because a reminder twice is better than none; a letter goes by
    ``SmtpWay``, for which that is in doubt.
    """
    line = _reach(server, mail, server.patience)
    if isinstance(line, Outcome):
        return line
    outcome = line.hand_over().outcome
    return Outcome.AWAY if outcome is Outcome.UNKNOWN else outcome


class SmtpWay:
    """Letters by e-mail, over TLS only."""

    name = "smtp"
    is_repeatable = False

    def __init__(self, server: "MailServer") -> None:
        self._server = server

    def make_ready(self, parcel: Parcel) -> Ready | Answer:
        """Come as far with the server as it goes without a word of the letter."""
        if not is_address(parcel.to):
            return Answer(Outcome.REFUSED, "The e-mail address is not one: ask for another.")
        mail = Mail(parcel.to, parcel.subject, parcel.text, parcel.reference, parcel.at, parcel.sender)
        line = _reach(self._server, mail, min(self._server.patience, _LAST_STEP))
        return Answer(line, _WORDS[line]) if isinstance(line, Outcome) else line


class _Line:
    """A server that has taken sender and recipient, and waits for the words."""

    found: Answer | None = None

    def __init__(self, line: smtplib.SMTP, message: bytes, patience: int) -> None:
        self._line, self._message, self._patience = line, message, patience

    def hand_over(self) -> Answer:
        outcome = self._handed_over()
        self.drop()
        return Answer(outcome, _WORDS[outcome])

    def _handed_over(self) -> Outcome:
        try:
            if self._line.sock is not None:
                self._line.sock.settimeout(self._patience)
            self._line.send(self._message)
            code, _ = self._line.getreply()
        except (smtplib.SMTPException, OSError, ValueError):
            # The words were on their way: the server may have the message although it never said so.
            return Outcome.UNKNOWN
        if code < 200 or code >= 600:
            return Outcome.UNKNOWN
        if code < 400:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._line.quit()
            return Outcome.TAKEN
        return _answered(code)

    def drop(self) -> None:
        # A server delivers nothing of which it has not got the end.
        self._line.close()


def _reach(server: "MailServer", mail: Mail, last_step: int) -> _Line | Outcome:
    """A line on which only the words are missing, or why there is none; nothing can have left."""
    try:
        line = _connected(server)
    except (smtplib.SMTPException, OSError):
        # Whoever refuses us altogether, or our password, refuses no message: all of them wait.
        return Outcome.AWAY
    try:
        code = _announced(line, mail.sender or server.sender, mail.to)
        if code == 354:
            return _Line(line, _as_sent(_message(server, mail)), last_step)
        outcome = _answered(code)
    except (smtplib.SMTPException, OSError):
        outcome = Outcome.AWAY
    except BaseException:
        line.close()
        raise
    line.close()
    return outcome


def _announced(line: smtplib.SMTP, sender: str, to: str) -> int:
    """The answer of the server to sender, recipient and the word that a message follows: 354 if it is to come."""
    line.ehlo_or_helo_if_needed()
    code = line.mail(sender)[0]
    if code == 250:
        code = line.rcpt(to)[0]
    return line.docmd("DATA")[0] if code in (250, 251) else code


def _connected(server: "MailServer") -> smtplib.SMTP:
    trusted = ssl.create_default_context(cafile=server.ca_file or None)
    if server.tls == "tls":
        line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.patience, context=trusted)
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=server.patience)
    try:
        if server.tls == "starttls":
            line.starttls(context=trusted)
        if server.user:
            line.login(server.user, server.password)
    except BaseException:
        line.close()
        raise
    return line


def _message(server: "MailServer", mail: Mail) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = mail.sender or server.sender, mail.to, mail.subject
    made["Date"] = format_datetime(mail.at)
    made["Message-ID"] = f"<{mail.number}@{(mail.sender or server.sender).rpartition('@')[2]}>"
    # An answer of "I am on holiday" would go to nobody, round and round.
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.text, cte="quoted-printable")
    return made


def _as_sent(message: EmailMessage) -> bytes:
    """A message as it goes over the line: a line that begins with a dot gets one more, and a dot alone ends it."""
    lines = re.sub(rb"(?m)^\.", b"..", message.as_bytes(policy=SMTP))
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _answered(code: int) -> Outcome:
    """What a code of the server means for this message: 4xx is for now, 5xx for good, anything else is no answer."""
    if 400 <= code < 500:
        return Outcome.LATER
    return Outcome.REFUSED if 500 <= code < 600 else Outcome.AWAY
