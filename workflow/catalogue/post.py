"""Lists what happens to letters, and what the clock records."""

from workflow.events import EventKind, Field, FieldKind
from workflow.vocabulary import Channel

_CHANNELS = tuple(Channel)

_LETTER_FIELDS = (
    Field("letter", "Letter", FieldKind.CODE, required=True),
    Field("kind", "Kind of letter", FieldKind.CODE, required=True),
    Field("occurrence", "Occurrence", FieldKind.NUMBER),
)

POST: tuple[EventKind, ...] = (
    EventKind("letter_drafted", "Letter drafted", "Waits for a person's yes.", _LETTER_FIELDS, opens_form=False),
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
        (*_LETTER_FIELDS, Field("channel", "Channel", FieldKind.CHOICE, _CHANNELS, required=True)),
        opens_form=False,
    ),
    EventKind("letter_cancelled", "Letter cancelled", "It will not leave.", _LETTER_FIELDS, opens_form=False),
    EventKind(
        "letter_returned",
        "Letter came back",
        "The address can no longer be trusted.",
        (
            *_LETTER_FIELDS,
            Field("reason", "Reason", FieldKind.CHOICE, ("gone_away", "refused", "unknown", "damaged"), required=True),
        ),
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
                ("calendar", "edition", "enhanced_rights", "pause", "extension", "correction"),
                required=True,
            ),
        ),
        opens_form=False,
    ),
)
