"""Takes in a new table of bank holidays: what changes, which open due days move, and then tells every case of it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from engine.calendar_files import HOLIDAYS, KNOWN, known_text, load_known, published_calendar
from engine.documents import read_document, replace_document
from engine.errors import BadConfiguration, WrongInput
from engine.house import House
from engine.telling import derive_again, shown
from store import cases, projections, workload
from workflow.calendar import DIVISION, Calendar, Holiday
from workflow.code import LimitKind, Rulebook
from workflow.duties import duties
from workflow.holiday_table import Difference, KnownDay, dated, difference, told
from workflow.london import london_day
from workflow.moved import moved

Json = dict[str, Any]
Tell = Callable[[int, int], None]

_FILE = "the file"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A table that may be taken in: its text, our dated table after it, and what it would change.

    ``change`` is against what the cases were told; ``references`` are the cases to be derived again, ``moves`` the due
    days that would move in them, and ``unreadable`` those among them that cannot be read.
    """

    text: str
    known: tuple[KnownDay, ...]
    before: Calendar
    after: Calendar
    change: Difference
    references: tuple[str, ...]
    moves: tuple[Json, ...]
    unreadable: tuple[str, ...]

    def document(self) -> Json:
        """The proposal as ``calendar import --json`` gives it: days, rules and references, nothing about a person."""
        return {
            "ends": {"was": self.before.horizon.isoformat(), "now": self.after.horizon.isoformat()},
            "added": _listed(self.change.added),
            "removed": _listed(self.change.removed),
            "renamed": _listed(self.change.renamed),
            "cases": len({move["case"] for move in self.moves}),
            "moves": list(self.moves),
            "unreadable": list(self.unreadable),
        }


def propose(house: House, file: Path, now: datetime, tell: Tell, *, shorter: bool = False) -> Proposal:
    """What a file of the form GOV.UK publishes would change; nothing is written.

    Raises BadConfiguration where the file is not of that form or not in order, and WrongInput where it ends before the
    present table (unless ``shorter``) or begins only after it.
    """
    text = read_document(file, _FILE, str)
    new = published_calendar(file, _FILE)
    _check_order(json.loads(text))
    today, present = london_day(now), house.calendar
    if new.horizon < present.horizon and not shorter:
        raise WrongInput(
            f"The file ends on {new.horizon.isoformat()}, the present table on {present.horizon.isoformat()}: "
            "take a newer file, or give --shorter."
        )
    if new.first_day > present.horizon + timedelta(days=1):
        raise WrongInput("The file begins after the present table ends: the days between would be unknown.")
    known = load_known(house.settings.config) or told(present, (), today)
    after = replace(dated(new, known), closures=present.closures)
    before = present.as_known_on(today)
    references, moves, unreadable = _moves(house, after, _since(house.rulebook, after), today, tell)
    return Proposal(
        text=text,
        known=told(after, known, today),
        before=before,
        after=after,
        change=difference(before, after),
        references=references,
        moves=moves,
        unreadable=unreadable,
    )


def adopt(house: House, proposal: Proposal, now: datetime, tell: Tell) -> Json:
    """Put the table in its place and derive the open cases again, each through the one door.

    Every due day that moves leaves an event that says what it was, what it is and why.  What is interrupted goes on
    where it stopped when the same file is taken in again; nothing is told twice.  Gives ``moved``, how many due days
    did, and ``not_told``, the cases that could not be derived.  Raises BadConfiguration where it cannot be written.
    """
    folder = house.settings.config
    # In this order: without its line in our own table a day counts, and is told when the file is taken in again.
    replace_document(folder / HOLIDAYS, HOLIDAYS, proposal.text)
    replace_document(folder / KNOWN, KNOWN, known_text(proposal.known))
    counting = house.counting_now()
    number, not_told = 0, []
    for place, reference in enumerate(proposal.references, start=1):
        try:
            number += derive_again(counting, reference, now)
        except Exception:  # noqa: BLE001  (one case that cannot be derived must not keep the others from being told)
            not_told.append(reference)
        tell(place, len(proposal.references))
    return {"moved": number, "not_told": not_told}


def _check_order(document: Json) -> None:
    days = [event["date"] for event in document[DIVISION]["events"]]
    for place, (earlier, later) in enumerate(pairwise(days), start=2):
        if later < earlier:
            key = f"{DIVISION}.events.{place}.date"
            raise BadConfiguration(_FILE, key, "List the days in order, as GOV.UK publishes them.")


def _since(rulebook: Rulebook, after: Calendar) -> date | None:
    """The first due day that may have moved by what is not told yet, or was told last; None where nothing changed."""
    last = max((change.known_on for change in after.changes if change.known_on is not None), default=None)
    days = [change.holiday.day for change in after.changes if change.known_on in (None, last)]
    if not days:
        return None
    limits = [rule.limit for edition in rulebook.editions for rule in edition.rules]
    # A limit before an event is due before the holiday that lies between.
    back = max((limit.number for limit in limits if limit.kind is LimitKind.BEFORE), default=0)
    return after.add_working_days(min(days), -back - 1)


def _moves(
    house: House, after: Calendar, since: date | None, today: date, tell: Tell
) -> tuple[tuple[str, ...], tuple[Json, ...], tuple[str, ...]]:
    """The cases with an open due day from a day on, the due days that move in them, and those that cannot be read."""
    moves: list[Json] = []
    unreadable: list[str] = []
    with house.reading() as connection:
        found = workload.with_open_due_day(connection, house.service, since) if since is not None else []
        for place, reference in enumerate(found, start=1):
            key = cases.find(connection, house.service, reference)
            if key is None:
                continue
            try:
                case = cases.history(connection, house.service, key)
                owed = duties(case, house.rulebook, after, today)
                days = shown(projections.duty_rows(connection, house.service, key.case_id))
                moves += [
                    {
                        "case": reference,
                        "rule": each.rule.id,
                        "occurrence": each.occurrence,
                        "owner": str(each.rule.owner),
                        "was": each.was.isoformat(),
                        "now": each.now.isoformat(),
                    }
                    for each in moved(days, case, owed)
                ]
            except Exception:  # noqa: BLE001  (a case that cannot be read is named, and the others are looked at)
                unreadable.append(reference)
            tell(place, len(found))
    return tuple(found), tuple(moves), tuple(unreadable)


def _listed(holidays: Sequence[Holiday]) -> list[Json]:
    return [{"day": each.day.isoformat(), "title": each.title, "substitute": each.substitute} for each in holidays]
