"""Lets an answer that raises a concern become something to do, and checks who is named in feedback and complaints."""

from typing import TYPE_CHECKING

from engine.entries import Entry
from engine.errors import WrongInput
from store import accounts
from workflow.events import Event, Fields
from workflow.vocabulary import Role

if TYPE_CHECKING:
    from engine.record import Deed

_NAMES = {"complaint_received": "about_worker", "complaint_assigned": "to", "feedback_asked": "asked_by"}


def check_named(deed: "Deed", event: Event) -> None:
    """Refuse the name of somebody who has no account here.  Raises WrongInput.

    Who deals with a complaint or asks for feedback must be able to sign in; whoever a complaint is about may have left.
    """
    field = _NAMES.get(event.kind, "")
    name = event.text(field) if field else ""
    if not name:
        return
    user = accounts.user(deed.connection, deed.house.service, name)
    is_staff = user is not None and user.role not in (Role.POLICE, Role.CLOCK, Role.FEED)
    if user is None or not is_staff or (user.disabled_at is not None and event.kind != "complaint_received"):
        raise WrongInput(f"{field}: Give the user name of somebody who works here.")


def raise_concern(deed: "Deed", event: Event) -> None:
    """Record the concern that answers raise, in the transaction that records them, so that it is on somebody's list."""
    if event.kind != "feedback_given":
        return
    concern, about = deed.house.feedback.concern(event)
    if concern:
        said: Fields = {"entry": event.seq, "concern": concern, "about": "|".join(about)}
        deed.follow(Entry("feedback_raised_concern", said))
