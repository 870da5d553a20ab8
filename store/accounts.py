"""Keeps the service, its users, their browser sessions, failed sign-ins, force keys and the log of reads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlmodel import col

from store.tables import ForceKey, ReadRow, Service, SignInAttempt, UserAccount, WebSession


@dataclass(frozen=True, slots=True)
class KeptService:
    """A service as it is kept."""

    service_id: str
    name: str
    is_example: bool
    dispatch_stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptUser:
    """A user as it is kept."""

    name: str
    role: str
    shown_as: str
    direct_number: str
    force: str | None
    password_hash: str
    must_change: bool
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A browser session as it is kept."""

    token_digest: str
    user: str
    form_token: str
    created_at: datetime
    seen_at: datetime
    proved_at: datetime | None
    ended_at: datetime | None
    came_by: str


def service(connection: Connection) -> KeptService | None:
    """The service of this database, or None while there is none."""
    row = connection.execute(
        select(
            col(Service.service_id), col(Service.name), col(Service.is_example), col(Service.dispatch_stopped_at)
        ).order_by(col(Service.created_at))
    ).first()
    return KeptService(*row) if row else None


def add_service(connection: Connection, service_id: str, name: str, is_example: bool, at: datetime) -> None:
    """Found a service."""
    connection.execute(insert(Service).values(service_id=service_id, name=name, is_example=is_example, created_at=at))


_USER = (
    col(UserAccount.name),
    col(UserAccount.role),
    col(UserAccount.shown_as),
    col(UserAccount.direct_number),
    col(UserAccount.force),
    col(UserAccount.password_hash),
    col(UserAccount.must_change),
    col(UserAccount.disabled_at),
)


def user(connection: Connection, service_id: str, name: str) -> KeptUser | None:
    """The user of that name, or None."""
    row = connection.execute(
        select(*_USER).where(col(UserAccount.service_id) == service_id, col(UserAccount.name) == name)
    ).first()
    return KeptUser(*row) if row else None


def email(connection: Connection, service_id: str, name: str) -> str:
    """The address at work of a user; empty where none is known."""
    query = select(col(UserAccount.email)).where(
        col(UserAccount.service_id) == service_id, col(UserAccount.name) == name
    )
    return connection.execute(query).scalar() or ""


def users(connection: Connection, service_id: str) -> list[KeptUser]:
    """Every user, by name."""
    rows = connection.execute(
        select(*_USER).where(col(UserAccount.service_id) == service_id).order_by(col(UserAccount.name))
    )
    return [KeptUser(*row) for row in rows]


def add_user(connection: Connection, service_id: str, **values: Any) -> None:
    """A new user."""
    connection.execute(insert(UserAccount).values(service_id=service_id, **values))


def change_user(connection: Connection, service_id: str, name: str, **values: Any) -> None:
    """Change a user."""
    connection.execute(
        update(UserAccount)
        .where(col(UserAccount.service_id) == service_id, col(UserAccount.name) == name)
        .values(**values)
    )


_SESSION = (
    col(WebSession.token_digest),
    col(WebSession.user),
    col(WebSession.form_token),
    col(WebSession.created_at),
    col(WebSession.seen_at),
    col(WebSession.proved_at),
    col(WebSession.ended_at),
    col(WebSession.came_by),
)


def open_session(
    connection: Connection,
    service_id: str,
    token_digest: str,
    user_name: str,
    form_token: str,
    at: datetime,
    proved_at: datetime | None,
    came_by: str,
) -> None:
    """Keep a browser session; ``proved_at`` is None while its user still owes the second factor."""
    connection.execute(
        insert(WebSession).values(
            token_digest=token_digest,
            service_id=service_id,
            user=user_name,
            form_token=form_token,
            created_at=at,
            seen_at=at,
            proved_at=proved_at,
            came_by=came_by,
        )
    )


def session(connection: Connection, service_id: str, token_digest: str) -> KeptSession | None:
    """The browser session of that token, also where its time is over, or None."""
    row = connection.execute(
        select(*_SESSION).where(col(WebSession.service_id) == service_id, col(WebSession.token_digest) == token_digest)
    ).first()
    return KeptSession(*row) if row else None


def sessions(connection: Connection, service_id: str) -> list[KeptSession]:
    """Every session that was not ended, the last used first."""
    rows = connection.execute(
        select(*_SESSION)
        .where(col(WebSession.service_id) == service_id, col(WebSession.ended_at).is_(None))
        .order_by(col(WebSession.seen_at).desc(), col(WebSession.token_digest))
    )
    return [KeptSession(*row) for row in rows]


