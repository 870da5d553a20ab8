"""Lists the events of getting in touch and of the first conversation."""

from workflow.catalogue.words import WORDS
from workflow.events import EventKind, Field, FieldKind
from workflow.vocabulary import Channel

_CHANNELS = tuple(Channel)

CONTACT: tuple[EventKind, ...] = (
    EventKind(
        "attempt_made",
        "Log an attempt to make contact",
        "One call, text, letter or visit and how it ended.",
        (
            Field("channel", "Channel", FieldKind.CHOICE, _CHANNELS, required=True),
            Field(
                "outcome",
                "Outcome",
                FieldKind.CHOICE,
                ("reached", "no_answer", "message_left", "wrong_person", "number_wrong", "address_wrong", "sent"),
                required=True,
            ),
            WORDS,
        ),
    ),
    EventKind(
        "attempts_exhausted",
        "Attempts are exhausted",
        "Three attempts by two channels over ten working days, and a closing letter.",
        (WORDS,),
    ),
    EventKind(
        "victim_replied",
        "The victim got in touch",
        "We are in two-way contact, whoever began it.",
        (Field("channel", "Channel", FieldKind.CHOICE, _CHANNELS, required=True), WORDS),
    ),
    EventKind(
        "restorative_information_given",
        "Restorative justice was explained",
        "The victim was told about restorative justice and how to take part.",
        (
            Field(
                "how",
                "How",
                FieldKind.CHOICE,
                ("phone", "in_person", "text", "email", "letter", "leaflet"),
                required=True,
            ),
            WORDS,
        ),
    ),
    EventKind(
        "conversation_recorded",
        "Record the first conversation",
        "Needs, impact, wishes, views and what they want to be told.",
        (
            Field("views", "Views for the decision", FieldKind.CHOICE, ("given", "declined", "not_yet"), required=True),
            Field("wants_updates", "Wants news of progress", FieldKind.FLAG, required=True),
            Field("wants_support", "Wants support", FieldKind.FLAG, required=True),
            Field("explained", "Restorative justice was explained", FieldKind.FLAG, required=True),
            WORDS,
        ),
    ),
    EventKind(
        "information_only_chosen",
        "The victim wants information only",
        "News of the case, no restorative justice for now.",
        (WORDS,),
    ),
    EventKind("all_declined", "The victim wants nothing more", "The door stays open.", (WORDS,)),
)
