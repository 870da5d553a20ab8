"""Keeps forms that came after their session had ended, sealed, until their user is back or their time is over."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select
from sqlmodel import col

from store.tables import FormDraft


def add(connection: Connection, service: str, user: str, path: str, sealed: bytes, at: datetime) -> None:
    """Keep a form, in place of an earlier one of the same page."""
    drop(connection, service, user, path)
    connection.execute(insert(FormDraft).values(service_id=service, user=user, path=path, sealed=sealed, at=at))


def newest(connection: Connection, service: str, user: str, since: datetime) -> tuple[str, bytes] | None:
    """The path and the sealed form that came last since a moment, or None."""
    row = connection.execute(
        select(col(FormDraft.path), col(FormDraft.sealed))
        .where(col(FormDraft.service_id) == service, col(FormDraft.user) == user, col(FormDraft.at) >= since)
        .order_by(col(FormDraft.at).desc(), col(FormDraft.draft_id).desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def drop(connection: Connection, service: str, user: str, path: str | None = None) -> None:
    """Forget the form of one page, or all of a user."""
    gone = delete(FormDraft).where(col(FormDraft.service_id) == service, col(FormDraft.user) == user)
    connection.execute(gone if path is None else gone.where(col(FormDraft.path) == path))


def forget(connection: Connection, service: str, before: datetime) -> None:
    """Forget the forms whose time is over."""
    connection.execute(delete(FormDraft).where(col(FormDraft.service_id) == service, col(FormDraft.at) < before))
