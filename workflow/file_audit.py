"""Decides what a file shows on each of the sixteen questions of the self-audit, and what judgements come to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from workflow.case import Case
from workflow.events import Event
from workflow.milestones import Milestones, milestones
from workflow.vocabulary import Track

JUDGEMENTS: Mapping[str, int | None] = {"met": 2, "partly": 1, "not_met": 0, "not_applicable": None}
"""What a person may judge of one question, and its points; not applicable is left out of the score."""

STEPS: Mapping[str, str] = {"drawn": "reviewed", "reviewed": "verified", "verified": "finalised"}
"""From which state a file audit goes to which: one person reviews, somebody else verifies, then it is final."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the record shows on one question: ``shown``, ``missing`` or ``not_applicable``, and the events it rests on.

    It is no judgement: a person judges, and may see more or less than the record does.
    """

    key: str
    question: str
    standing: str
    events: tuple[int, ...] = ()


_Found = tuple[bool | None, Iterable[Event]]
_Question = tuple[str, str, Callable[[Case, Milestones], _Found]]


def _informed(case: Case, _: Milestones) -> _Found:
    events = [e for e in case.of("consent_recorded", "consent_renewed", "victim_returned") if e.items("informed")]
    return bool(events), events


def _consent(case: Case, _: Milestones) -> _Found:
    events = case.of("consent_recorded", "consent_renewed", "victim_returned", "refusal_confirmed")
    whole = [e for e in events if e.kind == "refusal_confirmed" or (e.text("given_by") and e.text("method"))]
    return bool(whole), whole


def _known(case: Case, _: Milestones) -> _Found:
    events = case.of("characteristics_recorded", "needs_recorded")
    return {e.kind for e in events} == {"characteristics_recorded", "needs_recorded"}, events


def _timely(case: Case, found: Milestones) -> _Found:
    decisions = case.of("decision_made", "decision_scheduled")
    if not decisions:
        return None, ()
    by = decisions[-1].day_of("on") or decisions[-1].day
    return found.contacted_on is not None and found.contacted_on <= by, (*case.of("attempt_made")[:1], decisions[-1])


def _voice(case: Case, found: Milestones) -> _Found:
    events = case.of("conversation_recorded", "views_asked", "views_recorded", "views_released")
    if not case.of("decision_made"):
        return (bool(events) if events else None), events
    return found.others.get("heard", 0) == found.others.get("decisions", 0), events


def _safety(case: Case, _: Milestones) -> _Found:
    events = case.of("safety_recorded", "alert_managed", "risk_assessed")
    return bool(case.of("safety_recorded")), events


def _enhanced(case: Case, _: Milestones) -> _Found:
    events = case.of("enhanced_rights_recorded", "same_victim_decided")
    return (None, ()) if case.enhanced_from is None else (True, events)


def _under_18(case: Case, _: Milestones) -> _Found:
    if not case.is_child:
        return None, ()
    events = [
        *case.of("wishes_recorded"),
        *(
            e
            for e in case.of("consent_recorded", "consent_renewed")
            if e.text("given_by") in ("parent_guardian", "both")
        ),
    ]
    return bool(events), events


def _options(case: Case, found: Milestones) -> _Found:
    if found.talked_on is None:
        return None, ()
    events = case.of("restorative_offered", "restorative_answered", "restorative_information_given")
    return bool(events), events


def _support(case: Case, _: Milestones) -> _Found:
    asked = [e for e in case.of("conversation_recorded") if e.fields.get("wants_support") is True]
    events = case.of("support_referred", "support_reviewed")
    return (bool(events) if asked or events else None), (*asked, *events)


def _scheme(case: Case, _: Milestones) -> _Found:
    if case.states[Track.PROBATION] == "not_eligible":
        return None, ()
    events = case.of("contact_scheme_referred", "contact_scheme_contacted")
    return bool(events), events


def _news(case: Case, found: Milestones) -> _Found:
    if not found.others.get("news_asked"):
        return None, ()
    events = case.of("progress_update_given", "conclusion_notice_given")
    return bool(events), events


def _ongoing(case: Case, found: Milestones) -> _Found:
    if found.last_ended_on is None:
        return None, ()
    events = [
        e
        for e in case.of("support_reviewed", "support_referred", "conclusion_notice_given", "support_ended")
        if e.day >= found.last_ended_on
    ]
    return bool(events), events


def _oversight(case: Case, _: Milestones) -> _Found:
    events = case.of(
        "complex_work_approved", "alert_managed", "wishes_settled", "good_reason_recorded", "case_assigned"
    )
    return bool(events), events


def _complete(case: Case, _: Milestones) -> _Found:
    events = [e for e in case.standing if e.text("note")]
    return bool(events), events[-3:]


def _feedback(case: Case, found: Milestones) -> _Found:
    if found.held_on is None and found.closed_on is None:
        return None, ()
    events = case.of("follow_up_completed", "restorative_followed_up", "restorative_debriefed", "support_ended")
    return bool(events), events


# Source: derived from what published inspections praised or faulted (domain.md 2.2); not the inspectorate's words.
QUESTIONS: tuple[_Question, ...] = (
    (
        "informed",
        "Was the victim told what the service is, and what it can and cannot do, in a form they understood?",
        _informed,
    ),
    ("consent", "Is consent on record with its day, giver and scope, and was a no followed up?", _consent),
    ("known", "Are characteristics and needs known, and was contact shaped by them?", _known),
    ("timely", "Was contact early enough for the decision?", _timely),
    ("voice", "Are wishes and impact on record, and did they reach those who decided?", _voice),
    ("safety", "Was the victim's safety thought through, planned, and shared with the case manager?", _safety),
    ("enhanced", "Did a vulnerable victim get the enhanced service?", _enhanced),
    ("under_18", "For a victim under 18: were safeguarding and the parent or guardian dealt with well?", _under_18),
    ("options", "Was the right range of restorative justice offered, at the victim's pace?", _options),
    ("support", "Did support or signposting meet the need?", _support),
    ("scheme", "Was the link to probation's Victim Contact Scheme made where it applies?", _scheme),
    ("news", "Was the victim kept informed as they wished?", _news),
    ("ongoing", "Did support go on for as long as it was wanted, and not end with the order?", _ongoing),
    ("oversight", "Was management oversight effective?", _oversight),
    ("complete", "Could another worker pick the case up from the record?", _complete),
    ("feedback", "Was feedback sought?", _feedback),
)


def evidence(case: Case) -> tuple[Evidence, ...]:
    """What the record of a case shows on each question, in order."""
    found = milestones(case)
    shown = []
    for key, question, look in QUESTIONS:
        there, events = look(case, found)
        standing = "not_applicable" if there is None else "shown" if there else "missing"
        shown.append(Evidence(key, question, standing, tuple(event.seq for event in events)))
    return tuple(shown)


@dataclass(frozen=True, slots=True)
class Score:
    """The points of a file, or of several, out of those that could be had, and the band; None where nothing applies."""

    points: int
    out_of: int
    band: str | None


def score(answers: Iterable[Mapping[str, str]], bands: Sequence[tuple[str, int]]) -> Score:
    """What the judgements of files come to; ``bands`` are names with the lowest per cent of each, highest first."""
    given = [JUDGEMENTS[judged] for each in answers for judged in each.values()]
    scored = [points for points in given if points is not None]
    points, out_of = sum(scored), 2 * len(scored)
    band = next((name for name, least in bands if 100 * points >= least * out_of), None) if out_of else None
    return Score(points, out_of, band)


def faults(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """The questions that are not judged with one of ``JUDGEMENTS``."""
    return tuple(key for key, _, _ in QUESTIONS if answers.get(key) not in JUDGEMENTS)


def drawn(numbers: Sequence[int], wanted: int, seed: str) -> tuple[int, ...]:
    """A random sample: the same numbers, in order, and the same seed give the same sample."""
    chance = Random(seed)  # noqa: S311  (a sample that anybody can draw again, not a secret)
    return tuple(sorted(chance.sample(sorted(numbers), min(wanted, len(numbers)))))
