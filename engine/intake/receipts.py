"""Gives the receipt of a record its shape, and finds it again for the force that sent it and for nobody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import NotFound
from engine.house import House
from store import submissions
from workflow.problems import Problem


@dataclass(frozen=True, slots=True)
class Receipt:
    """Our answer to one record: what became of it, what is missing, and what must be put right.

    ``is_new`` is false for the same submission come again; ``conflict`` marks a known number with other content.
    """

    receipt_id: str
    submission_id: str | None
    status: str
    case_reference: str | None
    gaps: tuple[Problem, ...] = ()
    errors: tuple[Problem, ...] = ()
    characteristics: float | None = None
    informed_choice: float | None = None
    is_new: bool = True
    conflict: bool = False

    def document(self) -> dict[str, Any]:
        """The receipt as it is sent and kept."""
        return {
            "receipt_id": self.receipt_id,
            "submission_id": self.submission_id,
            "status": self.status,
            "case_reference": self.case_reference,
            "gaps": [problem_document(each) for each in self.gaps],
            "errors": [problem_document(each) for each in self.errors],
            "completeness": {"characteristics": self.characteristics, "informed_choice": self.informed_choice},
            "complete_url": None,
        }


def problem_document(problem: Problem) -> dict[str, str]:
    """A problem as it is sent: place, rule and remedy, never the value."""
    return {"path": problem.path, "rule": problem.rule, "remedy": problem.remedy}


def kept_receipt(document: Mapping[str, Any], status: str | None = None) -> Receipt:
    """The receipt that was kept, for the same submission come again; ``status`` replaces the one it had."""
    completeness = document["completeness"]
    return Receipt(
        document["receipt_id"],
        document["submission_id"],
        status or document["status"],
        document["case_reference"],
        tuple(Problem(**each) for each in document["gaps"]),
        tuple(Problem(**each) for each in document["errors"]),
        completeness["characteristics"],
        completeness["informed_choice"],
        is_new=False,
    )


def still_missing(receipts: Sequence[Mapping[str, Any]]) -> tuple[Problem, ...]:
    """What is missing after all the receipts of one submission, oldest first.

    A later record may hold less than the first: something is missing only where it was in none of those taken.
    """
    taken = [receipt["gaps"] for receipt in receipts if receipt["status"] in ("accepted", "accepted_with_gaps")]
    if not taken:
        return ()
    missing = {gap["path"]: gap for gap in taken[0]}
    for gaps in taken[1:]:
        now = {gap["path"]: gap for gap in gaps}
        wrong = {path: gap for path, gap in now.items() if gap["rule"] != "missing"}
        missing = {path: now[path] for path in missing if path in now} | wrong
    return tuple(Problem(**gap) for gap in missing.values())


def receipt_of(house: House, force: str, submission_id: str) -> dict[str, Any]:
    """The receipt under a force's submission number, with what is still missing after all that came since.

    Raises NotFound, for another force's number as well.
    """
    with house.reading() as connection:
        kept = submissions.of_submission(connection, house.service, force, submission_id)
    if not kept:
        raise NotFound("There is no submission of that number.")
    receipts = [receipt for _, receipt, _ in kept]
    last: dict[str, Any] = receipts[-1]
    if last["status"] == "rejected":
        return last
    missing = still_missing(receipts)
    status = "accepted_with_gaps" if missing else "accepted"
    return {**last, "status": status, "gaps": [problem_document(each) for each in missing]}
