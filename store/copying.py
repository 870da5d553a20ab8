"""Copies a whole database into one file and back into an empty one of either kind, and proves the copy whole."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

import store.tables  # noqa: F401  (declares the tables on the metadata)
from store.database import is_sqlite

_ROWS = 500
# What the copy says of itself stands in the copy, in a table that no service has.
_MANIFEST = Table("backup_manifest", MetaData(), Column("document", Text, nullable=False))

Tell = Callable[[int, int], None]


class CopyUnusable(Exception):
    """The file is no whole copy; the message says what is wrong with it, without a path."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy says of itself: when and of which service it was made, at which version of the tables, by which key.

    ``rows`` and ``digests`` are by table; ``key_check`` tells whether a key file is the one that opens what is sealed.
    """

    made_at: str
    service: str
    version: str
    key_check: str
    rows: Mapping[str, int]
    digests: Mapping[str, str]


def write_copy(source: Connection, file: Path, about: Mapping[str, str], tell: Tell) -> Manifest:
    """Write everything the connection sees into a new file, readable by its owner only, and give its manifest.

    ``about`` has the manifest's ``made_at``, ``service``, ``version`` and ``key_check``.  The source must be one steady
    picture (``database.reading``).  Raises FileExistsError; a file that is there is never written over.
    """
    tables = SQLModel.metadata.sorted_tables
    total = sum(source.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    engine = _file(file)
    rows: dict[str, int] = {}
    digests: dict[str, str] = {}
    done = 0
    with engine.begin() as copy:
        SQLModel.metadata.create_all(copy)
        for table in tables:
            digest, rows[table.name] = hashlib.sha256(), 0
            for batch in _batches(source, table):
                copy.execute(insert(table), [dict(zip(table.columns.keys(), row, strict=True)) for row in batch])
                _add(digest, batch)
                rows[table.name] += len(batch)
                done += len(batch)
                tell(done, total)
            digests[table.name] = digest.hexdigest()
        manifest = Manifest(rows=rows, digests=digests, **about)
        _MANIFEST.create(copy)
        copy.execute(insert(_MANIFEST), {"document": json.dumps({**about, "rows": rows, "digests": digests})})
    engine.dispose()
    return manifest


def read_manifest(file: Path) -> Manifest:
    """What a copy says of itself.  Raises CopyUnusable where the file is not a whole copy."""
    engine = _file(file, read_only=True)
    try:
        with engine.connect() as copy:
            if copy.execute(text("PRAGMA integrity_check")).scalar_one() != "ok":
                raise CopyUnusable("The file is damaged.")
            said = copy.execute(select(_MANIFEST.c.document)).scalar_one()
        return Manifest(**json.loads(said))
    except (DatabaseError, ValueError, TypeError):
        raise CopyUnusable("The file is no backup of ours, or not a whole one.") from None
    finally:
        engine.dispose()


def read_copy(file: Path, manifest: Manifest, target: Connection, tell: Tell) -> None:
    """Put every row of a copy into a database whose tables are empty, and prove by digest that each came over.

    Raises CopyUnusable; the caller's transaction must then be undone.
    """
    tables = SQLModel.metadata.sorted_tables
    if {table.name for table in tables} != set(manifest.rows):
        raise CopyUnusable("The backup has other tables than this release.")
    engine, done, total = _file(file, read_only=True), 0, sum(manifest.rows.values())
    try:
        with engine.connect() as copy:
            for table in tables:
                digest, number = hashlib.sha256(), 0
                for batch in _from_copy(copy, table):
                    target.execute(insert(table), [dict(zip(table.columns.keys(), row, strict=True)) for row in batch])
                    _add(digest, batch)
                    number += len(batch)
                    done += len(batch)
                    tell(done, total)
                if (number, digest.hexdigest()) != (manifest.rows[table.name], manifest.digests[table.name]):
                    raise CopyUnusable("The file was altered after it was made.")
                _count_on(target, table)
    finally:
        engine.dispose()


def _from_copy(copy: Connection, table: Table) -> Iterator[Sequence[Any]]:
    """The rows of the copy; a fault while they are read is the file's, never that of the database that is written."""
    try:
        yield from _batches(copy, table)
    except (DatabaseError, ValueError, TypeError):
        raise CopyUnusable("The file is damaged.") from None


def _file(file: Path, *, read_only: bool = False) -> Engine:
    mode = "ro" if read_only else "rw"
    return create_engine(f"sqlite:///file:{file}?mode={mode}&uri=true", poolclass=NullPool, hide_parameters=True)


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    """The rows of a table in the order of its key, some hundred at a time, without holding them all."""
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_ROWS)
    return connection.execute(query).partitions(_ROWS)


def _add(digest: "hashlib._Hash", rows: Sequence[Any]) -> None:
    for row in rows:
        digest.update(repr(tuple(row)).encode())


def _count_on(target: Connection, table: Table) -> None:
    """Let the database's own numbers go on after the highest that came over."""
    key = list(table.primary_key.columns)
    if is_sqlite(target) or len(key) != 1 or not isinstance(key[0].type, Integer) or table.autoincrement_column is None:
        return
    highest = target.execute(select(func.max(key[0]))).scalar_one()
    if highest is not None:
        sequence = func.pg_get_serial_sequence(table.name, key[0].name)
        target.execute(select(func.setval(sequence, highest)).where(sequence.is_not(None)))
