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

SEALABLE = ("phone", "email", "post")
"""The ways of reaching a victim that can be sealed: what we keep."""
SEAL_REASONS = ("refuge", "moved_for_safety", "court_order", "police_advice", "victim_asked")
"""Why an address or a number is sealed."""

SAME_VICTIM = ("targeted", "same", "different")
"""One person, targeted again and again; one person, and not that; not one person."""

# A case never names another in its history: who may see one need not see the other.
_PAIR = Field("pair", "Which two cases", FieldKind.CODE, required=True)
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
        "safety_loosening_proposed",
        "Propose to call safe what was said not to be",
        "Nothing changes yet: somebody else records the answer, and only then it counts.",
        (
            *(Field(channel.value, f"Safe: {channel.value}", FieldKind.CHOICE, (Known.YES,)) for channel in Channel),
            Field("child_knows_address", "Does the child know the address?", FieldKind.CHOICE, (Known.NO,)),
            Field("must_not_know", "Somebody must not know", FieldKind.FLAG),
            Field("words", "What has changed, and who said so", FieldKind.NOTE, required=True),
        ),
    ),
    EventKind(
        "address_sealed",
        "Seal an address or a number",
        "It is shown to nobody from now on, unless they give a reason; letters go there as before.",
        (
            Field("channel", "Which", FieldKind.CHOICE, SEALABLE, required=True),
            Field("reason", "Why", FieldKind.CHOICE, SEAL_REASONS, required=True),
            WORDS,
        ),
    ),
    EventKind(
        "address_unsealed",
        "Open the seal on an address or a number",
        "It is shown on the case again. Somebody else than who sealed it does that.",
        (
            Field("channel", "Which", FieldKind.CHOICE, SEALABLE, required=True),
            Field("words", "What has changed, and who said so", FieldKind.NOTE, required=True),
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
        "same_victim_suggested",
        "Somebody who may have been harmed before",
        "Another case within the period looks like the same person. A person says whether it is; nothing is merged.",
        (_PAIR,),
        opens_form=False,
    ),
    EventKind(
        "same_victim_decided",
        "Said whether two cases are of one victim",
        "Whoever is targeted again and again has enhanced rights in both cases from this day; what was said may be "
        "said otherwise later.",
        (
            _PAIR,
            Field(
                "outcome",
                "Outcome",
                FieldKind.CHOICE,
                SAME_VICTIM,
                required=True,
            ),
        ),
        opens_form=False,
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
