"""Asks a person about what police sent and nobody could read, above all a withdrawal that was refused."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.entries import Actor
from engine.errors import NotFound
from engine.house import House
from engine.intake.files import Source, digest_of
from store import intake_tasks
from store.intake_tasks import KeptTask

SHOWN = 20
"""How many of those that were settled last are shown, so that a slip can be taken back."""

WORDS = {
    "unread_withdrawal": "A withdrawal of consent could not be taken in: ask the force at once whose it is.",
    "unread_rows": "Rows could not be read; one may be a withdrawal: ask the force what they say.",
}
"""What a person has to do about each kind of task."""

_SAYS_WITHDRAWAL = ("withdr", "opt out", "opt-out", "opt_out", "stop")


def means_withdrawal(raw: Mapping[str, Any]) -> bool:
    """Whether a record may be meant to withdraw consent, however it says so."""
    reason, consent = raw.get("reason"), raw.get("consent")
    if isinstance(reason, str) and any(word in reason.casefold() for word in _SAYS_WITHDRAWAL):
        return True
    if not isinstance(consent, Mapping):
        return False
    decision = consent.get("decision")
    return bool(consent.get("withdrawal")) or (isinstance(decision, str) and "withdr" in decision.casefold())


def raise_withdrawal(
    house: House, connection: Connection, force: str, submission_id: str | None, digest: str, now: datetime
) -> None:
    """Ask a person about a withdrawal that was refused, within the transaction that refuses it."""
    intake_tasks.raise_task(
        connection,
        house.service,
        force,
        task_id=f"T-{house.codes(16)}",
        kind="unread_withdrawal",
        submission_id=submission_id,
        digest=digest,
        rows=1,
        at=now,
    )


def raise_unread(house: House, source: Source, force: str, rows: int, now: datetime) -> None:
    """Ask a person about the rows of a file that nobody could read, once for the same file."""
    digest = hashlib.sha256(f"{digest_of(source)}/unread".encode()).hexdigest()
    with house.writing() as connection:
        intake_tasks.raise_task(
            connection,
            house.service,
            force,
            task_id=f"T-{house.codes(16)}",
            kind="unread_rows",
            submission_id=None,
            digest=digest,
            rows=rows,
            at=now,
        )


def open_tasks(house: House) -> list[dict[str, Any]]:
    """What a person must ask police about, the oldest first."""
    with house.reading() as connection:
        found = intake_tasks.open_tasks(connection, house.service)
    return [_document(each) for each in found]


def settled_tasks(house: House) -> list[dict[str, Any]]:
    """What was asked of police last and settled, each with who settled it (``settled_by``), the newest first."""
    with house.reading() as connection:
        found = intake_tasks.settled_tasks(connection, house.service, SHOWN)
    return [{**_document(each), "settled_by": by} for each, by in found]


def _document(each: KeptTask) -> dict[str, Any]:
    return {
        "task": each.task_id,
        "force": each.force,
        "kind": each.kind,
        "submission_id": each.submission_id,
        "rows": each.rows,
        "raised_at": each.raised_at.isoformat(),
        "do": WORDS[each.kind],
    }


def settle_task(house: House, task_id: str, actor: Actor, now: datetime) -> None:
    """Mark a task as settled by a person.  Raises NotFound or NotPermitted."""
    house.permissions.demand(actor.role, "case.record")
    with house.writing() as connection:
        if not intake_tasks.settle_task(connection, house.service, task_id, actor.user, now):
            raise NotFound("There is no open task of that number.")


def reopen_task(house: House, task_id: str, actor: Actor) -> None:
    """Let a task wait again that was settled by a slip.  Raises NotFound or NotPermitted."""
    house.permissions.demand(actor.role, "case.record")
    with house.writing() as connection:
        if not intake_tasks.reopen_task(connection, house.service, task_id):
            raise NotFound("There is no settled task of that number.")
