"""Keeps the letters from draft to the text as it went out, and the outbox from which a clock releases them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update
from sqlmodel import col

from store.database import is_sqlite
from store.tables import Letter, LetterPage, OutboxRow, Person, VictimCase


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter as it is kept; ``sealed`` holds its facts and its text, and opens with the victim's key."""

    letter_id: str
    case_id: int
    reference: str
    person_id: int
    kind: str
    occurrence: int
    state: str
    channel: str
    language: str
    format: str
    template_version: str
    decision: Any
    drafted_at: datetime
    approved_at: datetime | None
    approved_by: str | None
    released_at: datetime | None
    sealed: bytes | None


_COLUMNS = (
    col(Letter.letter_id),
    col(Letter.case_id),
    col(VictimCase.reference),
    col(VictimCase.person_id),
    col(Letter.kind),
    col(Letter.occurrence),
    col(Letter.state),
    col(Letter.channel),
    col(Letter.language),
    col(Letter.format),
    col(Letter.template_version),
    col(Letter.decision),
    col(Letter.drafted_at),
    col(Letter.approved_at),
    col(Letter.approved_by),
    col(Letter.released_at),
    col(Letter.sealed),
)


def _select(service: str) -> Any:
    return (
        select(*_COLUMNS)
        .join(VictimCase, col(VictimCase.case_id) == col(Letter.case_id))
        .where(col(Letter.service_id) == service)
    )


def draft(connection: Connection, service: str, case_id: int, **values: Any) -> None:
    """A new letter; the table refuses a second one for the same case, kind and occurrence."""
    connection.execute(insert(Letter).values(service_id=service, case_id=case_id, **values))


def find(connection: Connection, service: str, letter_id: str) -> KeptLetter | None:
    """The letter of that number, or None."""
    row = connection.execute(_select(service).where(col(Letter.letter_id) == letter_id)).first()
    return KeptLetter(*row) if row else None


def of_case(connection: Connection, service: str, case_id: int) -> list[KeptLetter]:
    """The letters of a case, oldest first."""
    rows = connection.execute(_select(service).where(col(Letter.case_id) == case_id).order_by(col(Letter.drafted_at)))
    return [KeptLetter(*row) for row in rows]


def in_state(connection: Connection, service: str, state: str | None, limit: int = 1000) -> list[KeptLetter]:
    """The letters in a state (None: all), oldest first."""
    query = _select(service).order_by(col(Letter.drafted_at), col(Letter.letter_id)).limit(limit)
    if state is not None:
        query = query.where(col(Letter.state) == state)
    return [KeptLetter(*row) for row in connection.execute(query)]


def change(connection: Connection, letter_id: str, **values: Any) -> None:
    """Change what is kept of a letter."""
    connection.execute(update(Letter).where(col(Letter.letter_id) == letter_id).values(**values))


def keep_page(connection: Connection, service: str, letter_id: str, sealed: bytes) -> None:
    """Keep the page of a letter, in place of an earlier one."""
    forget_page(connection, letter_id)
    connection.execute(insert(LetterPage).values(letter_id=letter_id, service_id=service, sealed=sealed))


def page(connection: Connection, letter_id: str) -> bytes | None:
    """The sealed page of a letter as it was approved; None where there is none."""
    query = select(col(LetterPage.sealed)).where(col(LetterPage.letter_id) == letter_id)
    return connection.execute(query).scalar_one_or_none()


def forget_page(connection: Connection, letter_id: str) -> None:
    """Forget the page of a letter that was not sent."""
    connection.execute(delete(LetterPage).where(col(LetterPage.letter_id) == letter_id))


