"""Says what must hold whatever happened: no half of anything, no letter without events, no page without its letter."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Connection, func, select, text
from sqlmodel import SQLModel

from engine.house import House
from engine.projecting import derive
from store import cases, clockwork, people, post, projections
from store.cases import CaseKey
from tests.edge.faults.town import printed
from workflow.case import Case
from workflow.catalogue import CATALOGUE
from workflow.events import FieldKind
from workflow.london import london_day

_STATE_AFTER = {
    "letter_drafted": "drafted",
    "letter_held": "held",
    "letter_cleared": "drafted",
    "letter_approved": "approved",
    "letter_doubted": "in_doubt",
    "letter_settled": "approved",
    "letter_sent": "released",
    "letter_cancelled": "cancelled",
    "letter_returned": "returned",
    "letter_discarded": "discarded",
}


def row_counts(house: House) -> dict[str, int]:
    """How many rows each table has."""
    with house.reading() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in sorted(SQLModel.metadata.tables.items())
        }


def faults(house: House, now: datetime, references: Collection[str] | None = None) -> list[str]:
    """Everything that does not hold in these cases (None: all) and in the post; empty when the house is sound."""
    found: list[str] = []
    with house.reading() as connection:
        for key in cases.keys(connection, house.service):
            if references is None or key.reference in references:
                case = cases.history(connection, house.service, key)
                found += _history_faults(connection, house, key, case)
                found += _projection_faults(connection, house, key, case, now)
                found += _letter_faults(connection, house, key, case)
                found += _note_faults(connection, house, key, case)
        return [*found, *_post_faults(connection, house)]


def _history_faults(connection: Connection, house: House, key: CaseKey, case: Case) -> Iterator[str]:
    if not case.history:
        yield f"{key.reference} was opened and nothing happened to it"
    if [event.seq for event in case.history] != list(range(1, len(case.history) + 1)):
        yield f"{key.reference} has a gap in its history"
    if key.version != case.version:
        yield f"{key.reference} is at version {key.version}, its history at {case.version}"
    link = cases.broken_link(connection, house.service, key, case)
    if link is not None:
        yield f"the chain of {key.reference} is broken at {link}"


def _projection_faults(connection: Connection, house: House, key: CaseKey, case: Case, now: datetime) -> Iterator[str]:
    summary, duties, action = derive(house, case, london_day(now))
    if projections.summary(connection, house.service, key.case_id) != summary:
        yield f"the summary of {key.reference} is not what its history says"
    if projections.action(connection, house.service, key.case_id) != action:
        yield f"the next action of {key.reference} is not what its history says"
    kept = projections.duty_rows(connection, house.service, key.case_id)
    if sorted(kept, key=_place) != sorted(duties, key=_place):
        yield f"the duties of {key.reference} are not what its history says"


def _place(row: projections.Row) -> tuple[str, int]:
    return row["rule"], row["occurrence"]


def _letter_faults(connection: Connection, house: House, key: CaseKey, case: Case) -> Iterator[str]:
    letters = {letter.letter_id: letter for letter in post.of_case(connection, house.service, key.case_id)}
    last = {event.text("letter"): event for event in case.history if event.kind in _STATE_AFTER}
    if set(last) != set(letters):
        yield f"{key.reference} has letters without events, or events without letters"
    for letter_id, event in last.items():
        if letter_id in letters and letters[letter_id].state != _STATE_AFTER[event.kind]:
            yield f"{letter_id} is {letters[letter_id].state} after {event.kind}"
    for letter in letters.values():
        if letter.state == "released" and letter.decision["verdict"] != "release":
            yield f"{letter.letter_id} was released without a yes to contact"
    sent = Counter((e.text("kind"), e.text("occurrence")) for e in case.history if e.kind == "letter_sent")
    yield from (f"{key.reference}: {name} was sent {times} times" for name, times in sent.items() if times > 1)


def _note_faults(connection: Connection, house: House, key: CaseKey, case: Case) -> Iterator[str]:
    kept = set(people.notes(connection, people.find(connection, house.keyring, key.person_id), key.case_id))
    named = {
        event.text(field.name)
        for event in case.history
        for field in CATALOGUE[event.kind].fields
        if field.kind is FieldKind.NOTE and field.name in event.fields
    }
    if kept != named:
        yield f"{key.reference} has notes without events, or events without notes"


def _post_faults(connection: Connection, house: House) -> Iterator[str]:
    rows = connection.execute(text("SELECT letter_id, state, decision FROM letter")).all()
    states = {str(letter_id): str(state) for letter_id, state, _ in rows}
    by_hand = {str(letter_id) for letter_id, _, decision in rows if "by_hand" in str(decision)}
    # What somebody else delivers is counted where it arrives.
    by_hand |= {str(letter_id) for (letter_id,) in connection.execute(text("SELECT letter_id FROM consignment"))}
    waiting = {letter_id for letter_id, *_ in post.waiting(connection, house.service)}
    if waiting != {letter_id for letter_id, state in states.items() if state == "approved"}:
        yield "the outbox does not hold exactly the letters that were approved"
    pages = printed(house)
    # A page that could not be taken out is known, and the clock tries again.
    left = {problem.split()[1] for _, work, problem, _ in clockwork.stuck(connection, house.service) if work == "page"}
    for letter_id in pages - left:
        if states.get(letter_id) not in ("released", "returned", "approved"):
            yield f"{letter_id} lies in the print folder and is {states.get(letter_id)}"
    for letter_id, state in states.items():
        if state == "released" and letter_id not in pages | by_hand:
            yield f"{letter_id} was released and does not lie in the print folder"
