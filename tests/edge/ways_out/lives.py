"""What a worker process does that sends letters by every way, until it is done or killed."""

import os
from datetime import timedelta

# Imported once, before anything is forked.
import engine.delivery.notify  # noqa: F401
from engine.house import House
from engine.releasing import release
from engine.settling import ask_what_became
from tests.conftest import NOW
from tests.edge.ways_out.houses import with_ways


def send_out(house: House, mail_port: int, certificate: str, notify: str, minutes: int, limit: int) -> None:
    """One round: find out about what was broken off before, and release some of what is ready."""
    wired, now = with_ways(house, mail_port, certificate, notify), NOW + timedelta(minutes=minutes)
    ask_what_became(wired, now)
    release(wired, now, f"clock-{os.getpid()}", limit=limit)
