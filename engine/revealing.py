"""Shows a sealed address or number: for a reason, for a short time, written down before it is shown, and looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.entries import Actor
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.sight import PLAINLY, log_opening, way_in
from store import cases, deeds, people
from workflow.case import Case
from workflow.london import london_day
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.sealing import is_sealed, kept_as, sealed

REASONS = ("deliver", "call", "visit", "check_letter", "verify", "immediate_safety")
"""Why somebody has to see it."""
SEEN = "address.reveal"
"""How it stands in the log of reads."""
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Revealed:
    """What is shown now: the values, and until when; nothing where it is masked."""

    values: tuple[Any, ...]
    until: datetime | None


def reveal(house: House, reference: str, channel: str, reason: str, words: str, actor: Actor, now: datetime) -> None:
    """Let somebody see a sealed address or number for a short time, for a reason; somebody else looks at it later.

    Raises NotFound where there is none, HeldByColleague, NotPermitted, and WrongInput, naming the field in front.
    """
    house.permissions.demand(actor.role, SEEN)
    if reason not in REASONS:
        raise WrongInput("reason: Select why you need to see it")
    if not words.strip():
        raise WrongInput("words: Enter in a sentence what you need it for")
    if len(words) > _LONGEST:
        raise WrongInput(f"words: What you need it for must be {_LONGEST:,} characters or fewer")
    with house.writing() as connection:
        found = _sealed_case(house, connection, reference, channel, actor, now)
        if deeds.glass_until(connection, house.service, actor.user, found.case_id, now, channel) is not None:
            # The form was sent twice: it is shown already, and written down once.
            return
        victim = people.find(connection, house.keyring, found.person_id)
        note = f"N-{house.codes(16)}"
        people.write_note(
            connection, house.service, victim, found.case_id, note, actor.user, now, words.replace("\r\n", "\n")
        )
        deeds.break_glass(
            connection,
            house.service,
            user=actor.user,
            case_id=found.case_id,
            what=channel,
            reason=reason,
            note_id=note,
            at=now,
            until=now + house.settings.access.revealed_for,
        )
        deeds.add(connection, house.service, now, actor.user, "address_revealed", case_id=found.case_id, detail=channel)


def revealed(house: House, reference: str, channel: str, actor: Actor, now: datetime) -> Revealed:
    """What a sealed address or number is, while it is shown to this person; each time is logged before it is shown.

    Raises NotFound where there is none, HeldByColleague, NotPermitted, or DatabaseBusy where it cannot be logged.
    """
    house.permissions.demand(actor.role, SEEN)
    with house.writing() as connection:
        found = _sealed_case(house, connection, reference, channel, actor, now)
        until = deeds.glass_until(connection, house.service, actor.user, found.case_id, now, channel)
        if until is None:
            return Revealed((), None)
        log_opening(house, connection, found, actor, SEEN, now)
        victim = people.find(connection, house.keyring, found.person_id)
        points = people.known_points(connection, victim, channel, london_day(now))
        values = tuple(each.value for each in points)
    # The transaction is committed: what could not be written down is not shown.
    return Revealed(values, until)


def refuse_sealed(case: Case, channel: str) -> None:
    """Raise NotAllowed where a channel is sealed, for what shows it outside the pages."""
    if is_sealed(case, channel):
        raise NotAllowed("The victim's address is sealed: it is shown on the pages alone, to whoever gives a reason.")


def is_open_to(house: House, case_id: int, channel: str, actor: Actor, now: datetime) -> bool:
    """Whether a sealed address or number is shown to somebody now, such as on a letter."""
    with house.reading() as connection:
        kept = kept_as(channel)
        return deeds.glass_until(connection, house.service, actor.user, case_id, now, kept) is not None


def _sealed_case(house: House, connection: Any, reference: str, channel: str, actor: Actor, now: datetime) -> Any:
    """The case with a sealed way of reaching its victim, for whoever has it or manages whoever has."""
    found, way = way_in(house, connection, cases.find(connection, house.service, reference), actor, now)
    if channel not in sealed(cases.history(connection, house.service, found)):
        raise NotFound("Nothing of that kind is sealed in this case.")
    if way != PLAINLY:
        raise NotPermitted("This is a colleague’s case: they, or a manager, can show what is sealed in it.")
    return found


__all__ = ["REASONS", "SEEN", "Revealed", "is_open_to", "refuse_sealed", "reveal", "revealed"]
