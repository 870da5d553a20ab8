"""Reads the raw rows of the event table, and says of each case what stood in it at a moment."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, text

_LONDON = ZoneInfo("Europe/London")
_BEGINNING = {
    "journey": "new",
    "consent": "unknown",
    "characteristics": "missing",
    "safety": "not_assessed",
    "hold": "none",
    "views": "not_asked",
    "updates": "none",
    "support": "not_discussed",
    "probation": "not_eligible",
    "complaint": "none",
    "transfer": "none",
    "restorative": "not_offered",
}


@dataclass(frozen=True, eq=False)
class Row:
    """One row of the event table, with the journey as it stood just before it; days are London days."""

    seq: int
    kind: str
    at: datetime
    known: datetime
    fields: dict[str, Any]
    corrects: int | None
    reached: dict[str, str]
    before: str

    @property
    def day(self) -> date:
        """The day on which it happened."""
        return self.at.astimezone(_LONDON).date()

    @property
    def known_day(self) -> date:
        """The day on which it was recorded."""
        return self.known.astimezone(_LONDON).date()

    @property
    def order(self) -> tuple[datetime, int]:
        """Where it stands among what happened."""
        return self.at, self.seq

    def state(self, track: str) -> str:
        """The state of a track after it."""
        return self.reached.get(track, _BEGINNING[track])

    def holds(self, name: str, *values: Any) -> bool:
        """Whether a field holds one of these values, or has one of them among its several."""
        value = self.fields.get(name)
        many = value.split("|") if isinstance(value, str) else []
        return any(value == each and type(value) is type(each) for each in values) or any(v in values for v in many)

    def has(self, name: str) -> bool:
        """Whether a field says anything at all."""
        return bool(self.fields.get(name))


@dataclass(frozen=True, eq=False)
class Told:
    """One case as its rows told it until a moment: ``rows`` as recorded, ``person`` the number of the victim."""

    number: int
    reference: str
    person: int
    rows: tuple[Row, ...]
    standing: tuple[Row, ...] = field(default=())

    def of(self, *kinds: str) -> list[Row]:
        """What stands of some kinds, in the order in which it happened."""
        return [row for row in self.standing if row.kind in kinds]

    @property
    def journey(self) -> str:
        """Where the journey stands."""
        return self.rows[-1].state("journey")

    @property
    def opening(self) -> Row:
        """The row that opened the case."""
        return self.of("case_opened")[0]

    @property
    def children(self) -> list[str]:
        """The references of the children who are linked now."""
        linked: list[str] = []
        wrong = {row.corrects for row in self.rows}
        for row in self.rows:
            child = str(row.fields.get("child", ""))
            if row.kind == "child_linked" and row.seq not in wrong:
                linked = [*(each for each in linked if each != child), child]
            elif row.kind == "child_unlinked" and row.seq not in wrong:
                linked = [each for each in linked if each != child]
        return linked

    @property
    def enhanced_on(self) -> date | None:
        """The day from which enhanced rights were known; the first day there is where age gives them."""
        opening = self.opening
        if not opening.holds("victim_kind", "organisation") and not opening.holds("under_18", "no"):
            return date.min
        said = [row.day for row in self.of("enhanced_rights_recorded") if not row.holds("category", "none")]
        return said[0] if said else None

    @property
    def worker(self) -> str:
        """Who has the case; empty where nobody has."""
        given = self.of("case_assigned")
        return had_by(given[-1]) if given else ""


def had_by(given: Row) -> str:
    """Who was given the case; empty where it went back to the team."""
    return "" if given.holds("to", "unassigned") else str(given.fields["to"])


def _moment(value: Any) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _document(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def raw_rows(database: str) -> list[Told]:
    """Every case of a database with all its rows, by a connection of its own that may only read."""
    engine = create_engine(database.replace("postgresql:", "postgresql+psycopg:", 1))
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA query_only = ON"))
        else:
            connection.execute(text("SET TRANSACTION READ ONLY"))
        cases = connection.execute(text("SELECT case_id, reference, person_id FROM victim_case ORDER BY case_id")).all()
        columns = "case_id, seq, kind, at, recorded_at, fields, corrects, reached"
        events = connection.execute(text(f"SELECT {columns} FROM event ORDER BY case_id, seq")).all()  # noqa: S608
    engine.dispose()
    rows: dict[int, list[Row]] = {}
    for number, seq, kind, at, known, fields, corrects, reached in events:
        own = rows.setdefault(number, [])
        before = own[-1].state("journey") if own else "new"
        places = _document(reached)
        own.append(Row(seq, kind, _moment(at), _moment(known), _document(fields), corrects, places, before))
    return [Told(number, reference, person, tuple(rows[number])) for number, reference, person in cases]


def known_at(cases: list[Told], moment: datetime) -> Iterator[Told]:
    """The cases as they were known at a moment; those of which nothing was known then are left out."""
    for case in cases:
        rows = tuple(row for row in case.rows if row.known <= moment)
        wrong = {row.corrects for row in rows}
        standing = [row for row in rows if row.seq not in wrong and row.kind != "entry_retracted"]
        if rows:
            yield Told(case.number, case.reference, case.person, rows, tuple(sorted(standing, key=lambda r: r.order)))
