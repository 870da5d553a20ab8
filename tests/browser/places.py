"""Makes the cases and files behind every page, and lists every page and state there is, by who looks at it."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from engine.accounts import add_user
from engine.completing import links
from engine.entries import Actor, Entry
from engine.file_audits import draw
from engine.outcomes import record_said
from engine.post import approve, list_letters
from engine.record_forms import begin
from engine.revealing import reveal
from tests.browser.conftest import Person, Service
from tests.conftest import NOW, PASSWORD
from tests.edge.consent_records import ABSENT
from tests.edge.test_access_second_factor import set_up
from tests.edge.web_visitors import Visitor, at
from web.police.steps import STEPS
from workflow.events import Fields
from workflow.vocabulary import Role

UNSAFE = {
    "safety__safe_to": {
        "phone": "no", "voicemail": "no", "text": "unknown", "email": "yes", "post": "yes", "visit": "no"
    },
    "safety__must_not_know": ["Her brother, who opens the post"],
    "safety__risks": ["domestic_abuse"],
    "victim__given_name": "Maximiliana-Alexandrina",
    "victim__family_name": "Featherstonehaugh-Cholmondeley",
}  # fmt: skip

NOT_PAGES = {
    "/": "leads on",
    "/access-by-characteristic/file": "a file",
    "/api/v1/consent-records/{submission_id}": "for systems",
    "/api/v1/queries": "for systems",
    "/board-pack": "a file",
    "/compliance/file": "a file",
    "/funnel/file": "a file",
    "/healthz": "for systems",
    "/kpi/file": "a file",
    "/letters/{letter_id}/page": "a letter: no script runs in it, and so neither does axe",
    "/letters/{letter_id}/page.pdf": "a file",
    "/letters/{letter_id}/text": "a file",
    "/letters/{letter_id}/word": "a file",
    "/metrics": "for systems",
    "/openapi.json": "for systems",
    "/outcomes.csv": "a file",
    "/prove/provider": "leads on to another site",
    "/readyz": "for systems",
    "/sign-in/provider": "leads on to another site",
    "/sign-in/provider/back": "comes back from another site, and leads on",
    "/static/{path:path}": "files",
}
"""What a GET gives that nobody looks at as a page, and why."""

_RECORD = '{"submission_id": "PAGE-F1", "force": "derbyshire"}\n'


def pages(service: Service) -> dict[str, list[str]]:
    """Every page there is, by who looks at it."""
    fresh = service.new_case("PAGE-1", notes="A note that came with the record.")
    child = service.new_child_case("PAGE-2")
    unsafe = service.new_case("PAGE-3", **UNSAFE)
    for case in (child, unsafe):
        service.record(case, Entry("case_assigned", {"to": "rosa"}), Entry("triage_completed", {"note": "Looked."}))
    service.record(unsafe, Entry("hold_placed", {"reason": "safeguarding", "until": "2026-12-01"}))
    service.record(unsafe, Entry("address_sealed", {"channel": "email", "reason": "refuge"}))
    answers: Fields = {"round": "two_weeks", "form": "child", "felt_safer": "yes", "listened_to": "no"}
    service.record(child, Entry("feedback_given", {**answers, "themes": "being_heard", "feels_safe": 8}))
    ready = _with_reparation(service)
    rosa, manager = Actor("rosa", Role.PRACTITIONER), Actor("morgan", Role.MANAGER)
    record_said(service.house, manager, "pace", "It was too quick.", "We wait.", date(2026, 11, 2), service.house.now())
    draw(at(service.house, NOW + timedelta(days=14)), "2026-11", manager)
    asked = service.new_case("PAGE-O1", needs=ABSENT, characteristics=ABSENT, incident__children=ABSENT)
    refused = service.new_case("PAGE-O2", consent__decision="no", consent__scope=ABSENT)
    link = links(service.house, "derbyshire", ["PAGE-O1"], NOW)["PAGE-O1"]
    draft = begin(service.house, Actor("sergeant", Role.POLICE, "derbyshire"), NOW)
    letters = [letter.letter_id for letter in list_letters(service.house) if letter.reference in (child, unsafe)]
    approved = next(letter.letter_id for letter in list_letters(service.house) if letter.reference == ready)
    approve(service.house, approved, rosa, NOW)
    reveal(service.house, unsafe, "email", "verify", "To check it.", manager, service.house.now())
    return {
        "": ["/sign-in", "/sign-in?out=1", "/sign-in?over=1", f"/complete/{link}", "/complete/nothing", "/nowhere"],
        "rosa": [
            "/queue",
            "/queue?view=unassigned",
            "/queue?view=team&tier=3&overdue=1",
            "/queue?view=hold&whose=all",
            "/queue?view=done",
            "/queue/people",
            "/queue/cover",
            "/queue/week",
            f"/cases/{fresh}",
            f"/cases/{child}?recorded=triage_completed",
            f"/cases/{unsafe}",
            f"/cases/{ready}",
            f"/cases/{fresh}/record",
            f"/cases/{fresh}/record/consent_recorded",
            f"/cases/{unsafe}/record/attempt_made",
            f"/cases/{fresh}/record/safety_recorded",
            f"/cases/{fresh}/record/entry_retracted",
            f"/cases/{ready}/record/restorative_event_planned",
            f"/cases/{unsafe}/details",
            f"/cases/{unsafe}/child-address",
            f"/cases/{unsafe}/sealed/email",
            f"/cases/{ready}/letters/new",
            "/letters",
            "/batches",
            "/translations",
            *(f"/letters/{letter}" for letter in (*letters[:2], approved)),
            "/dispatch",
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
        "imran": [f"/cases/{child}", f"/cases/{child}/open", "/queue", "/queue/week"],
        "morgan": [
            "/chases",
            "/unread",
            "/alike",
            "/mirror",
            "/access",
            "/access/reads",
            "/access/people",
            f"/cases/{fresh}/wall",
            f"/cases/{unsafe}/sealed/email",
            "/queue",
            "/queue?view=adrift",
            "/queue/people",
            "/queue/cover",
            "/batches",
            "/translations",
            "/dispatch",
            "/compliance",
            "/access-by-characteristic",
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
            "/kpi/cases?quarter=2026-Q4&measure=10a",
            "/funnel",
            "/funnel/cases?step=referred",
            "/victims",
            "/file-audits",
            "/file-audits/1",
            "/inspection",
            f"/inspection/{ready}",
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


def _with_reparation(service: Service) -> str:
    """A case in reparation, with an item that is open and one that is done."""
    case = service.new_case("PAGE-4")
    answered: Fields = {"views": "given", "wants_updates": True, "wants_support": False, "explained": True}
    signed: Fields = {"suitable": True, "signed_by": "rosa", "signed_on": NOW.date().isoformat()}
    due = (NOW.date() + timedelta(days=14)).isoformat()
    service.record(
        case,
        Entry("case_assigned", {"to": "rosa"}),
        Entry("triage_completed"),
        Entry("attempt_made", {"channel": "phone", "outcome": "reached"}),
        Entry("conversation_recorded", answered),
        Entry("restorative_offered", {"invited": True}),
        Entry("restorative_answered", {"answer": "yes", "kind": "direct_meeting"}),
        Entry("restorative_consent_given", {"side": "both"}),
        Entry("risk_assessed", signed),
        Entry("readiness_confirmed"),
        Entry("restorative_event_held", {"kind": "direct_meeting", "agreement": True}),
        Entry("reparation_agreed", {"kind": "repair_or_return", "benefits": "victim", "due_on": due}),
    )
    return case


State = Callable[[Person], None]


def _mistake(path: str, button: str = "Record") -> State:
    def make(person: Person) -> None:
        person.open(path)
        person.press(button)

    return make


def _stale(service: Service, case: str) -> State:
    def make(person: Person) -> None:
        person.open(f"/cases/{case}/record/note_written")
        person.page.get_by_label("Note (optional)").fill("Mine.")
        service.record(case, Entry("note_written", {"note": "Theirs."}))
        person.press("Record")

    return make


def _found(person: Person) -> None:
    person.open("/search")
    person.page.get_by_label("Name", exact=True).fill("Alex Example")
    person.press("Search")


def _chosen(path: str, button: str) -> State:
    def make(person: Person) -> None:
        person.open(path)
        person.page.get_by_role("checkbox").locator("visible=true").first.check()
        person.press(button)

    return make


def _folded_out(path: str) -> State:
    def make(person: Person) -> None:
        person.open(path)
        person.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")

    return make


def _soon_over(person: Person) -> None:
    person.page.clock.install()
    person.open("/search")
    person.page.clock.run_for(14 * 60_000)


def _looked_at(person: Person) -> None:
    person.open("/police/upload")
    person.page.locator("input[type=file]").set_input_files(
        {"name": "records.jsonl", "mimeType": "application/json", "buffer": _RECORD.encode()}
    )
    person.page.locator("main form button").first.click()


def _taken(person: Person) -> None:
    _looked_at(person)
    person.page.locator("main form button").first.click()
    person.page.wait_for_url("**/police/upload/*")


def _locked_out(person: Person) -> None:
    person.open("/sign-in")
    person.press("Sign in")


def states(service: Service) -> Mapping[str, list[tuple[str, State]]]:
    """What somebody meets when something went wrong, is chosen, found, folded out or nearly over; by user."""
    wrong, stale = service.new_case("STATE-1"), service.new_case("STATE-2")
    waits = service.new_case("STATE-3")
    service.record(waits, Entry("case_assigned", {"to": "rosa"}), Entry("triage_completed"))
    letter = next(each.letter_id for each in list_letters(service.house) if each.reference == waits)
    return {
        "": [("sign-in refused", _locked_out)],
        "rosa": [
            ("form with mistakes", _mistake(f"/cases/{wrong}/record/decision_scheduled")),
            ("stale form", _stale(service, stale)),
            ("letter not read", _mistake(f"/letters/{letter}", "Approve this letter")),
            ("search found", _found),
            ("case folded out", _folded_out(f"/cases/{waits}")),
            ("queue folded out", _folded_out("/queue?view=team")),
            ("cover with mistakes", _mistake("/queue/cover", "Let")),
            ("cases chosen", _chosen("/queue?view=mine", "Hand over the chosen cases")),
            ("letters chosen", _chosen("/letters", "Check")),
            ("session nearly over", _soon_over),
        ],
        "sergeant": [("file looked at", _looked_at), ("file taken in", _taken)],
    }


def owing(service: Service) -> tuple[str, str]:
    """Somebody who owes a code after the password, and somebody whose form was kept when the session ended."""
    for name in ("fern", "kim"):
        add_user(service.house, name, "practitioner", NOW, shown_as=f"{name.title()} Example", password=PASSWORD)
    phone = Visitor(service.house)
    phone.sign_in("fern")
    set_up(phone, NOW)
    left: Any = Visitor(service.house)
    left.travel_to(NOW - timedelta(hours=1))
    left.sign_in("kim")
    hidden = left.hidden("/queue/cover", "/queue/cover")
    left.travel_to(NOW)
    left.send("/queue/cover", {**hidden, "from-day": "30"})
    return "fern", "kim"
