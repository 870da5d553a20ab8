"""Acts out habit: what a practitioner does for each action of the queue."""

from collections.abc import Mapping

from engine.simulation import before_contact, beside, contact, feedback, restorative
from engine.simulation.desk import Work

WORKS: Mapping[str, Work] = {
    "request_consent_record": before_contact.request_consent_record,
    "chase_consent_record": before_contact.chase_consent_record,
    "follow_up_officer": before_contact.follow_up_officer,
    "ask_safe_channel": before_contact.ask_safe_channel,
    "triage": before_contact.triage,
    "ask_characteristics": before_contact.ask_characteristics,
    "make_first_contact": contact.reach_out,
    "try_again": contact.reach_out,
    "close_uncontactable": contact.close_uncontactable,
    "record_conversation": contact.record_conversation,
    "own_consent": contact.ask_own_consent,
    "ask_own_consent": contact.ask_own_consent,
    "reopened_first_call": contact.record_conversation,
    "offer_restorative": restorative.offer,
    "prepare": restorative.prepare,
    "preparation_consent": restorative.take_consents_again,
    "hold_event": restorative.hold_event,
    "see_reparation_through": restorative.see_reparation_through,
    "follow_up": restorative.follow_up,
    "review_support": restorative.review_support,
    "keep_informed": restorative.keep_informed,
    "renew_consents": restorative.renew_consents,
    "alternative_offer": restorative.offer_something_else,
    "reparation_item": restorative.look_at_reparation,
    "reparation_notice": restorative.tell_of_reparation,
    "reparation_failed_notice": restorative.tell_of_reparation,
    "rj_information": beside.restorative_information,
    "views_before_decision": beside.views_before_decision,
    "panel_invitation": beside.panel_invitation,
    "progress_update": beside.progress_update,
    "completion_notice": beside.completion_notice,
    "contact_scheme_first_step": beside.refer_to_contact_scheme,
    "complaint_first_word": beside.acknowledge_complaint,
    "complaint_answer": beside.answer_complaint,
    "subject_access": beside.answer_access_request,
    "victim_harmed_before": beside.say_whether_harmed_before,
    "feedback_reminder": feedback.remind,
    "feedback_unsafe": feedback.look_at_danger,
    "feedback_negative": feedback.act_on,
    "review_hold": beside.review_hold,
    "manage_alert": beside.manage_alert,
    "decide_on_silence": before_contact.decide_on_silence,
    "ask_family_officer": before_contact.ask_family_officer,
}
"""What is done for which action."""

SAME: Mapping[str, str] = {
    "officer_second_follow_up": "follow_up_officer",
    "after_event_call": "follow_up",
    "two_week_follow_up": "follow_up",
    "six_week_follow_up": "follow_up",
    "support_next_review": "review_support",
    "ask_again": "review_support",
    "preparation_drift": "prepare",
    "event_to_hold": "hold_event",
    "consents_fresh": "renew_consents",
    "informed_check": "keep_informed",
    "contact_scheme_safety_net": "contact_scheme_first_step",
    "complaint_acknowledgement": "complaint_first_word",
}
"""Which actions are another by another name."""
