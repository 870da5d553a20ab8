"""Acts out the first contact: a call, another by another channel, the conversation, or nobody there."""

from collections.abc import Iterable

from engine.entries import Entry
from engine.simulation import feedback
from engine.simulation.before_contact import channels_of
from engine.simulation.desk import Desk
from engine.simulation.stories import Ending, Story
from workflow.case import Case
from workflow.consent import agreed
from workflow.events import Fields
from workflow.facts import language_and_format
from workflow.letters import FORMATS
from workflow.vocabulary import Channel, Characteristic, CloseReason, Purpose, State, Track

_TRIES = 4
_DAYS_OF_TRYING = 11
_AUDIENCES = {
    "out_of_court_panel": "panel",
    "referral_order_panel": "panel",
    "pre_sentence_report": "pre_sentence_report",
    "court_hearing": "court",
}
# What a victim of an opt-out force, who did not object, says yes to in the first conversation.
_NOW_AGREED = (
    Purpose.CONTACT,
    Purpose.RESTORATIVE_INFORMATION,
    Purpose.VIEWS_BEFORE_DECISION,
    Purpose.PROGRESS_UPDATES,
    Purpose.ANONYMOUS_FEEDBACK,
)
_OUR_LETTERS: Fields = {"language": "en", "format": "large_print"}
_UNREACHED = (State.CONTACT_DUE, State.ATTEMPTING, State.UNCONTACTABLE)


def reach_out(desk: Desk, story: Story, case: Case) -> None:
    """Try to reach the victim by a channel that is safe, each time by another if there is one."""
    tries = len(case.of("attempt_made"))
    if story.ending is Ending.UNCONTACTABLE and tries >= _TRIES and _is_time_to_stop(desk, case):
        desk.do(story, Entry("attempts_exhausted"))
        desk.sign(story)
        return
    spoken = desk.usable(case, Channel.PHONE)
    written = desk.usable(case, Channel.TEXT, Channel.EMAIL)
    if spoken and not (written and tries == 2):
        if tries + 1 >= story.answers_after:
            _reached(desk, story, case, Channel.PHONE)
        else:
            _not_reached(desk, story, case, written)
    elif written:
        _write(desk, story, case, written[0])
    desk.rest(story, "try_again", story.rng.randint(1, 2))


def _is_time_to_stop(desk: Desk, case: Case) -> bool:
    """Whether it was tried for as long as it takes."""
    first = case.first("attempt_made")
    return first is not None and desk.house.calendar.working_days_between(first.day, desk.day) >= _DAYS_OF_TRYING


def _reached(desk: Desk, story: Story, case: Case, channel: Channel) -> None:
    """The victim answers: most talk at once, some ask for another day."""
    entries = [Entry("attempt_made", {"channel": channel, "outcome": "reached"})]
    if story.waits_at is not State.ENGAGED and story.rng.random() < 0.7:
        entries += conversation(story, case)
    else:
        entries.append(_told(case, channel))
        desk.rest(story, "record_conversation", story.rng.randint(1, 2 if story.is_enhanced else 4))
    desk.do(story, *entries)
    feedback.say_before(desk, story)


def _not_reached(desk: Desk, story: Story, case: Case, written: list[Channel]) -> None:
    """Nobody answers: a message where that is safe, the first words in writing, and the letter that says we tried."""
    may_leave_message = bool(desk.usable(case, Channel.VOICEMAIL)) and story.rng.random() < 0.5
    outcome = "message_left" if may_leave_message else "no_answer"
    entries = [Entry("attempt_made", {"channel": Channel.PHONE, "outcome": outcome})]
    if written and "signposted" not in story.marks:
        entries.append(_told(case, written[0]))
    desk.do(story, *entries, *_too_late_to_be_heard(desk, case))
    desk.sign(story)


def _too_late_to_be_heard(desk: Desk, case: Case) -> list[Entry]:
    """Where the child's case is decided in two working days: that the victim could not be heard before it."""
    decision = case.next_decision
    on = decision.day_of("on") if decision else None
    if on is None or desk.after(2) < on or case.last("views_recorded") is not None:
        return []
    return [Entry("views_recorded", {"outcome": "not_reached"})]


def _write(desk: Desk, story: Story, case: Case, channel: Channel) -> None:
    """A text or an email, which the victim answers within days unless they do not want to be found."""
    entries = [Entry("attempt_made", {"channel": channel, "outcome": "sent"})]
    if "signposted" not in story.marks:
        entries.append(_told(case, channel))
    desk.do(story, *entries)
    if story.ending is not Ending.UNCONTACTABLE:
        desk.agenda.office(desk.after(story.rng.randint(1, 3)), lambda: _answers(desk, story, channel))
    desk.rest(story, "make_first_contact", 3)


