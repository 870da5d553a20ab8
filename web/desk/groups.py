"""Says under which heading a practitioner looks for an event."""

from collections.abc import Sequence

from workflow.events import EventKind

GROUPS: dict[str, tuple[str, ...]] = {
    "Reaching the victim": (
        "attempt_made",
        "victim_replied",
        "restorative_information_given",
        "conversation_recorded",
        "attempts_exhausted",
        "information_only_chosen",
        "all_declined",
        "progress_update_given",
    ),
    "Consent": (
        "consent_record_requested",
        "consent_recorded",
        "officer_contacted",
        "officer_found_uninformed",
        "refusal_confirmed",
        "consent_withdrawn",
        "consent_renewed",
        "victim_returned",
        "wishes_recorded",
        "wishes_settled",
        "coming_of_age_noted",
        "came_of_age",
        "family_officer_consulted",
    ),
    "Knowing the victim": (
        "triage_completed",
        "safety_recorded",
        "safety_loosening_proposed",
        "needs_recorded",
        "characteristics_recorded",
        "enhanced_rights_recorded",
        "contact_details_changed",
    ),
    "Restorative justice and reparation": (
        "restorative_offered",
        "restorative_answered",
        "preparation_step_taken",
        "restorative_consent_given",
        "risk_assessed",
        "complex_work_approved",
        "readiness_confirmed",
        "preparation_stopped",
        "restorative_event_planned",
        "restorative_event_postponed",
        "restorative_event_aborted",
        "both_sides_told",
        "restorative_event_held",
        "restorative_debriefed",
        "reparation_agreed",
        "reparation_item_completed",
        "reparation_item_failed",
        "reparation_ended",
        "restorative_followed_up",
        "follow_up_completed",
        "child_linked",
        "child_unlinked",
        "contact_condition_recorded",
        "contact_condition_ended",
    ),
    "Decisions about the child": (
        "decision_scheduled",
        "views_asked",
        "views_recorded",
        "views_released",
        "decision_made",
        "sentence_passed",
        "contact_scheme_referred",
        "contact_scheme_contacted",
        "intervention_concluded",
        "conclusion_notice_given",
    ),
    "Support and complaints": (
        "support_referred",
        "support_reviewed",
        "support_ended",
        "complaint_received",
        "complaint_acknowledged",
        "complaint_answered",
        "complaint_assigned",
        "different_worker_offered",
        "complaint_escalated",
        "complaint_closed",
    ),
    "Feedback": ("feedback_asked", "feedback_given", "feedback_declined", "feedback_acted_on"),
    "Holds": (
        "hold_placed",
        "hold_ended",
        "alert_managed",
        "victim_died",
        "contact_error_recorded",
        "apology_given",
    ),
    "Police, courts and partners": (
        "brought_over_read",
        "crime_reported",
        "details_received",
        "investigation_moved",
        "court_news_received",
        "court_decided",
        "partner_deed_recorded",
        "expenses_claim_received",
    ),
}
"""The events by heading; what is under none stands under ``OTHER``."""

OTHER = "Keeping the record"


def grouped(kinds: Sequence[EventKind]) -> list[tuple[str, list[EventKind]]]:
    """Event kinds by heading, in the order of the headings; a heading with nothing under it is left out."""
    left = {kind.name: kind for kind in kinds}
    found = [(title, [left.pop(name) for name in names if name in left]) for title, names in GROUPS.items()]
    return [(title, inside) for title, inside in [*found, (OTHER, list(left.values()))] if inside]
