"""Gives the tests the small servers, open, and a house that uses them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.house import House
from tests.edge.ways_out.houses import with_ways
from tests.edge.ways_out.mail_office import MailOffice
from tests.edge.ways_out.notify_office import NotifyOffice


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[MailOffice]:
    """A mail server that runs."""
    opened = MailOffice(tmp_path / "office")
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def notify(monkeypatch: pytest.MonkeyPatch) -> Iterator[NotifyOffice]:
    """A GOV.UK Notify that runs."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    opened = NotifyOffice()
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def wired(sqlite_town: House, mail: MailOffice, notify: NotifyOffice) -> House:
    """A house that prints, mails and texts, on the embedded database."""
    return with_ways(sqlite_town, mail.port, str(mail.certificate), notify.address)
