"""Holds KPI 10: who counts in which quarter, each person once, both denominators, warnings and differences."""

from dataclasses import replace
from datetime import date

import pytest

from tests.core.histories import (
    attempted,
    contact_due,
    engaged,
    go_on,
    history,
    opened,
    refused,
    reported,
    step,
    talked,
)
from workflow.case import Case
from workflow.kpi import Definition, Line, differences, figures, lines, spoils
from workflow.milestones import milestones
from workflow.quarters import BadQuarter, Quarter, financial_year, quarter_named, quarter_of

DEFINITION = Definition(date(2023, 4, 1), ("conversation",), "attempt", True, ("completed", "not_completed"))
Q4 = Quarter(2026, 4)


def _of(case: Case, victim: int = 1, definition: Definition = DEFINITION, quarter: Quarter = Q4) -> list[Line]:
    return list(lines(case.reference, victim, milestones(case), quarter, definition))


def _ended(case: Case, day: str = "2026-11-20", outcome: str = "completed") -> Case:
    return go_on(case, step("intervention_concluded", day, outcome=outcome))


def test_a_victim_counts_in_the_quarter_in_which_the_childs_intervention_ends() -> None:
    case = _ended(history(engaged("2026-09-01"), talked("2026-09-02")), "2026-10-05")

    assert len(_of(case)) == 1
    assert _of(case, quarter=Quarter(2026, 3)) == []


def test_an_end_without_further_action_counts_only_where_the_setting_says_so() -> None:
    case = _ended(history(contact_due("2026-11-02")), outcome="no_further_action")

    assert _of(case) == []
    assert len(_of(case, definition=replace(DEFINITION, outcomes=("no_further_action",)))) == 1


def test_a_victim_of_two_children_is_one_victim_two_children_and_two_processes() -> None:
    case = history(
        engaged("2026-11-02"),
        talked("2026-11-03"),
        step("child_linked", "2026-11-02", child="CH-1"),
        step("child_linked", "2026-11-02", child="CH-2"),
    )
    counted = figures(_of(_ended(case)))

    assert counted["measures"]["10a"] == 1
    assert counted["measures"]["10b"] == 2
    assert counted["measures"]["10c"] == 2
    assert counted["headline"] == {"numerator": 1, "denominator": 1, "rate": 1.0}
    assert any("10c exceeds 100%" in words for words in counted["warnings"])


def test_two_cases_of_one_person_are_one_victim() -> None:
    first, second = (
        _ended(history(engaged("2026-11-02"), talked("2026-11-03"), reference=name)) for name in ("VC-A", "VC-B")
    )

    assert figures([*_of(first), *_of(second)])["measures"]["10a"] == 1
    assert figures([*_of(first), *_of(second, victim=2)])["measures"]["10a"] == 2


def test_contact_and_processes_do_not_check_consent_and_the_others_do() -> None:
    case = history(opened("2026-11-02"), reported("2026-11-02"), refused("2026-11-02"))
    case = _ended(go_on(case, step("victim_replied", "2026-11-03", channel="phone")))

    counted = figures(_of(case))

    assert counted["measures"]["10g"] == 1
    assert counted["headline"]["denominator"] == 0
    assert counted["of_consented"]["10g"]["rate"] is None
    assert any("10g exceeds 100%" in words for words in counted["warnings"])
    assert spoils(_of(case)[0], None)[:2] == ("child_not_linked", "consent_missing")


def test_the_older_version_divides_by_those_who_asked() -> None:
    asked = _ended(history(engaged("2026-11-02"), talked("2026-11-03"), reference="VC-A"))
    given = go_on(
        history(engaged("2026-11-02"), talked("2026-11-03"), reference="VC-B"),
        step("progress_update_given", "2026-11-10", how="phone"),
    )
    silent = _ended(history(engaged("2026-11-02"), talked("2026-11-03", wants_updates=False), reference="VC-C"))
    everybody = [*_of(asked, 1), *_of(_ended(given), 2), *_of(silent, 3)]

    counted = figures(everybody)

    assert counted["of_consented"]["10e"] == {"numerator": 1, "denominator": 3, "rate": 0.3333}
    assert counted["of_requested"]["10e"] == {"numerator": 1, "denominator": 2, "rate": 0.5}


def test_what_counts_as_engaged_and_as_contacted_is_a_setting() -> None:
    case = _ended(history(contact_due("2026-11-02"), attempted("2026-11-03")))
    reached = replace(DEFINITION, contacted="reached")

    assert _of(case)[0].contacted_on == date(2026, 11, 3)
    assert _of(case, definition=reached)[0].contacted_on is None
    talk = _ended(history(engaged("2026-11-02"), talked("2026-11-03")))
    assert _of(talk)[0].engaged_on == date(2026, 11, 3)
    assert _of(talk, definition=replace(DEFINITION, engaged=("event",)))[0].engaged_on is None


def test_an_opt_out_victim_who_did_not_object_counts_as_consented_only_where_the_setting_says_so() -> None:
    case = history(
        opened("2026-11-02"),
        reported("2026-11-02"),
        step("consent_recorded", "2026-11-02", decision="not_objected", model="opt_out", told_on="2026-11-01"),
    )
    case = _ended(case)

    assert _of(case)[0].consented
    assert not _of(case, definition=replace(DEFINITION, not_objected_counts=False))[0].consented


def test_differences_since_a_return_name_the_rows_and_the_records() -> None:
    line = _of(_ended(history(engaged("2026-11-02"), talked("2026-11-03"))))[0]
    other = replace(line, case="VC-0002", victim=2)

    def document(*counted: Line) -> dict[str, object]:
        return {**figures(counted), "lines": [each.document() for each in counted]}

    found = differences(document(line), document(replace(line, views=not line.views), other))

    assert found["came"] == [{"case": "VC-0002", "child": ""}]
    assert found["went"] == []
    assert found["changed"] == [{"case": "VC-0001", "child": "", "fields": ["views"]}]
    assert {row["row"] for row in found["rows"]} >= {"10a", "consented"}


@pytest.mark.parametrize("name", ["2026", "2026-Q5", "2026-Q0", "26-Q1", "2026-q1", "2026-Q11", "٢٠٢٦-Q1"])
def test_what_is_no_quarter_is_refused(name: str) -> None:
    with pytest.raises(BadQuarter):
        quarter_named(name)


def test_quarters_follow_each_other_and_a_financial_year_begins_in_april() -> None:
    assert quarter_named("2026-Q2").start == date(2026, 4, 1)
    assert quarter_named("2026-Q2").end == date(2026, 6, 30)
    assert Quarter(2026, 4).next == Quarter(2027, 1)
    assert Quarter(2026, 1).before == Quarter(2025, 4)
    assert quarter_of(date(2026, 3, 31)) == Quarter(2026, 1)
    assert [each.name for each in financial_year(date(2026, 3, 31))] == ["2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"]
