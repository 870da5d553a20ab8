"""Opens the database, SQLite or PostgreSQL, and gives out transactions: reading ones and writing ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.pool import ConnectionPoolEntry

from store.unseen import hide, watch

_BUSY_MILLISECONDS = 10_000
_BUSY = "The database is busy; nothing was written. Try again."
_BUSY_WORDS = ("database is locked", "database table is locked", "deadlock detected", "due to lock timeout")


class DatabaseBusy(Exception):
    """Another writer kept the database longer than we wait; nothing was written, and trying again is safe."""


class DatabaseUnusable(Exception):
    """The database cannot be opened or written; the message says why without a path or a password."""


def open_database(url: str) -> Engine:
    """An engine for the URL, with the settings without which work is lost (assurance.md section 1)."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, hide_parameters=True, connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        watch(engine)
        return engine
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(parsed.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True)
        event.listen(engine, "connect", _prepare_postgresql)
        watch(engine)
        return engine
    raise DatabaseUnusable("The database must be SQLite or PostgreSQL.")


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    # The driver's own transactions would open none before a SELECT, and lose updates without an error.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "secure_delete=ON",
        "cache_size=-65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: Any, _: ConnectionPoolEntry) -> None:
    # Without it, a writer that hangs makes every other writer of its case wait for ever.
    connection.execute(f"SET lock_timeout = {_BUSY_MILLISECONDS}")
    connection.commit()


def is_sqlite(bind: Engine | Connection) -> bool:
    """Whether this is SQLite."""
    return bind.dialect.name == "sqlite"


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except NoConnectionFree:
        raise DatabaseBusy(_BUSY) from None
    except OperationalError:
        raise DatabaseUnusable("The database cannot be reached.") from None
    with connection:
        yield connection


@contextmanager
def reading(engine: Engine, unseen: frozenset[int] = frozenset()) -> Iterator[Connection]:
    """A transaction that only reads: a steady picture, and no writer waits for it.

    It reads as if the cases of the ``unseen`` numbers did not exist.  Raises DatabaseBusy or DatabaseUnusable.
    """
    with _connected(engine) as connection:
        if is_sqlite(engine):
            connection.exec_driver_sql("BEGIN DEFERRED")
        else:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        hide(connection, unseen)
        try:
            yield connection
        finally:
            connection.rollback()
            _end_sqlite(connection)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: everything in it is committed once, or nothing is.

    On SQLite it takes the write lock at once; on PostgreSQL the caller locks its rows.  Raises DatabaseBusy or
    DatabaseUnusable.
    """
    with _connected(engine) as connection:
        is_ending = False
        try:
            if is_sqlite(engine):
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            is_ending = True
            if is_sqlite(engine):
                connection.exec_driver_sql("COMMIT")
            connection.commit()
        except BaseException as fault:
            _undo(connection)
            if isinstance(fault, DBAPIError):
                refused = _refused(fault, is_ending)
                if refused is not None:
                    raise refused from None
            raise


def _undo(connection: Connection) -> None:
    connection.rollback()
    _end_sqlite(connection)


def _end_sqlite(connection: Connection) -> None:
    """Roll back what is still open: with our own BEGIN the driver does not know of it."""
    raw = connection.connection.driver_connection
    if is_sqlite(connection) and raw is not None and raw.in_transaction:
        raw.rollback()


def _refused(fault: DBAPIError, is_ending: bool) -> Exception | None:
    """What a fault of the database means for the caller; None where it is a mistake of ours."""
    words = str(fault.orig)
    if any(busy in words for busy in _BUSY_WORDS):
        return DatabaseBusy(_BUSY)
    if "disk is full" in words or "No space left on device" in words:
        return DatabaseUnusable("The disk of the database is full; nothing was written. Make room and try again.")
    if fault.connection_invalidated:
        # Cut off while it ends, a transaction may stand or not: only the same key tells.
        written = "look whether it was written" if is_ending else "nothing was written"
        return DatabaseUnusable(f"The connection to the database was lost; {written}. Try again.")
    return None


def new_number(result: CursorResult[Any]) -> int:
    """The number the database gave to the row that was just inserted."""
    key = result.inserted_primary_key
    if key is None:
        raise DatabaseUnusable("The database gave no number to a new row.")
    return int(key[0])


def is_empty(engine: Engine) -> bool:
    """Whether no table is there yet."""
    return not inspect(engine).get_table_names()
