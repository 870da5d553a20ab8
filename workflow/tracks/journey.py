"""Decides where the journey goes: the table of moves of the main machine, readable aloud."""

from workflow.machine import Move, Question, Table
from workflow.questions import (
    agreement_made,
    answers_no,
    answers_not_now,
    answers_yes,
    asked_in_full,
    clear_yes,
    consents_dated,
    covers_contact,
    enough_attempts,
    has_safe_channel,
    informed_refusal,
    is_yes,
    may_attempt,
    not_held,
    overtaken,
    reached,
    safe_to_use,
    safeguarded,
    visit_agreed,
    was_offered,
    withdraws_all,
)
from workflow.vocabulary import OPEN, State, Track

NEW, CLOSED, MERGED = State.NEW, State.CLOSED, State.MERGED
IDENTIFIED, AWAITING, QUERY = State.IDENTIFIED, State.AWAITING_CONSENT_RECORD, State.CONSENT_QUERY
INTAKE, CHARACTERISTICS = State.INTAKE_CHECK, State.CHARACTERISTICS_CAPTURE
CONTACT_DUE, ATTEMPTING, ENGAGED, UNCONTACTABLE = (
    State.CONTACT_DUE,
    State.ATTEMPTING,
    State.ENGAGED,
    State.UNCONTACTABLE,
)
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

BEFORE_TRIAGE = (IDENTIFIED, AWAITING, QUERY)
AFTER_CONSENT = tuple(state for state in OPEN if state not in BEFORE_TRIAGE)
IN_TOUCH = (ENGAGED, DECISION, PREPARATION, DELIVERY, REPARATION, FOLLOW_UP, SUPPORT, INFORMED)
UNREACHED = (INTAKE, CHARACTERISTICS, CONTACT_DUE, ATTEMPTING, UNCONTACTABLE)
EVERYWHERE = (*OPEN, CLOSED)

_LAWFUL: tuple[Question, ...] = (may_attempt, not_held, safe_to_use, visit_agreed)

# What may happen in every open case without moving it along.
_WHILE_OPEN = (
    "officer_contacted",
    "views_asked",
    "views_recorded",
    "views_released",
    "hold_placed",
    "hold_ended",
    "case_assigned",
    "clock_paused",
    "clock_resumed",
)

# What may also happen to a case that is closed: the world goes on, and so do some duties.
_ALWAYS = (
    "crime_reported",
    "details_received",
    "safety_recorded",
    "enhanced_rights_recorded",
    "needs_recorded",
    "contact_details_changed",
    "decision_scheduled",
    "support_referred",
    "decision_made",
    "sentence_passed",
    "contact_scheme_referred",
    "contact_scheme_contacted",
    "conclusion_notice_given",
    "progress_update_given",
    "complaint_received",
    "complaint_acknowledged",
    "complaint_answered",
    "subject_access_requested",
    "subject_access_answered",
    "subject_access_extended",
    "expenses_claim_received",
    "investigation_moved",
    "court_news_received",
    "court_decided",
    "partner_deed_recorded",
    "victim_died",
    "note_written",
    "good_reason_recorded",
    "entry_retracted",
    "reminder_raised",
    "deadline_moved",
    "letter_drafted",
    "letter_held",
    "letter_cleared",
    "letter_approved",
    "letter_sent",
    "letter_returned",
)

