"""Lists the events of support and of complaints."""

from workflow.catalogue.words import WORDS
from workflow.events import EventKind, Field, FieldKind
from workflow.vocabulary import Owner

SUPPORT: tuple[EventKind, ...] = (
    EventKind(
        "support_referred",
        "Referred to support",
        "Police, or we, referred the victim to a support service.",
        (
            Field("by", "Referred by", FieldKind.CHOICE, (Owner.YJS, Owner.POLICE), required=True),
            Field("outcome", "Outcome", FieldKind.CHOICE, ("referred", "declined", "signposted"), required=True),
            Field("agency", "Agency", FieldKind.CODE),
        ),
    ),
    EventKind("support_reviewed", "Support reviewed", "We asked how things are.", (WORDS,)),
    EventKind(
        "support_ended",
        "The victim says it is enough",
        "Asked, not assumed. The door stays open.",
        (WORDS,),
    ),
    EventKind(
        "complaint_received",
        "A complaint is received",
        "The Code's clock for an acknowledgement starts. It is not feedback, and service goes on.",
        (
            Field(
                "about_worker",
                "The worker it is about",
                FieldKind.CODE,
                hint="Leave it empty where it is about no one worker. That worker does not deal with it.",
            ),
            WORDS,
        ),
    ),
    EventKind(
        "complaint_assigned",
        "Somebody deals with the complaint",
        "Never the worker it is about.",
        (Field("to", "Who deals with it", FieldKind.CODE, required=True), WORDS),
    ),
    EventKind(
        "different_worker_offered",
        "A different worker was offered",
        "The victim need not go on with whom they complain about.",
        (Field("answer", "Their answer", FieldKind.CHOICE, ("accepted", "declined"), required=True), WORDS),
    ),
    EventKind("complaint_acknowledged", "Complaint acknowledged", "And told when to expect an answer.", (WORDS,)),
    EventKind(
        "complaint_answered",
        "Complaint answered",
        "With the way to the next stage and to the Ombudsman.",
        (
            Field("outcome", "Outcome", FieldKind.CHOICE, ("upheld", "partly_upheld", "not_upheld"), required=True),
            WORDS,
        ),
    ),
    EventKind(
        "complaint_escalated",
        "The complaint goes further",
        "To stage 2, which somebody else answers, or to the Ombudsman.",
        (Field("to", "Where to", FieldKind.CHOICE, ("stage_two", "ombudsman"), required=True), WORDS),
    ),
    EventKind(
        "complaint_closed",
        "The complaint is closed",
        "Answered and not taken further, settled or withdrawn by whoever complained, or decided by the Ombudsman.",
        (
            Field(
                "how",
                "How",
                FieldKind.CHOICE,
                ("answered", "settled", "withdrawn", "ombudsman_decided"),
                required=True,
            ),
            WORDS,
        ),
    ),
)