def sent_between(
    connection: Connection, service: str, person_id: int, kinds: Collection[str], since: datetime, until: datetime
) -> str | None:
    """A letter of one of these kinds that left in that time to the same person, in whichever case; None where none did.

    The person is held for this transaction, so that two letters to them are not let go side by side.
    """
    match = select(col(Person.match)).where(col(Person.person_id) == person_id).scalar_subquery()
    same = select(col(Person.person_id)).where(
        col(Person.service_id) == service, col(Person.kind) == "victim", col(Person.match) == match
    )
    numbers = list(connection.execute(same.order_by(col(Person.person_id)).with_for_update()).scalars())
    query = (
        select(col(Letter.letter_id))
        .join(VictimCase, col(VictimCase.case_id) == col(Letter.case_id))
        .where(
            col(Letter.service_id) == service,
            col(VictimCase.person_id).in_(numbers),
            col(Letter.kind).in_(kinds),
            col(Letter.released_at) >= since,
            col(Letter.released_at) < until,
            # One in doubt may have reached them: whoever gets two on a day is no better off for that.
            col(Letter.state).in_(("released", "returned", "in_doubt")),
        )
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def why_waiting(connection: Connection, letter_id: str) -> tuple[datetime, str | None] | None:
    """When an approved letter is ready to go, and what stopped it last; None where it is not in the outbox."""
    query = select(col(OutboxRow.ready_at), col(OutboxRow.problem)).where(col(OutboxRow.letter_id) == letter_id)
    row = connection.execute(query).first()
    return (row[0], row[1]) if row else None


def tries(connection: Connection, letter_id: str) -> int:
    """How often a letter in the outbox was claimed."""
    query = select(col(OutboxRow.tries)).where(col(OutboxRow.letter_id) == letter_id)
    return connection.execute(query).scalar_one_or_none() or 0


def put_out(connection: Connection, service: str, letter_id: str, ready_at: datetime) -> None:
    """Put an approved letter into the outbox."""
    connection.execute(insert(OutboxRow).values(service_id=service, letter_id=letter_id, ready_at=ready_at, tries=0))


def take_in(connection: Connection, letter_id: str) -> bool:
    """Take a letter out of the outbox; False where it was not there."""
    return connection.execute(delete(OutboxRow).where(col(OutboxRow.letter_id) == letter_id)).rowcount == 1


def is_out(connection: Connection, letter_id: str, claimed_by: str) -> bool:
    """Whether the letter is still in the outbox and still claimed by this clock."""
    query = select(col(OutboxRow.letter_id)).where(
        col(OutboxRow.letter_id) == letter_id, col(OutboxRow.claimed_by) == claimed_by
    )
    return connection.execute(query).first() is not None


def claim(
    connection: Connection, service: str, now: datetime, until: datetime, claimed_by: str, limit: int
) -> list[str]:
    """Claim letters that are ready and that no other clock holds; a claim lapses at ``until``."""
    code = select(col(Letter.kind)).where(col(Letter.letter_id) == col(OutboxRow.letter_id)).scalar_subquery()
    query = (
        select(col(OutboxRow.letter_id))
        .where(
            col(OutboxRow.service_id) == service,
            col(OutboxRow.ready_at) <= now,
            or_(col(OutboxRow.claimed_until).is_(None), col(OutboxRow.claimed_until) < now),
        )
        # Of those that were signed in one moment the first contact goes before "we tried to reach you".
        .order_by(col(OutboxRow.ready_at), code, col(OutboxRow.letter_id))
        .limit(limit)
    )
    if not is_sqlite(connection):
        query = query.with_for_update(skip_locked=True)
    numbers = list(connection.execute(query).scalars())
    if numbers:
        connection.execute(
            update(OutboxRow)
            .where(col(OutboxRow.letter_id).in_(numbers))
            .values(claimed_until=until, claimed_by=claimed_by, tries=OutboxRow.tries + 1)
        )
    return numbers


def put_back(connection: Connection, letter_id: str, claimed_by: str, ready_at: datetime, problem: str) -> None:
    """Give a claim back with the reason, to be tried again later; a claim that is another clock's by now stays."""
    connection.execute(
        update(OutboxRow)
        .where(col(OutboxRow.letter_id) == letter_id, col(OutboxRow.claimed_by) == claimed_by)
        .values(claimed_until=None, claimed_by=None, ready_at=ready_at, problem=problem[:240])
    )


def waiting(connection: Connection, service: str) -> list[tuple[str, datetime, int, str | None]]:
    """What is in the outbox: letter, ready at, tries, last problem."""
    rows = connection.execute(
        select(col(OutboxRow.letter_id), col(OutboxRow.ready_at), col(OutboxRow.tries), col(OutboxRow.problem))
        .where(col(OutboxRow.service_id) == service)
        .order_by(col(OutboxRow.ready_at))
    )
    return [(letter_id, ready_at, tries, problem) for letter_id, ready_at, tries, problem in rows]
