"""Names every point at which a deed can break: each statement to the database, each commit, each touch of a file."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from engine.house import House

_FILE_DEEDS = ("os.rename", "os.remove")
_ENDS = ("COMMIT", "BEGIN IMMEDIATE")


class Points:
    """Counts the points that a deed passes, and does something at one of them.

    A point is reached before the statement, the commit or the touch of a file it is named after.  ``only_edges`` leaves
    out the statements within a transaction, which a rollback takes back together.
    """

    def __init__(self, at: int | None, breaks: Callable[[str], None], only_edges: bool = False) -> None:
        self.names: list[str] = []
        self._at, self._breaks, self._only_edges = at, breaks, only_edges

    def pass_by(self, name: str, is_edge: bool) -> None:
        """Note one more point, and break if it is the one."""
        if self._only_edges and not is_edge:
            return
        self.names.append(name)
        if self._at == len(self.names):
            self._breaks(name)


_watching: list[tuple[Points, str]] = []


def _heard(name: str, arguments: tuple[Any, ...]) -> None:
    """What the interpreter tells of every touch of a file; only those in a folder that is watched count."""
    for points, folder in _watching:
        if name == "open" and isinstance(arguments[0], str) and folder in arguments[0]:
            points.pass_by(f"open {_kind(arguments[0])}", True)
        elif name in _FILE_DEEDS and folder in str(arguments[0]):
            points.pass_by(f"{name} {_kind(str(arguments[0]))}", True)


def _kind(path: str) -> str:
    return path.rpartition(".")[2] if "." in path.rpartition("/")[2] else "folder"


@contextmanager
def watched(house: House, points: Points) -> Iterator[None]:
    """Let the points be passed by whatever this house does in this process."""
    if not _watching:
        _listen()

    def statement(_c: Any, _cursor: Any, words: str, _p: Any, _context: Any, _many: bool) -> None:
        points.pass_by(" ".join(words.split()[:3]), words in _ENDS)

    def commit(_: Any) -> None:
        points.pass_by("commit", True)

    event.listen(house.database, "before_cursor_execute", statement)
    event.listen(house.database, "commit", commit)
    _watching.append((points, str(house.settings.out)))
    try:
        yield
    finally:
        _watching.pop()
        event.remove(house.database, "before_cursor_execute", statement)
        event.remove(house.database, "commit", commit)


_listens = False


def _listen() -> None:
    """Begin to listen, once: what the interpreter was asked to tell it tells until it ends."""
    global _listens
    if not _listens:
        _listens = True
        sys.addaudithook(_heard)
