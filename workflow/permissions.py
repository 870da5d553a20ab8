"""Decides who may do what: a role and an action to yes or no, from the permission file; unlisted is no."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.vocabulary import Role, in_words


class NotPermitted(Exception):
    """This role may not do this; the message says so without naming a person or a case."""


@dataclass(frozen=True, slots=True)
class Permissions:
    """The permission file: actions, event kinds, routes and exports, each with the roles that may.

    ``routes`` names the action that a method and path need; ``"public"`` is the action everybody may do.
    """

    actions: Mapping[str, frozenset[str]]
    events: Mapping[str, frozenset[str]]
    routes: Mapping[str, str]
    exports: Mapping[str, str]

    def may(self, role: str, action: str) -> bool:
        """Whether a role may do an action; what is not listed, nobody may."""
        return action == "public" or role in self.actions.get(action, frozenset())

    def may_record(self, role: str, kind: str) -> bool:
        """Whether a role may record an event kind."""
        return role in self.events.get(kind, frozenset())

    def demand(self, role: str, action: str) -> None:
        """Raise NotPermitted unless the role may do the action."""
        if not self.may(role, action):
            raise NotPermitted(f"A {in_words(role)} account may not do that.")

    def demand_record(self, role: str, kind: str) -> None:
        """Raise NotPermitted unless the role may record the event kind."""
        if not self.may_record(role, kind):
            raise NotPermitted(f"A {in_words(role)} account may not record {kind}.")


def parse_permissions(document: Mapping[str, object]) -> Permissions:
    """The permission file as permissions.

    Raises ValueError, naming the key, where a table is missing, a role is unknown or a route needs an unknown action.
    """
    actions = _roles(document, "actions")
    events = _roles(document, "events")
    routes, exports = _names(document, "routes"), _names(document, "exports")
    for name, action in (*routes.items(), *exports.items()):
        if action != "public" and action not in actions:
            raise ValueError(f'"{name}" needs the action "{action}", which [actions] does not list')
    return Permissions(actions, events, routes, exports)


def _table(document: Mapping[str, object], key: str) -> Mapping[str, object]:
    table = document.get(key)
    if not isinstance(table, dict):
        raise ValueError(f"[{key}] is missing")
    return table


def _roles(document: Mapping[str, object], key: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for name, roles in _table(document, key).items():
        if not isinstance(roles, list) or any(role not in tuple(Role) for role in roles):
            raise ValueError(f'[{key}] "{name}" must list roles out of: {", ".join(Role)}')
        found[name] = frozenset(str(role) for role in roles)
    return found


def _names(document: Mapping[str, object], key: str) -> dict[str, str]:
    return {name: str(action) for name, action in _table(document, key).items()}
