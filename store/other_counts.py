"""Counts what stands in the small document of each case, in SQL over the summaries, and lists the cases behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, Text, and_, case, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from store.database import is_sqlite
from store.reports import standing_then
from store.tables import CaseSummary

Period = tuple[date, date] | None


def _raw(connection: Connection, name: str) -> ColumnElement[Any]:
    if is_sqlite(connection):
        return func.json_extract(col(CaseSummary.others), f"$.{name}")
    return func.jsonb_extract_path_text(cast(col(CaseSummary.others), JSONB), name)


def number_of(connection: Connection, name: str) -> ColumnElement[int]:
    """A number of the document of a case; nought where it is not there."""
    return func.coalesce(cast(_raw(connection, name), Integer), 0)


def _cases(query: Select[Any], service: str, known: datetime | None, opened: Period) -> Select[Any]:
    query = query.where(col(CaseSummary.service_id) == service, standing_then(known))
    return query.where(col(CaseSummary.opened_on).between(*opened)) if opened else query


def counted(
    connection: Connection,
    service: str,
    known: datetime | None,
    opened: Period,
    *,
    times: Sequence[str] = (),
    cases: Sequence[str] = (),
) -> dict[str, int]:
    """Of the cases opened in a period, or of all: how often each of ``times`` happened, in how many each of ``cases``.

    ``unheard`` is as ``behind`` has it.
    """
    parts: list[Any] = [func.sum(_named(connection, name)) for name in times]
    parts += [func.sum(case((_is_there(connection, name), 1), else_=0)) for name in cases]
    query: Any = select(*parts)
    row = connection.execute(_cases(query, service, known, opened)).one()
    return {name: int(number or 0) for name, number in zip((*times, *cases), row, strict=True)}


def behind(
    connection: Connection, service: str, known: datetime | None, name: str, opened: Period, most: int
) -> list[str]:
    """The first cases, by reference, in which a number of that name is not nought.

    ``unheard`` are those with a decision before which the victim was neither heard nor excused.
    """
    query = _cases(select(col(CaseSummary.reference)), service, known, opened).where(_is_there(connection, name))
    return list(connection.execute(query.order_by(col(CaseSummary.reference)).limit(most)).scalars())


def _named(connection: Connection, name: str) -> ColumnElement[int]:
    if name != "unheard":
        return number_of(connection, name)
    decisions, heard, excused = (number_of(connection, each) for each in ("decisions", "heard", "excused"))
    return decisions - heard - excused


def _is_there(connection: Connection, name: str) -> ColumnElement[bool]:
    """Whether a number of that name is not nought; most documents do not name it, and are not taken apart for it."""
    written = "decisions" if name == "unheard" else name
    return and_(cast(col(CaseSummary.others), Text).contains(f'"{written}":'), _named(connection, name) > 0)


@dataclass(frozen=True, slots=True)
class AccessCount:
    """How many cases are alike in who the victim is, how far they came, and what was asked of them."""

    victim_kind: str
    enhanced: bool
    consented: bool
    offered: bool
    took_part: bool
    direct: bool
    asked: str
    number: int


def access(connection: Connection, service: str, known: datetime | None, opened: Period) -> Iterator[AccessCount]:
    """The cases opened in a period by victim and how far they came; ``asked`` lists the characteristics as JSON."""
    parts: tuple[ColumnElement[Any], ...] = (
        col(CaseSummary.victim_kind).label("kind"),
        col(CaseSummary.enhanced).label("enhanced"),
        col(CaseSummary.consented_on).is_not(None).label("consented"),
        col(CaseSummary.offered_on).is_not(None).label("offered"),
        or_(col(CaseSummary.direct_on).is_not(None), col(CaseSummary.indirect_on).is_not(None)).label("held"),
        col(CaseSummary.direct_on).is_not(None).label("direct"),
        func.coalesce(cast(_raw(connection, "characteristics"), Text), "[]").label("asked"),
    )
    inner = _cases(select(*parts), service, known, opened).subquery()
    rows: Any = connection.execute(select(*inner.c, func.count()).group_by(*inner.c))
    for kind, enhanced, consented, offered, held, direct, asked, number in rows:
        yield AccessCount(
            kind, bool(enhanced), bool(consented), bool(offered), bool(held), bool(direct), asked, int(number)
        )
