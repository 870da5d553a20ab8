"""Decides where the journey goes while restorative justice is offered, prepared, held and followed up.

The journey stands where the furthest strand stands: one that stops pulls nobody out of a preparation that goes on.
"""

from collections.abc import Iterator

from workflow.machine import Move, Question
from workflow.questions import answers_no, not_held
from workflow.strand_moves import (
    none_goes_on,
    one_followed_up,
    one_not_now,
    one_prepared,
    one_ready,
    one_repairs,
    one_undecided,
)
from workflow.tracks.strand_questions import wants_news
from workflow.vocabulary import OPEN, State

DECISION, PREPARATION, DELIVERY = (
    State.RESTORATIVE_DECISION,
    State.RESTORATIVE_PREPARATION,
    State.RESTORATIVE_DELIVERY,
)
REPARATION, FOLLOW_UP, SUPPORT, INFORMED = (
    State.REPARATION,
    State.FOLLOW_UP,
    State.ONGOING_SUPPORT,
    State.INFORMED_ONLY,
)
GOING_ON = (PREPARATION, DELIVERY)
UNDER_WAY = (*GOING_ON, REPARATION, FOLLOW_UP)
OFFERED = (DECISION, *UNDER_WAY, SUPPORT, INFORMED)
EVERYWHERE = (*OPEN, State.CLOSED)


def _with_the_furthest(kind: str, sources: tuple[State, ...], *first: Question) -> Iterator[Move]:
    """The rows by which an event takes the journey to where the furthest strand then stands."""
    yield Move(kind, sources, DELIVERY, (*first, one_ready))
    yield Move(kind, sources, PREPARATION, (*first, one_prepared))
    yield Move(kind, sources, REPARATION, (*first, one_repairs))
    yield Move(kind, sources, FOLLOW_UP, (*first, one_followed_up))


def _stopped_by_the_law(kind: str) -> Iterator[Move]:
    """The rows by which the end of the case against a child stops what is prepared; support stays (transition 50)."""
    yield from _with_the_furthest(kind, GOING_ON)
    yield Move(kind, GOING_ON, INFORMED, (none_goes_on, wants_news))
    yield Move(kind, GOING_ON, SUPPORT, (none_goes_on,))


_WITHOUT_A_MOVE = (
    ("preparation_step_taken", GOING_ON),
    ("restorative_consent_given", GOING_ON),
    ("complex_work_approved", GOING_ON),
    ("restorative_debriefed", OFFERED),
    ("restorative_followed_up", OFFERED),
    ("both_sides_told", EVERYWHERE),
    ("child_linked", EVERYWHERE),
    ("contact_condition_recorded", EVERYWHERE),
    ("contact_condition_ended", EVERYWHERE),
)

RESTORATIVE_WAY: tuple[Move, ...] = (
    #    when this happens            in          the case goes to   only if
    *_with_the_furthest("restorative_answered", OFFERED),
    Move("restorative_answered", (DECISION,), None, (one_undecided,)),
    Move("restorative_answered", OFFERED, SUPPORT, (one_not_now,)),
    Move("restorative_answered", OFFERED, INFORMED, (answers_no,)),
    *_with_the_furthest("preparation_stopped", GOING_ON),
    Move("preparation_stopped", GOING_ON, DECISION),
    *_with_the_furthest("risk_assessed", GOING_ON),
    Move("risk_assessed", GOING_ON, DECISION),
    Move("readiness_confirmed", GOING_ON, DELIVERY, (not_held,)),
    Move("restorative_event_planned", (DELIVERY,), None, (not_held,)),
    *_with_the_furthest("restorative_event_postponed", (DELIVERY,)),
    *_with_the_furthest("restorative_event_aborted", (DELIVERY,)),
    *_with_the_furthest("restorative_event_held", (DELIVERY,), not_held),
    *_with_the_furthest("reparation_agreed", UNDER_WAY),
    *_with_the_furthest("reparation_item_completed", OFFERED),
    *_with_the_furthest("reparation_item_failed", OFFERED),
    *_with_the_furthest("reparation_ended", OFFERED),
    # What becomes of reparation is learnt after a case was closed, too.
    Move("reparation_item_completed", (State.CLOSED,), None),
    Move("reparation_item_failed", (State.CLOSED,), None),
    Move("reparation_ended", (State.CLOSED,), None),
    *_with_the_furthest("follow_up_completed", UNDER_WAY),
    Move("follow_up_completed", (FOLLOW_UP,), SUPPORT),
    *_stopped_by_the_law("intervention_concluded"),
    Move("intervention_concluded", (INFORMED,), FOLLOW_UP),
    Move("intervention_concluded", tuple(s for s in EVERYWHERE if s is not INFORMED), None),
    *_stopped_by_the_law("investigation_moved"),
    Move("child_unlinked", GOING_ON, DELIVERY, (one_ready,)),
    Move("child_unlinked", GOING_ON, PREPARATION, (one_prepared,)),
    Move("child_unlinked", (*GOING_ON, REPARATION), REPARATION, (one_repairs,)),
    Move("child_unlinked", (*GOING_ON, REPARATION), FOLLOW_UP, (one_followed_up,)),
    Move("child_unlinked", (*GOING_ON, REPARATION), DECISION),
    Move("child_unlinked", tuple(s for s in EVERYWHERE if s not in (*GOING_ON, REPARATION)), None),
    *(Move(kind, sources, None) for kind, sources in _WITHOUT_A_MOVE),
)
"""The rows of the journey from the answer to the end of the follow-up."""
