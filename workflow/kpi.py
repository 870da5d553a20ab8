"""Decides KPI 10 of a quarter: who counts, the headline and 10a to 10g with both denominators, and what spoils it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from workflow.milestones import NOT_VICTIMS, Milestones
from workflow.quarters import Quarter
from workflow.vocabulary import State

Json = dict[str, Any]

ENGAGED = ("conversation", "offer", "agreement", "event")
"""What a service may take for "engaged with on restorative justice opportunities"."""
CONTACTED = ("attempt", "reached")
"""What a service may take for "contacted"."""
OUTCOMES = ("completed", "not_completed", "no_further_action", "not_known")
"""The ends of an intervention that a service may count."""

NOT_CHECKED = (
    "Whether the child was 10 to 17 at the start of the intervention, the type of disposal, where the child lived, and "
    "whether the outcome was quashed on appeal: the case management system knows it, and we do not.",
    "The recording guidance and the template of the year were not available to us: the definitions stand in "
    "config/reports.toml with the day from which they count.",
)
"""What the return should leave out or include, and this count cannot tell."""

ROWS: tuple[tuple[str, str], ...] = (
    ("10b", "Number of children with an order closing with an identified victim or victims of youth crime"),
    ("10a", "Total number of victims"),
    ("consented", "Number of victims who consent to be contacted by the YJS"),
    ("engaged", "Number of victims engaged with on restorative justice opportunities"),
    (
        "10d",
        "Number of victims asked their view prior to OOCD decision-making and planning for statutory court orders",
    ),
    ("news_asked", "Number of victims who requested information about the progress of the child's case"),
    ("10e", "Of those, the number provided with information about the progress of the child's case"),
    ("support_asked", "The number of victims who asked for additional support"),
    (
        "10f",
        "Of those who asked for additional support, the number provided with information on appropriate support "
        "services",
    ),
)
"""The rows of the quarterly template, as it words them.  Source: domain.md 2.1."""

MEASURES: Mapping[str, str] = {
    "10a": "Victims of interventions that ended in the quarter, each person once.",
    "10b": "Children whose intervention ended in the quarter and who have a victim here, each child once.",
    "10c": "Restorative justice processes: interventions in which the victim was engaged. Consent is not checked.",
    "10d": "Victims asked for their views before the decision, of those who consented to contact.",
    "10e": "Victims given news of progress, of those who consented, or (older version) of those who asked for it.",
    "10f": "Victims told about support, of those who consented, or (older version) of those who asked for it.",
    "10g": "Victims we contacted. Consent is not checked, so it can exceed those who consented.",
}
"""What each measure counts, in words."""


@dataclass(frozen=True, slots=True)
class Definition:
    """How a service counts what nobody has settled for it, for quarters that end on or after ``since``."""

    since: date
    engaged: tuple[str, ...]
    contacted: str
    not_objected_counts: bool
    outcomes: tuple[str, ...]

    def document(self) -> Json:
        """The definition as JSON can hold it."""
        return {**asdict(self), "since": self.since.isoformat()}


@dataclass(frozen=True, slots=True)
class Line:
    """One victim of one child's intervention that ended in the quarter, as the case-level record has it.

    ``victim`` is the number of the person: the same for every case and every co-defendant.  ``child`` is empty where
    no child is linked.  Days are None where it did not happen.
    """

    case: str
    victim: int
    child: str
    ended_on: date
    outcome: str
    victim_type: str
    consent_model: str
    consented: bool
    contacted_on: date | None
    engaged_on: date | None
    engaged_until: date | None
    views: bool
    news_asked: date | None
    news_given: date | None
    support_asked: date | None
    support_given: date | None

    def document(self) -> Json:
        """The line as JSON can hold it."""
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self).items()}


def lines(reference: str, victim: int, found: Milestones, quarter: Quarter, definition: Definition) -> Iterator[Line]:
    """The lines of one case in a quarter; none for what turned out to be no victim of ours, or a duplicate."""
    if found.standing in NOT_VICTIMS or found.standing == State.ERASED:
        return
    others = found.others
    objected = found.consent_model == "opt_out" and not definition.not_objected_counts
    for ending in found.endings:
        if not quarter.start <= ending.on <= quarter.end or ending.outcome not in definition.outcomes:
            continue
        yield Line(
            case=reference,
            victim=victim,
            child=ending.child,
            ended_on=ending.on,
            outcome=ending.outcome,
            victim_type=found.victim_kind,
            consent_model=found.consent_model,
            consented=found.is_consented and not (objected and not others.get("said_yes")),
            contacted_on=found.contacted_on if definition.contacted == "attempt" else found.reached_on,
            engaged_on=_engaged(found, definition),
            engaged_until=found.completed_on,
            views=bool(others.get("views")),
            news_asked=_day(others, "news_asked"),
            news_given=_day(others, "news_given"),
            support_asked=_day(others, "support_asked"),
            support_given=_day(others, "support_given"),
        )


def _engaged(found: Milestones, definition: Definition) -> date | None:
    days = {
        "conversation": found.talked_on,
        "offer": found.offered_on,
        "agreement": found.agreed_on,
        "event": found.held_on,
    }
    return min((day for name in definition.engaged if (day := days[name]) is not None), default=None)


def _day(others: Json, name: str) -> date | None:
    return date.fromisoformat(others[name]) if others.get(name) else None


def figures(counted: Sequence[Line]) -> Json:
    """The rows of the template, the headline and 10a to 10g of the lines of a quarter, by both denominators."""
    victims = _victims(counted)
    consented = {line.victim for line in counted if line.consented}
    numbers = {
        "10a": len(victims),
        "10b": len({line.child or f"{line.case} (child not linked)" for line in counted}),
        "10c": sum(line.engaged_on is not None for line in counted),
        "10d": len({line.victim for line in counted if line.views} & consented),
        "10e": len({line.victim for line in counted if line.news_given} & consented),
        "10f": len({line.victim for line in counted if line.support_given} & consented),
        "10g": len({line.victim for line in counted if line.contacted_on}),
        "consented": len(consented),
        "engaged": len({line.victim for line in counted if line.engaged_on} & consented),
        "news_asked": len({line.victim for line in counted if line.news_asked}),
        "support_asked": len({line.victim for line in counted if line.support_asked}),
    }
    asked_news = {line.victim for line in counted if line.news_asked and line.news_given} & consented
    asked_support = {line.victim for line in counted if line.support_asked and line.support_given} & consented
    of_asked = {"10e": len(asked_news), "10f": len(asked_support)}
    of_consented = {name: _rate(numbers[name], len(consented)) for name in ("10c", "10d", "10e", "10f", "10g")}
    older = {
        **{name: of_consented[name] for name in ("10c", "10d", "10g")},
        "10e": _rate(len(asked_news), numbers["news_asked"]),
        "10f": _rate(len(asked_support), numbers["support_asked"]),
    }
    return {
        # The template asks of those who asked; the newer measures stand beside it.
        "rows": [{"row": name, "label": label, "number": of_asked.get(name, numbers[name])} for name, label in ROWS],
        "headline": _rate(numbers["engaged"], len(consented)),
        "measures": {name: numbers[name] for name in MEASURES},
        "of_consented": of_consented,
        "of_requested": older,
        "by_consent_model": {model: _headline(counted, model) for model in ("opt_in", "opt_out")},
        "warnings": list(_warnings(numbers, len(consented), counted)),
    }


_COUNTED_IN: Mapping[str, Callable[[Line], bool]] = {
    "10a": lambda line: True,
    "10b": lambda line: True,
    "10c": lambda line: line.engaged_on is not None,
    "10d": lambda line: line.views and line.consented,
    "10e": lambda line: line.news_given is not None and line.consented,
    "10f": lambda line: line.support_given is not None and line.consented,
    "10g": lambda line: line.contacted_on is not None,
    "consented": lambda line: line.consented,
    "engaged": lambda line: line.engaged_on is not None and line.consented,
    "news_asked": lambda line: line.news_asked is not None,
    "support_asked": lambda line: line.support_asked is not None,
}


def counted_in(name: str, line: Line) -> bool:
    """Whether a line is behind a measure or a row.  Raises KeyError for one that there is not."""
    return _COUNTED_IN[name](line)


def _victims(counted: Iterable[Line]) -> set[int]:
    return {line.victim for line in counted}


def _headline(counted: Iterable[Line], model: str) -> Json:
    own = [line for line in counted if line.consent_model == model]
    consented = {line.victim for line in own if line.consented}
    return _rate(len({line.victim for line in own if line.engaged_on} & consented), len(consented))


def _rate(numerator: int, denominator: int) -> Json:
    rate = round(numerator / denominator, 4) if denominator else None
    return {"numerator": numerator, "denominator": denominator, "rate": rate}


def _warnings(numbers: Mapping[str, int], consented: int, counted: Sequence[Line]) -> Iterator[str]:
    for name, words in (("10c", "processes"), ("10g", "victims contacted")):
        if numbers[name] > consented:
            yield (
                f"{name} exceeds 100%: {numbers[name]} {words}, {consented} victims who consented. This measure does "
                "not check consent: look whether somebody was contacted without a recorded consent, or counted for "
                "several children."
            )
    without = sorted({line.case for line in counted if line.contacted_on and not line.consented})
    if without:
        yield f"Contacted without a recorded consent: {', '.join(without)}."


SPOILS: Mapping[str, str] = {
    "child_not_linked": "No child is linked, so that 10b counts one child for this case: link the child.",
    "victim_type_missing": "The type of victim is missing: record who was harmed.",
    "consent_missing": "We made contact, and no consent is on record: record it, or record the contact as an error.",
    "contact_missing": "The victim was engaged, and no contact is on record: record the contact.",
    "contact_before_consent": "Contact is dated before the consent.",
    "ended_before_engaged": "The first engagement is dated after the intervention ended: check both days.",
    "news_not_given": "The victim asked for news and none is on record.",
    "support_not_given": "The victim asked for support and none is on record.",
    "views_missing": "Nobody is on record as having asked for the victim's views.",
}
"""What makes a record spoil the return, with its remedy in words."""


def spoils(line: Line, consented_on: date | None) -> tuple[str, ...]:
    """The codes of what is missing or contradicts itself in one line; empty where the record is fit to be returned."""
    found = {
        "child_not_linked": not line.child,
        "victim_type_missing": not line.victim_type,
        "consent_missing": line.contacted_on is not None and not line.consented,
        "contact_missing": line.engaged_on is not None and line.contacted_on is None,
        "contact_before_consent": bool(consented_on and line.contacted_on and line.contacted_on < consented_on),
        "ended_before_engaged": bool(line.engaged_on and line.engaged_on > line.ended_on),
        "news_not_given": line.news_asked is not None and line.news_given is None,
        "support_not_given": line.support_asked is not None and line.support_given is None,
        "views_missing": line.consented and not line.views,
    }
    return tuple(code for code, is_true in found.items() if is_true)


def differences(then: Json, now: Json) -> Json:
    """What changed between a return as it was submitted and the same quarter now.

    Both documents hold ``rows`` and ``lines``.  Gives the rows whose number changed, and by case and child which lines
    came, went or changed, with the names of the fields that did.
    """
    was = {row["row"]: row["number"] for row in then["rows"]}
    rows = [
        {"row": row["row"], "label": row["label"], "was": was.get(row["row"]), "now": row["number"]}
        for row in now["rows"]
        if was.get(row["row"]) != row["number"]
    ]
    before = {(line["case"], line["child"]): line for line in then["lines"]}
    after = {(line["case"], line["child"]): line for line in now["lines"]}
    changed = [
        {
            "case": key[0],
            "child": key[1],
            "fields": sorted(name for name in after[key] if after[key][name] != before[key].get(name)),
        }
        for key in sorted(before.keys() & after.keys())
        if after[key] != before[key]
    ]
    return {
        "rows": rows,
        "came": [{"case": case, "child": child} for case, child in sorted(after.keys() - before.keys())],
        "went": [{"case": case, "child": child} for case, child in sorted(before.keys() - after.keys())],
        "changed": changed,
    }
