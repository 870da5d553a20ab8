"""Acts out restorative justice: the offer, the answer, preparation, the event, reparation and what follows."""

from datetime import date, timedelta

from engine.entries import Entry
from engine.simulation import feedback
from engine.simulation.before_contact import channels_of
from engine.simulation.contact import own_consent
from engine.simulation.desk import Desk
from engine.simulation.stories import DIRECT_FORMS, INDIRECT_FORMS, Ending, Story
from workflow.case import Case
from workflow.consent import agreed
from workflow.events import Fields
from workflow.readiness import freshness
from workflow.strand_moves import strand_states
from workflow.strands import NOBODY, strand, strands
from workflow.vocabulary import Channel, CloseReason, Purpose, RestorativeKind, State

_MEETING = (Ending.DIRECT, Ending.DIRECT_TO_COME)
_NOT_ASKED = ("not_offered", "offered", "explained")
_MAY_BE_ASKED_AGAIN = ("child_declined", "unsuitable", "stopped")
# A victim of several children says yes to a second of them now and then.
_ALSO_YES = 2


def offer(desk: Desk, story: Story, case: Case) -> None:
    """Offer restorative justice, leave time to think, and record the answer; or record why it is not offered."""
    if Purpose.RESTORATIVE_INFORMATION not in agreed(case):
        reason: Fields = {"invited": False, "reason": "victim_asked_not"}
        not_invited = [Entry("restorative_offered", {**reason, **_with(case, child)}) for child in _all(case)]
        leaves = "all_declined" if story.ending is Ending.DECLINED else "information_only_chosen"
        desk.do(story, *not_invited, Entry(leaves))
        return
    entries = [
        Entry("restorative_offered", {"invited": True, **_with(case, child)})
        for child, state in strand_states(case).items()
        if state in _NOT_ASKED and not strand(case, child).was_offered
    ]
    if entries and story.ending is not Ending.DECLINED and story.rng.random() < 0.5:
        desk.do(story, *entries)
        desk.rest(story, "offer_restorative", story.rng.randint(2, 7))
        return
    desk.do(story, *entries, *_answers(desk, story, case))


def _all(case: Case) -> tuple[str, ...]:
    return case.children or (NOBODY,)


def _with(case: Case, child: str) -> Fields:
    """The field that says with which child, where a case has several."""
    return {"child": child} if len(case.children) > 1 else {}


def _answers(desk: Desk, story: Story, case: Case) -> list[Entry]:
    """The answer for each child who waits for one: the story's for the first, and for the others often a no."""
    states = strand_states(case)
    waiting = [child for child, state in states.items() if state in (*_NOT_ASKED, *_MAY_BE_ASKED_AGAIN)]
    # Who comes back to us is asked again about the first child.
    first, *_ = waiting or states
    mine = _answer(desk, story, case)
    if mine.kind != "restorative_answered":
        return [mine]
    told = [Entry(mine.kind, {**mine.fields, **_with(case, first)})]
    for child in waiting[1:]:
        also = story.ending in (Ending.INDIRECT, Ending.DIRECT) and story.number % _ALSO_YES == 0 and len(told) == 1
        letter: Fields = {"answer": "yes", "kind": RestorativeKind.LETTER_OF_EXPLANATION}
        told.append(Entry(mine.kind, {**(letter if also else {"answer": "no"}), **_with(case, child)}))
    # The last word says where the case goes on, and that is the first child's.
    return [*told[1:], told[0]]


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
    prepared = [child for child, state in strand_states(case).items() if state in ("accepted", "preparing")]
    if not prepared:
        hold_event(desk, story, case)
    elif story.steps_left > 0:
        story.steps_left -= 1
        side = "child" if story.steps_left % 2 else "victim"
        words = "Met one side to prepare: hopes, worries and ground rules."
        met = [
            Entry("preparation_step_taken", {"side": side, "step": "met", "note": words, **_with(case, child)})
            for child in prepared
        ]
        desk.do(story, *(_talk(desk, story, case) if story.steps_left % 2 else ()), *met)
        desk.rest(story, "prepare", story.rng.randint(5, 9))
    elif story.stops_once:
        story.stops_once = False
        stopped = Entry("preparation_stopped", {"reason": "child_declined", **_with(case, prepared[0])})
        desk.do(story, stopped)
    else:
        _sign(desk, story, case, prepared)


