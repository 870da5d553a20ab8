"""Turns a record that was taken into what the house keeps: a person, ways of reaching them, children, and events."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from engine.entries import Entry
from engine.intake.facts import facts
from engine.intake.judge import Judgement
from engine.intake.record import ConsentRecord
from workflow.bars import CLOSE_TO_CHILD
from workflow.case import Case
from workflow.events import Fields
from workflow.london import london_day, start_of_day
from workflow.two_people import tightened
from workflow.vocabulary import Channel, Characteristic, Known

_CHANNELS, _CHARACTERISTICS = tuple(Channel), tuple(Characteristic)
_COMPLETE = ("answered", "prefer_not_to_say", "withdrawn", "not_applicable")


def person_of(record: ConsentRecord) -> dict[str, Any]:
    """The victim as kept under seal: names, birthday, guardian, and what no event may hold."""
    kept = record.victim.model_dump(mode="json", exclude={"address", "phones", "email", "kind"}, exclude_none=True)
    officer = record.officer.model_dump(mode="json", exclude_none=True)
    beside = {
        "officer": officer,
        "station": record.station,
        "offences": [offence.model_dump(mode="json", exclude_none=True) for offence in record.incident.offences],
        "must_not_know": list(record.safety.must_not_know or ()),
        "risks": list(record.safety.risks or ()),
        "do_not_contact_times": list(record.safety.do_not_contact_times or ()),
        "support_needs": record.needs.support,
        "ethnicity_code": record.characteristics.race.original_code,
    }
    return {**kept, **{name: value for name, value in beside.items() if value}}


def points_of(record: ConsentRecord) -> dict[str, list[Any]]:
    """The ways of reaching the victim, by channel."""
    victim = record.victim
    points: dict[str, list[Any]] = {}
    if victim.address and victim.address.lines and victim.address.postcode:
        points[Channel.POST] = [{"lines": list(victim.address.lines), "postcode": victim.address.postcode}]
    numbers = [{"number": each.number, "kind": each.kind} for each in victim.phones if each.number]
    if numbers:
        points[Channel.PHONE] = numbers
    if victim.email:
        points[Channel.EMAIL] = [victim.email]
    return points


def children_of(record: ConsentRecord) -> list[dict[str, Any]]:
    """The children responsible, as kept under seal."""
    return [child.model_dump(mode="json", exclude_none=True) for child in record.incident.children]


def entries_of(record: ConsentRecord, judgement: Judgement, case: Case, now: datetime) -> Iterator[Entry]:
    """The events a record means for a case, in the order in which they are judged; consent comes last."""
    known = judgement.facts or facts(record, london_day(now))
    is_first = case.opened is None
    source: Fields = {"submission": record.submission_id}
    if is_first:
        yield Entry("case_opened", _opening(record, judgement, known.age), now)
    if record.incident.reported_on and case.last("crime_reported") is None:
        yield Entry("crime_reported", source, _at(record.incident.reported_on, now))
    reachable: Fields = {"reachable": "|".join(sorted(known.channels))} if known.channels else {}
    if is_first:
        yield Entry("details_received", {**source, **reachable}, now)
    elif reachable:
        yield Entry("contact_details_changed", reachable, now)
    relationship = _relationship(record, case)
    if relationship:
        yield Entry("relationship_recorded", relationship, now)
    # After the relationship: who called a door safe knew, or should have, who lives behind it.
    safety = _safety(record)
    if safety:
        # What the victim or a colleague said is not safe, police do not make safe: they tighten only.
        yield Entry("safety_recorded", {**tightened(case, safety), "said_by": "police"}, now)
    if record.needs.language:
        yield Entry("needs_recorded", _needs(record), now)
    yield Entry("characteristics_recorded", _asked(record), now)
    category = record.enhanced_rights.category
    if category and category != "none":
        yield Entry("enhanced_rights_recorded", {"category": category}, now)
    decision = record.incident.decision
    if decision and decision.kind and decision.on:
        scheduled = case.last("decision_scheduled")
        if scheduled is None or scheduled.day_of("on") != decision.on:
            yield Entry("decision_scheduled", {"kind": decision.kind, "on": decision.on.isoformat()}, now)
    referral = record.support_referral
    if referral and referral.on:
        outcome = "declined" if referral.accepted is False else "referred"
        yield Entry("support_referred", {"by": "police", "outcome": outcome}, _at(referral.on, now))
    yield Entry("consent_recorded", _consent(record, judgement), _at(record.consent.given_on, now))


def _at(day: date | None, now: datetime) -> datetime:
    """The moment of an event of which only the day is known; never later than now."""
    return min(start_of_day(day), now) if day else now


def _opening(record: ConsentRecord, judgement: Judgement, age: int | None) -> Fields:
    under_18 = Known.YES if judgement.is_child else Known.NO
    if age is None and record.victim.kind not in ("organisation", "child"):
        under_18 = Known.UNKNOWN
    return {
        "source": "police",
        "victim_kind": str(record.victim.kind),
        "under_18": under_18,
        "force": record.force,
    }


def _relationship(record: ConsentRecord, case: Case) -> Fields:
    """What the victim is to the child, where that is new; empty where police said nothing that we may go by.

    Police can bring somebody closer to the child, and not further away: that loosens a bar, and takes a person.
    """
    now, said = record.victim.relationship_to_child, case.last("relationship_recorded")
    before = said.text("relationship") if said else ""
    if now is None or now in ("unknown", before) or (before in CLOSE_TO_CHILD and now not in CLOSE_TO_CHILD):
        return {}
    return {"relationship": str(now), "source": "police"}


def _safety(record: ConsentRecord) -> Fields:
    safe_to = record.safety.safe_to
    fields: Fields = {c.value: answer for c in _CHANNELS if (answer := getattr(safe_to, c)) is not None}
    if record.safety.child_knows_address:
        fields["child_knows_address"] = record.safety.child_knows_address
    if record.safety.risks:
        fields["risks"] = "-".join(sorted(record.safety.risks))[:64]
    if record.safety.must_not_know:
        fields["must_not_know"] = True
    return fields


def _needs(record: ConsentRecord) -> Fields:
    needs = record.needs
    fields: Fields = {"language": str(needs.language)}
    if needs.interpreter is not None:
        fields["interpreter"] = needs.interpreter
    if needs.bsl is not None:
        fields["bsl"] = needs.bsl
    wanted = [each for each in needs.formats or () if each in ("large_print", "easy_read", "audio", "braille")]
    fields["format"] = wanted[0] if wanted else "standard"
    return fields


def _asked(record: ConsentRecord) -> Fields:
    complete = [name for name, answer in record.characteristics.answers() if answer.status in _COMPLETE]
    gaps = [name for name in _CHARACTERISTICS if name not in complete]
    fields: Fields = {"asked_by": "police"}
    if complete:
        fields["complete"] = "|".join(complete)
    if gaps:
        fields["gaps"] = "|".join(gaps)
    return fields


def _consent(record: ConsentRecord, judgement: Judgement) -> Fields:
    consent = record.consent
    informed = [name for name, told in consent.informed if told is True]
    fields: Fields = {"decision": str(consent.decision), "model": str(consent.model)}
    given: dict[str, object] = {
        "given_by": consent.given_by,
        "method": consent.method,
        "informed": "|".join(informed),
        "scope": "|".join(consent.scope.agreed()),
        "scope_refused": "|".join(consent.scope.refused()),
        "told_on": consent.told_on.isoformat() if consent.told_on else None,
        "refusal_reason": consent.refusal_reason,
        "queries": "|".join(judgement.queries),
    }
    return {**fields, **{name: str(value) for name, value in given.items() if value}}
