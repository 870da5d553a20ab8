"""Takes a database back to where it was, as often as wanted: quicker than making the same cases anew."""

import shutil

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from engine.house import House
from store.database import is_sqlite
from tests.edge.faults.town import sqlite_file


class Rewinding:
    """A town as it stands when this is made, and can be again; nobody may use it while it is taken back."""

    def __init__(self, town: House) -> None:
        self._town = town
        self._name = make_url(town.settings.database).database or ""
        town.database.dispose()
        if is_sqlite(town.database):
            self._kept = sqlite_file(town).with_suffix(".kept")
            shutil.copy(sqlite_file(town), self._kept)
        else:
            self._copy(f"{self._name}_kept", self._name)

    def rewind(self) -> None:
        """Take the town back, with its print folder."""
        self._town.database.dispose()
        for page in (self._town.settings.out / "letters").iterdir():
            page.unlink()
        if is_sqlite(self._town.database):
            file = sqlite_file(self._town)
            for left in ("-wal", "-shm"):
                file.with_name(file.name + left).unlink(missing_ok=True)
            shutil.copy(self._kept, file)
        else:
            self._copy(self._name, f"{self._name}_kept")

    def forget(self) -> None:
        """Leave nothing behind."""
        if not is_sqlite(self._town.database):
            self._order(f"DROP DATABASE {self._name}_kept")

    def _copy(self, to: str, of: str) -> None:
        self._order(f"DROP DATABASE IF EXISTS {to} WITH (FORCE)")
        self._order(f"CREATE DATABASE {to} TEMPLATE {of}")

    @staticmethod
    def _order(words: str) -> None:
        server = create_engine("postgresql+psycopg:///postgres", isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(words))
        server.dispose()
