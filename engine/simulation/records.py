"""Acts out what police write: the consent record of a story, its correction, a second asking, a withdrawal."""

from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any

from engine.intake.facts import age_on
from engine.simulation.stories import Ending, Route, Story
from workflow.london import london_day
from workflow.vocabulary import Characteristic, Purpose

Record = dict[str, Any]

_TOLD = ("who_we_are", "what_we_offer", "voluntary", "what_is_shared", "no_effect_on_case", "leaflet_given")
_READILY: dict[str, float] = {
    Purpose.RESTORATIVE_INFORMATION: 0.96,
    Purpose.VIEWS_BEFORE_DECISION: 0.92,
    Purpose.PROGRESS_UPDATES: 0.85,
    Purpose.SHARE_WITH_PROVIDER: 0.5,
    Purpose.SUPPORT_REFERRAL: 0.6,
    Purpose.HOME_VISIT: 0.3,
    Purpose.USE_OF_IMPACT: 0.7,
    Purpose.COURT_AND_REPORT: 0.6,
    Purpose.ANONYMOUS_FEEDBACK: 0.6,
}
_STAGES = {
    "out_of_court_panel": "oocd_referred",
    "referral_order_panel": "sentenced",
    "pre_sentence_report": "convicted",
    "court_hearing": "charged",
    None: "under_investigation",
}
_ANSWERS: dict[str, tuple[str, ...]] = {
    "sex": ("female", "male"),
    "gender_reassignment": ("same_as_registered_at_birth",),
    "disability": ("no", "no", "no", "yes_a_little", "yes_a_lot"),
    "race": ("W1", "W1", "W1", "W9", "A1", "A2", "B2", "M1", "O2"),
    "religion_or_belief": ("no_religion", "christian", "muslim", "sikh", "hindu"),
    "sexual_orientation": ("heterosexual", "heterosexual", "gay_or_lesbian", "bisexual"),
    "marriage_and_civil_partnership": ("never_married", "married", "divorced", "widowed"),
    "pregnancy_and_maternity": ("no",),
}
_NAMES = ("given_name", "family_name", "organisation")
_FROM_16 = ("gender_reassignment", "sexual_orientation", "marriage_and_civil_partnership")


def first_record(story: Story, now: datetime) -> Record:
    """What police send first about a story."""
    day, incident = london_day(now), story.incident
    record: Record = {
        "submission_id": story.submission_id,
        "force": story.force,
        "station": story.station,
        "reason": "new",
        "submitted_at": _text(now),
        "officer": story.officer,
        "incident": {
            "crime_reference": incident.crime_reference,
            "reported_on": incident.reported_on.isoformat(),
            "occurred_on": incident.occurred_on.isoformat(),
            "place_type": incident.place,
            "stage": _STAGES[incident.decision_kind],
            "offences": [incident.offence],
            "children": incident.children,
            "contact_conditions": [],
        },
        "victim": story.victim,
        "consent": _consent(story, day),
        "safety": {
            "safe_to": dict(story.safe),
            "preferred_channel": "phone" if story.truly_safe["phone"] == "yes" else "email",
            "must_not_know": story.must_not_know,
            "risks": story.risks,
            "child_knows_address": story.child_knows_address,
        },
        "needs": story.needs,
        "characteristics": _characteristics(story),
        "enhanced_rights": {"category": story.enhanced},
        "victim_personal_statement": {"offered": story.rng.random() < 0.9},
    }
    if incident.decision_on and incident.decision_on > day:
        record["incident"]["decision"] = {"kind": incident.decision_kind, "on": incident.decision_on.isoformat()}
    if story.rng.random() < 0.6:
        referred = min(day, incident.reported_on + timedelta(days=story.rng.choice((0, 1, 1, 2, 4))))
        record["support_referral"] = {
            "agency": "Example Victim Care",
            "on": referred.isoformat(),
            "accepted": story.rng.random() < 0.7,
        }
    return record


def spoilt(record: Record) -> Record:
    """The same record as it comes from somebody in a hurry: nobody could ask the officer back."""
    officer = {name: value for name, value in record["officer"].items() if name not in ("email", "phone")}
    return {**deepcopy(record), "officer": officer}


