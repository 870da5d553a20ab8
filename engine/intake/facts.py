"""Derives what the rules ask of a consent record: how old the victim was, and which ways lead to them."""

from dataclasses import dataclass
from datetime import date

from engine.intake.parts import Victim
from engine.intake.record import ConsentRecord
from workflow.vocabulary import Channel, Decision

ADULT = 18
OLD_ENOUGH_TO_BE_ASKED = 16
_OLDEST = 120
_TALKING = frozenset({Channel.PHONE, Channel.VOICEMAIL, Channel.TEXT})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record says once it is put together.

    ``age`` is in whole years on the day of the incident, None where nobody knows; ``is_child`` is presumed where
    nobody knows; ``age_conflict`` is set where the age and the kind of victim contradict each other.  ``channels`` are
    the ways there are of reaching the victim, ``safe`` those of them that somebody called safe, and ``has_way`` adds
    the guardian of a child too young to be written to alone.
    """

    is_organisation: bool
    age: int | None
    is_child: bool
    age_conflict: bool
    agrees: bool
    channels: frozenset[Channel]
    safe: frozenset[Channel]
    has_way: bool

    @property
    def needs_guardian(self) -> bool:
        """Whether the victim is known to be under 16."""
        return self.is_child and self.age is not None and self.age < OLD_ENOUGH_TO_BE_ASKED


def age_on(birth: date, day: date) -> int:
    """Whole years from birth to a day; somebody born on 29 February is a year older from 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def facts(record: ConsentRecord, today: date) -> Facts:
    """What the record says once it is put together; under 18 is judged on the day of the incident."""
    victim = record.victim
    is_organisation = victim.kind == "organisation"
    age = None if is_organisation else _age(record, today)
    is_child = not is_organisation and (victim.kind == "child" or age is None or age < ADULT)
    channels = _channels(victim)
    guardian = victim.guardian
    young = is_child and (age is None or age < OLD_ENOUGH_TO_BE_ASKED)
    through_guardian = bool(young and guardian and guardian.phone and guardian.is_suspect is not True)
    safe = record.safety.safe_to.known_safe()
    known_safe = channels & safe
    if through_guardian and guardian and guardian.is_suspect is False and Channel.PHONE in safe:
        known_safe |= {Channel.PHONE}
    return Facts(
        is_organisation=is_organisation,
        age=age,
        is_child=is_child,
        age_conflict=age is not None and _contradicts(victim, age),
        agrees=record.consent.decision in (Decision.YES, Decision.NOT_OBJECTED),
        channels=channels,
        safe=known_safe,
        has_way=bool(channels) or through_guardian,
    )


def is_possible_birth(birth: date, incident: date | None, today: date) -> bool:
    """Whether a victim can have been born on that day: not in the future, not after the incident, not 120 years ago."""
    return birth <= min(today, incident or today) and age_on(birth, today) <= _OLDEST


def _age(record: ConsentRecord, today: date) -> int | None:
    victim = record.victim
    if victim.date_of_birth is None:
        return victim.age_estimate
    return age_on(victim.date_of_birth, record.incident.occurred_on or record.incident.reported_on or today)


def _contradicts(victim: Victim, age: int) -> bool:
    return (victim.kind == "child" and age >= ADULT) or (victim.kind == "individual" and age < ADULT)


def _channels(victim: Victim) -> frozenset[Channel]:
    found: frozenset[Channel] = frozenset()
    if any(phone.number for phone in victim.phones):
        found |= _TALKING
    if victim.email:
        found |= {Channel.EMAIL}
    if victim.address and victim.address.lines:
        found |= {Channel.VISIT, Channel.POST} if victim.address.postcode else {Channel.VISIT}
    return found
