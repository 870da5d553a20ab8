"""Gives the tests a house on a real database: SQLite in a file, and PostgreSQL."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from engine.accounts import add_user
from engine.codes import rehearsed_codes
from engine.entries import Actor
from engine.house import House, found, open_house
from engine.settings import Settings, read_settings
from workflow.vocabulary import Role

PASSWORD = "correct horse battery"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""A Monday morning: the moment at which the tests begin unless they say otherwise."""


def _postgres() -> Iterator[str]:
    """A database of its own on the PostgreSQL server that the PG* environment names; there must be one."""
    if "PGPORT" not in os.environ:
        pytest.fail("PostgreSQL is not there: run the tests with `make test`, which brings a server up.")
    server = create_engine("postgresql+psycopg://", isolation_level="AUTOCOMMIT")
    name = f"test_{os.getpid()}_{os.urandom(4).hex()}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield f"postgresql:///{name}"
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(params=[pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
    else:
        yield from _postgres()


def settings_for(database: str, folder: Path) -> Settings:
    """The settings of an example service that keeps everything in a folder of the test."""
    return replace(read_settings({}), database=database, out=folder / "out", key_file=folder / "key", is_example=True)


def new_house(database: str, folder: Path) -> House:
    """A service founded on an empty database, with codes that are the same on every run."""
    settings = settings_for(database, folder)
    found(settings, NOW)
    return open_house(settings).with_codes(rehearsed_codes(1))


@pytest.fixture
def house(database: str, tmp_path: Path) -> Iterator[House]:
    """A house on a fresh database, with the users of ``practitioner``, ``manager`` and ``officer``."""
    opened = new_house(database, tmp_path)
    add_user(opened, "rosa", "practitioner", NOW, shown_as="Rosa Example", password=PASSWORD)
    add_user(opened, "imran", "practitioner", NOW, shown_as="Imran Example", password=PASSWORD)
    add_user(opened, "morgan", "manager", NOW, shown_as="Morgan Example", password=PASSWORD)
    add_user(opened, "sergeant", "police", NOW, shown_as="Sergeant Example", force="derbyshire", password=PASSWORD)
    yield opened
    opened.database.dispose()


@pytest.fixture
def practitioner() -> Actor:
    """A practitioner whose user exists."""
    return Actor("rosa", Role.PRACTITIONER)


@pytest.fixture
def manager() -> Actor:
    """A manager whose user exists."""
    return Actor("morgan", Role.MANAGER)