def see_session(connection: Connection, token_digest: str, at: datetime) -> None:
    """Note that a session was used."""
    connection.execute(update(WebSession).where(col(WebSession.token_digest) == token_digest).values(seen_at=at))


def prove_session(connection: Connection, token_digest: str, fresh_digest: str, at: datetime) -> None:
    """Note that its user proved who they are; from now on it goes by another token."""
    connection.execute(
        update(WebSession)
        .where(col(WebSession.token_digest) == token_digest)
        .values(token_digest=fresh_digest, proved_at=at, seen_at=at)
    )


def close_session(connection: Connection, token_digest: str, at: datetime) -> None:
    """Note that the time of a session is over; what is sent with it still says whose it was."""
    connection.execute(
        update(WebSession)
        .where(col(WebSession.token_digest) == token_digest, col(WebSession.ended_at).is_(None))
        .values(ended_at=at)
    )


def end_session(connection: Connection, token_digest: str) -> None:
    """End a session for good."""
    connection.execute(delete(WebSession).where(col(WebSession.token_digest) == token_digest))


def end_sessions_of(connection: Connection, service_id: str, user_name: str) -> int:
    """End every session of a user; gives how many."""
    ended = connection.execute(
        delete(WebSession).where(col(WebSession.service_id) == service_id, col(WebSession.user) == user_name)
    )
    return int(ended.rowcount)


def forget_sessions(connection: Connection, service_id: str, before: datetime) -> None:
    """Forget the sessions that were opened before a moment."""
    connection.execute(
        delete(WebSession).where(col(WebSession.service_id) == service_id, col(WebSession.created_at) < before)
    )


def keep_queue(connection: Connection, token_digest: str, address: str) -> None:
    """Remember what somebody last looked at in the queue, as the query of its address, for their session."""
    connection.execute(update(WebSession).where(col(WebSession.token_digest) == token_digest).values(queue=address))


def kept_queue(connection: Connection, token_digest: str) -> str:
    """What somebody last looked at in the queue in this session, empty where they have not yet."""
    query = select(col(WebSession.queue)).where(col(WebSession.token_digest) == token_digest)
    return connection.execute(query).scalar() or ""


def note_failure(connection: Connection, service_id: str, subjects: list[str], at: datetime) -> None:
    """Note a failed sign-in against each subject (digests of the account and of the address)."""
    connection.execute(
        insert(SignInAttempt), [{"service_id": service_id, "subject": subject, "at": at} for subject in subjects]
    )


def failures(connection: Connection, service_id: str, subject: str, since: datetime) -> int:
    """How often a sign-in failed for a subject since a moment."""
    return int(
        connection.execute(
            select(func.count()).where(
                col(SignInAttempt.service_id) == service_id,
                col(SignInAttempt.subject) == subject,
                col(SignInAttempt.at) >= since,
            )
        ).scalar_one()
    )


def add_force_key(
    connection: Connection, service_id: str, key_id: str, force: str, key_digest: str, at: datetime
) -> None:
    """Keep the digest of a force's key."""
    connection.execute(
        insert(ForceKey).values(service_id=service_id, key_id=key_id, force=force, key_digest=key_digest, created_at=at)
    )


def force_of_key(connection: Connection, service_id: str, key_digest: str) -> str | None:
    """The force whose key this is, while it is not revoked."""
    return connection.execute(
        select(col(ForceKey.force)).where(
            col(ForceKey.service_id) == service_id,
            col(ForceKey.key_digest) == key_digest,
            col(ForceKey.revoked_at).is_(None),
        )
    ).scalar()


def force_keys(connection: Connection, service_id: str) -> list[tuple[str, str, datetime, datetime | None]]:
    """Every key: its number, force, when it was made and when it was revoked."""
    rows = connection.execute(
        select(col(ForceKey.key_id), col(ForceKey.force), col(ForceKey.created_at), col(ForceKey.revoked_at))
        .where(col(ForceKey.service_id) == service_id)
        .order_by(col(ForceKey.created_at))
    )
    return [(key_id, force, created, revoked) for key_id, force, created, revoked in rows]


def revoke_force_key(connection: Connection, service_id: str, key_id: str, at: datetime) -> bool:
    """Revoke a key; False where there is none of that number."""
    changed = connection.execute(
        update(ForceKey)
        .where(col(ForceKey.service_id) == service_id, col(ForceKey.key_id) == key_id)
        .values(revoked_at=at)
    )
    return changed.rowcount == 1


def log_read(connection: Connection, service_id: str, case_id: int, user_name: str, action: str, at: datetime) -> None:
    """Note who opened what."""
    connection.execute(
        insert(ReadRow).values(service_id=service_id, case_id=case_id, user=user_name, action=action, at=at)
    )
