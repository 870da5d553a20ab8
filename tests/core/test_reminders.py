"""Reminders: each rung once, on its day, the missed ones as one, and a day on which a case is looked at again."""

from dataclasses import replace
from datetime import date

from tests.core.histories import Steps, consented, contact_due, go_on, history, opened, refused, reported, step
from tests.core.test_actions import law
from workflow.calendar import Calendar, Closure
from workflow.case import Case
from workflow.duties import Duty, duties
from workflow.reminders import RUNGS, is_time_up, next_look, rung_days, rungs_now


def _owed(case: Case, today: date) -> tuple[Duty, ...]:
    rulebook, calendar = law()
    return duties(case, rulebook, calendar, today)


def _complaint() -> Case:
    return history(opened("2026-11-02"), reported("2026-11-02"), step("complaint_received", "2026-11-02"))


def _rungs(case: Case, today: date, rule: str = "complaint-acknowledgement") -> list[str]:
    return [rung for duty, rung in rungs_now(case, _owed(case, today), law()[1], today) if duty.rule.id == rule]


def _said(case: Case, today: date, rung: str) -> Case:
    duty = next(d for d in _owed(case, today) if d.rule.id == "complaint-acknowledgement")
    return go_on(
        case, step("reminder_raised", today, rule=duty.rule.id, occurrence=duty.occurrence, rung=rung, user="clock")
    )


def test_nothing_is_said_before_its_day_and_each_rung_once() -> None:
    case = _complaint()
    days = {
        rung: day
        for duty in _owed(case, date(2026, 11, 3))
        if duty.rule.id == "complaint-acknowledgement"
        for rung, day in rung_days(duty, law()[1])
    }

    assert days["due"] == date(2026, 11, 16)
    assert _rungs(case, date(2026, 11, 4)) == []
    for rung, day in days.items():
        assert _rungs(case, day) == [rung]
        case = _said(case, day, rung)
        assert _rungs(case, day) == []


def test_after_an_outage_the_missed_rungs_come_as_one() -> None:
    case = _complaint()

    long_after = _rungs(case, date(2026, 12, 14))

    assert len(long_after) == 1
    assert RUNGS.index(long_after[0]) > RUNGS.index("due")


def test_a_lower_rung_is_never_said_after_a_higher_one() -> None:
    case = _said(_complaint(), date(2026, 12, 14), "manager")

    assert _rungs(case, date(2026, 12, 15)) == []


def test_a_duty_that_is_met_says_nothing_more() -> None:
    case = go_on(_complaint(), step("complaint_acknowledged", "2026-11-05"))

    assert _rungs(case, date(2026, 12, 14)) == []


def test_a_partners_duty_without_evidence_is_never_a_reminder_to_us() -> None:
    case = _complaint()

    said = [duty.rule.owner for duty, _ in rungs_now(case, _owed(case, date(2027, 1, 4)), law()[1], date(2027, 1, 4))]

    assert set(said) <= {"yjs"}


def test_a_case_is_looked_at_again_on_the_first_day_something_happens_by_itself() -> None:
    case = _complaint()
    today = date(2026, 11, 3)

    look = next_look(case, _owed(case, today), law()[1])

    assert look is not None
    before = rungs_now(
        case, _owed(case, look.fromordinal(look.toordinal() - 1)), law()[1], look.fromordinal(look.toordinal() - 1)
    )
    assert before == []
    assert rungs_now(case, _owed(case, look), law()[1], look) != []


def test_the_time_for_characteristics_passes_on_the_day_after_its_last() -> None:
    case = history(opened("2026-11-23"), reported("2026-11-23"))
    case = go_on(
        case,
        step("consent_recorded", "2026-11-23", decision="yes", model="opt_in", scope="contact"),
        step("safety_recorded", "2026-11-23", phone="yes"),
        step("triage_completed", "2026-11-23"),
    )
    owed = _owed(case, date(2026, 11, 23))

    assert not is_time_up(case, owed, date(2026, 11, 25))
    assert is_time_up(case, owed, date(2026, 11, 26))
    look = next_look(case, owed, law()[1])
    assert look is not None
    assert look <= date(2026, 11, 26)


def test_a_case_whose_characteristics_are_known_has_no_time_to_run_out() -> None:
    case = history(contact_due("2026-11-23"))

    assert not is_time_up(case, _owed(case, date(2027, 1, 1)), date(2027, 1, 1))


def _days_of(case: Case, rule: str) -> dict[str, date]:
    duty = next(d for d in _owed(case, date(2026, 11, 23)) if d.rule.id == rule)
    return dict(rung_days(duty, law()[1]))


def test_a_duty_of_a_day_or_two_is_not_spoken_of_the_moment_it_begins() -> None:
    case = history(opened("2026-11-23"), reported("2026-11-23"))
    unclear = go_on(case, refused("2026-11-23"))

    request, follow_up = _days_of(case, "request"), _days_of(unclear, "officer-follow-up")

    assert "soon" not in request
    assert request["due"] == date(2026, 11, 24)
    assert "soon" not in follow_up
    assert follow_up["due"] == date(2026, 11, 25)


