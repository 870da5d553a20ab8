"""Holds the manager's figures against a second, slow count from the raw events, now and on days of the past."""

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.checking import check_house
from engine.entries import Entry
from engine.errors import WrongInput
from engine.funnels import funnel_cases, funnel_of
from engine.house import House
from engine.kpi import freeze, kpi, submitted
from engine.record import record
from engine.reports import Figure, NothingToReport, cases_behind, compliance, end_of
from engine.victim_views import victim_views
from tests.conftest import NOW
from tests.edge.reported_service import FIRST, MORGAN, ROSA, Raw, raw_cases, work
from tests.edge.web_visitors import at
from workflow.duties import duties
from workflow.london import london_day
from workflow.quarters import Quarter
from workflow.vocabulary import Verdict

START, END = date(2026, 4, 1), date(2026, 11, 30)
AS_OF_DAYS = [date(2026, 11, 23) - timedelta(days=19 * number) for number in range(10)]
Q3, Q4 = Quarter(2026, 3), Quarter(2026, 4)


@pytest.fixture
def service(house: House) -> House:
    """A service with half a year of work, on the Monday after it."""
    work(house)
    return at(house, NOW)


def _moment(day: date) -> datetime:
    return min(end_of(day), NOW)


def _known(service: House, day: date) -> list[Raw]:
    return [known for raw in raw_cases(service) if (known := raw.known(_moment(day))).events]


def test_compliance_agrees_with_a_second_count_on_ten_days(service: House) -> None:
    counted = 0
    for day in AS_OF_DAYS:
        today = london_day(_moment(day))
        slow: Counter[tuple[str, str, str]] = Counter()
        behind: dict[tuple[str, str], set[str]] = {}
        calendar = service.calendar.as_known_on(today)
        for raw in _known(service, day):
            case = raw.case()
            enhanced = "enhanced" if case.enhanced_from is not None else "standard"
            for duty in duties(case, service.rulebook, calendar, today):
                if START <= duty.began_on <= END:
                    slow[duty.rule.id, str(duty.verdict), enhanced] += 1
                    behind.setdefault((duty.rule.id, str(duty.verdict)), set()).add(raw.reference)

        report = compliance(service, START, END, _moment(day), with_cases=True)

        quick: Counter[tuple[str, str, str]] = Counter()
        for row in report["rules"]:
            for part in ("enhanced", "standard"):
                for verdict in Verdict:
                    if row[part][verdict]:
                        quick[row["rule"], str(verdict), part] = row[part][verdict]
                    assert row[verdict] == row["enhanced"][verdict] + row["standard"][verdict]
            for verdict, references in row["cases"].items():
                assert set(references) == behind[row["rule"], verdict]
        assert quick == slow, day
        counted += sum(slow.values())
    assert counted > 0


