"""Decides whether feedback may be asked for now, and by whom: once and one reminder, never by the facilitator alone."""

from workflow.case import Case
from workflow.catalogue.feedback import SCALE
from workflow.consent import agreed, ledger
from workflow.events import Event
from workflow.machine import Question
from workflow.vocabulary import Purpose

# Whoever recorded one of these led the work between the two sides.
_FACILITATED = ("restorative_event_held", "restorative_debriefed", "preparation_step_taken", "readiness_confirmed")
ANSWERED = ("feedback_given", "feedback_declined")
"""The event kinds that answer what was asked."""


def facilitators(case: Case) -> frozenset[str]:
    """The users who led the work between the two sides."""
    return frozenset(event.by for event in case.of(*_FACILITATED))


def _is_welcome(case: Case, _: Event) -> bool:
    asked = Purpose.ANONYMOUS_FEEDBACK
    answers = [each for each in ledger(case) if each.kind != "consent_withdrawn" or each.text("part") == asked]
    last = answers[-1] if answers else None
    refused = last is not None and (last.kind == "consent_withdrawn" or asked in last.items("scope_refused"))
    return Purpose.CONTACT in agreed(case) and not refused


def _in_round(case: Case, event: Event, *kinds: str) -> tuple[Event, ...]:
    return tuple(each for each in case.of(*kinds) if each.text("round") == event.text("round"))


def _in_turn(case: Case, event: Event) -> bool:
    asked = [each.text("time") for each in _in_round(case, event, "feedback_asked")]
    return asked == ([] if event.text("time") == "first" else ["first"])


feedback_welcome = Question(
    _is_welcome, "The victim's consent does not cover contact, or they do not want to be asked for feedback."
)
asked_in_turn = Question(_in_turn, "Feedback is asked for once at each time, and once more as a reminder.")
not_answered = Question(
    lambda case, event: not _in_round(case, event, *ANSWERED), "They have answered for that time, or would rather not."
)
not_by_facilitator = Question(
    lambda case, event: event.text("asked_by") not in facilitators(case),
    "Whoever led the work between the two sides does not ask for feedback: somebody else asks, and is named here.",
)
on_its_scale = Question(
    lambda case, event: all(0 <= value <= SCALE for value in event.fields.values() if type(value) is int),
    "A scale goes from 0 to 10.",
)
says_something = Question(
    lambda case, event: bool(set(event.fields) - {"round", "form", "may_quote", "themes"}),
    "Give at least one answer, or record that feedback was declined.",
)
is_raised = Question(
    lambda case, event: any(
        each.text("concern") == event.text("concern") for each in case.of("feedback_raised_concern")
    ),
    "No feedback raised that concern.",
)
