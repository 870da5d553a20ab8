"""Reminds a force of what it was asked, rung by rung: by e-mail with references only, or as a task for a person."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from engine.delivery.mail import Mail, Outcome, send
from engine.entries import Actor
from engine.errors import NotFound
from engine.house import House
from engine.intake.asking import queries_on
from engine.mail_words import mail_words
from store import accounts, cases, chases, clockwork, people, submissions
from store.cases import CaseKey
from store.chases import KeptChase
from store.database import DatabaseBusy
from workflow.case import Case
from workflow.chase import OfficerKnown, rung_now, whom
from workflow.london import LONDON, london_day
from workflow.vocabulary import Role, State

_CLAIMED_FOR = timedelta(minutes=10)
_WAIT, _TRIES = timedelta(hours=1), 5
"""After how many tries a word that no server takes becomes a task for a person, and how long between them."""
_PAGE = 200
RECORD = "record"


def chase(house: House, now: datetime, clock: str) -> int:
    """One round: once on a working day find what is due for each force, then send what is ready; gives how many went.

    Without a mail server, or without an address for whoever is to be written to, a rung becomes a task for a person.
    """
    today = london_day(now)
    if not house.calendar.is_open(today) or now.astimezone(LONDON).time() < house.officers.chase_at:
        return 0
    with house.reading() as connection:
        forces = submissions.forces(connection, house.service)
    for force in forces:
        with house.writing() as connection:
            is_ours = chases.claim_day(connection, house.service, force, today, clock)
        if is_ours:
            _find_due(house, force, now)
    return _send_ready(house, now, clock)


def _find_due(house: House, force: str, now: datetime) -> None:
    after = 0
    while True:
        with house.reading() as connection:
            keys = submissions.open_cases_of(connection, house.service, force, after, _PAGE)
            due, broken = _all_due(house, connection, keys, london_day(now))
        for case_id, fault in broken:
            with house.writing() as connection:
                clockwork.note_stuck(connection, house.service, case_id, "sweep", fault, now)
        for found in due:
            with house.writing() as connection:
                to = _addresses(house, connection, found) if house.settings.mail else []
                chases.add(
                    connection,
                    house.service,
                    found.case_id,
                    found.query,
                    found.asked_on,
                    found.rung,
                    whom=found.whom,
                    due_on=found.due_on,
                    state="waiting" if to else "by_hand",
                    ready_at=now,
                )
        if len(keys) < _PAGE:
            return
        after = keys[-1].case_id


def _all_due(
    house: House, connection: Connection, keys: Sequence[CaseKey], today: date
) -> tuple[list[KeptChase], list[tuple[int, str]]]:
    """The rungs that are due on these cases, and the cases that cannot be read, each with the kind of its fault."""
    due: list[KeptChase] = []
    broken: list[tuple[int, str]] = []
    for key in keys:
        try:
            due += _due_on(house, connection, key, today)
        except DatabaseBusy:
            raise
        except Exception as fault:  # noqa: BLE001  (one case that fails must not stop the others)
            broken.append((key.case_id, type(fault).__name__))
    return due, broken


def _due_on(house: House, connection: Connection, key: CaseKey, today: date) -> Iterator[KeptChase]:
    """The rungs that are due today on one case, each with whom it is for; on a rest day without a deputy it waits."""
    asked = list(_asked(house, connection, key))
    if not asked:
        return
    officer = _officer_known(_officer(house, connection, key))
    for query, since in asked:
        rule = house.officers.chase(query)
        said = chases.said(connection, house.service, key.case_id, query, since)
        found = rung_now(rule, since, said, house.calendar, today)
        to = whom(found[0], officer, today) if found else None
        if found and to:
            yield KeptChase(
                key.case_id, key.reference, str(key.force), key.crime_reference, query, since, found[0], to, found[1]
            )


def _asked(house: House, connection: Connection, key: CaseKey) -> Iterator[tuple[str, date]]:
    """What is asked of the force about a case, each with the day since which it is."""
    case = cases.history(connection, house.service, key)
    if case.is_open and case.state is State.AWAITING_CONSENT_RECORD:
        yield RECORD, _asked_for_record(case)
    for query in queries_on(house, connection, key):
        yield query.kind, date.fromisoformat(query.asked_on)


def _asked_for_record(case: Case) -> date:
    asked = case.of("consent_record_requested")
    return asked[0].recorded_day if asked else case.history[0].recorded_day


def _officer(house: House, connection: Connection, key: CaseKey) -> Mapping[str, Any]:
    document = people.find(connection, house.keyring, key.person_id).document
    return document.get("officer") or {}


def _officer_known(officer: Mapping[str, Any]) -> OfficerKnown:
    days = frozenset(date.fromisoformat(day) for day in officer.get("rest_days") or ())
    return OfficerKnown(bool(officer.get("email")), bool(officer.get("deputy_email")), days)


def _addresses(house: House, connection: Connection, found: KeptChase) -> list[str]:
    """Where a rung is sent; none where a person has to do it."""
    if found.whom == "liaison":
        return [house.officers.liaison[found.force]] if found.force in house.officers.liaison else []
    if found.whom == "manager":
        users = accounts.users(connection, house.service)
        managers = [user.name for user in users if user.role == Role.MANAGER and user.disabled_at is None]
        return [to for name in managers if (to := accounts.email(connection, house.service, name))]
    officer = _officer(house, connection, cases.by_number(connection, house.service, found.case_id))
    address = officer.get({"officer": "email", "deputy": "deputy_email"}.get(found.whom, ""))
    return [str(address)] if address else []


def _send_ready(house: House, now: datetime, clock: str) -> int:
    server = house.settings.mail
    if server is None:
        return 0
    with house.reading() as connection:
        ready = chases.ready(connection, house.service, now)
    sent = 0
    for each in ready:
        with house.writing() as connection:
            if not chases.claim(connection, house.service, each, clock, now, now + _CLAIMED_FOR):
                continue
        with house.reading() as connection:
            key = cases.by_number(connection, house.service, each.case_id)
            is_asked = each.query in {query for query, _ in _asked(house, connection, key)}
            to = _addresses(house, connection, each)
        if not is_asked:
            _settle(house, each, "done", now, clock)
            continue
        outcomes = [send(server, _mail(house, each, address, now)) for address in to]
        if outcomes and all(outcome is Outcome.TAKEN for outcome in outcomes):
            _settle(house, each, "sent", now, clock)
            sent += 1
        elif not outcomes or Outcome.REFUSED in outcomes or each.tries + 1 >= _TRIES:
            _settle(house, each, "by_hand", now, clock)
        else:
            _settle(house, each, "waiting", now, clock, now + _WAIT)
            if Outcome.AWAY in outcomes:
                break
    return sent


def _settle(
    house: House, found: KeptChase, state: str, now: datetime, clock: str, ready_at: datetime | None = None
) -> None:
    with house.writing() as connection:
        chases.settle(connection, house.service, found, state, now, by=clock, ready_at=ready_at)


def _mail(house: House, found: KeptChase, to: str, now: datetime) -> Mail:
    key = f"{house.service}/{found.case_id}/{found.query}/{found.asked_on}/{found.rung}/{to}"
    number = hashlib.sha256(key.encode()).hexdigest()[:32]
    subject = f"{house.settings.service_name}: {found.reference} waits for an answer"
    return Mail(to, subject, chase_text(house, found), number, now)


def chase_text(house: House, found: KeptChase) -> str:
    """The words of a rung: references, what is asked and since when, and nobody's name."""
    return mail_words(
        house,
        "chase.txt",
        says=house.officers.chase(found.query).says,
        case=found.reference,
        crime=found.crime_reference or "",
        query="" if found.query == RECORD else f"{found.reference}.{found.query}",
        since=f"{found.asked_on.day} {found.asked_on:%B %Y}",
        rung=found.rung,
        whom=found.whom,
        address=house.settings.digest.address,
    )


def to_do(house: House) -> list[tuple[KeptChase, str]]:
    """The rungs that a person has to say, each with what is asked; past the cases that whoever looks may not see."""
    with house.reading() as connection:
        found = chases.by_hand(connection, house.service)
    return [(each, house.officers.chase(each.query).says) for each in found]


def done_by_hand(house: House, reference: str, query: str, rung: str, actor: Actor, now: datetime) -> None:
    """Say that a rung was said by a person.  Raises NotFound, and NotPermitted."""
    house.permissions.demand(actor.role, "chase.do")
    found = next(
        (each for each, _ in to_do(house) if (each.reference, each.query, each.rung) == (reference, query, rung)), None
    )
    if found is None:
        raise NotFound("There is nothing of that kind to be chased.")
    with house.writing() as connection:
        chases.settle(connection, house.service, replace(found), "done", now, by=actor.user, was="by_hand")
