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
        "complaint_received", "A complaint is received", "The Code's clock for an acknowledgement starts.", (WORDS,)
    ),
    EventKind("complaint_acknowledged", "Complaint acknowledged", "And told when to expect an answer.", (WORDS,)),
    EventKind(
        "complaint_answered",
        "Complaint answered",
        "With the way to the Ombudsman.",
        (
            Field("outcome", "Outcome", FieldKind.CHOICE, ("upheld", "partly_upheld", "not_upheld"), required=True),
            WORDS,
        ),
    ),
)
