"""Counts compliance from the projections, as known now or on any day, and opens the cases behind every figure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from engine.errors import WrongInput
from engine.house import House
from engine.report_settings import read_report_settings
from store import cases, reports
from workflow.audit import BY, Finding, findings, key_of, rule_of, tally
from workflow.case import Case
from workflow.london import london_day, start_of_day
from workflow.vocabulary import Verdict

Json = dict[str, Any]


class NothingToReport(WrongInput):
    """What was asked for has no answer; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Knowing:
    """The moment as of which a report is made: events recorded after it do not count.

    ``known`` is None where nothing can have been recorded later, and the projections answer for every measured case.
    """

    as_of: datetime
    known: datetime | None

    @property
    def day(self) -> date:
        """The London day of the moment, against which what is open is judged."""
        return london_day(self.as_of)


def knowing(house: House, as_of: datetime | None = None) -> Knowing:
    """As of a moment, or as of now; a moment still to come is taken as now.

    Raises NothingToReport for a moment before the first event.
    """
    now = house.now()
    if as_of is None or as_of >= now:
        with house.reading() as connection:
            later = reports.to_derive(connection, house.service, now)
            unmeasured = set(reports.to_derive(connection, house.service, None))
        # A rehearsal may look back: what was recorded after its moment is not known yet.
        return Knowing(now, now if set(later) - unmeasured else None)
    with house.reading() as connection:
        first = reports.first_day(connection, house.service)
    if first is not None and london_day(as_of) < first:
        raise NothingToReport(f"Nothing was recorded by then: the first case was opened on {first.isoformat()}.")
    return Knowing(as_of, as_of)


def end_of(day: date) -> datetime:
    """The last moment of a London day."""
    return start_of_day(day + timedelta(days=1)) - timedelta(microseconds=1)


def derived_cases(house: House, connection: Connection, knows: Knowing) -> Iterator[tuple[cases.CaseKey, Case]]:
    """The cases that the projections do not answer for, as they were known; those not yet known then are left out."""
    for number in reports.to_derive(connection, house.service, knows.known):
        key = cases.by_number(connection, house.service, number)
        case = cases.history(connection, house.service, key)
        known = case if knows.known is None else case.as_of(knows.known)
        if known.history:
            yield key, known


def _derived(house: House, connection: Connection, knows: Knowing, start: date, end: date) -> Iterator[Finding]:
    calendar = house.calendar if knows.day >= house.today() else house.calendar.as_known_on(knows.day)
    for _, case in derived_cases(house, connection, knows):
        yield from findings(case, house.rulebook, calendar, start, end, knows.day)


def _counted(
    house: House, connection: Connection, knows: Knowing, start: date, end: date, asked: Sequence[str]
) -> Iterator[Finding]:
    rule = rule_of(house.rulebook)
    counts = reports.count_duties(connection, house.service, start, end, knows.day, knows.known, asked)
    for count in counts:
        found = rule(count.edition, count.rule)
        if found is not None:
            yield Finding(
                "",
                found,
                count.edition,
                count.month,
                Verdict(count.verdict),
                Verdict(count.code_verdict),
                count.enhanced,
                count.worker,
                count.took,
                count.waited,
                count.reason,
                count.number,
            )


def compliance(
    house: House,
    start: date,
    end: date,
    as_of: datetime | None = None,
    *,
    by: str = "rule",
    with_cases: bool = False,
) -> Json:
    """Compliance for duties that began from ``start`` to ``end``, both included, as known at ``as_of`` (now if None).

    Events recorded later than ``as_of`` do not count.  ``by`` is one of ``audit.BY``.  ``with_cases`` adds the
    references behind each verdict of each rule.  Raises NothingToReport where the period ends before it begins, or
    nothing was recorded by then.
    """
    if end < start:
        raise NothingToReport("The period ends before it begins.")
    if by not in BY:
        raise NothingToReport(f"Compliance can be divided by {', '.join(BY)}.")
    knows = knowing(house, as_of)
    asked = {"worker": ("worker",), "team": ("worker",), "month": ("month",)}.get(by, ())
    with house.reading() as connection:
        found = [
            *_counted(house, connection, knows, start, end, asked),
            *_derived(house, connection, knows, start, end),
        ]
        document = tally(found, by, read_report_settings(house.settings.config).teams)
        for row in document.get("rules", ()) if not with_cases else ():
            # Only some cases are named so far, and some are worse than none.
            del row["cases"]
        if with_cases and by == "rule":
            _add_cases(document, reports.duty_cases(connection, house.service, start, end, knows.day, knows.known))
    return {
        "period": {"from": start.isoformat(), "to": end.isoformat()},
        "as_of": knows.as_of.isoformat(),
        **document,
    }


def _add_cases(document: Json, behind: Iterator[tuple[str, str, str]]) -> None:
    rows = {row["rule"]: row["cases"] for row in document["rules"]}
    gathered: dict[tuple[str, str], set[str]] = {}
    for rule, verdict, reference in behind:
        gathered.setdefault((rule, verdict), set()).add(reference)
    for (rule, verdict), references in gathered.items():
        if rule in rows:
            rows[rule][verdict] = sorted({*rows[rule].get(verdict, ()), *references})


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the compliance report: what it counts.  None stands for any."""

    rule: str | None = None
    verdict: str | None = None
    key: str | None = None
    by: str = "rule"
    enhanced: bool | None = None


def cases_behind(house: House, start: date, end: date, as_of: datetime | None, figure: Figure) -> list[str]:
    """The references of the cases behind one figure, in order.  Raises NothingToReport as ``compliance`` does."""
    if end < start:
        raise NothingToReport("The period ends before it begins.")
    knows = knowing(house, as_of)
    teams = read_report_settings(house.settings.config).teams
    kept = one_by_one(house, knows, start, end, figure)
    return sorted({found.case for found in kept if _is_of(found, figure, teams)})


def one_by_one(house: House, knows: Knowing, start: date, end: date, figure: Figure | None = None) -> list[Finding]:
    """The findings of a period one by one, each with its case; ``figure`` leaves out other rules and verdicts early."""
    only = figure or Figure()
    rule = rule_of(house.rulebook)
    with house.reading() as connection:
        kept = [
            found
            for duty in reports.duties_behind(
                connection, house.service, start, end, knows.day, knows.known, only.rule, only.verdict
            )
            if (found := _finding(rule(duty.edition, duty.rule), duty)) is not None
        ]
        kept += _derived(house, connection, knows, start, end)
    return kept


def _finding(rule: Any, duty: reports.DutyOfCase) -> Finding | None:
    if rule is None:
        return None
    verdict = Verdict(duty.verdict)
    return Finding(
        duty.reference,
        rule,
        duty.edition,
        duty.began_on,
        verdict,
        verdict,
        duty.enhanced,
        duty.worker,
        occurrence=duty.occurrence,
    )


def _is_of(found: Finding, figure: Figure, teams: Mapping[str, str]) -> bool:
    return (
        (figure.rule is None or found.rule.id == figure.rule)
        and (figure.verdict is None or found.verdict == figure.verdict)
        and (figure.enhanced is None or found.enhanced is figure.enhanced)
        and (figure.key is None or key_of(found, figure.by, teams) == figure.key)
    )
