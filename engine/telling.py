"""Tells a case which of its due days moved: one event for each, in the transaction in which they moved."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from engine.entries import SYSTEM, Entry
from engine.house import House
from engine.projecting import project
from store import projections
from workflow.duties import Duty, duties
from workflow.london import london_day
from workflow.moved import Shown, moved, why

if TYPE_CHECKING:
    from engine.record import Deed


def shown(rows: Sequence[projections.Row]) -> Shown:
    """The due days as the projections show them."""
    return {(row["rule"], row["occurrence"]): row["due_on"] for row in rows}


def tell_moved(deed: "Deed", kept: Sequence[projections.Row], owed: Sequence[Duty]) -> None:
    """Record ``deadline_moved`` for every open duty whose due day is another than the projections show."""
    found = moved(shown(kept), deed.case, owed)
    if not found or "deadline_moved" not in deed.house.tables.possible(deed.case):
        return
    house, added = deed.house, tuple(deed.added)
    for each in found:
        cause = why(each, added, deed.case, house.rulebook, house.calendar, london_day(deed.now))
        deed.follow(
            Entry(
                "deadline_moved",
                {
                    "rule": each.rule.id,
                    "occurrence": each.occurrence,
                    "was": each.was.isoformat(),
                    "now": each.now.isoformat(),
                    "why": cause,
                },
            )
        )


def bring_in_line(deed: "Deed") -> None:
    """Make a case that nobody acted on say what rules and calendar say now, and tell it what moved."""
    house, today = deed.house, london_day(deed.now)
    kept = projections.duty_rows(deed.connection, house.service, deed.key.case_id)
    owed = duties(deed.case, house.rulebook, house.calendar, today)
    tell_moved(deed, kept, owed)
    if not deed.added:
        project(house, deed.connection, deed.key.case_id, deed.case, deed.now, owed=owed, kept=kept)


def derive_again(house: House, reference: str, now: datetime) -> int:
    """Derive one case again through the one door; gives how many due days moved.

    Raises NotFound, DatabaseBusy, and whatever is wrong with a case that cannot be read.
    """
    from engine.record import record

    return len(record(house, reference, [], actor=SYSTEM, now=now, within=bring_in_line).events)
