"""Lists the events of holds and of keeping the record."""

from workflow.catalogue.words import WORDS
from workflow.events import EventKind, Field, FieldKind
from workflow.vocabulary import CloseReason

SAFETY: tuple[EventKind, ...] = (
    EventKind(
        "hold_placed",
        "Put the case on hold",
        "Nothing leaves while a hold stands; it has a reason and a day to look again.",
        (
            Field(
                "reason",
                "Reason",
                FieldKind.CHOICE,
                ("safeguarding", "police", "prosecution", "illness", "victim_pause"),
                required=True,
            ),
            Field("until", "Look again on", FieldKind.DAY, required=True),
            WORDS,
        ),
    ),
    EventKind("hold_ended", "End the hold", "The case goes on where it was.", (WORDS,)),
    EventKind(
        "victim_died",
        "The victim has died",
        "All letters stop at once.",
        (WORDS,),
    ),
)

KEEPING: tuple[EventKind, ...] = (
    EventKind(
        "case_closed",
        "Close the case",
        "Every close needs a reason. It opens again with one event.",
        (Field("reason", "Reason", FieldKind.CHOICE, tuple(CloseReason), required=True), WORDS),
    ),
    EventKind(
        "duplicate_found",
        "This is a duplicate",
        "The same person and the same incident are already here.",
        (Field("survivor", "Reference of the case that stays", FieldKind.CODE, required=True),),
    ),
    EventKind("note_written", "Write a note", "Kept apart from the history.", (WORDS,)),
    EventKind(
        "case_assigned",
        "Assign the case",
        "One owner at a time.",
        (Field("to", "User", FieldKind.CODE, required=True),),
    ),
    EventKind(
        "good_reason_recorded",
        "Record a good reason for not meeting a duty",
        "Section 5 of the Victims and Prisoners Act 2024: services are given unless there are good reasons not to.",
        (
            Field("rule", "Rule", FieldKind.CODE, required=True),
            Field("occurrence", "Number of the event that began the duty", FieldKind.NUMBER),
            Field(
                "reason",
                "Reason",
                FieldKind.CHOICE,
                ("victim_asked", "unsafe", "police_delay", "not_reachable", "partner_delay", "other"),
                required=True,
            ),
            Field("approver", "Approved by", FieldKind.CODE, required=True),
            WORDS,
        ),
    ),
    EventKind(
        "clock_paused",
        "Pause a clock",
        "With a reason; the days while it stands are not counted.",
        (
            Field("rule", "Rule", FieldKind.CODE, required=True),
            Field(
                "reason",
                "Reason",
                FieldKind.CHOICE,
                ("identity", "clarification", "police_request", "victim_request"),
                required=True,
            ),
            WORDS,
        ),
    ),
    EventKind(
        "clock_resumed", "Resume a clock", "Counting goes on.", (Field("rule", "Rule", FieldKind.CODE, required=True),)
    ),
    EventKind(
        "entry_retracted", "Take back an entry", "The entry it names was a mistake and no longer counts.", (WORDS,)
    ),
    EventKind(
        "subject_access_requested",
        "Subject access is requested",
        "The person asks for what we hold about them.",
        (WORDS,),
    ),
    EventKind("subject_access_answered", "Subject access is answered", "What we hold was given.", (WORDS,)),
    EventKind(
        "subject_access_extended",
        "Subject access takes longer",
        "The person was told so within the first month.",
        (WORDS,),
    ),
    EventKind(
        "expenses_claim_received",
        "A claim for expenses arrived",
        "The prosecution service's clock for paying a witness's expenses starts.",
        (WORDS,),
    ),
)