def _sign(desk: Desk, story: Story, case: Case, prepared: list[str]) -> None:
    """Sign what is to be signed on both sides, and set a day for the event."""
    before = (desk.day - timedelta(days=2)).isoformat()
    day = desk.after(story.rng.randint(2, 12))
    if story.ending is Ending.DIRECT_TO_COME:
        day = max(day, desk.ledger.last_day + timedelta(days=3))
    story.event_on = day
    entries: list[Entry] = []
    for child in prepared:
        mine = _with(case, child)
        assessed: Fields = {"suitable": True, "signed_by": story.worker, "signed_on": before}
        entries += [
            Entry("risk_assessed", {**assessed, **mine}),
            Entry("restorative_consent_given", {"side": "both", **mine}),
            Entry("readiness_confirmed", mine),
            Entry("restorative_event_planned", {"on": day.isoformat(), **mine}),
        ]
    desk.do(story, *entries)


def take_consents_again(desk: Desk, story: Story, case: Case) -> None:
    """Take the consents again before they grow old."""
    desk.do(story, Entry("consent_renewed", own_consent(story, [each for each in Purpose if each in agreed(case)])))


def hold_event(desk: Desk, story: Story, case: Case) -> None:
    """Hold the event on its day, or put it off."""
    ready = [child for child, state in strand_states(case).items() if state in ("ready", "planned")]
    if not ready:
        desk.rest(story, "hold_event", 1)
    elif story.event_on is not None and desk.day < story.event_on:
        story.rest["hold_event"] = story.event_on
    elif story.postpones_once:
        story.postpones_once = False
        for child in ready:
            mine = _with(case, child)
            desk.do(story, Entry("restorative_event_postponed", mine), Entry("both_sides_told", mine))
        desk.rest(story, "prepare", story.rng.randint(2, 5))
    else:
        for child in ready:
            desk.do(story, *_fresh_consents(desk, case, child), *_event(desk, story, case, child))
        feedback.ask_later(desk, story)
        desk.rest(story, "follow_up", 1)


def _fresh_consents(desk: Desk, case: Case, child: str) -> list[Entry]:
    """Both sides asked again on the day, where the event came later than their consents last."""
    lasts = freshness(desk.house.rulebook, desk.day)
    until = strand(case, child).fresh_until(lasts) if lasts is not None else None
    if until is None or desk.day <= until:
        return []
    return [Entry("restorative_consent_given", {"side": "both", **_with(case, child)})]


def _event(desk: Desk, story: Story, case: Case, child: str) -> list[Entry]:
    """The event with one child: in the form the victim chose with them, with what is agreed and the debrief."""
    mine = _with(case, child)
    chosen = strand(case, child).last("restorative_answered")
    kind = chosen.text("kind") if chosen and mine else _form(story, case)
    entries = [
        Entry("restorative_event_held", {"kind": kind, "agreement": story.agrees, **mine}),
        Entry("restorative_debriefed", {"side": "both", **mine}),
    ]
    if story.agrees:
        due = desk.after(20 + story.number % 25).isoformat()
        what = "work_for_the_victim" if story.number % 3 == 0 else "work_for_the_community"
        for_whom = "victim" if story.number % 3 == 0 else "community"
        entries.append(Entry("reparation_agreed", {"kind": what, "benefits": for_whom, "due_on": due, **mine}))
    return entries


