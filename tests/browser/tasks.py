"""Lists the twelve core tasks as steps: what is there before, what somebody does, and what must hold afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from engine.desk import CaseFile, open_file
from engine.entries import Actor, Entry
from engine.record import record
from tests.browser.conftest import Person, Service
from tests.browser.hands import Mouse
from tests.conftest import NOW, PASSWORD
from tests.edge.consent_records import ABSENT
from workflow.events import Fields, Value
from workflow.vocabulary import Role, State

TODAY = NOW.date()
MORGAN = Actor("morgan", Role.MANAGER)
CONVERSATION: Fields = {"views": "given", "wants_updates": True, "wants_support": False, "explained": True}
REACHED: Fields = {"channel": "phone", "outcome": "reached"}


@dataclass(frozen=True)
class At:
    """Somebody at work: the browser, the hands that use it, the user, and a name for cases that nobody else has."""

    person: Person
    hands: Mouse
    user: str
    name: str

    @property
    def service(self) -> Service:
        """The service that is used."""
        return self.person.service

    def case_with(self, *entries: Entry, **changes: object) -> str:
        """A case of this person's to which these things have happened."""
        case = self.service.new_case(self.name, **changes)
        me = Actor(self.user, Role.MANAGER if self.user == "morgan" else Role.PRACTITIONER)
        said = [Entry("case_assigned", {"to": self.user}), *entries]
        record(self.service.house, case, said, actor=me, now=NOW)
        return case

    def look(self, case: str) -> CaseFile:
        """The case as it stands in the database."""
        return open_file(self.service.house, case, MORGAN, NOW)

    def last(self, case: str, kind: str) -> Mapping[str, Value]:
        """What the last entry of a kind says; an error where there is none."""
        event = self.look(case).case.last(kind)
        assert event is not None, kind
        return event.fields

    def recorded(self, case: str, words: str) -> None:
        """The page of the case says that it was recorded."""
        assert f"/cases/{case}" in self.person.page.url
        assert self.person.sees(f"Recorded: {words}"), words

    def form(self, case: str, name: str) -> None:
        """Go from the case to one of its forms: by the button that is offered next, or from the list of all."""
        self.person.open(f"/cases/{case}")
        if self.person.page.get_by_role("button", name=name).count():
            self.hands.press(name, "main")
        else:
            self.hands.press("Record something", "main")
            self.hands.press(name, "main")


def log_in(at: At) -> None:
    """By the form, to where the role begins."""
    at.person.open("/sign-in")
    at.hands.write("User name", at.user)
    at.hands.write("Password", PASSWORD)
    at.hands.press("Sign in", "main")

    begins = {"rosa": ("/queue", "What to do now"), "morgan": ("/compliance", "How we keep the Code")}
    address, title = begins.get(at.user, ("/police", "Sending consent records"))
    assert at.person.page.url.endswith(address)
    assert title in at.person.page.inner_text("h1")


def triage_a_new_consent(at: At) -> None:
    """From those nobody has, into one's own hands, and looked at."""
    case = at.service.new_case(at.name)

    at.person.open("/queue?view=unassigned")
    at.hands.press(f"Take this case {case}")
    assert at.person.sees("The case is yours now.")
    at.form(case, "Triage done")
    at.hands.write("Note (optional)", "Checked links and duplicates: none.")
    at.hands.press("Record", "main form")

    at.recorded(case, "Triage completed")
    assert at.look(case).case.assignee == at.user
    assert at.look(case).case.state is State.CONTACT_DUE
    assert at.person.sees("Checked links and duplicates: none.")


def follow_up_a_refusal(at: At) -> None:
    """Police sent a no: it is asked whether it was informed, and only then it counts."""
    no = {"consent__decision": "no", "consent__scope": ABSENT, "consent__informed": ABSENT}
    if at.user == "sergeant":
        case = at.service.new_case(at.name, **no)
        at.person.open("/police/queries")
        at.person.open(f"/police/queries/{case}.refusal")
        at.hands.choose("What do you know?", "They knew what they decided, and the answer stays no")
        at.hands.press("Continue", "main")
        for question in at.person.page.get_by_role("group").all():
            at.hands.choose(question.locator("legend").inner_text(), "Yes")
        at.hands.press("Send the answer", "main")
    else:
        case = at.case_with(**no)
        assert at.look(case).case.state is State.CONSENT_QUERY
        at.form(case, "Contact with the officer in charge")
        at.hands.choose("Outcome", "Asked")
        at.hands.press("Record", "main form")
        at.recorded(case, "Officer contacted")
        at.form(case, "The refusal is confirmed")
        for told in ("Who we are", "What we offer", "Voluntary", "What is shared", "No effect on case"):
            at.hands.choose("What the victim was told", told)
        at.hands.press("Record", "main form")
        at.recorded(case, "Refusal confirmed")

    assert at.look(case).case.state is State.CLOSED
    assert at.look(case).case.states["consent"] == "refused_confirmed"
    assert at.look(case).letters == ()


