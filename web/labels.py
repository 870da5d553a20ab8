"""Lists the words and colours for codes: tiers, verdicts, states, owners, actions."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.vocabulary import State


@dataclass(frozen=True, slots=True)
class Tag:
    """A word in a coloured box; the word says it all, the colour only helps."""

    text: str
    colour: str = "grey"


TIERS: tuple[Tag, ...] = (
    Tag("Safety", "red"),
    Tag("Cannot be undone", "orange"),
    Tag("Deadline", "purple"),
    Tag("New", "blue"),
    Tag("Promise", "teal"),
    Tag("Record", "grey"),
)
"""The tiers of the queue, P0 to P5."""

VERDICTS: Mapping[str, Tag] = {
    "running": Tag("In time so far", "blue"),
    "due_today": Tag("Due today", "orange"),
    "overdue": Tag("Overdue", "red"),
    "met": Tag("Met", "green"),
    "met_late": Tag("Met late", "yellow"),
    "not_met_with_reason": Tag("Not met, with a good reason", "yellow"),
    "lapsed": Tag("No longer owed", "grey"),
    "paused": Tag("Clock paused", "purple"),
    "no_data": Tag("Not known to us", "grey"),
}

LETTER_STATES: Mapping[str, Tag] = {
    "drafted": Tag("Waits for a yes", "blue"),
    "held": Tag("Held", "orange"),
    "approved": Tag("Approved, not yet sent", "teal"),
    "in_doubt": Tag("Nobody knows whether it left", "red"),
    "released": Tag("Sent", "green"),
    "returned": Tag("Came back", "yellow"),
    "cancelled": Tag("Cancelled", "grey"),
    "discarded": Tag("Discarded", "grey"),
}

DECISIONS: Mapping[str, Tag] = {
    "release": Tag("May go", "green"),
    "hold": Tag("Hold", "orange"),
    "refuse": Tag("Must not go", "red"),
}

KNOWN: Mapping[str, Tag] = {
    "yes": Tag("Safe", "green"),
    "no": Tag("Not safe", "red"),
    "unknown": Tag("Not known", "grey"),
}

STATES: Mapping[str, str] = {
    State.NEW: "Not opened yet",
    State.IDENTIFIED: "A victim is known; police are to be asked for the consent record",
    State.AWAITING_CONSENT_RECORD: "Waiting for the consent record from police",
    State.CONSENT_QUERY: "Consent is being checked with the officer in charge",
    State.INTAKE_CHECK: "Consent has come and waits for triage",
    State.CHARACTERISTICS_CAPTURE: "Needs and characteristics are being asked",
    State.CONTACT_DUE: "First contact is due",
    State.ATTEMPTING: "Trying to reach the victim",
    State.ENGAGED: "In touch with the victim",
    State.UNCONTACTABLE: "The victim could not be reached",
    State.RESTORATIVE_DECISION: "Restorative justice is being offered",
    State.RESTORATIVE_PREPARATION: "Preparing both sides",
    State.RESTORATIVE_DELIVERY: "Both sides are ready for the event",
    State.REPARATION: "Reparation is under way",
    State.FOLLOW_UP: "Following up after the event",
    State.ONGOING_SUPPORT: "Supporting the victim for as long as they want",
    State.INFORMED_ONLY: "Keeping the victim informed",
    State.CLOSED: "Closed",
    State.MERGED: "Merged into another case",
    State.ERASED: "Erased",
}

OWNERS: Mapping[str, str] = {
    "yjs": "Youth Justice Service",
    "police": "Police",
    "probation": "Probation",
    "witness_care": "Witness Care Unit",
    "cps": "Crown Prosecution Service",
    "court": "Court",
}

VICTIM_KINDS: Mapping[str, str] = {
    "individual": "Adult",
    "child": "Child",
    "organisation": "Organisation",
    "bereaved_relative": "Bereaved relative",
    "spokesperson": "Family spokesperson",
    "witness_harmed": "Harmed witness",
}

SOURCES: Mapping[str, str] = {
    "victims_code": "The Victims’ Code",
    "local": "Our own targets",
    "acts": "Acts of Parliament",
}

ACTIONS: Mapping[str, str] = {
    "request_consent_record": "Ask police for the consent record",
    "chase_consent_record": "Chase the consent record",
    "follow_up_officer": "Speak to the officer in charge",
    "read_brought_over": "Read what was brought over",
    "victim_harmed_before": "Say whether the victim was harmed before",
    "triage": "Triage the case",
    "ask_safe_channel": "Find a safe channel",
    "ask_details": "Ask for the contact details again",
    "ask_own_consent": "Ask for the victim’s own consent",
    "ask_characteristics": "Ask needs and characteristics",
    "make_first_contact": "Make first contact",
    "try_again": "Try again to reach the victim",
    "close_uncontactable": "Close with the door open",
    "record_conversation": "Record the first conversation",
    "offer_restorative": "Offer restorative justice",
    "prepare": "Prepare both sides",
    "hold_event": "Hold the restorative event",
    "renew_consents": "Take the consents again",
    "put_event_off": "Put the event off",
    "see_reparation_through": "See reparation through",
    "follow_up": "Follow up",
    "review_support": "Review support",
    "keep_informed": "Give news of progress",
    "agree_who_to_speak_to": "Agree who to speak to",
    "review_hold": "Review the hold",
    "manage_alert": "End the safeguarding alert with a plan",
    "decide_on_silence": "Decide what to do about police silence",
    "settle_wishes": "Settle what the child and the guardian want",
    "tell_social_worker": "Tell the social worker",
    "ask_family_officer": "Ask the family liaison officer",
    "await_transfer": "Wait for the other service",
    "approve_letter": "Approve a letter",
    "clear_held_letter": "Look at a held letter",
    "settle_letter": "Find out whether a letter left",
}
"""What a line of the queue asks for; an action that comes from a rule bears the title of the rule instead."""

VALUES: Mapping[str, str] = {
    **OWNERS,
    "bwv": "Body-worn video",
    "opt_in": "Opt in",
    "opt_out": "Opt out",
    "didnt_understand": "Did not understand",
    "parent_guardian": "Parent or guardian",
    "self": "The victim",
    "bsl": "British Sign Language",
    "cy": "Welsh",
    "en": "English",
    "feed": "Police feed",
    "leaving": "The owner leaves the service",
    "skills": "Somebody with other skills is needed",
    "victim_asked": "The victim asked for it",
    "by_mistake": "It was given to the wrong person",
    "dvpo": "Domestic violence protection order",
    "smtp": "E-mail",
    "notify": "GOV.UK Notify",
    "other": "Other",
}

PEOPLE: Mapping[str, str] = {
    "clock": "The clock",
    "system": "The system",
    "command-line": "The command line",
    "unassigned": "Nobody yet",
}

SAME_VICTIM = {
    "targeted": "One person, targeted again and again",
    "same": "One person, but not targeted again and again",
    "different": "Not the same person",
}
"""What was said of two cases that look like one person's, and what can be said."""

