"""Gives the officer, the incident and the victim of a consent record their typed shape."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from engine.intake import codes
from engine.intake.contact_points import EmailAddress, PhoneNumber, Postcode
from engine.intake.texts import Day, Line, Reference

SEVERAL = Field(strict=False, max_length=50)


class Part(BaseModel):
    """A part of the record: closed to unknown fields, unchangeable, and never adapting a value of another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Officer(Part):
    """The officer in charge, whom the service asks back; on their next rest days the deputy is asked instead."""

    name: Line | None = None
    collar_number: Line | None = None
    team: Line | None = None
    email: EmailAddress | None = None
    phone: PhoneNumber | None = None
    deputy: Line | None = None
    deputy_email: EmailAddress | None = None
    rest_days: Annotated[tuple[Day, ...], SEVERAL] | None = None


class Offence(Part):
    """What was done, by its Home Office code, its title and the group it belongs to."""

    code: Line | None = None
    title: Line | None = None
    category: codes.OffenceCategory | None = None


class ChildResponsible(Part):
    """A child held responsible."""

    reference: Reference | None = None
    given_name: Line | None = None
    family_name: Line | None = None
    date_of_birth: Day | None = None


class DecisionAhead(Part):
    """The decision about the child, before which the victim is to be heard."""

    kind: codes.DecisionKind | None = None
    on: Day | None = None


class ContactCondition(Part):
    """A condition that keeps the child away from the victim."""

    kind: codes.ConditionKind | None = None
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None


class Incident(Part):
    """What happened; no contact conditions (an empty tuple) means that someone looked and there are none."""

    crime_reference: Reference | None = None
    reported_on: Day | None = None
    occurred_on: Day | None = None
    place_type: codes.PlaceType | None = None
    stage: codes.Stage | None = None
    offences: Annotated[tuple[Offence, ...], SEVERAL] = ()
    children: Annotated[tuple[ChildResponsible, ...], SEVERAL] = ()
    decision: DecisionAhead | None = None
    contact_conditions: Annotated[tuple[ContactCondition, ...], SEVERAL] | None = None


class Organisation(Part):
    """A victim that is not a person, with the person who speaks for it."""

    name: Line | None = None
    contact_name: Line | None = None
    role: Line | None = None


class Guardian(Part):
    """Who looks after a child victim; a guardian who is a suspect, or may be one, is not written to."""

    name: Line | None = None
    relationship: Line | None = None
    parental_responsibility: bool | None = None
    phone: PhoneNumber | None = None
    is_suspect: bool | None = None
    told: bool | None = None


class Address(Part):
    """Where the victim gets post: the lines in order, and the postcode."""

    lines: Annotated[tuple[Line, ...], Field(strict=False, max_length=8)] = ()
    postcode: Postcode | None = None


class Phone(Part):
    """One telephone number of the victim."""

    number: PhoneNumber | None = None
    kind: codes.PhoneKind | None = None


class Victim(Part):
    """The person or organisation harmed, and how to reach them; ``age_estimate`` is in whole years."""

    kind: codes.VictimKind | None = None
    reference: Reference | None = None
    title: Line | None = None
    given_name: Line | None = None
    family_name: Line | None = None
    known_as: Line | None = None
    pronouns: Line | None = None
    date_of_birth: Day | None = None
    age_estimate: Annotated[int, Field(ge=0, le=120)] | None = None
    relationship_to_child: codes.Relationship | None = None
    looked_after: bool | None = None
    social_worker: Line | None = None
    organisation: Organisation | None = None
    guardian: Guardian | None = None
    address: Address | None = None
    phones: Annotated[tuple[Phone, ...], SEVERAL] = ()
    email: EmailAddress | None = None
