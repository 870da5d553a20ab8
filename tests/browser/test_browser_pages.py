"""Looks at every page and state: for everybody to use, on a narrow screen, and without a complaint of the browser."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe

from engine.completing import links
from engine.entries import Actor, Entry
from engine.outcomes import record_said
from engine.post import list_letters
from engine.record_forms import begin
from tests.browser.conftest import Person, Service
from tests.conftest import NOW
from tests.edge.consent_records import ABSENT
from web.police.steps import STEPS
from workflow.vocabulary import Role

pytestmark = pytest.mark.browser

ComeIn = Callable[..., Person]

# Off unless asked for, though WCAG 2.2 demands it.
RULES = {"rules": {"target-size": {"enabled": True}}}

UNSAFE = {
    "safety__safe_to": {
        "phone": "no", "voicemail": "no", "text": "unknown", "email": "yes", "post": "yes", "visit": "no"
    },
    "safety__must_not_know": ["Her brother, who opens the post"],
    "safety__risks": ["domestic_abuse"],
    "victim__given_name": "Maximiliana-Alexandrina",
    "victim__family_name": "Featherstonehaugh-Cholmondeley",
}  # fmt: skip


@pytest.fixture(scope="session")
def places(service: Service) -> dict[str, list[str]]:
    """Every page there is, by who looks at it."""
    fresh = service.new_case("PAGE-1", notes="A note that came with the record.")
    child = service.new_child_case("PAGE-2")
    unsafe = service.new_case("PAGE-3", **UNSAFE)
    for case in (child, unsafe):
        service.record(case, Entry("case_assigned", {"to": "rosa"}), Entry("triage_completed", {"note": "Looked."}))
    service.record(unsafe, Entry("hold_placed", {"reason": "safeguarding", "until": "2026-12-01"}))
    answers = {"round": "two_weeks", "form": "child", "felt_safer": "yes", "listened_to": "no", "themes": "being_heard"}
    service.record(child, Entry("feedback_given", {**answers, "feels_safe": 8}))
    manager = Actor("morgan", Role.MANAGER)
    record_said(service.house, manager, "pace", "It was too quick.", "We wait.", date(2026, 11, 2), service.house.now())
    asked = service.new_case("PAGE-O1", needs=ABSENT, characteristics=ABSENT, incident__children=ABSENT)
    refused = service.new_case("PAGE-O2", consent__decision="no", consent__scope=ABSENT)
    link = links(service.house, "derbyshire", ["PAGE-O1"], NOW)["PAGE-O1"]
    draft = begin(service.house, Actor("sergeant", Role.POLICE, "derbyshire"), NOW)
    letters = [letter.letter_id for letter in list_letters(service.house) if letter.reference in (child, unsafe)]
    return {
        "": ["/sign-in", "/sign-in?out=1", "/sign-in?over=1", f"/complete/{link}", "/complete/nothing", "/nowhere"],
        "rosa": [
            "/queue",
            "/queue?whose=unassigned",
            "/queue?view=team&tier=3&overdue=1",
            "/queue?view=hold&whose=all",
            "/queue?view=done",
            "/queue/people",
            "/queue/cover",
            f"/cases/{fresh}",
            f"/cases/{child}?recorded=triage_completed",
            f"/cases/{unsafe}",
            f"/cases/{fresh}/record",
            f"/cases/{fresh}/record/consent_recorded",
            f"/cases/{unsafe}/record/attempt_made",
            f"/cases/{fresh}/record/safety_recorded",
            f"/cases/{fresh}/record/entry_retracted",
            *(f"/letters/{letter}" for letter in letters[:2]),
            "/password",
            "/account",
            "/second-factor",
            "/stay",
            "/prove",
            "/search",
            f"/cases/{fresh}/conflict",
            "/compliance",
            "/law",
            "/law/rules/rj-information?from=2026-12-22&told=2026-12-29",
            "/law/rules/rj-information?from=2026-02-31",
        ],
        "imran": [f"/cases/{child}", f"/cases/{child}/open", "/queue"],
        "morgan": [
            "/chases",
            "/mirror",
            "/access",
            "/access/reads",
            "/access/people",
            f"/cases/{fresh}/wall",
            "/queue",
            "/queue?view=adrift",
            "/queue/people",
            "/queue/cover",
            "/compliance",
            "/forecast",
            "/outcomes",
            "/outcomes?from=2026-12-01&to=2026-11-01",
            "/law/editions",
            "/law/editions/2021-04-01",
            "/law/calendar",
            "/compliance?from=2026-11-30&to=2026-11-01",
            "/compliance/cases?rule=triage&verdict=running&from=2026-11-01&to=2026-11-30",
            "/compliance?by=worker",
            "/kpi",
            "/kpi?quarter=2026-Q4",
            "/funnel",
            "/funnel/cases?step=referred",
            "/victims",
            "/file-audits",
            "/inspection",
            "/self-assessment",
        ],
        "sergeant": [
            "/police",
            "/police/receipts",
            "/police/receipts/PAGE-O1",
            "/police/queries",
            f"/police/queries/{asked}.gaps",
            f"/police/queries/{refused}.refusal",
            f"/police/queries/{refused}.refusal?answer=confirmed",
            f"/police/queries/{refused}.refusal?answer=filled",
            "/police/upload",
            "/police/mirror",
            *(f"/police/records/{draft}/{step.name}" for step in STEPS),
            f"/police/records/{draft}/check",
        ],
    }


def _visits(places: dict[str, list[str]], come_in: ComeIn, **how: object) -> Iterator[tuple[str, Person]]:
    for user, paths in places.items():
        person = come_in(user, **how)
        for path in paths:
            person.open(path)
            yield path, person


def test_axe_finds_nothing_on_any_page_and_the_browser_complains_of_nothing(
    places: dict[str, list[str]], come_in: ComeIn
) -> None:
    """WCAG 2.2 A and AA and best practice; no script or style was stopped by the policy."""
    axe, found, complaints = Axe(), [], []

    for path, person in _visits(places, come_in):
        for fault in axe.run(person.page, options=RULES).response["violations"]:
            found.append((path, fault["id"], [node["html"][:120] for node in fault["nodes"][:3]]))
        complaints += [(path, words) for words in person.complaints if "Failed to load resource" not in words]

    assert found == [], found
    assert complaints == []


def test_axe_finds_nothing_on_a_form_with_mistakes_and_on_a_stale_one(service: Service, come_in: ComeIn) -> None:
    """The states somebody meets when something went wrong."""
    case, axe, rosa = service.new_case("AXE-1"), Axe(), come_in("rosa")

    rosa.open(f"/cases/{case}/record/decision_scheduled")
    rosa.page.locator("#on-day").fill("31")
    rosa.press("Record")
    wrong = axe.run(rosa.page, options=RULES).response["violations"]
    focused = rosa.page.evaluate("document.activeElement.className")
    rosa.open(f"/cases/{case}/record/note_written")
    rosa.page.get_by_label("Note (optional)").fill("Mine.")
    service.record(case, Entry("note_written", {"note": "Theirs."}))
    rosa.press("Record")
    stale = axe.run(rosa.page, options=RULES).response["violations"]

    assert (
        rosa.sees("Record anyway on the new version") or rosa.page.get_by_role("button", name="Record anyway").count()
    )
    assert [fault["id"] for fault in (*wrong, *stale)] == []
    assert "govuk-error-summary" in focused


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_nothing_scrolls_sideways_on_a_narrow_screen(
    places: dict[str, list[str]], come_in: ComeIn, javascript: bool
) -> None:
    """320 pixels, which is also 400% zoom: no page is wider than the screen."""
    # What the browser evaluates for us runs also where the scripts of the page are off.
    widths = {
        path: person.page.evaluate("document.documentElement.scrollWidth")
        for path, person in _visits(places, come_in, javascript=javascript, width=320)
    }

    assert {path: width for path, width in widths.items() if width > 320} == {}
