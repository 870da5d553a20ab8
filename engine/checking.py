"""Checks the house: projections against their derivation, next actions, the history chain, the calendar, stuck work."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.child_links import presumed
from engine.errors import BadConfiguration
from engine.house import House
from engine.intake.known_children import shared_numbers
from engine.intake.likeness import likenesses
from engine.intake.unread import open_tasks
from engine.lawbook import untold_days
from engine.projecting import derive
from engine.search_keys import renew_keys
from engine.standstill import standing_still
from engine.table_moves import unplaced
from engine.telling import derive_again
from store import accounts, cases, migrate, projections
from store.database import DatabaseBusy, DatabaseUnusable
from workflow.case import TEAM, Case
from workflow.catalogue import CATALOGUE
from workflow.london import london_day
from workflow.machine import lint

Json = dict[str, Any]
Tell = Callable[[int, int], None]

_MONTHS_WANTED = 12


def check_house(house: House, now: datetime, *, rebuild: bool, tell: Tell) -> Json:
    """Every check with its outcome (``ok``, ``warning`` or ``failed``); ``ok`` is false where one failed."""
    if rebuild:
        _rebuild(house, now, tell)
    still = [_line(*found) for found in standing_still(house, now)]
    checks = [*_configuration(house, now), *_cases(house, now, tell), *still, *_asked_of_people(house)]
    return {"ok": not any(check["outcome"] == "failed" for check in checks), "checks": checks}


def _line(what: str, faults: list[str], good: str, outcome: str = "failed") -> Json:
    shown = "; ".join(faults[:10]) + (f"; and {len(faults) - 10} more" if len(faults) > 10 else "")
    return {"what": what, "outcome": outcome if faults else "ok", "details": shown or good}


def _asked_of_people(house: House) -> Iterator[Json]:
    """What intake left to people: how many wait, and where they are shown."""
    with house.reading() as connection:
        shared = shared_numbers(house, connection)
    yield _line("numbers of children", shared, "no number of police stands for several children", "warning")
    unread, pairs = len(open_tasks(house)), len(likenesses(house))
    waits = [f"{unread} could not be read, and one may be a withdrawal: ask police, see the page Unread"]
    yield _line("unread", waits if unread else [], "nothing that police sent waits unread", "warning")
    alike = [f"nobody has said whether these pairs of cases are one: {pairs}, see the page Alike"]
    yield _line("alike", alike if pairs else [], "no two cases wait to be told apart", "warning")


def _configuration(house: House, now: datetime) -> Iterator[Json]:
    yield _line("tables of moves", lint(house.tables.tables, CATALOGUE), "reachable, leavable, no ambiguous row")
    yield _line("tables of the database", migrate.drift(house.database), f"at version {migrate.newest()}")
    yield _placed(house)
    yield _line("letters", list(house.words.check(house.letters)), f"{len(house.letters)} kinds")
    months = house.calendar.months_left(london_day(now))
    short = (
        [f"the table of bank holidays ends in {months} months: import the new one"] if months < _MONTHS_WANTED else []
    )
    yield _line("calendar", short, f"known for {months} months", "warning")
    untold = [f"{each}: no case was told, run victim-contact calendar import" for each in untold_days(house.calendar)]
    yield _line("bank holidays", untold, "every case was told of every change", "warning")


def _placed(house: House) -> Json:
    try:
        homeless = unplaced(house)
    except BadConfiguration as fault:
        return _line("cases on older tables", [str(fault)], "")
    words = [f"{each}: its state is gone, run victim-contact tables migrate" for each in homeless]
    return _line("cases on older tables", words, "every case stands in a state that there is")


def _cases(house: House, now: datetime, tell: Tell) -> Iterator[Json]:
    """Derive every case again and compare with what is kept; a case that cannot be read does not hide the others."""
    unreadable: list[str] = []
    differing: list[str] = []
    idle: list[str] = []
    broken: list[str] = []
    unplaced_strands: list[str] = []
    with house.reading() as connection:
        people = {user.name for user in accounts.users(connection, house.service)}
        found = cases.keys(connection, house.service)
        several = cases.with_several_children(connection, house.service)
        for number, key in enumerate(found, start=1):
            tell(number, len(found))
            try:
                case = cases.history(connection, house.service, key)
                if key.case_id in several and (todo := presumed(house, connection, key, case)):
                    unplaced_strands.append(todo)
                link = cases.broken_link(connection, house.service, key, case)
                agrees = _agrees(house, connection, key.case_id, case, now)
                whose = _whose(projections.action(connection, house.service, key.case_id), people)
            except Exception as fault:  # noqa: BLE001  (whatever is wrong with one case, the others are to be checked)
                unreadable.append(f"{key.reference} ({type(fault).__name__})")
                continue
            if unknown := {event.kind for event in case.history} - CATALOGUE.keys():
                unreadable.append(f"{key.reference} (this release does not know {', '.join(sorted(unknown))})")
            if link is not None:
                broken.append(f"{key.reference} at entry {link}")
            if not agrees:
                differing.append(key.reference)
            if case.is_open and whose:
                idle.append(f"{key.reference} {whose}")
    yield _line("cases", unreadable, "every case can be read")
    yield _line("projections", differing, f"{len(found)} cases agree with their history")
    yield _line("next actions", idle, "every open case has exactly one, with one owner and one day")
    yield _line("history chain", broken, "unbroken")
    yield _line("children", unplaced_strands, "each child of several has a strand of their own", "warning")


def _whose(action: projections.Row | None, people: set[str]) -> str:
    """What is wrong with the next action of an open case; empty where it has one, an owner and a day."""
    if action is None:
        return "has none"
    if action["owner"] != TEAM and action["owner"] not in people:
        return "belongs to nobody we know"
    return "" if action["due_on"] else "has no day"


def _agrees(house: House, connection: Connection, case_id: int, case: Case, now: datetime) -> bool:
    summary, duties, action = derive(house, case, london_day(now))
    kept = projections.duty_rows(connection, house.service, case_id)
    return (
        summary == projections.summary(connection, house.service, case_id)
        and action == projections.action(connection, house.service, case_id)
        and {(row["rule"], row["occurrence"]): row for row in duties}
        == {(row["rule"], row["occurrence"]): row for row in kept}
    )


def _rebuild(house: House, now: datetime, tell: Tell) -> None:
    """Make every projection again, case by case and each under its lock, so that nobody has to stop working.

    A due day that is another than was shown (a rules file was edited, a holiday table dropped in) is told to its case.
    """
    with house.reading() as connection:
        found = cases.keys(connection, house.service)
    for number, key in enumerate(found, start=1):
        tell(number, len(found))
        try:
            derive_again(house, key.reference, now)
            with house.writing() as connection:
                renew_keys(connection, house.service, house.keyring, key, london_day(now))
        except (DatabaseBusy, DatabaseUnusable):
            raise
        except Exception:  # noqa: BLE001, S112  (a case that cannot be read is left; the check that follows names it)
            continue
