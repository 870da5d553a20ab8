"""Gives the receipt of a file of another system its shape: one line for each row, and sums that add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.intake.files import Reading
from engine.intake.receipts import problem_document
from workflow.problems import Problem

Status = Literal["accepted", "accepted_with_gaps", "duplicate", "rejected"]

COUNTED: tuple[Status, ...] = ("accepted", "accepted_with_gaps", "duplicate", "rejected")
"""What may become of a row: taken, taken with gaps, already known, refused.  Every row is one of them."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one row, by its number in the file; never what stood in it.

    ``cases`` are the references it reached.  ``waits``: there is no case of that crime yet.  ``changed``: it came
    before with other content.
    """

    row: int
    status: Status
    cases: tuple[str, ...] = ()
    gaps: tuple[Problem, ...] = ()
    errors: tuple[Problem, ...] = ()
    waits: bool = False
    changed: bool = False

    def document(self) -> Json:
        """The line as it is printed."""
        return {
            "row": self.row,
            "status": self.status,
            "cases": list(self.cases),
            "no_case_yet": self.waits,
            "changed": self.changed,
            "gaps": [problem_document(each) for each in self.gaps],
            "errors": [problem_document(each) for each in self.errors],
        }


def refused(row: int, problems: Sequence[Problem]) -> Line:
    """The line of a row of which nothing is kept."""
    return Line(row, "rejected", errors=tuple(problems))


def taken(
    row: int, gaps: Sequence[Problem], cases: Sequence[str], *, waits: bool = False, changed: bool = False
) -> Line:
    """The line of a row that was taken, with what is missing in it."""
    status: Status = "accepted_with_gaps" if gaps else "accepted"
    return Line(row, status, tuple(dict.fromkeys(cases)), tuple(gaps), waits=waits, changed=changed)


def receipt(reading: Reading, lines: Sequence[Line], dry_run: bool) -> Json:
    """The receipt of a file: ``received`` is the sum of what became of the rows."""
    ordered = sorted(lines, key=lambda line: line.row)
    return {
        "received": len(ordered),
        **{status: sum(line.status == status for line in ordered) for status in COUNTED},
        "no_case_yet": sum(line.waits for line in ordered),
        "changed": sum(line.changed for line in ordered),
        "dry_run": dry_run,
        "problems": [problem_document(each) for each in reading.problems],
        "rows": [line.document() for line in ordered],
    }
