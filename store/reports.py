"""Counts for reports, in SQL over the projections: duties by everything that is counted, and cases by milestones."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    extract,
    func,
    literal,
    or_,
    select,
)
from sqlmodel import col

from store.tables import CaseSummary, DutyRow, EventRow, VictimCase
from workflow.milestones import CODES, DAYS, Milestones

_SAME_CASE = and_(
    col(CaseSummary.service_id) == col(DutyRow.service_id), col(CaseSummary.case_id) == col(DutyRow.case_id)
)
_MEASURED = col(CaseSummary.others).is_not(None)
_DAY_COLUMNS = tuple(getattr(CaseSummary, name) for name in DAYS)
_CODE_COLUMNS = tuple(getattr(CaseSummary, name) for name in CODES)


@dataclass(frozen=True, slots=True)
class DutyCount:
    """How many duties are alike in everything that is counted; ``month`` and ``worker`` only where they were asked."""

    rule: str
    edition: str
    verdict: str
    code_verdict: str
    enhanced: bool
    took: int | None
    waited: int | None
    reason: str
    worker: str
    month: date | None
    number: int


@dataclass(frozen=True, slots=True)
class MeasuredCase:
    """The milestones of one case as they are kept, with what names it and its victim."""

    reference: str
    person_id: int
    enhanced: bool
    worker: str
    is_open: bool
    found: Milestones


def _verdict(standing: Any, due: Any, today: date) -> ColumnElement[str]:
    """The verdict on a day of a duty that is kept: what is open is judged against the day it is read."""
    return case(
        (standing != "open", standing),
        (due.is_(None), "running"),
        (due > today, "running"),
        (due == today, "due_today"),
        else_="overdue",
    )


def standing_then(known: datetime | None) -> ColumnElement[bool]:
    """The cases that the projections answer for: measured, and without an event recorded after a moment."""
    if known is None:
        return _MEASURED
    later = select(col(EventRow.case_id)).where(
        col(EventRow.service_id) == col(CaseSummary.service_id), col(EventRow.recorded_at) > known
    )
    return and_(_MEASURED, col(CaseSummary.case_id).not_in(later.correlate(None)))


def to_derive(connection: Connection, service: str, known: datetime | None) -> list[int]:
    """The cases that the projections do not answer for, by number: not measured, or with news after a moment."""
    wanted = select(col(CaseSummary.case_id)).where(col(CaseSummary.service_id) == service, ~_MEASURED)
    if known is not None:
        # Not DISTINCT: it would walk the whole history in the order of the cases instead of its newest end.
        later = select(col(EventRow.case_id)).where(
            col(EventRow.service_id) == service, col(EventRow.recorded_at) > known
        )
        return sorted({*connection.execute(wanted).scalars(), *connection.execute(later).scalars()})
    return sorted(connection.execute(wanted).scalars())


def count_duties(
    connection: Connection,
    service: str,
    start: date,
    end: date,
    today: date,
    known: datetime | None,
    asked: Collection[str] = (),
) -> Iterator[DutyCount]:
    """The duties that began in a period, counted by all that reports divide by; ``asked``: ``worker``, ``month``."""
    verdict = _verdict(col(DutyRow.standing), col(DutyRow.due_on), today)
    by_code = _verdict(col(DutyRow.code_standing), col(DutyRow.code_due_on), today)
    worker: Any = col(DutyRow.worker) if "worker" in asked else literal("")
    year: Any = extract("year", col(DutyRow.began_on)) if "month" in asked else literal(0)
    month: Any = extract("month", col(DutyRow.began_on)) if "month" in asked else literal(0)
    parts: tuple[Any, ...] = (
        col(DutyRow.rule).label("rule"),
        col(DutyRow.edition).label("edition"),
        verdict.label("verdict"),
        by_code.label("by_code"),
        col(CaseSummary.enhanced).label("enhanced"),
        col(DutyRow.took).label("took"),
        col(DutyRow.waited).label("waited"),
        col(DutyRow.reason).label("reason"),
        worker.label("worker"),
        year.label("year"),
        month.label("month"),
    )
    # Grouped by the columns of an inner query: PostgreSQL does not take two bound values for the same one.
    inner = _duties(service, start, end, known).with_only_columns(*parts).subquery()
    rows = connection.execute(select(*inner.c, func.count()).group_by(*inner.c))
    for rule, edition, said, coded, enhanced, took, waited, reason, who, in_year, in_month, number in rows:
        day = date(int(in_year), int(in_month), 1) if in_year else None
        yield DutyCount(rule, edition, said, coded, bool(enhanced), took, waited, reason, who, day, number)


def _duties(service: str, start: date, end: date, known: datetime | None) -> Select[Any]:
    return (
        select(literal(1))
        .select_from(DutyRow)
        .join(CaseSummary, _SAME_CASE)
        .where(
            col(DutyRow.service_id) == service,
            col(DutyRow.began_on).between(start, end),
            standing_then(known),
        )
    )


def duty_cases(
    connection: Connection, service: str, start: date, end: date, today: date, known: datetime | None
) -> Iterator[tuple[str, str, str]]:
    """The rule, verdict and case of every duty that began in a period, each once."""
    verdict = _verdict(col(DutyRow.standing), col(DutyRow.due_on), today)
    parts = (col(DutyRow.rule), verdict, col(CaseSummary.reference))
    query = _duties(service, start, end, known).with_only_columns(*parts).distinct()
    return ((rule, said, reference) for rule, said, reference in connection.execute(query))


@dataclass(frozen=True, slots=True)
class DutyOfCase:
    """One duty with its case, for the list behind a figure."""

    reference: str
    rule: str
    edition: str
    verdict: str
    began_on: date
    enhanced: bool
    worker: str
    occurrence: int


def duties_behind(
    connection: Connection,
    service: str,
    start: date,
    end: date,
    today: date,
    known: datetime | None,
    rule: str | None,
    verdict: str | None,
) -> Iterator[DutyOfCase]:
    """The duties that began in a period, of one rule and one verdict where they are named."""
    said = _verdict(col(DutyRow.standing), col(DutyRow.due_on), today)
    query = _duties(service, start, end, known).with_only_columns(
        col(CaseSummary.reference),
        col(DutyRow.rule),
        col(DutyRow.edition),
        said,
        col(DutyRow.began_on),
        col(CaseSummary.enhanced),
        col(DutyRow.worker),
        col(DutyRow.occurrence),
    )
    if rule is not None:
        query = query.where(col(DutyRow.rule) == rule)
    if verdict is not None:
        query = query.where(said == verdict)
    return (DutyOfCase(*tuple(row)) for row in connection.execute(query))


def _measured(days: Any, codes: Any, opened_on: date, others: Any) -> Milestones:
    return Milestones(
        opened_on=opened_on,
        **dict(zip(DAYS, days, strict=True)),
        **dict(zip(CODES, codes, strict=True)),
        others=others or {},
    )


def measured_cases(
    connection: Connection,
    service: str,
    known: datetime | None,
    *,
    opened: tuple[date, date] | None = None,
    ended: tuple[date, date] | None = None,
    contacted: tuple[date, date] | None = None,
    closed: tuple[date, date] | None = None,
) -> Iterator[MeasuredCase]:
    """The cases opened, first contacted or closed, or of which a child's intervention may have ended, in a period."""
    days, codes = len(_DAY_COLUMNS), len(_CODE_COLUMNS)
    query = (
        select(
            col(CaseSummary.reference),
            col(VictimCase.person_id),
            col(CaseSummary.enhanced),
            col(CaseSummary.assignee),
            col(CaseSummary.is_open),
            col(CaseSummary.opened_on),
            col(CaseSummary.others),
            *_DAY_COLUMNS,
            *_CODE_COLUMNS,
        )
        .join(VictimCase, col(VictimCase.case_id) == col(CaseSummary.case_id))
        .where(col(CaseSummary.service_id) == service, standing_then(known))
        .order_by(col(CaseSummary.case_id))
    )
    for column, between in (
        (CaseSummary.opened_on, opened),
        (CaseSummary.contacted_on, contacted),
        (CaseSummary.closed_on, closed),
    ):
        if between is not None:
            query = query.where(col(column).between(*between))
    if ended is not None:
        query = query.where(col(CaseSummary.last_ended_on) >= ended[0], col(CaseSummary.first_ended_on) <= ended[1])
    for row in connection.execute(query):
        reference, person_id, enhanced, worker, is_open, opened_on, others, *kept = row
        found = _measured(kept[:days], kept[days : days + codes], opened_on, others)
        yield MeasuredCase(reference, person_id, bool(enhanced), worker, bool(is_open), found)


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many cases passed the same points and stand alike; ``passed`` in the order of the columns asked for."""

    passed: tuple[bool, ...]
    standing: str
    is_direct: bool
    is_indirect: bool
    is_told: bool
    enhanced: bool
    number: int


_STEPS = (
    CaseSummary.identifiable_on,
    CaseSummary.asked_on,
    CaseSummary.consented_on,
    CaseSummary.safe_on,
    CaseSummary.contacted_on,
    CaseSummary.talked_on,
    CaseSummary.offered_on,
)


def count_steps(
    connection: Connection, service: str, start: date, end: date, known: datetime | None
) -> Iterator[StepCount]:
    """The cases opened in a period, counted by the points of the funnel that they passed."""
    held = or_(col(CaseSummary.direct_on).is_not(None), col(CaseSummary.indirect_on).is_not(None))
    passed = [
        *(col(column).is_not(None) for column in _STEPS),
        held,
        col(CaseSummary.completed_on).is_not(None),
    ]
    parts = [
        *passed,
        col(CaseSummary.direct_on).is_not(None),
        col(CaseSummary.indirect_on).is_not(None),
        col(CaseSummary.told_on).is_not(None),
        col(CaseSummary.enhanced),
        col(CaseSummary.standing),
    ]
    inner = (
        select(*(part.label(f"part_{number}") for number, part in enumerate(parts)))
        .where(
            col(CaseSummary.service_id) == service,
            col(CaseSummary.opened_on).between(start, end),
            standing_then(known),
        )
        .subquery()
    )
    for row in connection.execute(select(*inner.c, func.count()).group_by(*inner.c)):
        *flags, direct, indirect, told, enhanced, standing, number = row
        points = (True, *(bool(flag) for flag in flags))
        yield StepCount(points, standing, bool(direct), bool(indirect), bool(told), bool(enhanced), number)


def first_day(connection: Connection, service: str) -> date | None:
    """The day on which the first case was opened; None while there is none."""
    query = select(func.min(col(CaseSummary.opened_on))).where(col(CaseSummary.service_id) == service)
    found: date | None = connection.execute(query).scalar_one()
    return found


def work_in_hand(connection: Connection, service: str) -> list[Mapping[str, Any]]:
    """By worker: open cases, and among them enhanced and child victims."""
    query = (
        select(
            col(CaseSummary.assignee),
            func.count(),
            func.sum(case((col(CaseSummary.enhanced), 1), else_=0)),
            func.sum(case((col(CaseSummary.child_victim), 1), else_=0)),
        )
        .where(col(CaseSummary.service_id) == service, col(CaseSummary.is_open))
        .group_by(col(CaseSummary.assignee))
        .order_by(col(CaseSummary.assignee))
    )
    return [
        {"worker": worker, "open": number, "enhanced": int(enhanced), "child": int(child)}
        for worker, number, enhanced, child in connection.execute(query)
    ]
