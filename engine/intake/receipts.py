"""Finds the receipt of a submission again, for the force that sent it and for nobody else."""

from typing import Any

from engine.errors import NotFound
from engine.house import House
from store import submissions


def receipt_of(house: House, force: str, submission_id: str) -> dict[str, Any]:
    """The last receipt under a force's submission number.  Raises NotFound, for another force's number as well."""
    with house.reading() as connection:
        kept = submissions.of_submission(connection, house.service, force, submission_id)
    if not kept:
        raise NotFound("There is no submission of that number.")
    receipt: dict[str, Any] = kept[-1][1]
    return receipt
