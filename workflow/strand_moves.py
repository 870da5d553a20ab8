"""Decides where every restorative strand of a case stands after an event, and where that leaves the journey."""

from collections.abc import Mapping
from dataclasses import replace

from workflow.case import Case
from workflow.code import Rulebook
from workflow.events import Event
from workflow.machine import NotAllowed, Question
from workflow.readiness import freshness, lacking
from workflow.strands import NOBODY, OF_ONE_CHILD, OF_ONE_ITEM, agreed_item, child_of, named_child, strand_key, strands
from workflow.tracks import restorative as strand_table
from workflow.tracks.restorative import FURTHEST, NOT_OFFERED, RESTORATIVE
from workflow.vocabulary import Track

States = Mapping[str, str]
"""The state of every strand by the reference of its child; under ``NOBODY`` while no child is linked."""

_BRINGS_TOGETHER = ("readiness_confirmed", "restorative_event_held")


def strand_states(case: Case) -> States:
    """Where every strand of a case stands.

    The state is stored with each event; a history from before there were strands is told again, and what does not
    fit the table of today moves nothing.
    """
    children = case.children or (NOBODY,)
    if not case.history or Track.RESTORATIVE in case.history[-1].reached:
        return {child: str(case.states.get(strand_key(child), NOT_OFFERED)) for child in children}
    states: dict[str, str] = dict.fromkeys(children, NOT_OFFERED)
    before = Case(case.reference)
    for event in case.history:
        if event.seq not in case.retracted and event.kind in RESTORATIVE.kinds:
            for child in children:
                if child_of(case, event) in (None, child):
                    named = replace(event, fields={**event.fields, "child": child}) if child else event
                    try:
                        states[child] = RESTORATIVE.next_from(states[child], before, named)
                    except NotAllowed:
                        continue
        before = before.with_event(event)
    return states


def states_after(case: Case, event: Event, rulebook: Rulebook | None = None) -> States:
    """Where every strand stands after an event.

    ``rulebook`` says for how long a consent counts; without it that one thing is not asked.  Raises NotAllowed, and
    where both sides are not ready with a sentence for each thing that is lacking.
    """
    states = dict(strand_states(case))
    named = event.text("child")
    if event.kind == "child_linked":
        if named in case.children:
            raise NotAllowed("That child is linked to this case already.")
        if not any(character.isdigit() for character in named):
            raise NotAllowed("Give the reference of the child, which has a digit in it; a name is never given here.")
        # What was done before anybody said with whom was done with the child who is linked first.
        states[named] = states.pop(NOBODY, NOT_OFFERED)
    elif event.kind == "child_unlinked":
        states.pop(named_child(case, event))
        states = states or {NOBODY: NOT_OFFERED}
    elif event.kind in RESTORATIVE.kinds:
        concerned = _concerned(case, event, states)
        if event.kind in _BRINGS_TOGETHER and RESTORATIVE.rows(event.kind, states[concerned[0]]):
            _demand_ready(case, event, concerned[0], rulebook)
        for child in concerned:
            states[child] = RESTORATIVE.next_from(states[child], case, event)
    return states


def _concerned(case: Case, event: Event, states: States) -> tuple[str, ...]:
    """The children whose strands an event may move: the one it is about, or all."""
    if event.kind == "follow_up_completed" and "child" not in event.fields and not _is_followed_up(states):
        # What is followed up is how the child's plan ended, not an event with one of the children.
        return tuple(states)
    if event.kind in OF_ONE_CHILD or event.text("child"):
        return (named_child(case, event),)
    if event.kind in OF_ONE_ITEM:
        agreed = agreed_item(case, event)
        child = child_of(case, agreed) if agreed is not None else None
        if child is None or child not in states:
            raise NotAllowed("Give the number of an item of reparation that is open; the case lists them.")
        return (child,)
    return tuple(states)


def _is_followed_up(states: States) -> bool:
    return strand_table.FOLLOW_UP in states.values()


def _demand_ready(case: Case, event: Event, child: str, rulebook: Rulebook | None) -> None:
    lasts = freshness(rulebook, event.day) if rulebook is not None else None
    missing = lacking(case.with_event(event), child, event.day, lasts)
    if missing:
        raise NotAllowed(" ".join(missing))


def kept(case: Case, event: Event, rulebook: Rulebook | None = None) -> dict[str, str]:
    """The states of the strands after an event as they are stored with it, the furthest under the track's own name."""
    states = states_after(case, event, rulebook)
    furthest = min(states.values(), key=FURTHEST.index)
    return {str(Track.RESTORATIVE): furthest, **{strand_key(child): state for child, state in states.items() if child}}


def possible_in_strands(case: Case) -> frozenset[str]:
    """The kinds that the table of strands has a row for in the state of one of them."""
    return frozenset(kind for state in strand_states(case).values() for kind in RESTORATIVE.possible(state))


def _one_is(*wanted: str, words: str) -> Question:
    return Question(lambda case, event: not set(wanted).isdisjoint(states_after(case, event).values()), words)


def _undecided(case: Case, event: Event) -> bool:
    not_invited = {each.child for each in strands(case) if each.was_not_invited}
    return any(
        state in strand_table.UNDECIDED and child not in not_invited
        for child, state in states_after(case, event).items()
    )


one_ready = _one_is(strand_table.READY, strand_table.PLANNED, words="Nobody is ready for an event.")
one_prepared = _one_is(strand_table.ACCEPTED, strand_table.PREPARING, words="Nobody is being prepared.")
one_repairs = _one_is(strand_table.REPARATION, words="No reparation was agreed.")
one_followed_up = _one_is(strand_table.FOLLOW_UP, words="Nothing is to be followed up.")
one_not_now = _one_is(strand_table.NOT_NOW, words="The answer is not a not now.")
one_undecided = Question(_undecided, "Every offer has its answer.")
none_goes_on = Question(
    lambda case, event: set(strand_table.GOING_ON).isdisjoint(states_after(case, event).values()),
    "Restorative justice goes on with a child.",
)
