"""Shows one worker the days before them: what is arranged, what falls due, and how they keep the Code."""

import re
from datetime import timedelta

from engine.entries import Actor, Entry
from engine.house import House
from engine.record import record
from engine.week import own_compliance, week_of
from tests.conftest import NOW
from tests.edge.web_visitors import at, new_case, practitioner_on
from workflow.events import Fields
from workflow.vocabulary import Role

ROSA = Actor("rosa", Role.PRACTITIONER)


def _case(house: House, number: int, *entries: Entry, owner: str = "rosa") -> str:
    case = new_case(house, submission_id=f"WEEK-{number}", incident__crime_reference=f"26{number:05}/26")
    record(house, case, [Entry("case_assigned", {"to": owner})], actor=Actor(owner, Role.PRACTITIONER), now=NOW)
    for entry in entries:
        record(house, case, [entry], actor=ROSA, now=NOW)
    return case


def test_a_decision_a_late_case_and_one_that_comes_back_stand_on_their_days(house: House) -> None:
    day = NOW.date() + timedelta(days=2)
    decision: Fields = {"kind": "out_of_court_panel", "on": day.isoformat()}
    heard = _case(house, 1, Entry("triage_completed"), Entry("decision_scheduled", decision))
    back = (NOW.date() + timedelta(days=3)).isoformat()
    _case(house, 2, Entry("hold_placed", {"reason": "illness", "until": back}))
    _case(house, 3, owner="imran")

    week = week_of(house, "rosa", NOW)
    later = week_of(house, "rosa", NOW + timedelta(days=30))

    assert [(each.day, each.what, each.case) for each in week.arranged] == [(day, "decision", heard)]
    assert sum(each.due for each in week.load) == 1
    assert [each.day.isoformat() for each in week.load if each.comes_back] == [back]
    assert len(week.load) == 10
    assert all(each.day.weekday() < 5 for each in week.load)
    assert (week.late, later.late) == (0, 2)


def test_the_page_shows_ones_own_figures_with_the_cases_behind_them_and_nobody_elses(house: House) -> None:
    mine, theirs = _case(house, 1, Entry("triage_completed")), _case(house, 2, owner="imran")

    page = practitioner_on(house).get("/queue/week").text

    kept = own_compliance(at(house, NOW), "rosa", NOW.date() - timedelta(days=60), NOW.date())
    assert kept is not None
    assert mine in kept["cases"]["running"]
    assert mine in page
    assert theirs not in page
    assert re.search(r'<svg[^>]+role="img"[^>]+What falls due on each working day', page)
    assert own_compliance(at(house, NOW), "morgan", NOW.date() - timedelta(days=60), NOW.date()) is None
