"""Says what an action is, and what each state of the journey asks a practitioner to do."""

from dataclasses import dataclass
from datetime import date

from workflow.vocabulary import State

SAFETY, CANNOT_BE_UNDONE, CLOCK, NEW_PEOPLE, PROMISES, RECORD_HEALTH = range(6)
"""The tiers P0 to P5 of the queue."""


REVIEW_HOLD = "review_hold"


@dataclass(frozen=True, slots=True)
class Action:
    """What to do now on one case.

    ``due_on`` is the day by which; from ``urgent_from`` the action rises to ``urgent_tier``.  Nothing here depends on
    today, so that a new day re-ranks the queue without rewriting a row.  ``waiting_on`` names whose move it is when
    it is not the practitioner's.
    """

    name: str
    reason: str
    tier: int
    due_on: date
    urgent_tier: int
    urgent_from: date
    rule: str | None = None
    waiting_on: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What a state of the journey asks for: the action, why, the rules that give its day, and whose move it is."""

    name: str
    reason: str
    rules: tuple[str, ...]
    tier: int = NEW_PEOPLE
    waiting_on: str | None = None


STEPS: dict[State, Step] = {
    State.IDENTIFIED: Step(
        "request_consent_record",
        "A victim is known and police were not yet asked for the consent record.",
        ("request",),
    ),
    State.AWAITING_CONSENT_RECORD: Step(
        "chase_consent_record", "Police have not sent the consent record.", ("consent-record",), waiting_on="police"
    ),
    State.CONSENT_QUERY: Step(
        "follow_up_officer",
        "There is no clear yes: ask the officer in charge whether the choice was informed.",
        ("officer-follow-up", "officer-second-follow-up"),
    ),
    State.INTAKE_CHECK: Step("triage", "Consent has come: check safe channels, links and duplicates.", ("triage",)),
    State.CHARACTERISTICS_CAPTURE: Step(
        "ask_characteristics",
        "Needs and protected characteristics are not all asked.",
        ("needs-time-box", "first-attempt", "rj-information"),
    ),
    State.CONTACT_DUE: Step(
        "make_first_contact",
        "The victim waits to hear from us.",
        ("first-attempt", "rj-information", "next-attempt-after-letter"),
    ),
    State.ATTEMPTING: Step(
        "try_again",
        "The victim was not reached: try another channel or time of day.",
        (
            "next-attempt",
            "next-attempt-after-message",
            "next-attempt-after-letter",
            "attempts-window",
            "rj-information",
        ),
    ),
    State.UNCONTACTABLE: Step(
        "close_uncontactable",
        "The victim could not be reached: close with the door open.",
        ("uncontactable-close", "rj-information"),
    ),
    State.ENGAGED: Step(
        "record_conversation", "We are in touch: record needs, impact and wishes.", ("conversation", "rj-information")
    ),
    State.RESTORATIVE_DECISION: Step(
        "offer_restorative", "Restorative justice is to be offered and the answer recorded.", ("restorative-offer",)
    ),
    State.RESTORATIVE_PREPARATION: Step(
        "prepare", "Both sides are being prepared.", ("preparation-drift",), tier=PROMISES
    ),
    State.RESTORATIVE_DELIVERY: Step(
        "hold_event", "Both sides are ready: hold the event.", ("event-to-hold",), tier=PROMISES
    ),
    State.REPARATION: Step(
        "see_reparation_through", "Reparation was agreed and is not finished.", ("reparation-check",), tier=PROMISES
    ),
    State.FOLLOW_UP: Step(
        "follow_up",
        "Ask how it went.",
        ("after-event-call", "two-week-follow-up", "six-week-follow-up", "follow-up"),
        tier=PROMISES,
    ),
    State.ONGOING_SUPPORT: Step(
        "review_support",
        "Support goes on for as long as the victim wants.",
        ("ask-again", "support-review", "support-next-review"),
        tier=PROMISES,
    ),
    State.INFORMED_ONLY: Step(
        "keep_informed", "The victim wants to be kept informed.", ("progress-update", "informed-check"), tier=PROMISES
    ),
}
