"""Keeps which morning letters to the staff were written, each claimed by one clock before it is sent."""

from datetime import date, datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from store.database import is_sqlite
from store.tables import DigestRow, UserAccount


def without(connection: Connection, service: str, day: date, roles: tuple[str, ...], now: datetime) -> list[str]:
    """The staff with an address to whom the letter of a day may go now: not written yet, or ready to be tried again."""
    account = (col(UserAccount.service_id) == service, col(UserAccount.role).in_(roles))
    can_be_reached = (col(UserAccount.email).is_not(None), col(UserAccount.disabled_at).is_(None))
    settled = select(col(DigestRow.user)).where(
        col(DigestRow.service_id) == service,
        col(DigestRow.day) == day,
        (col(DigestRow.state).in_(("sent", "refused"))) | (col(DigestRow.ready_at) > now),
    )
    query = select(col(UserAccount.name)).where(*account, *can_be_reached, col(UserAccount.name).not_in(settled))
    return list(connection.execute(query.order_by(col(UserAccount.name))).scalars())


def is_pausing(connection: Connection, service: str, day: date, problem: str, now: datetime) -> bool:
    """Whether a letter of a day waits for a problem that concerns all of them, so that none need be tried yet."""
    query = select(col(DigestRow.user)).where(
        col(DigestRow.service_id) == service,
        col(DigestRow.day) == day,
        col(DigestRow.state) == "waiting",
        col(DigestRow.problem) == problem,
        col(DigestRow.ready_at) > now,
    )
    return connection.execute(query.limit(1)).first() is not None


def claim(
    connection: Connection, service: str, user: str, day: date, clock: str, now: datetime, until: datetime
) -> int | None:
    """Claim the letter of a day to somebody until a moment; gives the number of the try, None where it is claimed."""
    table = sqlite.insert(DigestRow) if is_sqlite(connection) else postgresql.insert(DigestRow)
    fresh = table.values(
        service_id=service, user=user, day=day, state="claimed", claimed_by=clock, ready_at=until, tries=1, problem=""
    )
    # What came back tells; the drivers disagree about how many rows an insert that gave way has touched.
    if connection.execute(fresh.on_conflict_do_nothing().returning(col(DigestRow.user))).first() is not None:
        return 1
    again = connection.execute(
        update(DigestRow)
        .where(
            col(DigestRow.service_id) == service,
            col(DigestRow.user) == user,
            col(DigestRow.day) == day,
            col(DigestRow.state).in_(("claimed", "waiting")),
            col(DigestRow.ready_at) <= now,
        )
        .values(state="claimed", claimed_by=clock, ready_at=until, tries=col(DigestRow.tries) + 1)
        .returning(col(DigestRow.tries))
    ).scalar()
    return None if again is None else int(again)


def settle(
    connection: Connection,
    service: str,
    user: str,
    day: date,
    clock: str,
    *,
    state: str,
    ready_at: datetime,
    problem: str = "",
    sent_at: datetime | None = None,
) -> None:
    """Say what became of a letter that this clock has claimed: ``sent``, ``refused``, or ``waiting`` until a moment."""
    connection.execute(
        update(DigestRow)
        .where(
            col(DigestRow.service_id) == service,
            col(DigestRow.user) == user,
            col(DigestRow.day) == day,
            col(DigestRow.claimed_by) == clock,
            col(DigestRow.state) == "claimed",
        )
        .values(state=state, ready_at=ready_at, problem=problem[:120], sent_at=sent_at)
    )


def waiting(connection: Connection, service: str, day: date) -> list[tuple[str, str, int]]:
    """The letters of a day that could not be sent: user, state, and how often it was tried."""
    rows = connection.execute(
        select(col(DigestRow.user), col(DigestRow.state), col(DigestRow.tries))
        .where(
            col(DigestRow.service_id) == service,
            col(DigestRow.day) == day,
            col(DigestRow.state).in_(("waiting", "refused")),
        )
        .order_by(col(DigestRow.user))
    )
    return [(user, state, int(tries)) for user, state, tries in rows]
