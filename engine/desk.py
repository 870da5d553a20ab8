"""Reads what the desk shows: the queue in order, and one case with its journey, duties, letters and history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.comparing import known_addresses
from engine.correspondence import name_of
from engine.entries import Actor
from engine.house import House
from engine.intake.children import child_match, reference_of
from engine.paring import receipts
from engine.restorative import strand_documents
from engine.sight import log_opening, way_in
from engine.worklist import queue_line, queue_page
from store import cases, people, post, projections
from store.cases import CaseKey
from workflow.actions import Action, actions, overdue_working_days, tier_on
from workflow.case import Case
from workflow.catalogue import CATALOGUE
from workflow.clocks import working
from workflow.duties import Duty, duties
from workflow.events import EventKind
from workflow.london import london_day
from workflow.sealing import sealed
from workflow.strands import is_strand
from workflow.views import Only

Json = dict[str, Any]


def queue_lines(house: House, owner: str | None, now: datetime, limit: int | None = None) -> list[Json]:
    """All that one owner (None: everybody) has to do or waits for, in the order of the day."""
    return queue_page(house, None, now, only=Only(owner=owner or ""), limit=limit).lines


@dataclass(frozen=True)
class CaseFile:
    """One case as it is opened: the history and what is derived from it, and the person behind it.

    Of a contact point that is sealed the value is None: whoever opens a case gets it by ``engine.revealing`` alone.
    """

    key: CaseKey
    case: Case
    duties: tuple[Duty, ...]
    action: Json | None
    actions: tuple[Json, ...]
    letters: tuple[post.KeptLetter, ...]
    victim: Mapping[str, Any]
    children: tuple[Mapping[str, Any], ...]
    child_references: tuple[str, ...]
    strands: tuple[Json, ...]
    contact_points: tuple[tuple[str, Any], ...]
    characteristics: Mapping[str, tuple[str, Any]]
    notes: Mapping[str, str]
    possible: tuple[EventKind, ...]

    @property
    def children_linked(self) -> tuple[Mapping[str, Any], ...]:
        """The children responsible, without those who were linked by mistake."""
        gone = {event.text("child") for event in self.case.of("child_unlinked")} - set(self.case.children)
        return tuple(
            child
            for child, reference in zip(self.children, self.child_references, strict=True)
            if reference not in gone
        )

    @property
    def child_names(self) -> dict[str, str]:
        """The names of the children by the reference under which each stands in the history."""
        return {
            reference: name_of(child) for child, reference in zip(self.children, self.child_references, strict=True)
        }

    @property
    def victim_name(self) -> str:
        """The name of the victim as it is written."""
        return name_of(self.victim)


def open_file(house: House, reference: str, actor: Actor, now: datetime) -> CaseFile:
    """Everything about one case; that it was opened is logged first, and where that fails nothing is read.

    Raises NotFound, NotPermitted, or HeldByColleague where a reason has to be given first.
    """
    house.permissions.demand(actor.role, "case.read")
    with house.writing() as connection:
        found, way = way_in(house, connection, cases.find(connection, house.service, reference), actor, now)
        log_opening(house, connection, found, actor, way, now)
    with house.reading() as connection:
        return _file(house, connection, found, actor, now)


def _file(house: House, connection: Connection, found: CaseKey, actor: Actor, now: datetime) -> CaseFile:
    case = cases.history(connection, house.service, found)
    victim = people.find(connection, house.keyring, found.person_id)
    today = london_day(now)
    children = [child.document for child in people.children(connection, house.keyring, found.case_id)]
    now_possible = house.tables.possible(case)
    owed = duties(case, house.rulebook, house.calendar, today)
    hidden = sealed(case)
    line = next((line for line in projections.queue_lines(connection, house.service, None, found.case_id)), None)
    return CaseFile(
        key=found,
        case=case,
        duties=owed,
        action=queue_line(house, line, today) if line else None,
        actions=tuple(_action_document(house, each, today) for each in actions(case, owed)),
        letters=tuple(post.of_case(connection, house.service, found.case_id)),
        victim=victim.document,
        children=tuple(children),
        child_references=tuple(reference_of(child_match(house, child), child) for child in children),
        strands=tuple(strand_documents(house, case, today)),
        contact_points=tuple(
            (channel, None if channel in hidden else value)
            for channel, value in people.contact_points(connection, victim, today)
        ),
        characteristics=people.characteristics(connection, victim),
        notes=people.notes(connection, victim, found.case_id),
        possible=tuple(
            kind
            for kind in CATALOGUE.values()
            if kind.opens_form and kind.name in now_possible and house.permissions.may_record(actor.role, kind.name)
        ),
    )


def _action_document(house: House, action: Action, today: date) -> Json:
    """One thing to do on a case, in the words of ``queue --json``."""
    return {
        "action": action.name,
        "reason": action.reason,
        "tier": tier_on(action, today),
        "due_on": action.due_on.isoformat(),
        "overdue_working_days": overdue_working_days(action, house.calendar, today),
        "waiting_on": action.waiting_on,
        "rule": action.rule,
    }


def known_child_addresses(house: House, file: CaseFile) -> list[tuple[int, str, str, date]]:
    """What is known of where the children of a case live or learn, and never where that is."""
    with house.reading() as connection:
        return known_addresses(house, connection, file.key.case_id)


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
        "tracks": {str(track): state for track, state in case.states.items() if not is_strand(track)},
        "strands": list(file.strands),
        "is_open": case.is_open,
        "victim_kind": case.victim_kind,
        "child_victim": case.is_child,
        "enhanced": case.enhanced_from is not None,
        "assignee": case.assignee or None,
        "next_action": file.action,
        "actions": list(file.actions),
        "duties": [duty_document(house, duty) for duty in file.duties],
        "letters": [letter_document(letter) for letter in file.letters],
        "pared_back": receipts(case),
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
