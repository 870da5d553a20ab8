"""Asks whether a victim was harmed before, and keeps what a person says of two cases that may be of one victim."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.entries import Actor, Entry
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.intake.likeness import WORDS
from engine.record import continue_case, finish
from engine.sight import NO_CASE, is_behind_wall
from store import cases, intake_tasks
from store.cases import CaseKey
from workflow.case import Case
from workflow.catalogue.knowing import SAME_VICTIM
from workflow.machine import NotAllowed
from workflow.vocabulary import State

# Of these nothing more is kept than that they were here.
_GONE = (State.MERGED, State.ERASED)

__all__ = ["SAME_VICTIM", "ask_whether_same", "decide_same_victim", "other_cases"]


_SHARED_BY_MANY = 30


def ask_whether_same(
    house: House, connection: Connection, opened: Sequence[CaseKey], actor: Actor, now: datetime
) -> None:
    """Ask, on each new case, whether its victim is that of another incident within the service's period.

    What is alike was found by digests of two facts (``intake.likeness``), so nothing sealed is opened for it.
    """
    found = intake_tasks.same_person(connection, house.service, [key.case_id for key in opened]) if opened else []
    for key in opened:
        # It is the later case that asks, whether both came in one file or one after the other.
        mine = {other: why for one, other, why in found if one == key.case_id}
        if mine:
            _ask(house, connection, key, mine, actor, now)


def _ask(
    house: House, connection: Connection, key: CaseKey, alike: dict[int, str], actor: Actor, now: datetime
) -> None:
    pairs = intake_tasks.same_person(connection, house.service, list(alike), _SHARED_BY_MANY)
    if len(pairs) == _SHARED_BY_MANY:
        # Two facts that so many share are no person: asking about each pair would bury the desk, and the import.
        return
    deed = continue_case(house, connection, key, actor, now)
    if not deed.case.is_open or deed.case.victim_kind == "organisation":
        return
    kept = [(one, other) for one, other, _ in pairs]
    # The digests lead to the first case of a person; those that were found alike with it are theirs as well.
    # A pair that looks like one incident is kept already, and is not asked about twice.
    there = intake_tasks.beside(connection, house.service, key.case_id)
    further = {each for pair in kept for each in pair if each < key.case_id} - {*alike, *there}
    reasons = next(iter(alike.values()))
    within = [
        number
        for number in (*alike, *sorted(further))
        if _is_near(house, connection, key, deed.case, cases.by_number(connection, house.service, number))
    ]
    added = [(key.case_id, number, "person", reasons.split("|")) for number in within if number in further]
    intake_tasks.add_likenesses(connection, house.service, added, now)
    for number in within:
        deed.follow(Entry("same_victim_suggested", {"pair": _pair(house, key.case_id, number)}))
    finish(deed)


def _is_near(house: House, connection: Connection, key: CaseKey, case: Case, other: CaseKey) -> bool:
    """Whether another case is of another incident that was reported within the period."""
    if (key.force, key.crime_reference) == (other.force, other.crime_reference):
        return False
    theirs = cases.history(connection, house.service, other)
    if theirs.state in _GONE:
        return False
    apart = abs((_reported(case) - _reported(theirs)).days)
    return apart <= house.settings.days.targeted_within


def _reported(case: Case) -> date:
    """The day on which the crime was reported, or on which the case came to us."""
    return (case.first("crime_reported", "case_opened") or case.history[0]).day


def _pair(house: House, one: int, other: int) -> str:
    """What two cases are called in the history of both: a code from which neither can be told."""
    return f"P-{house.keyring.match('pair', str(min(one, other)), str(max(one, other)))[:16]}"


def decide_same_victim(house: House, reference: str, other: str, outcome: str, actor: Actor, now: datetime) -> None:
    """Keep in both cases, in one transaction, what a person says of them; it may be said otherwise later.

    ``targeted`` gives enhanced rights in both from today.  Whoever may not see one of the two is told that there is
    no such case.  Raises NotFound, NotPermitted, NotAllowed, or WrongInput for another outcome.
    """
    if outcome not in SAME_VICTIM:
        raise WrongInput(f"Say one of: {', '.join(SAME_VICTIM)}.")
    house.permissions.demand(actor.role, "case.record")
    with house.writing() as connection:
        keys = [cases.find(connection, house.service, each) for each in (reference, other)]
        found = [key for key in keys if key is not None and not is_behind_wall(house, connection, key, actor)]
        if len(found) < len(keys):
            raise NotFound(NO_CASE)
        one, two = sorted(found, key=lambda key: key.case_id)
        settled = "different" if outcome == "different" else "same"
        if not intake_tasks.settle_likeness(
            connection, house.service, one.case_id, two.case_id, settled, actor.user, now
        ):
            raise NotFound("Nothing says that these two cases are alike.")
        if (one.force, one.crime_reference) == (two.force, two.crime_reference):
            if outcome == "targeted":
                raise NotAllowed("Both cases are of one incident: nobody was harmed a second time.")
            return
        said = {"pair": _pair(house, one.case_id, two.case_id), "outcome": outcome}
        for key in (one, two):
            deed = continue_case(house, connection, key, actor, now)
            if deed.case.state not in _GONE:
                deed.add(Entry("same_victim_decided", said))
                finish(deed)


def other_cases(house: House, reference: str) -> list[dict[str, Any]]:
    """The other incidents that may be of the victim of a case, as far as whoever looks may see them.

    ``case``, ``reasons`` in words and ``outcome`` (None while nobody said).  Raises NotFound.
    """
    with house.reading() as connection:
        key = cases.find(connection, house.service, reference)
        if key is None:
            raise NotFound(NO_CASE)
        case = cases.history(connection, house.service, key)
        asked = {event.text("pair") for event in case.of("same_victim_suggested", "same_victim_decided")}
        said = {event.text("pair"): event.text("outcome") for event in case.of("same_victim_decided")}
        found = []
        for each in intake_tasks.likenesses(connection, house.service, key.case_id) if asked else ():
            name = each.other if each.reference == reference else each.reference
            other = cases.find(connection, house.service, name)
            pair = _pair(house, key.case_id, other.case_id) if other is not None else ""
            if pair in {*asked, *said}:
                reasons = [WORDS[reason] for reason in each.reasons]
                found.append({"case": name, "reasons": reasons, "outcome": said.get(pair)})
        return found
