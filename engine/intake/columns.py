"""Maps the columns of a police file, named by dotted path, onto the nested shape of a consent record."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from engine.intake.record import ConsentRecord

Kind = Literal["text", "flag", "number", "list", "table"]

# In these columns an empty cell is an answer: somebody looked, and there is nothing.  A force where nobody looks
# leaves the column out.
_EMPTY_IS_NONE = frozenset(
    {
        "incident.contact_conditions",
        "safety.do_not_contact_times",
        "safety.must_not_know",
        "safety.risks",
        "needs.formats",
    }
)
_FLAGS: dict[str, object] = {"true": True, "false": False}
_NUMBERED = re.compile(r"\.(?:[1-9]|1[0-9]|20)(?=\.)")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,3}")


# A cell in the column of a whole table, where only the columns of its items belong, is kept as a last item of the
# wrong kind, so that the record says what is wrong with it.
_STRAY = "99"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the cells of one column go, and how they read."""

    position: int
    steps: tuple[str, ...]
    kind: Kind
    says_none: bool


class Sheet:
    """The columns of one file, ready to turn each row of cells into a raw record.

    ``unknown`` are the positions, from 0, of the columns that no consent record has, ``repeated`` of those that stand
    there a second time; a sheet with either must not be read.  ``is_header`` says whether any column is known at all,
    and ``paths`` are the fields that have a column.
    """

    def __init__(self, names: Sequence[str]) -> None:
        kinds = [column_kind(name) for name in names]
        self.unknown = tuple(position for position, kind in enumerate(kinds) if kind is None)
        firsts = {name: position for position, name in reversed(tuple(enumerate(names)))}
        self.repeated = tuple(position for position, name in enumerate(names) if firsts[name] != position)
        self.is_header = len(self.unknown) < len(names)
        self.paths = frozenset(name for name, kind in zip(names, kinds, strict=True) if kind is not None)
        places = [
            _Place(position, tuple(name.split(".")), kind, name in _EMPTY_IS_NONE)
            for position, (name, kind) in enumerate(zip(names, kinds, strict=True))
            if kind is not None
        ]
        # Whole tables come last, when it is known whether their items have columns of their own.
        self._places = sorted(places, key=lambda place: place.kind == "table")

    def nested(self, cells: Sequence[str]) -> dict[str, Any]:
        """The raw record in a row with one cell for each column; an empty cell is an absent field.

        Nothing is judged here: a cell that should hold true or false and does not stays the text it is.
        """
        tree: dict[str, Any] = {}
        for place in self._places:
            cell = cells[place.position]
            if cell == "" and not place.says_none:
                continue
            node = tree
            for step in place.steps[:-1]:
                node = node.setdefault(step, {})
            last = place.steps[-1]
            if place.kind != "table":
                node[last] = _value(place.kind, cell)
            elif cell == "":
                node.setdefault(last, {})
            else:
                node.setdefault(last, {})[_STRAY] = cell
        for part, table in _tables():
            items = tree.get(part, {}).get(table)
            if items is not None:
                tree[part][table] = [items[number] for number in sorted(items, key=int)]
        return tree


def column_kind(name: str) -> Kind | None:
    """How the cells of a column read, or None where a consent record has no such field."""
    return known_columns().get(_NUMBERED.sub(".#", name))


@cache
def known_columns() -> dict[str, Kind]:
    """Every column there may be, with how its cells read; ``#`` stands for the number of a list item, from 1 to 20."""
    return dict(_columns(ConsentRecord, ""))


@cache
def _tables() -> tuple[tuple[str, str], ...]:
    found = [name.split(".") for name, kind in known_columns().items() if kind == "table"]
    return tuple((part, table) for part, table in found)


def _columns(part: type[BaseModel], above: str) -> Iterator[tuple[str, Kind]]:
    for field_name, field in part.model_fields.items():
        name = f"{above}{field.alias or field_name}"
        inner = bare(field.annotation)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _columns(inner, f"{name}.")
        elif get_origin(inner) is tuple:
            item = bare(get_args(inner)[0])
            if isinstance(item, type) and issubclass(item, BaseModel):
                yield name, "table"
                yield from _columns(item, f"{name}.#.")
            else:
                yield name, "list"
        else:
            yield name, "flag" if inner is bool else "number" if inner is int else "text"


def bare(annotation: Any) -> Any:
    """What a field holds when it is there: the annotation without None, bounds and checks."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return bare(next(choice for choice in get_args(annotation) if choice is not type(None)))
    return annotation


def _value(kind: Kind, cell: str) -> object:
    if kind == "list":
        items = [item.strip() for item in cell.split("|")] if cell else []
        # Blanks between the bars are no items, but a cell of nothing else must not read as an empty list.
        return [item for item in items if item] or items
    if kind == "flag":
        return _FLAGS.get(cell, cell)
    if kind == "number" and _WHOLE_NUMBER.fullmatch(cell):
        return int(cell)
    return cell
