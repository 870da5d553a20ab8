"""Ticks: the only place where APScheduler is used, and all it says is that time has passed."""

import secrets
from typing import TYPE_CHECKING

from engine.house import House
from engine.moment import present
from engine.sweep import sweep

if TYPE_CHECKING:
    from apscheduler.schedulers.base import BaseScheduler

EVERY_SECONDS = 20
"""How often the clock goes round; what is due is in rows, so a tick that is missed loses nothing."""


def clock_name() -> str:
    """A name for this clock, so that several can tell their claims apart."""
    return f"clock-{secrets.token_hex(4)}"


def _tick(house: House, name: str) -> None:
    sweep(house, house.now(), name)


def start(house: House) -> "BaseScheduler":
    """A clock in the background of this process."""
    from apscheduler.schedulers.background import BackgroundScheduler

    return _started(BackgroundScheduler(timezone="UTC"), house)


def run(house: House) -> None:
    """A clock in the foreground, until it is stopped."""
    from apscheduler.schedulers.blocking import BlockingScheduler

    _started(BlockingScheduler(timezone="UTC"), house)


def _started(scheduler: "BaseScheduler", house: House) -> "BaseScheduler":
    scheduler.add_job(
        _tick,
        "interval",
        args=(house, clock_name()),
        seconds=EVERY_SECONDS,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
        # At once, by the clock on the wall: a rehearsal changes what is due, not how often we look.
        next_run_time=present(None, is_example=False),
    )
    scheduler.start()
    return scheduler