def see_reparation_through(desk: Desk, story: Story, case: Case) -> None:
    """Tell the victim how the reparation goes, until it is done or will not be."""
    left = [item for each in strands(case) for item in each.open_items]
    if any(item.due_on is not None and item.due_on <= desk.day for item in left):
        look_at_reparation(desk, story, case)
        return
    held = case.last("restorative_event_held")
    if not left and held is not None and (desk.day - held.day).days > 20 + story.number % 40:
        outcome = "completed" if story.rng.random() < 0.9 else "not_completed"
        repairing = [child for child, state in strand_states(case).items() if state == "reparation"]
        desk.do(story, *(Entry("reparation_ended", {"outcome": outcome, **_with(case, each)}) for each in repairing))
        return
    desk.do(story, *_talk(desk, story, case), Entry("progress_update_given", {"how": desk.way(case)}))
    desk.rest(story, "see_reparation_through", 10)


def look_at_reparation(desk: Desk, story: Story, case: Case) -> None:
    """See whether what was due was done."""
    entries = []
    for item in (item for each in strands(case) for item in each.open_items):
        if item.due_on is not None and item.due_on > desk.day:
            continue
        if story.rng.random() < 0.9:
            done: Fields = {"item": item.number, "evidence": "seen_by_worker"}
            entries.append(Entry("reparation_item_completed", done))
        else:
            entries.append(Entry("reparation_item_failed", {"item": item.number, "reason": "child_would_not"}))
    if entries:
        desk.do(story, *entries)
    else:
        desk.rest(story, "reparation_item", 1)


def tell_of_reparation(desk: Desk, story: Story, case: Case) -> None:
    """Tell the victim how the reparation ended, plainly where it was not done."""
    desk.do(story, Entry("progress_update_given", {"how": desk.way(case)}))


def offer_something_else(desk: Desk, story: Story, case: Case) -> None:
    """Offer another form to a victim whose child declined or who was told that it would not be right."""
    resting = [child for child, state in strand_states(case).items() if state in _MAY_BE_ASKED_AGAIN]
    if not resting or Purpose.RESTORATIVE_INFORMATION not in agreed(case):
        desk.go_on(story, case, "alternative_offer")
        return
    desk.do(story, *(Entry("restorative_offered", {"invited": True, **_with(case, each)}) for each in resting))


def renew_consents(desk: Desk, story: Story, case: Case) -> None:
    """Take the consents again that would be too old on the day of the event."""
    ready = [child for child, state in strand_states(case).items() if state in ("ready", "planned")]
    desk.do(story, *(Entry("restorative_consent_given", {"side": "both", **_with(case, each)}) for each in ready))


def follow_up(desk: Desk, story: Story, case: Case) -> None:
    """Ask on the day after, at two weeks and at six, or once where there was no event."""
    held = case.last("restorative_event_held")
    weeks = (desk.day - held.day).days / 7 if held else 6
    talk = _talk(desk, story, case)
    if weeks >= 4 and case.state is State.FOLLOW_UP:
        followed = [child for child, state in strand_states(case).items() if state == "follow_up"] or [NOBODY]
        done = [Entry("follow_up_completed", _with(case, child) if child else {}) for child in followed]
        desk.do(story, *talk, Entry("support_reviewed"), *done)
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
        mine = _with(case, next(child for child, state in strand_states(case).items() if state == "not_now"))
        entries = [Entry("support_reviewed"), Entry("restorative_offered", {"invited": True, **mine})]
        if story.rng.random() < 0.25:
            story.ending = Ending.INDIRECT if story.ending is Ending.SUPPORT else story.ending
            yes: Fields = {"answer": "yes", "kind": RestorativeKind.INDIRECT_QUESTIONS}
            entries.append(Entry("restorative_answered", {**yes, **mine}))
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
    days = [strand(case, child).ask_again_on for child, state in strand_states(case).items() if state == "not_now"]
    return min((day for day in days if day is not None), default=None)


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
