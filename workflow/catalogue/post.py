"""Lists what happens to letters, and what the clock records."""

from workflow.catalogue.words import WORDS
from workflow.events import EventKind, Field, FieldKind
from workflow.reasons import CLEARABLE
from workflow.vocabulary import Channel

_CHANNELS = tuple(Channel)

BACK = ("gone_away", "refused", "unknown", "damaged", "bounced", "failed")
"""Why a letter came back; an email bounces, and any way out may fail."""

FOR_WHOM = ("victim", "police", "colleague")
"""To whose side a letter goes; what goes to police or to a colleague is no attempt to reach the victim."""

_LETTER_FIELDS = (
    Field("letter", "Letter", FieldKind.CODE, required=True),
    Field("kind", "Kind of letter", FieldKind.CODE, required=True),
    Field("occurrence", "Occurrence", FieldKind.NUMBER),
)

POST: tuple[EventKind, ...] = (
    EventKind(
        "letter_asked",
        "Letter asked for",
        "A person wants this letter written, once more where it was written before.",
        (Field("kind", "Kind of letter", FieldKind.CODE, required=True),),
        opens_form=False,
    ),
    EventKind("letter_drafted", "Letter drafted", "Waits for a person's yes.", _LETTER_FIELDS, opens_form=False),
    EventKind(
        "letter_filled",
        "Words written into a letter",
        "A person wrote what its template leaves room for.",
        _LETTER_FIELDS,
        opens_form=False,
    ),
    EventKind(
        "letter_checked",
        "First of two people said yes to a letter",
        "A second must say yes before it goes.",
        _LETTER_FIELDS,
        opens_form=False,
    ),
    EventKind("letter_approved", "Letter approved", "A person said yes.", _LETTER_FIELDS, opens_form=False),
    EventKind(
        "letter_held",
        "Letter held",
        "The contact decision said no for now.",
        (*_LETTER_FIELDS, Field("reasons", "Reasons", FieldKind.CODE)),
        opens_form=False,
    ),
    EventKind(
        "letter_cleared",
        "Hold on a letter ended",
        "What held it is gone; it waits for a person's yes.",
        _LETTER_FIELDS,
        opens_form=False,
    ),
    EventKind(
        "letter_sent",
        "Letter sent",
        "It left, and the text as it went out is kept.",
        (
            *_LETTER_FIELDS,
            Field("channel", "Channel", FieldKind.CHOICE, _CHANNELS, required=True),
            Field("to", "To", FieldKind.CHOICE, FOR_WHOM),
        ),
        opens_form=False,
    ),
    EventKind(
        "letter_doubted",
        "Nobody knows whether a letter left",
        "No answer came after it was handed over; it is not sent again before that is settled.",
        (
            *_LETTER_FIELDS,
            Field("why", "Why", FieldKind.CHOICE, ("no_answer", "interrupted"), required=True),
            Field("asks", "Who is asked", FieldKind.CHOICE, ("person", "provider"), required=True),
        ),
        opens_form=False,
    ),
    EventKind(
        "letter_settled",
        "Settled whether a letter left",
        "Somebody found out; one that did not leave is ready to go again.",
        (*_LETTER_FIELDS, Field("left", "It left", FieldKind.CHOICE, ("yes", "no"), required=True)),
        opens_form=False,
    ),
    EventKind(
        "letter_cancelled",
        "Letter cancelled",
        "It will not leave.",
        (*_LETTER_FIELDS, Field("reason", "Reason", FieldKind.CODE)),
        opens_form=False,
    ),
    EventKind(
        "letter_discarded",
        "Letter discarded",
        "A person put it aside; it is not written again unless somebody asks for it.",
        (
            *_LETTER_FIELDS,
            Field(
                "reason",
                "Reason",
                FieldKind.CHOICE,
                ("not_needed", "told_in_another_way", "wrong_person", "not_in_their_interest", "other"),
                required=True,
            ),
            WORDS,
        ),
        opens_form=False,
    ),
    EventKind(
        "letter_clearance_given",
        "Hold on a letter cleared",
        "One of two people says that the letter may go in spite of a hold, and why.",
        (
            *_LETTER_FIELDS,
            Field("holds", "Holds", FieldKind.CHOICES, tuple(sorted(CLEARABLE)), required=True),
            Field("words", "Why", FieldKind.NOTE, required=True),
        ),
        opens_form=False,
    ),
    EventKind(
        "letter_handed_over",
        "Letter handed over by hand",
        "A person finished it and saw it off.",
        (*_LETTER_FIELDS, Field("on", "On", FieldKind.DAY, required=True)),
        opens_form=False,
    ),
    EventKind(
        "letter_returned",
        "Letter came back",
        "It told nobody anything: what it met is owed again.",
        (*_LETTER_FIELDS, Field("reason", "Reason", FieldKind.CHOICE, BACK, required=True)),
        opens_form=False,
    ),
)

CLOCK: tuple[EventKind, ...] = (
    EventKind(
        "reminder_raised",
        "Reminder",
        "A duty or a promise is worth a word today.",
        (
            Field("rule", "Rule", FieldKind.CODE, required=True),
            Field("occurrence", "Occurrence", FieldKind.NUMBER, required=True),
            Field("rung", "Rung", FieldKind.CHOICE, ("soon", "due", "chase", "liaison", "manager"), required=True),
        ),
        opens_form=False,
    ),
    EventKind(
        "deadline_moved",
        "A deadline moved",
        "The calendar, an edition or a fact changed, and with it a day.",
        (
            Field("rule", "Rule", FieldKind.CODE, required=True),
            Field("occurrence", "Occurrence", FieldKind.NUMBER, required=True),
            Field("was", "Was", FieldKind.DAY, required=True),
            Field("now", "Is", FieldKind.DAY, required=True),
            Field(
                "why",
                "Why",
                FieldKind.CHOICE,
                ("calendar", "edition", "enhanced_rights", "same_victim", "pause", "extension", "correction"),
                required=True,
            ),
        ),
        opens_form=False,
    ),
)
