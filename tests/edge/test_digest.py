"""Proves that the morning letter reaches each member of staff once a day, names nobody, and stops nothing."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import text

from engine.accounts import set_email
from engine.assigning import assign, cover, take
from engine.digest import digest_text, send_digests
from engine.entries import Actor
from engine.errors import BadConfiguration, WrongInput
from engine.house import House
from engine.mail_settings import Digest, MailServer, digest, mail_server
from engine.sweep import sweep
from tests.conftest import NOW
from tests.edge.faults.town import ROSA, ready, take_in, together
from workflow.london import london_day
from workflow.vocabulary import Role

pytest_plugins = ["tests.edge.faults.fixtures"]

MORGAN = Actor("morgan", Role.MANAGER)
ON = Digest(enabled=True, at=time(7, 30), address="https://example.org", most=3)


@dataclass
class Office:
    """A mail server on this machine: what it took, and what it answers to whom."""

    port: int = 0
    taken: list[Any] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    _controller: Any = None

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def open(self) -> None:
        """Begin to take mail."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def close(self) -> None:
        """Take no more mail."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    @property
    def to(self) -> list[str]:
        """Who got mail, in order."""
        return sorted(str(message["To"]) for message in self.taken)


@pytest.fixture
def office() -> Iterator[Office]:
    """A mail server that runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        opened = Office(free.getsockname()[1])
    opened.open()
    yield opened
    opened.close()


def _staffed(town: House, office: Office) -> House:
    """A house whose staff get letters by this mail server."""
    for name in ("rosa", "imran", "morgan"):
        set_email(town, name, f"{name}@example.org")
    server = MailServer("127.0.0.1", office.port, "none", "victim-contact@example.org", "", "", 5)
    return replace(town, settings=replace(town.settings, mail=server, digest=ON))


def test_each_member_of_staff_gets_one_letter_that_names_cases_and_nobody(town: House, office: Office) -> None:
    house = _staffed(town, office)
    references = [ready(house, number, NOW - timedelta(days=12)) for number in range(4)]
    for reference in references:
        take(house, reference, ROSA, NOW)
    take_in(house, 9, NOW)

    swept = sweep(house, NOW)

    assert swept.digests == 3
    assert office.to == ["imran@example.org", "morgan@example.org", "rosa@example.org"]
    letter = next(each for each in office.taken if each["To"] == "rosa@example.org")
    words = letter.get_content()
    assert sum(reference in words for reference in references) == ON.most
    assert "You have 4 cases to act on today, 4 of them past their day." in words
    assert "And 1 more." in words
    assert "1 case waits that nobody has yet." in words
    assert "Monday 23 November 2026" in words
    assert "Sasha" not in words
    assert "Example-" not in words
    assert str(letter["From"]) == "victim-contact@example.org"
    assert letter["Auto-Submitted"] == "auto-generated"


def test_clocks_that_race_and_come_again_write_once_a_day(town: House, office: Office) -> None:
    house = _staffed(town, office)

    def goes_round(clock: str, now: datetime) -> Callable[[], int]:
        return lambda: send_digests(house, now, clock)

    sent = together([goes_round(f"clock-{number}", NOW) for number in range(6)])
    later = [send_digests(house, NOW + timedelta(hours=hours), "clock-9") for hours in (1, 5)]
    tomorrow = send_digests(house, NOW + timedelta(days=1), "clock-9")

    assert (sum(sent), later, tomorrow) == (3, [0, 0], 3)
    assert len(office.taken) == 6
    assert len({message["Message-ID"] for message in office.taken}) == 6


def test_after_an_outage_only_the_letter_of_the_day_comes(town: House, office: Office) -> None:
    house = _staffed(town, office)
    send_digests(house, NOW, "clock")

    sent = send_digests(house, NOW + timedelta(days=10), "clock")

    assert sent == 3
    assert len(office.taken) == 6


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 23, 7, 29, tzinfo=UTC),
        datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        datetime(2026, 12, 25, 9, 30, tzinfo=UTC),
    ],
    ids=["before-the-hour", "saturday", "christmas"],
)
def test_nobody_is_written_to_before_the_hour_or_on_a_day_off(town: House, office: Office, moment: datetime) -> None:
    house = _staffed(town, office)

    assert send_digests(house, moment, "clock") == 0
    assert office.taken == []


def test_the_hour_is_that_of_london(town: House, office: Office) -> None:
    house = _staffed(town, office)
    summer = datetime(2027, 6, 14, 6, 29, tzinfo=UTC)

    early, in_time = send_digests(house, summer, "clock"), send_digests(house, summer + timedelta(minutes=1), "clock")

    assert (early, in_time) == (0, 3)


