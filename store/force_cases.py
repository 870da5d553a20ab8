"""Reads the cases of one force with their histories, for figures about what that force sends."""

from collections.abc import Iterator

from sqlalchemy import Connection, select
from sqlmodel import col

from store import cases
from store.cases import KEY_COLUMNS, CaseKey
from store.tables import VictimCase
from workflow.case import Case


def histories(connection: Connection, service: str, force: str) -> Iterator[tuple[CaseKey, Case]]:
    """Every case of a force, in their order, with its history."""
    rows = connection.execute(
        select(*KEY_COLUMNS)
        .where(col(VictimCase.service_id) == service, col(VictimCase.force) == force)
        .order_by(col(VictimCase.case_id))
    ).all()
    for row in rows:
        key = CaseKey(*row)
        yield key, cases.history(connection, service, key)
