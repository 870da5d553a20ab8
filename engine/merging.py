"""Checks of which case another is the duplicate before it is merged, so that nothing a victim said is lost in it."""

from typing import TYPE_CHECKING

from engine.entries import Actor
from engine.errors import WrongInput
from engine.sight import is_behind_wall
from store import cases
from workflow.events import Event
from workflow.machine import NotAllowed
from workflow.tracks.consent import REVOKED, STANDING
from workflow.vocabulary import State, Track

if TYPE_CHECKING:
    from engine.record import Deed


def check_survivor(deed: "Deed", event: Event, actor: Actor) -> None:
    """Refuse a duplicate of nothing, of itself, or of what is merged too; and a no that would be lost in a yes.

    Of two consents the more restrictive counts until somebody has looked.  Raises WrongInput or NotAllowed.
    Source: transition 11 of the journey.
    """
    if event.kind != "duplicate_found":
        return
    house, connection, survivor = deed.house, deed.connection, event.text("survivor")
    found = cases.find(connection, house.service, survivor)
    if found is None or found.case_id == deed.key.case_id or is_behind_wall(house, connection, found, actor):
        raise WrongInput("Give the reference of the other case, the case that stays.")
    stays = cases.history(connection, house.service, found)
    if stays.state in (State.MERGED, State.ERASED):
        raise NotAllowed("That case was merged itself, or erased: name the one that stays.")
    if deed.case.states[Track.CONSENT] in REVOKED and stays.states[Track.CONSENT] in STANDING:
        raise NotAllowed("This case holds a no and the one that stays a yes: record the no there first.")
