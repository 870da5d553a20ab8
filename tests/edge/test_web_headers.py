"""Holds what goes out beside the words: headers on every answer, nothing of anybody in addresses, titles and faults."""

import logging
import re

import pytest
from sqlalchemy import text

from engine.house import House
from tests.edge.web_visitors import Visitor, new_case, on_one_database, practitioner_on

PUBLIC = ("/sign-in", "/healthz", "/readyz", "/metrics", "/openapi.json", "/nowhere", "/api/v1/consent-records/S-1")


def test_every_answer_bears_the_security_headers_and_only_static_files_may_be_kept(house: House) -> None:
    """Pages, refusals, redirects, the interface and what is not there: all of them."""
    case = new_case(house)
    visitor, manager, anonymous = practitioner_on(house), practitioner_on(house, user="morgan"), Visitor(house)
    answers = [anonymous.get(path) for path in PUBLIC]
    answers += [visitor.get(path) for path in ("/", "/queue", f"/cases/{case}", "/cases/none", "/compliance")]
    answers += [manager.get("/compliance"), visitor.send("/sign-out"), visitor.send("/sign-in", {"user": "x"})]

    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "max-age=31536000" in answer.headers["strict-transport-security"]
    assert anonymous.get("/static/victim-contact.css").headers["cache-control"] == "public, max-age=86400"


@on_one_database
def test_every_page_has_its_own_nonce_and_no_other_inline_script_or_style(house: House) -> None:
    """The one inline script bears the nonce of the header; nothing else may run."""
    case, visitor = new_case(house), practitioner_on(house)

    pages = [visitor.get(f"/cases/{case}") for _ in range(2)]

    nonces = [re.findall(r'nonce="([^"]+)"', page.text) for page in pages]
    assert nonces[0] != nonces[1]
    for page, found in zip(pages, nonces, strict=True):
        assert len(found) == 1
        assert f"'nonce-{found[0]}'" in page.headers["content-security-policy"]
        assert " style=" not in page.text
        assert not re.search(r"<[^>]+ on[a-z]+=", page.text)


@on_one_database
def test_without_a_safe_line_there_is_no_promise_of_one(house: House) -> None:
    """On http://127.0.0.1 the plain cookie works; over HTTPS the safe one is used whatever the setting."""
    from starlette.testclient import TestClient

    from web.app import build

    site = build(house, secure_cookies=False)
    plain = TestClient(site, base_url="http://127.0.0.1:8000", follow_redirects=False)
    safe = TestClient(site, base_url="https://testserver", follow_redirects=False)
    form = {"user": "rosa", "password": "correct horse battery"}

    answers = [client.post("/sign-in", data=form) for client in (plain, safe)]

    assert answers[0].headers["set-cookie"].startswith("session=")
    assert "Secure" not in answers[0].headers["set-cookie"]
    assert "strict-transport-security" not in answers[0].headers
    assert answers[1].headers["set-cookie"].startswith("__Host-session=")
    assert "Secure" in answers[1].headers["set-cookie"]


def test_no_name_stands_in_an_address_a_title_or_a_refusal(house: House) -> None:
    """A history of addresses, a tab and a screenshot of an error tell nothing about anybody."""
    case = new_case(house, victim__given_name="Xanthippe", victim__family_name="Canaryfield")
    visitor = practitioner_on(house)

    html = visitor.get(f"/cases/{case}").text
    links = re.findall(r'(?:href|action|src)="([^"]+)"', html)
    title = re.findall(r"<title>(.*?)</title>", html, re.DOTALL)[0]
    refused = visitor.fill(f"/cases/{case}/record/attempt_made", f"/cases/{case}/record/attempt_made", {})

    assert "Xanthippe Canaryfield" in html
    assert not any("Xanthippe" in link or "Canaryfield" in link for link in links)
    assert "Xanthippe" not in title
    assert "Xanthippe" not in re.findall(r"<title>(.*?)</title>", refused.text, re.DOTALL)[0]


def test_a_fault_is_answered_without_its_words_and_logged_without_them(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The case cannot be logged as read, so it is not shown; neither the page nor the log says more than that."""
    case = new_case(house, victim__given_name="Xanthippe")
    visitor = practitioner_on(house)
    with house.writing() as connection:
        connection.execute(text("DROP TABLE read_log"))

    with caplog.at_level(logging.ERROR, "victim_contact.web"):
        answer = visitor.get(f"/cases/{case}")

    assert answer.status_code == 500
    assert "Sorry, there is a problem with the service" in answer.text
    assert "content-security-policy" in answer.headers
    for words in ("Xanthippe", "read_log", "Traceback", "Error at"):
        assert words not in answer.text
    assert len(caplog.records) == 1
    assert "Xanthippe" not in caplog.text
    assert "read_log" not in caplog.records[0].getMessage()


@on_one_database
def test_a_body_that_is_too_large_is_refused_before_it_is_read(house: House) -> None:
    """Announced or not: 413, as a page for a form and as a problem for the interface."""
    visitor = practitioner_on(house)
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    announced = visitor.client.post("/sign-out", content=b"a" * 200_000, headers=form)
    unannounced = visitor.client.post("/sign-out", content=iter([b"a" * 100_000] * 3), headers=form)

    assert (announced.status_code, unannounced.status_code) == (413, 413)
    assert "That is too much at once" in announced.text


def test_alive_ready_and_figures_answer_everybody_and_tell_nothing_of_anybody(house: House) -> None:
    """The watchmen need no key: whether it lives, whether it is ready, and numbers."""
    from engine.sweep import sweep
    from tests.conftest import NOW

    case, visitor = new_case(house, victim__given_name="Xanthippe"), Visitor(house)

    without_clock = visitor.get("/readyz")
    sweep(house, NOW)
    ready, alive, figures = (visitor.get(path) for path in ("/readyz", "/healthz", "/metrics"))

    assert without_clock.status_code == 503
    assert "clock" in without_clock.json()["wrong"]
    assert (ready.status_code, ready.json()["status"]) == (200, "ok")
    assert alive.json() == {"status": "ok", "wrong": {}}
    assert 'victim_contact_open_cases{stage="consent"} 1.0' in figures.text
    assert "victim_contact_clock_age_seconds 0.0" in figures.text
    assert case not in figures.text
    assert "Xanthippe" not in figures.text
