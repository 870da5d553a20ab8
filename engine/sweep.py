"""Goes round once: does what time has made due, each thing once, and hands what fails to a person."""

from dataclasses import dataclass
from datetime import datetime

from engine.birthdays import note_birthdays
from engine.chasing import chase
from engine.digest import send_digests
from engine.entries import CLOCK, Entry
from engine.house import House
from engine.paring import pare_back
from engine.post import Released, release, take_out_pages
from engine.record import Deed, record
from engine.releasing import Away
from engine.settling import ask_what_became
from engine.telling import bring_in_line
from engine.waiting_files import forget_what_is_over
from store import cases, clockwork, projections
from store.database import DatabaseBusy
from workflow.duties import duties
from workflow.events import Fields
from workflow.london import london_day
from workflow.machine import NotAllowed
from workflow.paring import is_due_to_pare
from workflow.reminders import rungs_now, time_moves

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Swept:
    """What one round did: reminders, cases moved by time, the post, cases that got stuck, morning letters, chases."""

    reminders: int
    moved: int
    post: Released
    stuck: int
    digests: int = 0
    chases: int = 0


def sweep(house: House, now: datetime, clock: str = "clock") -> Swept:
    """One round over everything that is due by now; what was missed while no clock ran is caught up, each once."""
    house = house.counting_now()
    raised = moved = stuck = 0
    passed = 0
    while True:
        with house.reading() as connection:
            due = projections.to_look_at(connection, house.service, london_day(now), passed, _BATCH)
        if not due:
            break
        for case_id in due:
            passed = case_id
            try:
                said, stepped = _look_at(house, case_id, now)
                raised, moved = raised + said, moved + stepped
            except DatabaseBusy:
                # Another clock or a person is at it; the case stays due, and the next round finds it.
                continue
            except Exception as fault:  # noqa: BLE001  (one case that fails must not stop the others)
                stuck += 1
                _note_stuck(house, case_id, fault, now)
    told, failed = note_birthdays(house, now)
    moved, stuck = moved + told, stuck + failed
    take_out_pages(house)
    _ask(house, now)
    posted = _release_all(house, now, clock)
    with house.writing() as connection:
        clockwork.beat(connection, house.service, clock, now)
    chased = _chases(house, now, clock)
    return Swept(raised, moved, posted, stuck, _digests(house, now, clock), chased)


def _chases(house: House, now: datetime, clock: str) -> int:
    """Remind the forces, and forget what waited too long for an officer; the next round goes on from here."""
    try:
        forget_what_is_over(house, now)
        return chase(house, now, clock)
    except DatabaseBusy:
        return 0


def _digests(house: House, now: datetime, clock: str) -> int:
    """Send the morning letters last; what could not be sent is kept with its letter, and the next round tries again."""
    try:
        return send_digests(house, now, clock)
    except DatabaseBusy:
        return 0


def _ask(house: House, now: datetime) -> None:
    """Find out what became of letters that others deliver, before more are given to them."""
    try:
        ask_what_became(house, now)
    except DatabaseBusy:
        return


def _release_all(house: House, now: datetime, clock: str) -> Released:
    """Release one batch after another until nothing is ready; what is put back is not ready again in this round."""
    total, away = Released((), (), ()), Away()
    while not (batch := release(house, now, clock, away=away)).is_nothing:
        total = total.and_then(batch)
    return total


def _look_at(house: House, case_id: int, now: datetime) -> tuple[int, int]:
    """Raise the rungs of one case that are due and not said, and move it on where its time is up."""
    today = london_day(now)
    with house.reading() as connection:
        reference = cases.by_number(connection, house.service, case_id).reference
    done = [0, 0]

    def within(deed: Deed) -> None:
        # Derived again under the lock: another clock may have been here first.
        owed = duties(deed.case, house.rulebook, house.calendar, today)
        for duty, rung in rungs_now(deed.case, owed, house.calendar, today):
            fields: Fields = {
                "rule": duty.rule.id,
                "occurrence": duty.occurrence,
                "rung": rung,
            }
            deed.add(Entry("reminder_raised", fields))
            clockwork.say(deed.connection, house.service, case_id, duty.rule.id, duty.occurrence, rung, now)
            done[0] += 1
        for kind, said in time_moves(deed.case, owed, today):
            deed.add(Entry(kind, dict(said)))
            done[1] += 1
        if is_due_to_pare(deed.case, owed, today):
            pare_back(deed)
            done[1] += 1
        if not deed.added:
            bring_in_line(deed)
        clockwork.free(deed.connection, house.service, case_id, "sweep")

    record(house, reference, [], actor=CLOCK, now=now, within=within)
    return done[0], done[1]


def _note_stuck(house: House, case_id: int, fault: Exception, now: datetime) -> None:
    """Keep what stopped the sweep on one case; a fault's own words may hold personal data, its kind does not."""
    words = str(fault) if isinstance(fault, NotAllowed) else type(fault).__name__
    with house.writing() as connection:
        clockwork.note_stuck(connection, house.service, case_id, "sweep", words, now)
