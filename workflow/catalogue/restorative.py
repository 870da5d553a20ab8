"""Lists the events of restorative justice and reparation."""

from workflow.catalogue.words import WORDS
from workflow.events import EventKind, Field, FieldKind
from workflow.vocabulary import RestorativeKind

_ANSWERED = ("yes", "no", "not_now")

RESTORATIVE: tuple[EventKind, ...] = (
    EventKind(
        "restorative_offered",
        "Restorative justice offered, or not, and why",
        "The reason for inviting or not inviting is kept.",
        (
            Field("invited", "Invited", FieldKind.FLAG, required=True),
            Field(
                "reason",
                "Reason for not inviting",
                FieldKind.CHOICE,
                ("unsafe", "victim_asked_not", "child_denies", "proceedings_barrier", "other"),
            ),
            WORDS,
        ),
    ),
    EventKind(
        "restorative_answered",
        "The victim's answer to restorative justice",
        "Yes begins preparation; not now needs a day to ask again; no keeps them informed.",
        (
            Field("answer", "Answer", FieldKind.CHOICE, _ANSWERED, required=True),
            Field("kind", "Form of restorative justice", FieldKind.CHOICE, tuple(RestorativeKind)),
            Field("ask_again_on", "Ask again on", FieldKind.DAY),
            WORDS,
        ),
    ),
    EventKind(
        "preparation_stopped",
        "Preparation stops",
        "The child declined or it would not be right; nobody is blamed.",
        (
            Field(
                "reason", "Reason", FieldKind.CHOICE, ("child_declined", "unsuitable", "victim_paused"), required=True
            ),
            WORDS,
        ),
    ),
    EventKind(
        "readiness_confirmed",
        "Both sides are ready",
        "Both consents are dated and the risk assessment is signed.",
        (
            Field("victim_consented_on", "Victim's consent dated", FieldKind.DAY, required=True),
            Field("child_consented_on", "Child's consent dated", FieldKind.DAY, required=True),
            Field("risk_assessed_on", "Risk assessment signed", FieldKind.DAY, required=True),
            WORDS,
        ),
    ),
    EventKind(
        "restorative_event_held",
        "A restorative event was held",
        "The meeting, the exchange or the letter took place.",
        (
            Field("kind", "Form of restorative justice", FieldKind.CHOICE, tuple(RestorativeKind), required=True),
            Field("agreement", "An agreement was made", FieldKind.FLAG, required=True),
            WORDS,
        ),
    ),
    EventKind("restorative_event_postponed", "The event is put off", "Both sides are told the same day.", (WORDS,)),
    EventKind(
        "reparation_ended",
        "Reparation has ended",
        "Done or not done, the victim is told honestly.",
        (Field("outcome", "Outcome", FieldKind.CHOICE, ("completed", "not_completed"), required=True), WORDS),
    ),
    EventKind("follow_up_completed", "Follow-up done", "We asked at two and six weeks, or they declined.", (WORDS,)),
)
