"""Decides the small tracks beside the journey: what is known, safety, holds, views, news, support, a transfer."""

from workflow.complaints import (
    is_closing_early,
    not_by_them,
    not_theirs_to_deal_with,
    to_ombudsman,
    to_stage_two,
    worker_offered,
)
from workflow.machine import Move, Table
from workflow.questions import (
    carries_risk,
    custody_for_listed,
    death_taken_back,
    ends_later,
    handed_over,
    has_gaps,
    is_alert,
    plan_dated,
    support_declined,
    victim_asked,
    views_declined,
    views_given,
    wants_support,
    wants_updates,
    withdraws_all,
    withdraws_news,
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
        # What made somebody raise an alert does not end with the plan: the care stays.
        Move("alert_managed", ("not_assessed", "standard", "enhanced_care"), "enhanced_care"),
    ),
)

HOLD = Table(
    Track.HOLD,
    "none",
    (
        Move("hold_placed", ("none", "held", "time_passed"), "alert", (ends_later, is_alert)),
        Move("hold_placed", ("none", "held", "time_passed"), "held", (ends_later,)),
        # Another hold beside an alert changes nothing: the alert is what has to be ended.
        Move("hold_placed", ("alert",), None, (ends_later,)),
        Move("hold_time_passed", ("held",), "time_passed"),
        Move("hold_ended", ("held", "time_passed"), "none"),
        Move("hold_ended", ("deceased",), "none", (death_taken_back,)),
        Move("alert_managed", ("alert",), "none", (plan_dated,)),
        Move("victim_died", ("none", "held", "time_passed", "alert"), "deceased"),
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
        # Whoever took part is told how it goes on, until they say that they want no news.
        Move("restorative_event_held", ("none",), "requested"),
        Move("restorative_event_held", ("requested", "updated"), None),
        Move("all_declined", ("none", "requested", "updated"), "none"),
        Move("consent_withdrawn", ("none", "requested", "updated"), "none", (withdraws_all,)),
        Move("consent_withdrawn", ("none", "requested", "updated"), "none", (withdraws_news,)),
        Move("consent_withdrawn", ("none", "requested", "updated"), None),
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

_UNANSWERED = ("open", "acknowledged", "stage_two", "stage_two_acknowledged")
_ANSWERED = ("answered", "stage_two_answered")
_LIVE = (*_UNANSWERED, *_ANSWERED, "ombudsman")
COMPLAINT = Table(
    Track.COMPLAINT,
    "none",
    (
        Move("complaint_received", ("none", "open", "acknowledged", "answered", "closed"), "open"),
        # The clocks of another complaint run from its day; the one that has gone further stays where it is.
        Move("complaint_received", ("stage_two", "stage_two_acknowledged", "stage_two_answered", "ombudsman"), None),
        Move("complaint_assigned", _LIVE, None, (not_theirs_to_deal_with,)),
        Move("different_worker_offered", _LIVE, None),
        Move("complaint_acknowledged", ("open",), "acknowledged", (not_by_them,)),
        Move("complaint_acknowledged", ("stage_two",), "stage_two_acknowledged", (not_by_them,)),
        Move("complaint_answered", ("open", "acknowledged"), "answered", (not_by_them, worker_offered)),
        Move(
            "complaint_answered",
            ("stage_two", "stage_two_acknowledged"),
            "stage_two_answered",
            (not_by_them, worker_offered),
        ),
        # Whoever waits too long for an answer need not wait on.
        Move("complaint_escalated", ("open", "acknowledged", "answered"), "stage_two", (to_stage_two,)),
        Move("complaint_escalated", (*_UNANSWERED, *_ANSWERED), "ombudsman", (to_ombudsman,)),
        Move("complaint_closed", (*_ANSWERED, "ombudsman"), "closed"),
        Move("complaint_closed", _UNANSWERED, "closed", (is_closing_early,)),
    ),
)

TRANSFER = Table(
    Track.TRANSFER,
    "none",
    (
        Move("transfer_offered", ("none",), "offered", (victim_asked,)),
        Move("transfer_accepted", ("offered",), "none", (handed_over,)),
        Move("transfer_returned", ("offered",), "none"),
    ),
)
