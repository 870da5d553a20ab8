"""Counts what came of the work as victims say it themselves: never a share without what it is a share of."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflow.case import Case
from workflow.catalogue.feedback import FORMS, ROUNDS, THEMES
from workflow.events import Event, Value
from workflow.feedback import Asked, Forms, counts_as_answer, good
from workflow.feedback_rules import ANSWERED
from workflow.small_numbers import Cell, hidden

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was asked of one victim at one time, and what came back: ``given`` is None where nothing did."""

    round: str
    form: str
    declined: bool
    given: Event | None


def sheets(case: Case, start: date, end: date) -> Iterator[Sheet]:
    """The sheets of a case that were first asked for, or came unasked, from ``start`` to ``end``."""
    for each in ROUNDS:
        events = [e for e in case.of("feedback_asked", *ANSWERED) if e.text("round") == each]
        if not events or not start <= events[0].day <= end:
            continue
        given = [e for e in events if e.kind == "feedback_given"]
        declined = any(e.kind == "feedback_declined" for e in events)
        yield Sheet(each, events[-1].text("form"), declined and not given, given[-1] if given else None)


@dataclass
class _Tally:
    """What is counted while the cases go by."""

    sheets: list[Sheet] = field(default_factory=list)
    pairs: list[tuple[int, int]] = field(default_factory=list)
    concerns: Counter[str] = field(default_factory=Counter)
    acted: Counter[str] = field(default_factory=Counter)
    themes: Counter[str] = field(default_factory=Counter)
    may_quote: int = 0
    complaints: Counter[str] = field(default_factory=Counter)


def outcomes(cases: Iterable[Case], forms: Forms, start: date, end: date) -> Json:
    """The outcomes of a period, all numbers as they are.

    The keys: ``rounds`` (``asked``, ``answered``, ``declined``, ``no_answer``), ``questions`` (by question, time and
    form: ``asked``, ``answered``, ``positive``, ``negative``, ``rate``), ``safety`` (how safe somebody feels, before
    and after, of those who said both), ``concerns``, ``themes``, ``may_quote``, and ``complaints``, which are no
    feedback.
    """
    tally = _Tally()
    for case in cases:
        _count(tally, case, start, end)
    return {
        "rounds": [_round(each, [s for s in tally.sheets if s.round == each]) for each in ROUNDS],
        "questions": [
            _question(question, each, form, [s for s in tally.sheets if s.round == each])
            for question in forms.questions
            for each in question.rounds
            for form in ("", *(f for f in FORMS if f in question.wording))
        ],
        "safety": {
            "both": len(tally.pairs),
            "safer": sum(after > before for before, after in tally.pairs),
            "same": sum(after == before for before, after in tally.pairs),
            "less_safe": sum(after < before for before, after in tally.pairs),
        },
        "concerns": [
            {"concern": each, "raised": tally.concerns[each], "acted_on": tally.acted[each]}
            for each in ("unsafe", "negative")
        ],
        "themes": [{"theme": each, "times": tally.themes[each]} for each in THEMES if tally.themes[each]],
        "may_quote": tally.may_quote,
        "complaints": {name: tally.complaints[name] for name in _COMPLAINTS},
    }


def _count(tally: _Tally, case: Case, start: date, end: date) -> None:
    found = list(sheets(case, start, end))
    tally.sheets += found
    given = [sheet.given for sheet in found if sheet.given is not None]
    for event in given:
        tally.themes.update(event.items("themes"))
        tally.may_quote += event.fields.get("may_quote") is True
    tally.pairs += _before_and_after(case, given)
    for event in case.of("feedback_raised_concern"):
        if start <= event.day <= end:
            concern = event.text("concern")
            tally.concerns[concern] += 1
            tally.acted[concern] += any(
                e.text("concern") == concern and e.seq > event.seq for e in case.of("feedback_acted_on")
            )
    for name, kind, wanted in _COMPLAINTS.values():
        tally.complaints[name] += sum(
            start <= event.day <= end and wanted in ("", event.text("outcome"), event.text("to"))
            for event in case.of(kind)
        )


_COMPLAINTS = {
    name: (name, kind, wanted)
    for name, kind, wanted in (
        ("received", "complaint_received", ""),
        ("upheld", "complaint_answered", "upheld"),
        ("partly_upheld", "complaint_answered", "partly_upheld"),
        ("not_upheld", "complaint_answered", "not_upheld"),
        ("stage_two", "complaint_escalated", "stage_two"),
        ("ombudsman", "complaint_escalated", "ombudsman"),
    )
}


