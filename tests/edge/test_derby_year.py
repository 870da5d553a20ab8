"""Proves that a simulated year comes back from the audit, KPI 10 and the funnel exactly as it was put in."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.checking import check_house
from engine.funnels import funnel_of
from engine.house import House
from engine.kpi import kpi
from engine.reports import compliance
from tests.edge.second_count.agreeing import differing
from tests.edge.second_count.raw import raw_rows
from tests.edge.test_simulate import SEED, Played, played
from workflow.funnel import STEPS
from workflow.milestones import NOT_VICTIMS
from workflow.quarters import quarter_of
from workflow.vocabulary import DIRECT_KINDS, State, Verdict

# What the books of the simulation call it, and what the funnel does.
_LOST = {
    "refusal_confirmed": ("no_consent_confirmed",),
    "police_never_answered": ("police_never_answered",),
    "no_safe_channel": ("unsafe_to_contact",),
    "duplicate": ("duplicate",),
    "withdrew_before_contact": ("opted_out",),
    "transferred_or_not_a_victim": ("transferred", "not_a_victim"),
}


def _comes_back(year: Played) -> None:
    house, ledger = year.house, year.ledger
    start, end = ledger.first_day - timedelta(days=7), ledger.last_day

    found = funnel_of(house, start, end)
    at = {row["step"]: row["number"] for row in found["steps"]}
    lost = found["before_contact"]["lost"]

    assert tuple(at) == STEPS
    assert at["referred"] == ledger.referred
    assert found["contactable"] == at["contacted"] == ledger.contactable == ledger.contacted
    assert at["engaged"] == ledger.engaged
    assert found["engaged_or_told"] == ledger.engaged_or_signposted
    assert (found["direct"], found["indirect"]) == (ledger.direct, ledger.indirect)
    assert found["before_contact"]["in_hand"] == ledger.in_hand
    assert {book: sum(lost.get(name, 0) for name in names) for book, names in _LOST.items() if book in ledger.lost} == (
        ledger.lost
    )
    _duties_come_back(year)
    _quarters_come_back(year)


def _duties_come_back(year: Played) -> None:
    """Every complaint that was put in is a duty to acknowledge it, whatever became of it."""
    rows = compliance(year.house, year.ledger.first_day - timedelta(days=30), year.ledger.last_day)["rules"]
    received = sum(len(case.of("complaint_received")) for case in year.histories)

    counted = [row[verdict] for row in rows if row["rule"] == "complaint-acknowledgement" for verdict in Verdict]

    assert sum(counted) == received


def _quarters_come_back(year: Played) -> None:
    """Each quarter has just the cases of which a child's intervention ended in it, and all meetings are in the year."""
    quarter = quarter_of(year.ledger.first_day)
    while quarter.start <= year.ledger.last_day:
        ended = {
            case.reference
            for case in year.histories
            if case.state is not State.MERGED
            and not any(event.text("reason") in NOT_VICTIMS for event in case.of("case_closed"))
            and any(
                quarter.start <= event.day <= quarter.end and event.text("outcome") != "no_further_action"
                for event in case.of("intervention_concluded")
            )
        }
        assert {line["case"] for line in kpi(year.house, quarter)["lines"]} == ended
        quarter = quarter.next
    held = [case.of("restorative_event_held") for case in year.histories]
    assert sum(any(e.text("kind") in DIRECT_KINDS for e in events) for events in held) == year.ledger.direct


def _differing(year: Played, days: int, step: int) -> list[str]:
    """What the second count finds on so many days, each some days before the other."""
    rows = raw_rows(year.house.settings.database)
    last = year.ledger.last_day
    return [
        f"{day}: {words}"
        for day in (last - timedelta(days=step * number) for number in range(days))
        for words in differing(year.house, rows, day)
    ]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """A small year, played once for the tests of this module."""
    folder = tmp_path_factory.mktemp("small-year")
    year = played(f"sqlite:///{folder / 'year.db'}", folder, 24, SEED)
    yield year
    year.house.database.dispose()


def test_a_small_year_comes_back_exactly_and_agrees_with_a_second_count_from_the_raw_events(small: Played) -> None:
    _comes_back(small)

    assert _differing(small, days=2, step=110) == []


def test_the_second_count_names_what_a_projection_has_wrong(small: Played) -> None:
    rows = raw_rows(small.house.settings.database)
    with small.house.writing() as connection:
        connection.execute(text("UPDATE duty SET took = took + 1 WHERE rule = 'triage' AND took IS NOT NULL"))
        connection.execute(text("UPDATE case_summary SET talked_on = NULL WHERE talked_on IS NOT NULL"))

    found = differing(small.house, rows, small.ledger.last_day, by=("rule",))

    derive_all(small.house)
    assert [words for words in found if words.startswith("compliance by rule, triage, working_days")]
    assert [words for words in found if words.startswith("funnel, engaged, number")]
    assert [words for words in found if words.startswith("KPI") and "headline" in words]
    assert differing(small.house, rows, small.ledger.last_day, by=("rule",)) == []


def derive_all(house: House) -> None:
    """Make every projection again."""
    check_house(house, house.now(), rebuild=True, tell=lambda done, total: None)


@pytest.mark.slow
def test_derbys_year_comes_back_exactly_and_agrees_with_a_second_count_on_ten_days(tmp_path: Path) -> None:
    year = played(f"sqlite:///{tmp_path / 'year.db'}", tmp_path, 202, 2024)

    ledger = year.ledger
    assert (ledger.referred, ledger.contactable, ledger.direct) == (202, 162, 15)
    _comes_back(year)
    assert _differing(year, days=10, step=35) == []
    year.house.database.dispose()
