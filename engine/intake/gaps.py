"""Says what is missing in a consent record that can be taken, so that police can fill it in; it delays nothing."""

from collections.abc import Iterator
from datetime import date

from engine.intake.facts import Facts
from engine.intake.parts import Incident, Officer, Victim
from engine.intake.problems import Problem
from engine.intake.record import Consent, ConsentRecord, Informed, Needs, SafeTo, Safety, Scope
from workflow.vocabulary import Channel, Decision, Purpose

_INFORMED = tuple(Informed.model_fields)
_PURPOSES, _CHANNELS = tuple(Purpose), tuple(Channel)
_ASKED = frozenset({Decision.NO, Decision.UNDECIDED, Decision.LACKS_CAPACITY})


def gaps(record: ConsentRecord, facts: Facts, today: date, consent_lasts: int) -> Iterator[Problem]:
    """What is missing, in the order of the fields; the nine characteristics are looked at elsewhere.

    ``consent_lasts`` is the number of days after which an answer is to be asked again, a choice of the service.  A
    withdrawal has no gaps: nothing more is asked of somebody who wants nothing more.
    """
    if record.reason == "withdrawal":
        return
    if record.station is None:
        yield _missing("station", "Name the police station.")
    yield from _officer(record.officer)
    yield from _incident(record.incident)
    yield from _victim(record.victim, facts)
    yield from _consent(record.consent, facts, today, consent_lasts)
    yield from _safety(record.safety)
    yield from _needs(record.needs)
    if record.enhanced_rights.category is None:
        yield _missing("enhanced_rights.category", "Say whether the victim has enhanced rights; none is an answer.")
    if not facts.is_organisation:
        if record.victim_personal_statement.offered is None:
            yield _missing("victim_personal_statement.offered", "Say whether a Victim Personal Statement was offered.")
        # No referral at all is an answer; half of one is not.
        referral = record.support_referral
        if referral is not None and referral.agency is None:
            yield _missing("support_referral.agency", "Name the support service the victim was referred to.")
        if referral is not None and referral.on is None:
            yield _missing("support_referral.on", "Give the day of the referral to support.")


def informed_share(record: ConsentRecord) -> float | None:
    """How much of the informed choice is shown, from 0 to 1; None where nobody was asked or consent is withdrawn."""
    decision = record.consent.decision
    if record.reason == "withdrawal" or decision is None or decision is Decision.NOT_ASKED:
        return None
    informed = record.consent.informed
    return sum(getattr(informed, tick) is True for tick in _INFORMED) / len(_INFORMED)


def _missing(path: str, remedy: str) -> Problem:
    return Problem(path, "missing", remedy)


def _officer(officer: Officer) -> Iterator[Problem]:
    if officer.collar_number is None:
        yield _missing("officer.collar_number", "Give the collar number of the officer.")
    if officer.email is None:
        yield _missing("officer.email", "Give the email address of the officer.")


def _incident(incident: Incident) -> Iterator[Problem]:
    if incident.crime_reference and not any(sign.isdigit() for sign in incident.crime_reference):
        remedy = "Check the crime reference: it holds no digit."
        yield Problem("incident.crime_reference", "unusual-crime-reference", remedy)
    if incident.reported_on is None:
        yield _missing("incident.reported_on", "Give the day of the report to police: the time limits count from it.")
    if incident.occurred_on is None:
        yield _missing("incident.occurred_on", "Give the day of the incident.")
    if incident.place_type is None:
        yield _missing("incident.place_type", "Say what kind of place it was.")
    if incident.stage is None:
        yield _missing("incident.stage", "Say how far the investigation or the case has come.")
    if not incident.offences:
        yield _missing("incident.offences", "Give at least one offence.")
    if not incident.children:
        yield _missing("incident.children", "Give at least one child held responsible.")
    if incident.decision is not None and incident.decision.on is None:
        yield _missing("incident.decision.on", "Give the day of the decision: the victim is to be heard before it.")
    if incident.contact_conditions is None:
        remedy = "Give the conditions that keep the child away from the victim, or an empty list if there are none."
        yield _missing("incident.contact_conditions", remedy)


