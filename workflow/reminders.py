"""Decides which rung of a reminder ladder is due, and on which day a case is to be looked at again."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from workflow.bars import is_chased_twice
from workflow.calendar import Calendar
from workflow.case import Case
from workflow.code import LimitKind
from workflow.duties import Duty
from workflow.paring import RULE as PARE_BACK
from workflow.paring import pared_on
from workflow.vocabulary import State, Track, Verdict

_FIRST_CONTACT = ("first-attempt", "rj-information")

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
    if duty.rule.id == PARE_BACK:
        # The clock does it on the day: a word to somebody would only make them try.
        return
    reminds = duty.rule.reminds
    if reminds.soon is not None:
        soon = calendar.open_day(calendar.add_working_days(duty.due_on, -reminds.soon), earlier=True)
        # A word the moment a duty begins, or the day after, tells nobody anything: they have just read what it says.
        if soon > _known_on(duty) and calendar.working_days_between(_known_on(duty), soon) > 1:
            yield "soon", soon
    if reminds.due:
        yield "due", calendar.open_day(duty.due_on, earlier=True)
    for rung in ("chase", "liaison", "manager"):
        after = getattr(reminds, rung)
        if after is not None:
            yield rung, calendar.open_day(calendar.add_working_days(duty.due_on, after), earlier=False)


def _known_on(duty: Duty) -> date:
    """The day from which whoever owes a duty knew of it."""
    told = duty.told_on or duty.began_on
    return told if duty.limit.kind is LimitKind.BEFORE else max(told, duty.counted_from)


def _said(case: Case) -> dict[tuple[str, int], int]:
    """The highest rung already said for each duty."""
    said: dict[tuple[str, int], int] = {}
    for event in case.of("reminder_raised"):
        duty = (event.text("rule"), int(event.fields["occurrence"]))
        said[duty] = max(said.get(duty, -1), RUNGS.index(event.text("rung")))
    return said


def _together(duty: Duty) -> tuple[str, object]:
    """What is said of a duty in one word: with several children, the same rule due on the same day is said once."""
    return (duty.rule.id, duty.due_on if duty.rule.per == "child" else duty.occurrence)


def _said_together(case: Case, duties: Sequence[Duty]) -> dict[tuple[str, object], int]:
    said = _said(case)
    found: dict[tuple[str, object], int] = {}
    for duty in duties:
        place = said.get((duty.rule.id, duty.occurrence), -1)
        found[_together(duty)] = max(found.get(_together(duty), -1), place)
    return found


def rungs_now(case: Case, duties: Sequence[Duty], calendar: Calendar, today: date) -> list[tuple[Duty, str]]:
    """The rungs to say today: for each duty the highest one reached, unless it or a higher one was said.

    After an outage the rungs that were missed come as one, so that nobody gets a week of reminders in a minute.
    """
    said = _said_together(case, duties)
    found = []
    for duty in duties:
        reached = [rung for rung, day in rung_days(duty, calendar) if day <= today]
        if reached and RUNGS.index(reached[-1]) > said.get(_together(duty), -1):
            said[_together(duty)] = RUNGS.index(reached[-1])
            found.append((duty, reached[-1]))
    return found


def is_time_up(case: Case, duties: Sequence[Duty], today: date) -> bool:
    """Whether the time for characteristics has passed, so that contact goes ahead with the gaps."""
    ends = _time_box_ends(case, duties)
    return ends is not None and ends <= today


def hold_until(case: Case) -> date | None:
    """The day on which the hold of a case is to be looked at again; None where none stands or the day was noted."""
    placed = case.last("hold_placed") if case.is_open and case.states[Track.HOLD] == "held" else None
    return placed.day_of("until") if placed else None


def _time_box_ends(case: Case, duties: Sequence[Duty]) -> date | None:
    """The first day on which asking for characteristics no longer holds up the contact.

    It is the day after the time box, and never later than the day by which the victim is to hear from us.
    """
    if case.state is not State.CHARACTERISTICS_CAPTURE:
        return None
    days = {duty.rule.id: duty.due_on for duty in duties if not duty.is_settled and duty.due_on is not None}
    if "needs-time-box" not in days:
        return None
    contact = [days[rule] for rule in _FIRST_CONTACT if rule in days]
    return min([days["needs-time-box"] + timedelta(days=1), *contact])


def silence_ends(case: Case, duties: Sequence[Duty]) -> date | None:
    """The first day on which nobody waits for police who did not answer two chases; None while there is none.

    The rule ``consent-record`` begins again with each chase, and its last day is the last day of waiting.
    """
    if case.state is not State.AWAITING_CONSENT_RECORD or not is_chased_twice(case):
        return None
    days = [d.due_on for d in duties if d.rule.id == "consent-record" and not d.is_settled and d.due_on is not None]
    return max(days) + timedelta(days=1) if days else None


def transfer_ends(case: Case, duties: Sequence[Duty]) -> date | None:
    """The first day on which a case that another service did not take is ours again; None where none was offered."""
    if not case.is_open or case.states[Track.TRANSFER] != "offered":
        return None
    days = [d.due_on for d in duties if d.rule.id == "transfer-answer" and not d.is_settled and d.due_on is not None]
    return max(days) + timedelta(days=1) if days else None


def time_moves(case: Case, duties: Sequence[Duty], today: date) -> list[tuple[str, Mapping[str, str]]]:
    """What time alone does to a case today: the event kinds that the clock records, with their fields."""
    found: list[tuple[str, Mapping[str, str]]] = []
    if is_time_up(case, duties, today):
        found.append(("characteristics_time_passed", {}))
    silence, transfer, until = silence_ends(case, duties), transfer_ends(case, duties), hold_until(case)
    if silence is not None and silence <= today:
        found.append(("consent_record_time_passed", {}))
    if transfer is not None and transfer <= today:
        found.append(("transfer_returned", {"reason": "no_answer"}))
    if until is not None and until <= today:
        found.append(("hold_time_passed", {"until": until.isoformat()}))
    return found


def next_look(case: Case, duties: Sequence[Duty], calendar: Calendar) -> date | None:
    """The day on which something happens to the case by itself; None where only a person can move it."""
    said = _said_together(case, duties)
    days = [
        day
        for duty in duties
        for rung, day in rung_days(duty, calendar)
        if RUNGS.index(rung) > said.get(_together(duty), -1)
    ]
    by_itself = (
        _time_box_ends(case, duties),
        silence_ends(case, duties),
        transfer_ends(case, duties),
        hold_until(case),
        pared_on(case, duties),
    )
    return min((*days, *(day for day in by_itself if day is not None)), default=None)
