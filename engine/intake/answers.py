"""Takes an officer's answer to a query: through the one door, in the name of the force."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.entries import Entry
from engine.house import House
from engine.intake.asking import CONSENT, DETAILS, GAPS, REFUSAL, Query, query_of
from engine.intake.following import update
from engine.intake.held import held_record, merged
from engine.intake.judge import content_digest, judge
from engine.intake.opening import feed
from engine.intake.receipts import Receipt
from engine.intake.understanding import person_of
from engine.record import continue_case, finish
from store import people, submissions
from store.submissions import Arrival
from workflow.case import Case
from workflow.events import Fields
from workflow.london import london_day
from workflow.problems import Problem

CONFIRMED, NOT_INFORMED, FILLED = "confirmed", "not_informed", "filled"
_FITS = {
    REFUSAL: (CONFIRMED, NOT_INFORMED, FILLED),
    CONSENT: (NOT_INFORMED, FILLED),
    GAPS: (FILLED,),
    DETAILS: (FILLED,),
}
_TICKS = ("who_we_are", "what_we_offer", "voluntary", "what_is_shared", "no_effect_on_case", "leaflet_given")
PARTS = (
    "station",
    "officer",
    "incident",
    "victim",
    "consent",
    "safety",
    "needs",
    "characteristics",
    "enhanced_rights",
    "victim_personal_statement",
    "support_referral",
    "notes",
)
"""The parts of a consent record that an answer may fill in; who it is about cannot change."""

_MEANS = {
    "consent": ("consent_recorded",),
    "safety": ("safety_recorded",),
    "needs": ("needs_recorded",),
    "characteristics": ("characteristics_recorded",),
    "enhanced_rights": ("enhanced_rights_recorded",),
    "support_referral": ("support_referred",),
    "incident": ("crime_reported", "decision_scheduled"),
    "victim": ("contact_details_changed",),
}


def take_answer(
    house: House, force: str, query_id: str, given: Mapping[str, Any], now: datetime
) -> Receipt | tuple[Problem, ...]:
    """What an officer answers, and the receipt with what is still missing; or the problems that stop it.

    Raises NotFound where nothing of that number is asked of the force, and NotAllowed where the case does not take it.
    """
    with house.writing() as connection:
        return answered(house, connection, force, query_id, given, now)


def answered(
    house: House, connection: Connection, force: str, query_id: str, given: Mapping[str, Any], now: datetime
) -> Receipt | tuple[Problem, ...]:
    """Take an answer as ``take_answer`` does, in a transaction that is under way; with problems nothing was written."""
    submissions.hold_force(connection, house.service, force)
    query, case = query_of(house, connection, force, query_id)
    problems = tuple(_problems(query, given))
    if problems:
        return problems
    if given["answer"] == FILLED:
        return _filled(house, connection, query, case, given["record"], now)
    deed = continue_case(house, connection, query.key, feed(force), now)
    if given["answer"] == NOT_INFORMED:
        deed.add(Entry("officer_found_uninformed"))
    else:
        ticks = given.get("informed") or {}
        fields: Fields = {"informed": "|".join(name for name in _TICKS if ticks.get(name) is True)}
        if given.get("safeguarding_checked") is not None:
            fields["safeguarding_checked"] = given["safeguarding_checked"] is True
        deed.add(Entry("refusal_confirmed", fields))
    finish(deed)
    return _receipt(house, query, query.missing)


def _problems(query: Query, given: Mapping[str, Any]) -> list[Problem]:
    found: list[Problem] = []
    fitting = _FITS[query.kind]
    if given.get("answer") not in fitting:
        found.append(Problem("answer", "not-an-allowed-value", f"Answer one of: {', '.join(fitting)}."))
    elif given["answer"] == CONFIRMED and not any((given.get("informed") or {}).values()):
        found.append(Problem("informed", "required", "Say what the victim was told before they decided."))
    elif given["answer"] == FILLED:
        record = given.get("record")
        if not isinstance(record, Mapping) or not record:
            return [Problem("record", "required", "Give the fields that you fill in, in the shape of the record.")]
        found += [
            Problem(f"record.{name}" if name.isidentifier() else "record", "not-here", "Leave this out of an answer.")
            for name in record
            if name not in PARTS
        ]
        incident = record.get("incident")
        if isinstance(incident, Mapping) and "crime_reference" in incident:
            found.append(Problem("record.incident.crime_reference", "not-here", "Leave this out of an answer."))
    return found


def _filled(
    house: House, connection: Connection, query: Query, case: Case, part: Mapping[str, Any], now: datetime
) -> Receipt | tuple[Problem, ...]:
    victim = people.find(connection, house.keyring, query.key.person_id)
    held = held_record(connection, query.key, query.submission_id, case, victim, now)
    model = submissions.force_model(connection, house.service, query.key.force)
    judgement = judge(
        merged(held, part),
        force=query.key.force,
        model="opt_out" if model == "opt_out" else "opt_in",
        now=now,
        today=london_day(now),
        consent_lasts=house.settings.days.consent_lasts,
    )
    own = tuple(
        Problem(f"record.{each.path}", each.rule, each.remedy)
        for each in (*judgement.errors, *judgement.gaps)
        if each in judgement.errors or (each.rule != "missing" and _lies_in(each.path, part))
    )
    if judgement.record is None or any(each.path in {f"record.{e.path}" for e in judgement.errors} for each in own):
        return own or (Problem("record", "not-understood", "Check the record against the description."),)
    kinds = frozenset(kind for name in part for kind in _MEANS.get(name, ()))
    update(
        house,
        connection,
        query.key,
        judgement.record,
        judgement,
        person_of(judgement.record),
        now,
        kinds=kinds,
        points=_gives_points(part),
    )
    missing = tuple(
        each
        for each in judgement.gaps
        if each.path in {known.path for known in query.missing} or _lies_in(each.path, part)
    )
    receipt = _receipt(house, query, missing)
    # The same may be answered twice in one moment: what tells the answers apart is the receipt of each.
    digest = hashlib.sha256(f"{content_digest(part)}/{receipt.receipt_id}".encode()).hexdigest()
    arrival = Arrival(query.submission_id, digest, query.key.case_id, receipt.document())
    submissions.add(connection, house.service, query.key.force, [arrival], now)
    return receipt


def _lies_in(path: str, part: Mapping[str, Any]) -> bool:
    """Whether a place is one that an answer gave something for."""
    node: Any = part
    for step in path.split("."):
        if isinstance(node, Mapping) and step in node:
            node = node[step]
        else:
            # What lies below a list that was sent was sent with it.
            return isinstance(node, list)
    return True


def _gives_points(part: Mapping[str, Any]) -> frozenset[str]:
    victim = part.get("victim")
    given = victim if isinstance(victim, Mapping) else {}
    channels = {"address": "post", "phones": "phone", "email": "email"}
    return frozenset(channel for name, channel in channels.items() if name in given)


def _receipt(house: House, query: Query, missing: tuple[Problem, ...]) -> Receipt:
    status = "accepted_with_gaps" if missing else "accepted"
    return Receipt(f"R-{house.codes(16)}", query.submission_id, status, query.key.reference, missing)
