"""Acts out restorative justice: the offer, the answer, preparation, the event, reparation and what follows."""

from datetime import date, timedelta

from engine.entries import Entry
from engine.simulation.before_contact import channels_of
from engine.simulation.contact import own_consent
from engine.simulation.desk import Desk
from engine.simulation.stories import DIRECT_FORMS, INDIRECT_FORMS, Ending, Story
from workflow.case import Case
from workflow.consent import agreed
from workflow.events import Fields
from workflow.vocabulary import Channel, CloseReason, Purpose, RestorativeKind, State

_MEETING = (Ending.DIRECT, Ending.DIRECT_TO_COME)


def offer(desk: Desk, story: Story, case: Case) -> None:
    """Offer restorative justice, leave time to think, and record the answer; or record why it is not offered."""
    if Purpose.RESTORATIVE_INFORMATION not in agreed(case):
        not_invited = Entry("restorative_offered", {"invited": False, "reason": "victim_asked_not"})
        leaves = "all_declined" if story.ending is Ending.DECLINED else "information_only_chosen"
        desk.do(story, not_invited, Entry(leaves))
        return
    entries: list[Entry] = []
    if not any(offered.fields["invited"] for offered in case.of("restorative_offered")):
        entries.append(Entry("restorative_offered", {"invited": True}))
        if story.ending is not Ending.DECLINED and story.rng.random() < 0.5:
            desk.do(story, *entries)
            desk.rest(story, "offer_restorative", story.rng.randint(2, 7))
            return
    desk.do(story, *entries, _answer(desk, story, case))


def _answer(desk: Desk, story: Story, case: Case) -> Entry:
    match story.ending:
        case Ending.DECLINED:
            return Entry("all_declined")
        case Ending.INFORMATION:
            if story.rng.random() < 0.5:
                return Entry("information_only_chosen")
            return Entry("restorative_answered", {"answer": "no"})
        case Ending.SUPPORT:
            again = desk.after(story.rng.randint(20, 40))
            return Entry("restorative_answered", {"answer": "not_now", "ask_again_on": again.isoformat()})
        case Ending.WITHDREW_LATER:
            return Entry("restorative_answered", {"answer": "no"})
        case _:
            return Entry("restorative_answered", {"answer": "yes", "kind": _form(story, case)})


def _form(story: Story, case: Case) -> RestorativeKind:
    if story.ending in _MEETING:
        return DIRECT_FORMS[story.number % len(DIRECT_FORMS)]
    if case.last("preparation_stopped") is not None:
        return RestorativeKind.INDIRECT_REPARATION
    return INDIRECT_FORMS[story.number % len(INDIRECT_FORMS)]


def prepare(desk: Desk, story: Story, case: Case) -> None:
    """Take a step with either side, stop where it would not be right, or say that both are ready."""
    if story.steps_left > 0:
        story.steps_left -= 1
        note = Entry("note_written", {"note": "Met one side to prepare: hopes, worries and ground rules."})
        desk.do(story, *(_talk(desk, story, case) if story.steps_left % 2 else ()), note)
        desk.rest(story, "prepare", story.rng.randint(5, 9))
    elif story.stops_once:
        story.stops_once = False
        desk.do(story, Entry("preparation_stopped", {"reason": "child_declined"}))
    else:
        today = desk.day.isoformat()
        before = (desk.day - timedelta(days=2)).isoformat()
        signed: Fields = {"victim_consented_on": today, "child_consented_on": before, "risk_assessed_on": before}
        desk.do(story, Entry("readiness_confirmed", signed))
        story.event_on = desk.after(story.rng.randint(2, 12))
        if story.ending is Ending.DIRECT_TO_COME:
            story.event_on = max(story.event_on, desk.ledger.last_day + timedelta(days=3))


def take_consents_again(desk: Desk, story: Story, case: Case) -> None:
    """Take the consents again before they grow old."""
    desk.do(story, Entry("consent_renewed", own_consent(story, [each for each in Purpose if each in agreed(case)])))


def hold_event(desk: Desk, story: Story, case: Case) -> None:
    """Hold the event on its day, or put it off."""
    if story.event_on is not None and desk.day < story.event_on:
        story.rest["hold_event"] = story.event_on
    elif story.postpones_once:
        story.postpones_once = False
        desk.do(story, Entry("restorative_event_postponed"))
        desk.rest(story, "prepare", story.rng.randint(2, 5))
    else:
        kind = _form(story, case)
        desk.do(story, Entry("restorative_event_held", {"kind": kind, "agreement": story.agrees}))
        desk.rest(story, "follow_up", 1)