def log_three_attempts(at: At) -> None:
    """A call that rings out, a message, a text; what was forgotten is asked for, and what was typed stays."""
    case = at.case_with(Entry("triage_completed"))

    at.person.open(f"/cases/{case}")
    at.hands.unfold("Log a call")
    at.hands.write("What was said (optional)", "Rang out.")
    at.hands.press("Record the call", "main")
    assert at.person.sees("Select outcome")
    assert at.person.page.get_by_label("Note (optional)").input_value() == "Rang out."
    assert at.person.page.get_by_label("Phone").is_checked()
    at.hands.choose("Outcome", "No answer")
    at.hands.press("Record", "main form")
    at.recorded(case, "Attempt made")
    # The quick way: three presses on the page of the case.
    at.hands.unfold("Log a call")
    at.hands.choose("How did the call end?", "Message left")
    at.hands.press("Record the call", "main")
    at.recorded(case, "Attempt made")
    at.form(case, "Log an attempt to make contact")
    at.hands.choose("Channel", "Text")
    at.hands.choose("Outcome", "Sent")
    at.hands.press("Record", "main form")
    at.recorded(case, "Attempt made")

    made = at.look(case).case.of("attempt_made")
    attempts = [(event.fields["channel"], event.fields["outcome"]) for event in made]
    assert attempts == [("phone", "no_answer"), ("phone", "message_left"), ("text", "sent")]
    assert at.look(case).case.state is State.ATTEMPTING


def record_the_conversation(at: At) -> None:
    """What the victim thinks, wants to hear and needs."""
    case = at.case_with(Entry("triage_completed"), Entry("attempt_made", REACHED))

    at.form(case, "Record the first conversation")
    at.hands.choose("Views for the decision", "Given")
    at.hands.choose("Wants news of progress", "Yes")
    at.hands.choose("Wants support", "No")
    at.hands.choose("Restorative justice was explained", "Yes")
    at.hands.write("Note (optional)", "Sleeps badly since. Wants it to stop.")
    at.hands.press("Record", "main form")

    at.recorded(case, "Conversation recorded")
    assert at.look(case).case.state is State.RESTORATIVE_DECISION
    assert {name: at.last(case, "conversation_recorded")[name] for name in CONVERSATION} == CONVERSATION
    assert at.person.sees("Sleeps badly since. Wants it to stop.")


def offer_restorative_justice(at: At) -> None:
    """Invited, and the answer taken down."""
    case = at.case_with(
        Entry("triage_completed"), Entry("attempt_made", REACHED), Entry("conversation_recorded", CONVERSATION)
    )

    at.form(case, "Restorative justice offered, or not, and why")
    at.hands.choose("Invited", "Yes")
    at.hands.press("Record", "main form")
    at.recorded(case, "Restorative offered")
    at.form(case, "The victim's answer to restorative justice")
    at.hands.choose("Answer", "Yes")
    at.hands.choose("Form of restorative justice (optional)", "Direct meeting")
    at.hands.press("Record", "main form")

    at.recorded(case, "Restorative answered")
    assert at.look(case).case.state is State.RESTORATIVE_PREPARATION
    assert at.look(case).strands[0]["state"] == "accepted"


def _prepared(user: str) -> tuple[Entry, ...]:
    return (
        Entry("triage_completed"),
        Entry("attempt_made", REACHED),
        Entry("conversation_recorded", CONVERSATION),
        Entry("restorative_offered", {"invited": True}),
        Entry("restorative_answered", {"answer": "yes", "kind": "direct_meeting"}),
        Entry("restorative_consent_given", {"side": "both"}),
        Entry("risk_assessed", {"suitable": True, "signed_by": user, "signed_on": TODAY.isoformat()}),
    )


def plan_and_hold_a_meeting(at: At) -> None:
    """Both sides ready, a day set, and the meeting held on it."""
    case = at.case_with(*_prepared(at.user))

    at.form(case, "Both sides are ready")
    at.hands.press("Record", "main form")
    at.recorded(case, "Readiness confirmed")
    at.form(case, "A day is set for the event")
    at.hands.give_day("Day of the event", TODAY)
    at.hands.press("Record", "main form")
    at.recorded(case, "Restorative event planned")
    at.form(case, "A restorative event was held")
    at.hands.choose("Form of restorative justice", "Direct meeting")
    at.hands.choose("An agreement was made", "No")
    at.hands.press("Record", "main form")

    at.recorded(case, "Restorative event held")
    assert at.last(case, "restorative_event_planned")["on"] == TODAY.isoformat()
    assert at.look(case).case.state is State.FOLLOW_UP
    assert at.look(case).strands[0]["held_on"] == TODAY.isoformat()


