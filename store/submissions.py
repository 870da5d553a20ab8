"""Keeps what forces sent, our answers, the answers given to keys, and the suppression entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from store.bulk import Row, add_rows
from store.cases import KEY_COLUMNS, CaseKey
from store.database import is_sqlite
from store.tables import AnswerRow, CaseSummary, PoliceForce, Submission, Suppression, VictimCase

# Statements are built once: building one costs several times its execution.
_OF_SUBMISSION = (
    select(col(Submission.digest), col(Submission.receipt), col(Submission.case_id))
    .where(
        col(Submission.service_id) == bindparam("in_service"),
        col(Submission.force) == bindparam("by_force"),
        col(Submission.submission_id) == bindparam("with_number"),
    )
    .order_by(col(Submission.submission_number))
)
_OF_SUBMISSIONS = (
    select(col(Submission.submission_id), col(Submission.digest), col(Submission.receipt), col(Submission.case_id))
    .where(
        col(Submission.service_id) == bindparam("in_service"),
        col(Submission.force) == bindparam("by_force"),
        col(Submission.submission_id).in_(bindparam("with_numbers", expanding=True)),
    )
    .order_by(col(Submission.submission_number))
)
_SUPPRESSED_AMONG = select(col(Suppression.match)).where(
    col(Suppression.service_id) == bindparam("in_service"),
    col(Suppression.match).in_(bindparam("with_matches", expanding=True)),
    col(Suppression.ended_on).is_(None),
)


def add_force(connection: Connection, service: str, name: str, model: str) -> None:
    """A police force, once."""
    if force_model(connection, service, name) is None:
        connection.execute(insert(PoliceForce).values(service_id=service, name=name, model=model))


def force_model(connection: Connection, service: str, name: str) -> str | None:
    """The consent model of a force; None where the force is not known."""
    return connection.execute(
        select(col(PoliceForce.model)).where(col(PoliceForce.service_id) == service, col(PoliceForce.name) == name)
    ).scalar()


def hold_force(connection: Connection, service: str, name: str) -> None:
    """Let nobody else take in a record of this force until the transaction ends: two at once would miss each other."""
    if not is_sqlite(connection):
        connection.execute(
            select(col(PoliceForce.name))
            .where(col(PoliceForce.service_id) == service, col(PoliceForce.name) == name)
            .with_for_update()
        )


def forces(connection: Connection, service: str) -> list[str]:
    """The names of the forces we know."""
    return list(
        connection.execute(
            select(col(PoliceForce.name)).where(col(PoliceForce.service_id) == service).order_by(col(PoliceForce.name))
        ).scalars()
    )


Kept = tuple[str, Any, int | None]
"""What came under a submission number: digest of the content, receipt, case."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A submission to be kept: its number, the digest of what it said, the case it led to, and our receipt."""

    submission_id: str
    digest: str
    case_id: int | None
    receipt: Any


def add(connection: Connection, service: str, force: str, arrivals: Sequence[Arrival], received_at: datetime) -> None:
    """Keep receipts."""
    about = {"service_id": service, "force": force, "received_at": received_at}
    rows: list[Row] = [
        {
            **about,
            "submission_id": each.submission_id,
            "digest": each.digest,
            "case_id": each.case_id,
            "receipt": each.receipt,
        }
        for each in arrivals
    ]
    add_rows(connection, Submission, rows)


def of_submission(connection: Connection, service: str, force: str, submission_id: str) -> list[Kept]:
    """What came under a submission number, oldest first: digest of the content, receipt, case."""
    asked = {"in_service": service, "by_force": force, "with_number": submission_id}
    rows = connection.execute(_OF_SUBMISSION, asked)
    return [(digest, receipt, case_id) for digest, receipt, case_id in rows]


