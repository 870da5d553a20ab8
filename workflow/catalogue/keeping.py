"""Lists the events of holds and of keeping the record."""

from workflow.catalogue.words import WORDS
from workflow.events import EventKind, Field, FieldKind
from workflow.paring_words import KEPT, REMOVED
from workflow.vocabulary import CloseReason

REASSIGNED = ("workload", "absence", "leaving", "skills", "conflict_of_interest", "victim_asked", "by_mistake")
"""Why a case goes from one person to another."""

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
    EventKind(
        "hold_time_passed",
        "The day of the hold came",
        "The case is back in the queue for a person to look at. Still nothing leaves, until they end the hold.",
        (Field("until", "Look again on", FieldKind.DAY, required=True),),
        opens_form=False,
    ),
    EventKind("hold_ended", "End the hold", "The case goes on where it was.", (WORDS,)),
    EventKind(
        "alert_managed",
        "End a safeguarding alert",
        "A manager signs that a dated safety plan is in place. The case goes on where it was, with extra care.",
        (
            Field(
                "plan_on",
                "Day of the safety plan",
                FieldKind.DAY,
                required=True,
                hint="The plan says who does what if the danger comes back.",
            ),
            WORDS,
        ),
    ),
    EventKind(
        "contact_error_recorded",
        "Record a contact that should not have been made",
        "An incident: it is counted, the manager sees it, and an apology is owed.",
        (
            Field(
                "how",
                "What went wrong",
                FieldKind.CHOICE,
                ("no_consent", "after_withdrawal", "wrong_person", "wrong_address", "unsafe_channel"),
                required=True,
            ),
            Field("protection_officer_told", "The data protection officer has been told", FieldKind.FLAG),
            WORDS,
        ),
    ),
    EventKind(
        "apology_given",
        "An apology was given for a contact in error",
        "By the way that is safe for them: somebody who said no to contact hears it through the officer.",
        (
            Field(
                "how",
                "How",
                FieldKind.CHOICE,
                ("through_officer", "letter", "phone", "in_person", "not_wanted"),
                required=True,
            ),
            WORDS,
        ),
    ),
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
    EventKind(
        "transfer_offered",
        "Offer the case to another service",
        "The victim moved away. The case stays ours until the other service has taken it in writing.",
        (
            Field("to", "Service", FieldKind.CODE, required=True),
            Field(
                "victim_asked",
                "The victim was asked who should work with them",
                FieldKind.FLAG,
                required=True,
                hint="The service that supervises the child keeps the case, unless the victim wants the other one.",
            ),
            WORDS,
        ),
    ),
    EventKind(
        "transfer_accepted",
        "The other service takes the case",
        "It is theirs in writing, and everything they need was handed over. Our case is closed.",
        (Field("handed_over", "The hand-over is complete", FieldKind.FLAG, required=True), WORDS),
    ),
    EventKind(
        "transfer_returned",
        "The case comes back from the other service",
        "They said no, or nothing in time: we go on where we are.",
        (
            Field(
                "reason",
                "Reason",
                FieldKind.CHOICE,
                ("declined", "no_answer", "victim_changed_mind"),
                required=True,
            ),
            WORDS,
        ),
    ),
    EventKind(
        "record_pared_back",
        "The record was pared back",
        "The victim said no: what there is no more reason to hold was removed. This entry is the receipt.",
        (
            Field("ground", "Because", FieldKind.CHOICE, ("refusal_confirmed", "consent_withdrawn"), required=True),
            Field("removed", "Removed", FieldKind.CHOICES, tuple(REMOVED)),
            *(Field(f"{each}_removed", f"How many: {words}", FieldKind.NUMBER) for each, words in REMOVED.items()),
            Field("kept", "Kept", FieldKind.CHOICES, tuple(KEPT), required=True),
        ),
        opens_form=False,
    ),
    EventKind("note_written", "Write a note", "Kept apart from the history.", (WORDS,)),
    EventKind(
        "case_assigned",
        "Assign the case",
        "One owner at a time.",
        (
            Field("to", "User", FieldKind.CODE, required=True),
            Field(
                "reason",
                "Why it changes hands",
                FieldKind.CHOICE,
                REASSIGNED,
                hint="Needed when somebody else has the case now.",
            ),
        ),
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
