"""Keeps what was handed to somebody else to deliver: its reference, whether it went, and what they said since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update
from sqlmodel import col

from store.tables import Consignment, OutboxRow


@dataclass(frozen=True, slots=True)
class KeptConsignment:
    """A letter on its way by somebody else: its way, the reference we gave, their number for it and their last word.

    ``ask_at`` is when we ask them next; None where nothing is left to ask.
    """

    letter_id: str
    way: str
    reference: str
    state: str
    number: str
    status: str
    begun_at: datetime
    ask_at: datetime | None
    asked: int
    problem: str


_COLUMNS: tuple[Any, ...] = (
    col(Consignment.letter_id),
    col(Consignment.way),
    col(Consignment.reference),
    col(Consignment.state),
    col(Consignment.number),
    col(Consignment.status),
    col(Consignment.begun_at),
    col(Consignment.ask_at),
    col(Consignment.asked),
    col(Consignment.problem),
)


def begin(
    connection: Connection, service: str, letter_id: str, way: str, reference: str, at: datetime, clock: str
) -> None:
    """Note, before anything leaves, that a clock is about to hand a letter over."""
    again = {"way": way, "state": "begun", "begun_at": at, "begun_by": clock, "ask_at": None, "asked": 0, "problem": ""}
    changed = connection.execute(update(Consignment).where(col(Consignment.letter_id) == letter_id).values(**again))
    if changed.rowcount == 0:
        fresh = {"letter_id": letter_id, "service_id": service, "reference": reference, "number": "", "status": ""}
        connection.execute(insert(Consignment).values(**fresh, **again))


def change(connection: Connection, letter_id: str, **values: Any) -> None:
    """Change what is kept of a consignment."""
    connection.execute(update(Consignment).where(col(Consignment.letter_id) == letter_id).values(**values))


def call_off(connection: Connection, letter_id: str, clock: str, problem: str = "") -> None:
    """Note that what this clock was about to hand over was not; what another has begun since stays."""
    connection.execute(
        update(Consignment)
        .where(
            col(Consignment.letter_id) == letter_id,
            col(Consignment.state) == "begun",
            col(Consignment.begun_by) == clock,
        )
        .values(state="waiting", problem=problem[:240])
    )


def find(connection: Connection, letter_id: str) -> KeptConsignment | None:
    """The consignment of a letter; None where it was never about to be handed over."""
    return _one(connection, col(Consignment.letter_id) == letter_id)


def by_reference(connection: Connection, service: str, reference: str) -> KeptConsignment | None:
    """The consignment of that reference, or None."""
    return _one(connection, col(Consignment.service_id) == service, col(Consignment.reference) == reference)


def _one(connection: Connection, *of: Any) -> KeptConsignment | None:
    row = connection.execute(select(*_COLUMNS).where(*of)).first()
    return KeptConsignment(*row) if row else None


def to_ask(connection: Connection, service: str, now: datetime, limit: int = 100) -> list[KeptConsignment]:
    """Those about which it is time to ask, the longest due first."""
    query = (
        select(*_COLUMNS)
        .where(col(Consignment.service_id) == service, col(Consignment.ask_at) <= now)
        .order_by(col(Consignment.ask_at), col(Consignment.letter_id))
        .limit(limit)
    )
    return [KeptConsignment(*row) for row in connection.execute(query)]


def interrupted(connection: Connection, service: str, now: datetime, before: datetime) -> list[str]:
    """The letters that were about to be handed over before a moment, by a clock that has them no longer."""
    query = (
        select(col(Consignment.letter_id))
        .outerjoin(OutboxRow, col(OutboxRow.letter_id) == col(Consignment.letter_id))
        .where(
            col(Consignment.service_id) == service,
            col(Consignment.state) == "begun",
            col(Consignment.begun_at) < before,
            or_(
                col(OutboxRow.letter_id).is_(None),
                col(OutboxRow.claimed_until).is_(None),
                col(OutboxRow.claimed_until) < now,
            ),
        )
        .order_by(col(Consignment.letter_id))
        .limit(500)
    )
    return list(connection.execute(query).scalars())