def _told(case: Case, channel: Channel) -> Entry:
    """What there is: restorative justice where the victim agreed to hear of it, and support otherwise."""
    if Purpose.RESTORATIVE_INFORMATION in agreed(case):
        return Entry("restorative_information_given", {"how": channel})
    return Entry("support_referred", {"by": "yjs", "outcome": "signposted"})


def _answers(desk: Desk, story: Story, channel: Channel) -> None:
    state = desk.case(story).state
    if state in _UNREACHED and story.waits_at is not state:
        desk.do(story, Entry("victim_replied", {"channel": channel}))


def record_conversation(desk: Desk, story: Story, case: Case) -> None:
    """The conversation on the day that was agreed."""
    by = desk.usable(case, Channel.PHONE, Channel.EMAIL)
    entries = [Entry("attempt_made", {"channel": by[0], "outcome": "reached"})] if by else []
    desk.do(story, *entries, *conversation(story, case))
    feedback.say_before(desk, story)


def conversation(story: Story, case: Case) -> list[Entry]:
    """The first conversation: what is safe, who they are, how it was, what they want to be told."""
    rng, purposes = story.rng, agreed(case)
    entries = [Entry("safety_recorded", channels_of(story))]
    if case.states[Track.CONSENT] == "not_objected":
        entries.insert(0, Entry("consent_renewed", own_consent(story, _NOW_AGREED)))
        purposes = frozenset(_NOW_AGREED)
    if case.states[Track.CHARACTERISTICS] == "gaps" and story.kind != "organisation":
        complete = "|".join(Characteristic)
        entries.append(Entry("characteristics_recorded", {"complete": complete, "asked_by": "practitioner"}))
    if story.rng.random() < 0.6 and not _reads_our_letters(case):
        # Asked what would do until there is a better letter, most say one in English, or in large print.
        entries.append(Entry("needs_recorded", {**_OUR_LETTERS, "interpreter": story.needs["interpreter"]}))
    views = "declined"
    if story.ending is not Ending.DECLINED and Purpose.VIEWS_BEFORE_DECISION in purposes:
        views = rng.choices(("given", "declined", "not_yet"), (6, 2, 2))[0]
    wants_support = story.ending is not Ending.DECLINED and (story.ending is Ending.SUPPORT or rng.random() < 0.25)
    said: Fields = {
        "views": views,
        "wants_updates": story.ending is not Ending.DECLINED and Purpose.PROGRESS_UPDATES in purposes,
        "wants_support": wants_support,
        "explained": Purpose.RESTORATIVE_INFORMATION in purposes,
        "note": "Talked about what happened, what it changed, and what would help.",
    }
    entries.append(Entry("conversation_recorded", said))
    decision = case.next_decision
    if views == "given" and decision is not None:
        entries.append(Entry("views_released", {"audience": _AUDIENCES[decision.text("kind")]}))
    if wants_support:
        outcome = "referred" if Purpose.SUPPORT_REFERRAL in purposes else "signposted"
        entries.append(Entry("support_referred", {"by": "yjs", "outcome": outcome, "agency": "example-victim-care"}))
    return entries


def _reads_our_letters(case: Case) -> bool:
    language, form, _ = language_and_format(case)
    return language == "en" and form in FORMATS


def own_consent(story: Story, purposes: Iterable[Purpose]) -> Fields:
    """A yes that the victim gives us themselves, a child together with their parent."""
    given_by = "both" if story.kind == "child" else "self"
    fields: Fields = {"decision": "yes", "model": story.model, "given_by": given_by, "method": "phone"}
    return {**fields, "scope": "|".join(purposes)}


def ask_own_consent(desk: Desk, story: Story, case: Case) -> None:
    """Take the yes of somebody who turns 18, or has: theirs alone, through the officer where we may not ask."""
    purposes = [each for each in Purpose if each in agreed(case)] or list(_NOW_AGREED)
    desk.do(story, Entry("consent_renewed", {**own_consent(story, purposes), "given_by": "self"}))


def close_uncontactable(desk: Desk, story: Story, _: Case) -> None:
    """Close with the door open."""
    desk.do(story, Entry("case_closed", {"reason": CloseReason.UNCONTACTABLE}))
