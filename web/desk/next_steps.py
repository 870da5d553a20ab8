"""Says what an action of the queue is called, and which form or page does it."""

from datetime import date

from engine.desk import CaseFile
from engine.house import House
from web import words
from workflow.code import NotInForce, UnknownRule
from workflow.vocabulary import in_words

_FORMS = {
    "request_consent_record": "consent_record_requested",
    "chase_consent_record": "consent_recorded",
    "follow_up_officer": "officer_contacted",
    "triage": "triage_completed",
    "ask_safe_channel": "safety_recorded",
    "ask_characteristics": "characteristics_recorded",
    "make_first_contact": "attempt_made",
    "try_again": "attempt_made",
    "close_uncontactable": "case_closed",
    "record_conversation": "conversation_recorded",
    "offer_restorative": "restorative_offered",
    "prepare": "preparation_step_taken",
    "renew_consents": "restorative_consent_given",
    "put_event_off": "restorative_event_postponed",
    "reparation_failed_notice": "progress_update_given",
    "hold_event": "restorative_event_held",
    "see_reparation_through": "reparation_ended",
    "follow_up": "follow_up_completed",
    "review_support": "support_reviewed",
    "keep_informed": "progress_update_given",
    "review_hold": "hold_ended",
    "manage_alert": "alert_managed",
    "decide_on_silence": "officer_contacted",
    "settle_wishes": "wishes_settled",
    "tell_social_worker": "wishes_recorded",
    "ask_family_officer": "family_officer_consulted",
    "await_transfer": "transfer_accepted",
    "contact_error_apology": "apology_given",
    "own_consent": "consent_renewed",
    "ask_own_consent": "consent_renewed",
}


def action_words(house: House, action: str, rule: str | None, today: date) -> str:
    """What an action is called on the page: its own words, or the title of the rule it comes from."""
    if action in words.ACTIONS:
        return words.ACTIONS[action]
    if rule:
        try:
            return house.rulebook.rule(rule, today).title
        except (UnknownRule, NotInForce):
            pass
    return words.sentence(in_words(action))


def next_step(file: CaseFile) -> tuple[str, str] | None:
    """Where the next action of a case is done, and what the button says; None where no single form does it."""
    action = file.action
    if action is None:
        return None
    if action["action"] in ("approve_letter", "clear_held_letter"):
        state = "drafted" if action["action"] == "approve_letter" else "held"
        letter = next((letter for letter in file.letters if letter.state == state), None)
        return (f"/letters/{letter.letter_id}", "Look at the letter") if letter else None
    if action["action"] == "victim_harmed_before":
        return f"/cases/{file.case.reference}#same-victim", "Look at the other case"
    if action["action"] == "ask_details":
        return f"/cases/{file.case.reference}/details", "Record the contact details"
    possible = {kind.name: kind for kind in file.possible}
    wanted = [_FORMS[action["action"]]] if action["action"] in _FORMS else []
    wanted += [
        match.event
        for duty in file.duties
        if duty.rule.id == action["rule"]
        for match in duty.rule.met_by
        if match.event
    ]
    for name in wanted:
        if name in possible:
            return f"/cases/{file.case.reference}/record/{name}", possible[name].label
    return None
