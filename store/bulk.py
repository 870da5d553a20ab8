"""Writes many rows of one table at once, and sets numbers aside for rows that name one another."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, LargeBinary, Table, func, insert, select, text
from sqlmodel import SQLModel

from store.database import is_sqlite

Row = Mapping[str, Any]
_Process = Callable[[Any], Any]


def add_rows(connection: Connection, model: type[SQLModel], rows: Sequence[Row]) -> None:
    """Add rows to a table, all with the same columns as the first; none is no work.

    The values are prepared as the columns prepare them one by one, but the driver is handed plain tuples: building a
    statement's parameters costs three times the insert itself (performance.md section 5).
    """
    if not rows:
        return
    names = tuple(rows[0])
    statement, processes = _prepared(connection.dialect, model, names)
    # A table has two columns at least, so that this always gives tuples.
    tuples = list(map(itemgetter(*names), rows))
    if processes:
        columns: list[Any] = list(zip(*tuples, strict=True))
        for place, process in processes:
            columns[place] = _processed(columns[place], process)
        tuples = list(zip(*columns, strict=True))
    connection.exec_driver_sql(statement, tuples)


def _processed(values: Sequence[Any], process: _Process) -> list[Any]:
    """The values of a column as the driver takes them; the few days and moments of a batch are each turned once."""
    if not isinstance(values[0], date):
        return [process(value) for value in values]
    turned = {value: process(value) for value in set(values)}
    return [turned[value] for value in values]


@cache
def _prepared(
    dialect: Dialect, model: type[SQLModel], names: tuple[str, ...]
) -> tuple[str, tuple[tuple[int, _Process], ...]]:
    """The statement, and for each column that needs it the place and how its values are turned."""
    table = _table(model)
    quote = dialect.identifier_preparer.quote
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    # Every name is one of a declared table, never one that came from outside.
    columns = ", ".join(quote(name) for name in names)
    statement = f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({', '.join([mark] * len(names))})"  # noqa: S608
    processes = []
    for place, name in enumerate(names):
        kind = table.c[name].type
        process = kind.dialect_impl(dialect).bind_processor(dialect)
        # Both drivers take bytes as they are.
        if process is not None and not isinstance(kind, LargeBinary):
            processes.append((place, process))
    return statement, tuple(processes)


def new_numbers(connection: Connection, model: type[SQLModel], column: str, many: int) -> list[int]:
    """Numbers that no row of a table has in that column, for a transaction that holds the right to write."""
    if not many:
        return []
    table = _table(model)
    if is_sqlite(connection):
        # Only one transaction writes at a time, so that the next numbers are ours.
        highest = connection.execute(select(func.max(table.c[column]))).scalar() or 0
        return list(range(highest + 1, highest + 1 + many))
    drawn = text("SELECT nextval(pg_get_serial_sequence(:in_table, :of_column)) FROM generate_series(1, :many)")
    asked = {"in_table": table.name, "of_column": column, "many": many}
    return [int(number) for number in connection.execute(drawn, asked).scalars()]


def _table(model: type[SQLModel]) -> Table:
    table = insert(model).table
    if not isinstance(table, Table):
        raise TypeError("rows go into a table")
    return table
