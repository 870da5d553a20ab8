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
    ),
    "Knowing the victim": (
        "triage_completed",
        "safety_recorded",
        "needs_recorded",
        "characteristics_recorded",
        "enhanced_rights_recorded",
        "contact_details_changed",
    ),
    "Restorative justice and reparation": (
        "restorative_offered",
        "restorative_answered",
        "readiness_confirmed",
        "preparation_stopped",
        "restorative_event_held",
        "restorative_event_postponed",
        "reparation_ended",
        "follow_up_completed",
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
    ),
    "Holds": ("hold_placed", "hold_ended", "victim_died"),
    "Police, courts and partners": (
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
