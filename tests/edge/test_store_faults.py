"""Proves that a database that is busy, full or gone refuses cleanly: nothing is half kept, and the next call works."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.pool import QueuePool

from engine.entries import Entry, Written
from engine.house import House
from engine.intake.receive import receive
from engine.record import Deed, record
from store.database import DatabaseBusy, DatabaseUnusable, is_sqlite
from tests.conftest import NOW
from tests.edge.faults.soundness import faults, row_counts
from tests.edge.faults.town import FORCE, ROSA, case_key, ready, told

pytest_plugins = ["tests.edge.faults.fixtures"]


def _impatient(town: House) -> None:
    """Let the connection that is used next wait a tenth of a second instead of ten."""
    with town.database.connect() as connection:
        if is_sqlite(connection):
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000
            connection.exec_driver_sql("PRAGMA busy_timeout=100")
        else:
            assert connection.execute(text("SHOW lock_timeout")).scalar() == "10s"
            connection.execute(text("SET lock_timeout = '100ms'"))
            connection.commit()


@contextmanager
def _held_by_another(town: House, reference: str) -> Iterator[None]:
    """Somebody else writes to the case and does not finish."""
    key = case_key(town, reference)
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with town.writing() as connection:
            connection.execute(text("UPDATE victim_case SET version = version WHERE case_id = :c"), {"c": key.case_id})
            taken.set()
            assert done.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    assert taken.wait(5)
    try:
        yield
    finally:
        done.set()
        thread.join()


def _notes(town: House, reference: str) -> Written:
    return record(town, reference, [Entry("note_written", {"note": "Words."})], actor=ROSA, now=NOW)


def test_a_writer_who_waits_too_long_is_told_and_nothing_is_kept(town: House) -> None:
    reference = ready(town, 1, NOW)
    before = row_counts(town)

    with _held_by_another(town, reference):
        _impatient(town)
        with pytest.raises(DatabaseBusy):
            _notes(town, reference)

    assert row_counts(town) == before
    assert _notes(town, reference).events
    assert faults(town, NOW) == []


def test_more_hands_than_connections_are_told_that_it_is_busy(town: House) -> None:
    reference = ready(town, 1, NOW)
    pool = town.database.pool
    assert isinstance(pool, QueuePool)
    pool._timeout = 0.1
    held = [town.database.connect() for _ in range(pool.size() + pool._max_overflow)]

    with pytest.raises(DatabaseBusy):
        _notes(town, reference)
    with pytest.raises(DatabaseBusy), town.reading():
        pass

    for connection in held:
        connection.close()
    assert _notes(town, reference).events


def _fill(town: House, room: int, deed: Callable[[int], object]) -> int:
    """Do it again and again on a database that may grow by so many pages; gives how often it was acknowledged."""
    town.database.dispose()
    with town.database.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + room}")
    done = 0

    def until_refused() -> None:
        nonlocal done
        for turn in range(1000):
            deed(turn)
            done += 1

    with pytest.raises(DatabaseUnusable, match=r"^The disk of the database is full; nothing was written\."):
        until_refused()
    return done


def test_on_a_full_disk_what_was_acknowledged_is_there_and_nothing_is_half_done(sqlite_town: House) -> None:
    reference = ready(sqlite_town, 1, NOW)

    for room in range(1, 10):
        before, version = row_counts(sqlite_town), case_key(sqlite_town, reference).version

        done = _fill(sqlite_town, room, lambda _: _notes(sqlite_town, reference))

        assert case_key(sqlite_town, reference).version == version + done
        assert row_counts(sqlite_town)["note"] == before["note"] + done
        assert faults(sqlite_town, NOW) == []
    assert row_counts(sqlite_town)["note"] > 9


def test_an_import_on_a_full_disk_takes_each_record_whole_or_not_and_goes_on_when_there_is_room(
    sqlite_town: House,
) -> None:
    taken = 0
    for room in range(1, 10):

        def takes(turn: int, first: int = taken) -> None:
            receive(sqlite_town, told(first + turn), FORCE, "opt_in", NOW)

        taken += _fill(sqlite_town, room, takes)

        counts = row_counts(sqlite_town)
        assert counts["submission"] == counts["victim_case"] == counts["case_summary"] == taken
        assert faults(sqlite_town, NOW) == []
    assert taken > 3
    with sqlite_town.database.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    assert receive(sqlite_town, told(taken), FORCE, "opt_in", NOW).status == "accepted"
    assert faults(sqlite_town, NOW) == []


def _cut(connection: Connection, town: House) -> None:
    """Cut the connection of a transaction that is under way, as a restart of the server does."""
    number = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with town.database.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})


@pytest.mark.postgres
def test_a_connection_that_is_cut_keeps_half_of_nothing_and_the_next_call_works(postgres_town: House) -> None:
    town = postgres_town
    reference = ready(town, 1, NOW)
    before = row_counts(town)

    def cut(deed: Deed) -> None:
        _cut(deed.connection, town)

    for turn in range(5):
        with pytest.raises(DatabaseUnusable) as refused:
            record(
                town,
                reference,
                [Entry("note_written", {"note": "Words."})],
                actor=ROSA,
                now=NOW,
                within=cut,
                key=f"turn-{turn}",
            )
        assert "example" not in str(refused.value)

    assert row_counts(town) == before
    assert _notes(town, reference).events
    assert faults(town, NOW) == []


@pytest.mark.postgres
def test_a_server_that_forgets_its_connections_is_asked_again_without_anybody_noticing(postgres_town: House) -> None:
    town = postgres_town
    reference = ready(town, 1, NOW)
    with town.database.connect() as kept:
        with town.database.connect() as other:
            number = other.execute(text("SELECT pg_backend_pid()")).scalar_one()
        kept.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})

    assert _notes(town, reference).events
    assert _notes(town, reference).events
    assert faults(town, NOW) == []


def test_a_reader_sees_one_picture_while_others_write(town: House) -> None:
    reference = ready(town, 1, NOW)
    with town.reading() as connection:
        before = connection.execute(text("SELECT max(version) FROM victim_case")).scalar_one()
        _notes(town, reference)
        again = connection.execute(text("SELECT max(version) FROM victim_case")).scalar_one()
        events = connection.execute(text("SELECT count(*) FROM event")).scalar_one()

    assert before == again == events
    assert case_key(town, reference).version == before + 1
