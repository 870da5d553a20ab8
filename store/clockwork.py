"""Keeps what the clock needs: its heartbeat, the rungs already said, and the work that got stuck."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from store.database import is_sqlite
from store.tables import Heartbeat, ReminderRow, StuckWork, VictimCase


def beat(connection: Connection, service: str, clock: str, at: datetime) -> None:
    """Note that a clock went round."""
    beaten = _insert(connection, Heartbeat).values(service_id=service, clock=clock, at=at)
    connection.execute(
        beaten.on_conflict_do_update(index_elements=["service_id", "clock"], set_={"at": beaten.excluded.at})
    )


def _insert(connection: Connection, table: Any) -> Any:
    """An insert that can say what to do where the row is there, because several clocks may write it at once."""
    return sqlite.insert(table) if is_sqlite(connection) else postgresql.insert(table)


def last_beat(connection: Connection, service: str) -> datetime | None:
    """When any clock last went round."""
    return connection.execute(
        select(col(Heartbeat.at)).where(col(Heartbeat.service_id) == service).order_by(col(Heartbeat.at).desc())
    ).scalar()


def rungs(connection: Connection, service: str, case_id: int) -> set[tuple[str, int, str]]:
    """The rungs already said for a case: rule, occurrence, rung."""
    rows = connection.execute(
        select(col(ReminderRow.rule), col(ReminderRow.occurrence), col(ReminderRow.rung)).where(
            col(ReminderRow.service_id) == service, col(ReminderRow.case_id) == case_id
        )
    )
    return {(rule, occurrence, rung) for rule, occurrence, rung in rows}


def say(
    connection: Connection, service: str, case_id: int, rule: str, occurrence: int, rung: str, at: datetime
) -> None:
    """Note that a rung was said; the key refuses it a second time."""
    connection.execute(
        insert(ReminderRow).values(
            service_id=service, case_id=case_id, rule=rule, occurrence=occurrence, rung=rung, raised_at=at
        )
    )


def note_stuck(connection: Connection, service: str, case_id: int, work: str, problem: str, at: datetime) -> None:
    """Note work that could not be finished, for a manager to see; ``at`` stays the first time it was noted."""
    note = _insert(connection, StuckWork).values(
        service_id=service, case_id=case_id, work=work, problem=problem[:240], at=at
    )
    connection.execute(
        note.on_conflict_do_update(
            index_elements=["service_id", "case_id", "work"], set_={"problem": note.excluded.problem}
        )
    )


def free(connection: Connection, service: str, case_id: int, work: str) -> None:
    """Take back the note once the work went through."""
    connection.execute(
        delete(StuckWork).where(
            col(StuckWork.service_id) == service, col(StuckWork.case_id) == case_id, col(StuckWork.work) == work
        )
    )


def stuck(connection: Connection, service: str) -> list[tuple[str, str, str, datetime]]:
    """The work that is stuck: case, work, problem, since."""
    rows = connection.execute(
        select(col(VictimCase.reference), col(StuckWork.work), col(StuckWork.problem), col(StuckWork.at))
        .join(VictimCase, col(VictimCase.case_id) == col(StuckWork.case_id))
        .where(col(StuckWork.service_id) == service)
        .order_by(col(StuckWork.at))
    )
    return [(reference, work, problem, at) for reference, work, problem, at in rows]


def stuck_cases(connection: Connection, service: str, work: str) -> list[int]:
    """The cases on which a kind of work is stuck."""
    rows = connection.execute(
        select(col(StuckWork.case_id)).where(col(StuckWork.service_id) == service, col(StuckWork.work) == work)
    )
    return list(rows.scalars())
