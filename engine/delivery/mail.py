"""Hands a message to the mail server, and says whether it was taken, must be tried again, or will never be taken."""

import contextlib
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from engine.mail_settings import MailServer


class Outcome(StrEnum):
    """What became of a message: the server took it, it may take it later, the server is away, or it refused it."""

    TAKEN = "taken"
    LATER = "later"
    AWAY = "away"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Mail:
    """A message of plain text to one address; the same ``number`` is the same message, however often it is sent."""

    to: str
    subject: str
    text: str
    number: str
    at: "datetime"


def send(server: "MailServer", mail: Mail) -> Outcome:
    """Hand one message over; whatever a mail server does is an outcome and raises nothing."""
    try:
        line = _connected(server)
        try:
            refused = line.send_message(_message(server, mail))
            # From here on the server has it, however it says goodbye.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                line.quit()
        finally:
            line.close()
    except smtplib.SMTPRecipientsRefused as fault:
        return _answered(max((code for code, _ in fault.recipients.values()), default=451))
    except smtplib.SMTPAuthenticationError:
        return Outcome.AWAY
    except smtplib.SMTPConnectError:
        return Outcome.AWAY
    except smtplib.SMTPResponseException as fault:
        return _answered(fault.smtp_code)
    except (smtplib.SMTPException, OSError):
        return Outcome.AWAY
    return Outcome.LATER if refused else Outcome.TAKEN


def _connected(server: "MailServer") -> smtplib.SMTP:
    if server.tls == "tls":
        line: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=server.patience, context=ssl.create_default_context()
        )
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=server.patience)
    try:
        if server.tls == "starttls":
            line.starttls(context=ssl.create_default_context())
        if server.user:
            line.login(server.user, server.password)
    except BaseException:
        line.close()
        raise
    return line


def _message(server: "MailServer", mail: Mail) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = server.sender, mail.to, mail.subject
    made["Date"] = format_datetime(mail.at)
    made["Message-ID"] = f"<{mail.number}@{server.sender.rpartition('@')[2]}>"
    # An answer of "I am on holiday" would go to nobody, round and round.
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.text, cte="quoted-printable")
    return made


def _answered(code: int) -> Outcome:
    """What a code of the server means for this message: 4xx is for now, 5xx for good."""
    return Outcome.REFUSED if code >= 500 else Outcome.LATER
