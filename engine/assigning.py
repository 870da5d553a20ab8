"""Gives cases to people: claim the next, take one, hand over, move many at once, and stand in for whoever is away."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from engine.entries import Actor, Entry, Written
from engine.errors import KeyReused, NotFound, StaleCase, WrongInput
from engine.house import House
from engine.record import Deed, record
from engine.whose import MACHINE, MAY_HAVE_CASES, already, shown_as
from store import accounts, covers, queue_pages, submissions
from store.covers import KeptCover
from store.database import DatabaseBusy
from workflow.case import TEAM
from workflow.london import london_day
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.views import Only, View, day_order

_LOOKED_AT_ONCE = 20
_CLAIM = "claim"


def take(house: House, reference: str, actor: Actor, now: datetime, key: str | None = None) -> Written:
    """Take a case that nobody has; one that somebody took meanwhile stays with them.

    Raises NotFound, NotPermitted or NotAllowed, which names who has it.
    """
    house.permissions.demand(actor.role, "case.claim")

    return record(house, reference, [], actor=actor, now=now, key=key, within=_take_what_nobody_has)


def _take_what_nobody_has(deed: Deed) -> None:
    if deed.before.assignee:
        raise NotAllowed(already(deed.connection, deed.house, deed.before.assignee, deed.actor))
    deed.add(Entry("case_assigned", {"to": deed.actor.user}))


def claim_next(house: House, actor: Actor, now: datetime, key: str | None = None) -> str | None:
    """Take the first of the cases that nobody has, and give its reference; None where there is none.

    Two people at once never get the same one: whoever comes second at a case gets the next.  The same key again gives
    the case that it gave before.  Raises NotPermitted.
    """
    house.permissions.demand(actor.role, "case.claim")
    if actor.user == MACHINE:
        raise WrongInput("Say who claims: --as USER.")
    kept_key = f"{_CLAIM}:{key}" if key else None
    tried: set[str] = set()
    while True:
        with house.reading() as connection:
            before = submissions.answer(connection, house.service, actor.user, kept_key) if kept_key else None
            waiting = [] if before else _unassigned(house, connection, now, len(tried) + _LOOKED_AT_ONCE)
        if before:
            return str(before[1]["case"])
        fresh = [reference for reference in waiting if reference not in tried]
        if not fresh:
            return None
        for reference in fresh:
            tried.add(reference)
            try:
                _claim(house, reference, actor, now, kept_key)
            except (NotAllowed, NotFound, StaleCase, DatabaseBusy):
                # Somebody else was first; the next one waits as well.
                continue
            except _ClaimedAlready:
                break
            return reference


class _ClaimedAlready(Exception):
    """The same form was sent twice at once, and the other one got its case."""


def _unassigned(house: House, connection: Connection, now: datetime, limit: int) -> list[str]:
    today = london_day(now)
    order = day_order(house.calendar, today, queue_pages.decision_days(connection, house.service, today))
    lines = queue_pages.page(connection, house.service, order, View.UNASSIGNED, (), Only(), limit)
    return [line.case for line in lines]


def _claim(house: House, reference: str, actor: Actor, now: datetime, key: str | None) -> None:
    def once(deed: Deed) -> None:
        _take_what_nobody_has(deed)
        if key and not submissions.keep_answer(
            deed.connection, house.service, actor.user, key, _CLAIM, {"case": reference}, now
        ):
            raise _ClaimedAlready

    record(house, reference, [], actor=actor, now=now, within=once)


def assign(
    house: House,
    reference: str,
    to: str,
    reason: str,
    actor: Actor,
    now: datetime,
    *,
    key: str | None = None,
    seen_with: str | None = None,
) -> Written:
    """Give a case to somebody, or back to the team (``unassigned``); a reason is needed where somebody has it.

    ``seen_with`` is who had it when that was decided.  Raises NotFound, NotPermitted, NotAllowed or WrongInput.
    """
    fields: dict[str, str | int | bool] = {"to": to, **({"reason": reason} if reason else {})}

    def if_still_there(deed: Deed) -> None:
        if seen_with is not None and (deed.before.assignee or TEAM) != seen_with:
            raise NotAllowed(f"{shown_as(deed.connection, house, deed.before.assignee or TEAM)} has this case now.")
        deed.add(Entry("case_assigned", fields))

    return record(house, reference, [], actor=actor, now=now, key=key, within=if_still_there)


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a case that was to change hands: ``why_not`` is empty where it did."""

    reference: str
    why_not: str


