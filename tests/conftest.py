"""Gives the tests a house on a real database: SQLite in a file, and PostgreSQL."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from sqlalchemy import create_engine, text

from engine.codes import rehearsed_codes
from engine.entries import Actor
from engine.house import House, found, open_house
from engine.settings import Settings, read_settings
from store import accounts
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


_USERS = (
    ("rosa", "practitioner", "Rosa Example", None),
    ("imran", "practitioner", "Imran Example", None),
    ("morgan", "manager", "Morgan Example", None),
    ("sergeant", "police", "Sergeant Example", "derbyshire"),
)


@cache
def _password_hash() -> str:
    """The hash of the one password of the tests; making it costs more than most tests, so it is made once."""
    return PasswordHash.recommended().hash(PASSWORD)


@pytest.fixture
def house(database: str, tmp_path: Path) -> Iterator[House]:
    """A house on a fresh database, with two practitioners, a manager and a police officer."""
    opened = new_house(database, tmp_path)
    with opened.writing() as connection:
        for name, role, shown_as, force in _USERS:
            accounts.add_user(
                connection,
                opened.service,
                name=name,
                role=role,
                shown_as=shown_as,
                direct_number="",
                force=force,
                password_hash=_password_hash(),
                must_change=False,
                created_at=NOW,
            )
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
