"""Proves that the database itself refuses what the program must never do, with every check of the program gone."""

import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from engine.house import House
from store.database import is_sqlite
from tests.conftest import NOW
from tests.edge.faults.soundness import faults, row_counts
from tests.edge.faults.town import another, approved, case_key, kept_letter, ready, sqlite_file

pytest_plugins = ["tests.edge.faults.fixtures"]


@pytest.fixture
def town(shared_town: House) -> House:
    """One house for all tests of this module, because what is refused leaves nothing behind."""
    return shared_town


WORDS = "history is only ever added to"
EVENT = (
    'INSERT INTO event (service_id, case_id, seq, kind, at, recorded_at, "by", fields, reached, tables, chain) '
    'SELECT service_id, {case}, {seq}, kind, at, recorded_at, "by", fields, reached, tables, chain FROM event '
    "WHERE case_id = :case AND seq = 1"
)
LETTER = (
    "INSERT INTO letter (letter_id, service_id, case_id, kind, occurrence, state, channel, language, format, "
    "template_version, decision, drafted_at) SELECT 'L-SECOND', service_id, {case}, kind, {occurrence}, {state}, "
    "channel, language, format, template_version, decision, drafted_at FROM letter WHERE case_id = :case"
)


def _tries(town: House, statement: str, case_id: int) -> None:
    with town.writing() as connection:
        connection.execute(text(statement), {"case": case_id} if ":case" in statement else {})


def _refuses(town: House, statement: str, case_id: int, fault: type[Exception] = IntegrityError) -> str:
    before = row_counts(town)
    with pytest.raises(fault) as refusal:
        _tries(town, statement, case_id)
    assert row_counts(town) == before
    assert faults(town, NOW) == []
    return str(refusal.value)


@pytest.fixture
def case_id(town: House) -> int:
    """A case with an approved letter in the outbox."""
    return case_key(town, kept_letter(town, approved(town, another(), NOW)).reference).case_id


def test_a_second_event_of_the_same_number_is_refused(town: House, case_id: int) -> None:
    for seq in ("1", "(SELECT max(seq) FROM event WHERE case_id = :case)"):
        _refuses(town, EVENT.format(case=":case", seq=seq), case_id)


def test_what_happened_is_neither_changed_nor_taken_away(town: House, case_id: int) -> None:
    for statement in (
        "UPDATE event SET kind = 'note_written' WHERE case_id = :case AND seq = 1",
        "UPDATE event SET chain = chain",
        "DELETE FROM event WHERE case_id = :case",
        "DELETE FROM event WHERE case_id = :case AND seq = (SELECT max(seq) FROM event WHERE case_id = :case)",
    ):
        assert WORDS in _refuses(town, statement, case_id, DBAPIError)


def test_history_is_not_emptied_or_dropped_row_by_row_through_what_it_hangs_on(town: House, case_id: int) -> None:
    _refuses(town, "DELETE FROM victim_case WHERE case_id = :case", case_id, DBAPIError)
    if not is_sqlite(town.database):
        assert WORDS in _refuses(town, "TRUNCATE event", case_id, DBAPIError)
        _refuses(town, "TRUNCATE victim_case CASCADE", case_id, DBAPIError)


def test_an_event_is_not_replaced_by_another(town: House, case_id: int) -> None:
    statement = EVENT.format(case=":case", seq="1")
    if is_sqlite(town.database):
        _refuses(town, statement.replace("INSERT", "INSERT OR REPLACE"), case_id, DBAPIError)
        _refuses(town, statement.replace("INSERT", "REPLACE"), case_id, DBAPIError)
        _refuses(town, "UPDATE OR REPLACE event SET seq = 2 WHERE case_id = :case AND seq = 1", case_id, DBAPIError)
    else:
        upsert = f"{statement} ON CONFLICT (service_id, case_id, seq) DO UPDATE SET kind = 'note_written'"
        _refuses(town, upsert, case_id, DBAPIError)


def test_an_event_is_not_replaced_by_a_program_that_opens_the_file_itself(sqlite_town: House) -> None:
    case_id = case_key(sqlite_town, ready(sqlite_town, another(), NOW)).case_id
    stranger = sqlite3.connect(sqlite_file(sqlite_town))
    statement = EVENT.format(case=":case", seq="1").replace("INSERT", "INSERT OR REPLACE")

    with pytest.raises(sqlite3.IntegrityError, match=WORDS):
        stranger.execute(statement, {"case": case_id})

    stranger.close()
    assert faults(sqlite_town, NOW) == []


def test_a_second_letter_of_the_same_case_kind_and_occurrence_is_refused(town: House, case_id: int) -> None:
    _refuses(town, LETTER.format(case=":case", occurrence="occurrence", state="state"), case_id)
    other = case_key(town, ready(town, another(), NOW)).case_id
    _refuses(town, f"UPDATE letter SET case_id = {other} WHERE case_id = :case", case_id)  # noqa: S608


