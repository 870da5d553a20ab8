"""Reads what the desk shows: the queue in order, and one case with its journey, duties, letters and history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.correspondence import name_of
from engine.entries import Actor
from engine.errors import NotFound
from engine.house import House
from store import accounts, cases, people, post, projections
from store.cases import CaseKey
from workflow.actions import QueueLine, overdue_working_days, queue, tier_on
from workflow.case import Case
from workflow.catalogue import CATALOGUE
from workflow.clocks import working
from workflow.duties import Duty, duties
from workflow.events import EventKind
from workflow.london import london_day
from workflow.tables import possible

Json = dict[str, Any]


def queue_lines(house: House, owner: str | None, now: datetime, limit: int | None = None) -> list[Json]:
    """The queue of one owner (None: of everybody) in the order of the day, as ``queue --json`` gives it."""
    today = london_day(now)
    with house.reading() as connection:
        lines = projections.queue_lines(connection, house.service, owner)
    ordered = queue(lines, house.calendar, today)
    return [_queue_line(house, line, today) for line in ordered[:limit]]


def _queue_line(house: House, line: QueueLine, today: date) -> Json:
    return {
        "case": line.case,
        "action": line.action.name,
        "reason": line.action.reason,
        "tier": tier_on(line.action, today),
        "due_on": line.action.due_on.isoformat(),
        "overdue_working_days": overdue_working_days(line.action, house.calendar, today),
        "owner": line.owner,
        "enhanced": line.enhanced,
        "child_victim": line.child_victim,
        "waiting_on": line.action.waiting_on,
        "days_case": (today - line.opened_on).days,
        "days_owner": (today - line.owned_since).days,
        "rule": line.action.rule,
    }


@dataclass(frozen=True)
class CaseFile:
    """One case as it is opened: the history and what is derived from it, and the person behind it."""

    key: CaseKey
    case: Case
    duties: tuple[Duty, ...]
    action: Json | None
    letters: tuple[post.KeptLetter, ...]
    victim: Mapping[str, Any]
    children: tuple[Mapping[str, Any], ...]
    contact_points: tuple[tuple[str, Any], ...]
    characteristics: Mapping[str, tuple[str, Any]]
    notes: Mapping[str, str]
    possible: tuple[EventKind, ...]

    @property
    def victim_name(self) -> str:
        """The name of the victim as it is written."""
        return name_of(self.victim)


def open_file(house: House, reference: str, actor: Actor, now: datetime) -> CaseFile:
    """Everything about one case; that it was opened is logged first.  Raises NotFound or NotPermitted."""
    house.permissions.demand(actor.role, "case.read")
    with house.writing() as connection:
        found = cases.find(connection, house.service, reference)
        if found is None:
            raise NotFound("There is no such case.")
        accounts.log_read(connection, house.service, found.case_id, actor.user, "case.read", now)
    with house.reading() as connection:
        return _file(house, connection, found, actor, now)


def _file(house: House, connection: Connection, found: CaseKey, actor: Actor, now: datetime) -> CaseFile:
    case = cases.history(connection, house.service, found)
    victim = people.find(connection, house.keyring, found.person_id)
    today = london_day(now)
    now_possible = possible(case)
    line = next((line for line in projections.queue_lines(connection, house.service, None, found.case_id)), None)
    return CaseFile(
        key=found,
        case=case,
        duties=duties(case, house.rulebook, house.calendar, today),
        action=_queue_line(house, line, today) if line else None,
        letters=tuple(post.of_case(connection, house.service, found.case_id)),
        victim=victim.document,
        children=tuple(child.document for child in people.children(connection, house.keyring, found.case_id)),
        contact_points=tuple(people.contact_points(connection, victim, today)),
        characteristics=people.characteristics(connection, victim),
        notes=people.notes(connection, victim, found.case_id),
        possible=tuple(
            kind
            for kind in CATALOGUE.values()
            if kind.opens_form and kind.name in now_possible and house.permissions.may_record(actor.role, kind.name)
        ),
    )


def duty_document(house: House, duty: Duty) -> Json:
    """A duty with its working, as ``case --json`` gives it."""
    calendar = house.calendar.as_known_on(duty.settled_on)
    return {
        "rule": duty.rule.id,
        "duty": duty.rule.duty,
        "source": str(duty.rule.source),
        "right": duty.rule.right,
        "paragraph": duty.rule.paragraph,
        "edition": duty.edition,
        "status": duty.rule.status,
        "owner": str(duty.rule.owner),
        "occurrence": duty.occurrence,
        "began_on": _day(duty.began_on),
        "told_on": _day(duty.told_on),
        "standard_due": _day(duty.standard_due),
        "service_due_on": _day(duty.service_due),
        "enhanced_due_on": _day(duty.enhanced_due),
        "due_on": _day(duty.due_on),
        "code_due_on": _day(duty.code_due_on),
        "met_on": _day(duty.met_on),
        "verdict": str(duty.verdict),
        "code_verdict": str(duty.code_verdict),
        "provisional": duty.provisional,
        "good_reason": duty.reason,
        "events": list(duty.events),
        "working": [
            {"day": each.day.isoformat(), "counted": each.counted, "why": each.why}
            for each in working(duty.rule, calendar, duty.counted_from, duty.limit, duty.pauses)
        ],
    }


def case_document(house: House, file: CaseFile) -> Json:
    """A case as ``case --json`` gives it: codes and references, no name and no address."""
    case = file.case
    return {
        "case": case.reference,
        "version": case.version,
        "state": str(case.state),
        "stage": str(case.stage),
        "tracks": {str(track): state for track, state in case.states.items()},
        "is_open": case.is_open,
        "victim_kind": case.victim_kind,
        "child_victim": case.is_child,
        "enhanced": case.enhanced_from is not None,
        "assignee": case.assignee or None,
        "next_action": file.action,
        "duties": [duty_document(house, duty) for duty in file.duties],
        "letters": [letter_document(letter) for letter in file.letters],
        "possible": [kind.name for kind in file.possible],
        "history": [
            {
                "seq": event.seq,
                "kind": event.kind,
                "at": event.at.isoformat(),
                "recorded_at": event.recorded_at.isoformat(),
                "by": event.by,
                "fields": dict(event.fields),
                "corrects": event.corrects,
                "state": event.reached.get("journey"),
            }
            for event in case.history
        ],
    }


def letter_document(letter: post.KeptLetter) -> Json:
    """A letter as lists show it: no name and no text."""
    return {
        "letter": letter.letter_id,
        "case": letter.reference,
        "kind": letter.kind,
        "occurrence": letter.occurrence,
        "state": letter.state,
        "channel": letter.channel,
        "language": letter.language,
        "format": letter.format,
        "template_version": letter.template_version,
        "decision": letter.decision,
        "drafted_at": letter.drafted_at.isoformat(),
        "approved_at": letter.approved_at.isoformat() if letter.approved_at else None,
        "approved_by": letter.approved_by,
        "released_at": letter.released_at.isoformat() if letter.released_at else None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
