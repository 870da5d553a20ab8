"""Acts out the world beside the office: panels and courts, the children's plans, and victims who come with more."""

from collections.abc import Callable
from datetime import date, timedelta

from engine.entries import Entry
from engine.simulation.desk import MANAGER, Desk
from engine.simulation.stories import Ending, Story
from workflow.case import Case
from workflow.strand_moves import strand_states
from workflow.tracks.restorative import GOING_ON
from workflow.vocabulary import State

_WITHDRAWS_AFTER = 40


def unfold(desk: Desk, story: Story) -> None:
    """Put into the agenda what will become of the child, and what else the victim will come with."""
    incident = story.incident
    if incident.decision_on is not None and incident.decision_on > story.day:
        day = incident.decision_on + timedelta(days=1)
        desk.agenda.office(day, lambda: _decided(desk, story))
    if incident.concluded_on is not None and incident.concluded_on > story.day:
        day = incident.concluded_on + timedelta(days=story.rng.randint(1, 4))
        desk.agenda.office(day, lambda: _concluded(desk, story))
    if story.ending is Ending.WITHDREW_LATER:
        day = story.day + timedelta(days=_WITHDRAWS_AFTER + story.number % 15)
        desk.agenda.office(day, lambda: _withdraws(desk, story))
    for day, what in story.later:
        desk.agenda.office(day, _happening(desk, story, what))


def _happening(desk: Desk, story: Story, what: str) -> Callable[[], None]:
    return lambda: _HAPPENS[what](desk, story, desk.case(story))


def _concerns_us(case: Case, story: Story) -> bool:
    """Whether the case is open or its victim was in touch; nobody tells us of the child otherwise."""
    return case.is_open or (case.state is State.CLOSED and "reached" in story.marks)


def _decided(desk: Desk, story: Story) -> None:
    case = desk.case(story)
    if not _concerns_us(case, story):
        return
    entries = [Entry("decision_made")]
    if story.incident.custody_months:
        sentence = {"custody_months": story.incident.custody_months, "listed_offence": True}
        entries.append(Entry("sentence_passed", sentence))
    desk.do(story, *entries)


def _concluded(desk: Desk, story: Story) -> None:
    case = desk.case(story)
    if _concerns_us(case, story):
        outcome = story.incident.concluded
        if outcome == "no_further_action" and not set(GOING_ON).isdisjoint(strand_states(case).values()):
            # What both sides prepare is let go on to its end.
            outcome = "completed"
        desk.do(story, Entry("intervention_concluded", {"outcome": outcome}))


def _withdraws(desk: Desk, story: Story) -> None:
    case = desk.case(story)
    if case.is_open:
        desk.do(story, Entry("consent_withdrawn", {"part": "all", "told_to": "practitioner"}))


def _complains(desk: Desk, story: Story, _: Case) -> None:
    desk.do(story, Entry("complaint_received", {"note": "They were told one thing and another was done."}), by=MANAGER)


def _is_left(desk: Desk, story: Story, case: Case) -> None:
    story.marks.add("complaint_left")
    _complains(desk, story, case)


def _asks_for_what_we_hold(desk: Desk, story: Story, _: Case) -> None:
    desk.do(story, Entry("subject_access_requested"), by=MANAGER)


def _is_unsafe(desk: Desk, story: Story, case: Case) -> None:
    if case.is_open:
        until = desk.after(story.rng.randint(4, 8)).isoformat()
        desk.do(story, Entry("hold_placed", {"reason": "safeguarding", "until": until}), by=MANAGER)


def _is_held_by_police(desk: Desk, story: Story, case: Case) -> None:
    if case.is_open:
        until = desk.after(15).isoformat()
        desk.do(story, Entry("hold_placed", {"reason": "police", "until": until}), by=MANAGER)


def _comes_back(desk: Desk, story: Story, case: Case) -> None:
    if case.state is State.CLOSED:
        story.ending = Ending.INFORMATION if story.ending is Ending.DECLINED else story.ending
        scope = "contact|restorative_information|progress_updates|support_referral"
        desk.do(story, Entry("victim_returned", {"scope": scope}))


_HAPPENS: dict[str, Callable[[Desk, Story, Case], None]] = {
    "complains": _complains,
    "complains and is left": _is_left,
    "asks for what we hold": _asks_for_what_we_hold,
    "is unsafe": _is_unsafe,
    "is held by police": _is_held_by_police,
    "comes back": _comes_back,
}

# How many days before the last one something more happens, what, and to a story of about which age.
_MORE: tuple[tuple[int, str, int], ...] = (
    (200, "complains", 260),
    (90, "complains", 150),
    (36, "complains and is left", 90),
    (15, "complains", 60),
    (2, "complains", 45),
    (150, "asks for what we hold", 220),
    (10, "asks for what we hold", 130),
    (170, "is unsafe", 185),
    (80, "is unsafe", 95),
    (6, "is held by police", 30),
)


def happen_more(stories: list[Story], today: date) -> None:
    """Let victims of a larger year come with complaints, requests and holds; let two who had declined come back."""
    if len(stories) < 100:
        return
    free = [story for story in stories if story.is_contactable and story.ending is not Ending.UNCONTACTABLE]
    for ago, what, age in _MORE:
        story = min(free, key=lambda each: (abs((today - each.day).days - age), each.number))
        free.remove(story)
        story.later.append((today - timedelta(days=ago), what))
    gone = [each for each in free if each.ending is Ending.DECLINED and (today - each.day).days > 150]
    for story in gone[:2]:
        story.later.append((story.day + timedelta(days=100), "comes back"))
