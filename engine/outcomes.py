"""Gives the outcomes of a period as victims say them, and keeps what the service did about what they said."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from engine.entries import Actor
from engine.errors import NotFound, WrongInput
from engine.house import House
from engine.report_settings import read_report_settings
from engine.sheets import as_text
from store import cases, feedback
from workflow.case import Case
from workflow.catalogue import CATALOGUE
from workflow.catalogue.feedback import THEMES
from workflow.events import EventKind
from workflow.london import london_day
from workflow.outcomes import outcomes, published

Json = dict[str, Any]

_KINDS = tuple(name for name in CATALOGUE if name.startswith(("feedback_", "complaint_")))
_LONGEST = 400


def outcomes_of(house: House, start: date, end: date, now: datetime, *, share: bool) -> Json:
    """The outcomes of a period with what was done about them, as ``outcomes --json`` gives them.

    With ``share`` small numbers, and those that would give them away, are left out.  Raises WrongInput where the period
    ends before it begins.
    """
    if end < start:
        raise WrongInput("The period ends before it begins.")
    found = outcomes(_cases(house), house.feedback, start, end)
    if share:
        found = published(found, read_report_settings(house.settings.config).suppress_below)
    with house.reading() as connection:
        said = feedback.said(connection, house.service, start, end)
    return {
        "period": {"from": start.isoformat(), "to": end.isoformat()},
        "as_of": now.isoformat(),
        **found,
        "said_and_done": [
            {
                "number": each.said_number,
                "theme": each.theme,
                "said": each.said,
                "did": each.did,
                "done_on": each.done_on.isoformat(),
            }
            for each in said
        ],
    }


def _cases(house: House) -> Iterator[Case]:
    with house.reading() as connection:
        for key in feedback.cases_with(connection, house.service, _KINDS):
            yield cases.history(connection, house.service, key)


def as_csv(found: Json) -> str:
    """Outcomes to share as one table: a line for each question and time, and for each time, concern and complaint."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("what", "when", "asked", "answered", "positive", "negative", "percent", "continues"))
    for row in found["rounds"]:
        rows.writerow(("All answers", row["round"], _cell(row["asked"]), _cell(row["answered"]), "", "", "", ""))
    for row in found["questions"]:
        counts = [_cell(row[name]) for name in ("asked", "answered", "positive", "negative")]
        percent = row["rate"]["percent"]
        rows.writerow(
            (as_text(row["words"]), row["round"], *counts, "" if percent is None else percent, row["continues"])
        )
    for row in found["concerns"]:
        rows.writerow((f"Concern: {row['concern']}", "", _cell(row["raised"]), _cell(row["acted_on"]), "", "", "", ""))
    for name, number in found["complaints"].items():
        rows.writerow((f"Complaints (not feedback): {name}", "", _cell(number), "", "", "", "", ""))
    rows.writerow(())
    rows.writerow(("You said", "We did", "On", "Theme"))
    for row in found["said_and_done"]:
        rows.writerow((as_text(row["said"]), as_text(row["did"]), row["done_on"], row["theme"]))
    return out.getvalue()


def _cell(number: int | None) -> str:
    return "not shown" if number is None else str(number)


def record_said(house: House, actor: Actor, theme: str, said: str, did: str, done_on: date, now: datetime) -> None:
    """Keep what victims said and what was done, in words that name nobody.  Raises NotPermitted or WrongInput."""
    house.permissions.demand(actor.role, "outcomes.act")
    said, did = " ".join(said.split()), " ".join(did.split())
    if theme not in THEMES:
        raise WrongInput(f"Choose a theme: {', '.join(THEMES)}.")
    if not said or not did or max(len(said), len(did)) > _LONGEST:
        raise WrongInput(f"Say what was said and what was done, each in up to {_LONGEST} characters.")
    if done_on > london_day(now):
        raise WrongInput("Give the day on which it was done, not one to come.")
    with house.writing() as connection:
        feedback.add(connection, house.service, theme, said, did, done_on, actor.user, now)


def withdraw_said(house: House, actor: Actor, number: int, now: datetime) -> None:
    """Show one of them no more.  Raises NotPermitted or NotFound."""
    house.permissions.demand(actor.role, "outcomes.act")
    with house.writing() as connection:
        if not feedback.withdraw(connection, house.service, number, actor.user, now):
            raise NotFound("There is no such action.")


def worded(house: House, case: Case, kind: EventKind) -> EventKind:
    """An answer sheet with the questions as they are put to this victim; every other kind of event as it is."""
    if kind.name != "feedback_given":
        return kind
    form = form_for(case)
    asked = {each.code: each for each in house.feedback.questions if form in each.wording}
    known = {each.code for each in house.feedback.questions}
    fields = [each for each in kind.fields if each.name not in known]
    place = next((n for n, each in enumerate(fields) if each.name == "form"), 0) + 1
    questions = [
        type(each)(each.name, asked[each.name].words(form), each.kind, each.choices, each.required, each.hint)
        for each in kind.fields
        if each.name in asked
    ]
    return EventKind(kind.name, kind.label, kind.meaning, (*fields[:place], *questions, *fields[place:]))


def form_for(case: Case) -> str:
    """Which form fits a victim."""
    if case.victim_kind == "organisation":
        return "organisation"
    return "child" if case.opened is not None and case.opened.text("under_18") == "yes" else "adult"
