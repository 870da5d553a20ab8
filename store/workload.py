"""Reads across cases what is owed: the work of a year, the cases that were opened, and those with an open due day."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, or_, select
from sqlmodel import col

from store.tables import CaseSummary, DutyRow, VictimCase
from workflow.pace import Work
from workflow.vocabulary import Owner


def work_since(connection: Connection, service: str, since: date) -> Iterator[Work]:
    """The duties of the service with a due day that are open, or began or were met from a day on, in order."""
    rows = connection.execute(
        select(
            col(DutyRow.rule),
            col(CaseSummary.state),
            col(CaseSummary.enhanced),
            col(CaseSummary.opened_on),
            col(DutyRow.began_on),
            col(DutyRow.due_on),
            col(DutyRow.met_on),
            col(DutyRow.standing),
        )
        .join(CaseSummary, col(CaseSummary.case_id) == col(DutyRow.case_id))
        .where(
            col(DutyRow.service_id) == service,
            col(DutyRow.owner) == str(Owner.YJS),
            col(DutyRow.due_on).is_not(None),
            or_(
                col(DutyRow.standing).in_(("open", "paused")),
                col(DutyRow.began_on) >= since,
                col(DutyRow.met_on) >= since,
            ),
        )
        .order_by(col(DutyRow.case_id), col(DutyRow.rule), col(DutyRow.occurrence))
    )
    return (_work(tuple(row)) for row in rows)


def _work(row: tuple[Any, ...]) -> Work:
    return Work(*row)


def openings_since(connection: Connection, service: str, since: date) -> list[tuple[date, bool]]:
    """The day on which each case was opened from a day on, and whether its victim has enhanced rights, in order."""
    rows = connection.execute(
        select(col(CaseSummary.opened_on), col(CaseSummary.enhanced))
        .where(col(CaseSummary.service_id) == service, col(CaseSummary.opened_on) >= since)
        .order_by(col(CaseSummary.opened_on), col(CaseSummary.case_id))
    )
    return [(opened_on, enhanced) for opened_on, enhanced in rows]


def with_open_due_day(connection: Connection, service: str, since: date) -> list[str]:
    """The references of the cases with a duty that is not settled and due from a day on, in order."""
    open_cases = select(col(DutyRow.case_id)).where(
        col(DutyRow.service_id) == service,
        col(DutyRow.standing).in_(("open", "paused", "no_data")),
        col(DutyRow.due_on) >= since,
    )
    query = select(col(VictimCase.reference)).where(col(VictimCase.case_id).in_(open_cases))
    return list(connection.execute(query.order_by(col(VictimCase.case_id))).scalars())
