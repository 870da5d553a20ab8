"""Checks what an entry says of a rule before it goes in: the rule, the occurrence and the approver must be there."""

from typing import TYPE_CHECKING

from engine.errors import WrongInput
from store import accounts
from workflow.bars import tried
from workflow.duties import duties
from workflow.events import Event
from workflow.london import london_day
from workflow.machine import NotAllowed
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


def _check_attempts(deed: "Deed", event: Event) -> None:
    """Refuse to give up early on a victim whom only one channel reaches.  Source: local target T06."""
    if len(set(tried(deed.case))) > 1:
        return
    owed = duties(deed.case, deed.house.rulebook, deed.house.calendar, london_day(deed.now))
    window = next((d.due_on for d in reversed(owed) if d.rule.id == "attempts-window" and not d.is_settled), None)
    if window is not None and event.day < window:
        last = f"{window.day} {window:%B}"
        raise NotAllowed(f"Only one channel is safe: go on trying by it, at other times of day, until {last}.")
