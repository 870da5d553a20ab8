"""Settles what days and answers contradict each other in a record that can be taken, always to the safer side."""

from datetime import date, datetime
from typing import Any, TypeVar

from engine.intake.facts import Facts, age_on, is_possible_birth
from engine.intake.parts import Incident, Part
from engine.intake.problems import Problem
from engine.intake.record import ConsentRecord
from workflow.london import london_day

_FUTURE = ("in-the-future", "Check the day: it has not come yet. It was left out.")
_AFTER_SUBMISSION = ("after-submission", "Check the day: it lies after the submission of this record.")
_CONTRADICTION = ("days-contradict", "Check both days: the incident cannot have been reported before it happened.")
_WRONG_AGE = ("child-age", "Check the date of birth: a child is held responsible from 10 to 17 years of age.")
_YOUNGEST_RESPONSIBLE, _OLDEST_RESPONSIBLE = 10, 17

_P = TypeVar("_P", bound=Part)


def settled_days(record: ConsentRecord, now: datetime, today: date) -> tuple[ConsentRecord, list[Problem]]:
    """The record without days that cannot be true, and the problems of all days that look wrong."""
    gaps: list[Problem] = []
    incident = _settled_incident(record, today, gaps)
    victim = record.victim
    if victim.date_of_birth is not None:
        day = incident.occurred_on or incident.reported_on
        if not is_possible_birth(victim.date_of_birth, day, today):
            remedy = "Check the date of birth: nobody harmed in this incident can have it. It was left out."
            gaps.append(Problem("victim.date_of_birth", "impossible-date-of-birth", remedy))
            victim = _changed(victim, date_of_birth=None)
    changes: dict[str, Any] = {}
    if incident is not record.incident:
        changes["incident"] = incident
    if victim is not record.victim:
        changes["victim"] = victim
    asked_on = record.characteristics.asked_on
    if asked_on is not None and asked_on > today:
        gaps.append(Problem("characteristics.asked_on", *_FUTURE))
        changes["characteristics"] = _changed(record.characteristics, asked_on=None)
    taken_on = record.victim_personal_statement.taken_on
    if taken_on is not None and taken_on > today:
        gaps.append(Problem("victim_personal_statement.taken_on", *_FUTURE))
        changes["victim_personal_statement"] = _changed(record.victim_personal_statement, taken_on=None)
    referral = record.support_referral
    if referral is not None and referral.on is not None and referral.on > today:
        gaps.append(Problem("support_referral.on", *_FUTURE))
        changes["support_referral"] = _changed(referral, on=None)
    if record.reason == "withdrawal":
        changes |= _settled_withdrawal(record, now, today, gaps)
    return (_changed(record, **changes) if changes else record), gaps


def settled_answers(record: ConsentRecord, facts: Facts) -> tuple[ConsentRecord, list[Problem]]:
    """The record with enhanced rights for every child, and without a yes to contact beside a no."""
    gaps: list[Problem] = []
    changes: dict[str, Any] = {}
    category = record.enhanced_rights.category
    if facts.is_child and category in (None, "none"):
        # Every victim under 18 is vulnerable under the Victims' Code, whatever the form says.
        changes["enhanced_rights"] = _changed(record.enhanced_rights, category="vulnerable_intimidated")
        if category == "none" and facts.age is not None:
            remedy = "Check the category: every victim under 18 has enhanced rights. We recorded them."
            gaps.append(Problem("enhanced_rights.category", "child-has-enhanced-rights", remedy))
    scope = record.consent.scope
    if scope.contact and not facts.agrees and record.consent.decision is not None:
        remedy = "Check the scope: the decision is not a yes, so this yes to contact was not kept."
        gaps.append(Problem("consent.scope.contact", "scope-contradicts-decision", remedy))
        changes["consent"] = _changed(record.consent, scope=_changed(scope, contact=None))
    return (_changed(record, **changes) if changes else record), gaps


def _changed(part: _P, **changes: object) -> _P:
    return part.model_copy(update=changes)


def _settled_incident(record: ConsentRecord, today: date, gaps: list[Problem]) -> Incident:
    incident = record.incident
    submitted = london_day(record.submitted_at) if record.submitted_at else today
    changes: dict[str, Any] = {}
    for name, day in (("reported_on", incident.reported_on), ("occurred_on", incident.occurred_on)):
        if day is not None and day > today:
            changes[name] = None
            gaps.append(Problem(f"incident.{name}", *_FUTURE))
        elif day is not None and day > submitted:
            gaps.append(Problem(f"incident.{name}", *_AFTER_SUBMISSION))
    if changes:
        incident = _changed(incident, **changes)
    if incident.occurred_on and incident.reported_on and incident.occurred_on > incident.reported_on:
        gaps.append(Problem("incident.occurred_on", *_CONTRADICTION))
    day = incident.occurred_on or incident.reported_on or today
    for number, child in enumerate(incident.children, 1):
        if child.date_of_birth is None:
            continue
        if not _YOUNGEST_RESPONSIBLE <= age_on(child.date_of_birth, day) <= _OLDEST_RESPONSIBLE:
            gaps.append(Problem(f"incident.children.{number}.date_of_birth", *_WRONG_AGE))
    for number, condition in enumerate(incident.contact_conditions or (), 1):
        if condition.from_ and condition.to and condition.from_ > condition.to:
            remedy = "Check both days: the condition ends before it begins."
            gaps.append(Problem(f"incident.contact_conditions.{number}.to", "days-contradict", remedy))
    return incident


def _settled_withdrawal(record: ConsentRecord, now: datetime, today: date, gaps: list[Problem]) -> dict[str, Any]:
    """What changes in a withdrawal, which is never refused for a day: one that has not come yet counts from today."""
    changes: dict[str, Any] = {}
    if record.submitted_at is not None and record.submitted_at > now:
        gaps.append(Problem("submitted_at", *_FUTURE))
        changes["submitted_at"] = None
    consent = record.consent
    for name in ("given_on", "told_on"):
        day = getattr(consent, name)
        if day is not None and day > today:
            gaps.append(Problem(f"consent.{name}", *_FUTURE))
            consent = _changed(consent, **{name: None})
    withdrawal = consent.withdrawal
    if withdrawal is not None and withdrawal.on is not None and withdrawal.on > today:
        remedy = "Check the day: it has not come yet. We took the consent as withdrawn today."
        gaps.append(Problem("consent.withdrawal.on", "in-the-future", remedy))
        consent = _changed(consent, withdrawal=_changed(withdrawal, on=today))
    if consent is not record.consent:
        changes["consent"] = consent
    return changes
