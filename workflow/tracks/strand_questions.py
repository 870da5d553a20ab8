"""Lists the pure questions that the table of a restorative strand asks, each with its no in words."""

from collections.abc import Callable

from workflow.case import Case
from workflow.events import Event
from workflow.machine import Question
from workflow.readiness import lacking
from workflow.strands import NOBODY, Strand, agreed_item, child_of, conditions_on, named_child, strand
from workflow.vocabulary import Purpose, Track

_ENDS_FOR_THE_CHILD = ("no_further_action", "not_charged", "charge_stopped")


def _mine(asks: Callable[[Strand, Event], bool]) -> Callable[[Case, Event], bool]:
    """A question about the strand of the child that the event is about."""
    return lambda case, event: asks(strand(case, named_child(case, event)), event)


def _settles_the_last(case: Case, event: Event) -> bool:
    agreed = agreed_item(case, event)
    return agreed is not None and len(strand(case, child_of(case, agreed) or NOBODY).open_items) == 1


def _not_lacking(case: Case, event: Event) -> bool:
    return not lacking(case.with_event(event), named_child(case, event), event.day, None)


def _not_barred_then(case: Case, event: Event) -> bool:
    return not conditions_on(case, named_child(case, event), event.day_of("on") or event.day)


invites = Question(lambda case, event: event.fields.get("invited") is True, "It is no invitation.")
was_explained = Question(
    lambda case, event: (
        case.last("restorative_information_given") is not None
        or any(each.fields.get("explained") is True for each in case.of("conversation_recorded"))
    ),
    "Restorative justice was not explained yet.",
)
explains = Question(
    lambda case, event: event.kind == "restorative_information_given" or event.fields.get("explained") is True,
    "Restorative justice was not explained.",
)
was_offered_with_child = Question(
    _mine(lambda mine, event: mine.was_offered), "Restorative justice must be offered before it is answered."
)
suitable = Question(lambda case, event: event.fields.get("suitable") is True, "It is not suitable.")
child_declines = Question(lambda case, event: event.text("reason") == "child_declined", "The child did not decline.")
turns_unsuitable = Question(lambda case, event: event.text("reason") == "unsuitable", "It is not unsuitable.")
item_open = Question(
    lambda case, event: agreed_item(case, event) is not None,
    "Give the number of an item of reparation that is open; the case lists them.",
)
not_lacking = Question(
    _not_lacking, "Both consents, a signed risk assessment and a yes to complex work are needed, and no condition."
)
not_barred_then = Question(_not_barred_then, "A condition bars contact with this child on that day.")
last_item = Question(_settles_the_last, "Other items of reparation are still open.")
items_settled = Question(
    _mine(lambda mine, event: event.text("outcome") != "completed" or not mine.open_items),
    "An item of reparation is still open: say of each whether it was done.",
)
withdraws_restorative = Question(
    lambda case, event: event.text("part") in ("all", Purpose.CONTACT, Purpose.RESTORATIVE_INFORMATION),
    "Restorative justice is not withdrawn.",
)
wants_news = Question(
    lambda case, event: case.states[Track.UPDATES] in ("requested", "updated"), "News of progress is not wanted."
)
ends_for_the_child = Question(
    lambda case, event: (event.text("outcome") or event.text("step")) in _ENDS_FOR_THE_CHILD,
    "The child is still held responsible.",
)