def _victim(victim: Victim, facts: Facts) -> Iterator[Problem]:
    if not facts.is_organisation:
        if victim.given_name is None:
            yield _missing("victim.given_name", "Give the first name of the victim.")
        if victim.family_name is None:
            yield _missing("victim.family_name", "Give the last name of the victim.")
        if facts.age is None:
            remedy = "Give the date of birth: until then the victim is treated as a child."
            yield Problem("victim.date_of_birth", "age-unknown", remedy)
    if victim.relationship_to_child is None:
        yield _missing("victim.relationship_to_child", "Say how the victim and the child know each other.")
    if victim.address is not None and victim.address.lines and victim.address.postcode is None:
        yield _missing("victim.address.postcode", "Give the postcode.")
    if facts.age_conflict:
        remedy = "Check the kind of victim and the date of birth: they contradict each other."
        yield Problem("victim.kind", "age-conflict", remedy)
    if facts.is_child and (victim.kind == "child" or facts.age is not None):
        yield from _child(victim)


def _child(victim: Victim) -> Iterator[Problem]:
    if victim.looked_after is None:
        yield _missing("victim.looked_after", "Say whether the child is looked after by the local authority.")
    elif victim.looked_after and victim.social_worker is None:
        yield _missing("victim.social_worker", "Name the social worker of the child.")
    guardian = victim.guardian
    if guardian is None:
        yield _missing("victim.guardian", "Name a parent or guardian.")
        return
    for name, remedy in (
        ("name", "Name the parent or guardian."),
        ("relationship", "Say how the guardian is related to the child."),
        ("parental_responsibility", "Say whether the guardian has parental responsibility."),
        ("phone", "Give a phone number of the guardian."),
        ("is_suspect", "Say whether the guardian is a suspect: until then we do not write to them."),
        ("told", "Say whether the guardian was told."),
    ):
        if getattr(guardian, name) is None:
            yield _missing(f"victim.guardian.{name}", remedy)


def _consent(consent: Consent, facts: Facts, today: date, lasts: int) -> Iterator[Problem]:
    decision = consent.decision
    if decision in _ASKED and consent.given_by is None:
        yield _missing("consent.given_by", "Say who gave this answer.")
    if decision in _ASKED and consent.given_on is None:
        yield _missing("consent.given_on", "Give the day of this answer.")
    if (decision in _ASKED or decision is Decision.NOT_OBJECTED) and consent.method is None:
        yield _missing("consent.method", "Say how the victim was asked or told.")
    if decision is Decision.NO and consent.refusal_reason is None:
        yield _missing("consent.refusal_reason", "Give the reason for the no; none_given is an answer.")
    if decision is not Decision.NOT_ASKED:
        yield from _ticks("consent.informed", consent.informed, _INFORMED, "Say whether the victim was told this.")
    if decision is Decision.YES:
        yield from _ticks("consent.scope", consent.scope, _PURPOSES, "Say whether the victim agreed to this.")
    for path, day in (("consent.given_on", consent.given_on), ("consent.told_on", consent.told_on)):
        if facts.agrees and day is not None and (today - day).days > lasts:
            yield Problem(path, "reconfirm", f"Ask the victim again: this is more than {lasts} days old.")


def _ticks(path: str, ticks: Informed | Scope | SafeTo, names: tuple[str, ...], remedy: str) -> Iterator[Problem]:
    """One gap for each tick nobody set, or a single one where none is set."""
    unset = [name for name in names if getattr(ticks, name) is None]
    if len(unset) == len(names):
        yield _missing(path, remedy)
    else:
        yield from (_missing(f"{path}.{name}", remedy) for name in unset)


def _safety(safety: Safety) -> Iterator[Problem]:
    remedy = "Say whether this is safe; unknown is an answer."
    yield from _ticks("safety.safe_to", safety.safe_to, _CHANNELS, remedy)
    if safety.preferred_channel is None:
        yield _missing("safety.preferred_channel", "Say how the victim likes to be reached.")
    if safety.risks is None:
        yield _missing("safety.risks", "Give the risks to the victim, or an empty list if there are none.")
    if safety.child_knows_address is None:
        yield _missing("safety.child_knows_address", "Say whether the child knows where the victim lives.")


def _needs(needs: Needs) -> Iterator[Problem]:
    if needs.language is None:
        yield _missing("needs.language", "Give the language the victim likes best.")
    if needs.interpreter is None:
        yield _missing("needs.interpreter", "Say whether the victim needs an interpreter.")
    if needs.bsl is None:
        yield _missing("needs.bsl", "Say whether the victim needs British Sign Language.")
    if needs.formats is None:
        yield _missing("needs.formats", "Give the formats the victim needs, or an empty list if any will do.")
