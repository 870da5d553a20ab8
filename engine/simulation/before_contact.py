"""Acts out what comes before the first contact: the officer in charge, safe channels, triage, characteristics."""

from datetime import timedelta

from engine.entries import Entry
from engine.simulation.desk import MANAGER, Desk
from engine.simulation.stories import Ending, Route, Story
from workflow.bars import since_entered, usable
from workflow.case import Case
from workflow.events import Fields
from workflow.vocabulary import Channel, Characteristic, CloseReason

_INFORMED = "who_we_are|what_we_offer|voluntary|what_is_shared|no_effect_on_case|leaflet_given"
_CHASES = 2


def request_consent_record(desk: Desk, story: Story, _: Case) -> None:
    """Ask police for a record that has not come."""
    desk.do(story, Entry("consent_record_requested"))


def follow_up_officer(desk: Desk, story: Story, case: Case) -> None:
    """Ask the officer in charge whether the choice was informed, and act on the answer once it is there."""
    if story.officer_answers_on is None:
        outcome = story.rng.choices(("asked", "no_answer", "on_leave"), (75, 17, 8))[0]
        desk.do(story, Entry("officer_contacted", {"outcome": outcome}))
        if outcome == "asked":
            story.officer_answers_on = desk.after(story.rng.randint(1, 3))
            if story.route is Route.CHILD_ALONE:
                _asked_again(desk, story, 0)
        desk.rest(story, "follow_up_officer", 1 if outcome == "asked" else story.rng.randint(2, 4))
        return
    if desk.day >= story.officer_answers_on:
        _officer_answers(desk, story, case)
    desk.rest(story, "follow_up_officer", 1)


def _officer_answers(desk: Desk, story: Story, case: Case) -> None:
    if story.ending is Ending.REFUSED:
        fields: Fields = {"informed": _INFORMED}
        if case.is_child:
            fields["safeguarding_checked"] = True
        desk.do(story, Entry("refusal_confirmed", fields))
    elif story.route is not Route.CHILD_ALONE:
        desk.do(story, Entry("officer_found_uninformed"))
        _asked_again(desk, story, story.rng.randint(3, 9))


def _asked_again(desk: Desk, story: Story, days: int) -> None:
    """Police ask the victim again, and send what they said, if the story is to come to a contact."""
    if story.is_contactable:
        day = max(story.officer_answers_on or desk.day, desk.day) + timedelta(days=days)
        desk.agenda.evening(day, lambda now: desk.asks_police(story, now))


def chase_consent_record(desk: Desk, story: Story, case: Case) -> None:
    """Chase the record until it comes, or until time itself ends the waiting."""
    if len(since_entered(case, "consent_record_requested")) < _CHASES:
        desk.do(story, Entry("consent_record_requested"))
    desk.rest(story, "chase_consent_record", 2)


def decide_on_silence(desk: Desk, story: Story, _: Case) -> None:
    """Police never answered: the manager takes it up with the force and lets go."""
    note = "Police have not answered after three reminders. Raised with the force."
    desk.do(story, Entry("case_closed", {"reason": CloseReason.POLICE_NEVER_ANSWERED, "note": note}), by=MANAGER)


def ask_family_officer(desk: Desk, story: Story, _: Case) -> None:
    """Ask the officer whom a bereaved family knows whether we may get in touch."""
    desk.do(story, Entry("family_officer_consulted", {"outcome": "may_contact"}))


def ask_safe_channel(desk: Desk, story: Story, _: Case) -> None:
    """Ask the officer which channel is safe; where none is, the manager closes."""
    if story.officer_answers_on is None:
        desk.do(story, Entry("officer_contacted", {"outcome": "asked"}))
        story.officer_answers_on = desk.after(story.rng.randint(2, 4))
        _asked_again(desk, story, 0)
    elif desk.day >= story.officer_answers_on and story.ending is Ending.UNSAFE:
        note = "The officer knows of no channel that is safe. Asked twice."
        desk.do(story, Entry("case_closed", {"reason": CloseReason.UNSAFE_TO_CONTACT, "note": note}), by=MANAGER)
        return
    desk.rest(story, "ask_safe_channel", 1)


def triage(desk: Desk, story: Story, case: Case) -> None:
    """Look at links and duplicates, make the case somebody's, and let it go on."""
    if not usable(case):
        ask_safe_channel(desk, story, case)
        return
    if not case.assignee:
        desk.give(story)
    entries = []
    if story.ending is Ending.DUPLICATE and story.twin is not None and story.twin.reference:
        entries.append(Entry("duplicate_found", {"survivor": story.twin.reference}))
    elif story.ending is Ending.ELSEWHERE:
        reason = story.rng.choice((CloseReason.TRANSFERRED, CloseReason.NOT_A_VICTIM))
        entries.append(Entry("case_closed", {"reason": reason, "note": "Seen at triage."}))
    else:
        entries.append(Entry("triage_completed"))
    desk.do(story, *entries)


def ask_characteristics(desk: Desk, story: Story, case: Case) -> None:
    """Ask the officer for what was left out, or let the time pass: a gap never holds up the first contact."""
    if not story.is_enhanced and story.rng.random() < 0.3:
        desk.rest(story, "ask_characteristics", 5)
        return
    asked = case.last("characteristics_recorded")
    gaps = list(asked.items("gaps")) if asked else list(Characteristic)
    answered = gaps[: story.rng.randint(0, len(gaps))]
    still = gaps[len(answered) :]
    complete = [name for name in Characteristic if name not in still]
    fields: Fields = {"asked_by": "police", "complete": "|".join(complete)}
    if still:
        fields["gaps"] = "|".join(still)
    desk.do(story, Entry("characteristics_recorded", fields))


def channels_of(story: Story) -> Fields:
    """What the victim says is safe for each channel, as the fields of an entry."""
    return {**{channel.value: story.truly_safe[channel] for channel in Channel}, "said_by": "victim"}
