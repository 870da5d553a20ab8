"""Decides how restorative justice with one child responsible goes: the table of moves of a strand."""

from workflow.machine import Move, Table
from workflow.questions import (
    agreement_made,
    answers_no,
    answers_not_now,
    answers_yes,
    day_named,
    form_named,
    overtaken,
)
from workflow.tracks.strand_questions import (
    child_declines,
    ends_for_the_child,
    explains,
    invites,
    item_open,
    items_settled,
    last_item,
    not_barred_then,
    not_lacking,
    suitable,
    turns_unsuitable,
    was_explained,
    was_offered_with_child,
    withdraws_restorative,
)
from workflow.vocabulary import Track

NOT_OFFERED, OFFERED, EXPLAINED = "not_offered", "offered", "explained"
NOT_NOW, DECLINED, CHILD_DECLINED, UNSUITABLE, STOPPED = (
    "not_now",
    "declined",
    "child_declined",
    "unsuitable",
    "stopped",
)
ACCEPTED, PREPARING, READY, PLANNED = "accepted", "preparing", "ready", "planned"
REPARATION, FOLLOW_UP, ENDED = "reparation", "follow_up", "ended"

UNDECIDED = (NOT_OFFERED, OFFERED, EXPLAINED)
AT_REST = (NOT_NOW, DECLINED, CHILD_DECLINED, UNSUITABLE, STOPPED, ENDED)
GOING_ON = (ACCEPTED, PREPARING, READY, PLANNED)
AFTER = (REPARATION, FOLLOW_UP)
ANY = (*UNDECIDED, *AT_REST, *GOING_ON, *AFTER)

_MAY_STOP = (OFFERED, EXPLAINED, NOT_NOW, *GOING_ON)
_MAY_BE_ANSWERED = (*UNDECIDED, *AT_REST, FOLLOW_UP)
_MAY_BE_DECLINED = (*UNDECIDED, *AT_REST, *GOING_ON)
_ENDS_THE_CASE = (
    "support_ended",
    "case_closed",
    "duplicate_found",
    "refusal_confirmed",
    "transfer_accepted",
)


def _but(*moved: str) -> tuple[str, ...]:
    return tuple(state for state in ANY if state not in moved)


RESTORATIVE = Table(
    Track.RESTORATIVE,
    NOT_OFFERED,
    (
        #    when this happens            in                       the strand goes to   only if
        Move("restorative_offered", (NOT_OFFERED, *AT_REST), EXPLAINED, (invites, was_explained)),
        Move("restorative_offered", (NOT_OFFERED, *AT_REST), OFFERED, (invites,)),
        Move("restorative_offered", ANY, None),
        Move("restorative_information_given", (OFFERED,), EXPLAINED),
        Move("restorative_information_given", _but(OFFERED), None),
        Move("conversation_recorded", (OFFERED,), EXPLAINED, (explains,)),
        Move("conversation_recorded", ANY, None),
        Move("restorative_answered", _MAY_BE_ANSWERED, ACCEPTED, (was_offered_with_child, answers_yes, form_named)),
        Move("restorative_answered", GOING_ON, None, (answers_yes, form_named)),
        Move("restorative_answered", (FOLLOW_UP,), None, (answers_not_now, day_named)),
        Move("restorative_answered", (FOLLOW_UP,), None, (answers_no,)),
        Move("restorative_answered", _MAY_BE_DECLINED, NOT_NOW, (was_offered_with_child, answers_not_now, day_named)),
        Move("restorative_answered", _MAY_BE_DECLINED, DECLINED, (was_offered_with_child, answers_no)),
        Move("preparation_step_taken", (ACCEPTED,), PREPARING),
        Move("preparation_step_taken", (PREPARING, READY, PLANNED), None),
        Move("restorative_consent_given", (ACCEPTED,), PREPARING),
        Move("restorative_consent_given", (PREPARING, READY, PLANNED), None),
        Move("risk_assessed", (ACCEPTED,), PREPARING, (suitable,)),
        Move("risk_assessed", (PREPARING, READY, PLANNED), None, (suitable,)),
        Move("risk_assessed", GOING_ON, UNSUITABLE),
        Move("complex_work_approved", GOING_ON, None),
        Move("preparation_stopped", GOING_ON, CHILD_DECLINED, (child_declines,)),
        Move("preparation_stopped", GOING_ON, UNSUITABLE, (turns_unsuitable,)),
        Move("preparation_stopped", GOING_ON, NOT_NOW),
        Move("readiness_confirmed", (ACCEPTED, PREPARING), READY, (not_lacking,)),
        Move("restorative_event_planned", (READY, PLANNED), PLANNED, (not_barred_then,)),
        Move("restorative_event_postponed", (READY, PLANNED), PREPARING),
        Move("restorative_event_aborted", (READY, PLANNED), PREPARING),
        Move("both_sides_told", ANY, None),
        Move("restorative_event_held", (READY, PLANNED), REPARATION, (not_lacking, agreement_made)),
        Move("restorative_event_held", (READY, PLANNED), FOLLOW_UP, (not_lacking,)),
        Move("restorative_debriefed", (*AFTER, ENDED), None),
        Move("restorative_followed_up", (*AFTER, ENDED), None),
        Move("reparation_agreed", AFTER, REPARATION),
        Move("reparation_item_completed", (REPARATION,), FOLLOW_UP, (item_open, last_item)),
        Move("reparation_item_completed", (REPARATION,), None, (item_open,)),
        Move("reparation_item_failed", (REPARATION,), FOLLOW_UP, (item_open, last_item)),
        Move("reparation_item_failed", (REPARATION,), None, (item_open,)),
        Move("reparation_ended", (REPARATION,), FOLLOW_UP, (items_settled,)),
        Move("follow_up_completed", (FOLLOW_UP,), ENDED),
        Move("follow_up_completed", (*UNDECIDED, *AT_REST), None),
        # What is about the whole case moves every strand.
        Move("information_only_chosen", (OFFERED, EXPLAINED), DECLINED),
        Move("information_only_chosen", _but(OFFERED, EXPLAINED), None),
        Move("all_declined", (OFFERED, EXPLAINED, NOT_NOW), DECLINED),
        Move("all_declined", _but(OFFERED, EXPLAINED, NOT_NOW), None),
        Move("consent_withdrawn", ANY, None, (overtaken,)),
        Move("consent_withdrawn", _MAY_STOP, STOPPED, (withdraws_restorative,)),
        Move("consent_withdrawn", ANY, None),
        Move("intervention_concluded", GOING_ON, STOPPED, (ends_for_the_child,)),
        Move("intervention_concluded", ANY, None),
        Move("investigation_moved", GOING_ON, STOPPED, (ends_for_the_child,)),
        Move("investigation_moved", ANY, None),
        *(Move(kind, _MAY_STOP, STOPPED) for kind in _ENDS_THE_CASE),
        *(Move(kind, (FOLLOW_UP,), ENDED) for kind in _ENDS_THE_CASE),
        *(Move(kind, _but(*_MAY_STOP, FOLLOW_UP), None) for kind in _ENDS_THE_CASE),
    ),
    called="restorative justice with this child",
)
"""The strand of one child.  A case has one for each; the furthest decides where its journey stands."""

FURTHEST = (
    *reversed(GOING_ON),
    *AFTER,
    EXPLAINED,
    OFFERED,
    NOT_NOW,
    NOT_OFFERED,
    ENDED,
    CHILD_DECLINED,
    UNSUITABLE,
    DECLINED,
    STOPPED,
)
"""The states of a strand, from the one that asks most of us to the one that asks nothing more."""
