"""Says whether the service is well: the database, the calendar, the clock, and figures without personal data."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.house import House
from store import clockwork, counts
from store.database import DatabaseBusy
from workflow.london import london_day

__all__ = ["DatabaseBusy", "Figures", "figures", "unready"]

_BEAT_WITHIN = timedelta(minutes=3)


def unready(house: House, now: datetime, *, clock_runs: bool = True) -> dict[str, str]:
    """What keeps the service from being ready, by part (``database``, ``calendar``, ``clock``); empty when it is ready.

    ``clock_runs`` says whether a clock is expected to go round, in this process or in another.
    """
    try:
        with house.reading() as connection:
            beat = clockwork.last_beat(connection, house.service)
    except Exception:  # noqa: BLE001  (whatever keeps the database from answering, the answer is the same)
        return {"database": "It does not answer."}
    wrong: dict[str, str] = {}
    if house.calendar.months_left(london_day(now)) < 0:
        wrong["calendar"] = "The table of bank holidays has ended."
    if clock_runs and (beat is None or now - beat > _BEAT_WITHIN):
        wrong["clock"] = "It has not gone round lately."
    return wrong


@dataclass(frozen=True, slots=True)
class Figures:
    """The service in numbers; ``clock_age`` is in seconds, None where no clock ever went round."""

    open_by_stage: dict[str, int]
    letters_waiting: int
    stuck: int
    clock_age: float | None
    calendar_months_left: int


def figures(house: House, now: datetime) -> Figures:
    """The figures at this moment, counted from the projections."""
    with house.reading() as connection:
        beat = clockwork.last_beat(connection, house.service)
        return Figures(
            open_by_stage=counts.open_by_stage(connection, house.service),
            letters_waiting=counts.letters_out(connection, house.service),
            stuck=counts.stuck(connection, house.service),
            clock_age=(now - beat).total_seconds() if beat else None,
            calendar_months_left=house.calendar.months_left(london_day(now)),
        )
