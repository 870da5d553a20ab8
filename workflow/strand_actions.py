"""Decides what each restorative strand asks of the practitioner now, and says with which child."""

from collections.abc import Iterator, Sequence
from datetime import date

from workflow.case import Case
from workflow.consent import agreed
from workflow.duties import Duty
from workflow.readiness import FRESHNESS, lacking
from workflow.steps import CANNOT_BE_UNDONE, CLOCK, PROMISES, Action
from workflow.strand_moves import strand_states
from workflow.strands import Strand, child_of, conditions_on, strand
from workflow.tracks.restorative import ACCEPTED, PLANNED, PREPARING, READY, UNDECIDED
from workflow.vocabulary import Purpose, State, in_words

RULES = ("preparation-drift", "event-to-hold", FRESHNESS)
"""The rules whose day is that of an action below."""

_UNDER_WAY = (
    State.RESTORATIVE_PREPARATION,
    State.RESTORATIVE_DELIVERY,
    State.REPARATION,
    State.FOLLOW_UP,
    State.ONGOING_SUPPORT,
    State.INFORMED_ONLY,
)


def strand_actions(case: Case, owed: Sequence[Duty], duties: Sequence[Duty] = ()) -> Iterator[Action]:
    """What there is to do for every child with whom restorative justice is prepared, ready or still to be offered.

    ``owed`` are the open duties of the service, ``duties`` all there were.
    """
    for child, state in strand_states(case).items():
        mine = strand(case, child)
        own = [duty for duty in owed if of_child(case, duty, child) and duty.due_on is not None]
        if state in (ACCEPTED, PREPARING):
            yield _prepare(case, mine, own)
        elif state in (READY, PLANNED):
            yield _bring_together(case, mine, own)
        elif state in UNDECIDED and _is_to_be_offered(case, mine):
            yield _offer(case, mine, duties or owed)


def of_child(case: Case, duty: Duty, child: str) -> bool:
    """Whether a duty is about the strand of a child."""
    return child_of(case, case.history[duty.occurrence - 1]) == child


def naming(case: Case, duty: Duty | None) -> str:
    """Which child a duty is about, in words, where a case has several; empty otherwise."""
    child = child_of(case, case.history[duty.occurrence - 1]) if duty is not None else None
    return f" Child {child}." if child and len(case.children) > 1 else ""


def _of(case: Case, mine: Strand) -> str:
    return f" Child {mine.child}." if len(case.children) > 1 else ""


def _first(duties: Sequence[Duty], *rules: str) -> Duty | None:
    named = [duty for duty in duties if duty.rule.id in rules]
    return min(named, key=lambda duty: duty.due_on or date.max, default=None)


def _began(case: Case, mine: Strand) -> date:
    return mine.events[-1].day if mine.events else case.history[-1].recorded_day


def _prepare(case: Case, mine: Strand, duties: Sequence[Duty]) -> Action:
    drift = _first(duties, "preparation-drift")
    due = (drift.due_on if drift else None) or _began(case, mine)
    # As of the last entry, so that no reason changes at midnight; how old a consent is, is asked when it counts.
    missing = " ".join(lacking(case, mine.child, case.history[-1].recorded_day, None))
    words = f"Both sides are being prepared.{_of(case, mine)} {missing}".rstrip()
    return Action("prepare", words, PROMISES, due, CLOCK, due, drift.rule.id if drift else None)


def _bring_together(case: Case, mine: Strand, duties: Sequence[Duty]) -> Action:
    hold, fresh, planned = _first(duties, "event-to-hold"), _first(duties, FRESHNESS), mine.planned_on
    last = mine.fresh_until(fresh.rule.limit.number) if fresh is not None else None
    who = _of(case, mine)
    bars = conditions_on(case, mine.child, planned or _began(case, mine))
    if bars:
        since = bars[-1].day
        words = f"A condition bars contact ({in_words(bars[-1].text('kind'))}): put the event off.{who}"
        return Action("put_event_off", words, CANNOT_BE_UNDONE, since, CANNOT_BE_UNDONE, since)
    if planned is not None and last is not None and last < planned:
        words = f"A consent will be too old on {_day(planned)}, the day of the event: take it again.{who}"
        return Action("renew_consents", words, PROMISES, last, CLOCK, last, FRESHNESS)
    if planned is not None:
        words = f"The event is planned for {_day(planned)}.{who}"
        return Action("hold_event", words, PROMISES, planned, CANNOT_BE_UNDONE, planned, "event-to-hold")
    due = min((day for day in (hold.due_on if hold else None, last) if day), default=_began(case, mine))
    words = "Both sides are ready: hold the event."
    if last is not None and due == last:
        words = f"Both sides are ready: hold the event by {_day(last)}, or take the consents again."
    return Action("hold_event", f"{words}{who}", PROMISES, due, CLOCK, due, "event-to-hold" if hold else None)


def _is_to_be_offered(case: Case, mine: Strand) -> bool:
    """Whether a child beside the others still waits for an offer or an answer, once the case has moved on."""
    if case.state not in _UNDER_WAY or len(case.children) < 2 or mine.was_not_invited:
        return False
    if Purpose.RESTORATIVE_INFORMATION not in agreed(case):
        return False
    chosen = case.last("information_only_chosen", "all_declined")
    linked = [each for each in case.of("child_linked") if each.text("child") == mine.child]
    return chosen is None or (bool(linked) and linked[-1].seq > chosen.seq) or mine.was_offered


def _offer(case: Case, mine: Strand, duties: Sequence[Duty]) -> Action:
    linked = [each for each in case.of("child_linked") if each.text("child") == mine.child]
    known = linked[-1].recorded_day if linked else _began(case, mine)
    # The answer about one child meets the duty of the case; the others are still asked by the same day.
    offers = [duty for duty in duties if duty.rule.id == "restorative-offer" and duty.due_on is not None]
    duty = next((each for each in reversed(offers) if each.due_on is not None and each.due_on >= known), None)
    due = (duty.due_on if duty else None) or known
    words = f"Restorative justice is to be offered, or why not, and the answer recorded.{_of(case, mine)}"
    return Action("offer_restorative", words, PROMISES, due, CLOCK, due, duty.rule.id if duty else None)


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
