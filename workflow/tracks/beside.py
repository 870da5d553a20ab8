"""Decides the small tracks beside the journey: characteristics, safety, hold, views, updates, support, complaint."""

from workflow.machine import Move, Table
from workflow.questions import (
    carries_risk,
    custody_for_listed,
    has_gaps,
    support_declined,
    views_declined,
    views_given,
    wants_support,
    wants_updates,
)
from workflow.vocabulary import Track

CHARACTERISTICS = Table(
    Track.CHARACTERISTICS,
    "missing",
    (
        Move("characteristics_recorded", ("missing", "gaps", "complete"), "gaps", (has_gaps,)),
        Move("characteristics_recorded", ("missing", "gaps", "complete"), "complete"),
        Move("characteristics_time_passed", ("missing",), "gaps"),
        Move("characteristics_time_passed", ("gaps", "complete"), None),
    ),
)

SAFETY = Table(
    Track.SAFETY,
    "not_assessed",
    (
        Move("safety_recorded", ("not_assessed", "standard", "enhanced_care"), "enhanced_care", (carries_risk,)),
        Move("safety_recorded", ("enhanced_care",), None),
        Move("safety_recorded", ("not_assessed", "standard"), "standard"),
    ),
)

HOLD = Table(
    Track.HOLD,
    "none",
    (
        Move("hold_placed", ("none", "held"), "held"),
        Move("hold_ended", ("held",), "none"),
        Move("victim_died", ("none", "held"), "deceased"),
    ),
)

_VIEWS = ("not_asked", "asked", "given", "declined", "not_reached", "released")
VIEWS = Table(
    Track.VIEWS,
    "not_asked",
    (
        Move("views_asked", ("not_asked", "asked", "not_reached"), "asked"),
        Move("views_asked", ("given", "declined", "released"), None),
        Move("views_recorded", _VIEWS, "given", (views_given,)),
        Move("views_recorded", _VIEWS, "declined", (views_declined,)),
        Move("views_recorded", _VIEWS, "not_reached"),
        Move("conversation_recorded", _VIEWS, "given", (views_given,)),
        Move("conversation_recorded", _VIEWS, "declined", (views_declined,)),
        Move("conversation_recorded", ("not_asked", "asked", "not_reached"), "asked"),
        Move("conversation_recorded", ("given", "declined", "released"), None),
        Move("views_released", ("given", "released"), "released"),
    ),
)

UPDATES = Table(
    Track.UPDATES,
    "none",
    (
        Move("conversation_recorded", ("none", "requested", "updated"), "requested", (wants_updates,)),
        Move("conversation_recorded", ("none", "requested", "updated"), "none"),
        Move("information_only_chosen", ("none", "requested", "updated"), "requested"),
        Move("progress_update_given", ("requested", "updated"), "updated"),
        Move("progress_update_given", ("none",), None),
    ),
)

SUPPORT = Table(
    Track.SUPPORT,
    "not_discussed",
    (
        Move("support_referred", ("not_discussed", "asked", "referred", "declined"), "declined", (support_declined,)),
        Move("support_referred", ("not_discussed", "asked", "referred", "declined"), "referred"),
        Move("conversation_recorded", ("not_discussed", "declined"), "asked", (wants_support,)),
        Move("conversation_recorded", ("not_discussed", "asked", "referred", "declined"), None),
    ),
)

PROBATION = Table(
    Track.PROBATION,
    "not_eligible",
    (
        Move("sentence_passed", ("not_eligible",), "possible", (custody_for_listed,)),
        Move("sentence_passed", ("not_eligible", "possible", "referred", "contacted"), None),
        Move("contact_scheme_referred", ("not_eligible", "possible", "referred"), "referred"),
        Move("contact_scheme_contacted", ("referred", "contacted"), "contacted"),
    ),
)

COMPLAINT = Table(
    Track.COMPLAINT,
    "none",
    (
        Move("complaint_received", ("none", "open", "acknowledged", "answered"), "open"),
        Move("complaint_acknowledged", ("open",), "acknowledged"),
        Move("complaint_answered", ("open", "acknowledged"), "answered"),
    ),
)