def move(
    house: House, seen: Mapping[str, str], to: str, reason: str, actor: Actor, now: datetime, key: str
) -> list[Moved]:
    """Give many cases to somebody, each in a transaction of its own, and say of each whether it moved and why not.

    ``seen`` names the cases, and who had each when that was decided; one that changed hands since stays where it is.
    The same key again moves nothing twice.  Raises NotPermitted, and WrongInput where ``to`` can have no case.
    """
    check_owner(house, to)
    done = []
    for reference, holder in seen.items():
        why_not = ""
        try:
            assign(house, reference, to, reason, actor, now, key=f"{key}:{reference}", seen_with=holder)
        except (NotFound, NotAllowed, NotPermitted, WrongInput, StaleCase, KeyReused, DatabaseBusy) as refused:
            why_not = str(refused)
        done.append(Moved(reference, why_not))
    return done


def cases_of(house: House, owner: str) -> list[str]:
    """The references of all cases that somebody, or the team, has and that ask for something."""
    with house.reading() as connection:
        return queue_pages.of_owner(connection, house.service, owner)


def holders(house: House, references: Collection[str]) -> dict[str, str]:
    """Who has each of these cases, or the team; a case that asks for nothing is left out."""
    with house.reading() as connection:
        lines = queue_pages.of_cases(connection, house.service, references)
    return {reference: line.owner for reference, line in lines.items()}


def check_owner(house: House, name: str) -> None:
    """Raise WrongInput unless this is somebody who can have cases, or the team."""
    with house.reading() as connection:
        user = accounts.user(connection, house.service, name)
    if name != TEAM and (user is None or user.role not in MAY_HAVE_CASES or user.disabled_at is not None):
        raise WrongInput("Give the user name of a practitioner or manager who may sign in.")


def cover(house: House, away: str, deputy: str, first: date, last: date, actor: Actor, now: datetime) -> KeptCover:
    """Let somebody stand in for a person who is away, from a day to a day, both included.

    A practitioner may say who stands in for themselves, a manager for anybody.  No case changes: the deputy sees them
    and may work on them on these days.  Raises NotPermitted, NotAllowed or WrongInput.
    """
    _demand_cover(house, away, actor)
    if last < first:
        raise WrongInput("The last day comes before the first.")
    if last < london_day(now):
        raise WrongInput("The last day has passed already.")
    if away == deputy:
        raise WrongInput("Nobody stands in for themselves: give another user.")
    for name in (away, deputy):
        if name == TEAM:
            raise WrongInput("Give the user names of two people.")
        check_owner(house, name)
    with house.writing() as connection:
        covers.hold_people(connection, house.service, (away, deputy))
        for name in (away, deputy):
            there = covers.overlapping(connection, house.service, name, first, last)
            if there is not None:
                raise NotAllowed(
                    f"{shown_as(connection, house, name)} is away then already, "
                    f"from {there.from_day.isoformat()} to {there.until_day.isoformat()}."
                )
        busy = covers.standing_in(connection, house.service, away, first, last)
        if busy is not None:
            raise NotAllowed(
                f"{shown_as(connection, house, away)} stands in for {shown_as(connection, house, busy.away)} then. "
                "End that cover first."
            )
        number = covers.add(connection, house.service, away, deputy, first, last, actor.user, now)
    return KeptCover(number, away, deputy, first, last, actor.user)


def end_cover(house: House, cover_id: int, actor: Actor, now: datetime) -> None:
    """End a cover at once, before its last day.  Raises NotFound or NotPermitted."""
    with house.writing() as connection:
        kept = covers.find(connection, house.service, cover_id)
        if kept is None:
            raise NotFound("There is no such cover.")
        _demand_cover(house, kept.away, actor)
        covers.end(connection, house.service, cover_id, now)


def covers_standing(house: House, now: datetime) -> list[KeptCover]:
    """The covers of today and those still to come."""
    with house.reading() as connection:
        return covers.standing(connection, house.service, london_day(now))


def _demand_cover(house: House, away: str, actor: Actor) -> None:
    if actor.user != MACHINE and away != actor.user:
        house.permissions.demand(actor.role, "cover.set")
    house.permissions.demand(actor.role, "cover.own")
