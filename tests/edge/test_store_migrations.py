"""Proves that the migrations make exactly the declared tables, go back and forth, and take no row with them."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from engine.house import House
from store import migrate
from store.database import is_sqlite, open_database
from tests.conftest import NOW
from tests.edge.faults.soundness import faults, row_counts
from tests.edge.faults.town import approved

pytest_plugins = ["tests.edge.faults.fixtures"]

NEWEST = migrate.newest()
MIGRATIONS = Path(migrate.__file__).parent / "migrations"


def _described(engine: Engine) -> dict[str, Any]:
    """Every table of the database but that of the migrations: columns, keys, constraints and indexes."""
    seen = inspect(engine)
    return {
        table: {
            "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in seen.get_columns(table)],
            "key": seen.get_pk_constraint(table),
            "points to": _sorted(seen.get_foreign_keys(table)),
            "once": _sorted(seen.get_unique_constraints(table)),
            "checks": _sorted(seen.get_check_constraints(table)),
            "indexes": _sorted(seen.get_indexes(table)),
        }
        for table in seen.get_table_names()
        if table != "alembic_version"
    }


def _sorted(found: Any) -> list[Any]:
    # A condition of an index is an object that equals nothing but itself; its words are what counts.
    plain = ({**each, "dialect_options": _words(each.get("dialect_options", {}))} for each in found)
    return sorted(plain, key=lambda each: str(each["name"]))


def _words(options: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in options.items()}


def _triggers(engine: Engine) -> list[str]:
    """The names of the triggers that keep the history."""
    kept = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        if is_sqlite(engine)
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    )
    with engine.connect() as connection:
        return list(connection.execute(text(kept)).scalars())


def _back_to_nothing(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        if is_sqlite(engine):
            # As on the way up: a table that is built anew must not be missed by the rows that point to it.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        if is_sqlite(engine):
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        connection.commit()


def test_a_fresh_database_has_exactly_the_declared_tables(database: str) -> None:
    engine = open_database(database)

    migrate.migrate(engine)

    assert migrate.current(engine) == migrate.newest()
    assert migrate.drift(engine) == []
    migrated = _described(engine)
    _back_to_nothing(engine)
    assert _described(engine) == {}
    SQLModel.metadata.create_all(engine)
    assert _described(engine) == migrated
    engine.dispose()


def test_a_table_that_is_not_as_declared_is_noticed(database: str) -> None:
    engine = open_database(database)
    migrate.migrate(engine)

    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE victim_case ADD COLUMN surprise VARCHAR"))
        connection.execute(text("DROP INDEX ix_outbox_ready"))

    assert len(migrate.drift(engine)) == 2
    engine.dispose()


def test_down_to_nothing_and_up_again_works_whatever_was_in_it(town: House) -> None:
    approved(town, 1, NOW)
    triggers = _triggers(town.database)

    _back_to_nothing(town.database)
    assert migrate.current(town.database) is None
    migrate.migrate(town.database)

    assert migrate.drift(town.database) == []
    assert set(row_counts(town).values()) == {0}
    assert _triggers(town.database) == triggers != []


def test_migrating_what_is_at_the_newest_version_changes_nothing(town: House) -> None:
    approved(town, 1, NOW)
    before = row_counts(town)

    migrate.migrate(town.database)

    assert row_counts(town) == before
    assert faults(town, NOW) == []
    _still_refuses_orphans(town)


def _still_refuses_orphans(town: House) -> None:
    with pytest.raises(DBAPIError), town.writing() as connection:
        connection.execute(text("UPDATE victim_case SET person_id = 999"))


REBUILT = '''
"""A migration of tomorrow."""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "tomorrow", {newest!r}, None, None


def upgrade() -> None:
    for table in ("service", "person", "victim_case", "letter"):
        with op.batch_alter_table(table, recreate={recreate!r}) as batch:
            batch.add_column(sa.Column("tomorrow", sa.String(), nullable=True))
    {then}


def downgrade() -> None:
    pass
'''


def _of_tomorrow(monkeypatch: pytest.MonkeyPatch, folder: Path, engine: Engine, then: str) -> None:
    """Migrations with one more, which builds the tables anew to which most rows point."""
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    recreate = "always" if is_sqlite(engine) else "auto"
    written = REBUILT.format(newest=NEWEST, recreate=recreate, then=then)
    (folder / "versions" / "tomorrow.py").write_text(written)
    monkeypatch.setattr(migrate, "_FOLDER", folder)


def test_building_a_table_anew_keeps_the_rows_that_point_to_it(
    town: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(town, 1, NOW)
    before = row_counts(town)
    _of_tomorrow(monkeypatch, tmp_path / "migrations", town.database, "pass")

    migrate.migrate(town.database)

    assert migrate.current(town.database) == "tomorrow"
    assert row_counts(town) == before
    assert faults(town, NOW) == []
    _still_refuses_orphans(town)


@pytest.mark.parametrize(
    "fault", ["raise ZeroDivisionError", "op.execute('DELETE FROM no_such_table')"], ids=["code", "statement"]
)
def test_a_migration_that_fails_half_way_leaves_the_old_version_whole(
    town: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    approved(town, 1, NOW)
    rows, tables, triggers = row_counts(town), _described(town.database), _triggers(town.database)
    _of_tomorrow(monkeypatch, tmp_path / "migrations", town.database, fault)

    with pytest.raises((ZeroDivisionError, DBAPIError)):
        migrate.migrate(town.database)

    assert migrate.current(town.database) == NEWEST
    assert (_described(town.database), _triggers(town.database)) == (tables, triggers)
    assert row_counts(town) == rows
    assert faults(town, NOW) == []
    _still_refuses_orphans(town)


def test_a_migration_that_leaves_orphans_is_taken_back(
    sqlite_town: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(sqlite_town, 1, NOW)
    before = row_counts(sqlite_town)
    _of_tomorrow(monkeypatch, tmp_path / "migrations", sqlite_town.database, "op.execute('DELETE FROM person')")

    with pytest.raises(RuntimeError, match="without what they point to"):
        migrate.migrate(sqlite_town.database)

    assert migrate.current(sqlite_town.database) == NEWEST
    assert row_counts(sqlite_town) == before
