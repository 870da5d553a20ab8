"""Decides where the journey goes: the table of moves of the main machine, readable aloud."""

from workflow.feedback_rules import (
    asked_in_turn,
    feedback_welcome,
    is_raised,
    not_answered,
    not_by_facilitator,
    on_its_scale,
    says_something,
)
from workflow.machine import Move, Question, Table
from workflow.questions import (
    asked_in_full,
    brought_over_read,
    chased_twice,
    clear_yes,
    covers_contact,
    enough_attempts,
    family_officer_asked,
    handed_over,
    has_safe_channel,
    information_welcome,
    informed_refusal,
    is_yes,
    looked_at_again,
    may_ask_views,
    may_attempt,
    news_welcome,
    not_held,
    not_invited,
    overtaken,
    reached,
    safe_to_use,
    safeguarded,
    social_worker_knows,
    transfer_offered,
    visit_agreed,
    way_is_safe,
    wishes_agree,
    withdraws_all,
)
from workflow.tracks.restorative_way import (
    DECISION,
    DELIVERY,
    FOLLOW_UP,
    INFORMED,
    PREPARATION,
    REPARATION,
    RESTORATIVE_WAY,
    SUPPORT,
)
from workflow.tracks.strand_questions import withdraws_restorative
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

BEFORE_TRIAGE = (IDENTIFIED, AWAITING, QUERY)
AFTER_CONSENT = tuple(state for state in OPEN if state not in BEFORE_TRIAGE)
IN_TOUCH = (ENGAGED, DECISION, PREPARATION, DELIVERY, REPARATION, FOLLOW_UP, SUPPORT, INFORMED)
UNREACHED = (INTAKE, CHARACTERISTICS, CONTACT_DUE, ATTEMPTING, UNCONTACTABLE)
EVERYWHERE = (*OPEN, CLOSED)

_TRIAGED: tuple[Question, ...] = (not_held, brought_over_read, has_safe_channel)
_LAWFUL: tuple[Question, ...] = (
    may_attempt,
    not_held,
    brought_over_read,
    wishes_agree,
    social_worker_knows,
    family_officer_asked,
    safe_to_use,
    visit_agreed,
)
_TELLS: tuple[Question, ...] = (not_held, brought_over_read, wishes_agree, social_worker_knows, family_officer_asked)

# What may happen in every open case without moving it along.
_WHILE_OPEN = (
    "officer_contacted",
    "alert_managed",
    "coming_of_age_noted",
    "family_officer_consulted",
    "transfer_offered",
    "transfer_returned",
    "wishes_recorded",
    "wishes_settled",
    "views_recorded",
    "views_released",
    "hold_placed",
    "hold_time_passed",
    "hold_ended",
    "case_assigned",
    "clock_paused",
    "clock_resumed",
)

