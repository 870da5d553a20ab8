"""Keeps which user a provider's subject is, and the sign-ins that are under way there, each of which counts once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select
from sqlmodel import col

from store.tables import ProviderBinding, ProviderHandshake


@dataclass(frozen=True, slots=True)
class KeptHandshake:
    """A sign-in that was under way, as it was kept."""

    ticket_digest: str
    session_digest: str | None
    sealed: bytes
    at: datetime


def bind(connection: Connection, service: str, user: str, subject_digest: str, by: str, at: datetime) -> None:
    """Bind a user to a subject, in place of any other."""
    unbind(connection, service, user)
    connection.execute(
        insert(ProviderBinding).values(
            service_id=service, user=user, subject_digest=subject_digest, bound_by=by, bound_at=at
        )
    )


def unbind(connection: Connection, service: str, user: str) -> bool:
    """Forget the subject of a user; False where none was bound."""
    gone = connection.execute(
        delete(ProviderBinding).where(col(ProviderBinding.service_id) == service, col(ProviderBinding.user) == user)
    )
    return gone.rowcount == 1


def user_of(connection: Connection, service: str, subject_digest: str) -> str | None:
    """The user that a subject is, or None."""
    return connection.execute(
        select(col(ProviderBinding.user)).where(
            col(ProviderBinding.service_id) == service, col(ProviderBinding.subject_digest) == subject_digest
        )
    ).scalar()


def bound(connection: Connection, service: str) -> set[str]:
    """The users who are bound to a subject."""
    query = select(col(ProviderBinding.user)).where(col(ProviderBinding.service_id) == service)
    return set(connection.execute(query).scalars())


def is_bound(connection: Connection, service: str, user: str) -> bool:
    """Whether a user is bound to a subject."""
    query = select(func.count()).where(col(ProviderBinding.service_id) == service, col(ProviderBinding.user) == user)
    return int(connection.execute(query).scalar_one()) == 1


def begin(
    connection: Connection,
    service: str,
    state_digest: str,
    ticket_digest: str,
    session_digest: str | None,
    sealed: bytes,
    at: datetime,
) -> None:
    """Keep a sign-in that is under way."""
    connection.execute(
        insert(ProviderHandshake).values(
            service_id=service,
            state_digest=state_digest,
            ticket_digest=ticket_digest,
            session_digest=session_digest,
            sealed=sealed,
            at=at,
        )
    )


def take(connection: Connection, service: str, state_digest: str) -> KeptHandshake | None:
    """A sign-in that comes back, taken out so that nobody takes it a second time; None where there is none."""
    which = (col(ProviderHandshake.service_id) == service, col(ProviderHandshake.state_digest) == state_digest)
    row = connection.execute(
        select(
            col(ProviderHandshake.ticket_digest),
            col(ProviderHandshake.session_digest),
            col(ProviderHandshake.sealed),
            col(ProviderHandshake.at),
        ).where(*which)
    ).first()
    if row is None or connection.execute(delete(ProviderHandshake).where(*which)).rowcount != 1:
        return None
    return KeptHandshake(*row)


def forget(connection: Connection, service: str, before: datetime) -> None:
    """Forget the sign-ins that never came back."""
    connection.execute(
        delete(ProviderHandshake).where(
            col(ProviderHandshake.service_id) == service, col(ProviderHandshake.at) < before
        )
    )


def under_way(connection: Connection, service: str) -> int:
    """How many sign-ins are under way."""
    query = select(func.count()).where(col(ProviderHandshake.service_id) == service)
    return int(connection.execute(query).scalar_one())