def see_reparation_through(desk: Desk, story: Story, case: Case) -> None:
    """Tell the victim how the reparation goes, until it is done or will not be."""
    held = case.last("restorative_event_held")
    if held is not None and (desk.day - held.day).days > 20 + story.number % 40:
        outcome = "completed" if story.rng.random() < 0.9 else "not_completed"
        desk.do(story, Entry("reparation_ended", {"outcome": outcome}))
        return
    desk.do(story, *_talk(desk, story, case), Entry("progress_update_given", {"how": desk.way(case)}))
    desk.rest(story, "see_reparation_through", 10)


def follow_up(desk: Desk, story: Story, case: Case) -> None:
    """Ask on the day after, at two weeks and at six, or once where there was no event."""
    held = case.last("restorative_event_held")
    weeks = (desk.day - held.day).days / 7 if held else 6
    talk = _talk(desk, story, case)
    if weeks >= 4 and case.state is State.FOLLOW_UP:
        desk.do(story, *talk, Entry("support_reviewed"), Entry("follow_up_completed"))
    else:
        reached = any(entry.kind == "attempt_made" for entry in talk)
        desk.do(story, *talk, *(() if reached else (Entry("support_reviewed"),)))
        desk.rest(story, "follow_up", 4 if weeks < 1 else 10)


def _talk(desk: Desk, story: Story, case: Case) -> list[Entry]:
    """A talk: the call, where the phone or an email is safe, and what is still safe when nobody asked for long."""
    by = desk.usable(case, Channel.PHONE, Channel.EMAIL)
    entries = [Entry("attempt_made", {"channel": by[0], "outcome": "reached"})] if by else []
    asked = case.last("safety_recorded")
    if asked is None or (desk.day - asked.day).days > desk.house.settings.days.safety_lasts // 2:
        entries.append(Entry("safety_recorded", channels_of(story)))
    return entries


def review_support(desk: Desk, story: Story, case: Case) -> None:
    """Ask how things are, what is still safe and about restorative justice again; end it when the victim says so."""
    again_on = _to_ask_again_on(case)
    if again_on is not None and desk.after(1) >= again_on:
        entries = [Entry("support_reviewed"), Entry("restorative_offered", {"invited": True})]
        if story.rng.random() < 0.25:
            story.ending = Ending.INDIRECT if story.ending is Ending.SUPPORT else story.ending
            entries.append(Entry("restorative_answered", {"answer": "yes", "kind": RestorativeKind.INDIRECT_QUESTIONS}))
        desk.do(story, *entries)
        return
    enough = 1 if case.last("follow_up_completed") else 2
    if len(case.of("support_reviewed")) >= enough and case.state is State.ONGOING_SUPPORT and story.rng.random() < 0.6:
        desk.do(story, *_talk(desk, story, case), _goodbye(story, case))
        return
    desk.do(story, *_talk(desk, story, case), Entry("support_reviewed"))
    story.rest["review_support"] = min(desk.after(story.rng.randint(40, 55)), again_on or date.max)


def _to_ask_again_on(case: Case) -> date | None:
    """The day agreed for asking again, while it was not done."""
    answered, offered = case.last("restorative_answered"), case.last("restorative_offered")
    if answered is None or (offered is not None and offered.seq > answered.seq):
        return None
    return answered.day_of("ask_again_on")


def _goodbye(story: Story, case: Case) -> Entry:
    if case.last("restorative_event_held") is not None:
        return Entry("case_closed", {"reason": CloseReason.COMPLETED_RESTORATIVE})
    if case.last("intervention_concluded") is not None and story.rng.random() < 0.5:
        return Entry("case_closed", {"reason": CloseReason.COMPLETED_INFORMED})
    return Entry("support_ended")


def keep_informed(desk: Desk, story: Story, case: Case) -> None:
    """Say something, even when there is nothing new, and make sure that the ways are still safe."""
    desk.do(story, *_talk(desk, story, case), Entry("progress_update_given", {"how": desk.way(case)}))
    desk.rest(story, "keep_informed", 20)