# What may also happen to a case that is closed: the world goes on, and so do some duties.
_ALWAYS = (
    "history_brought_over",
    "brought_over_read",
    "crime_reported",
    "details_received",
    "safety_recorded",
    "enhanced_rights_recorded",
    "needs_recorded",
    "contact_details_changed",
    "child_address_recorded",
    "relationship_recorded",
    "decision_scheduled",
    "support_referred",
    "decision_made",
    "sentence_passed",
    "contact_scheme_referred",
    "contact_scheme_contacted",
    "complaint_received",
    "complaint_acknowledged",
    "complaint_answered",
    "complaint_assigned",
    "complaint_closed",
    "complaint_escalated",
    "different_worker_offered",
    "feedback_declined",
    "feedback_raised_concern",
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
    "letter_asked",
    "letter_drafted",
    "letter_held",
    "letter_cleared",
    "letter_approved",
    "letter_filled",
    "letter_checked",
    "letter_clearance_given",
    "letter_discarded",
    "letter_handed_over",
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
        Move("consent_record_time_passed", (AWAITING,), QUERY, (chased_twice,)),
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
        Move("consent_withdrawn", (DECISION, PREPARATION, DELIVERY), INFORMED, (withdraws_restorative,)),
        Move("consent_withdrawn", EVERYWHERE, None),
        Move("officer_found_uninformed", (QUERY,), AWAITING),
        Move("refusal_confirmed", (QUERY,), CLOSED, (informed_refusal, safeguarded)),
        Move("duplicate_found", (*BEFORE_TRIAGE, INTAKE, CHARACTERISTICS, CONTACT_DUE), MERGED),
        Move("triage_completed", (INTAKE,), CONTACT_DUE, (*_TRIAGED, asked_in_full)),
        Move("triage_completed", (INTAKE,), CHARACTERISTICS, _TRIAGED),
        Move("characteristics_recorded", (CHARACTERISTICS,), CONTACT_DUE),
        Move("characteristics_recorded", tuple(s for s in EVERYWHERE if s is not CHARACTERISTICS), None),
        Move("characteristics_time_passed", (CHARACTERISTICS,), CONTACT_DUE),
        # A gap never blocks contact: whoever calls before everything was asked may ask it then.
        Move("attempt_made", (CHARACTERISTICS, CONTACT_DUE, ATTEMPTING, UNCONTACTABLE), ENGAGED, (*_LAWFUL, reached)),
        Move("attempt_made", (CHARACTERISTICS, CONTACT_DUE, ATTEMPTING), ATTEMPTING, _LAWFUL),
        Move("attempt_made", (UNCONTACTABLE, *IN_TOUCH), None, _LAWFUL),
        Move("attempts_exhausted", (ATTEMPTING,), UNCONTACTABLE, (enough_attempts,)),
        Move("victim_replied", UNREACHED, ENGAGED),
        Move("victim_replied", (*BEFORE_TRIAGE, *IN_TOUCH, CLOSED), None),
        Move("victim_returned", (CLOSED, *BEFORE_TRIAGE), INTAKE, (covers_contact, looked_at_again)),
        Move("victim_returned", (CLOSED, *BEFORE_TRIAGE), ENGAGED, (covers_contact,)),
        Move(
            "restorative_information_given",
            (ATTEMPTING, UNCONTACTABLE, *IN_TOUCH),
            None,
            (information_welcome, *_TELLS),
        ),
        Move("views_asked", OPEN, None, (may_ask_views, *_TELLS, way_is_safe)),
        Move("progress_update_given", EVERYWHERE, None, (news_welcome, *_TELLS)),
        Move("conclusion_notice_given", EVERYWHERE, None, (news_welcome, *_TELLS)),
        Move("conversation_recorded", (ENGAGED,), DECISION),
        Move("information_only_chosen", (ENGAGED, DECISION, SUPPORT), INFORMED),
        Move("all_declined", (ENGAGED, DECISION, INFORMED, SUPPORT), CLOSED),
        # Not invited, and why: nobody is left standing where an offer would have been answered.
        Move("restorative_offered", (DECISION,), SUPPORT, (not_invited,)),
        Move("restorative_offered", IN_TOUCH, None),
        *RESTORATIVE_WAY,
        Move("support_reviewed", IN_TOUCH, None),
        Move("support_ended", IN_TOUCH, CLOSED),
        Move("transfer_accepted", OPEN, CLOSED, (transfer_offered, handed_over)),
        Move("case_closed", OPEN, CLOSED),
        *(Move(kind, OPEN, None) for kind in _WHILE_OPEN),
        *(Move(kind, EVERYWHERE, None) for kind in _ALWAYS),
        # A letter that waits when its case turns out to be a duplicate must be stopped there too.
        Move("letter_cancelled", (*EVERYWHERE, MERGED), None),
        Move(
            "feedback_asked",
            EVERYWHERE,
            None,
            (feedback_welcome, *_TELLS, way_is_safe, not_answered, asked_in_turn, not_by_facilitator),
        ),
        Move("feedback_given", EVERYWHERE, None, (on_its_scale, says_something)),
        Move("feedback_acted_on", EVERYWHERE, None, (is_raised,)),
        Move("tables_migrated", (*EVERYWHERE, MERGED), None),
        # An error is counted wherever it comes to light, and so is the apology for it.
        Move("contact_error_recorded", (*EVERYWHERE, MERGED), None),
        Move("apology_given", (*EVERYWHERE, MERGED), None),
    ),
)
