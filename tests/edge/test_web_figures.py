"""Holds the manager's pages: what they show, who may see them, and the ways of a return, a sample and a judgement."""

from datetime import UTC, datetime

import pytest

from engine.house import House
from tests.edge.reported_service import work
from tests.edge.web_visitors import Visitor, on_one_database, practitioner_on

PAGES = (
    "/compliance",
    "/compliance?by=worker",
    "/kpi",
    "/funnel",
    "/victims",
    "/file-audits",
    "/inspection",
    "/self-assessment",
)


@pytest.fixture
def manager(house: House) -> Visitor:
    """A manager of a service with some months of work."""
    work(house, number=8)
    return practitioner_on(house, user="morgan")


def test_every_page_is_there_for_a_manager_and_not_for_a_practitioner(manager: Visitor, house: House) -> None:
    practitioner = practitioner_on(house, manager.site)

    assert {path: manager.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)
    assert {path: practitioner.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 403)


def test_every_page_says_so_where_there_is_nothing(house: House) -> None:
    empty = practitioner_on(house, user="morgan")

    assert "No duty began in this period." in empty.get("/compliance").text
    assert "No case was opened in this period." in empty.get("/funnel").text
    assert "0</strong> victims’ interventions" in empty.get("/kpi").text
    assert "Nobody who consented was first contacted" in empty.get("/inspection").text
    assert "No sample was drawn yet." in empty.get("/file-audits").text
    assert empty.get("/victims").status_code == empty.get("/self-assessment").status_code == 200


@on_one_database
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/compliance?from=2026-11-30&to=2026-11-01", "must be the same as or after the first day"),
        ("/funnel?as-of=2027-01-01", "must be today or in the past"),
        ("/funnel?as-of=2001-01-01", "Nothing was recorded by then"),
        ("/kpi?quarter=2026", "Give a quarter as 2026-Q2"),
        ("/kpi?quarter=2030-Q1", "has not begun"),
        ("/self-assessment?year=x", "Name a financial year"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(manager: Visitor, path: str, words: str) -> None:
    answer = manager.get(path)

    assert answer.status_code == 422
    assert words in answer.text


@on_one_database
def test_every_figure_of_the_pages_opens_its_cases(manager: Visitor) -> None:
    from html import unescape
    from re import findall

    for page in ("/compliance?from=2026-05-01", "/funnel", "/kpi?quarter=2026-Q3"):
        links = {
            unescape(href)
            for href in findall(r'href="(/(?:compliance|funnel|kpi)/cases\?[^"]+)"', manager.get(page).text)
        }
        assert links, page
        for link in links:
            answer = manager.get(link)
            assert answer.status_code == 200, link
    assert "VC-" in manager.get("/funnel/cases?step=referred").text


def test_a_quarter_is_frozen_from_its_page(manager: Visitor) -> None:
    page = "/kpi?quarter=2026-Q3"

    sent = manager.fill(page, "/kpi/freeze", {})

    assert sent.headers["location"] == page
    shown = manager.get(page).text
    assert "Frozen on 23 November 2026 by Morgan Example" in shown
    assert "Nothing has changed since." in shown
    assert "Freeze as submitted" not in manager.get("/kpi?quarter=2026-Q4").text


def test_a_sample_is_drawn_reviewed_and_verified_by_somebody_else(manager: Visitor) -> None:
    from workflow.file_audit import QUESTIONS

    sent = manager.fill("/file-audits", "/file-audits/draw", {})
    path = "/file-audits/1"
    answers = {key: "met" for key, _, _ in QUESTIONS}
    half = manager.fill(path, path, {"voice": "met"})
    reviewed = manager.fill(path, path, answers)
    own = manager.fill(path, path, answers)

    assert sent.status_code == reviewed.status_code == 303
    assert half.status_code == 422
    assert "Judge every question" in half.text
    assert own.status_code == 403
    again = manager.send("/file-audits/draw", {"form_token": manager.token(), "month": "2026-10"})
    assert "drawn once" in again.text
    assert "Reviewed" in manager.get("/file-audits").text


def test_evidence_of_a_case_has_no_name_number_address_or_note_and_is_logged(manager: Visitor, house: House) -> None:
    from re import search

    page = manager.get("/inspection?from=2026-05-01&to=2026-11-23").text
    found = search(r"/inspection/(VC-[\w-]+)", page)
    assert found is not None

    # The head of the page bears the manager's own name and a random token.
    pack = manager.get(f"/inspection/{found[1]}").text.split("<main", 1)[1]

    for private in ("Alex", "Nowhere", "07700", "alex@", "Looked.", "Rosa Example", "N-"):
        assert private not in pack
    assert "Consent recorded" in pack
    assert "The record shows it." in pack


def test_a_judgement_of_a_right_is_kept_with_its_words_as_words(manager: Visitor) -> None:
    page, path = "/self-assessment?year=2026", "/self-assessment/3"
    hostile = "<script>alert(1)</script>"

    sent = manager.fill(page, path, {"judgement": "partly", "evidence": hostile, "owner": "Morgan Example"})
    wrong = manager.fill(page, path, {"judgement": "splendid"})
    shown = manager.get(page).text

    assert sent.status_code == 303
    assert wrong.status_code == 422
    assert "<strong>Partly met</strong>" in shown
    assert hostile not in shown
    manager.travel_to(datetime(2027, 5, 3, 9, tzinfo=UTC))
    manager.sign_in("morgan")
    assert "Partly met" in manager.get("/self-assessment?year=2027").text