def of_submissions(
    connection: Connection, service: str, force: str, submission_ids: Sequence[str]
) -> dict[str, list[Kept]]:
    """What came under each of these submission numbers, oldest first; numbers that are new are left out."""
    found: dict[str, list[Kept]] = {}
    asked = {"in_service": service, "by_force": force, "with_numbers": submission_ids}
    for number, digest, receipt, case_id in connection.execute(_OF_SUBMISSIONS, asked):
        found.setdefault(number, []).append((digest, receipt, case_id))
    return found


def answer(connection: Connection, service: str, caller: str, key: str) -> tuple[str, Any] | None:
    """What was answered to a caller's key: digest of the body and the answer; None where the key is new."""
    row = connection.execute(
        select(col(AnswerRow.digest), col(AnswerRow.answer)).where(
            col(AnswerRow.service_id) == service, col(AnswerRow.caller) == caller, col(AnswerRow.key) == key
        )
    ).first()
    return (row[0], row[1]) if row else None


def keep_answer(
    connection: Connection, service: str, caller: str, key: str, digest: str, given: Any, at: datetime
) -> bool:
    """Keep the answer given to a caller's key; False where the key was used meanwhile, and then nothing may be kept."""
    try:
        connection.execute(
            insert(AnswerRow).values(service_id=service, caller=caller, key=key, digest=digest, answer=given, at=at)
        )
    except IntegrityError:
        return False
    return True


def suppress(connection: Connection, service: str, match: str, since: date, recorded_at: datetime) -> None:
    """Keep a suppression entry, once; one that had ended stands again from that day."""
    here = (col(Suppression.service_id) == service, col(Suppression.match) == match)
    kept = connection.execute(select(col(Suppression.ended_on)).where(*here)).first()
    again = {"since": since, "recorded_at": recorded_at, "ended_on": None, "ended_by": None}
    if kept is None:
        connection.execute(insert(Suppression).values(service_id=service, match=match, **again))
    elif kept[0] is not None:
        connection.execute(update(Suppression).where(*here).values(**again))


def end_suppressions(connection: Connection, service: str, matches: Sequence[str], on: date, by: str) -> int:
    """End the suppression entries that stand under these digests, with the day and who; gives how many there were."""
    ended = update(Suppression).where(
        col(Suppression.service_id) == service,
        col(Suppression.match).in_(list(matches)),
        col(Suppression.ended_on).is_(None),
    )
    return connection.execute(ended.values(ended_on=on, ended_by=by)).rowcount


def is_suppressed(connection: Connection, service: str, matches: Sequence[str]) -> bool:
    """Whether a suppression entry stands under one of these digests."""
    return bool(suppressed_among(connection, service, matches))


def suppressed_among(connection: Connection, service: str, matches: Sequence[str]) -> set[str]:
    """Those of the digests for which a suppression entry stands."""
    asked = {"in_service": service, "with_matches": matches}
    return set(connection.execute(_SUPPRESSED_AMONG, asked).scalars())


def of_case(connection: Connection, service: str, case_id: int) -> list[tuple[str, datetime, Any]]:
    """The submissions that led to a case, oldest first: number, when it came, receipt."""
    rows = connection.execute(
        select(col(Submission.submission_id), col(Submission.received_at), col(Submission.receipt))
        .where(col(Submission.service_id) == service, col(Submission.case_id) == case_id)
        .order_by(col(Submission.submission_number))
    )
    return [(number, received_at, receipt) for number, received_at, receipt in rows]


def open_cases_of(connection: Connection, service: str, force: str, after: int, limit: int) -> list[CaseKey]:
    """The open cases of a force by their number, from the one after ``after`` on."""
    rows = connection.execute(
        select(*KEY_COLUMNS)
        .join(
            CaseSummary,
            (col(CaseSummary.service_id) == col(VictimCase.service_id))
            & (col(CaseSummary.case_id) == col(VictimCase.case_id)),
        )
        .where(
            col(VictimCase.service_id) == service,
            col(VictimCase.force) == force,
            col(VictimCase.case_id) > after,
            col(CaseSummary.is_open).is_(True),
        )
        .order_by(col(VictimCase.case_id))
        .limit(limit)
    )
    return [CaseKey(*row) for row in rows]
