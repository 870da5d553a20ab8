"""Keeps which letters went to the printer in which file, so that none is ever in two."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlmodel import col

from store.database import new_number
from store.tables import BatchedLetter, Letter, LetterPage, PrintBatch


@dataclass(frozen=True, slots=True)
class KeptBatch:
    """A file of letters for the printer: its day, the how-manieth of that day, and the digest of its bytes."""

    batch_id: int
    day: date
    in_day: int
    made_at: datetime
    by: str
    letters: int
    sheets: int
    digest: str


def waiting(connection: Connection, service: str) -> list[str]:
    """The letters that left on paper and are in no batch yet, in the order in which they left."""
    batched = select(col(BatchedLetter.letter_id)).where(col(BatchedLetter.service_id) == service)
    return list(
        connection.execute(
            select(col(Letter.letter_id))
            .join(LetterPage, col(LetterPage.letter_id) == col(Letter.letter_id))
            .where(
                col(Letter.service_id) == service,
                col(Letter.state) == "released",
                col(Letter.channel) == "post",
                col(Letter.letter_id).not_in(batched),
            )
            .order_by(col(Letter.released_at), col(Letter.letter_id))
        ).scalars()
    )


def in_day(connection: Connection, service: str, day: date) -> int:
    """How many batches a day has."""
    found = connection.execute(
        select(func.count()).where(col(PrintBatch.service_id) == service, col(PrintBatch.day) == day)
    )
    return int(found.scalar_one())


def keep(connection: Connection, service: str, letters: Sequence[str], **values: Any) -> int:
    """A new batch with its letters; the table refuses a letter that is in one already.  Gives its number."""
    made = insert(PrintBatch).values(service_id=service, letters=len(letters), **values)
    batch = new_number(connection.execute(made))
    rows = [{"letter_id": letter, "service_id": service, "batch_id": batch} for letter in letters]
    connection.execute(insert(BatchedLetter), rows)
    return batch


def batches(connection: Connection, service: str, most: int = 100) -> list[KeptBatch]:
    """The last batches, newest first."""
    rows = connection.execute(
        select(
            col(PrintBatch.batch_id),
            col(PrintBatch.day),
            col(PrintBatch.in_day),
            col(PrintBatch.made_at),
            col(PrintBatch.by),
            col(PrintBatch.letters),
            col(PrintBatch.sheets),
            col(PrintBatch.digest),
        )
        .where(col(PrintBatch.service_id) == service)
        .order_by(col(PrintBatch.batch_id).desc())
        .limit(most)
    )
    return [KeptBatch(*row) for row in rows]


def batched(connection: Connection, service: str, letters: Collection[str]) -> list[str]:
    """Which of these letters are in a batch."""
    found = select(col(BatchedLetter.letter_id)).where(
        col(BatchedLetter.service_id) == service,
        col(BatchedLetter.batch_id).is_not(None),
        col(BatchedLetter.letter_id).in_(letters),
    )
    return list(connection.execute(found).scalars())
