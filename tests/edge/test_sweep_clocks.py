"""Proves that clocks that race do each thing once, that an outage is caught up with, and that one broken case waits."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from engine.checking import check_house
from engine.entries import Entry
from engine.house import House
from engine.record import record
from engine.sweep import Swept, sweep
from store import clockwork, people
from store.database import is_sqlite
from tests.conftest import NOW
from tests.edge.faults.soundness import faults, row_counts
from tests.edge.faults.town import ROSA, approved, case, case_key, kinds, printed, ready, take_in, together, token
from workflow.london import start_of_day
from workflow.reminders import RUNGS

pytest_plugins = ["tests.edge.faults.fixtures"]


def _clocks(town: House, number: int, now: datetime) -> list[Swept]:
    def goes_round(clock: str) -> Callable[[], Swept]:
        return lambda: sweep(town, now, clock)

    return together([goes_round(f"clock-{clock}") for clock in range(number)])


def _rungs(town: House, reference: str) -> Counter[tuple[str, str, str]]:
    return Counter(
        (e.text("rule"), e.text("occurrence"), e.text("rung")) for e in case(town, reference).of("reminder_raised")
    )


@pytest.mark.parametrize(
    ("clocks", "cases", "waiting"),
    [
        (2, 40, 30),
        (8, 40, 30),
        pytest.param(2, 400, 300, marks=pytest.mark.slow),
        pytest.param(8, 400, 300, marks=pytest.mark.slow),
    ],
)
def test_clocks_that_race_say_each_rung_once_and_send_each_letter_once(
    town: House, clocks: int, cases: int, waiting: int
) -> None:
    due = [ready(town, number, NOW) for number in range(cases)]
    later = NOW + timedelta(days=9)
    letters = {approved(town, 1000 + number, later) for number in range(waiting)}
    alone = take_in(town, 5000, NOW)
    expected = _said_by_one_clock(town, ready(town, 6000, NOW), later)

    swept = _clocks(town, clocks, later)

    assert [_rungs(town, reference) for reference in due] == [expected] * cases
    assert max(_rungs(town, alone).values()) == 1
    assert sum(each.reminders for each in swept) >= cases * len(expected)
    assert sorted(letter_id for each in swept for letter_id in each.post.sent) == sorted(letters)
    assert printed(town) == letters
    assert not any(each.stuck or each.post.stopped or each.post.put_back for each in swept)
    assert faults(town, later) == []
    with town.reading() as connection:
        assert clockwork.stuck(connection, town.service) == []
        beats = connection.execute(text("SELECT count(*) FROM heartbeat")).scalar_one()
    assert beats == clocks + 1
    assert _nothing_is_left(town, later)


def _said_by_one_clock(town: House, reference: str, now: datetime) -> Counter[tuple[str, str, str]]:
    """What a clock alone says about such a case; each case is as the others, so all must hear the same."""
    with _only(town, reference):
        sweep(town, now, "clock-alone")
    said = _rungs(town, reference)
    assert said
    return said


@contextmanager
def _only(town: House, reference: str) -> Iterator[None]:
    """Let only one case be due for as long as it takes."""
    key = case_key(town, reference)
    with town.writing() as connection:
        connection.execute(text("CREATE TABLE looks AS SELECT case_id, look_on FROM case_summary"))
        connection.execute(text("UPDATE case_summary SET look_on = NULL WHERE case_id <> :c"), {"c": key.case_id})
        connection.execute(text("UPDATE outbox SET ready_at = '2099-01-01 00:00:00'"))
    yield
    with town.writing() as connection:
        back = (
            "UPDATE case_summary SET look_on = (SELECT look_on FROM looks WHERE looks.case_id = case_summary.case_id) "
        )
        connection.execute(text(back + "WHERE case_id <> :c"), {"c": key.case_id})
        connection.execute(text("DROP TABLE looks"))
        connection.execute(text("UPDATE outbox SET ready_at = '2026-01-01 00:00:00'"))


def _nothing_is_left(town: House, now: datetime) -> bool:
    with town.writing() as connection:
        clockwork.beat(connection, town.service, "clock", now)
    before = row_counts(town)
    again = sweep(town, now)
    return (again.reminders, again.moved, again.stuck, again.post.sent) == (0, 0, 0, ()) and row_counts(town) == before


def test_an_outage_of_fourteen_days_is_caught_up_with_one_reminder_for_each_duty(town: House) -> None:
    references = [ready(town, number, NOW) for number in range(10)]
    steady = [ready(town, 100 + number, NOW) for number in range(3)]
    letters = [approved(town, 200 + number, NOW) for number in range(5)]
    after = NOW + timedelta(days=14)
    for reference in steady:
        for day in range(15):
            _sweep_one(town, reference, NOW + timedelta(days=day))

    swept = sweep(town, after)

    every_day = _rungs(town, steady[0])
    for reference in references:
        said = _rungs(town, reference)
        assert set(said.values()) == {1}
        assert {duty[:2] for duty in said} == {duty[:2] for duty in every_day}
        assert len(said) == len({duty[:2] for duty in said}) < len(every_day)
        for rule, occurrence, rung in said:
            missed = [r for u, o, r in every_day if (u, o) == (rule, occurrence)]
            assert RUNGS.index(rung) == max(map(RUNGS.index, missed))
    assert sorted(swept.post.stopped) == sorted(letters)
    assert printed(town) == set()
    assert faults(town, after) == []
    assert _nothing_is_left(town, after)


def _sweep_one(town: House, reference: str, now: datetime) -> None:
    with _only(town, reference):
        sweep(town, now)


def test_time_that_has_passed_moves_a_case_on_once_whoever_sees_it_first(town: House) -> None:
    gaps = {"status": "not_asked"}
    references = [take_in(town, number, NOW, characteristics__religion_or_belief=gaps) for number in range(12)]
    for reference in references:
        record(town, reference, [Entry("triage_completed")], actor=ROSA, now=NOW)
        assert case(town, reference).state == "characteristics_capture"
    later = NOW + timedelta(days=30)

    swept = _clocks(town, 4, later)

    assert sum(each.moved for each in swept) == len(references)
    for reference in references:
        assert kinds(town, reference).count("characteristics_time_passed") == 1
        assert kinds(town, reference).count("letter_drafted") == 1
        assert case(town, reference).state == "contact_due"
    assert faults(town, later) == []


def _spoil(town: House, reference: str, statement: str) -> None:
    """Spoil what is kept of a case, as no program of ours could."""
    key = case_key(town, reference)
    with town.writing() as connection:
        if is_sqlite(connection):
            triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
            for name, _ in triggers:
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            triggers = []
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        connection.execute(text(statement), {"case": key.case_id, "person": key.person_id})
        for _, words in triggers:
            connection.execute(text(words))
        if not is_sqlite(connection):
            connection.execute(text("ALTER TABLE event ENABLE TRIGGER USER"))


SPOILT = {
    "a day that is none": "UPDATE event SET kind = 'decision_scheduled', "
    'fields = \'{"kind":"court_hearing","on":"2026-02-30"}\' WHERE case_id = :case AND seq = 3',
    "an entry of a kind that nobody knows": "UPDATE event SET kind = 'consent_withdrawn_by_letter' "
    "WHERE case_id = :case AND seq = 3",
    "a document that cannot be read": "UPDATE event SET fields = '{' WHERE case_id = :case AND seq = 3",
    "a state that nobody knows": 'UPDATE event SET reached = \'{"journey":"nowhere"}\' '
    "WHERE case_id = :case AND seq = (SELECT max(seq) FROM event WHERE case_id = :case)",
    "a person that does not open": "UPDATE person SET wrapped_key = sealed WHERE person_id = :person",
    "a letter whose decision cannot be read": "UPDATE letter SET decision = '{' WHERE case_id = :case",
}


@pytest.mark.parametrize("statement", SPOILT.values(), ids=SPOILT)
def test_one_case_that_is_broken_is_noted_and_the_others_go_on(town: House, statement: str) -> None:
    references = [ready(town, number, NOW) for number in range(5)]
    letter = approved(town, 100, NOW + timedelta(days=9))
    broken, sound = references[1], [*references[:1], *references[2:]]
    _spoil(town, broken, statement)
    later = NOW + timedelta(days=9)

    swept = sweep(town, later)

    assert swept.stuck == 1
    assert swept.post.sent == (letter,)
    for reference in sound:
        assert sum(_rungs(town, reference).values()) > 0
    with town.reading() as connection:
        ((reference, work, problem, since),) = clockwork.stuck(connection, town.service)
        assert clockwork.last_beat(connection, town.service) == later
    assert (reference, work, since) == (broken, "sweep", later)
    assert problem
    assert "Example" not in problem
    assert faults(town, later, sound) == []

    again = sweep(town, later + timedelta(hours=1))
    assert (again.stuck, again.reminders) == (1, 0)
    with town.reading() as connection:
        assert [since for *_, since in clockwork.stuck(connection, town.service)] == [later]


@pytest.mark.parametrize("statement", SPOILT.values(), ids=SPOILT)
def test_the_check_names_a_broken_case_and_goes_on_with_the_others(town: House, statement: str) -> None:
    references = [ready(town, number, NOW) for number in range(3)]
    _spoil(town, references[1], statement)

    checked = check_house(town, NOW, rebuild=False, tell=lambda done, total: None)

    faulty = " ".join(line["details"] for line in checked["checks"] if line["outcome"] == "failed")
    if "person" not in statement and "letter" not in statement:
        assert not checked["ok"]
        assert references[1] in faulty
    assert references[0] not in faulty
    assert references[2] not in faulty


def test_a_case_that_was_mended_is_no_longer_stuck(town: House) -> None:
    reference = ready(town, 1, NOW)
    later = NOW + timedelta(days=9)
    with town.writing() as connection:
        key = case_key(town, reference)
        victim = people.find(connection, town.keyring, key.person_id)
        connection.execute(text("UPDATE person SET sealed = wrapped_key"))
    assert sweep(town, later).stuck == 1

    with town.writing() as connection:
        people.rewrite(connection, victim, victim.document)
    swept = sweep(town, later)

    assert (swept.stuck, swept.reminders > 0) == (0, True)
    with town.reading() as connection:
        assert clockwork.stuck(connection, town.service) == []


def test_two_clocks_that_meet_the_same_broken_case_both_go_on(town: House) -> None:
    references = [ready(town, number, NOW) for number in range(12)]
    for reference in references[::2]:
        _spoil(town, reference, "UPDATE person SET wrapped_key = sealed WHERE person_id = :person")
    later = NOW + timedelta(days=9)

    swept = _clocks(town, 4, later)

    assert all(each.stuck <= 6 for each in swept)
    for reference in references[1::2]:
        assert set(_rungs(town, reference).values()) == {1}
    with town.reading() as connection:
        assert {reference for reference, *_ in clockwork.stuck(connection, town.service)} == set(references[::2])
    assert faults(town, later, references[1::2]) == []


def test_rebuilding_while_others_write_leaves_every_projection_right(town: House) -> None:
    references = [ready(town, number, NOW) for number in range(12)]

    def rebuilds() -> None:
        for _ in range(4):
            assert check_house(town, NOW, rebuild=True, tell=lambda done, total: None)["checks"]

    def writes() -> None:
        for turn in range(5):
            for reference in references:
                record(town, reference, [token(f"turn-{turn}")], actor=ROSA, now=NOW)

    together([rebuilds, writes])

    assert faults(town, NOW) == []


def test_a_day_begins_when_it_begins_in_london(town: House) -> None:
    summer = datetime(2027, 6, 14, 9, 30, tzinfo=UTC)
    reference = take_in(town, 1, summer)
    with town.reading() as connection:
        due = connection.execute(text("SELECT look_on FROM case_summary")).scalar_one()
    begins = start_of_day(date.fromisoformat(str(due)))
    assert begins.hour == 23

    assert sweep(town, begins - timedelta(minutes=1)).reminders == 0
    assert sweep(town, begins).reminders > 0
    assert case(town, reference).of("reminder_raised")
