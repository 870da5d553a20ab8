"""Lists the events around decisions about the child, and what the victim is told of them."""

from workflow.catalogue.words import WORDS
from workflow.events import EventKind, Field, FieldKind
from workflow.vocabulary import Channel, Owner

_DECISION_KINDS = ("out_of_court_panel", "pre_sentence_report", "referral_order_panel", "court_hearing")
_CHANNELS = tuple(Channel)
ABOUT_A_CHILD = Field(
    "child", "Child responsible", FieldKind.CODE, hint="Leave it empty where it is true of every child of the case."
)

DECIDING: tuple[EventKind, ...] = (
    EventKind(
        "decision_scheduled",
        "A decision is to be made about the child",
        "The victim is to be heard before it.",
        (
            Field("kind", "Decision", FieldKind.CHOICE, _DECISION_KINDS, required=True),
            Field("on", "Day of the decision", FieldKind.DAY, required=True),
        ),
    ),
    EventKind(
        "views_asked",
        "Views were asked",
        "The victim was asked what those who decide should know.",
        (Field("channel", "Channel", FieldKind.CHOICE, _CHANNELS), WORDS),
    ),
    EventKind(
        "views_recorded",
        "Views recorded",
        "Given, declined, or not reached in time: all three are recorded.",
        (Field("outcome", "Outcome", FieldKind.CHOICE, ("given", "declined", "not_reached"), required=True), WORDS),
    ),
    EventKind(
        "views_released",
        "Views released to those who decide",
        "Only what the victim agreed to, to the named audience.",
        (
            Field(
                "audience",
                "Audience",
                FieldKind.CHOICE,
                ("panel", "pre_sentence_report", "case_manager", "court"),
                required=True,
            ),
            Field(
                "words",
                "What they agreed to share",
                FieldKind.NOTE,
                hint="Word for word as the victim agreed it: this is what goes to them, and nothing else.",
            ),
        ),
    ),
    EventKind("decision_made", "The decision was made", "A panel or a court decided.", (WORDS,)),
    EventKind(
        "sentence_passed",
        "Sentence passed",
        "Twelve months or more for a listed offence brings the Victim Contact Scheme.",
        (
            Field("custody_months", "Months of custody", FieldKind.NUMBER, required=True),
            Field("listed_offence", "Specified violent, sexual or terrorism offence", FieldKind.FLAG, required=True),
        ),
    ),
    EventKind(
        "contact_scheme_referred",
        "Referred to the Victim Contact Scheme",
        "Probation's unit has the details.",
        (Field("by", "Referred by", FieldKind.CHOICE, tuple(Owner), required=True),),
    ),
    EventKind("contact_scheme_contacted", "Probation has made contact", "Probation's unit reached the victim.", ()),
    EventKind(
        "intervention_concluded",
        "The child's intervention has ended",
        "The victim is told that it ended.",
        (
            Field(
                "outcome",
                "Outcome",
                FieldKind.CHOICE,
                ("completed", "not_completed", "no_further_action", "not_known"),
                required=True,
            ),
            ABOUT_A_CHILD,
            WORDS,
        ),
    ),
    EventKind(
        "conclusion_notice_given",
        "The victim was told that it ended",
        "The notice that the intervention has concluded.",
        (
            Field("how", "How", FieldKind.CHOICE, ("phone", "in_person", "text", "email", "letter"), required=True),
            WORDS,
        ),
    ),
    EventKind(
        "progress_update_given",
        "News of progress given",
        "A promise kept.",
        (
            Field("how", "How", FieldKind.CHOICE, ("phone", "in_person", "text", "email", "letter"), required=True),
            WORDS,
        ),
    ),
    EventKind(
        "investigation_moved",
        "The investigation moved on",
        "Police owe the victim news of it.",
        (
            Field(
                "step",
                "Step",
                FieldKind.CHOICE,
                (
                    "arrested",
                    "interviewed",
                    "released",
                    "released_on_bail",
                    "under_investigation",
                    "bail_changed",
                    "not_investigated",
                    "out_of_court_disposal",
                    "charged",
                    "no_further_action",
                    "not_charged",
                    "charge_stopped",
                    "charge_altered",
                ),
                required=True,
            ),
            ABOUT_A_CHILD,
            WORDS,
        ),
    ),
    EventKind(
        "court_news_received",
        "Witness care heard from the court",
        "Its clock for telling the victim runs from the receipt.",
        (
            Field(
                "news",
                "News",
                FieldKind.CHOICE,
                (
                    "hearing_date",
                    "bail_outcome",
                    "warrant",
                    "evidence_needed",
                    "special_measures",
                    "outcome",
                    "sentence",
                    "appeal",
                ),
                required=True,
            ),
            WORDS,
        ),
    ),
    EventKind(
        "court_decided",
        "The court decided",
        "The court owes witness care the outcome.",
        (Field("on", "On", FieldKind.CHOICE, ("hearing", "case"), required=True), WORDS),
    ),
    EventKind(
        "partner_deed_recorded",
        "A partner told us it did its duty",
        "Evidence for a rule that we watch and do not owe.",
        (Field("rule", "Rule", FieldKind.CODE, required=True), WORDS),
    ),
)