def test_a_word_in_time_comes_two_working_days_after_the_beginning_or_not_at_all() -> None:
    monday = history(contact_due("2026-11-02"), step("complaint_received", "2026-11-06 17:00"))

    for duty in _owed(monday, date(2026, 11, 6)):
        days = dict(rung_days(duty, law()[1]))
        if "soon" in days:
            known = max(duty.began_on, duty.told_on or duty.began_on)
            assert law()[1].working_days_between(known, days["soon"]) >= 2, duty.rule.id


def test_a_promise_with_weeks_of_time_is_spoken_of_on_its_day_and_when_it_is_late_and_not_the_day_before() -> None:
    case = history(contact_due("2026-11-02"), step("attempt_made", "2026-11-03", channel="phone", outcome="reached"))
    case = go_on(
        case,
        step(
            "conversation_recorded",
            "2026-11-03",
            views="declined",
            wants_updates=True,
            wants_support=False,
            explained=True,
        ),
        step("information_only_chosen", "2026-11-03"),
    )

    days = _days_of(case, "informed-check")

    assert list(days) == ["due", "chase", "manager"]
    assert days["due"] == date(2026, 12, 29)


def test_triage_is_spoken_of_only_when_it_is_late_because_its_day_is_the_first_on_which_it_can_be_done() -> None:
    case = history(opened("2026-11-23"), reported("2026-11-23"), consented("2026-11-23"))

    assert _days_of(case, "triage") == {"chase": date(2026, 11, 25), "manager": date(2026, 12, 1)}


def _two_children() -> Case:
    case = history(
        contact_due("2026-11-02"),
        step("child_linked", "2026-11-02", child="CH-1"),
        step("child_linked", "2026-11-02", child="CH-2"),
        step("attempt_made", "2026-11-03", channel="phone", outcome="reached"),
    )
    case = go_on(
        case,
        step(
            "conversation_recorded",
            "2026-11-03",
            views="declined",
            wants_updates=True,
            wants_support=False,
            explained=True,
        ),
    )
    for child in ("CH-1", "CH-2"):
        case = go_on(case, step("restorative_offered", "2026-11-03", child=child, invited=True))
    for child in ("CH-1", "CH-2"):
        answer = step("restorative_answered", "2026-11-03", child=child, answer="yes", kind="letter_of_apology")
        case = go_on(case, answer)
    return case


def test_what_is_owed_for_two_children_on_one_day_is_said_once_and_each_rung_once() -> None:
    case, calendar = _two_children(), law()[1]
    owed = [duty for duty in _owed(case, date(2026, 11, 17)) if duty.rule.id == "preparation-drift"]

    first = _drift_on(case, date(2026, 11, 17))
    after = go_on(case, _word(first[0][0], "2026-11-17", "due"))

    assert len(owed) == 2
    assert [rung for _, rung in first] == ["due"]
    assert _drift_on(after, date(2026, 11, 17)) == []
    assert next_look(after, owed, calendar) == date(2026, 11, 18)
    assert [rung for _, rung in _drift_on(after, date(2026, 11, 18))] == ["chase"]


def _drift_on(case: Case, today: date) -> list[tuple[Duty, str]]:
    found = rungs_now(case, _owed(case, today), law()[1], today)
    return [(duty, rung) for duty, rung in found if duty.rule.id == "preparation-drift"]


def _word(duty: Duty, day: str, rung: str) -> Steps:
    return step("reminder_raised", day, rule=duty.rule.id, occurrence=duty.occurrence, rung=rung, user="clock")


def _closed(*days: tuple[int, int]) -> Calendar:
    closures = tuple(Closure(date(2026, 11, day), "closed") for first, last in days for day in range(first, last + 1))
    return replace(law()[1], closures=closures)


def _rung_days(calendar: Calendar) -> dict[str, date]:
    duty = next(d for d in _owed(_complaint(), date(2026, 11, 3)) if d.rule.id == "complaint-acknowledgement")
    return dict(rung_days(duty, calendar))


def test_a_closed_day_moves_what_is_said_and_never_the_due_day() -> None:
    rulebook, _ = law()
    calendar = _closed((12, 13), (16, 17))

    moved, plain = _rung_days(calendar), _rung_days(law()[1])

    assert (plain["soon"], plain["due"], plain["chase"]) == (date(2026, 11, 13), date(2026, 11, 16), date(2026, 11, 17))
    assert (moved["soon"], moved["due"], moved["chase"]) == (date(2026, 11, 11), date(2026, 11, 11), date(2026, 11, 18))
    today = date(2026, 11, 3)
    assert duties(_complaint(), rulebook, calendar, today) == duties(_complaint(), rulebook, law()[1], today)


def test_the_rungs_keep_their_order_whatever_is_closed() -> None:
    for first in range(9, 27):
        for last in range(first, 28):
            days = _rung_days(_closed((first, last)))
            said = [days[rung] for rung in RUNGS if rung in days]
            assert said == sorted(said)
            assert not {day for day in said if first <= day.day <= last and day.month == 11}


def test_a_case_is_looked_at_on_the_day_to_which_a_word_was_moved() -> None:
    case, calendar = _complaint(), _closed((2, 13))
    owed = _owed(case, date(2026, 11, 3))

    look = next_look(case, owed, calendar)

    assert look is not None
    assert calendar.is_open(look)
    assert rungs_now(case, owed, calendar, look) != []