def _before_and_after(case: Case, given: Iterable[Event]) -> Iterator[tuple[int, int]]:
    """How safe the victim felt before, and how safe at the last time they said it in the period."""
    later = [e.fields["feels_safe"] for e in given if e.text("round") != "before" and "feels_safe" in e.fields]
    first = [
        e.fields["feels_safe"]
        for e in case.of("feedback_given")
        if e.text("round") == "before" and "feels_safe" in e.fields
    ]
    if first and later:
        yield int(first[-1]), int(later[-1])


def _round(name: str, found: list[Sheet]) -> Json:
    answered = sum(sheet.given is not None for sheet in found)
    declined = sum(sheet.declined for sheet in found)
    return {
        "round": name,
        "asked": len(found),
        "answered": answered,
        "declined": declined,
        "no_answer": len(found) - answered - declined,
    }


def _question(question: Asked, round_: str, form: str, found: list[Sheet]) -> Json:
    """One line: of all forms that ask it where ``form`` is empty."""
    asked = [s for s in found if s.form in question.wording and form in ("", s.form)]
    values: list[Value] = [
        s.given.fields[question.code]
        for s in asked
        if s.given is not None and counts_as_answer(s.given.fields.get(question.code))
    ]
    positive = good(question, values)
    return {
        "question": question.code,
        "words": question.words(form),
        "round": round_,
        "form": form,
        "asked": len(asked),
        "answered": len(values),
        "positive": positive,
        "negative": sum(str(value).lower() in question.negative for value in values),
        "rate": _rate(positive, len(values)),
        "continues": question.continues,
    }


def _rate(numerator: int, denominator: int) -> Json:
    share = round(100 * numerator / denominator) if denominator else None
    return {"numerator": numerator, "denominator": denominator, "percent": share}


_Groups = tuple[tuple[str, tuple[str, ...]], ...]

_ROUND_CELLS: _Groups = (
    ("asked", ("answered", "declined", "no_answer")),
    ("answered", ("answered",)),
    ("declined", ("declined",)),
    ("no_answer", ("no_answer",)),
)
_QUESTION_CELLS: _Groups = (
    ("asked", ("positive", "between", "negative", "unanswered")),
    ("answered", ("positive", "between", "negative")),
    ("positive", ("positive",)),
    ("negative", ("negative",)),
    # Not shown, and not to be worked out either.
    ("between", ("between",)),
    ("unanswered", ("unanswered",)),
)


def published(found: Json, below: int) -> Json:
    """The outcomes as they may leave the house: numbers from 1 to under ``below``, and what gives them away, are None.

    A question is given for all forms together only: by form, a small number could be worked out from the others.
    """
    whole = [row for row in found["questions"] if not row["form"]]
    return {
        **found,
        "rounds": [_covered(row, row, _ROUND_CELLS, below) for row in found["rounds"]],
        "questions": [_without_share(_covered(row, _parts(row), _QUESTION_CELLS, below)) for row in whole],
        "safety": _covered(
            found["safety"],
            found["safety"],
            (("both", ("safer", "same", "less_safe")), *((name, (name,)) for name in ("safer", "same", "less_safe"))),
            below,
        ),
        "concerns": [
            _covered(
                row,
                {"acted_on": row["acted_on"], "open": row["raised"] - row["acted_on"]},
                (("raised", ("acted_on", "open")), ("acted_on", ("acted_on",)), ("open", ("open",))),
                below,
            )
            for row in found["concerns"]
        ],
        "themes": [_covered(row, row, (("times", ("times",)),), below) for row in found["themes"]],
        "may_quote": None if 0 < found["may_quote"] < below else found["may_quote"],
        "complaints": {name: None if 0 < number < below else number for name, number in found["complaints"].items()},
        "hidden": f"Numbers from 1 to {below - 1}, and those from which they could be worked out, are left out.",
    }


def _parts(row: Json) -> Mapping[str, int]:
    return {
        "positive": row["positive"],
        "negative": row["negative"],
        "between": row["answered"] - row["positive"] - row["negative"],
        "unanswered": row["asked"] - row["answered"],
    }


def _covered(row: Json, parts: Mapping[str, int], groups: _Groups, below: int) -> Json:
    cells = [Cell(name, frozenset(of)) for name, of in groups]
    unknown = hidden(cells, {part: parts[part] for _, of in groups for part in of}, below)
    return {**row, **{name: None for name in unknown if name in row}}


def _without_share(row: Json) -> Json:
    """A share says its numerator: where a part of it is left out, so is it."""
    known = row["positive"] is not None and row["answered"] is not None
    rate = row["rate"] if known else {"numerator": row["positive"], "denominator": row["answered"], "percent": None}
    return {**row, "rate": rate}
