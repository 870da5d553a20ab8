"""Keeps returns as they were submitted, dip samples with their file audits, judgements, and who took figures out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlmodel import col

from store.database import new_number
from store.tables import CaseSummary, DipSample, ExportRow, FileAudit, KpiReturn, SelfJudgement

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeptReturn:
    """A return as it was submitted."""

    quarter: str
    frozen_at: datetime
    by: str
    document: Json


def freeze(connection: Connection, service: str, quarter: str, document: Json, by: str, at: datetime) -> None:
    """Keep a return as it is submitted; one that was submitted before stays beside it."""
    connection.execute(
        insert(KpiReturn).values(service_id=service, quarter=quarter, frozen_at=at, by=by, document=document)
    )


def frozen(connection: Connection, service: str, quarter: str) -> list[KeptReturn]:
    """The returns of a quarter as they were submitted, the newest first."""
    rows = connection.execute(
        select(col(KpiReturn.quarter), col(KpiReturn.frozen_at), col(KpiReturn.by), col(KpiReturn.document))
        .where(col(KpiReturn.service_id) == service, col(KpiReturn.quarter) == quarter)
        .order_by(col(KpiReturn.return_number).desc())
    )
    return [KeptReturn(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class KeptSample:
    """A dip sample of a month: its seed, how many were wanted and out of how many they were drawn."""

    number: int
    month: str
    seed: str
    wanted: int
    out_of: int
    drawn_at: datetime
    by: str


_SAMPLE = (
    col(DipSample.sample_number),
    col(DipSample.month),
    col(DipSample.seed),
    col(DipSample.wanted),
    col(DipSample.out_of),
    col(DipSample.drawn_at),
    col(DipSample.by),
)


def samples(connection: Connection, service: str) -> list[KeptSample]:
    """Every dip sample, the newest month first."""
    rows = connection.execute(
        select(*_SAMPLE).where(col(DipSample.service_id) == service).order_by(col(DipSample.month).desc())
    )
    return [KeptSample(*row) for row in rows]


def keep_sample(
    connection: Connection,
    service: str,
    month: str,
    seed: str,
    drawn: Sequence[int],
    wanted: int,
    out_of: int,
    by: str,
    at: datetime,
) -> None:
    """Keep a sample and a file audit for each case in it."""
    number = new_number(
        connection.execute(
            insert(DipSample).values(
                service_id=service, month=month, seed=seed, wanted=wanted, out_of=out_of, drawn_at=at, by=by
            )
        )
    )
    for case_id in drawn:
        connection.execute(
            insert(FileAudit).values(
                service_id=service,
                sample_number=number,
                case_id=case_id,
                state="drawn",
                answers={},
                reviewed_by="",
                verified_by="",
                finalised_by="",
            )
        )


@dataclass(frozen=True, slots=True)
class KeptAudit:
    """A file audit: the case, what people answered, and who did each step."""

    number: int
    month: str
    case_id: int
    reference: str
    worker: str
    state: str
    answers: Json
    reviewed_by: str
    reviewed_at: datetime | None
    verified_by: str
    verified_at: datetime | None
    finalised_by: str
    finalised_at: datetime | None


def audits(connection: Connection, service: str, number: int | None = None) -> list[KeptAudit]:
    """Every file audit, or the one of a number, the newest sample first."""
    query = (
        select(
            col(FileAudit.audit_number),
            col(DipSample.month),
            col(FileAudit.case_id),
            col(CaseSummary.reference),
            col(CaseSummary.assignee),
            col(FileAudit.state),
            col(FileAudit.answers),
            col(FileAudit.reviewed_by),
            col(FileAudit.reviewed_at),
            col(FileAudit.verified_by),
            col(FileAudit.verified_at),
            col(FileAudit.finalised_by),
            col(FileAudit.finalised_at),
        )
        .join(DipSample, col(DipSample.sample_number) == col(FileAudit.sample_number))
        .join(CaseSummary, col(CaseSummary.case_id) == col(FileAudit.case_id))
        .where(col(FileAudit.service_id) == service)
        .order_by(col(DipSample.month).desc(), col(CaseSummary.reference))
    )
    if number is not None:
        query = query.where(col(FileAudit.audit_number) == number)
    return [KeptAudit(*row) for row in connection.execute(query)]


def move_audit(
    connection: Connection, service: str, number: int, was: str, becomes: str, answers: Json, by: str, at: datetime
) -> bool:
    """Take a file audit one step on; False where somebody else was first."""
    done = connection.execute(
        update(FileAudit)
        .where(col(FileAudit.service_id) == service, col(FileAudit.audit_number) == number, col(FileAudit.state) == was)
        .values(**{"state": becomes, "answers": answers, f"{becomes}_by": by, f"{becomes}_at": at})
    )
    return done.rowcount == 1


def sampled_from(connection: Connection, service: str, start: date, end: date) -> list[tuple[int, str]]:
    """The cases, by number and reference, that victims were contacted in during a period, in order of reference."""
    rows = connection.execute(
        select(col(CaseSummary.case_id), col(CaseSummary.reference))
        .where(
            col(CaseSummary.service_id) == service,
            col(CaseSummary.contacted_on) <= end,
            (col(CaseSummary.closed_on).is_(None)) | (col(CaseSummary.closed_on) >= start),
        )
        .order_by(col(CaseSummary.reference))
    )
    return [(number, reference) for number, reference in rows]


@dataclass(frozen=True, slots=True)
class KeptJudgement:
    """What was judged of one item of a yearly self-assessment, by whom and when."""

    subject: str
    period: str
    item: str
    document: Json
    by: str
    at: datetime


def judge(
    connection: Connection, service: str, subject: str, period: str, item: str, document: Json, by: str, at: datetime
) -> None:
    """Keep a judgement; the ones before it stay."""
    connection.execute(
        insert(SelfJudgement).values(
            service_id=service, subject=subject, period=period, item=item, document=document, by=by, at=at
        )
    )


def judgements(connection: Connection, service: str, subject: str, period: str) -> dict[str, KeptJudgement]:
    """By item, the newest judgement of a subject in a period."""
    rows = connection.execute(
        select(
            col(SelfJudgement.subject),
            col(SelfJudgement.period),
            col(SelfJudgement.item),
            col(SelfJudgement.document),
            col(SelfJudgement.by),
            col(SelfJudgement.at),
        )
        .where(
            col(SelfJudgement.service_id) == service,
            col(SelfJudgement.subject) == subject,
            col(SelfJudgement.period) == period,
        )
        .order_by(col(SelfJudgement.judgement_number))
    )
    return {row[2]: KeptJudgement(*row) for row in rows}


def log_export(
    connection: Connection, service: str, *, name: str, form: str, period: str, shared: bool, by: str, at: datetime
) -> None:
    """Keep who took which figures out, in what form, and whether small numbers were hidden to share them."""
    connection.execute(
        insert(ExportRow).values(service_id=service, name=name, form=form, period=period, shared=shared, by=by, at=at)
    )


def exports(connection: Connection, service: str) -> list[tuple[str, str, str, bool, str, datetime]]:
    """Every export, newest first: name, form, period, whether it was to be shared, by whom and when."""
    rows = connection.execute(
        select(
            col(ExportRow.name),
            col(ExportRow.form),
            col(ExportRow.period),
            col(ExportRow.shared),
            col(ExportRow.by),
            col(ExportRow.at),
        )
        .where(col(ExportRow.service_id) == service)
        .order_by(col(ExportRow.export_number).desc())
    )
    return [(name, form, period, bool(shared), by, at) for name, form, period, shared, by, at in rows]
