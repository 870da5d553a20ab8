"""Keeps what is derived: the summary, the duties and the one next action of each case, and reads lists from them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update
from sqlmodel import col

from store.bulk import add_rows
from store.tables import ActionRow, CaseSummary, DutyRow
from workflow.actions import Action, QueueLine, rests_as
from workflow.case import TEAM, Case
from workflow.duties import Duty
from workflow.measures import Measure
from workflow.milestones import milestones
from workflow.vocabulary import Track

Row = dict[str, Any]

_DUTY_COLUMNS = tuple(name for name in DutyRow.model_fields if name not in ("service_id", "case_id"))
_ACTION_COLUMNS = tuple(name for name in ActionRow.model_fields if name not in ("service_id", "case_id"))
_SUMMARY_COLUMNS = tuple(
    name for name in CaseSummary.model_fields if name not in ("service_id", "case_id", "open_case_id")
)
ACTION_COLUMNS = tuple(getattr(ActionRow, name) for name in _ACTION_COLUMNS)
"""The columns that make a line of the queue."""

# Statements are built once: building one costs several times its execution.
_PLACE: tuple[BindParameter[Any], BindParameter[Any]] = (bindparam("in_service"), bindparam("of_case"))


@dataclass(frozen=True)
class _OneRow:
    """The statements for a projection that has at most one row for each case."""

    columns: tuple[str, ...]
    read: Any
    add: Any
    change: Any
    drop: Any


def _one_row(table: Any, columns: tuple[str, ...], *besides: str) -> _OneRow:
    here = (col(table.service_id) == _PLACE[0], col(table.case_id) == _PLACE[1])
    return _OneRow(
        columns,
        select(*(getattr(table, name) for name in columns)).where(*here),
        insert(table),
        update(table).where(*here).values({name: bindparam(name) for name in (*columns, *besides)}),
        delete(table).where(*here),
    )


_SUMMARY = _one_row(CaseSummary, _SUMMARY_COLUMNS, "open_case_id")
_ACTION = _one_row(ActionRow, _ACTION_COLUMNS)
_THIS_DUTY = (
    col(DutyRow.service_id) == _PLACE[0],
    col(DutyRow.case_id) == _PLACE[1],
    col(DutyRow.rule) == bindparam("of_rule"),
    col(DutyRow.occurrence) == bindparam("at_occurrence"),
)
_READ_DUTIES = (
    select(*(getattr(DutyRow, name) for name in _DUTY_COLUMNS))
    .where(col(DutyRow.service_id) == _PLACE[0], col(DutyRow.case_id) == _PLACE[1])
    .order_by(col(DutyRow.began_on), col(DutyRow.rule), col(DutyRow.occurrence))
)
_ADD_DUTIES = insert(DutyRow)
_CHANGE_DUTY = update(DutyRow).where(*_THIS_DUTY).values({name: bindparam(name) for name in _DUTY_COLUMNS})
_DROP_DUTY = delete(DutyRow).where(*_THIS_DUTY)

_STANDING_OPEN = ("running", "due_today", "overdue")


def _said(record: Any) -> Row:
    """The fields of a flat record; the library copies every value of it, which costs ten times as much."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def duty_row(duty: Duty, measured: Measure) -> Row:
    """A duty as it is kept, with its measure: what depends on today is left open."""
    return {
        "rule": duty.rule.id,
        "occurrence": duty.occurrence,
        "edition": duty.edition,
        "owner": str(duty.rule.owner),
        "began_on": duty.began_on,
        "told_on": duty.told_on,
        "standard_due": duty.standard_due,
        "service_due": duty.service_due,
        "enhanced_due": duty.enhanced_due,
        "due_on": duty.due_on,
        "code_due_on": duty.code_due_on,
        "met_on": duty.met_on,
        "standing": _standing(duty.verdict, duty.is_settled),
        "code_standing": _standing(duty.code_verdict, duty.is_settled),
        "provisional": duty.provisional,
        **_said(measured),
    }


def _standing(verdict: str, is_settled: bool) -> str:
    return "open" if verdict in _STANDING_OPEN and not is_settled else str(verdict)


def summary_row(case: Case, opened_on: date, entered_on: date, look_on: date | None) -> Row:
    """A case as lists show it."""
    return {
        "reference": case.reference,
        "state": str(case.state),
        "stage": str(case.stage),
        "consent": case.states[Track.CONSENT],
        "assignee": case.assignee,
        "is_open": case.is_open,
        "enhanced": case.enhanced_from is not None,
        "child_victim": case.is_child,
        "opened_on": opened_on,
        "entered_on": entered_on,
        "look_on": look_on,
        "version": case.version,
        "tables": case.history[-1].tables,
        **{name: value for name, value in _said(milestones(case)).items() if name != "opened_on"},
    }


def action_row(line: QueueLine) -> Row:
    """A line of the queue as it is kept."""
    return {
        "reference": line.case,
        **_said(line.action),
        "owner": line.owner,
        "person": None if line.owner == TEAM else line.owner,
        "rests": rests_as(line.action),
        "enhanced": line.enhanced,
        "child_victim": line.child_victim,
        "reply_waiting": line.reply_waiting,
        "decision_on": line.decision_on,
        "opened_on": line.opened_on,
        "entered_on": line.entered_on,
        "owned_since": line.owned_since,
    }


