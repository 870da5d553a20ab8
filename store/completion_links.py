"""Keeps the links with which the gaps of a submission can be filled in: each for one submission, once, for a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlmodel import col

from store.bulk import Row, add_rows
from store.tables import CompletionLink, Submission


@dataclass(frozen=True, slots=True)
class KeptLink:
    """A link: for which submission of which force, on which case, and the seed of its token."""

    token_digest: str
    force: str
    submission_id: str
    case_id: int
    seed: str
    expires_at: datetime


def _links(rows: Any) -> list[KeptLink]:
    return [KeptLink(*row) for row in rows]


_COLUMNS = (
    col(CompletionLink.token_digest),
    col(CompletionLink.force),
    col(CompletionLink.submission_id),
    col(CompletionLink.case_id),
    col(CompletionLink.seed),
    col(CompletionLink.expires_at),
)


def add(connection: Connection, service: str, links: Sequence[KeptLink]) -> None:
    """Keep new links."""
    rows: list[Row] = [
        {
            "service_id": service,
            "token_digest": each.token_digest,
            "force": each.force,
            "submission_id": each.submission_id,
            "case_id": each.case_id,
            "seed": each.seed,
            "expires_at": each.expires_at,
            "used_at": None,
        }
        for each in links
    ]
    add_rows(connection, CompletionLink, rows)


def standing(
    connection: Connection, service: str, force: str, submission_ids: Sequence[str], now: datetime
) -> dict[str, KeptLink]:
    """By submission, the link that is neither used nor over."""
    rows = connection.execute(
        select(*_COLUMNS).where(
            col(CompletionLink.service_id) == service,
            col(CompletionLink.force) == force,
            col(CompletionLink.submission_id).in_(submission_ids),
            col(CompletionLink.used_at).is_(None),
            col(CompletionLink.expires_at) > now,
        )
    )
    return {each.submission_id: each for each in _links(rows)}


def find(connection: Connection, service: str, token_digest: str, now: datetime) -> KeptLink | None:
    """The link of a token while it can be used; None alike for one that never was, was used, or is over."""
    found = _links(
        connection.execute(
            select(*_COLUMNS).where(
                col(CompletionLink.service_id) == service,
                col(CompletionLink.token_digest) == token_digest,
                col(CompletionLink.used_at).is_(None),
                col(CompletionLink.expires_at) > now,
            )
        )
    )
    return found[0] if found else None


def use(connection: Connection, service: str, token_digest: str, now: datetime) -> bool:
    """Use a link up; False where somebody else did so first or it is over."""
    return (
        connection.execute(
            update(CompletionLink)
            .where(
                col(CompletionLink.service_id) == service,
                col(CompletionLink.token_digest) == token_digest,
                col(CompletionLink.used_at).is_(None),
                col(CompletionLink.expires_at) > now,
            )
            .values(used_at=now)
        ).rowcount
        == 1
    )


def led_to(connection: Connection, service: str, force: str, submission_ids: Sequence[str]) -> dict[str, int]:
    """By submission of a force, the case it led to."""
    rows = connection.execute(
        select(col(Submission.submission_id), col(Submission.case_id))
        .where(
            col(Submission.service_id) == service,
            col(Submission.force) == force,
            col(Submission.submission_id).in_(submission_ids),
            col(Submission.case_id).is_not(None),
        )
        .order_by(col(Submission.submission_number))
    )
    return {number: case_id for number, case_id in rows if case_id is not None}
