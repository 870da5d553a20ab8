"""Decides what one person may not do alone: letters that could hurt most, and calling safe what was said not to be."""

from collections.abc import Collection, Mapping
from typing import Any

from workflow.case import Case
from workflow.channels import said_otherwise_since
from workflow.clearance import cleared
from workflow.events import Event, Value
from workflow.sealing import is_sealed
from workflow.vocabulary import Channel, Known, Role

LETTER_CONDITIONS = ("under_18", "sealed", "hold_cleared", "by_manager")
"""When a letter takes two different people's yes, besides those kinds that always do (``second_check``)."""
SAFETY_CONDITIONS = ("loosened",)
"""When an answer about safety takes two different people."""
CONDITIONS: Mapping[str, tuple[str, ...]] = {
    "letter_approved": LETTER_CONDITIONS,
    "safety_recorded": SAFETY_CONDITIONS,
}
"""The deeds that may take two people, each with the conditions under which it does."""
PROPOSED = "safety_loosening_proposed"
"""The first person's entry; the second records the answer itself."""


def letter_conditions(case: Case, letter: str, channel: str, role: str, asked: Collection[str]) -> tuple[str, ...]:
    """Why a letter takes a second person's yes, out of the conditions ``asked`` for; empty where one yes is enough.

    Source: assurance.md section 4, row 17.
    """
    met = {
        "under_18": case.is_child,
        "sealed": is_sealed(case, channel),
        "hold_cleared": bool(cleared(case, letter)),
        "by_manager": role == Role.MANAGER,
    }
    return tuple(name for name in LETTER_CONDITIONS if name in asked and met[name])


def loosened(case: Case, fields: Mapping[str, Value]) -> tuple[str, ...]:
    """The fields of an answer about safety that take back a no: to a channel, to who must not know, to the address.

    An answer about an address or a number that was changed since was none about the new one, so that nothing is taken
    back.  Source: assurance.md section 4, row 14; design.md section 6 (the most restrictive rule wins).
    """
    found = [
        channel.value for channel in Channel if fields.get(channel) == Known.YES and said_otherwise_since(case, channel)
    ]
    if fields.get("must_not_know") is False and _last(case, "must_not_know") is True:
        found.append("must_not_know")
    if fields.get("child_knows_address") == Known.NO and _last(case, "child_knows_address") == Known.YES:
        found.append("child_knows_address")
    return tuple(found)


def tightened(case: Case, fields: Mapping[str, Value]) -> dict[str, Any]:
    """An answer about safety without what it would loosen, as it is taken from whoever may not loosen at all."""
    gone = loosened(case, fields)
    return {name: value for name, value in fields.items() if name not in gone}


def proposers(case: Case, name: str, value: object) -> frozenset[str]:
    """Who proposed to loosen a field to this value since somebody last answered it."""
    answered = max((event.seq for event in case.of("safety_recorded") if name in event.fields), default=0)
    return frozenset(
        event.by for event in case.of(PROPOSED) if event.seq > answered and event.fields.get(name) == value
    )


def is_agreed(case: Case, event: Event) -> bool:
    """Whether everything that an answer loosens was proposed by somebody else than whoever records it."""
    return all(proposers(case, name, event.fields[name]) - {event.by} for name in loosened(case, event.fields))


def waiting(case: Case) -> Mapping[str, frozenset[str]]:
    """What somebody proposed to loosen and nobody has answered yet: the field, and who proposed it."""
    found: dict[str, frozenset[str]] = {}
    for event in case.of(PROPOSED):
        for name in loosened(case, event.fields):
            by = proposers(case, name, event.fields[name])
            if by:
                found[name] = by
    return found


def _last(case: Case, name: str) -> object:
    return next((e.fields[name] for e in reversed(case.of("safety_recorded")) if name in e.fields), None)
