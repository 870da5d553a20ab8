"""Lists the events of feedback: asked, given or declined, and what was done about it; answers are codes and numbers."""

from workflow.catalogue.words import WORDS
from workflow.events import EventKind, Field, FieldKind
from workflow.vocabulary import Channel

ROUNDS = ("before", "two_weeks", "six_to_eight_weeks")
"""When feedback is asked: at the first conversation, about two weeks after the event or the end, and about six."""

FORMS = ("adult", "child", "organisation")
"""For whom a form is worded."""

ANSWERS = ("yes", "partly", "no", "not_applicable")
"""What may be answered to a question that is not a scale."""

THEMES = (
    "safety",
    "being_heard",
    "information",
    "pace",
    "choice",
    "access",
    "restorative_justice",
    "worker",
    "other_services",
    "other",
)
"""What feedback, and what is done about it, may be about."""

SCALE = 10
"""The highest number of a scale, which begins at 0."""

SCALES: dict[str, str] = {
    "feels_safe": "How safe they feel (0 to 10)",
    "is_affected": "How much it is affecting them (0 to 10)",
    "knows_what_is_next": "How well they understand what happens next (0 to 10)",
}
"""The questions answered by a number, with their labels."""

CHOICES: dict[str, str] = {
    "felt_safer": "They feel safer",
    "less_fearful": "They are less fearful",
    "coping_better": "They are better able to cope",
    "understood_options": "They understood their options",
    "listened_to": "They were listened to",
    "free_choice": "It was their free choice, without pressure",
    "kept_informed": "They were kept informed",
    "needs_met": "Needs such as language and access were met",
    "views_counted": "Their views made a difference",
    "told_of_completion": "They were told whether the child finished",
    "right_pace": "Contact was at the right pace",
    "satisfied_with_worker": "They are satisfied with the worker",
    "satisfied_with_restorative": "They are satisfied with restorative justice",
    "satisfied_with_justice": "They are satisfied with how their case was dealt with",
    "would_recommend": "They would recommend it",
}
"""The questions answered by a word, with their labels."""

_ROUND = Field("round", "Which of the times", FieldKind.CHOICE, ROUNDS, required=True)
_FORM = Field("form", "Which form", FieldKind.CHOICE, FORMS, required=True)

FEEDBACK: tuple[EventKind, ...] = (
    EventKind(
        "feedback_asked",
        "Feedback was asked for",
        "Once, and once more as a reminder; never by the facilitator alone.",
        (
            _ROUND,
            _FORM,
            Field("time", "First time or reminder", FieldKind.CHOICE, ("first", "reminder"), required=True),
            Field("channel", "Channel", FieldKind.CHOICE, tuple(Channel), required=True),
            Field("asked_by", "Who asked", FieldKind.CODE, required=True, hint="The user name; not the facilitator."),
        ),
    ),
    EventKind(
        "feedback_given",
        "Feedback was given",
        "What they answered. An answer that is not asked for again is left empty; words go to the note.",
        (
            _ROUND,
            _FORM,
            *(Field(code, label, FieldKind.NUMBER) for code, label in SCALES.items()),
            *(Field(code, label, FieldKind.CHOICE, ANSWERS) for code, label in CHOICES.items()),
            Field("themes", "What their words are about", FieldKind.CHOICES, THEMES),
            Field("may_quote", "We may quote them, without their name", FieldKind.FLAG),
            WORDS,
        ),
    ),
    EventKind(
        "feedback_declined", "Feedback was declined", "They were asked and would rather not.", (_ROUND, _FORM, WORDS)
    ),
    EventKind(
        "feedback_raised_concern",
        "Feedback raises a concern",
        "An answer says that they do not feel safe, or that something was not right: somebody acts on it.",
        (
            Field("entry", "Entry", FieldKind.NUMBER, required=True),
            Field("concern", "Concern", FieldKind.CHOICE, ("unsafe", "negative"), required=True),
            Field("about", "About", FieldKind.CHOICES, (*SCALES, *CHOICES), required=True),
        ),
        opens_form=False,
    ),
    EventKind(
        "feedback_acted_on",
        "Feedback was acted on",
        "What was done about an answer that raised a concern.",
        (
            Field("concern", "Concern", FieldKind.CHOICE, ("unsafe", "negative"), required=True),
            Field(
                "done",
                "What was done",
                FieldKind.CHOICE,
                (
                    "safety_looked_at",
                    "talked_with_them",
                    "worker_changed",
                    "way_of_working_changed",
                    "support_offered",
                    "apologised",
                    "complaint_opened",
                    "nothing_wanted",
                ),
                required=True,
            ),
            Field("themes", "What it was about", FieldKind.CHOICES, THEMES),
            WORDS,
        ),
    ),
)
