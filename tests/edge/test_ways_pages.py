"""Proves that receipts come in only by their token, and that a person settles a doubt on the page of the letter."""

import logging
from typing import Any

import pytest

from engine.house import House
from engine.post import release
from engine.settling import settle
from tests.conftest import NOW
from tests.edge.faults.town import ROSA, case, kept_letter
from tests.edge.ways_out.houses import TOKEN, approved_by, number_of, with_ways
from tests.edge.ways_out.mail_office import SILENT, MailOffice
from tests.edge.ways_out.notify_office import NotifyOffice
from tests.edge.web_visitors import Visitor, on_one_database

pytest_plugins = ["tests.edge.ways_out.fixtures"]
pytestmark = on_one_database

RECEIPTS = "/api/notify/receipts"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def posting(house: House, mail: MailOffice, notify: NotifyOffice) -> House:
    """A house with users that prints, mails and texts."""
    house.print_folder.prepare()
    return with_ways(house, mail.port, str(mail.certificate), notify.address)


def _receipt(number: str, status: str = "delivered", **more: Any) -> dict[str, Any]:
    return {
        "id": "740e5834-3a29-46b4-9a6f-16142fde533a",
        "reference": number,
        "to": "07700 900001",
        "status": status,
        "notification_type": "sms",
        **more,
    }


def test_a_receipt_is_taken_in_by_its_token_and_says_nothing_back(
    posting: House, caplog: pytest.LogCaptureFixture
) -> None:
    letter_id = approved_by(posting, "text", 1, NOW)
    release(posting, NOW, "clock")
    client = Visitor(posting).client

    with caplog.at_level(logging.DEBUG):
        answers = [
            client.post(RECEIPTS, json=_receipt(number_of(posting, letter_id), "permanent-failure"), headers=BEARER)
            for _ in range(2)
        ]

    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2
    assert kept_letter(posting, letter_id).state == "returned"
    assert len(case(posting, kept_letter(posting, letter_id).reference).of("letter_returned")) == 1
    assert "900001" not in caplog.text


def test_without_the_token_nothing_comes_in(posting: House) -> None:
    letter_id = approved_by(posting, "text", 1, NOW)
    release(posting, NOW, "clock")
    body, client = _receipt(number_of(posting, letter_id), "permanent-failure"), Visitor(posting).client

    answers = [client.post(RECEIPTS, json=body)]
    for header in ("Bearer wrong", f"Basic {TOKEN}", "Bearer ", f"Bearer {TOKEN}x", TOKEN):
        answers.append(client.post(RECEIPTS, json=body, headers={"Authorization": header}))

    assert [answer.status_code for answer in answers] == [401] * 6
    assert kept_letter(posting, letter_id).state == "released"


def test_where_no_token_was_agreed_none_opens(house: House) -> None:
    answers = [
        Visitor(house).client.post(RECEIPTS, json=_receipt("0" * 40), headers={"Authorization": f"Bearer{token}"})
        for token in (" ", "", f" {TOKEN}")
    ]

    assert {answer.status_code for answer in answers} == {401}


NO_RECEIPTS = (
    b"",
    b"not json",
    b"[]",
    b'{"reference": "x"}',
    b'{"reference": "x", "id": 1, "status": "delivered"}',
    b'{"reference": "x", "id": "1", "status": "' + b"x" * 99 + b'"}',
    b"[" * 50_000,
)


def test_what_is_no_receipt_is_refused_and_one_of_something_unknown_changes_nothing(posting: House) -> None:
    client = Visitor(posting).client

    refused = [client.post(RECEIPTS, content=body, headers=BEARER) for body in NO_RECEIPTS]
    taken = [
        client.post(RECEIPTS, json=_receipt(reference), headers=BEARER)  # type: ignore[arg-type]
        for reference in ("0" * 40, "", None, 7, "x" * 500, "a\0b")
    ]

    assert {answer.status_code for answer in refused} == {422}
    assert {(answer.status_code, answer.content) for answer in taken} == {(204, b"")}


def test_a_person_settles_a_doubt_on_the_page_of_the_letter(posting: House, mail: MailOffice) -> None:
    letter_id = approved_by(posting, "email", 1, NOW)
    mail.ends = [SILENT]
    release(posting, NOW, "clock")
    visitor, page = Visitor(posting), f"/letters/{letter_id}"
    visitor.sign_in("rosa")

    shown, listed = visitor.get(page).text, visitor.get("/letters").text
    nothing = visitor.fill(page, f"{page}/settle", {})
    answer = visitor.fill(page, f"{page}/settle", {"left": "yes"})

    assert "Did it leave?" in shown
    assert number_of(posting, letter_id) in shown
    assert f'href="{page}"' in listed
    assert nothing.status_code == 422
    assert answer.headers["location"] == f"{page}?done=settled"
    after = visitor.get(page).text
    assert "Did it leave?" not in after
    assert "By E-mail" in after


def test_the_queue_asks_somebody_to_find_out(posting: House, mail: MailOffice) -> None:
    letter_id = approved_by(posting, "email", 1, NOW)
    mail.ends = [SILENT]
    visitor, asked = Visitor(posting), "Find out whether a letter left"
    visitor.sign_in("rosa")

    counts = []
    for step in (
        lambda: None,
        lambda: release(posting, NOW, "clock"),
        lambda: settle(posting, letter_id, True, ROSA, NOW),
    ):
        step()
        counts.append(visitor.get("/queue?view=unassigned").text.count(asked))

    # It is among what can be filtered for at any time, and among the cases while somebody has to find out.
    assert counts[1] > counts[0] == counts[2]
