"""Breaks each deed at each point of it, by a fault and by a kill, and proves that it is done whole or not at all."""

import contextlib
import errno
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from engine.house import House
from engine.post import take_out_pages
from tests.edge.faults.deeds import BREAKABLE, Breakable, references_behind
from tests.edge.faults.nursery import Nursery
from tests.edge.faults.points import Points, watched
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import settled

pytest_plugins = ["tests.edge.faults.fixtures"]

# By then a claim that was left behind has lapsed, and what was put back is ready again.
AGAIN = timedelta(minutes=15)


class _Broken(Exception):
    """The deed breaks here."""


def _breaks(name: str) -> None:
    if name.startswith(("open", "os.")):
        raise OSError(errno.EIO, "the disk does not answer")
    raise _Broken(name)


def _points(town: House, breakable: Breakable) -> list[str]:
    """The points that the deed passes when nothing breaks."""
    points = Points(None, _breaks)
    handle = breakable.begin(town)
    with watched(town, points):
        breakable.act(town, handle, breakable.at)
    assert breakable.is_done(town, handle)
    return points.names


@pytest.mark.parametrize("deed", BREAKABLE)
@pytest.mark.parametrize("stride", [3, pytest.param(1, marks=pytest.mark.slow)])
def test_a_deed_that_breaks_at_any_point_is_done_whole_or_not_at_all(town: House, deed: str, stride: int) -> None:
    breakable = BREAKABLE[deed]
    passed = _points(town, breakable)
    assert len(passed) > 5

    # The last points are the commit and what leaves the house: those are always broken.
    for at in sorted({*range(1, len(passed) + 1, stride), *range(max(1, len(passed) - 5), len(passed) + 1)}):
        handle = breakable.begin(town)
        with contextlib.suppress(_Broken), watched(town, Points(at, _breaks)):
            breakable.act(town, handle, breakable.at)
        where = f"{deed} broke at point {at} of {len(passed)}: {passed[at - 1]}"
        assert faults(town, breakable.at, references_behind(town, handle)) == [], where

        breakable.act(town, handle, breakable.at + AGAIN)
        take_out_pages(town)
        assert breakable.is_done(town, handle), where
    assert faults(town, breakable.at) == []


def test_a_deed_killed_at_any_edge_is_done_whole_or_not_at_all(town: House, tmp_path: Path) -> None:
    with Nursery(town) as nursery:
        for deed, breakable in BREAKABLE.items():
            log = tmp_path / deed
            handle = breakable.begin(town)
            whole = {"log": str(log), "deed": deed, "at": None}
            nursery.run("break_off", [{**whole, "handle": handle}])
            assert breakable.is_done(town, handle)
            edges = log.read_text().splitlines()
            assert edges

            for at, name in enumerate(edges, start=1):
                handle = breakable.begin(town)
                nursery.start("break_off", [{**whole, "handle": handle, "at": at}])
                where = f"{deed} was killed at edge {at} of {len(edges)}: {name}"
                assert nursery.ends() == [-signal.SIGKILL], where
                settled(town)
                assert faults(town, breakable.at, references_behind(town, handle)) == [], where

                breakable.act(town, handle, breakable.at + AGAIN)
                assert breakable.is_done(town, handle), where
    assert faults(town, breakable.at) == []
