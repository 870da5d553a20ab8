"""Says what refuses a consent record: only what would make contact impossible or unlawful."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from engine.intake.facts import Facts
from engine.intake.problems import Problem
from engine.intake.record import Consent, ConsentRecord
from workflow.london import london_day
from workflow.vocabulary import Decision

# Clocks of other systems run a little ahead of ours.
_CLOCK_DIFFERENCE = timedelta(minutes=5)


def _required(path: str, remedy: str) -> Problem:
    return Problem(path, "required", remedy)


def refusals(record: ConsentRecord, facts: Facts, force: str, model: str, now: datetime, today: date) -> list[Problem]:
    """The problems that refuse a record, in the order of its fields; a withdrawal has hardly any.

    ``force`` is the one that sent it, ``model`` its consent model, ``now`` aware and ``today`` the London day.
    """
    if record.reason == "withdrawal":
        return [*_sender(record, force), *_withdrawal(record)]
    return [
        *_sender(record, force),
        *_submission(record, now),
        *_victim(record, facts),
        *_consent(record.consent, model),
        *_days(record, today),
    ]


def _sender(record: ConsentRecord, force: str) -> Iterator[Problem]:
    if record.force != force:
        yield Problem("force", "force-mismatch", "Send only the records of your own force.")


def _withdrawal(record: ConsentRecord) -> Iterator[Problem]:
    victim = record.victim
    organisation = victim.organisation.name if victim.organisation else None
    if not (record.incident.crime_reference or victim.reference or victim.family_name or organisation):
        yield _required("incident.crime_reference", "Give the crime reference, or the victim's name or reference.")
    withdrawal = record.consent.withdrawal
    if withdrawal is None or withdrawal.part is None:
        yield _required("consent.withdrawal.part", "Say what is withdrawn: all of it, or one purpose by its name.")
    if withdrawal is None or withdrawal.on is None:
        yield _required("consent.withdrawal.on", "Give the day of the withdrawal.")


def _submission(record: ConsentRecord, now: datetime) -> Iterator[Problem]:
    if record.submitted_at is None:
        yield _required("submitted_at", "Give the moment of submission, with its offset.")
    elif record.submitted_at > now + _CLOCK_DIFFERENCE:
        yield Problem("submitted_at", "in-the-future", "Check the moment of submission: it has not come yet.")
    officer = record.officer
    if officer.name is None:
        yield _required("officer.name", "Name the officer in charge.")
    if officer.email is None and officer.phone is None:
        yield Problem("officer", "officer-contact-required", "Give an email address or a phone number of the officer.")
    if record.incident.crime_reference is None:
        yield _required("incident.crime_reference", "Give the crime reference.")


def _victim(record: ConsentRecord, facts: Facts) -> Iterator[Problem]:
    victim = record.victim
    if victim.kind is None:
        yield _required("victim.kind", "Say whether the victim is an individual, a child, an organisation or another.")
    if facts.is_organisation:
        organisation = victim.organisation
        if organisation is None or organisation.name is None:
            yield _required("victim.organisation.name", "Name the organisation.")
        if organisation is None or organisation.contact_name is None:
            yield Problem(
                "victim.organisation.contact_name",
                "organisation-contact-required",
                "Name the person to contact: without one an organisation has no rights under the Victims' Code.",
            )
    elif victim.given_name is None and victim.family_name is None:
        yield _required("victim.family_name", "Name the victim.")
    if facts.needs_guardian and (victim.guardian is None or victim.guardian.name is None):
        place = "victim.guardian" if victim.guardian is None else "victim.guardian.name"
        yield Problem(place, "guardian-required", "Name a parent or guardian: the victim is under 16.")
    if facts.agrees and not facts.has_way:
        yield Problem("victim", "no-way-to-reach", "Give an address, a phone number or an email address.")


def _consent(consent: Consent, model: str) -> Iterator[Problem]:
    decision = consent.decision
    if consent.model is None:
        yield _required("consent.model", "Say whether your force asks victims to opt in or to opt out.")
    elif consent.model != model:
        yield Problem("consent.model", "model-mismatch", "Use the consent model agreed between force and service.")
    if decision is None:
        yield _required("consent.decision", "Say what the victim decided; not_asked is an answer, a blank is not.")
    elif decision is Decision.NOT_OBJECTED:
        if model != "opt_out":
            remedy = "Ask the victim: in your force not objecting is not consent."
            yield Problem("consent.decision", "not-objected-needs-opt-out", remedy)
        if consent.told_on is None:
            yield _required("consent.told_on", "Give the day on which the victim was told and did not object.")
    elif decision is Decision.YES:
        yield from _yes(consent)
    if decision in (Decision.YES, Decision.NOT_OBJECTED):
        if consent.scope.contact is False:
            remedy = "Ask the victim again: they cannot agree to contact and refuse it."
            yield Problem("consent.scope.contact", "scope-excludes-contact", remedy)
        elif consent.scope.contact is None and "contact" in consent.scope.model_fields_set:
            yield _required("consent.scope.contact", "Send true or false, or leave the field out: null is no answer.")
        if consent.withdrawal is not None:
            remedy = "Send the withdrawal with the reason withdrawal, or leave it out if consent was given anew."
            yield Problem("consent.withdrawal", "withdrawal-contradicts-decision", remedy)


def _yes(consent: Consent) -> Iterator[Problem]:
    if consent.given_by is None:
        yield _required("consent.given_by", "Say who gave the consent.")
    if consent.given_on is None:
        yield _required("consent.given_on", "Give the day of the consent.")
    if consent.method is None:
        yield _required("consent.method", "Say how the consent was given.")


def _days(record: ConsentRecord, today: date) -> Iterator[Problem]:
    latest = min(today, london_day(record.submitted_at)) if record.submitted_at else today
    for path, day in (("consent.given_on", record.consent.given_on), ("consent.told_on", record.consent.told_on)):
        if day is not None and day > latest:
            yield Problem(path, "in-the-future", "Check the day: it lies after the submission of this record.")
