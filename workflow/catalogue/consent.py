"""Lists the events about what the victim agreed to, refused, withdrew or renewed."""

from workflow.catalogue.words import WORDS
from workflow.events import EventKind, Field, FieldKind
from workflow.vocabulary import Decision, Purpose

_INFORMED = (
    "who_we_are",
    "what_we_offer",
    "voluntary",
    "what_is_shared",
    "no_effect_on_case",
    "leaflet_given",
)
_GIVEN_BY = ("self", "parent_guardian", "both", "proxy")
_METHODS = ("in_person", "phone", "bwv", "form", "email", "interpreted")
_REFUSALS = (
    "not_interested",
    "fears_reprisal",
    "too_upset",
    "distrusts_police",
    "wants_case_over",
    "too_minor",
    "didnt_understand",
    "not_asked_properly",
    "other",
    "none_given",
)
_QUERIES = (
    "refusal_to_confirm",
    "uninformed",
    "child_self_only",
    "proxy",
    "age_conflict",
    "no_safe_channel",
    "undecided",
    "not_asked",
    "lacks_capacity",
)
_PURPOSES = tuple(Purpose)
_WISHES = ("yes", "no", "not_asked")


def _consent_fields() -> tuple[Field, ...]:
    return (
        Field("decision", "What the victim decided", FieldKind.CHOICE, tuple(Decision), required=True),
        Field("model", "Consent model of the force", FieldKind.CHOICE, ("opt_in", "opt_out"), required=True),
        Field("given_by", "Who gave the answer", FieldKind.CHOICE, _GIVEN_BY),
        Field("method", "How it was given", FieldKind.CHOICE, _METHODS),
        Field("informed", "What the victim was told", FieldKind.CHOICES, _INFORMED),
        Field("scope", "What the victim agreed to", FieldKind.CHOICES, _PURPOSES),
        Field("scope_refused", "What the victim said no to", FieldKind.CHOICES, _PURPOSES),
        Field("told_on", "Day the victim was told (opt-out forces)", FieldKind.DAY),
        Field("refusal_reason", "Reason for a no", FieldKind.CHOICE, _REFUSALS),
        Field("queries", "What must be asked back before contact", FieldKind.CHOICES, _QUERIES),
    )


CONSENT: tuple[EventKind, ...] = (
    EventKind(
        "consent_recorded",
        "Record what police say the victim agreed to",
        "A yes opens the way to triage; anything else goes to the officer in charge.",
        _consent_fields(),
    ),
    EventKind(
        "consent_renewed",
        "Record that the victim now agrees",
        "A new consent, given in their own right, takes the place of the old answer.",
        _consent_fields(),
    ),
    EventKind(
        "consent_withdrawn",
        "Record that the victim withdraws",
        "Taken from anyone, by any channel, without a reason; everything to this victim stops at once.",
        (
            Field("part", "What is withdrawn", FieldKind.CHOICE, ("all", *_PURPOSES), required=True),
            Field(
                "told_to", "Who was told", FieldKind.CHOICE, ("officer", "practitioner", "manager", "provider", "other")
            ),
            Field("confirmation_wanted", "Does the victim want it confirmed?", FieldKind.FLAG),
            WORDS,
        ),
    ),
    EventKind(
        "officer_contacted",
        "Contact with the officer in charge",
        "We asked whether the choice was informed.",
        (
            Field("outcome", "Outcome", FieldKind.CHOICE, ("asked", "no_answer", "on_leave"), required=True),
            WORDS,
        ),
    ),
    EventKind(
        "officer_found_uninformed",
        "The officer will ask again",
        "The choice was not informed: police ask the victim again.",
        (WORDS,),
    ),
    EventKind(
        "refusal_confirmed",
        "The refusal is confirmed",
        "The victim made an informed choice. The record is pared back and nobody contacts them.",
        (
            Field("informed", "What the victim was told", FieldKind.CHOICES, _INFORMED, required=True),
            Field("safeguarding_checked", "Safeguarding was checked (under 18)", FieldKind.FLAG),
            WORDS,
        ),
    ),
    EventKind(
        "victim_returned",
        "The victim comes back to us",
        "They asked for contact themselves: the case opens again, no questions asked.",
        (
            Field("scope", "What the victim agrees to", FieldKind.CHOICES, _PURPOSES, required=True),
            Field("informed", "What the victim was told", FieldKind.CHOICES, _INFORMED),
            Field(
                "check_again",
                "Identity, links or contact details must be looked at again first",
                FieldKind.FLAG,
                hint="Say yes when much time has passed, or when you are not sure who rang: the case goes to triage.",
            ),
            WORDS,
        ),
    ),
    EventKind(
        "wishes_recorded",
        "Record what a child victim and their guardian want",
        "Both may agree. Where they do not, nobody makes contact until a manager has settled it.",
        (
            Field(
                "child_wish",
                "Does the child want contact?",
                FieldKind.CHOICE,
                _WISHES,
                required=True,
                hint="The child's own wish, asked in words they understand.",
            ),
            Field(
                "guardian_wish",
                "Does the parent or guardian want contact?",
                FieldKind.CHOICE,
                (*_WISHES, "no_guardian"),
                required=True,
            ),
            Field("understands", "The child understands what the choice means", FieldKind.FLAG),
            Field("looked_after", "The child is looked after by a council", FieldKind.FLAG),
            Field(
                "social_worker_told",
                "The social worker has been told",
                FieldKind.FLAG,
                hint="For a looked-after child this comes before any contact.",
            ),
            WORDS,
        ),
    ),
    EventKind(
        "wishes_settled",
        "Settle a disagreement between a child victim and their guardian",
        "A manager decides what is best for the child, and says why.",
        (
            Field("outcome", "Decision", FieldKind.CHOICE, ("contact", "no_contact_yet"), required=True),
            WORDS,
        ),
    ),
    EventKind(
        "coming_of_age_noted",
        "A child victim is about to turn 18",
        "From their birthday on the consent must be their own: ask them.",
        (WORDS,),
    ),
    EventKind(
        "came_of_age",
        "A child victim has turned 18",
        "A guardian's yes no longer counts: from now on only what the victim said themselves does.",
        (
            Field(
                "own_consent",
                "Did they agree in their own right?",
                FieldKind.CHOICE,
                ("given", "missing", "not_asked"),
                required=True,
                hint="Missing where only a guardian said yes; not asked where nobody has agreed yet.",
            ),
        ),
    ),
    EventKind(
        "family_officer_consulted",
        "Ask the family liaison officer",
        "A bereaved family is approached through the officer they know, or through Victim Support's homicide service.",
        (
            Field(
                "outcome",
                "Answer",
                FieldKind.CHOICE,
                ("may_contact", "not_yet", "no_officer"),
                required=True,
                hint="Say no officer where none was appointed, or their work has ended.",
            ),
            WORDS,
        ),
    ),
)
