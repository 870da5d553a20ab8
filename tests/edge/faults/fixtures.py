"""Gives the fault tests their house: on a fresh database, for many hands, with users who need no password."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet
from sqlalchemy import create_engine, text

from engine.house import House, found, open_house
from store import accounts
from tests.conftest import NOW, _postgres, settings_for
from tests.edge.faults.town import busy


@pytest.fixture(scope="session")
def founded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the file and the key of a service that was founded, to be copied: founding takes longer."""
    folder = tmp_path_factory.mktemp("founded")
    _found(f"sqlite:///{folder / 'test.db'}", folder)
    return folder


def _found(database: str, folder: Path) -> None:
    """Found a service whose users can have cases but never sign in: making a password takes longer than most tests."""
    settings = settings_for(database, folder)
    found(settings, NOW)
    house = open_house(settings)
    with house.writing() as connection:
        for name, role in (("rosa", "practitioner"), ("imran", "practitioner"), ("morgan", "manager")):
            accounts.add_user(
                connection,
                house.service,
                name=name,
                role=role,
                shown_as=f"{name.title()} Example",
                direct_number="",
                force=None,
                password_hash="!",
                must_change=False,
                created_at=NOW,
            )
    house.database.dispose()


@pytest.fixture(scope="session")
def founded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The name of such a database on the server, and the folder with its key."""
    folder = tmp_path_factory.mktemp("founded")
    for database in _postgres():
        _found(database, folder)
        yield database.rpartition("/")[2], folder


def _on_a_file(founded: Path, folder: Path) -> Iterator[House]:
    for name in ("test.db", "key"):
        shutil.copy(founded / name, folder / name)
    yield from _opened(f"sqlite:///{folder / 'test.db'}", folder)


def _on_the_server(founded: tuple[str, Path], folder: Path) -> Iterator[House]:
    shutil.copy(founded[1] / "key", folder / "key")
    name = f"town_{os.getpid()}_{os.urandom(4).hex()}"
    server = create_engine("postgresql+psycopg://", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {founded[0]}"))
        yield from _opened(f"postgresql:///{name}", folder)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def _opened(database: str, folder: Path) -> Iterator[House]:
    house = busy(open_house(settings_for(database, folder)))
    yield house
    house.database.dispose()


@pytest.fixture
def sqlite_town(founded_file: Path, tmp_path: Path) -> Iterator[House]:
    """A house on a fresh SQLite database; Rosa, Imran and Morgan have accounts in it."""
    yield from _on_a_file(founded_file, tmp_path)


@pytest.fixture
def postgres_town(founded_server: tuple[str, Path], tmp_path: Path) -> Iterator[House]:
    """The same on PostgreSQL."""
    yield from _on_the_server(founded_server, tmp_path)


@pytest.fixture(scope="module")
def shared_sqlite_town(founded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house on SQLite for all tests of a module."""
    yield from _on_a_file(founded_file, tmp_path_factory.mktemp("shared"))


@pytest.fixture(scope="module")
def shared_postgres_town(founded_server: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The same on PostgreSQL."""
    yield from _on_the_server(founded_server, tmp_path_factory.mktemp("shared"))


def _on_both(sqlite: str, postgres: str) -> list[ParameterSet]:
    return [pytest.param(sqlite, id="sqlite"), pytest.param(postgres, id="postgres", marks=pytest.mark.postgres)]


def _asked(request: pytest.FixtureRequest) -> House:
    house = request.getfixturevalue(request.param)
    assert isinstance(house, House)
    return house


@pytest.fixture(params=_on_both("sqlite_town", "postgres_town"))
def town(request: pytest.FixtureRequest) -> House:
    """A house on a fresh database, once on SQLite and once on PostgreSQL."""
    return _asked(request)


@pytest.fixture(scope="module", params=_on_both("shared_sqlite_town", "shared_postgres_town"))
def shared_town(request: pytest.FixtureRequest) -> House:
    """A house that all tests of a module share, once on SQLite and once on PostgreSQL; take ``another`` case each."""
    return _asked(request)
