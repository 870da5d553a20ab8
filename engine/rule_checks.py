"""Checks what an entry says of a rule before it goes in: the rule, the occurrence and the approver must be there."""

from typing import TYPE_CHECKING

from engine.errors import WrongInput
from store import accounts
from workflow.bars import tried
from workflow.duties import duties
from workflow.events import Event
from workflow.london import london_day
from workflow.machine import NotAllowed
from workflow.sealing import seal_of
from workflow.two_people import is_agreed
from workflow.vocabulary import Role

if TYPE_CHECKING:
    from engine.record import Deed

KINDS = frozenset({"good_reason_recorded", "clock_paused", "clock_resumed"})
"""The event kinds that a person records about a rule."""


def check_rule(deed: "Deed", event: Event) -> None:
    """Refuse an entry about a rule that no edition has, an occurrence that is none, or an approver who is no manager.

    A good reason stands in the place of the service that was owed, so the name under it is that of a manager who may
    sign in; it may be the one who records it, because only a manager may.  Raises WrongInput.
    Source: Victims and Prisoners Act 2024, section 5(1).
    """
    if event.kind == "safety_recorded":
        _check_loosened(deed, event)
    if event.kind == "address_unsealed":
        _check_unsealed(deed, event)
    if event.kind == "attempts_exhausted":
        _check_attempts(deed, event)
    if event.kind not in KINDS:
        return
    house, rule = deed.house, event.text("rule")
    if not any(rule in edition.by_id for edition in house.rulebook.editions):
        raise WrongInput("There is no rule of that name. See: victim-contact rules")
    if "occurrence" in event.fields:
        owed = duties(deed.case, house.rulebook, house.calendar, london_day(deed.now))
        if not any((duty.rule.id, duty.occurrence) == (rule, event.fields["occurrence"]) for duty in owed):
            raise WrongInput("No duty under that rule began with the entry of that number.")
    if event.kind == "good_reason_recorded":
        user = accounts.user(deed.connection, house.service, event.text("approver"))
        if user is None or user.role != Role.MANAGER or user.disabled_at is not None:
            raise WrongInput("Give as approver the user name of a manager who may sign in.")


def _check_loosened(deed: "Deed", event: Event) -> None:
    """Refuse to one person what takes back that something is not safe.  Source: assurance.md section 4, row 14."""
    if "loosened" in deed.house.permissions.two_people.get(event.kind, ()) and not is_agreed(deed.case, event):
        raise NotAllowed(
            "Somebody said that this is not safe, so it takes two people: one proposes to call it safe and says what "
            "has changed, and somebody else records the answer."
        )


def _check_unsealed(deed: "Deed", event: Event) -> None:
    """Refuse to open a seal that is none, or to whoever sealed it.  Source: assurance.md section 4, row 14."""
    seal = seal_of(deed.case, event.text("channel"))
    if seal is None:
        raise NotAllowed("That is not sealed.")
    if seal.by == event.by:
        raise NotAllowed("You sealed it: somebody else has to open the seal.")


def _check_attempts(deed: "Deed", event: Event) -> None:
    """Refuse to give up early on a victim who was not reached.  Source: local target T06, transition 19."""
    owed = duties(deed.case, deed.house.rulebook, deed.house.calendar, london_day(deed.now))
    window = next((d.due_on for d in reversed(owed) if d.rule.id == "attempts-window" and not d.is_settled), None)
    if window is not None and event.day < window:
        last = f"{window.day} {window:%B}"
        if len(set(tried(deed.case))) > 1:
            raise NotAllowed(f"Go on trying, by another channel or at another time of day, until {last}.")
        raise NotAllowed(f"Only one channel is safe: go on trying by it, at other times of day, until {last}.")
