"""Tells the cases of child victims that they are about to turn 18, and that they have, opening few birthdays for it."""

import contextlib
from datetime import date, datetime
from typing import Any

from engine.entries import CLOCK, Entry
from engine.house import House
from engine.record import Deed, record
from store import birthdays, clockwork, people
from store.database import DatabaseBusy
from workflow.coming_of_age import birthday_moves, notice, turns_adult_on
from workflow.consent import came_of_age
from workflow.london import london_day, written_day

_BATCH = 500


def note_birthdays(house: House, now: datetime) -> tuple[int, int]:
    """Tell every case whose day has come, once, whichever clock comes first; gives how many were told and got stuck.

    A birthday is opened once when the case is new, and again on each day of the few weeks in which it matters.
    """
    _learn(house)
    today = london_day(now)
    ahead = notice(house.rulebook, today)
    with house.reading() as connection:
        near = birthdays.near(connection, house.service, today + ahead, today)
        over = birthdays.over(connection, house.service, today + ahead)
    if over:
        with contextlib.suppress(DatabaseBusy), house.writing() as connection:
            birthdays.forget(connection, over)
    told = stuck = 0
    for case_id, reference in near:
        try:
            told += _look_at(house, reference, now)
        except DatabaseBusy:
            # Somebody is at it; it was not looked at, and the next round finds it.
            continue
        except Exception as fault:  # noqa: BLE001  (one case that fails must not stop the others)
            stuck += 1
            with house.writing() as connection:
                clockwork.note_stuck(connection, house.service, case_id, "birthday", type(fault).__name__, now)
    return told, stuck


def _learn(house: House) -> None:
    """Learn of each child victim who is new, or of whom something changed, in which month they turn 18."""
    passed = 0
    while True:
        with house.reading() as connection:
            fresh = birthdays.unlearned(connection, house.service, passed, _BATCH)
            months = {number: _month(people.find(connection, house.keyring, number).document) for number in fresh}
        if not fresh:
            return
        passed = fresh[-1]
        try:
            with house.writing() as connection:
                birthdays.learn(connection, house.service, months)
        except DatabaseBusy:
            return


def _month(document: Any) -> date | None:
    day = _adult_on(document)
    return day.replace(day=1) if day else None


def _adult_on(document: Any) -> date | None:
    born = written_day(str(document.get("date_of_birth") or ""))
    return turns_adult_on(born) if born else None


def _look_at(house: House, reference: str, now: datetime) -> int:
    today = london_day(now)
    told = 0

    def within(deed: Deed) -> None:
        nonlocal told
        victim = people.find(deed.connection, house.keyring, deed.key.person_id)
        adult_on = _adult_on(victim.document)
        # Judged again under the lock: another clock may have been here first.
        moves = birthday_moves(deed.case, adult_on, notice(house.rulebook, today), today) if adult_on else []
        for kind, said in moves:
            deed.add(Entry(kind, dict(said)))
            told += 1
        settled = adult_on is None or came_of_age(deed.case)
        birthdays.looked(deed.connection, deed.key.person_id, today, settled=settled)
        clockwork.free(deed.connection, house.service, deed.key.case_id, "birthday")

    record(house, reference, [], actor=CLOCK, now=now, within=within)
    return told
