"""Proves that pages of the queue come in the order that is decided, by an index, and anew each day without a write."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from engine.house import House
from engine.worklist import numbers, queue_page
from store import projections
from store.database import is_sqlite
from tests.conftest import NOW
from tests.edge.faults.soundness import row_counts
from tests.edge.queue_rows import TODAY, lines
from workflow.actions import is_resting, queue, tier_on
from workflow.case import TEAM
from workflow.views import Only, View

pytest_plugins = ["tests.edge.faults.fixtures"]


def _kept(town: House) -> Any:
    with town.reading() as connection:
        return projections.queue_lines(connection, town.service, None)


@pytest.mark.parametrize("later", [0, 1, 2, 30])
def test_the_database_sorts_as_the_queue_is_decided(town: House, later: int) -> None:
    lines(town, 400)
    now, today = NOW + timedelta(days=later), TODAY + timedelta(days=later)
    decided = [line.case for line in queue(_kept(town), town.calendar, today)]

    found = queue_page(town, None, now).lines
    pages = [
        line["case"]
        for start in range(0, 400, 90)
        for line in queue_page(town, None, now, limit=90, offset=start).lines
    ]

    assert [line["case"] for line in found] == decided
    assert pages == decided


@pytest.mark.parametrize("view", [View.TEAM, View.UNASSIGNED, View.ADRIFT])
@pytest.mark.parametrize("limit", [1, 7, 50])
def test_the_pages_of_a_large_view_are_the_whole_view_in_its_order(town: House, view: View, limit: int) -> None:
    """Whatever a page leaves out early, it leaves out nothing that belongs on it."""
    lines(town, 300)
    whole = queue_page(town, view, NOW, user="rosa").lines

    starts = (0, limit, len(whole) // 2, max(0, len(whole) - limit), len(whole))
    pages = {start: queue_page(town, view, NOW, user="rosa", limit=limit, offset=start) for start in starts}

    assert {start: page.lines for start, page in pages.items()} == {
        start: whole[start : start + limit] for start in starts
    }
    assert {page.total for page in pages.values()} == {len(whole)}


def test_every_line_that_is_ours_stands_in_one_place_and_is_counted_there(town: House) -> None:
    lines(town, 300)
    kept = _kept(town)
    resting = {line.case for line in kept if is_resting(line.action, TODAY)}

    shown = {view: {line["case"] for line in queue_page(town, view, NOW, user="rosa").lines} for view in View}
    counted = numbers(town, "rosa", NOW)

    assert shown[View.MINE] == {line.case for line in kept if line.owner == "rosa"} - resting
    assert shown[View.UNASSIGNED] == {line.case for line in kept if line.owner == TEAM} - resting
    assert shown[View.TEAM] == {line.case for line in kept} - resting
    assert shown[View.HOLD] | shown[View.WAITING] == resting
    assert not shown[View.HOLD] & shown[View.WAITING]
    assert shown[View.ADRIFT] == {line.case for line in kept if line.owner == TEAM}
    assert counted == {view: len(cases) for view, cases in shown.items()}
    assert len(shown[View.HOLD]) > 5
    assert len(shown[View.WAITING]) > 5


@pytest.mark.parametrize(
    ("only", "fits"),
    [
        (Only(tier=2), lambda line: tier_on(line.action, TODAY) == 2),
        (Only(action="try_again"), lambda line: line.action.name == "try_again"),
        (Only(overdue=True), lambda line: line.action.due_on < TODAY),
        (Only(enhanced=True), lambda line: line.enhanced),
        (Only(child_victim=True), lambda line: line.child_victim),
        (Only(due_by=TODAY + timedelta(days=5)), lambda line: line.action.due_on <= TODAY + timedelta(days=5)),
        (Only(owner="imran"), lambda line: line.owner == "imran"),
    ],
    ids=["tier", "action", "overdue", "enhanced", "child", "due-by", "owner"],
)
def test_a_filter_leaves_what_it_says_and_says_how_much_that_is(town: House, only: Only, fits: Any) -> None:
    lines(town, 300)
    expected = {line.case for line in _kept(town) if fits(line) and not is_resting(line.action, TODAY)}

    page = queue_page(town, View.TEAM, NOW, only=only, limit=10)
    whole = queue_page(town, View.TEAM, NOW, only=only)

    assert {line["case"] for line in whole.lines} == expected
    assert (page.total, len(page.lines)) == (len(expected), 10)


def test_a_new_day_orders_anew_and_writes_nothing(town: House) -> None:
    lines(town, 200)
    before, rows = [line["case"] for line in queue_page(town, View.TEAM, NOW).lines], row_counts(town)
    with town.reading() as connection:
        kept = connection.execute(text("SELECT * FROM action ORDER BY case_id")).all()

    later = queue_page(town, View.TEAM, NOW + timedelta(days=3)).lines

    both = set(before)
    assert [line["case"] for line in later if line["case"] in both] != before
    assert row_counts(town) == rows
    with town.reading() as connection:
        assert connection.execute(text("SELECT * FROM action ORDER BY case_id")).all() == kept


@pytest.mark.parametrize("view", [View.MINE, View.UNASSIGNED, View.HOLD, View.WAITING])
def test_a_page_is_one_query_by_an_index_whatever_its_place(sqlite_town: House, view: View) -> None:
    lines(sqlite_town, 300)
    said: list[tuple[str, Any]] = []
    event.listen(
        sqlite_town.database, "before_cursor_execute", lambda _c, _u, words, given, _x, _m: said.append((words, given))
    )

    queue_page(sqlite_town, view, NOW, user="rosa", limit=20, offset=20)

    pages = [(words, given) for words, given in said if "ORDER BY" in words and "action.reason" in words]
    assert len(pages) == 1
    with sqlite_town.reading() as connection:
        assert is_sqlite(connection)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {pages[0][0]}", pages[0][1]).all()
    assert any("USING INDEX ix_action" in row[-1] for row in plan), plan
