"""Lays out the pages on which an officer fills in one consent record: in which order, with which fields, and when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.intake.facts import OLD_ENOUGH_TO_BE_ASKED, Facts
from workflow.vocabulary import Channel, Characteristic, Purpose

Cells = Mapping[str, str]
When = Callable[[Cells, Facts | None], bool]

CONDITIONS, ANOTHER = "conditions", "another"
"""Two questions of the pages alone: whether there are conditions, and whether there is another child."""


@dataclass(frozen=True, slots=True)
class Step:
    """One page: its fields, a heading where they are several, an extra question, and when it is asked at all.

    ``must`` are the fields without which the page is not left, although the record could be sent without.
    """

    name: str
    heading: str
    paths: tuple[str, ...]
    when: When
    extra: str = ""
    must: tuple[str, ...] = ()


def _always(_: Cells, __: Facts | None) -> bool:
    return True


def _organisation(_: Cells, facts: Facts | None) -> bool:
    return facts is not None and facts.is_organisation


def _person(cells: Cells, facts: Facts | None) -> bool:
    return not _organisation(cells, facts)


def _child(_: Cells, facts: Facts | None) -> bool:
    return facts is not None and facts.is_child


def _is(path: str, *answers: str) -> When:
    return lambda cells, _: cells.get(path) in answers


def _old_enough(cells: Cells, facts: Facts | None) -> bool:
    young = facts is not None and facts.age is not None and facts.age < OLD_ENOUGH_TO_BE_ASKED
    return _person(cells, facts) and not young


def _some_not_asked(cells: Cells, facts: Facts | None) -> bool:
    return _person(cells, facts) and any(
        cells.get(f"characteristics.{each}.status") == "not_asked" for each in Characteristic
    )


_OFFICER = ("name", "collar_number", "email", "phone", "team", "rest_days", "deputy", "deputy_email")
_INFORMED = ("who_we_are", "what_we_offer", "voluntary", "what_is_shared", "no_effect_on_case", "leaflet_given")
_GUARDIAN = ("name", "relationship", "phone", "parental_responsibility", "is_suspect", "told")
_FROM_16 = (
    Characteristic.GENDER_REASSIGNMENT,
    Characteristic.SEXUAL_ORIENTATION,
    Characteristic.MARRIAGE_AND_CIVIL_PARTNERSHIP,
)
_AGREED = _is("consent.decision", "yes", "not_objected")


def _child_fields(number: int) -> tuple[str, ...]:
    return tuple(
        f"incident.children.{number}.{field}" for field in ("given_name", "family_name", "date_of_birth", "reference")
    )


STEPS: tuple[Step, ...] = (
    Step("officer", "The officer in charge", (*(f"officer.{each}" for each in _OFFICER), "station"), _always),
    Step("crime", "", ("incident.crime_reference",), _always),
    Step("days", "When it happened", ("incident.occurred_on", "incident.reported_on"), _always),
    Step(
        "offence",
        "What happened",
        ("incident.offences.1.title", "incident.offences.1.category", "incident.place_type"),
        _always,
    ),
    Step("stage", "", ("incident.stage",), _always),
    Step("decision", "The next decision about the child", ("incident.decision.kind", "incident.decision.on"), _always),
    Step("child", "The child held responsible", _child_fields(1), _always, ANOTHER),
    Step("child-2", "The second child", _child_fields(2), _is(f"{ANOTHER}.child", "true"), ANOTHER),
    Step("child-3", "The third child", _child_fields(3), _is(f"{ANOTHER}.child-2", "true")),
    Step(
        "conditions",
        "Conditions that keep the child away from the victim",
        tuple(f"incident.contact_conditions.1.{each}" for each in ("kind", "from", "to")),
        _always,
        CONDITIONS,
    ),
    Step("who", "", ("victim.kind",), _always),
    Step(
        "organisation",
        "The organisation",
        tuple(f"victim.organisation.{each}" for each in ("name", "contact_name", "role")),
        _organisation,
    ),
    Step(
        "name",
        "The victim’s name",
        tuple(f"victim.{each}" for each in ("title", "given_name", "family_name", "known_as", "pronouns")),
        _person,
    ),
    Step("born", "The victim’s age", ("victim.date_of_birth", "victim.age_estimate"), _person),
    Step("relationship", "", ("victim.relationship_to_child",), _always),
    Step("guardian", "Their parent or guardian", tuple(f"victim.guardian.{each}" for each in _GUARDIAN), _child),
    Step("care", "Care by the local authority", ("victim.looked_after", "victim.social_worker"), _child),
    Step("choice", "An informed choice", tuple(f"consent.informed.{each}" for each in _INFORMED), _always),
    Step(
        "consent",
        "What they decided",
        ("consent.decision", "consent.given_by", "consent.given_on", "consent.method"),
        _always,
    ),
    Step("told", "", ("consent.told_on",), _is("consent.decision", "not_objected")),
    Step("refusal", "", ("consent.refusal_reason",), _is("consent.decision", "no")),
    Step("scope", "What they agreed to", tuple(f"consent.scope.{each}" for each in Purpose), _AGREED),
    Step(
        "reach",
        "How to reach them",
        (
            "victim.phones.1.number",
            "victim.phones.1.kind",
            "victim.email",
            "victim.address.lines",
            "victim.address.postcode",
        ),
        _always,
    ),
    Step("safe", "What is safe", tuple(f"safety.safe_to.{each}" for each in Channel), _always),
    Step("preferred", "", ("safety.preferred_channel",), _always),
    Step("risks", "", ("safety.risks",), _always),
    Step(
        "secret",
        "Keeping them safe",
        ("safety.child_knows_address", "safety.must_not_know", "safety.do_not_contact_times"),
        _always,
    ),
    Step(
        "needs",
        "What they need",
        ("needs.language", "needs.interpreter", "needs.bsl", "needs.formats", "needs.support"),
        _always,
    ),
    *(
        Step(
            each.replace("_", "-"),
            "",
            (f"characteristics.{each}",),
            _old_enough if each in _FROM_16 else _person,
            must=(f"characteristics.{each}",),
        )
        for each in Characteristic
    ),
    Step("asked", "Who asked these questions", ("characteristics.asked_by", "characteristics.asked_on"), _person),
    Step("not-asked", "", ("characteristics.reason_not_asked",), _some_not_asked),
    Step("rights", "", ("enhanced_rights.category",), _always),
    Step("statement", "", ("victim_personal_statement.offered",), _person),
    Step(
        "support",
        "Support",
        ("support_referral.agency", "support_referral.on", "support_referral.accepted"),
        _person,
    ),
    Step("notes", "", ("notes",), _always),
)
"""Every page of the form, in order."""

BY_NAME = {step.name: step for step in STEPS}


def asked_steps(cells: Cells, facts: Facts | None) -> tuple[Step, ...]:
    """The pages that are asked of this record, as far as it is known."""
    return tuple(step for step in STEPS if step.when(cells, facts))


def step_of(path: str, steps: tuple[Step, ...]) -> Step | None:
    """The page on which a place of the record is asked; of a part, the first page that asks for anything in it."""
    for step in steps:
        if any(lies_at(path, each) for each in step.paths):
            return step
    return next((step for step in steps if any(each.startswith(f"{path}.") for each in step.paths)), None)


def lies_at(path: str, asked: str) -> bool:
    """Whether a problem at a path belongs to a question."""
    return path == asked or path.startswith(f"{asked}.")
