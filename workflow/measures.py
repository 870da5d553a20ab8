"""Measures one duty: who had the case, how many working days whose hands it was in, and why it was excused."""

from dataclasses import dataclass

from workflow.calendar import Calendar
from workflow.case import TEAM, Case
from workflow.duties import Duty
from workflow.london import london_day


@dataclass(frozen=True, slots=True)
class Measure:
    """What a report says of a duty beside its verdict.

    ``worker`` had the case on the day the duty was settled, or has it now; empty where nobody had.  ``took`` is how
    many working days it was with its owner until it was met, ``waited`` how many it was with police before the owner
    was told; None where it was not met, or the owner was never told.  ``reason`` is the code of a good reason.
    """

    worker: str
    took: int | None
    waited: int | None
    reason: str


def measure(case: Case, duty: Duty, calendar: Calendar) -> Measure:
    """The measure of a duty of a case, counted by the bank holidays known on the day that settled it."""
    known = calendar.as_known_on(duty.settled_on)
    start = duty.told_on or duty.began_on
    waited = known.working_days_between(duty.began_on, duty.told_on) if duty.told_on else None
    took = known.working_days_between(start, max(start, duty.met_on)) if duty.met_on else None
    return Measure(_worker(case, duty), took, waited, duty.reason or "")


def _worker(case: Case, duty: Duty) -> str:
    if duty.settled_on is None:
        return case.assignee
    had = [e for e in case.of("case_assigned") if london_day(e.recorded_at) <= duty.settled_on]
    return had[-1].text("to") if had and had[-1].text("to") != TEAM else ""
