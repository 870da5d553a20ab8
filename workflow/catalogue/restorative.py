"""Lists the events of restorative justice and reparation, each about the strand of one child responsible."""

from workflow.catalogue.words import WORDS
from workflow.events import EventKind, Field, FieldKind
from workflow.vocabulary import RestorativeKind

_ANSWERED = ("yes", "no", "not_now")
_SIDES = ("victim", "child", "both")
_REPARATION = ("apology", "work_for_the_victim", "work_for_the_community", "money", "repair_or_return", "other")

CHILD = Field(
    "child",
    "Child responsible",
    FieldKind.CODE,
    hint="With one child it need not be said. With several, say which.",
)
ITEM = Field("item", "Item of reparation", FieldKind.NUMBER, hint="Its number. With one open item it need not be said.")

RESTORATIVE: tuple[EventKind, ...] = (
    EventKind(
        "restorative_offered",
        "Restorative justice offered, or not, and why",
        "The reason for inviting or not inviting is kept.",
        (
            CHILD,
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
            CHILD,
            Field("answer", "Answer", FieldKind.CHOICE, _ANSWERED, required=True),
            Field("kind", "Form of restorative justice", FieldKind.CHOICE, tuple(RestorativeKind)),
            Field("ask_again_on", "Ask again on", FieldKind.DAY),
            WORDS,
        ),
    ),
    EventKind(
        "preparation_step_taken",
        "A step in the preparation",
        "One side was met or asked: hopes, worries, ground rules, who comes along. Each step starts the count again.",
        (
            CHILD,
            Field("side", "With whom", FieldKind.CHOICE, _SIDES, required=True),
            Field(
                "step",
                "Step",
                FieldKind.CHOICE,
                ("asked", "met", "ground_rules_agreed", "supporters_agreed", "place_agreed", "co_worker_found"),
                required=True,
            ),
            WORDS,
        ),
    ),
    EventKind(
        "restorative_consent_given",
        "Consent to restorative justice, signed",
        "Free, in writing, and of the day it is given: it must be taken again when it grows old.",
        (CHILD, Field("side", "Who consents", FieldKind.CHOICE, _SIDES, required=True), WORDS),
    ),
    EventKind(
        "risk_assessed",
        "Suitability and risk assessed",
        "Somebody looked for conditions and proceedings that bar contact, at motives, power and safety, and signs it.",
        (
            CHILD,
            Field("suitable", "It is suitable", FieldKind.FLAG, required=True),
            Field("signed_by", "Signed by", FieldKind.CODE, required=True),
            Field("signed_on", "Signed on", FieldKind.DAY, required=True),
            Field(
                "is_complex",
                "The work is sensitive or complex",
                FieldKind.FLAG,
                hint="Sexual harm, domestic abuse, hate, a death, violence against a parent, an imbalance of power.",
            ),
            WORDS,
        ),
    ),
    EventKind(
        "complex_work_approved",
        "A manager signs complex work off",
        "Two facilitators and a supervisor are there, and it may go ahead.",
        (CHILD, WORDS),
    ),
    EventKind(
        "preparation_stopped",
        "Preparation stops",
        "The child declined or it would not be right; nobody is blamed.",
        (
            CHILD,
            Field(
                "reason", "Reason", FieldKind.CHOICE, ("child_declined", "unsuitable", "victim_paused"), required=True
            ),
            Field("ask_again_on", "Ask again on", FieldKind.DAY),
            WORDS,
        ),
    ),
    EventKind(
        "readiness_confirmed",
        "Both sides are ready",
        "Both consents are dated and young enough, the risk assessment is signed, and nothing bars contact.",
        (
            CHILD,
            Field("victim_consented_on", "Victim's consent dated", FieldKind.DAY, hint="If it is not on record yet."),
            Field("child_consented_on", "Child's consent dated", FieldKind.DAY, hint="If it is not on record yet."),
            Field("risk_assessed_on", "Risk assessment signed", FieldKind.DAY, hint="If it is not on record yet."),
            WORDS,
        ),
    ),
    EventKind(
        "restorative_event_planned",
        "A day is set for the event",
        "Both sides know the day, the place and who will be there.",
        (
            CHILD,
            Field("on", "Day of the event", FieldKind.DAY, required=True),
            Field("kind", "Form of restorative justice", FieldKind.CHOICE, tuple(RestorativeKind)),
            WORDS,
        ),
    ),
    EventKind(
        "restorative_event_postponed",
        "The event is put off",
        "Both sides are told the same day.",
        (CHILD, WORDS),
    ),
    EventKind(
        "restorative_event_aborted",
        "The event was broken off",
        "It began and did not go on. Both sides are told the same day what happens next.",
        (CHILD, WORDS),
    ),
    EventKind(
        "both_sides_told",
        "Both sides were told",
        "The victim and the child each know that the event is put off or was broken off, and what comes next.",
        (CHILD, WORDS),
    ),
    EventKind(
        "restorative_event_held",
        "A restorative event was held",
        "The meeting, the exchange or the letter took place.",
        (
            CHILD,
            Field("kind", "Form of restorative justice", FieldKind.CHOICE, tuple(RestorativeKind), required=True),
            Field("agreement", "An agreement was made", FieldKind.FLAG, required=True),
            WORDS,
        ),
    ),
    EventKind(
        "restorative_debriefed",
        "Debrief after the event",
        "Straight after it: how it was for whoever took part.",
        (CHILD, Field("side", "With whom", FieldKind.CHOICE, _SIDES, required=True), WORDS),
    ),
    EventKind(
        "reparation_agreed",
        "An item of reparation is agreed",
        "What the child will do, for whom and by when. It gets a number of its own.",
        (
            CHILD,
            Field("kind", "What", FieldKind.CHOICE, _REPARATION, required=True),
            Field("benefits", "For whom", FieldKind.CHOICE, ("victim", "community"), required=True),
            Field("due_on", "To be done by", FieldKind.DAY, required=True),
            WORDS,
        ),
    ),
    EventKind(
        "reparation_item_completed",
        "An item of reparation is done",
        "Somebody saw that it was done.",
        (
            ITEM,
            Field(
                "evidence",
                "How we know",
                FieldKind.CHOICE,
                ("seen_by_worker", "confirmed_by_victim", "confirmed_by_placement", "document", "photograph"),
                required=True,
            ),
            WORDS,
        ),
    ),
    EventKind(
        "reparation_item_failed",
        "An item of reparation will not be done",
        "The victim is told honestly, and something else is offered.",
        (
            ITEM,
            Field(
                "reason",
                "Reason",
                FieldKind.CHOICE,
                ("child_would_not", "child_could_not", "order_ended", "no_longer_wanted", "other"),
                required=True,
            ),
            WORDS,
        ),
    ),
    EventKind(
        "reparation_ended",
        "Reparation has ended",
        "Done or not done, the victim is told honestly.",
        (CHILD, Field("outcome", "Outcome", FieldKind.CHOICE, ("completed", "not_completed"), required=True), WORDS),
    ),
    EventKind(
        "restorative_followed_up",
        "We asked after the event how things are",
        "At about two weeks, and again at six to eight.",
        (
            CHILD,
            Field("when", "Which of the two", FieldKind.CHOICE, ("two_weeks", "six_to_eight_weeks"), required=True),
            Field("outcome", "Outcome", FieldKind.CHOICE, ("asked", "declined"), required=True),
            WORDS,
        ),
    ),
    EventKind(
        "follow_up_completed",
        "Follow-up done",
        "We asked at two and six weeks, or they declined.",
        (CHILD, WORDS),
    ),
    EventKind(
        "child_linked",
        "A child responsible is linked to the case",
        "By reference, never by name. Each child has a strand of restorative justice and walls of information.",
        (Field("child", "Reference of the child", FieldKind.CODE, required=True), WORDS),
    ),
    EventKind(
        "child_unlinked",
        "A child was linked by mistake",
        "The strand of this child ends here; what was recorded about it stays in the history.",
        (
            Field("child", "Child responsible", FieldKind.CODE, required=True),
            Field("reason", "Reason", FieldKind.CHOICE, ("wrong_child", "not_responsible"), required=True),
            WORDS,
        ),
    ),
    EventKind(
        "contact_condition_recorded",
        "A condition bars contact between the child and the victim",
        "Bail, an order or a rule of the child's sentence. While it stands, no event is prepared to the end or held.",
        (
            Field("child", "Child responsible", FieldKind.CODE, hint="Leave it empty where it binds every child."),
            Field(
                "kind",
                "Condition",
                FieldKind.CHOICE,
                ("bail", "dvpo", "restraining", "non_association", "licence", "other"),
                required=True,
            ),
            Field("from", "From", FieldKind.DAY),
            Field("to", "To", FieldKind.DAY, hint="Leave it empty where no end is known."),
            WORDS,
        ),
    ),
    EventKind(
        "contact_condition_ended",
        "A condition that barred contact has ended",
        "Seen in writing. Somebody other than the facilitator says so.",
        (
            Field("child", "Child responsible", FieldKind.CODE, hint="Leave it empty where it bound every child."),
            Field(
                "kind",
                "Condition",
                FieldKind.CHOICE,
                ("bail", "dvpo", "restraining", "non_association", "licence", "other"),
            ),
            WORDS,
        ),
    ),
)
