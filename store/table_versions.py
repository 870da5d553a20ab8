"""Keeps the tables of moves of every version that a case has run on, and the runs that moved cases between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from store.database import is_sqlite, new_number
from store.tables import CaseSummary, TablesMove, TablesRun, TablesVersion, VictimCase


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version of the tables: since when, what it says (None: not kept), and how many cases stand on it."""

    version: str
    first_used_at: datetime
    document: Any
    open_cases: int
    closed_cases: int


@dataclass(frozen=True, slots=True)
class Run:
    """A run over the cases: what it did, to which version, which run it took back, who, when, and what came of it."""

    run_id: int
    deed: str
    version: str
    undoes: int | None
    by: str
    began_at: datetime
    ended_at: datetime | None
    counts: Any


_RUN = tuple(getattr(TablesRun, name) for name in Run.__dataclass_fields__)


def is_kept(connection: Connection, service: str, version: str) -> bool:
    """Whether the tables of a version are kept."""
    query = select(col(TablesVersion.version)).where(
        col(TablesVersion.service_id) == service,
        col(TablesVersion.version) == version,
        col(TablesVersion.document).is_not(None),
    )
    return connection.execute(query).first() is not None


def keep(connection: Connection, service: str, version: str, document: Any, now: datetime) -> None:
    """Keep the tables of a version, once; a version that was used before its tables were kept gets them now."""
    table = sqlite.insert(TablesVersion) if is_sqlite(connection) else postgresql.insert(TablesVersion)
    fresh = table.values(service_id=service, version=version, first_used_at=now, document=document)
    connection.execute(
        fresh.on_conflict_do_update(
            index_elements=["service_id", "version"], set_={"document": fresh.excluded.document}
        )
    )


def versions(connection: Connection, service: str) -> list[KeptVersion]:
    """Every version that is kept, the first used first, with the cases that stand on it."""
    standing = select(
        col(CaseSummary.tables),
        func.count().filter(col(CaseSummary.is_open)),
        func.count().filter(~col(CaseSummary.is_open)),
    )
    rows = connection.execute(standing.where(col(CaseSummary.service_id) == service).group_by(col(CaseSummary.tables)))
    counted = {version: (int(open_cases), int(closed)) for version, open_cases, closed in rows}
    found = connection.execute(
        select(col(TablesVersion.version), col(TablesVersion.first_used_at), col(TablesVersion.document))
        .where(col(TablesVersion.service_id) == service)
        .order_by(col(TablesVersion.first_used_at), col(TablesVersion.version))
    )
    return [KeptVersion(version, since, said, *counted.get(version, (0, 0))) for version, since, said in found]


def elsewhere(connection: Connection, service: str, version: str, after: int, limit: int) -> list[tuple[int, str]]:
    """The next cases, by number after ``after``, that stand on another version and are not done with for ever."""
    rows = connection.execute(
        select(col(CaseSummary.case_id), col(CaseSummary.reference))
        .where(
            col(CaseSummary.service_id) == service,
            col(CaseSummary.tables) != version,
            col(CaseSummary.state).not_in(("merged", "erased")),
            col(CaseSummary.case_id) > after,
        )
        .order_by(col(CaseSummary.case_id))
        .limit(limit)
    )
    return [(case_id, reference) for case_id, reference in rows]


def count_elsewhere(connection: Connection, service: str, version: str) -> int:
    """How many cases stand on another version and are not done with for ever."""
    query = select(func.count()).where(
        col(CaseSummary.service_id) == service,
        col(CaseSummary.tables) != version,
        col(CaseSummary.state).not_in(("merged", "erased")),
    )
    return int(connection.execute(query).scalar_one())


def begin(
    connection: Connection, service: str, deed: str, version: str, undoes: int | None, by: str, now: datetime
) -> Run:
    """The run of this deed that was broken off, to go on with, or else a new one."""
    found = connection.execute(
        select(*_RUN)
        .where(
            col(TablesRun.service_id) == service,
            col(TablesRun.deed) == deed,
            col(TablesRun.version) == version,
            col(TablesRun.undoes).is_(None) if undoes is None else col(TablesRun.undoes) == undoes,
            col(TablesRun.ended_at).is_(None),
        )
        .order_by(col(TablesRun.run_id))
    ).first()
    if found is not None:
        return Run(*found)
    values = {"deed": deed, "version": version, "undoes": undoes, "by": by, "began_at": now}
    added = connection.execute(insert(TablesRun).values(service_id=service, **values))
    return Run(new_number(added), deed, version, undoes, by, now, None, None)


def end(connection: Connection, run_id: int, counts: Any, now: datetime) -> None:
    """A run is done, and this came of it."""
    connection.execute(update(TablesRun).where(col(TablesRun.run_id) == run_id).values(ended_at=now, counts=counts))


def run(connection: Connection, service: str, run_id: int) -> Run | None:
    """The run of that number, or None."""
    query = select(*_RUN).where(col(TablesRun.service_id) == service, col(TablesRun.run_id) == run_id)
    row = connection.execute(query).first()
    return Run(*row) if row else None


def runs(connection: Connection, service: str) -> list[Run]:
    """Every run, the first first."""
    query = select(*_RUN).where(col(TablesRun.service_id) == service).order_by(col(TablesRun.run_id))
    return [Run(*row) for row in connection.execute(query)]


def note_move(connection: Connection, service: str, run_id: int, case_id: int, seq: int) -> None:
    """A run moved a case, and this is the number of the event."""
    connection.execute(insert(TablesMove).values(service_id=service, run_id=run_id, case_id=case_id, seq=seq))


def moved_by(connection: Connection, service: str, run_id: int) -> Sequence[tuple[str, int]]:
    """The cases that a run moved, each with the number of the event, in the order of the cases."""
    rows = connection.execute(
        select(col(VictimCase.reference), col(TablesMove.seq))
        .join(VictimCase, col(VictimCase.case_id) == col(TablesMove.case_id))
        .where(col(TablesMove.service_id) == service, col(TablesMove.run_id) == run_id)
        .order_by(col(TablesMove.case_id))
    )
    return [(reference, int(seq)) for reference, seq in rows]


def count_moves(connection: Connection, run_id: int) -> int:
    """How many cases a run has moved by now."""
    query = select(func.count()).where(col(TablesMove.run_id) == run_id)
    return int(connection.execute(query).scalar_one())