def test_nobody_is_written_to_unless_it_is_switched_on(town: House, office: Office) -> None:
    house = _staffed(town, office)
    off = replace(house, settings=replace(house.settings, digest=replace(ON, enabled=False)))

    assert send_digests(off, NOW, "clock") == 0
    assert not town.settings.digest.enabled
    assert office.taken == []


def test_a_server_that_is_away_is_asked_again_with_patience_and_stops_no_sweep(town: House, office: Office) -> None:
    house = _staffed(town, office)
    ready(house, 1, NOW - timedelta(days=12))
    office.close()

    away = [sweep(house, NOW + timedelta(minutes=minutes)) for minutes in (0, 1, 6)]
    tries = _tries(house)
    office.open()
    soon, back = (send_digests(house, NOW + timedelta(minutes=minutes), "clock") for minutes in (7, 60))

    assert [each.digests for each in away] == [0, 0, 0]
    assert away[0].reminders > 0
    assert tries == {"imran": 2}, "the first one again after five minutes, and nobody else before the server is back"
    assert (soon, back) == (0, 3)
    assert office.to == ["imran@example.org", "morgan@example.org", "rosa@example.org"]


def _tries(house: House) -> dict[str, int]:
    with house.reading() as connection:
        rows = connection.execute(text('SELECT "user", tries FROM digest')).all()
    return {str(user): int(tries) for user, tries in rows}


def test_an_address_that_is_refused_for_good_is_not_tried_again_and_one_for_now_is(town: House, office: Office) -> None:
    house = _staffed(town, office)
    office.answers = {"rosa@example.org": "550 No such mailbox", "imran@example.org": "451 Try later"}

    first = send_digests(house, NOW, "clock")
    office.answers = {}
    second = send_digests(house, NOW + timedelta(hours=1), "clock")

    assert (first, second) == (1, 1)
    assert office.to == ["imran@example.org", "morgan@example.org"]


def test_what_a_clock_claimed_and_never_sent_is_taken_over(town: House, office: Office) -> None:
    from store import digests

    house = _staffed(town, office)
    until = NOW + timedelta(minutes=10)
    with house.writing() as connection:
        digests.claim(connection, house.service, "rosa", london_day(NOW), "clock-that-died", NOW, until)

    at_once, later = send_digests(house, NOW, "clock"), send_digests(house, until, "clock")

    assert (at_once, later) == (2, 1)


def test_a_deputy_reads_of_the_cases_they_cover_and_of_holds_that_ended(town: House, office: Office) -> None:
    from engine.entries import Entry
    from engine.record import record

    house = _staffed(town, office)
    reference = ready(house, 1, NOW)
    assign(house, reference, "imran", "", MORGAN, NOW)
    record(house, reference, [Entry("hold_placed", {"reason": "police", "until": "2026-11-24"})], actor=MORGAN, now=NOW)
    tomorrow = NOW + timedelta(days=1)
    cover(house, "imran", "rosa", london_day(tomorrow), london_day(tomorrow), MORGAN, NOW)

    words = digest_text(house, "rosa", tomorrow)

    assert f"{reference}  Review hold\n  due today, covering, a hold ended" in words
    assert "Nothing waits for you today." in digest_text(house, "rosa", NOW)


@pytest.mark.parametrize("address", ["rosa", "rosa@example", "a b@example.org", "a@example.org\nBcc: b@example.org"])
def test_what_is_no_address_is_refused(town: House, address: str) -> None:
    with pytest.raises(WrongInput, match="e-mail address"):
        set_email(town, "rosa", address)


SERVER = {"host": "mail.example.org", "port": 587, "tls": "starttls", "sender": "victim-contact@example.org"}


@pytest.mark.parametrize(
    ("mail", "letters", "key"),
    [
        ({**SERVER, "port": 0}, {}, "mail.port"),
        ({**SERVER, "tls": "sometimes"}, {}, "mail.tls"),
        ({**SERVER, "sender": "nobody"}, {}, "mail.sender"),
        ({**SERVER, "user": "somebody"}, {}, "mail.user"),
        ({**SERVER, "patience_seconds": 0}, {}, "mail.patience_seconds"),
        ({"host": "mail.example.org"}, {}, "mail"),
        (None, {"enabled": True}, "mail"),
        (SERVER, {"enabled": "yes"}, "digest.enabled"),
        (SERVER, {"at": "half past seven"}, "digest.at"),
        (SERVER, {"most": 0}, "digest.most"),
        (SERVER, {"address": "example.org"}, "digest.address"),
        (SERVER, {"often": True}, "digest"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(mail: Any, letters: Any, key: str) -> None:
    with pytest.raises(BadConfiguration) as refused:
        digest(letters, mail_server(mail, ""))

    assert (refused.value.file, refused.value.key) == ("service.toml", key)