GLASS_REASONS = {
    "immediate_safety": "Somebody may be in danger now",
    "victim_in_touch": "The victim, or somebody for them, is in touch now",
    "worker_absent": "The worker is away and it cannot wait",
    "court_or_legal": "A court or the law requires it",
    "record_fault": "To put something technical right",
}
"""Why a colleague's case is opened."""
REVEAL_REASONS = {
    "deliver": "To bring or send something there",
    "call": "To call, text or email",
    "visit": "To visit",
    "check_letter": "To read a letter before saying yes to it",
    "verify": "To check with the victim or the officer that it is right",
    "immediate_safety": "Somebody may be in danger now",
}
"""Why somebody has to see what is sealed."""
OPENED_WHAT = {
    "case": "opened",
    "phone": "looked at the sealed phone number in",
    "email": "looked at the sealed email address in",
    "post": "looked at the sealed address in",
}
"""What was opened with a reason."""
GLASS_OUTCOMES = {
    "right": "It was right",
    "not_needed": "It was not needed, and was meant well",
    "wrong": "It was wrong, and is being followed up",
}
"""What somebody makes of it afterwards."""
WALL_REASONS = {
    "own_conflict": "Declared a conflict of interest",
    "childs_worker": "Works with a child responsible",
    "conflict": "Close to somebody in the case",
}
"""Why a case does not exist for somebody."""
LIFT_REASONS = {
    "no_longer_the_childs_worker": "No longer works with the child",
    "no_longer_related": "The conflict has ended",
    "declared_by_mistake": "It was declared by mistake",
    "wrong_person": "It was set for the wrong person",
}
"""Why a wall is lifted."""
READ_WAYS = {
    "case.read": "Opened the case",
    "case.read.with_reason": "Opened a colleague’s case with a reason",
    "search.found": "Saw the name in a search",
    "address.reveal": "Saw a sealed address or number",
}
"""How a case was looked at."""
DEEDS = {
    "wall_set": "Set a wall",
    "child_is_also_victim": "Found a child responsible who is also a victim",
    "wall_lifted": "Lifted a wall",
    "address_revealed": "Was shown a sealed address or number",
    "glass_broken": "Opened a colleague’s case with a reason",
    "glass_reviewed": "Looked at a case that was opened with a reason",
    "factor_set_up": "Set up a second factor",
    "factor_reset": "Reset a second factor",
    "recovery_code_used": "Signed in with a recovery code",
    "sessions_ended": "Ended all sessions",
    "provider_signed_in": "Signed in through the provider",
    "provider_proved": "Proved at the provider who they are",
    "provider_refused": "Was refused after going to the provider",
    "user_bound": "Bound a user to their account at the provider",
    "user_unbound": "Unbound a user from the provider",
    "user_disabled": "Closed an account",
    "user_enabled": "Opened an account again",
    "user_role_changed": "Changed a role",
    "user_password_reset": "Gave a new first password",
    "searched": "Searched",
}
"""What was done about access."""
TAKES_TWO = {
    "under_18": "the victim was under 18, or nobody knows that they were not",
    "sealed": "the victim’s address is sealed",
    "hold_cleared": "a hold on it was cleared",
    "by_manager": "you are a manager, and somebody who knows the case looks at it too",
}
"""Why a letter takes two different people's yes."""
ROLES = {
    "practitioner": "Practitioner",
    "manager": "Manager",
    "police": "Police",
    "safeguarding": "Duty safeguarding lead",
    "data_lead": "Data protection lead",
    "auditor": "Auditor",
    "case_manager": "Child’s case manager",
    "clock": "The clock",
    "feed": "A force’s system",
}
"""What somebody is, by their role."""

SEARCH_PURPOSES = {
    "somebody_in_touch": "Somebody is in touch about a case",
    "own_work": "It is about work of my own",
    "supervision": "To supervise or to check work",
    "complaint_or_request": "For a complaint or a request for information",
    "duplicate": "To see whether a person is here twice",
}
"""Why somebody who may see every case looks for a person."""
