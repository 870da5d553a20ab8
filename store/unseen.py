"""Keeps the cases that somebody may not see out of every statement they cause to read, whoever wrote it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine, FromClause, Join, Select, and_, event, or_
from sqlalchemy.sql import visitors

_OPTION = "unseen_cases"


def hide(connection: Connection, case_ids: frozenset[int]) -> None:
    """From here on this connection reads as if these cases did not exist."""
    if case_ids:
        connection.execution_options(**{_OPTION: tuple(sorted(case_ids))})


def watch(engine: Engine) -> None:
    """Put what is hidden on a connection into every reading statement that it executes."""
    event.listen(engine, "before_execute", _filtered, retval=True)


def _filtered(connection: Connection, statement: Any, multiparams: Any, params: Any, _: Any) -> tuple[Any, Any, Any]:
    hidden = connection.get_execution_options().get(_OPTION)
    if not hidden:
        return statement, multiparams, params
    if not getattr(statement, "is_select", False):
        # Raw text cannot be filtered; a query that nobody can check must not slip past the wall.
        if getattr(statement, "is_text", False):
            raise RuntimeError("a statement in raw words cannot be read behind a wall")
        return statement, multiparams, params
    return without(statement, hidden), multiparams, params


def without(statement: Any, hidden: tuple[int, ...]) -> Any:
    """A select as if no row of any table that names a case named one of the hidden ones."""

    def narrow(each: Select[Any]) -> None:
        kept = [
            or_(table.c.case_id.is_(None), table.c.case_id.not_in(hidden))
            for source in each.get_final_froms()
            for table in _tables(source)
            if "case_id" in table.c
        ]
        if kept:
            each.where.non_generative(each, and_(*kept))  # type: ignore[attr-defined]

    return visitors.cloned_traverse(statement, {}, {"select": narrow})


def _tables(source: FromClause) -> Iterator[FromClause]:
    """The tables of a FROM, through its joins; what a subquery selects is narrowed inside it."""
    if isinstance(source, Join):
        yield from _tables(source.left)
        yield from _tables(source.right)
    elif not hasattr(source, "element") or not hasattr(source.element, "selected_columns"):
        yield source
