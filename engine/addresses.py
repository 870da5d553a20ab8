"""Takes in the addresses that no victim's letter may go to unseen: of a child, a household, a school, of staff."""

import contextlib
from collections.abc import Sequence
from datetime import datetime

from engine.comparing import digests_of
from engine.entries import Actor, Entry, Written
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.points import postal_address
from engine.record import Deed, record
from store import accounts, addresses, cases, people
from workflow.addresses import HOME, Of
from workflow.catalogue.knowing import CHILD_SOURCES
from workflow.london import london_day
from workflow.machine import NotAllowed


def record_child_address(
    house: House,
    reference: str,
    child: int,
    of: str,
    lines: Sequence[str],
    postcode: str,
    source: str,
    actor: Actor,
    now: datetime,
    seen: int | None = None,
) -> Written:
    """Take in where a child of a case lives, stays or learns; every case of that child is judged again.

    ``child`` counts from 1 in the order of the case.  The earlier address of the same kind becomes a past one, and is
    compared with all the same.  Raises WrongInput, NotFound and what ``record`` raises.
    """
    if of not in (*HOME, Of.SCHOOL):
        raise WrongInput(f"Say whose address it is: {', '.join((*HOME, Of.SCHOOL))}.")
    if source not in CHILD_SOURCES:
        raise WrongInput(f"Say who said so: {', '.join(CHILD_SOURCES)}.")
    value = postal_address(lines, postcode)
    entry = Entry("child_address_recorded", {"of": of, "source": source})
    others: list[int] = []

    def within(deed: Deed) -> None:
        connection, today = deed.connection, london_day(now)
        numbers = people.child_numbers(connection, deed.key.case_id)
        if not 1 <= child <= len(numbers):
            raise NotFound("There is no such child in this case.")
        person = people.find(connection, house.keyring, numbers[child - 1])
        addresses.end(connection, person.person_id, of, today)
        digests, has_number = digests_of(house, value["lines"], value["postcode"])
        addresses.add(
            connection,
            house.service,
            person,
            of,
            value,
            digests,
            has_number=has_number,
            given_by=source,
            from_day=today,
        )
        others.extend(each for each in addresses.cases_of_child(connection, house.service, person.person_id))
        others.remove(deed.key.case_id)

    written = record(house, reference, [entry], actor=actor, now=now, seen=seen, within=within)
    for case_id in others:
        with house.reading() as connection:
            other = cases.by_number(connection, house.service, case_id).reference
        # The address is in already; whatever happens to these, the comparison is made again before a letter goes.
        with contextlib.suppress(NotAllowed):
            record(house, other, [entry], actor=actor, now=now, within=_nothing_more)
    return written


def _nothing_more(_: Deed) -> None:
    """The address itself was taken in with the first case."""


def record_staff_address(
    house: House, user: str, lines: Sequence[str], postcode: str, actor: Actor, now: datetime
) -> None:
    """Take in where somebody who works here lives, so that no letter goes there unseen."""
    house.permissions.demand(actor.role, "staff_address.record")
    value = postal_address(lines, postcode)
    with house.writing() as connection:
        if accounts.user(connection, house.service, user) is None:
            raise NotFound("There is no user of that name.")
        match = house.keyring.match("staff", user)
        person = addresses.staff(connection, house.service, house.keyring, match, {"user": user})
        addresses.end(connection, person.person_id, Of.STAFF, london_day(now))
        digests, has_number = digests_of(house, value["lines"], value["postcode"])
        addresses.add(
            connection,
            house.service,
            person,
            Of.STAFF,
            value,
            digests,
            has_number=has_number,
            given_by="staff",
            from_day=london_day(now),
        )
