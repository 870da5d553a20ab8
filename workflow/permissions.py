"""Decides who may do what: a role and an action to yes or no, from the permission file; unlisted is no."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflow.two_people import CONDITIONS
from workflow.vocabulary import Role, in_words


class NotPermitted(Exception):
    """This role may not do this; the message says so without naming a person or a case."""


@dataclass(frozen=True, slots=True)
class Permissions:
    """The permission file: actions, event kinds, routes and exports, each with the roles that may.

    ``routes`` names the action that a method and path need; ``"public"`` is the action everybody may do.
    ``cannot_wait`` are the event kinds that may be recorded on a colleague's case too.  ``answers`` are those answers
    of an event (``case_closed.reason.unsafe_to_contact``) that fewer roles may give than may record the event.
    ``never`` are actions by role that no other line can give; ``proof`` are those that ask for a fresh proof of who one
    is; ``two_people`` are the conditions under which a deed takes a second, different person.
    """

    actions: Mapping[str, frozenset[str]]
    events: Mapping[str, frozenset[str]]
    routes: Mapping[str, str]
    exports: Mapping[str, str]
    cannot_wait: frozenset[str] = frozenset()
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    never: Mapping[str, frozenset[str]] = field(default_factory=dict)
    proof: frozenset[str] = frozenset()
    two_people: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def may(self, role: str, action: str) -> bool:
        """Whether a role may do an action; what is not listed, nobody may, and a denial beats every listing."""
        if action == "public":
            return True
        return role in self.actions.get(action, frozenset()) and action not in self.never.get(role, frozenset())

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

    def demand_answers(self, role: str, kind: str, fields: Mapping[str, object]) -> None:
        """Raise NotPermitted where the role may record the event and may not give one of its answers."""
        for name, value in fields.items():
            allowed = self.answers.get(f"{kind}.{name}.{value}")
            if allowed is not None and role not in allowed:
                raise NotPermitted(f"A {in_words(role)} account may not record {kind} with {in_words(str(value))}.")


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
    answers = _roles(document, "answers") if "answers" in document else {}
    for name in answers:
        if name.count(".") != 2 or name.partition(".")[0] not in events:
            raise ValueError(f'[answers] "{name}" must be an event of [events], a field and a value, with dots between')
    return Permissions(
        actions,
        events,
        routes,
        exports,
        _cannot_wait(document, events),
        answers,
        _never(document, actions),
        _proof(document, actions),
        _two_people(document),
    )


def _two_people(document: Mapping[str, object]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for deed, listed in (_table(document, "two_people") if "two_people" in document else {}).items():
        known = CONDITIONS.get(deed, ())
        if not isinstance(listed, list) or any(name not in known for name in listed):
            raise ValueError(f'[two_people] "{deed}" must be one of {", ".join(CONDITIONS)}, and list its conditions')
        found[deed] = frozenset(str(name) for name in listed)
    return found


def _never(document: Mapping[str, object], actions: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """What a role may never do: actions, or all of them whose name begins with what stands before a star."""
    found: dict[str, frozenset[str]] = {}
    for role, listed in (_table(document, "never") if "never" in document else {}).items():
        if role not in tuple(Role) or not isinstance(listed, list):
            raise ValueError(f'[never] "{role}" must be a role that lists actions')
        denied: set[str] = set()
        for pattern in map(str, listed):
            before, star, _ = pattern.partition("*")
            meant = {action for action in actions if action == pattern or (star and action.startswith(before))}
            if not meant:
                raise ValueError(f'[never] "{role}" names "{pattern}", which [actions] does not list')
            denied |= meant
        found[role] = frozenset(denied)
    return found


def _proof(document: Mapping[str, object], actions: Mapping[str, frozenset[str]]) -> frozenset[str]:
    listed = document.get("proof", {})
    names = listed.get("actions", []) if isinstance(listed, dict) else None
    if not isinstance(names, list) or any(name not in actions for name in names):
        raise ValueError('[proof] "actions" must list actions out of [actions]')
    return frozenset(str(name) for name in names)


def _cannot_wait(document: Mapping[str, object], events: Mapping[str, frozenset[str]]) -> frozenset[str]:
    listed = document.get("cannot_wait", {})
    kinds = listed.get("events", []) if isinstance(listed, dict) else None
    if not isinstance(kinds, list) or any(kind not in events for kind in kinds):
        raise ValueError('[cannot_wait] "events" must list event kinds out of [events]')
    return frozenset(str(kind) for kind in kinds)


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
