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
        "history_brought_over",
        "Brought over from the service's own spreadsheet",
        "Written before this system: nobody has checked it, and no duty counts as met by it.",
        (
            Field(
                "what",
                "What it is",
                FieldKind.CHOICE,
                ("consent", "letter", "contact", "restorative", "remark", "child", "other"),
                required=True,
            ),
            Field("on", "Day, where it is certain", FieldKind.DAY),
            Field(
                "certain", "How certain the day is", FieldKind.CHOICE, ("day", "week", "no_year", "none"), required=True
            ),
            Field(
                "said",
                "What it seems to say",
                FieldKind.CHOICE,
                (
                    "yes",
                    "no",
                    "unclear",
                    "no_answer",
                    "message_left",
                    "not_done",
                    "declined",
                    "wants_updates",
                    "thinking",
                    "under_way",
                    "meeting",
                    "apology_received",
                    "do_not_write",
                    "do_not_contact",
                ),
            ),
            WORDS,
        ),
        opens_form=False,
    ),
    EventKind(
        "brought_over_read",
        "What was brought over has been read",
        "A person read every line of it. Before that nobody is contacted.",
        (WORDS,),
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
    EventKind(
        "consent_record_time_passed",
        "Police have not answered",
        "After two chases nobody waits any longer: the case goes to the officer in charge and the manager.",
        opens_form=False,
    ),
)