def agree_reparation_and_complete_it(at: At) -> None:
    """One thing the child will do, done and seen."""
    held: Fields = {"kind": "direct_meeting", "agreement": True}
    case = at.case_with(*_prepared(at.user), Entry("readiness_confirmed"), Entry("restorative_event_held", held))

    at.form(case, "An item of reparation is agreed")
    at.hands.choose("What", "Repair or return")
    at.hands.choose("For whom", "Victim")
    at.hands.give_day("To be done by", TODAY + timedelta(days=14))
    at.hands.press("Record", "main form")
    at.recorded(case, "Reparation agreed")
    assert at.person.sees("Repair or return")
    at.form(case, "An item of reparation is done")
    at.hands.choose("How we know", "Seen by worker")
    at.hands.press("Record", "main form")

    at.recorded(case, "Reparation item completed")
    (item,) = at.look(case).strands[0]["items"]
    assert (item["kind"], item["state"], item["evidence"]) == ("repair_or_return", "completed", "seen_by_worker")
    assert at.look(case).case.state is State.FOLLOW_UP


def approve_a_letter(at: At) -> None:
    """Read first: a yes without having read it is asked for again."""
    case = at.case_with(Entry("triage_completed"))
    letter = at.look(case).letters[0]

    at.person.open(f"/cases/{case}")
    at.hands.press("First contact", "section:has(#letters) table")
    assert "Dear Alex Example" in at.person.page.frame_locator("iframe").locator("body").inner_text()
    at.hands.press("Approve this letter", "main")
    assert at.person.sees("Confirm that you have read the letter")
    at.hands.tick("I have read the letter, and name, address and words are right")
    at.hands.press("Approve this letter", "main")

    if at.user == "morgan":
        # A manager's yes is the first of two.
        assert at.person.sees("One person has said yes.")
        assert [event.by for event in at.look(case).case.of("letter_checked")] == ["morgan"]
        return
    assert at.person.sees("The letter is approved.")
    (approved,) = (each for each in at.look(case).letters if each.letter_id == letter.letter_id)
    assert (approved.state, approved.approved_by) == ("approved", at.user)


def hold_and_resume(at: At) -> None:
    """On hold with a reason and a day, and on again from where it was."""
    case = at.case_with(Entry("triage_completed"))
    before = at.look(case).case.state

    at.form(case, "Put the case on hold")
    at.hands.choose("Reason", "Victim pause")
    at.hands.give_day("Look again on", date(2026, 12, 7))
    at.hands.press("Record", "main form")
    at.recorded(case, "Hold placed")
    assert at.person.sees("This case is on hold")
    assert at.look(case).case.states["hold"] == "held"
    at.form(case, "End the hold")
    at.hands.press("Record", "main form")

    at.recorded(case, "Hold ended")
    assert not at.person.sees("This case is on hold")
    assert at.look(case).case.state is before


def reopen_a_closed_case(at: At) -> None:
    """The victim comes back, and no questions are asked."""
    case = at.case_with(
        Entry("triage_completed"),
        Entry("attempt_made", REACHED),
        Entry("conversation_recorded", CONVERSATION),
        Entry("all_declined"),
    )
    assert at.look(case).case.state is State.CLOSED

    at.form(case, "The victim comes back to us")
    at.hands.choose("What the victim agrees to", "Contact")
    at.hands.choose("What the victim agrees to", "Progress updates")
    at.hands.press("Record", "main form")

    at.recorded(case, "Victim returned")
    assert at.look(case).case.state is State.ENGAGED
    assert at.person.sees("In touch with the victim.")


def read_compliance(at: At) -> None:
    """A manager from a figure to the cases behind it; the others what is theirs."""
    if at.user == "sergeant":
        at.person.open("/police")
        at.hands.press("How complete our records are", "main")
        assert at.person.page.url.endswith("/police/mirror")
        return
    case = at.case_with()
    if at.user == "rosa":
        at.person.open("/queue")
        at.hands.press("My week and how I keep the Code", "main")
        assert at.person.sees("How you keep the Code")
        at.hands.press(case, "main")
        assert f"/cases/{case}" in at.person.page.url
        return
    at.person.open("/compliance")
    at.hands.give_day("From", date(2026, 11, 1))
    at.hands.give_day("To", date(2026, 11, 30))
    at.hands.press("Show", "main")
    assert at.person.sees("Duties that began from 1 November 2026 to 30 November 2026")
    running = at.person.page.locator('a[href*="rule=rj-information"][href*="verdict=running"]').first
    at.hands.press(running.inner_text(), 'tr:has(a[href*="rule=rj-information"])')
    assert at.person.sees("Cases behind a figure")
    at.hands.press(case, "main")
    assert at.person.page.url.endswith(f"/cases/{case}#duties")


Task = Callable[[At], None]

OFFICERS: tuple[Task, ...] = (log_in, follow_up_a_refusal, read_compliance)
TASKS: tuple[Task, ...] = (
    log_in,
    triage_a_new_consent,
    follow_up_a_refusal,
    log_three_attempts,
    record_the_conversation,
    offer_restorative_justice,
    plan_and_hold_a_meeting,
    agree_reparation_and_complete_it,
    approve_a_letter,
    hold_and_resume,
    reopen_a_closed_case,
    read_compliance,
)