def test_working_days_until_met_agree_with_counting_days_one_by_one(service: House) -> None:
    def working(start: date, end: date) -> int:
        days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
        return sum(day.weekday() < 5 and day not in holidays for day in days)

    weekend = (None, "Saturday", "Sunday")
    span = (FIRST + timedelta(days=number) for number in range(400))
    holidays = {day for day in span if service.calendar.why_not(day) not in weekend}
    taken = []
    for raw in raw_cases(service):
        for duty in duties(raw.case(), service.rulebook, service.calendar, NOW.date()):
            if duty.rule.id == "rj-information" and duty.met_on and duty.told_on:
                taken.append(working(duty.told_on, duty.met_on))

    row = next(r for r in compliance(service, START, END)["rules"] if r["rule"] == "rj-information")

    taken.sort()
    assert row["working_days"]["n"] == len(taken) > 0
    assert row["working_days"]["p90"] == taken[-(-len(taken) * 9 // 10) - 1]
    assert row["held"]["service"] == row["working_days"]


@pytest.mark.parametrize("by", ["right", "owner", "worker", "team", "enhanced", "month"])
def test_every_figure_of_every_division_opens_as_many_cases_as_are_behind_it(service: House, by: str) -> None:
    report = compliance(service, START, END, by=by)
    whole = compliance(service, START, END)

    for verdict in Verdict:
        assert sum(row[verdict] for row in report["groups"]) == sum(row[verdict] for row in whole["rules"])
    for row in report["groups"]:
        for verdict in Verdict:
            found = cases_behind(service, START, END, None, Figure(verdict=str(verdict), key=row["key"], by=by))
            assert bool(found) == bool(row[verdict])
            assert len(found) <= row[verdict]


_CHANNELS = ("phone", "voicemail", "text", "email", "post", "visit")


def _steps(raw: Raw) -> list[bool]:
    """How far a case came, told from its rows alone."""
    said = [e for e in raw.events if e.kind in ("consent_recorded", "consent_renewed", "victim_returned")]
    yes = [e for e in said if "contact" in str(e.fields.get("scope", "")) and e.fields.get("decision", "yes") == "yes"]
    safe = [
        e for e in raw.events if e.kind == "safety_recorded" and "yes" in [e.fields.get(name) for name in _CHANNELS]
    ]
    contacted = [
        e
        for e in raw.events
        if e.kind == "victim_replied"
        or (e.kind == "attempt_made" and e.fields["outcome"] not in ("wrong_person", "number_wrong", "address_wrong"))
    ]
    passed = [
        True,
        any(e.fields.get("reachable") for e in raw.events if e.kind == "details_received"),
        any(e.fields.get("decision") != "not_asked" for e in said),
        bool(yes),
        bool(safe),
        bool(contacted),
        bool(raw.days("conversation_recorded")),
        bool(raw.days("restorative_offered", invited=True) or raw.days("restorative_answered")),
        bool(raw.days("restorative_event_held")),
        bool(raw.days("restorative_event_held") and raw.days("follow_up_completed")),
    ]
    return [all(passed[: place + 1]) for place in range(len(passed))]


def test_the_funnel_agrees_with_a_second_count_on_ten_days_and_opens_its_cases(service: House) -> None:
    for day in AS_OF_DAYS:
        known = _known(service, day)
        slow = [sum(_steps(raw)[place] for raw in known) for place in range(10)]

        found = funnel_of(service, START, END, _moment(day))

        assert [row["number"] for row in found["steps"]] == slow, day
        for row in found["steps"]:
            assert len(funnel_cases(service, START, END, _moment(day), row["step"], None)) == row["number"]
            for reason, number in row["stopped"].items():
                assert len(funnel_cases(service, START, END, _moment(day), row["step"], reason)) == number


def test_kpi_agrees_with_a_second_count_on_ten_days(service: House) -> None:
    for day in AS_OF_DAYS:
        if day < Q3.start:
            continue
        ended = [
            raw
            for raw in _known(service, day)
            if any(Q3.start <= d <= Q3.end for d in raw.days("intervention_concluded"))
        ]
        consented = {raw.person for raw in ended if _steps(raw)[3]}
        talked = {raw.person for raw in ended if raw.days("conversation_recorded")}
        told = {raw.person for raw in ended if raw.days("progress_update_given", "conclusion_notice_given")}
        asked = {raw.person for raw in ended if raw.days("conversation_recorded", wants_updates=True)}

        found = kpi(service, Q3, _moment(day))

        assert found["measures"]["10a"] == len({raw.person for raw in ended})
        assert found["headline"]["numerator"] == len(talked & consented)
        assert found["headline"]["denominator"] == len(consented)
        assert found["measures"]["10e"] == len(told & consented)
        assert found["of_requested"]["10e"] == {
            **found["of_requested"]["10e"],
            "numerator": len(told & asked & consented),
            "denominator": len(asked),
        }


def test_a_return_is_frozen_as_it_was_and_says_what_changed_since(service: House) -> None:
    document = freeze(service, Q3, MORGAN)
    before = submitted(service, Q3, kpi(service, Q3))
    case = document["lines"][0]["case"]
    record(service, case, [Entry("progress_update_given", {"how": "phone"})], actor=_worker(service, case), now=NOW)

    after = submitted(service, Q3, kpi(service, Q3))

    assert before is not None
    assert after is not None
    assert not any(before["differences"].values())
    assert before["by"] == "morgan"
    assert after["rows"] == document["rows"]


def _worker(service: House, case: str) -> Any:
    raw = next(raw for raw in raw_cases(service) if raw.reference == case)
    name = raw.case().assignee
    return type(ROSA)(name, ROSA.role) if name else ROSA


def test_a_quarter_that_is_not_over_cannot_be_frozen_and_one_to_come_has_no_figures(service: House) -> None:
    with pytest.raises(NothingToReport, match="not over"):
        freeze(service, Q4, MORGAN)
    with pytest.raises(NothingToReport, match="not begun"):
        kpi(service, Quarter(2027, 1))

    assert kpi(service, Q4)["is_over"] is False


def test_cases_closed_without_the_end_of_an_intervention_are_listed_because_no_quarter_counts_them(
    service: House,
) -> None:
    raws = {
        raw.reference: raw
        for raw in raw_cases(service)
        if not raw.days("intervention_concluded") and raw.case().is_open and _steps(raw)[3]
    }
    case = sorted(raws)[0]
    record(service, case, [Entry("case_closed", {"reason": "uncontactable"})], actor=MORGAN, now=NOW)

    found = kpi(service, Q4)

    assert case in found["left_out"]
    assert not {line["case"] for line in found["lines"]} & set(found["left_out"])
    assert not [each for each in found["left_out"] if each in raws and each != case]


def test_the_records_that_spoil_a_return_are_due_twenty_working_days_before_the_return_is(service: House) -> None:
    due = date.fromisoformat(kpi(service, Q3)["due_on"])

    listed = date.fromisoformat(kpi(service, Q3)["spoils_listed_from"])

    assert service.calendar.working_days_between(listed, due) == 20
    assert service.calendar.working_days_between(Q3.end, due) == 20


def test_a_period_that_ends_before_it_begins_and_a_day_before_the_first_event_are_said_to_be_so(service: House) -> None:
    with pytest.raises(NothingToReport, match="ends before it begins"):
        compliance(service, END, START)
    with pytest.raises(NothingToReport, match="Nothing was recorded by then"):
        funnel_of(service, START, END, end_of(FIRST - timedelta(days=1)))
    with pytest.raises(WrongInput):
        victim_views(service, END, START)


def test_a_service_without_cases_has_figures_of_nought(house: House) -> None:
    empty = at(house, NOW)

    assert compliance(empty, START, END)["rules"] == []
    assert funnel_of(empty, START, END)["steps"][0]["number"] == 0
    assert kpi(empty, Q3)["headline"] == {"numerator": 0, "denominator": 0, "rate": None}
    assert victim_views(empty, START, END)["cases"] == 0


def test_a_case_of_an_earlier_release_is_derived_until_its_projections_are_made_again(service: House) -> None:
    whole = compliance(service, START, END), funnel_of(service, START, END), kpi(service, Q3)
    with service.writing() as connection:
        connection.execute(text("UPDATE case_summary SET others = NULL, standing = '', contacted_on = NULL"))
        connection.execute(text("UPDATE duty SET took = NULL, worker = ''"))

    again = compliance(service, START, END), funnel_of(service, START, END), kpi(service, Q3)

    assert again == whole


def test_a_projection_that_disagrees_with_its_derivation_is_reported_by_the_check(service: House) -> None:
    before = check_house(service, NOW, rebuild=False, tell=lambda done, total: None)
    with service.writing() as connection:
        connection.execute(text("UPDATE duty SET took = took + 1 WHERE took IS NOT NULL"))

    after = check_house(service, NOW, rebuild=False, tell=lambda done, total: None)

    def outcome(found: dict[str, Any]) -> str:
        return str(next(check["outcome"] for check in found["checks"] if check["what"] == "projections"))

    assert (outcome(before), outcome(after)) == ("ok", "failed")


def test_voice_and_contacts_after_withdrawal_are_counted_with_their_cases(service: House) -> None:
    found = victim_views(service, START, END)
    decisions = sum(len(raw.days("decision_made")) for raw in raw_cases(service))

    assert found["voice"]["decisions"]["number"] == decisions > 0
    assert found["voice"]["decisions"]["number"] == found["voice"]["heard"]["number"] + len(found["voice"]["unheard"])
    assert found["after_withdrawal"] == {"number": 0, "cases": []}
    assert found["complaints"]["number"] == sum(len(raw.days("complaint_received")) for raw in raw_cases(service))


def test_events_recorded_on_the_day_itself_count_and_later_ones_do_not(service: House, tmp_path: Path) -> None:
    day = date(2026, 7, 1)
    there = {raw.reference for raw in _known(service, day)}

    found = set(funnel_cases(service, START, END, end_of(day), "referred", None))

    assert found == there
    assert 0 < len(found) < 15
