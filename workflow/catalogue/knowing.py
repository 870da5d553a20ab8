"""Lists the events by which we come to know the victim: safety, needs, characteristics, enhanced rights."""

from workflow.addresses import Of
from workflow.catalogue.words import WORDS
from workflow.events import EventKind, Field, FieldKind
from workflow.vocabulary import Channel, Characteristic, Known

POINT_SOURCES = ("victim", "parent_guardian", "police", "other_agency", "practitioner")
"""Who may have given a way of reaching the victim."""

CHILD_SOURCES = ("youth_justice_file", "childrens_services", "police", "school", "other_agency")
"""Who may have said where a child lives or learns."""

RELATIONSHIPS = (
    "stranger",
    "known",
    "peer_same_school",
    "family",
    "parent",
    "partner_ex",
    "neighbour",
    "staff",
    "unknown",
)
"""What a victim may be to the child responsible, as the consent record has it."""

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
        (
            Field("reachable", "Ways of reaching the victim now", FieldKind.CHOICES, _CHANNELS),
            Field("channel", "Which", FieldKind.CHOICE, ("phone", "email", "post")),
            Field("change", "Change", FieldKind.CHOICE, ("new", "confirmed", "bad")),
            Field("source", "Who said so", FieldKind.CHOICE, POINT_SOURCES),
            WORDS,
        ),
        opens_form=False,
    ),
    EventKind(
        "child_address_recorded",
        "Child's address recorded",
        "The victim's address is compared with it before any letter goes.",
        (
            Field("of", "Whose address", FieldKind.CHOICE, tuple(Of), required=True),
            Field("source", "Who said so", FieldKind.CHOICE, CHILD_SOURCES, required=True),
        ),
        opens_form=False,
    ),
    EventKind(
        "relationship_recorded",
        "Record what the victim is to the child",
        "Somebody close to the child gets no letter before the addresses were compared.",
        (
            Field("relationship", "What the victim is to the child", FieldKind.CHOICE, RELATIONSHIPS, required=True),
            Field("source", "Who said so", FieldKind.CHOICE, POINT_SOURCES, required=True),
            WORDS,
        ),
    ),
)
