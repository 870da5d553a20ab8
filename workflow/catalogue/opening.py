"""Lists the events that open a case and bring its consent record."""

from workflow.catalogue.words import WORDS
from workflow.events import EventKind, Field, FieldKind
from workflow.vocabulary import Channel, Known

_VICTIM_KINDS = ("individual", "child", "organisation", "bereaved_relative", "spokesperson", "witness_harmed")
_KNOWN = tuple(Known)
_CHANNELS = tuple(Channel)

OPENING: tuple[EventKind, ...] = (
    EventKind(
        "case_opened",
        "Open the case",
        "A victim of one incident comes into our care.",
        (
            Field(
                "source",
                "Where it came from",
                FieldKind.CHOICE,
                ("police", "self_referral", "court_list", "case_manager", "probation", "third_party", "tracker"),
                required=True,
            ),
            Field("victim_kind", "Who was harmed", FieldKind.CHOICE, _VICTIM_KINDS, required=True),
            Field("under_18", "Under 18 at the offence", FieldKind.CHOICE, _KNOWN, required=True),
            Field("force", "Police force", FieldKind.CODE),
        ),
        opens_form=False,
    ),
    EventKind(
        "crime_reported",
        "Crime reported to police",
        "The day from which the Code counts the information rights.",
        (Field("submission", "Submission", FieldKind.CODE),),
    ),
    EventKind(
        "details_received",
        "Victim's details received",
        "The day from which the service's own clock counts.",
        (
            Field("reachable", "Ways of reaching the victim that came with it", FieldKind.CHOICES, _CHANNELS),
            Field("submission", "Submission", FieldKind.CODE),
        ),
    ),
    EventKind(
        "consent_record_requested", "Ask police for the consent record", "Police owe us a consent record.", (WORDS,)
    ),
)
