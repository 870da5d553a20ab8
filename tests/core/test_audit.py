"""The audit: the right word on each duty, as it was known on any day, and figures that say what they are made of."""

from datetime import UTC, date, datetime
from typing import Any

from tests.core.histories import contact_due, go_on, history, opened, refused, reported, step
from tests.core.test_actions import law
from workflow.audit import Finding, findings, spread, tally
from workflow.case import Case
from workflow.vocabulary import Verdict

START, END = date(2026, 11, 1), date(2026, 11, 30)


def _findings(case: Case, today: date) -> list[Finding]:
    rulebook, calendar = law()
    return list(findings(case, rulebook, calendar, START, END, today))


def _row(cases: list[Case], rule: str, today: date) -> dict[str, Any]:
    found = [finding for case in cases for finding in _findings(case, today)]
    return next(row for row in tally(found)["rules"] if row["rule"] == rule)


def _informed(reference: str, day: str) -> Case:
    case = history(contact_due("2026-11-02"), reference=reference)
    return go_on(
        case,
        step("attempt_made", day, channel="phone", outcome="reached"),
        step("restorative_information_given", day, how="phone"),
    )


def test_a_rate_is_shown_with_what_it_is_made_of_and_the_cases_behind_it() -> None:
    in_time, too_late = _informed("VC-A", "2026-11-05"), _informed("VC-B", "2026-11-20")
    open_still = history(contact_due("2026-11-24"), reference="VC-C")
    refuser = history(opened("2026-11-02"), reported("2026-11-02"), refused("2026-11-02"), reference="VC-D")
    refuser = go_on(refuser, step("consent_withdrawn", "2026-11-03", part="all"))

    row = _row([in_time, too_late, open_still, refuser], "rj-information", date(2026, 11, 25))

    assert (row["met"], row["met_late"], row["running"], row["lapsed"]) == (1, 1, 1, 1)
    assert (row["numerator"], row["denominator"], row["rate"]) == (1, 2, 0.5)
    assert row["cases"]["met"] == ["VC-A"]
    assert row["cases"]["met_late"] == ["VC-B"]


def test_what_police_owe_and_we_hold_no_record_of_is_no_data_and_in_no_rate() -> None:
    case = history(contact_due("2026-11-02"))

    row = _row([case], "support-referral", date(2026, 11, 25))

    assert (row["no_data"], row["overdue"], row["denominator"], row["rate"]) == (1, 0, 0, None)


def test_events_recorded_later_do_not_count_as_of_an_earlier_day() -> None:
    case = _informed("VC-A", "2026-11-05")
    evening_before = case.as_of(datetime(2026, 11, 4, 20, tzinfo=UTC))

    then = next(f for f in _findings(evening_before, date(2026, 11, 4)) if f.rule.id == "rj-information")
    now = next(f for f in _findings(case, date(2026, 11, 25)) if f.rule.id == "rj-information")

    assert then.verdict is Verdict.RUNNING
    assert now.verdict is Verdict.MET


def test_time_with_police_is_not_charged_to_the_practitioner_and_not_hidden() -> None:
    case = history(
        opened("2026-11-20"),
        reported("2026-11-02", "2026-11-20"),
        step("consent_recorded", "2026-11-20", decision="yes", model="opt_in", scope="contact|restorative_information"),
        step("safety_recorded", "2026-11-20", phone="yes"),
        step("needs_recorded", "2026-11-20", language="en"),
        step("characteristics_recorded", "2026-11-20", asked_by="practitioner"),
        step("triage_completed", "2026-11-20"),
        step("attempt_made", "2026-11-23", channel="phone", outcome="reached"),
        step("restorative_information_given", "2026-11-23", how="phone"),
    )

    finding = next(f for f in _findings(case, date(2026, 11, 25)) if f.rule.id == "rj-information")

    assert finding.verdict is Verdict.MET
    assert finding.code_verdict is Verdict.MET_LATE


def test_a_service_without_cases_has_no_rows_and_no_editions() -> None:
    assert tally([]) == {"editions": [], "by": "rule", "rules": []}


def test_median_and_ninth_tenth_are_those_of_the_days_written_out() -> None:
    assert spread([]) == {"n": 0, "median": None, "p90": None}
    assert spread([(3, 1)]) == {"n": 1, "median": 3, "p90": 3}
    assert spread([(5, 1), (2, 1)]) == {"n": 2, "median": 3.5, "p90": 5}
    assert spread([(1, 9), (40, 1)]) == {"n": 10, "median": 1, "p90": 1}
    assert spread([(1, 8), (40, 2)]) == {"n": 10, "median": 1, "p90": 40}


def test_the_figures_divided_by_anything_add_up_to_the_same() -> None:
    cases = [_informed("VC-A", "2026-11-05"), _informed("VC-B", "2026-11-20")]
    found = [finding for case in cases for finding in _findings(case, date(2026, 11, 25))]

    for by in ("right", "owner", "worker", "team", "enhanced", "month"):
        rows = tally(found, by)["groups"]
        assert sum(row[verdict] for row in rows for verdict in Verdict) == len(found)


def test_days_with_us_are_told_apart_from_days_with_police() -> None:
    case = history(
        opened("2026-11-20"),
        reported("2026-11-02", "2026-11-20"),
        step("consent_recorded", "2026-11-20", decision="yes", model="opt_in", scope="contact|restorative_information"),
        step("safety_recorded", "2026-11-20", phone="yes"),
        step("needs_recorded", "2026-11-20", language="en"),
        step("characteristics_recorded", "2026-11-20", asked_by="practitioner"),
        step("triage_completed", "2026-11-20"),
        step("attempt_made", "2026-11-23", channel="phone", outcome="reached"),
        step("restorative_information_given", "2026-11-23", how="phone"),
    )

    held = _row([case], "rj-information", date(2026, 11, 25))["held"]

    assert held["police"] == {"n": 1, "median": 14, "p90": 14}
    assert held["service"] == {"n": 1, "median": 1, "p90": 1}
