"""Decides who may deal with a complaint, and what must be offered before it is answered."""

from workflow.case import Case
from workflow.events import Event
from workflow.machine import Question


def complained_about(case: Case) -> str:
    """The user the last complaint is about; empty where it is about nobody in particular."""
    received = case.last("complaint_received")
    return received.text("about_worker") if received else ""


def _worker_offered(case: Case, _: Event) -> bool:
    received = case.last("complaint_received")
    if received is None or not received.text("about_worker"):
        return True
    return any((each.at, each.seq) > (received.at, received.seq) for each in case.of("different_worker_offered"))


to_stage_two = Question(lambda case, event: event.text("to") == "stage_two", "It does not go to stage 2.")
to_ombudsman = Question(lambda case, event: event.text("to") == "ombudsman", "It does not go to the Ombudsman.")
not_theirs_to_deal_with = Question(
    lambda case, event: not complained_about(case) or event.text("to") != complained_about(case),
    "The complaint is about that worker: somebody else deals with it.",
)
not_by_them = Question(
    lambda case, event: not complained_about(case) or event.by != complained_about(case),
    "The complaint is about you: somebody else deals with it.",
)
worker_offered = Question(
    _worker_offered, "The complaint is about a worker: offer the victim a different one before it is answered."
)
is_closing_early = Question(
    lambda case, event: event.text("how") in ("withdrawn", "settled"),
    "It has no answer yet: only one that was withdrawn or settled is closed before.",
)
