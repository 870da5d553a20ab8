"""Acts out feedback: who is asked when and by whom, what they answer, who stays silent, and what is done about it."""

from datetime import timedelta
from random import Random

from engine.entries import Actor, Entry
from engine.simulation.agenda import Happening
from engine.simulation.desk import MANAGER, Desk
from engine.simulation.stories import Story
from workflow.case import Case
from workflow.catalogue.feedback import SCALE, SCALES
from workflow.events import Event, Fields
from workflow.feedback import Asked
from workflow.feedback_rules import ANSWERED, facilitators, feedback_welcome, not_answered
from workflow.vocabulary import Channel, Role, State, Track

# Days after a restorative event, or after the conversation where there was none.
_ROUNDS = (("two_weeks", 14), ("six_to_eight_weeks", 44))
_ANSWER, _DECLINE = 0.55, 0.08
_ANSWER_REMINDED = 0.4
_GOOD, _BEFORE_GOOD = 0.97, 0.75
_TELLS_BEFORE = 0.6
_OFFICE = ("rosa", "imran")


def _rng(desk: Desk, story: Story, what: str) -> Random:
    """Chance of its own, so that feedback changes nothing else of a year."""
    return Random(f"{desk.ledger.seed}/feedback/{story.number}/{what}")  # noqa: S311  (a simulation, not a secret)


def say_before(desk: Desk, story: Story) -> None:
    """Some tell in the first conversation how they are; what they say then is what later answers are held against."""
    rng = _rng(desk, story, "before")
    if desk.case(story).last("conversation_recorded") is None or rng.random() >= _TELLS_BEFORE:
        return
    desk.do(story, Entry("feedback_given", _sheet(desk, story, "before", rng, _BEFORE_GOOD)))


def ask_later(desk: Desk, story: Story) -> None:
    """Ask two weeks after the event, and once more at six to eight."""
    for round_, days in _ROUNDS:
        desk.agenda.office(desk.day + timedelta(days=days), _asking(desk, story, round_))


def _asking(desk: Desk, story: Story, round_: str) -> Happening:
    return lambda: _ask(desk, story, round_, "first")


def _ask(desk: Desk, story: Story, round_: str, time: str) -> None:
    case = desk.case(story)
    asker, ways = _asker(desk, case), desk.usable(case, Channel.PHONE, Channel.EMAIL, Channel.TEXT)
    fields: Fields = {"round": round_, "form": _form(story), "time": time, "asked_by": asker.user}
    about = Event(case.version + 1, "feedback_asked", desk.now, desk.now, asker.user, {**fields})
    if not ways or not _may_ask(case, about):
        return
    desk.do(story, Entry("feedback_asked", {**fields, "channel": ways[0]}), by=asker)
    rng = _rng(desk, story, f"{round_}/{time}")
    drawn = rng.random()
    if drawn < (_ANSWER if time == "first" else _ANSWER_REMINDED):
        desk.agenda.office(desk.after(rng.randint(1, 6)), lambda: _answer(desk, story, round_, rng))
    elif drawn > 1 - _DECLINE:
        said = Entry("feedback_declined", {"round": round_, "form": _form(story)})
        desk.agenda.office(desk.after(rng.randint(1, 6)), lambda: _decline(desk, story, round_, said))


def _may_ask(case: Case, asking: Event) -> bool:
    times = [each.text("time") for each in case.of("feedback_asked") if each.text("round") == asking.text("round")]
    return (
        case.state is not State.MERGED
        and case.states[Track.HOLD] == "none"
        and case.states[Track.CONSENT] in ("given", "not_objected", "renewed")
        and feedback_welcome.asks(case, asking)
        and not_answered.asks(case, asking)
        and times == ([] if asking.text("time") == "first" else ["first"])
    )


def _asker(desk: Desk, case: Case) -> Actor:
    """A colleague who did not lead the work; the manager, where both did or are away."""
    free = [each for each in _OFFICE if each not in facilitators(case) and not desk.is_away(each)]
    return Actor(free[0], Role.PRACTITIONER) if free else MANAGER


def _form(story: Story) -> str:
    return story.kind if story.kind in ("child", "organisation") else "adult"


def _is_answered(case: Case, round_: str) -> bool:
    return any(each.text("round") == round_ for each in case.of(*ANSWERED))


def _answer(desk: Desk, story: Story, round_: str, rng: Random) -> None:
    if not _is_answered(desk.case(story), round_):
        desk.do(story, Entry("feedback_given", _sheet(desk, story, round_, rng, _GOOD)), by=MANAGER)


def _decline(desk: Desk, story: Story, round_: str, said: Entry) -> None:
    if not _is_answered(desk.case(story), round_):
        desk.do(story, said, by=MANAGER)


def _sheet(desk: Desk, story: Story, round_: str, rng: Random, good: float) -> Fields:
    """A sheet filled in: most answers good, a few not, some left empty."""
    form = _form(story)
    asked = [each for each in desk.house.feedback.of(form, round_) if rng.random() < 0.9]
    asked = asked or list(desk.house.feedback.of(form, round_))[:1]
    fields: dict[str, str | int | bool] = {"round": round_, "form": form}
    for each in asked:
        fields[each.code] = _said(each, rng, good)
    return fields


def _said(asked: Asked, rng: Random, good: float) -> str | int:
    choices = [str(number) for number in range(SCALE + 1)] if asked.code in SCALES else ["yes", "partly", "no"]
    positive = [each for each in choices if each in asked.positive]
    others = [each for each in choices if each not in asked.positive] or positive
    said = rng.choice(positive if positive and rng.random() < good else others)
    return int(said) if asked.code in SCALES else said


def remind(desk: Desk, story: Story, case: Case) -> None:
    """Remind once of what was asked and not answered; where nobody may be asked any more, the manager says why."""
    open_rounds = [each for each in case.of("feedback_asked") if not _is_answered(case, each.text("round"))]
    before = len(case.of("feedback_asked"))
    for each in open_rounds[-1:]:
        _ask(desk, story, each.text("round"), "reminder")
    if len(desk.case(story).of("feedback_asked")) == before:
        reason = {"rule": "feedback-reminder", "reason": "not_reachable", "approver": MANAGER.user}
        desk.do(story, Entry("good_reason_recorded", reason), by=MANAGER)


def look_at_danger(desk: Desk, story: Story, _: Case) -> None:
    """Somebody does not feel safe: it is looked at today."""
    desk.do(story, Entry("feedback_acted_on", {"concern": "unsafe", "done": "safety_looked_at"}))


def act_on(desk: Desk, story: Story, _: Case) -> None:
    """Something was not right: it is talked about."""
    desk.do(story, Entry("feedback_acted_on", {"concern": "negative", "done": "talked_with_them"}))
