"""Keeps a table append-only in the database itself, so that even a mistake in our own SQL cannot rewrite history."""

from sqlalchemy import Connection, inspect, text

from store.database import is_sqlite

_WORDS = "history is only ever added to"


def keep_append_only(connection: Connection, table: str) -> None:
    """Refuse UPDATE, DELETE and (on PostgreSQL) TRUNCATE on the table."""
    if is_sqlite(connection):
        for deed in ("UPDATE", "DELETE"):
            connection.execute(
                text(
                    f"CREATE TRIGGER {table}_refuses_{deed.lower()} BEFORE {deed} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
                )
            )
        # INSERT OR REPLACE takes the old row away without asking the trigger above, unless the connection was told to
        # (recursive_triggers), and whoever opens the file with another program was not.
        key = inspect(connection).get_pk_constraint(table)["constrained_columns"]
        same = " AND ".join(f'"{column}" = NEW."{column}"' for column in key)
        connection.execute(
            text(
                f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table} "  # noqa: S608  (names of our own)
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
                f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
            )
        )
        return
    connection.execute(
        text(
            f"CREATE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_WORDS}'; END $$"
        )
    )
    connection.execute(
        text(
            f"CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuses()"
        )
    )
    connection.execute(
        text(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuses()"
        )
    )


def let_go(connection: Connection, table: str) -> None:
    """Take the refusals back, for a downgrade."""
    if is_sqlite(connection):
        for deed in ("update", "delete", "replace"):
            connection.execute(text(f"DROP TRIGGER {table}_refuses_{deed}"))
        return
    connection.execute(text(f"DROP TRIGGER {table}_refuses_change ON {table}"))
    connection.execute(text(f"DROP TRIGGER {table}_refuses_truncate ON {table}"))
    connection.execute(text(f"DROP FUNCTION {table}_refuses()"))
