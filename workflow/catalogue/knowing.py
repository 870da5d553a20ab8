"""Lists the events by which we come to know the victim: safety, needs, characteristics, enhanced rights."""

from workflow.catalogue.words import WORDS
from workflow.events import EventKind, Field, FieldKind
from workflow.vocabulary import Channel, Characteristic, Known

_KNOWN = tuple(Known)
_CHANNELS = tuple(Channel)

KNOWING: tuple[EventKind, ...] = (
    EventKind(
        "triage_completed",
        "Triage done",
        "Safe channels, links and duplicates were looked at; the case is somebody's.",
        (WORDS,),
    ),
    EventKind(
        "safety_recorded",
        "Record which channels are safe",
        "Each channel has its own answer; unknown is no for anything that leaves by itself.",
        (
            *(Field(channel.value, f"Safe: {channel.value}", FieldKind.CHOICE, _KNOWN) for channel in Channel),
            Field("child_knows_address", "Does the child know the address?", FieldKind.CHOICE, _KNOWN),
            Field("risks", "Risks", FieldKind.CODE),
            Field("must_not_know", "Somebody must not know", FieldKind.FLAG),
            Field(
                "said_by",
                "Who said so",
                FieldKind.CHOICE,
                ("victim", "parent_guardian", "police", "other_agency", "practitioner"),
            ),
        ),
    ),
    EventKind(
        "enhanced_rights_recorded",
        "Record enhanced rights",
        "Open clocks are shortened from the day it is known.",
        (
            Field(
                "category",
                "Category",
                FieldKind.CHOICE,
                ("serious", "persistent", "vulnerable_intimidated", "discretionary", "none"),
                required=True,
            ),
            WORDS,
        ),
    ),
    EventKind(
        "needs_recorded",
        "Record needs",
        "Language, format and support shape the first contact.",
        (
            Field("language", "Language", FieldKind.CODE, required=True),
            Field("interpreter", "Interpreter", FieldKind.FLAG),
            Field("bsl", "British Sign Language", FieldKind.FLAG),
            Field("format", "Format", FieldKind.CHOICE, ("standard", "large_print", "easy_read", "audio", "braille")),
            WORDS,
        ),
    ),
    EventKind(
        "characteristics_recorded",
        "Record that characteristics were asked",
        "Asking is what counts: prefer not to say is a full answer, and a gap never blocks contact.",
        (
            Field("complete", "Answered, or preferred not to say", FieldKind.CHOICES, tuple(Characteristic)),
            Field("gaps", "Not asked, or could not say", FieldKind.CHOICES, tuple(Characteristic)),
            Field("asked_by", "Who asked", FieldKind.CHOICE, ("police", "practitioner", "other_agency"), required=True),
        ),
    ),
    EventKind(
        "characteristics_time_passed",
        "Time for characteristics is up",
        "Contact goes ahead with the gaps.",
        opens_form=False,
    ),
    EventKind(
        "contact_details_changed",
        "Contact details changed",
        "A way of reaching the victim came, changed or went.",
        (Field("reachable", "Ways of reaching the victim now", FieldKind.CHOICES, _CHANNELS), WORDS),
    ),
)