def write(
    connection: Connection,
    service: str,
    case_id: int,
    summary: Row,
    duties: Iterable[Row],
    action: Row | None,
    kept_duties: list[Row] | None = None,
) -> None:
    """Make the projections of a case equal to what was derived, only what changed; ``kept_duties`` saves a reading."""
    _write_one(connection, _SUMMARY, service, case_id, summary, open_case_id=case_id if summary["is_open"] else None)
    _write_one(connection, _ACTION, service, case_id, action)
    rows = duty_rows(connection, service, case_id) if kept_duties is None else kept_duties
    kept = {(row["rule"], row["occurrence"]): row for row in rows}
    derived = {(row["rule"], row["occurrence"]): row for row in duties}
    place = {"service_id": service, "case_id": case_id}
    here = {"in_service": service, "of_case": case_id}
    fresh = [{**place, **row} for name, row in derived.items() if name not in kept]
    if fresh:
        connection.execute(_ADD_DUTIES, fresh)
    for (rule, occurrence), row in kept.items():
        this = {**here, "of_rule": rule, "at_occurrence": occurrence}
        if (rule, occurrence) not in derived:
            connection.execute(_DROP_DUTY, this)
        elif derived[rule, occurrence] != row:
            connection.execute(_CHANGE_DUTY, {**this, **derived[rule, occurrence]})


def write_first(
    connection: Connection, service: str, derived: Sequence[tuple[int, Row, Sequence[Row], Row | None]]
) -> None:
    """Keep what was derived of cases that have no projections yet: case, summary, duties, next action."""
    summaries, duties, actions = [], [], []
    for case_id, summary, owed, action in derived:
        place = {"service_id": service, "case_id": case_id}
        summaries.append({**place, **summary, "open_case_id": case_id if summary["is_open"] else None})
        duties += [{**place, **row} for row in owed]
        if action is not None:
            actions.append({**place, **action})
    add_rows(connection, CaseSummary, summaries)
    add_rows(connection, DutyRow, duties)
    add_rows(connection, ActionRow, actions)


def _write_one(
    connection: Connection, one: _OneRow, service: str, case_id: int, row: Row | None, **besides: Any
) -> None:
    here = {"in_service": service, "of_case": case_id}
    kept = _one(connection, one, service, case_id)
    if row is None:
        if kept is not None:
            connection.execute(one.drop, here)
    elif kept is None:
        connection.execute(one.add, {"service_id": service, "case_id": case_id, **row, **besides})
    elif kept != row:
        connection.execute(one.change, {**here, **row, **besides})


def _one(connection: Connection, one: _OneRow, service: str, case_id: int) -> Row | None:
    found = connection.execute(one.read, {"in_service": service, "of_case": case_id}).first()
    return dict(zip(one.columns, found, strict=True)) if found else None


def summary(connection: Connection, service: str, case_id: int) -> Row | None:
    """The summary of a case as it is kept."""
    return _one(connection, _SUMMARY, service, case_id)


def action(connection: Connection, service: str, case_id: int) -> Row | None:
    """The next action of a case as it is kept."""
    return _one(connection, _ACTION, service, case_id)


def duty_rows(connection: Connection, service: str, case_id: int) -> list[Row]:
    """The duties of a case as they are kept."""
    found = connection.execute(_READ_DUTIES, {"in_service": service, "of_case": case_id})
    return [dict(zip(_DUTY_COLUMNS, row, strict=True)) for row in found]


def queue_lines(connection: Connection, service: str, owner: str | None, case_id: int | None = None) -> list[QueueLine]:
    """The lines of one owner's queue (``None``: of everybody), or of one case, in no order."""
    query = select(*ACTION_COLUMNS).where(col(ActionRow.service_id) == service)
    if owner is not None:
        query = query.where(col(ActionRow.owner) == owner)
    if case_id is not None:
        query = query.where(col(ActionRow.case_id) == case_id)
    return [queue_line(tuple(row)) for row in connection.execute(query)]


def queue_line(values: tuple[Any, ...]) -> QueueLine:
    """A line of the queue from the values of ``ACTION_COLUMNS``."""
    row = dict(zip(_ACTION_COLUMNS, values, strict=True))
    return QueueLine(
        case=row["reference"],
        action=Action(
            row["name"],
            row["reason"],
            row["tier"],
            row["due_on"],
            row["urgent_tier"],
            row["urgent_from"],
            row["rule"],
            row["waiting_on"],
        ),
        owner=row["owner"],
        enhanced=row["enhanced"],
        child_victim=row["child_victim"],
        reply_waiting=row["reply_waiting"],
        decision_on=row["decision_on"],
        opened_on=row["opened_on"],
        entered_on=row["entered_on"],
        owned_since=row["owned_since"],
    )


def to_look_at(connection: Connection, service: str, today: date, after: int, limit: int) -> list[int]:
    """The next cases, by number after ``after``, to which something happens by itself by today."""
    rows = connection.execute(
        select(col(CaseSummary.case_id))
        .where(
            col(CaseSummary.service_id) == service,
            col(CaseSummary.look_on) <= today,
            col(CaseSummary.case_id) > after,
        )
        .order_by(col(CaseSummary.case_id))
        .limit(limit)
    )
    return list(rows.scalars())


def summaries(connection: Connection, service: str) -> Iterator[Mapping[str, Any]]:
    """The summary of every case."""
    found = connection.execute(
        select(*(getattr(CaseSummary, name) for name in _SUMMARY_COLUMNS)).where(col(CaseSummary.service_id) == service)
    )
    for row in found:
        yield dict(zip(_SUMMARY_COLUMNS, row, strict=True))
