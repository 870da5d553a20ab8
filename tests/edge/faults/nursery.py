"""Forks worker processes that can be killed: everything is imported once, so that a life begins in milliseconds."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from engine.house import House

_ROOT = Path(__file__).resolve().parents[3]


class Nursery:
    """A process that forks workers for the house of a test; what they do is in ``tests.edge.faults.lives``."""

    def __init__(self, house: House) -> None:
        self._place = (house.settings.database, str(house.settings.key_file.parent))

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.edge.faults.nursery", *self._place],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._process.stdin.close()  # type: ignore[union-attr]
        self._process.stdout.close()  # type: ignore[union-attr]
        self._process.wait()

    def start(self, deed: str, lives: Sequence[dict[str, Any]]) -> list[int]:
        """Fork a worker for each life; gives their process numbers.  ``ends`` must follow."""
        self._order({"deed": deed, "lives": list(lives)})
        return [int(each) for each in self._answer()]

    def ends(self) -> list[int]:
        """Wait until all have ended; gives for each 0, the number of the signal that ended it below 0, or a fault.

        Until this is asked a worker that has ended keeps its process number, so that no stranger is killed under it.
        """
        self._order("bury")
        return [int(each) for each in self._answer()]

    def run(self, deed: str, lives: Sequence[dict[str, Any]]) -> None:
        """Fork workers and wait until all have done what they had to do."""
        self.start(deed, lives)
        assert set(self.ends()) == {0}

    def _order(self, order: Any) -> None:
        self._process.stdin.write(json.dumps(order) + "\n")  # type: ignore[union-attr]
        self._process.stdin.flush()  # type: ignore[union-attr]

    def _answer(self) -> list[Any]:
        line = self._process.stdout.readline()  # type: ignore[union-attr]
        assert line, "the nursery died"
        answer = json.loads(line)
        assert isinstance(answer, list)
        return answer


def main(database: str, folder: str) -> None:
    """Open the house, do once what workers do, and then fork as ordered on standard input until it is closed."""
    lives = importlib.import_module("tests.edge.faults.lives")
    house: House = lives.open_again(database, Path(folder))
    lives.warm_up(house)
    # What a fork inherits is everything but the connections; those it opens itself.
    house.database.dispose()
    print("[]", flush=True)
    while line := sys.stdin.readline():
        order = json.loads(line)
        numbers = []
        for life in order["lives"]:
            number = os.fork()
            if number == 0:
                # A fault is printed, and ends the worker with an exit code that is not 0.
                lives.DEEDS[order["deed"]](house, **life)
                os._exit(0)
            numbers.append(number)
        print(json.dumps(numbers), flush=True)
        sys.stdin.readline()
        ends = [os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) for number in numbers]
        print(json.dumps(ends), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
