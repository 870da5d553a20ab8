"""Counts what a watchman asks for: open cases by stage, letters in the outbox, work that is stuck."""

from sqlalchemy import Connection, func, select
from sqlmodel import col

from store.tables import CaseSummary, OutboxRow, StuckWork


def open_by_stage(connection: Connection, service: str) -> dict[str, int]:
    """How many open cases there are in each stage that has any."""
    rows = connection.execute(
        select(col(CaseSummary.stage), func.count())
        .where(col(CaseSummary.service_id) == service, col(CaseSummary.is_open))
        .group_by(col(CaseSummary.stage))
    )
    return {stage: int(number) for stage, number in rows}


def letters_out(connection: Connection, service: str) -> int:
    """How many approved letters wait in the outbox."""
    query = select(func.count()).where(col(OutboxRow.service_id) == service)
    return int(connection.execute(query).scalar_one())


def stuck(connection: Connection, service: str) -> int:
    """How many cases have work that is stuck."""
    query = select(func.count()).where(col(StuckWork.service_id) == service)
    return int(connection.execute(query).scalar_one())
