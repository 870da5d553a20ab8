"""Gives the consent record its typed shape: the fields police send, each holding an agreed value or nothing at all.

Nearly every field may be absent, because a record is taken with gaps; ``sense`` says which absences refuse it.  A
field that is absent is None, and None never means yes or no.
"""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import Field

from engine.intake import codes
from engine.intake.parts import SEVERAL, Incident, Officer, Part, Victim
from engine.intake.texts import Day, Identifier, Language, Line, Moment, Prose
from workflow.vocabulary import Channel, Characteristic, Decision, Known, Purpose

Value = TypeVar("Value")
# Going through a tuple costs a tenth of going through an enumeration, and this is done for every record.
_CHANNELS, _CHARACTERISTICS, _PURPOSES = tuple(Channel), tuple(Characteristic), tuple(Purpose)
# The words of the house are enumerations, which arrive as plain text: equal to the word or refused, never adapted.
_Decision = Annotated[Decision, Field(strict=False)]
_Known = Annotated[Known, Field(strict=False)]
_Channel = Annotated[Channel, Field(strict=False)]


class Informed(Part):
    """What the victim was told before they decided, tick by tick."""

    who_we_are: bool | None = None
    what_we_offer: bool | None = None
    voluntary: bool | None = None
    what_is_shared: bool | None = None
    no_effect_on_case: bool | None = None
    leaflet_given: bool | None = None


class Scope(Part):
    """What the victim agreed to, purpose by purpose; None means that nobody asked."""

    contact: bool | None = None
    restorative_information: bool | None = None
    views_before_decision: bool | None = None
    progress_updates: bool | None = None
    share_with_provider: bool | None = None
    support_referral: bool | None = None
    home_visit: bool | None = None
    use_of_impact: bool | None = None
    court_and_report: bool | None = None
    anonymous_feedback: bool | None = None

    def agreed(self) -> tuple[Purpose, ...]:
        """The purposes the victim said yes to."""
        return tuple(purpose for purpose in _PURPOSES if getattr(self, purpose) is True)

    def refused(self) -> tuple[Purpose, ...]:
        """The purposes the victim said no to."""
        return tuple(purpose for purpose in _PURPOSES if getattr(self, purpose) is False)


class Withdrawal(Part):
    """That the victim takes their consent back: from when, which purpose or all, and whom they told."""

    on: Day | None = None
    part: codes.WithdrawnPart | None = None
    told_to: codes.ToldTo | None = None


class Consent(Part):
    """What the victim decided, who said it, how, when, and how well informed they were."""

    decision: _Decision | None = None
    model: codes.Model | None = None
    given_by: codes.GivenBy | None = None
    given_on: Day | None = None
    method: codes.Method | None = None
    told_on: Day | None = None
    refusal_reason: codes.RefusalReason | None = None
    informed: Informed = Informed()
    scope: Scope = Scope()
    withdrawal: Withdrawal | None = None


class SafeTo(Part):
    """Whether each way of reaching the victim is safe; None and unknown are both no for anything automatic."""

    phone: _Known | None = None
    voicemail: _Known | None = None
    text: _Known | None = None
    email: _Known | None = None
    post: _Known | None = None
    visit: _Known | None = None

    def known_safe(self) -> frozenset[Channel]:
        """The channels of which somebody said that they are safe."""
        return frozenset(channel for channel in _CHANNELS if getattr(self, channel) is Known.YES)


class Safety(Part):
    """What keeps the victim safe; no risks (an empty tuple) means that someone looked and found none."""

    safe_to: SafeTo = SafeTo()
    preferred_channel: _Channel | None = None
    do_not_contact_times: Annotated[tuple[Prose, ...], SEVERAL] | None = None
    must_not_know: Annotated[tuple[Prose, ...], SEVERAL] | None = None
    risks: Annotated[tuple[codes.Risk, ...], SEVERAL] | None = None
    child_knows_address: _Known | None = None


class Needs(Part):
    """What the victim needs so that they can read, hear and understand us; languages by their ISO 639 code."""

    language: Language | None = None
    interpreter: bool | None = None
    bsl: bool | None = None
    formats: Annotated[tuple[codes.LetterFormat, ...], SEVERAL] | None = None
    support: Prose | None = None
    note: Prose | None = None


class Answer(Part, Generic[Value]):
    """One protected characteristic: whether it was asked, and what was answered."""

    status: codes.Status | None = None
    value: Value | None = None


class EthnicityAnswer(Answer[codes.Ethnicity]):
    """Ethnicity in the 18+1 codes; ``original_code`` keeps the older or local code it came in."""

    original_code: Annotated[str, Field(pattern="^[A-Za-z0-9]{1,8}$")] | None = None


class Characteristics(Part):
    """The nine protected characteristics, and who asked for them."""

    age: Answer[Line] = Answer[Line]()
    sex: Answer[codes.Sex] = Answer[codes.Sex]()
    gender_reassignment: Answer[Line] = Answer[Line]()
    disability: Answer[codes.Disability] = Answer[codes.Disability]()
    race: EthnicityAnswer = EthnicityAnswer()
    religion_or_belief: Answer[Line] = Answer[Line]()
    sexual_orientation: Answer[Line] = Answer[Line]()
    marriage_and_civil_partnership: Answer[codes.Marriage] = Answer[codes.Marriage]()
    pregnancy_and_maternity: Answer[codes.Pregnancy] = Answer[codes.Pregnancy]()
    asked_by: Line | None = None
    asked_on: Day | None = None
    reason_not_asked: codes.ReasonNotAsked | None = None

    def answers(self) -> tuple[tuple[Characteristic, Answer[Any]], ...]:
        """The nine answers, each with the name of its characteristic."""
        return tuple((name, getattr(self, name)) for name in _CHARACTERISTICS)


class EnhancedRights(Part):
    """Whether police found the victim entitled to enhanced rights, and on what grounds."""

    category: codes.EnhancedCategory | None = None
    basis: Prose | None = None


class VictimPersonalStatement(Part):
    """Whether a Victim Personal Statement was offered and taken."""

    offered: bool | None = None
    taken_on: Day | None = None
    wants_update: bool | None = None


class SupportReferral(Part):
    """The referral police made to a support service."""

    agency: Line | None = None
    on: Day | None = None
    accepted: bool | None = None


class ConsentRecord(Part):
    """What police say about one victim of one incident, at one moment."""

    submission_id: Identifier
    force: Identifier
    reason: codes.Reason
    station: Line | None = None
    submitted_at: Moment | None = None
    officer: Officer = Officer()
    incident: Incident = Incident()
    victim: Victim = Victim()
    consent: Consent = Consent()
    safety: Safety = Safety()
    needs: Needs = Needs()
    characteristics: Characteristics = Characteristics()
    enhanced_rights: EnhancedRights = EnhancedRights()
    victim_personal_statement: VictimPersonalStatement = VictimPersonalStatement()
    support_referral: SupportReferral | None = None
    notes: Prose | None = None
