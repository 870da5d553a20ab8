"""Lists what a force sent and what became of it, for the officers of that force and nobody else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.house import House
from engine.intake.asking import query_of
from store import officer_work, submissions

PAGE = 50
"""How many receipts stand on a page."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One submission as it is listed: references, days and counts, and nothing about a person."""

    place: int
    submission_id: str
    received_at: datetime
    status: str
    crime_reference: str
    gaps: int
    errors: int


def sent(house: House, force: str, before: int | None = None, limit: int = PAGE) -> tuple[list[Sent], int | None]:
    """What a force sent, the newest first, and where the following page begins, or None."""
    with house.reading() as connection:
        rows = officer_work.sent_by_force(connection, house.service, force, before, limit + 1)
    found = [
        Sent(place, number, at, receipt["status"], crime or "", len(receipt["gaps"]), len(receipt["errors"]))
        for place, number, at, receipt, crime in rows[:limit]
    ]
    return found, found[-1].place if len(rows) > limit else None


def query_now(house: House, force: str, query_id: str) -> Mapping[str, Any]:
    """A query as it stands, and whether the victim counts as a child.  Raises NotFound, for another force's too."""
    with house.reading() as connection:
        query, case = query_of(house, connection, force, query_id, to_answer=False)
    return {**query.document(), "is_child": case.is_child}


def crime_reference_of(house: House, force: str, submission_id: str) -> str:
    """The crime reference under which a submission was taken; empty where it led to no case."""
    with house.reading() as connection:
        kept = submissions.of_submission(connection, house.service, force, submission_id)
        numbers = [case_id for _, _, case_id in kept if case_id is not None]
        return officer_work.crime_reference(connection, numbers[-1]) if numbers else ""
