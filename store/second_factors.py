"""Keeps second factors and recovery codes: each sealed or as a digest, and used up when it was used once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlmodel import col

from store.tables import RecoveryCode, SecondFactor


@dataclass(frozen=True, slots=True)
class KeptFactor:
    """A second factor as it is kept: the one that counts, and one that was begun and not confirmed."""

    sealed: bytes | None
    pending: bytes | None
    enrolled_at: datetime | None


def _of(service: str, user: str) -> tuple[Any, Any]:
    return col(SecondFactor.service_id) == service, col(SecondFactor.user) == user


def find(connection: Connection, service: str, user: str) -> KeptFactor | None:
    """The second factor of a user, begun or confirmed, or None."""
    row = connection.execute(
        select(col(SecondFactor.sealed), col(SecondFactor.pending), col(SecondFactor.enrolled_at)).where(
            *_of(service, user)
        )
    ).first()
    return KeptFactor(*row) if row else None


def enrolled(connection: Connection, service: str) -> set[str]:
    """The users who have a confirmed second factor."""
    query = select(col(SecondFactor.user)).where(
        col(SecondFactor.service_id) == service, col(SecondFactor.enrolled_at).is_not(None)
    )
    return set(connection.execute(query).scalars())


def begin(connection: Connection, service: str, user: str, pending: bytes) -> None:
    """Keep a new secret until it is confirmed, beside the one that counts."""
    changed = connection.execute(update(SecondFactor).where(*_of(service, user)).values(pending=pending))
    if changed.rowcount == 0:
        connection.execute(insert(SecondFactor).values(service_id=service, user=user, pending=pending, last_step=0))


def confirm(connection: Connection, service: str, user: str, pending: bytes, step: int, at: datetime) -> bool:
    """Let the begun secret count, its first step spent; False where another was begun or confirmed meanwhile."""
    changed = connection.execute(
        update(SecondFactor)
        .where(*_of(service, user), col(SecondFactor.pending) == pending)
        .values(sealed=pending, pending=None, enrolled_at=at, last_step=step)
    )
    return changed.rowcount == 1


def spend_step(connection: Connection, service: str, user: str, step: int) -> bool:
    """Use up a step of time and all before it; False where it was used already."""
    changed = connection.execute(
        update(SecondFactor).where(*_of(service, user), col(SecondFactor.last_step) < step).values(last_step=step)
    )
    return changed.rowcount == 1


def drop(connection: Connection, service: str, user: str) -> bool:
    """Forget a user's second factor and recovery codes; False where there was none."""
    connection.execute(
        delete(RecoveryCode).where(col(RecoveryCode.service_id) == service, col(RecoveryCode.user) == user)
    )
    return connection.execute(delete(SecondFactor).where(*_of(service, user))).rowcount == 1


def replace_codes(connection: Connection, service: str, user: str, digests: Sequence[str]) -> None:
    """New recovery codes in place of all before them."""
    connection.execute(
        delete(RecoveryCode).where(col(RecoveryCode.service_id) == service, col(RecoveryCode.user) == user)
    )
    connection.execute(
        insert(RecoveryCode), [{"service_id": service, "user": user, "digest": digest} for digest in digests]
    )


def spend_code(connection: Connection, service: str, user: str, digest: str, at: datetime) -> bool:
    """Use up a recovery code; False where there is none like it, or it was used."""
    changed = connection.execute(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.service_id) == service,
            col(RecoveryCode.user) == user,
            col(RecoveryCode.digest) == digest,
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=at)
    )
    return changed.rowcount == 1


def codes_left(connection: Connection, service: str, user: str) -> int:
    """How many recovery codes a user has left."""
    query = select(func.count()).where(
        col(RecoveryCode.service_id) == service,
        col(RecoveryCode.user) == user,
        col(RecoveryCode.used_at).is_(None),
    )
    return int(connection.execute(query).scalar_one())
