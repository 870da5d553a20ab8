"""Proves that a force is reminded once for each rung, with references only, and that without mail a person is asked."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from engine.accounts import set_email
from engine.chasing import chase, to_do
from engine.house import House
from engine.intake.answers import take_answer
from engine.intake.receive import receive
from engine.mail_settings import Digest, MailServer
from tests.conftest import NOW
from tests.edge.consent_records import ABSENT, consent_record
from tests.edge.test_digest import Office
from tests.edge.web_visitors import Visitor, practitioner_on


def _at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 10, 0, tzinfo=UTC)


WEDNESDAY, NEXT_MONDAY, WEEK_LATER, MANAGERS_DAY = _at(11, 25), _at(11, 30), _at(12, 2), _at(12, 7)
TOLD = dict.fromkeys(
    ("who_we_are", "what_we_offer", "voluntary", "what_is_shared", "no_effect_on_case", "leaflet_given"), True
)


@pytest.fixture
def office() -> Iterator[Office]:
    """A mail server that runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        opened = Office(free.getsockname()[1])
    opened.open()
    yield opened
    opened.close()


def _mailing(house: House, office: Office) -> House:
    set_email(house, "morgan", "morgan@example.org")
    server = MailServer("127.0.0.1", office.port, "none", "victim-contact@example.org", "", "", 5)
    wanted = Digest(enabled=False, at=time(7, 30), address="https://service.example", most=3)
    officers = replace(house.officers, liaison={"derbyshire": "liaison@example.org"})
    return replace(house, officers=officers, settings=replace(house.settings, mail=server, digest=wanted))


def _refused(house: House, **officer: Any) -> str:
    raw = consent_record(force="derbyshire", submission_id="C-1", consent__decision="no", consent__scope=ABSENT)
    raw["officer"] |= {"email": "officer@example.org", **officer}
    raw["consent"]["refusal_reason"] = "none_given"
    receipt = receive(house, raw, "derbyshire", "opt_in", NOW)
    assert receipt.gaps == ()
    assert receipt.case_reference is not None
    return receipt.case_reference


def test_the_ladder_goes_from_the_officer_to_the_liaison_to_the_manager_each_once(house: House, office: Office) -> None:
    """Each round is gone twice, by two clocks."""
    mailing = _mailing(house, office)
    reference = _refused(mailing)

    for moment in (NOW, WEDNESDAY, NEXT_MONDAY, WEEK_LATER, MANAGERS_DAY):
        for clock in ("one", "two"):
            chase(mailing, moment, clock)

    assert [str(mail["To"]) for mail in office.taken] == [
        "officer@example.org",
        "officer@example.org",
        "liaison@example.org",
        "morgan@example.org",
    ]
    said = "\n".join(str(mail["Subject"]) + mail.get_content() for mail in office.taken)
    assert f"https://service.example/police/queries/{reference}.refusal" in said
    assert not [word for word in ("Alex", "Sam", "Officer Example", "07700", "ZZ99", "Nowhere") if word in said]


def test_an_answer_ends_the_chase(house: House, office: Office) -> None:
    mailing = _mailing(house, office)
    reference = _refused(mailing)
    given = {"answer": "confirmed", "informed": TOLD}

    chase(mailing, WEDNESDAY, "one")
    take_answer(mailing, "derbyshire", f"{reference}.refusal", given, WEDNESDAY)
    chase(mailing, NEXT_MONDAY, "one")

    assert len(office.taken) == 1


def test_on_a_rest_day_the_deputy_gets_it_and_without_one_it_waits_for_the_officer(
    house: House, office: Office
) -> None:
    mailing = _mailing(house, office)
    _refused(mailing, rest_days=["2026-11-25"])
    chase(mailing, WEDNESDAY, "one")
    waited = len(office.taken)
    chase(mailing, WEDNESDAY + timedelta(days=1), "one")

    assert waited == 0
    assert [str(mail["To"]) for mail in office.taken] == ["officer@example.org"]


def test_a_deputy_with_an_address_is_written_to_on_the_rest_day(house: House, office: Office) -> None:
    mailing = _mailing(house, office)
    _refused(mailing, rest_days=["2026-11-25"], deputy="Another Example", deputy_email="deputy@example.org")

    chase(mailing, WEDNESDAY, "one")

    assert [str(mail["To"]) for mail in office.taken] == ["deputy@example.org"]


def test_a_server_that_is_away_is_asked_again_later_and_sends_once(house: House, office: Office) -> None:
    mailing = _mailing(house, office)
    _refused(mailing)
    office.close()

    away = chase(mailing, WEDNESDAY, "one")
    office.open()
    again = [chase(mailing, WEDNESDAY + timedelta(hours=hours), "one") for hours in (0, 2, 3)]

    assert away == 0
    assert again == [0, 1, 0]
    assert len(office.taken) == 1


def test_without_mail_a_person_is_asked_and_says_when_it_is_done(house: House) -> None:
    reference = _refused(house)

    sent = chase(house, WEDNESDAY, "one")
    waiting = [(found.reference, found.query, found.rung, found.whom) for found, _ in to_do(house)]
    visitor: Visitor = practitioner_on(house)
    page = visitor.get("/chases")
    form = {"form_token": visitor.token(), "case": reference, "query": "refusal", "rung": "officer"}
    done, again = visitor.send("/chases", form), visitor.send("/chases", form)

    assert sent == 0
    assert waiting == [(reference, "refusal", "officer", "officer")]
    assert reference in page.text
    assert done.status_code == 303
    assert again.status_code == 404
    assert to_do(house) == []