def test_a_letter_is_in_the_outbox_once(town: House, case_id: int) -> None:
    _refuses(
        town,
        "INSERT INTO outbox (letter_id, service_id, ready_at, tries) "
        "SELECT letter_id, service_id, drafted_at, 0 FROM letter WHERE case_id = :case",
        case_id,
    )


def test_a_case_has_one_next_action_and_one_summary(town: House, case_id: int) -> None:
    for table in ("action", "case_summary"):
        _refuses(town, f"INSERT INTO {table} SELECT * FROM {table} WHERE case_id = :case", case_id)  # noqa: S608


def test_a_state_that_nobody_knows_is_refused(town: House, case_id: int) -> None:
    _tries(town, _A_USER, case_id)
    for statement in (
        "UPDATE case_summary SET state = 'nonsense' WHERE case_id = :case",
        "UPDATE case_summary SET state = '' WHERE case_id = :case",
        "UPDATE case_summary SET state = 'Closed' WHERE case_id = :case",
        "UPDATE letter SET state = 'sent twice' WHERE case_id = :case",
        "UPDATE person SET kind = 'nonsense'",
        "UPDATE police_force SET model = 'opt_maybe'",
        "UPDATE user_account SET role = 'root'",
        "UPDATE letter SET state = NULL WHERE case_id = :case",
        "UPDATE case_summary SET version = NULL WHERE case_id = :case",
    ):
        _refuses(town, statement, case_id)


_A_USER = (
    "INSERT INTO user_account (service_id, name, role, shown_as, direct_number, password_hash, must_change, "
    "created_at) SELECT service_id, 'x', 'manager', 'x', '', 'x', false, created_at FROM service"
)
ORPHANS: dict[str, str] = {
    "an event of no case": EVENT.format(case="999", seq="99"),
    "a letter of no case": LETTER.format(case="999", occurrence="2", state="'drafted'"),
    "an outbox without its letter": "UPDATE outbox SET letter_id = 'L-NOBODY'",
    "a letter taken from under the outbox": "DELETE FROM letter WHERE case_id = :case",
    "a case of nobody": "UPDATE victim_case SET person_id = 999 WHERE case_id = :case",
    "a person taken from a case": "DELETE FROM person",
    "a next action of no case": "UPDATE action SET case_id = 999 WHERE case_id = :case",
    "a duty of no case": "UPDATE duty SET case_id = 999 WHERE case_id = :case",
    "a summary of no case": "UPDATE case_summary SET case_id = 999 WHERE case_id = :case",
    "a way of reaching nobody": "UPDATE contact_point SET person_id = 999",
    "an answer of nobody": "UPDATE characteristic SET person_id = 999",
    "a receipt for no case": "UPDATE submission SET case_id = 999",
    "a child of no case": "UPDATE case_child SET case_id = 999",
    "a case of no service": "UPDATE victim_case SET service_id = 'elsewhere' WHERE case_id = :case",
    "a service taken away": "DELETE FROM service",
}


def test_nothing_is_left_without_what_it_hangs_on(town: House, case_id: int) -> None:
    for what, statement in ORPHANS.items():
        assert _refuses(town, statement, case_id), what


def test_two_cases_never_share_a_reference(town: House, case_id: int) -> None:
    other = case_key(town, ready(town, another(), NOW)).reference
    _refuses(town, f"UPDATE victim_case SET reference = '{other}' WHERE case_id = :case", case_id)  # noqa: S608


def test_a_rung_is_said_once_and_an_answer_given_once(town: House, case_id: int) -> None:
    said = (
        "INSERT INTO reminder (service_id, case_id, rule, occurrence, rung, raised_at) "
        "SELECT service_id, case_id, 'triage', 1, 'soon', drafted_at FROM letter WHERE case_id = :case"
    )
    answered = (
        "INSERT INTO answer (service_id, caller, key, digest, answer, at) "
        "SELECT service_id, 'rosa', 'k', 'd', '{}', drafted_at FROM letter WHERE case_id = :case"
    )
    received = (
        "INSERT INTO submission (service_id, force, submission_id, digest, received_at, receipt) "
        "SELECT service_id, force, submission_id, digest, received_at, receipt FROM submission"
    )
    for statement in (said, answered):
        _tries(town, statement, case_id)
        _refuses(town, statement, case_id)
    _refuses(town, received, case_id)


def test_every_connection_keeps_the_settings_without_which_work_is_lost(sqlite_town: House) -> None:
    town = sqlite_town
    wanted = {
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "synchronous": 2,
        "journal_mode": "wal",
        "secure_delete": 1,
        "busy_timeout": 10_000,
    }
    town.database.dispose()
    for transaction in (town.reading, town.writing):
        for _ in range(3):
            with transaction() as connection:
                kept = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
            assert kept == wanted
