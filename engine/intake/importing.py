"""Takes in a file of consent records: whole-file problems first, then row by row, with a receipt for each."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.alike import Alike
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.intake.files import Source, read
from engine.intake.profiles import Profile
from engine.intake.receipts import Receipt, problem_document
from engine.intake.receive import Model, Seen, receive_many, withdraw_known
from engine.intake.rows import Row
from engine.intake.unread import raise_unread
from store import submissions

Tell = Callable[[int, int], None]

BATCH = 500
"""How many records share a transaction: more would hold other writers up, and save little more."""

COUNTED = ("accepted", "accepted_with_gaps", "duplicate", "rejected")
"""What may become of a record; together they are all that were received."""


def model_of(house: House, force: str) -> Model:
    """The consent model of a force.  Raises NotFound for a force we do not know."""
    with house.reading() as connection:
        model = submissions.force_model(connection, house.service, force)
        known = submissions.forces(connection, house.service)
    if model not in ("opt_in", "opt_out"):
        raise NotFound(f"That force is not known here. Known are: {', '.join(known) or 'none'}.")
    return "opt_in" if model == "opt_in" else "opt_out"


def import_records(
    house: House,
    path: Path,
    force: str,
    now: datetime,
    *,
    profile: str | None = None,
    dry_run: bool = False,
    tell: Tell = lambda done, total: None,
    together: int = BATCH,
) -> dict[str, Any]:
    """Take a file in and give the receipt, as ``take_in`` does.  Raises NotFound or WrongInput."""
    model_of(house, force)
    if not path.is_file():
        raise WrongInput("There is no such file.")
    return take_in(house, path, force, now, profile=profile, dry_run=dry_run, tell=tell, together=together)


def profile_of(house: House, force: str, name: str | None) -> Profile | None:
    """The profile of that name, or else the one called like the force where there is one.

    Raises NotFound, and WrongInput for the profile of another force.
    """
    if name is not None and name not in house.profiles:
        raise NotFound(f"There is no such profile. There are: {', '.join(house.profiles) or 'none'}.")
    found = house.profiles.get(name or force)
    if found is not None and found.force != force:
        raise WrongInput("That profile is of another force.")
    return found


def take_in(
    house: House,
    source: Source,
    force: str,
    now: datetime,
    *,
    name: str | None = None,
    profile: str | None = None,
    dry_run: bool = False,
    tell: Tell = lambda done, total: None,
    together: int = BATCH,
) -> dict[str, Any]:
    """Take in what a force sent in one go, and give the receipt: one line for each record, in the order of the file.

    A withdrawal of somebody we know is taken in before everything else.  One of nobody we know waits until the other
    records are in, so that it finds the case that came in the same file; where there is none it leaves a suppression
    entry.  A record that fails leaves the others alone, and the same file again changes nothing.  ``name`` is what the
    sender called it, ``profile`` how the force writes, ``together`` how many records share a transaction.
    """
    model = model_of(house, force)
    written = profile_of(house, force, profile)
    reading = read(source, name=name, profile=written)
    intake = _Intake(house, force, model, now, dry_run, tell, together)
    with _few_collections():
        if reading.may_withdraw and not reading.problems:
            intake.take_withdrawals(read(source, name=name, profile=written).rows)
        intake.take_others(reading.rows)
        intake.take_late_withdrawals()
    if intake.unread and not dry_run:
        raise_unread(house, source, force, intake.unread, now)
    rows = [intake.receipts[place].document() for place in sorted(intake.receipts)]
    counts = {status: sum(row["status"] == status for row in rows) for status in COUNTED}
    problems = [problem_document(each) for each in reading.problems]
    return {"received": len(rows), **counts, "dry_run": dry_run, "problems": problems, "rows": rows}


class _Intake:
    """One file while it is taken in.

    ``receipts`` are by the place of the record in it, from 1; ``unread`` is how many rows nobody could read.
    """

    def __init__(
        self, house: House, force: str, model: Model, now: datetime, dry_run: bool, tell: Tell, together: int
    ) -> None:
        self.house, self.force, self.model, self.now, self.dry_run = house, force, model, now, dry_run
        self.receipts: dict[int, Receipt] = {}
        self.unread = 0
        self._tell, self._together = tell, together
        self._seen: Seen = {}
        self._alike = Alike()
        self._late: list[tuple[int, Row]] = []

    def take_withdrawals(self, rows: Iterable[Row]) -> None:
        """The withdrawals of victims we know; the others are kept for later."""
        for batch in _batches(((place, row) for place, row in enumerate(rows, 1) if _withdraws(row)), self._together):
            self._take(batch, only_known=True)

    def take_others(self, rows: Iterable[Row]) -> None:
        """All records that withdraw nothing."""
        done, late = set(self.receipts), {place for place, _ in self._late}
        others = []
        for place, row in enumerate(rows, 1):
            if not _withdraws(row):
                others.append((place, row))
            elif place not in done and place not in late:
                self._late.append((place, row))
            if len(others) == self._together:
                self._take(others)
                others.clear()
        self._take(others)

    def take_late_withdrawals(self) -> None:
        """The withdrawals of victims who may have come in the same file."""
        for batch in _batches(self._late, self._together):
            self._take(batch)

    def _take(self, batch: Sequence[tuple[int, Row]], only_known: bool = False) -> None:
        if not batch:
            return
        raws = [row.raw for _, row in batch if row.raw is not None]
        take = withdraw_known if only_known else receive_many
        receipts = iter(
            take(
                self.house,
                raws,
                self.force,
                self.model,
                self.now,
                dry_run=self.dry_run,
                seen=self._seen,
                alike=self._alike,
            )
        )
        self.unread += len(batch) - len(raws)
        for place, row in batch:
            receipt = _unread(self.house, row) if row.raw is None else next(receipts)
            if receipt is None:
                self._late.append((place, row))
            else:
                self.receipts[place] = receipt
        self._tell(len(self.receipts), max(place for place, _ in batch))


def _batches(rows: Iterable[tuple[int, Row]], together: int) -> Iterator[list[tuple[int, Row]]]:
    batch: list[tuple[int, Row]] = []
    for each in rows:
        batch.append(each)
        if len(batch) == together:
            yield batch
            batch = []
    if batch:
        yield batch


def _withdraws(row: Row) -> bool:
    return row.raw is not None and row.raw.get("reason") == "withdrawal"


def _unread(house: House, row: Row) -> Receipt:
    return Receipt(f"R-{house.codes(16)}", None, "rejected", None, errors=tuple(row.problems))


@contextmanager
def _few_collections() -> Iterator[None]:
    """Look for garbage in circles less often: records make none, and looking costs a fifth of taking them in."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
