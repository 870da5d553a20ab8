"""Makes histories for tests: steps told in a line each, run through the real tables so that every state is true."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from workflow.case import Case
from workflow.catalogue import CATALOGUE
from workflow.events import Event, Value, field_problems
from workflow.london import LONDON, start_of_day
from workflow.tables import VERSION, reached

INFORMED = "who_we_are|what_we_offer|voluntary|what_is_shared|no_effect_on_case|leaflet_given"
SCOPE = "contact|restorative_information|views_before_decision|progress_updates|support_referral"
NINE = (
    "age|sex|gender_reassignment|disability|race|religion_or_belief|sexual_orientation|"
    "marriage_and_civil_partnership|pregnancy_and_maternity"
)


@dataclass(frozen=True)
class Step:
    """An event to be: its kind, when it happened, when it was recorded, by whom, and what it puts right."""

    kind: str
    at: datetime
    recorded_at: datetime
    user: str
    corrects: int | None
    fields: dict[str, Value] = field(default_factory=dict)


Steps = Step | Iterable["Steps"]


def moment(when: str | date | datetime) -> datetime:
    """``2026-12-22`` (the start of that London day), ``2026-12-22 14:30`` (London time), a day or an aware moment."""
    if isinstance(when, datetime):
        return when
    if isinstance(when, date):
        return start_of_day(when)
    day, _, clock = when.partition(" ")
    if not clock:
        return start_of_day(date.fromisoformat(day))
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), LONDON)


def step(
    event: str,
    when: str | date | datetime,
    /,
    *,
    recorded: str | date | datetime | None = None,
    user: str = "practitioner",
    corrects: int | None = None,
    **fields: Value,
) -> Step:
    """One event; ``recorded`` is the moment we knew, where that was later."""
    at = moment(when)
    return Step(event, at, moment(recorded) if recorded is not None else at, user, corrects, fields)


def history(*steps: Steps, reference: str = "VC-0001") -> Case:
    """The case these steps make, numbered from 1 in the order given.

    Raises NotAllowed where the tables refuse a step, and ValueError where its fields do not fit the catalogue.
    """
    return go_on(Case(reference), *steps)


def go_on(case: Case, *steps: Steps) -> Case:
    """The case after more steps."""
    for each in _flat(steps):
        problems = field_problems(CATALOGUE[each.kind], each.fields)
        if problems:
            raise ValueError(f"{each.kind}: {problems[0].path}: {problems[0].remedy}")
        place = {"seq": case.version + 1, "kind": each.kind, "at": each.at, "recorded_at": each.recorded_at}
        bare = Event(**place, by=each.user, fields=each.fields, corrects=each.corrects)  # type: ignore[arg-type]
        states = reached(case, bare)
        event = Event(
            bare.seq, bare.kind, bare.at, bare.recorded_at, bare.by, bare.fields, bare.corrects, states, VERSION
        )
        case = case.with_event(event)
    return case


def _flat(steps: Steps) -> Iterable[Step]:
    if isinstance(steps, Step):
        yield steps
    else:
        for each in steps:
            yield from _flat(each)


def opened(when: str, under_18: str = "no", victim_kind: str = "individual") -> Steps:
    """A victim comes into our care."""
    return step("case_opened", when, source="police", victim_kind=victim_kind, under_18=under_18, force="derbyshire")


def reported(when: str, told: str | None = None) -> Steps:
    """The crime is reported, and the service gets the details (the same day, unless told another)."""
    return (
        step("crime_reported", when),
        step("details_received", told or when, reachable="phone|post"),
    )


def consented(when: str, recorded: str | None = None, scope: str = SCOPE) -> Step:
    """Police record a clear and informed yes."""
    return step(
        "consent_recorded",
        when,
        recorded=recorded,
        user="police",
        decision="yes",
        model="opt_in",
        informed=INFORMED,
        scope=scope,
    )


def refused(when: str) -> Step:
    """Police record a no."""
    return step("consent_recorded", when, user="police", decision="no", model="opt_in", refusal_reason="none_given")


def triaged(when: str) -> Steps:
    """Safe channels, needs and characteristics are known, and the case is somebody's: contact is due."""
    return (
        step("safety_recorded", when, phone="yes", voicemail="yes", post="yes", said_by="victim"),
        step("needs_recorded", when, language="en"),
        step("characteristics_recorded", when, complete=NINE, asked_by="practitioner"),
        step("triage_completed", when),
    )


def attempted(when: str, outcome: str = "no_answer", channel: str = "phone") -> Step:
    """One attempt and how it ended."""
    return step("attempt_made", when, channel=channel, outcome=outcome)


def talked(when: str, views: str = "given", wants_updates: bool = True) -> Step:
    """The first conversation."""
    return step(
        "conversation_recorded", when, views=views, wants_updates=wants_updates, wants_support=False, explained=True
    )


def contact_due(day: str, under_18: str = "no") -> Steps:
    """Everything up to the first contact, on one day."""
    return opened(day, under_18), reported(day), consented(day), triaged(day)


def engaged(day: str) -> Steps:
    """Everything up to the first two-way contact, on one day."""
    return contact_due(day), attempted(day, "reached")
