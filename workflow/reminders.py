"""Decides which rung of a reminder ladder is due, and on which day a case is to be looked at again."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from workflow.calendar import Calendar
from workflow.case import Case
from workflow.duties import Duty
from workflow.vocabulary import State, Verdict

RUNGS = ("soon", "due", "chase", "liaison", "manager")
"""The rungs of a ladder, from the first word to the last."""

_OPEN = (Verdict.RUNNING, Verdict.DUE_TODAY, Verdict.OVERDUE)


def rung_days(duty: Duty, calendar: Calendar) -> Iterator[tuple[str, date]]:
    """The rungs of a duty that is still open, each with its day, in order.  Source: the rule's own ladder.

    On a day on which nobody is at work nothing is said: a word in time comes on the last open day before it, a word
    that it is late on the first one after it.  The due day itself never moves for that.
    """
    if duty.is_settled or duty.verdict not in _OPEN or duty.due_on is None:
        # A partner's duty without evidence is "no data", and nobody is reminded of what may well have been done.
        return
    reminds = duty.rule.reminds
    if reminds.soon is not None:
        yield "soon", calendar.open_day(calendar.add_working_days(duty.due_on, -reminds.soon), earlier=True)
    yield "due", calendar.open_day(duty.due_on, earlier=True)
    for rung in ("chase", "liaison", "manager"):
        after = getattr(reminds, rung)
        if after is not None:
            yield rung, calendar.open_day(calendar.add_working_days(duty.due_on, after), earlier=False)


def _said(case: Case) -> dict[tuple[str, int], int]:
    """The highest rung already said for each duty."""
    said: dict[tuple[str, int], int] = {}
    for event in case.of("reminder_raised"):
        duty = (event.text("rule"), int(event.fields["occurrence"]))
        said[duty] = max(said.get(duty, -1), RUNGS.index(event.text("rung")))
    return said


def rungs_now(case: Case, duties: Sequence[Duty], calendar: Calendar, today: date) -> list[tuple[Duty, str]]:
    """The rungs to say today: for each duty the highest one reached, unless it or a higher one was said.

    After an outage the rungs that were missed come as one, so that nobody gets a week of reminders in a minute.
    """
    said = _said(case)
    found = []
    for duty in duties:
        reached = [rung for rung, day in rung_days(duty, calendar) if day <= today]
        if reached and RUNGS.index(reached[-1]) > said.get((duty.rule.id, duty.occurrence), -1):
            found.append((duty, reached[-1]))
    return found


def is_time_up(case: Case, duties: Sequence[Duty], today: date) -> bool:
    """Whether the time for characteristics has passed, so that contact goes ahead with the gaps."""
    last = _time_box(case, duties)
    return last is not None and last < today


def _time_box(case: Case, duties: Sequence[Duty]) -> date | None:
    if case.state is not State.CHARACTERISTICS_CAPTURE:
        return None
    return next((d.due_on for d in duties if d.rule.id == "needs-time-box" and not d.is_settled), None)


def next_look(case: Case, duties: Sequence[Duty], calendar: Calendar) -> date | None:
    """The day on which something happens to the case by itself; None where only a person can move it."""
    said = _said(case)
    days = [
        day
        for duty in duties
        for rung, day in rung_days(duty, calendar)
        if RUNGS.index(rung) > said.get((duty.rule.id, duty.occurrence), -1)
    ]
    last = _time_box(case, duties)
    if last is not None:
        days.append(last + timedelta(days=1))
    return min(days, default=None)
