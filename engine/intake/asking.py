"""Asks a force back: refusals to confirm, consent to clarify, gaps to fill, contact details to refresh."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.errors import NotFound
from engine.house import House
from engine.intake.receipts import problem_document, still_missing
from store import cases, submissions
from store.cases import CaseKey
from workflow.bars import usable
from workflow.case import Case
from workflow.consent import agreed
from workflow.problems import Problem
from workflow.vocabulary import Decision, Purpose, State

PAGE = 200
"""How many cases of a force are looked at for one page of queries."""

REFUSAL, CONSENT, GAPS, DETAILS = "refusal", "consent", "gaps", "contact_details"
ASKS = {
    REFUSAL: "Say whether the victim's no was an informed choice, or that you will ask again.",
    CONSENT: "Say what the victim agreed to, after they were told what the service is and does.",
    GAPS: "Fill in what is missing in the record.",
    DETAILS: "Give a way of reaching the victim that is safe and still holds.",
}
"""What each kind of query asks of the officer."""

_ANSWERS = ("consent_recorded", "consent_renewed", "officer_found_uninformed")
_WAYS = ("safety_recorded", "contact_details_changed", "letter_returned")

_ID = re.compile(r"(VC-[0-9A-Z]{4}-[0-9A-Z]{4})\.(refusal|consent|gaps|contact_details)")


@dataclass(frozen=True, slots=True)
class Query:
    """What the service asks a force about one case; ``missing`` are the places of gaps, each with its remedy."""

    kind: str
    key: CaseKey
    submission_id: str
    asked_on: str
    missing: tuple[Problem, ...] = ()

    @property
    def query_id(self) -> str:
        """The number of the query: it stays the same for as long as it is asked."""
        return f"{self.key.reference}.{self.kind}"

    def document(self) -> dict[str, Any]:
        """The query as it is sent: references and places, and nothing about a person."""
        return {
            "query_id": self.query_id,
            "kind": self.kind,
            "case_reference": self.key.reference,
            "crime_reference": self.key.crime_reference,
            "submission_id": self.submission_id,
            "asked_on": self.asked_on,
            "asks": ASKS[self.kind],
            "missing": [problem_document(each) for each in self.missing],
        }


def queries_of(house: House, force: str, after: str | None = None) -> dict[str, Any]:
    """A page of what the service asks a force, by the age of the cases, and where the next page begins, or None."""
    with house.reading() as connection:
        start = cases.find(connection, house.service, after) if after else None
        if after and (start is None or start.force != force):
            raise NotFound("There is no such place to go on from.")
        keys = submissions.open_cases_of(connection, house.service, force, start.case_id if start else 0, PAGE)
        found = [query for key in keys for query in queries_on(house, connection, key)]
    following = keys[-1].reference if len(keys) == PAGE else None
    return {"queries": [query.document() for query in found], "next": following}


def query_of(
    house: House, connection: Connection, force: str, query_id: str, *, to_answer: bool = True
) -> tuple[Query, Case]:
    """The query of that number while it is asked, and its case, held for this transaction unless only looked at.

    Raises NotFound, for another force's as well.
    """
    match = _ID.fullmatch(query_id)
    find = cases.lock if to_answer else cases.find
    key = find(connection, house.service, match[1]) if match else None
    if match is None or key is None or key.force != force:
        raise NotFound("Nothing of that number is asked of your force.")
    for query in queries_on(house, connection, key):
        if query.kind == match[2]:
            return query, cases.history(connection, house.service, key)
    raise NotFound("Nothing of that number is asked of your force any more.")


def queries_on(house: House, connection: Connection, key: CaseKey) -> Iterator[Query]:
    """What is asked of the force about one case."""
    kept = submissions.of_case(connection, house.service, key.case_id)
    case = cases.history(connection, house.service, key)
    if not kept or not case.is_open:
        return
    number = kept[-1][0]
    if case.state is State.CONSENT_QUERY:
        last = case.last("consent_recorded")
        refused = last is not None and last.text("decision") == Decision.NO
        yield Query(REFUSAL if refused else CONSENT, key, number, _since(case, _ANSWERS))
    missing = still_missing([receipt for _, _, receipt in kept])
    if missing:
        yield Query(GAPS, key, number, kept[0][1].date().isoformat(), missing)
    if Purpose.CONTACT in agreed(case) and not usable(case):
        yield Query(DETAILS, key, number, _since(case, (*_ANSWERS, *_WAYS)))


def _since(case: Case, kinds: tuple[str, ...]) -> str:
    """The day since which something is asked: that of the last event it follows from, whatever else came after."""
    known = [event.recorded_day for kind in kinds if (event := case.last(kind)) is not None]
    return max(known, default=case.history[-1].recorded_day).isoformat()
