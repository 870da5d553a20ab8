"""Imports a file of consent records: whole-file problems first, then row by row, with a receipt for each."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.intake.files import read
from engine.intake.receive import Receipt, receive
from engine.intake.rows import Row
from store import submissions

Tell = Callable[[int, int], None]
Model = Literal["opt_in", "opt_out"]

_COUNTED = ("accepted", "accepted_with_gaps", "duplicate", "rejected")


def model_of(house: House, force: str) -> Model:
    """The consent model of a force.  Raises NotFound for a force we do not know."""
    with house.reading() as connection:
        model = submissions.force_model(connection, house.service, force)
        known = submissions.forces(connection, house.service)
    if model not in ("opt_in", "opt_out"):
        raise NotFound(f"That force is not known here. Known are: {', '.join(known) or 'none'}.")
    return "opt_in" if model == "opt_in" else "opt_out"


def import_records(
    house: House, path: Path, force: str, now: datetime, *, dry_run: bool = False, tell: Tell = lambda done, total: None
) -> dict[str, Any]:
    """Take a file in and give the receipt: one line for each record, in the order of the file.

    Withdrawals wait until the other records are in, so that one finds the case that came in the same file; by then no
    letter can have gone, because letters need a person's yes.  A record that fails leaves the others alone.
    """
    model = model_of(house, force)
    if not path.is_file():
        raise WrongInput("There is no such file.")
    reading = read(path)
    receipts: dict[int, Receipt] = {}
    later: list[tuple[int, Row]] = []
    number = 0
    for number, row in enumerate(reading.rows, start=1):
        if row.raw is not None and row.raw.get("reason") == "withdrawal":
            later.append((number, row))
        else:
            receipts[number] = _one(house, row, force, model, now, dry_run)
        tell(len(receipts), number)
    for place, row in later:
        receipts[place] = _one(house, row, force, model, now, dry_run)
        tell(len(receipts), number)
    rows = [receipts[place].document() for place in sorted(receipts)]
    counts = {status: sum(row["status"] == status for row in rows) for status in _COUNTED}
    problems = [{"path": each.path, "rule": each.rule, "remedy": each.remedy} for each in reading.problems]
    return {"received": len(rows), **counts, "dry_run": dry_run, "problems": problems, "rows": rows}


def _one(house: House, row: Row, force: str, model: Model, now: datetime, dry_run: bool) -> Receipt:
    if row.raw is None:
        return Receipt(f"R-{house.codes(16)}", None, "rejected", None, errors=tuple(row.problems))
    return receive(house, row.raw, force, model, now, dry_run=dry_run)
