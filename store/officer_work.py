"""Keeps what officers are at: records being filled in, files that wait, and what their force has sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlmodel import col

from store.tables import RecordDraft, Submission, VictimCase, WaitingFile


def add_draft(
    connection: Connection,
    service: str,
    draft_id: str,
    force: str,
    user: str,
    sealed: bytes,
    at: datetime,
    until: datetime,
) -> None:
    """A record that somebody begins to fill in."""
    connection.execute(
        insert(RecordDraft).values(
            draft_id=draft_id,
            service_id=service,
            force=force,
            user=user,
            sealed=sealed,
            started_at=at,
            expires_at=until,
        )
    )


def draft(connection: Connection, service: str, draft_id: str, force: str, user: str, now: datetime) -> bytes | None:
    """The sealed record of that number; None where it is somebody else's, another force's, or over."""
    return connection.execute(
        select(col(RecordDraft.sealed)).where(
            *_of_draft(service, draft_id, force, user), col(RecordDraft.expires_at) > now
        )
    ).scalar()


def drafts_of(
    connection: Connection, service: str, force: str, user: str, now: datetime
) -> list[tuple[str, bytes, datetime, datetime]]:
    """What somebody has begun: number, sealed record, since when, until when; the newest first."""
    rows = connection.execute(
        select(
            col(RecordDraft.draft_id), col(RecordDraft.sealed), col(RecordDraft.started_at), col(RecordDraft.expires_at)
        )
        .where(
            col(RecordDraft.service_id) == service,
            col(RecordDraft.force) == force,
            col(RecordDraft.user) == user,
            col(RecordDraft.expires_at) > now,
        )
        .order_by(col(RecordDraft.started_at).desc(), col(RecordDraft.draft_id))
    )
    return [(number, sealed, since, until) for number, sealed, since, until in rows]


def change_draft(
    connection: Connection, service: str, draft_id: str, force: str, user: str, sealed: bytes, until: datetime
) -> None:
    """What a record says now."""
    connection.execute(
        update(RecordDraft).where(*_of_draft(service, draft_id, force, user)).values(sealed=sealed, expires_at=until)
    )


def drop_draft(connection: Connection, service: str, draft_id: str, force: str, user: str) -> None:
    """Forget a record that was sent or put aside."""
    connection.execute(delete(RecordDraft).where(*_of_draft(service, draft_id, force, user)))


def _of_draft(service: str, draft_id: str, force: str, user: str) -> tuple[Any, ...]:
    return (
        col(RecordDraft.service_id) == service,
        col(RecordDraft.draft_id) == draft_id,
        col(RecordDraft.force) == force,
        col(RecordDraft.user) == user,
    )


def add_file(
    connection: Connection, service: str, file_id: str, force: str, user: str, sealed: bytes, until: datetime
) -> None:
    """A file that waits, in place of whatever of this user's waited before."""
    connection.execute(
        delete(WaitingFile).where(
            col(WaitingFile.service_id) == service, col(WaitingFile.user) == user, col(WaitingFile.sealed).is_not(None)
        )
    )
    connection.execute(
        insert(WaitingFile).values(
            file_id=file_id, service_id=service, force=force, user=user, sealed=sealed, expires_at=until
        )
    )


def file(
    connection: Connection, service: str, file_id: str, force: str, user: str, now: datetime
) -> tuple[bytes | None, Any] | None:
    """The sealed file of that number and the receipt it got; None where it is another's or over."""
    row = connection.execute(
        select(col(WaitingFile.sealed), col(WaitingFile.receipt)).where(
            *_of_file(service, file_id, force, user), col(WaitingFile.expires_at) > now
        )
    ).first()
    return (row[0], row[1]) if row else None


def settle_file(
    connection: Connection, service: str, file_id: str, force: str, user: str, receipt: Any, until: datetime
) -> None:
    """Forget a file that was taken in, and keep its receipt until a moment."""
    connection.execute(
        update(WaitingFile)
        .where(*_of_file(service, file_id, force, user))
        .values(sealed=None, receipt=receipt, expires_at=until)
    )


def drop_file(connection: Connection, service: str, file_id: str, force: str, user: str) -> None:
    """Forget a file that somebody does not want taken in."""
    connection.execute(delete(WaitingFile).where(*_of_file(service, file_id, force, user)))


def _of_file(service: str, file_id: str, force: str, user: str) -> tuple[Any, ...]:
    return (
        col(WaitingFile.service_id) == service,
        col(WaitingFile.file_id) == file_id,
        col(WaitingFile.force) == force,
        col(WaitingFile.user) == user,
    )


def forget(connection: Connection, service: str, now: datetime) -> int:
    """Forget the records and files whose time is over; gives how many."""
    gone = 0
    for table in (RecordDraft, WaitingFile):
        gone += connection.execute(
            delete(table).where(col(table.service_id) == service, col(table.expires_at) <= now)
        ).rowcount
    return gone


def has_expired(connection: Connection, service: str, now: datetime) -> bool:
    """Whether anything is there to be forgotten, so that a round that finds nothing writes nothing."""
    return any(
        connection.execute(
            select(func.count())
            .select_from(table)
            .where(col(table.service_id) == service, col(table.expires_at) <= now)
        ).scalar()
        for table in (RecordDraft, WaitingFile)
    )


def sent_by_force(
    connection: Connection, service: str, force: str, before: int | None, limit: int
) -> Sequence[tuple[int, str, datetime, Any, str | None]]:
    """What a force sent, the newest first: place, submission number, when, receipt, crime reference."""
    query = (
        select(
            col(Submission.submission_number),
            col(Submission.submission_id),
            col(Submission.received_at),
            col(Submission.receipt),
            col(VictimCase.crime_reference),
        )
        .select_from(Submission)
        .outerjoin(VictimCase, col(VictimCase.case_id) == col(Submission.case_id))
        .where(col(Submission.service_id) == service, col(Submission.force) == force)
        .order_by(col(Submission.submission_number).desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(col(Submission.submission_number) < before)
    return [tuple(row) for row in connection.execute(query)]


def crime_reference(connection: Connection, case_id: int) -> str:
    """The crime reference of a case; empty where whoever reads may not see it."""
    query = select(col(VictimCase.crime_reference)).where(col(VictimCase.case_id) == case_id)
    return str(connection.execute(query).scalar() or "")
