"""Reads the mapping of states from one version of the tables to another, and says where a line of it is wrong."""

from collections.abc import Mapping

from workflow.catalogue import CATALOGUE
from workflow.table_changes import Renaming
from workflow.vocabulary import Track

_KEYS = frozenset({"track", "from", "to", "reason", "when"})


class BadMapping(Exception):
    """A line of the mapping cannot be used: its place, and what to do about it."""

    def __init__(self, path: str, remedy: str) -> None:
        super().__init__(f"{path}: {remedy}")
        self.path, self.remedy = path, remedy


def mapping_of(document: Mapping[str, object]) -> tuple[Renaming, ...]:
    """The lines in their order; of several for one state the first that holds for a case counts.

    Raises BadMapping.
    """
    for key in document:
        if key != "move":
            raise BadMapping(key, "Leave it out: the file holds [[move]] tables only.")
    lines = document.get("move", [])
    if not isinstance(lines, list):
        raise BadMapping("move", "Write each line as a [[move]] table.")
    return tuple(_line(line, f"move.{number}") for number, line in enumerate(lines))


def _line(line: object, path: str) -> Renaming:
    if not isinstance(line, Mapping):
        raise BadMapping(path, "Write each line as a [[move]] table.")
    for key in line:
        if key not in _KEYS:
            raise BadMapping(f"{path}.{key}", f"Leave it out: a line has {', '.join(sorted(_KEYS))}.")
    track = _text(line, "track", path)
    if track not in tuple(Track):
        raise BadMapping(f"{path}.track", f"Give one of: {', '.join(Track)}.")
    event, where = _condition(line.get("when"), f"{path}.when")
    return Renaming(
        track, _text(line, "from", path), _text(line, "to", path), _text(line, "reason", path), event, where
    )


def _text(line: Mapping[str, object], name: str, path: str) -> str:
    value = line.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadMapping(f"{path}.{name}", "Give it, in quotes.")
    return value.strip()


def _condition(value: object, path: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    if value is None:
        return "", ()
    if not isinstance(value, Mapping) or set(value) - {"event", "where"}:
        raise BadMapping(path, 'Write { event = "...", where = { field = "answer" } }.')
    event, where = value.get("event"), value.get("where", {})
    kind = CATALOGUE.get(event) if isinstance(event, str) else None
    if kind is None:
        raise BadMapping(f"{path}.event", "Give an event kind of the catalogue.")
    if not isinstance(where, Mapping) or not all(isinstance(answer, str) for answer in where.values()):
        raise BadMapping(f"{path}.where", "Give the field and its answer, both in words.")
    for name in where:
        if kind.field(name) is None:
            raise BadMapping(f"{path}.where.{name}", "The event has no such field.")
    return kind.name, tuple((name, str(answer)) for name, answer in where.items())