def renewed(story: Story, now: datetime) -> Record:
    """The record as it comes again, once the victim was asked properly and what is safe is known."""
    reason = "re_ask" if story.route in (Route.REFUSED, Route.NOT_ASKED) else "update"
    record = deepcopy(story.record)
    record |= {"reason": reason, "submitted_at": _text(now)}
    story.safe = dict(story.truly_safe)
    record["safety"]["safe_to"] = dict(story.safe)
    day = london_day(now)
    decision = record["incident"].get("decision")
    if decision and decision["on"] <= day.isoformat():
        del record["incident"]["decision"]
    record["consent"] = _yes(story, day)
    return record


def withdrawal(story: Story, now: datetime) -> Record:
    """That the victim told police that they take their consent back."""
    return {
        "submission_id": f"{story.submission_id}-W",
        "force": story.force,
        "reason": "withdrawal",
        "submitted_at": _text(now),
        "officer": story.officer,
        "incident": {"crime_reference": story.incident.crime_reference},
        "victim": {name: story.victim[name] for name in _NAMES if name in story.victim},
        "consent": {"withdrawal": {"on": london_day(now).isoformat(), "part": "all", "told_to": "officer"}},
    }


def _text(now: datetime) -> str:
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


def _consent(story: Story, day: date) -> Record:
    if story.route is Route.REFUSED:
        knew = story.ending is Ending.REFUSED and story.rng.random() < 0.6
        told = dict.fromkeys(_TOLD, True) | ({} if knew else {"what_we_offer": False, "leaflet_given": False})
        reason = story.rng.choice(("not_interested", "wants_case_over", "too_minor", "none_given"))
        said: Record = {"decision": "no", "informed": told, "refusal_reason": reason, "given_on": day.isoformat()}
    elif story.route is Route.NOT_ASKED:
        said = {"decision": "not_asked"}
    else:
        return _yes(story, day)
    return {"model": story.model, "given_by": _whose(story), "method": _method(story), **said}


def _yes(story: Story, day: date) -> Record:
    # A withdrawal or a refusal of a later day would overtake an older yes.
    on = {"given_on": day.isoformat()}
    told = {"informed": dict.fromkeys(_TOLD, True), "model": story.model, "method": _method(story)}
    if story.model == "opt_out" and story.route is Route.CLEAR:
        return {"decision": "not_objected", "told_on": day.isoformat(), **told}
    scope = {purpose: story.rng.random() < chance for purpose, chance in _READILY.items()}
    if story.ending in (Ending.DIRECT, Ending.DIRECT_TO_COME, Ending.INDIRECT):
        scope[Purpose.RESTORATIVE_INFORMATION] = True
    whose = "self" if story.route is Route.CHILD_ALONE and not story.record else _whose(story)
    return {"decision": "yes", "given_by": whose, "scope": {"contact": True, **scope}, **on, **told}


def _whose(story: Story) -> str:
    return "both" if story.kind == "child" else "self"


def _method(story: Story) -> str:
    return "interpreted" if story.needs["interpreter"] else story.rng.choice(("in_person", "phone", "bwv", "form"))


def _characteristics(story: Story) -> Record:
    if story.kind == "organisation":
        return {}
    age = age_on(date.fromisoformat(story.victim["date_of_birth"]), story.incident.occurred_on)
    answers: Record = {"age": {"status": "answered", "value": str(age)}, "asked_by": story.officer["name"]}
    for name in Characteristic:
        if name in _FROM_16 and age < 16:
            answers[name] = {"status": "not_applicable"}
        elif name in story.unasked:
            answers[name] = {"status": "not_asked"}
        elif name in _ANSWERS:
            declined = story.rng.random() < 0.05
            value = {"status": "prefer_not_to_say"}
            answers[name] = value if declined else {"status": "answered", "value": story.rng.choice(_ANSWERS[name])}
    if story.unasked:
        answers["reason_not_asked"] = story.rng.choice(("officer_omitted", "urgent", "too_distressed"))
    return answers
