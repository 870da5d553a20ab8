"""Brings a database to the newest version of the tables, and tells which version it is at."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlmodel import SQLModel

import store.tables  # noqa: F401  (declare the tables on the metadata)
from store.database import is_sqlite

_FOLDER = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config


@cache
def newest() -> str:
    """The number of the newest migration."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def current(engine: Engine) -> str | None:
    """The number of the migration the database is at; None for an empty database."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: Engine, to: str = "head") -> None:
    """Bring the database to a version, in one transaction; nothing changes where a step fails."""
    with engine.connect() as connection:
        if is_sqlite(engine):
            # Rebuilding a table with foreign keys on would delete the rows that point to it.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config = _config()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, to)
            if is_sqlite(engine):
                orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if orphans is not None:
                    raise RuntimeError(f"A migration left rows of {orphans[0]} without what they point to.")
                connection.exec_driver_sql("COMMIT")
            connection.commit()
        finally:
            raw = connection.connection.driver_connection
            if is_sqlite(engine) and raw is not None:
                if raw.in_transaction:
                    raw.rollback()
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def drift(engine: Engine) -> list[str]:
    """Where the database differs from the tables the code declares; empty when it does not."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, SQLModel.metadata)]
