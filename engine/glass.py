"""Opens a colleague's case to whoever gives a reason: one case, a short time, loudly, and looked at afterwards."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.entries import Actor
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.sight import NO_CASE, HeldByColleague, is_behind_wall, way_in
from store import cases, deeds, people
from store.deeds import KeptGlass
from workflow.london import london_day
from workflow.machine import NotAllowed

REASONS = ("immediate_safety", "victim_in_touch", "worker_absent", "court_or_legal", "record_fault")
WRONG = "wrong"
OUTCOMES = ("right", "not_needed", WRONG)
_LONGEST = 1000


def holder_of(house: House, reference: str, actor: Actor, now: datetime) -> str:
    """Who has the case that somebody wants to open, empty where they need no reason.  Raises NotFound."""
    house.permissions.demand(actor.role, "glass.break")
    with house.reading() as connection:
        try:
            way_in(house, connection, cases.find(connection, house.service, reference), actor, now)
        except HeldByColleague as held:
            return held.holder
    return ""


def break_glass(house: House, reference: str, reason: str, words: str, actor: Actor, now: datetime) -> None:
    """Open a colleague's case for a reason.  The words are kept under the victim's seal.

    It never passes a wall.  Raises NotFound, NotPermitted or WrongInput, naming the field in front of the remedy.
    """
    house.permissions.demand(actor.role, "glass.break")
    if reason not in REASONS:
        raise WrongInput("reason: Select why you need to open this case")
    if not words.strip():
        raise WrongInput("words: Enter in a sentence what you need it for")
    if len(words) > _LONGEST:
        raise WrongInput(f"words: What you need it for must be {_LONGEST:,} characters or fewer")
    with house.writing() as connection:
        found = cases.find(connection, house.service, reference)
        if found is None or is_behind_wall(house, connection, found, actor):
            raise NotFound(NO_CASE)
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
            reason=reason,
            note_id=note,
            at=now,
            until=now + house.settings.access.opened_for,
        )
        deeds.add(connection, house.service, now, actor.user, "glass_broken", case_id=found.case_id, detail=reason)


def open_until(house: House, case_id: int, actor: Actor, now: datetime) -> datetime | None:
    """Until when a colleague's case is open to somebody for the reason they gave; None where it is not."""
    with house.reading() as connection:
        return deeds.glass_until(connection, house.service, actor.user, case_id, now)


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that was opened with a reason, with the words, and how a reviewer stands to it."""

    glass: KeptGlass
    words: str
    may_review: bool
    is_late: bool


def opened(house: House, actor: Actor, now: datetime, *, waiting: bool) -> list[Opened]:
    """What was opened with a reason and waits to be looked at, or was looked at.  Raises NotPermitted.

    The words are shown to whoever may look at the case anyway.
    """
    house.permissions.demand(actor.role, "glass.read")
    may_review = house.permissions.may(actor.role, "glass.review")
    reads_cases = house.permissions.may(actor.role, "case.read")
    within, today = house.settings.access.reviewed_within_working, london_day(now)
    found = []
    with house.reading() as connection:
        for each in deeds.glasses(connection, house.service, waiting=waiting):
            words = ""
            if reads_cases and each.note_id:
                victim = people.find(connection, house.keyring, each.person_id)
                words = people.notes(connection, victim, each.case_id).get(each.note_id, "")
            waited = house.calendar.working_days_between(london_day(each.at), today)
            late = waiting and within is not None and waited > within
            found.append(Opened(each, words, may_review and each.user != actor.user, late))
    return found


@dataclass(frozen=True, slots=True)
class Often:
    """Somebody who opened more with a reason lately than is usual: who, how often, within how many days."""

    user: str
    times: int
    within_days: int


def often(house: House, actor: Actor, now: datetime) -> list[Often]:
    """Who opened more with a reason lately than the service calls usual, the most first.  Raises NotPermitted.

    Source: assurance.md section 4, break-glass: more than so many per person go to the head of service.
    """
    house.permissions.demand(actor.role, "glass.read")
    access = house.settings.access
    if access.openings_usual is None or access.openings_within_days is None:
        return []
    with house.reading() as connection:
        found = deeds.openings_since(connection, house.service, now - timedelta(days=access.openings_within_days))
    return [
        Often(user, times, access.openings_within_days)
        for user, times in sorted(found.items(), key=lambda each: (-each[1], each[0]))
        if times > access.openings_usual
    ]


def waiting_for(house: House, actor: Actor) -> int:
    """How many opened cases wait for somebody to look at them; none for whoever may not."""
    if not house.permissions.may(actor.role, "glass.review"):
        return 0
    with house.reading() as connection:
        return deeds.waiting_glasses(connection, house.service, actor.user)


def review(house: House, glass_id: int, outcome: str, actor: Actor, now: datetime) -> None:
    """Say what is to be made of an opened case; nobody looks at their own.

    Raises NotFound, NotPermitted, NotAllowed or WrongInput.
    """
    house.permissions.demand(actor.role, "glass.review")
    if outcome not in OUTCOMES:
        raise WrongInput("outcome: Select what you make of it")
    with house.writing() as connection:
        found = deeds.glass(connection, house.service, glass_id)
        if found is None or is_behind_wall(
            house, connection, cases.by_number(connection, house.service, found.case_id), actor
        ):
            raise NotFound("There is no such opening.")
        if found.user == actor.user:
            raise NotAllowed("Somebody else looks at what you opened.")
        if not deeds.review(connection, house.service, glass_id, actor.user, now, outcome):
            raise NotAllowed("Somebody has looked at it already.")
        if outcome == WRONG:
            deeds.end_glass(connection, house.service, glass_id, now)
        deeds.add(
            connection,
            house.service,
            now,
            actor.user,
            "glass_reviewed",
            about=found.user,
            case_id=found.case_id,
            detail=outcome,
        )
