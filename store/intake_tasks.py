"""Keeps what a person must ask police about because nobody could read it, and the cases that look alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update
from sqlmodel import col

from store.bulk import add_rows
from store.tables import IntakeTask, Likeness, LikenessKey, VictimCase


@dataclass(frozen=True, slots=True)
class KeptTask:
    """A task as it is kept: its number, the force, what it is, under which submission, how many rows, since when."""

    task_id: str
    force: str
    kind: str
    submission_id: str | None
    rows: int
    raised_at: datetime


def raise_task(
    connection: Connection,
    service: str,
    force: str,
    *,
    task_id: str,
    kind: str,
    submission_id: str | None,
    digest: str,
    rows: int,
    at: datetime,
) -> None:
    """Keep a task, once for the same content."""
    there = connection.execute(
        select(col(IntakeTask.task_id)).where(
            col(IntakeTask.service_id) == service, col(IntakeTask.force) == force, col(IntakeTask.digest) == digest
        )
    ).first()
    if there is not None:
        return
    row = {
        "task_id": task_id,
        "service_id": service,
        "force": force,
        "kind": kind,
        "submission_id": submission_id,
        "digest": digest,
        "rows": rows,
        "raised_at": at,
    }
    add_rows(connection, IntakeTask, [row])


def open_tasks(connection: Connection, service: str) -> list[KeptTask]:
    """The tasks that nobody has settled, the oldest first."""
    names = KeptTask.__dataclass_fields__
    rows = connection.execute(
        select(*(getattr(IntakeTask, name) for name in names))
        .where(col(IntakeTask.service_id) == service, col(IntakeTask.settled_at).is_(None))
        .order_by(col(IntakeTask.raised_at), col(IntakeTask.task_id))
    )
    return [KeptTask(*row) for row in rows]


def settled_tasks(connection: Connection, service: str, many: int) -> list[tuple[KeptTask, str]]:
    """The tasks that were settled last, each with who settled it, the newest first."""
    names = KeptTask.__dataclass_fields__
    rows = connection.execute(
        select(*(getattr(IntakeTask, name) for name in names), col(IntakeTask.settled_by))
        .where(col(IntakeTask.service_id) == service, col(IntakeTask.settled_at).is_not(None))
        .order_by(col(IntakeTask.settled_at).desc(), col(IntakeTask.task_id))
        .limit(many)
    )
    return [(KeptTask(*row[:-1]), str(row[-1])) for row in rows]


def reopen_task(connection: Connection, service: str, task_id: str) -> bool:
    """Let a task that was settled wait again; False where there is none of that number that is settled."""
    changed = connection.execute(
        update(IntakeTask)
        .where(
            col(IntakeTask.service_id) == service,
            col(IntakeTask.task_id) == task_id,
            col(IntakeTask.settled_at).is_not(None),
        )
        .values(settled_at=None, settled_by=None)
    )
    return changed.rowcount == 1


def settle_task(connection: Connection, service: str, task_id: str, by: str, at: datetime) -> bool:
    """Mark a task as settled; False where there is none of that number that is open."""
    changed = connection.execute(
        update(IntakeTask)
        .where(
            col(IntakeTask.service_id) == service,
            col(IntakeTask.task_id) == task_id,
            col(IntakeTask.settled_at).is_(None),
        )
        .values(settled_at=at, settled_by=by)
    )
    return changed.rowcount == 1


@dataclass(frozen=True, slots=True)
class KeptLikeness:
    """Two cases that look alike: their references, in what (person or incident), the reasons, the answer if any."""

    reference: str
    other: str
    kind: str
    reasons: tuple[str, ...]
    outcome: str | None


_FIRST = select(col(LikenessKey.digest), col(LikenessKey.case_id)).where(
    col(LikenessKey.service_id) == bindparam("in_service"),
    col(LikenessKey.digest).in_(bindparam("with_digests", expanding=True)),
)


def first_with(connection: Connection, service: str, digests: Sequence[str]) -> dict[str, int]:
    """The first case with each of these digests of two facts; those that nobody has are left out."""
    asked = {"in_service": service, "with_digests": digests}
    return {row[0]: row[1] for row in connection.execute(_FIRST, asked)}


def add_first_with(connection: Connection, service: str, digests: Mapping[str, int]) -> None:
    """Keep which case is the first with a digest that nobody had."""
    rows = [{"service_id": service, "digest": digest, "case_id": case_id} for digest, case_id in digests.items()]
    add_rows(connection, LikenessKey, rows)


def add_likenesses(
    connection: Connection, service: str, found: Iterable[tuple[int, int, str, Sequence[str]]], at: datetime
) -> None:
    """Keep that cases look alike: case, other case, person or incident, reasons."""
    rows = [
        {
            "service_id": service,
            "case_id": case_id,
            "other_case_id": other,
            "kind": kind,
            "reasons": "|".join(reasons),
            "raised_at": at,
        }
        for case_id, other, kind, reasons in found
    ]
    add_rows(connection, Likeness, rows)


def likenesses(
    connection: Connection, service: str, case_id: int | None = None, settled: int = 0
) -> list[KeptLikeness]:
    """The likenesses of a case, on either side of it; of all cases, those that nobody has settled.

    ``settled`` gives so many of those that somebody settled last, of all cases.
    """
    one, other = VictimCase.__table__.alias("one"), VictimCase.__table__.alias("other")  # type: ignore[attr-defined]
    query = (
        select(one.c.reference, other.c.reference, col(Likeness.kind), col(Likeness.reasons), col(Likeness.outcome))
        .join(one, one.c.case_id == col(Likeness.case_id))
        .join(other, other.c.case_id == col(Likeness.other_case_id))
        .where(col(Likeness.service_id) == service)
        .order_by(col(Likeness.case_id), col(Likeness.other_case_id))
    )
    if settled:
        query = query.where(col(Likeness.outcome).is_not(None)).order_by(None)
        query = query.order_by(col(Likeness.settled_at).desc(), col(Likeness.case_id), col(Likeness.other_case_id))
        query = query.limit(settled)
    elif case_id is None:
        query = query.where(col(Likeness.outcome).is_(None))
    else:
        query = query.where((col(Likeness.case_id) == case_id) | (col(Likeness.other_case_id) == case_id))
    return [
        KeptLikeness(one_reference, other_reference, kind, tuple(reasons.split("|")), outcome)
        for one_reference, other_reference, kind, reasons, outcome in connection.execute(query)
    ]


def same_person(
    connection: Connection, service: str, case_ids: Sequence[int], most: int | None = None
) -> list[tuple[int, int, str]]:
    """The pairs of cases that look like one person, on either side of which one of these stands, with the reasons.

    Pairs of which somebody said that they are not one person are left out; ``most`` gives no more than so many.
    """
    either = col(Likeness.case_id).in_(case_ids) | col(Likeness.other_case_id).in_(case_ids)
    rows = connection.execute(
        select(col(Likeness.case_id), col(Likeness.other_case_id), col(Likeness.reasons))
        .where(
            col(Likeness.service_id) == service,
            col(Likeness.kind) == "person",
            either,
            col(Likeness.outcome).is_(None) | (col(Likeness.outcome) == "same"),
        )
        .order_by(col(Likeness.case_id), col(Likeness.other_case_id))
        .limit(most)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def beside(connection: Connection, service: str, case_id: int) -> set[int]:
    """The cases that are kept as looking like a case, on either side of it, for whatever reason."""
    one, other = col(Likeness.case_id), col(Likeness.other_case_id)
    query = select(one, other).where(col(Likeness.service_id) == service, (one == case_id) | (other == case_id))
    return {number for row in connection.execute(query) for number in row} - {case_id}


def settle_likeness(
    connection: Connection, service: str, one: int, other: int, outcome: str, by: str, at: datetime
) -> bool:
    """Keep what a person said of two cases; False where they were never found alike."""
    pair = (one, other)
    changed = connection.execute(
        update(Likeness)
        .where(
            col(Likeness.service_id) == service,
            col(Likeness.case_id).in_(pair),
            col(Likeness.other_case_id).in_(pair),
        )
        .values(outcome=outcome, settled_at=at, settled_by=by)
    )
    return changed.rowcount == 1