JOURNEY = Table(
    Track.JOURNEY,
    NEW,
    (
        #    when this happens          in                     the case goes to   only if
        Move("case_opened", (NEW,), IDENTIFIED),
        Move("consent_record_requested", (IDENTIFIED, AWAITING), AWAITING),
        Move("consent_recorded", EVERYWHERE, None, (overtaken,)),
        Move("consent_recorded", (*BEFORE_TRIAGE, CLOSED), INTAKE, (clear_yes,)),
        Move("consent_recorded", BEFORE_TRIAGE, QUERY),
        Move("consent_recorded", (CLOSED,), None),
        Move("consent_recorded", AFTER_CONSENT, None, (is_yes,)),
        Move("consent_recorded", AFTER_CONSENT, QUERY),
        Move("consent_renewed", (*BEFORE_TRIAGE, CLOSED), INTAKE, (covers_contact,)),
        Move("consent_renewed", AFTER_CONSENT, None, (covers_contact,)),
        Move("consent_withdrawn", EVERYWHERE, None, (overtaken,)),
        Move("consent_withdrawn", OPEN, CLOSED, (withdraws_all,)),
        Move("consent_withdrawn", EVERYWHERE, None),
        Move("officer_found_uninformed", (QUERY,), AWAITING),
        Move("refusal_confirmed", (QUERY,), CLOSED, (informed_refusal, safeguarded)),
        Move("duplicate_found", (*BEFORE_TRIAGE, INTAKE, CHARACTERISTICS, CONTACT_DUE), MERGED),
        Move("triage_completed", (INTAKE,), CONTACT_DUE, (not_held, has_safe_channel, asked_in_full)),
        Move("triage_completed", (INTAKE,), CHARACTERISTICS, (not_held, has_safe_channel)),
        Move("characteristics_recorded", (CHARACTERISTICS,), CONTACT_DUE),
        Move("characteristics_recorded", tuple(s for s in EVERYWHERE if s is not CHARACTERISTICS), None),
        Move("characteristics_time_passed", (CHARACTERISTICS,), CONTACT_DUE),
        Move("attempt_made", (CONTACT_DUE, ATTEMPTING, UNCONTACTABLE), ENGAGED, (*_LAWFUL, reached)),
        Move("attempt_made", (CONTACT_DUE, ATTEMPTING), ATTEMPTING, _LAWFUL),
        Move("attempt_made", (UNCONTACTABLE, *IN_TOUCH), None, _LAWFUL),
        Move("attempts_exhausted", (ATTEMPTING,), UNCONTACTABLE, (enough_attempts,)),
        Move("victim_replied", UNREACHED, ENGAGED),
        Move("victim_replied", (*BEFORE_TRIAGE, *IN_TOUCH, CLOSED), None),
        Move("victim_returned", (CLOSED, *BEFORE_TRIAGE), ENGAGED, (covers_contact,)),
        Move("restorative_information_given", (ATTEMPTING, UNCONTACTABLE, *IN_TOUCH), None),
        Move("conversation_recorded", (ENGAGED,), DECISION),
        Move("information_only_chosen", (ENGAGED, DECISION, SUPPORT), INFORMED),
        Move("all_declined", (ENGAGED, DECISION, INFORMED, SUPPORT), CLOSED),
        Move("restorative_offered", IN_TOUCH, None),
        Move("restorative_answered", (DECISION, INFORMED, SUPPORT, FOLLOW_UP), PREPARATION, (was_offered, answers_yes)),
        Move("restorative_answered", (DECISION, INFORMED, SUPPORT, FOLLOW_UP), SUPPORT, (was_offered, answers_not_now)),
        Move("restorative_answered", (DECISION, INFORMED, SUPPORT, FOLLOW_UP), INFORMED, (was_offered, answers_no)),
        Move("preparation_stopped", (PREPARATION, DELIVERY), DECISION),
        Move("readiness_confirmed", (PREPARATION,), DELIVERY, (not_held, consents_dated)),
        Move("restorative_event_held", (DELIVERY,), REPARATION, (not_held, agreement_made)),
        Move("restorative_event_held", (DELIVERY,), FOLLOW_UP, (not_held,)),
        Move("restorative_event_postponed", (DELIVERY,), PREPARATION),
        Move("reparation_ended", (REPARATION,), FOLLOW_UP),
        Move("follow_up_completed", (FOLLOW_UP,), SUPPORT),
        Move("intervention_concluded", (INFORMED,), FOLLOW_UP),
        Move("intervention_concluded", tuple(s for s in EVERYWHERE if s is not INFORMED), None),
        Move("support_reviewed", IN_TOUCH, None),
        Move("support_ended", IN_TOUCH, CLOSED),
        Move("case_closed", OPEN, CLOSED),
        *(Move(kind, OPEN, None) for kind in _WHILE_OPEN),
        *(Move(kind, EVERYWHERE, None) for kind in _ALWAYS),
        # A letter that waits when its case turns out to be a duplicate must be stopped there too.
        Move("letter_cancelled", (*EVERYWHERE, MERGED), None),
    ),
)
