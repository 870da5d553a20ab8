"""Sends each member of staff one e-mail on the morning of a working day: references, actions and days, no name."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from engine.delivery.mail import Mail, Outcome, send
from engine.house import House
from engine.mail_settings import MailServer
from engine.mail_words import mail_words
from engine.walls import as_seen_by
from engine.whose import MAY_HAVE_CASES
from engine.worklist import numbers, queue_page
from store import accounts, digests
from workflow.code import NotInForce, UnknownRule
from workflow.london import LONDON, london_day
from workflow.views import Only, View
from workflow.vocabulary import in_words

_CLAIMED_FOR = timedelta(minutes=10)
"""A clock that died while it sent a letter keeps it so long from the others."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=1)
_SETTLED = {Outcome.TAKEN: "sent", Outcome.REFUSED: "refused"}


def send_digests(house: House, now: datetime, clock: str) -> int:
    """Send the letters of today that were not sent, and give how many the server took.

    Each is claimed in the database before it is sent, so that several clocks send it once.  Only today's are looked at:
    after an outage nobody gets a week of mornings.  A server that is away ends the round, and is asked again later.
    """
    server, today = house.settings.mail, london_day(now)
    wanted = house.settings.digest
    if not wanted.enabled or server is None or not house.calendar.is_open(today):
        return 0
    if now.astimezone(LONDON).time() < wanted.at:
        return 0
    with house.reading() as connection:
        if digests.is_pausing(connection, house.service, today, Outcome.AWAY, now):
            return 0
        users = digests.without(connection, house.service, today, tuple(MAY_HAVE_CASES), now)
    sent = 0
    for user in users:
        with house.writing() as connection:
            tries = digests.claim(connection, house.service, user, today, clock, now, now + _CLAIMED_FOR)
        if tries is None:
            continue
        try:
            outcome, problem = _send_one(house, server, user, now), ""
        except Exception as fault:  # noqa: BLE001  (kept with the letter, where `check` shows it; the others go on)
            outcome, problem = Outcome.LATER, type(fault).__name__
        _settle(house, user, clock, now, outcome, tries, problem)
        sent += outcome is Outcome.TAKEN
        if outcome is Outcome.AWAY:
            break
    return sent


def _send_one(house: House, server: MailServer, user: str, now: datetime) -> Outcome:
    with house.reading() as connection:
        kept = accounts.email(connection, house.service, user)
    number = hashlib.sha256(f"{house.service}/{user}/{london_day(now)}".encode()).hexdigest()[:32]
    words = digest_text(as_seen_by(house, user), user, now)
    mail = Mail(kept, f"{house.settings.service_name}: your cases today", words, number, now)
    return send(server, mail)


def _settle(house: House, user: str, clock: str, now: datetime, outcome: Outcome, tries: int, problem: str) -> None:
    wait = min(_FIRST_WAIT * 2 ** min(tries - 1, 10), _LONGEST_WAIT)
    with house.writing() as connection:
        digests.settle(
            connection,
            house.service,
            user,
            london_day(now),
            clock,
            state=_SETTLED.get(outcome, "waiting"),
            ready_at=now + wait,
            problem=problem or ("" if outcome is Outcome.TAKEN else str(outcome)),
            sent_at=now if outcome is Outcome.TAKEN else None,
        )


def digest_text(house: House, user: str, now: datetime) -> str:
    """The letter to one member of staff: what is theirs to do today, in the order of the queue."""
    today, wanted = london_day(now), house.settings.digest
    page = queue_page(house, View.MINE, now, user=user, limit=wanted.most)
    overdue = queue_page(house, View.MINE, now, user=user, only=Only(overdue=True), limit=1)
    return mail_words(
        house,
        "digest.txt",
        day=f"{today:%A} {today.day} {today:%B %Y}",
        total=page.total,
        overdue=overdue.total,
        lines=[_line(house, line, now) for line in page.lines],
        unassigned=numbers(house, user, now)[View.UNASSIGNED],
        address=wanted.address,
    )


def _line(house: House, line: dict[str, Any], now: datetime) -> dict[str, Any]:
    today = london_day(now).isoformat()
    late = line["overdue_working_days"]
    if line["due_on"] < today:
        due = f"{late} working {'day' if late == 1 else 'days'} overdue" if late else "overdue"
    else:
        due = "due today" if line["due_on"] == today else f"due {line['due_on']}"
    return {
        "case": line["case"],
        "action": _action_words(house, line, now),
        "due": due,
        "covering": line["covering_for"] is not None,
        "hold_ended": line["hold_ended"],
    }


def _action_words(house: House, line: dict[str, Any], now: datetime) -> str:
    if line["rule"] and line["action"] == line["rule"].replace("-", "_"):
        try:
            return house.rulebook.rule(line["rule"], london_day(now)).title
        except (UnknownRule, NotInForce):
            pass
    words = in_words(line["action"])
    return words[:1].upper() + words[1:]
