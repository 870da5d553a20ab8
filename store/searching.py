"""Keeps the digests by which a case is looked for, and finds the cases that have one of each group of digests."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, delete, intersect, select
from sqlmodel import col

from store.bulk import Row, add_rows
from store.cases import CaseKey
from store.tables import SearchKey, VictimCase


def add_first(connection: Connection, service: str, digests: Iterable[tuple[int, Collection[str]]]) -> None:
    """Keep the digests of cases that have none yet, each case with its own."""
    rows: list[Row] = [
        {"service_id": service, "digest": digest, "case_id": case_id}
        for case_id, found in digests
        for digest in sorted(set(found))
    ]
    add_rows(connection, SearchKey, rows)


def renew(connection: Connection, service: str, case_id: int, digests: Collection[str]) -> bool:
    """Make the digests of a case exactly these; False where they were already."""
    wanted, kept = set(digests), of_case(connection, service, case_id)
    if wanted == kept:
        return False
    gone = kept - wanted
    if gone:
        connection.execute(
            delete(SearchKey).where(
                col(SearchKey.service_id) == service,
                col(SearchKey.case_id) == case_id,
                col(SearchKey.digest).in_(sorted(gone)),
            )
        )
    add_first(connection, service, [(case_id, wanted - kept)])
    return True


def of_case(connection: Connection, service: str, case_id: int) -> set[str]:
    """The digests of a case."""
    query = select(col(SearchKey.digest)).where(col(SearchKey.service_id) == service, col(SearchKey.case_id) == case_id)
    return set(connection.execute(query).scalars())


def is_empty(connection: Connection, service: str) -> bool:
    """Whether no case has digests yet, as after an upgrade from a release that kept none."""
    query = select(col(SearchKey.case_id)).where(col(SearchKey.service_id) == service).limit(1)
    return connection.execute(query).first() is None


def found(connection: Connection, service: str, groups: Sequence[Collection[str]], limit: int) -> list[CaseKey]:
    """The cases that have at least one digest out of every group, the newest first."""
    each = [
        select(col(SearchKey.case_id)).where(
            col(SearchKey.service_id) == service, col(SearchKey.digest).in_(sorted(group))
        )
        for group in groups
    ]
    wanted = intersect(*each) if len(each) > 1 else each[0]
    rows = connection.execute(
        select(
            col(VictimCase.case_id),
            col(VictimCase.reference),
            col(VictimCase.person_id),
            col(VictimCase.force),
            col(VictimCase.crime_reference),
            col(VictimCase.version),
        )
        .where(col(VictimCase.service_id) == service, col(VictimCase.case_id).in_(wanted))
        .order_by(col(VictimCase.case_id).desc())
        .limit(limit)
    )
    return [CaseKey(*row) for row in rows]
