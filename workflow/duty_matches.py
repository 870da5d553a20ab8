"""Reads the tables of a rules file with their exact place, and checks the events that a rule names."""

from collections.abc import Iterable, Mapping

from workflow.catalogue import CATALOGUE
from workflow.code import BadRule, Match, Wanted
from workflow.events import Field, FieldKind
from workflow.tables import TABLES
from workflow.vocabulary import State

_STATES = {str(table.track): tuple(str(state) for state in table.states) for table in TABLES}


class Table:
    """One table of a rules file: hands out its keys one by one, and says at the end which nobody asked for."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, Mapping):
            raise BadRule(path or "file", "Give a table of keys here.")
        self.value: Mapping[str, object] = value
        self.path = path
        self._taken: set[str] = set()

    def _at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def take(self, name: str, *, required: bool = True) -> object:
        """What stands under a key; None where it may be missing."""
        self._taken.add(name)
        if name not in self.value and required:
            raise BadRule(self._at(name), "It is missing: give it.")
        return self.value.get(name)

    def text(self, name: str, *, required: bool = True) -> str:
        """A key that is words; empty where it may be missing."""
        value = self.take(name, required=required)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or (required and not value.strip()):
            raise BadRule(self._at(name), "Give words in quotes.")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A key that is true or false."""
        value = self.take(name, required=False)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise BadRule(self._at(name), "Give true or false.")
        return value

    def number(self, name: str) -> int | None:
        """A key that is a whole number, never negative; None where it is missing."""
        value = self.take(name, required=False)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
            raise BadRule(self._at(name), "Give a whole number from 0 to 10000.")
        return value

    def items(self, name: str) -> list[object]:
        """A key that is a list; empty where it is missing."""
        value = self.take(name, required=False)
        if value is None:
            return []
        if not isinstance(value, list):
            raise BadRule(self._at(name), "Give a list in square brackets.")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A key that is a list of words."""
        items = self.items(name)
        texts = tuple(item for item in items if isinstance(item, str))
        if len(texts) != len(items):
            raise BadRule(self._at(name), "Give a list of words in quotes.")
        return texts

    def inner(self, name: str) -> "Table":
        """A key that is a table."""
        return Table(self.take(name), self._at(name))

    def words(self, name: str) -> dict[str, str]:
        """A key that is a table of names and their words; empty where it is missing."""
        if self.take(name, required=False) is None:
            return {}
        inner = self.inner(name)
        return {key: inner.text(key) for key in inner.value}

    def end(self) -> None:
        """Refuses a key that nobody asked for: a misspelt key must never be a rule that silently does not count."""
        for name in self.value:
            if name not in self._taken:
                raise BadRule(self._at(name), "This key is unknown here: correct its name or leave it out.")


class Matches:
    """Reads the events a rule names: from the catalogue, from the moments of the edition, or a named group of both."""

    def __init__(self, moments: Mapping[str, str], document: Table) -> None:
        self._moments = moments
        self._groups: dict[str, tuple[Match, ...]] = {}
        if document.take("groups", required=False) is not None:
            groups = document.inner("groups")
            for name in groups.value:
                self._groups[name] = self.of(groups, name)

    def of(self, table: Table, name: str) -> tuple[Match, ...]:
        """The matches listed under a key; empty where it is missing."""
        found: list[Match] = []
        for place, item in enumerate(table.items(name), start=1):
            path = f"{table.path}.{name}.{place}"
            if isinstance(item, Mapping) and "group" in item:
                found += self._group(Table(item, path))
            else:
                found.append(self._match(Table({"event": item} if isinstance(item, str) else item, path)))
        return tuple(found)

    def _group(self, table: Table) -> tuple[Match, ...]:
        name = table.text("group")
        table.end()
        if name not in self._groups:
            raise BadRule(f"{table.path}.group", "No group of that name stands above.")
        return self._groups[name]

    def _match(self, table: Table) -> Match:
        event = table.text("event", required="state" not in table.value)
        if event and event not in CATALOGUE and event not in self._moments:
            raise BadRule(f"{table.path}.event", "No event kind and no moment has that name.")
        state = table.text("state", required=False)
        if state and state not in tuple(State):
            raise BadRule(f"{table.path}.state", f"Choose one of: {', '.join(State)}.")
        match = Match(event, self._where(table, event), state, self._during(table))
        table.end()
        return match

    def _where(self, table: Table, event: str) -> tuple[Wanted, ...]:
        if "where" not in table.value:
            return ()
        if not event:
            raise BadRule(f"{table.path}.where", "Name the event whose fields are asked for.")
        inner = table.inner("where")
        return tuple(_wanted(inner, name, event) for name in inner.value)

    def _during(self, table: Table) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if "during" not in table.value:
            return ()
        inner = table.inner("during")
        for track in inner.value:
            if track not in _STATES:
                raise BadRule(f"{inner.path}.{track}", f"Choose one of: {', '.join(_STATES)}.")
            for place, state in enumerate(inner.texts(track), start=1):
                if state not in _STATES[track]:
                    raise BadRule(f"{inner.path}.{track}.{place}", f"Choose one of: {', '.join(_STATES[track])}.")
        return tuple((track, inner.texts(track)) for track in inner.value)

    def check_day_field(self, begins: Iterable[Match], name: str, path: str) -> None:
        """Refuses a field that is not a day of every event kind that begins the rule."""
        for match in begins:
            kind = CATALOGUE.get(match.event)
            asked = kind.field(name) if kind else None
            if match.event not in self._moments and (asked is None or asked.kind is not FieldKind.DAY):
                raise BadRule(path, "Every event that begins the duty must have that field, and it must be a day.")


def _wanted(table: Table, name: str, event: str) -> Wanted:
    path, value = f"{table.path}.{name}", table.take(name)
    kind = CATALOGUE.get(event)
    asked = kind.field(name) if kind else None
    if kind is not None and asked is None:
        raise BadRule(path, f"{event} has the fields {', '.join(each.name for each in kind.fields) or 'none'}.")
    if isinstance(value, Mapping):
        inner = Table(value, path)
        least = inner.number("at_least")
        inner.end()
        if least is None or (asked is not None and asked.kind is not FieldKind.NUMBER):
            raise BadRule(path, "Give at_least, for a field that is a number.")
        return Wanted(name, at_least=least)
    values = tuple(value) if isinstance(value, list) else (value,)
    if not values or not all(_may_hold(asked, each) for each in values):
        choices = f"Choose one of: {', '.join(asked.choices)}." if asked and asked.choices else "It cannot hold that."
        raise BadRule(path, choices)
    return Wanted(name, values)


def _may_hold(asked: Field | None, value: object) -> bool:
    """Whether a field may hold a value; of a moment no fields are known, so it may hold anything plain."""
    match asked.kind if asked else None:
        case FieldKind.CHOICE | FieldKind.CHOICES:
            return asked is not None and value in asked.choices
        case FieldKind.FLAG:
            return isinstance(value, bool)
        case FieldKind.NUMBER:
            return isinstance(value, int) and not isinstance(value, bool)
        case None:
            return isinstance(value, str | int | bool)
        case _:
            return isinstance(value, str)
