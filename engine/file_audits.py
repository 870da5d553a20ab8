"""Draws dip samples, takes file audits from review to final, and makes the inspection sample with its evidence."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from engine.entries import Actor
from engine.errors import NotFound, WrongInput
from engine.exports import demand, keep
from engine.house import House
from engine.kpi import known_cases
from engine.report_settings import read_report_settings
from engine.reports import NothingToReport, knowing
from store import accounts, cases, returns
from workflow.catalogue import CATALOGUE
from workflow.duties import duties
from workflow.events import FieldKind
from workflow.file_audit import JUDGEMENTS, STEPS, Evidence, drawn, evidence, faults, score
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.quarters import quarter_of

Json = dict[str, Any]


def month_of(name: str) -> tuple[date, date]:
    """The first and the last day of a month such as ``2026-05``.  Raises NothingToReport."""
    try:
        first = date.fromisoformat(f"{name}-01")
    except ValueError:
        raise NothingToReport("Give a month as 2026-05.") from None
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def draw(house: House, month: str, actor: Actor) -> int:
    """Draw the sample of a month out of the cases that were worked on in it; gives how many files are in it.

    The seed is kept, so that anybody can draw the same sample again.  Raises NotPermitted, and WrongInput for a month
    that is not over, was drawn already, or has no case.
    """
    house.permissions.demand(actor.role, "file_audit.judge")
    start, end = month_of(month)
    now = house.now()
    if end >= house.today():
        raise WrongInput("The month is not over yet.")
    settings = read_report_settings(house.settings.config)
    with house.writing() as connection:
        if any(sample.month == month for sample in returns.samples(connection, house.service)):
            raise WrongInput("The sample of this month was drawn already: it is drawn once.")
        known = [number for number, _ in returns.sampled_from(connection, house.service, start, end)]
        if not known:
            raise WrongInput("No victim was in contact with us in this month: there is no file to draw.")
        seed = house.codes(16)
        chosen = drawn(known, settings.files_a_month, seed)
        returns.keep_sample(
            connection, house.service, month, seed, chosen, settings.files_a_month, len(known), actor.user, now
        )
    return len(chosen)


def overview(house: House) -> Json:
    """The samples with their audits, and the score of what is final by quarter and by worker.

    Only what people judged is scored; what the machine says of duties is never mixed in.
    """
    settings = read_report_settings(house.settings.config)
    with house.reading() as connection:
        samples = returns.samples(connection, house.service)
        audits = returns.audits(connection, house.service)
    final = [audit for audit in audits if audit.state == "finalised"]
    by_quarter: dict[str, list[returns.KeptAudit]] = {}
    by_worker: dict[str, list[returns.KeptAudit]] = {}
    for audit in final:
        by_quarter.setdefault(quarter_of(month_of(audit.month)[0]).name, []).append(audit)
        by_worker.setdefault(audit.worker, []).append(audit)

    def scored(groups: Mapping[str, list[returns.KeptAudit]]) -> list[Json]:
        rows = []
        for key, group in sorted(groups.items(), reverse=True):
            found = score([audit.answers for audit in group], settings.bands)
            rows.append(
                {"key": key, "files": len(group), "points": found.points, "out_of": found.out_of, "band": found.band}
            )
        return rows

    return {"samples": samples, "audits": audits, "quarters": scored(by_quarter), "workers": scored(by_worker)}


def audit_file(house: House, number: int, actor: Actor) -> tuple[returns.KeptAudit, tuple[Evidence, ...]]:
    """A file audit with what the record shows on each question; opening it is logged.  Raises NotFound."""
    with house.reading() as connection:
        found = returns.audits(connection, house.service, number)
        if not found:
            raise NotFound("There is no such file audit.")
        key = cases.by_number(connection, house.service, found[0].case_id)
        shown = evidence(cases.history(connection, house.service, key))
    with house.writing() as connection:
        accounts.log_read(connection, house.service, key.case_id, actor.user, "file_audit.read", house.now())
    return found[0], shown


def judge(house: House, number: int, was: str, answers: Mapping[str, str], actor: Actor) -> None:
    """Take a file audit one step on, with a judgement of every question.

    Who reviewed a file does not verify it.  Raises NotPermitted, NotFound, NotAllowed where somebody else was first,
    and WrongInput where a question is not judged.
    """
    house.permissions.demand(actor.role, "file_audit.judge")
    if faults(answers):
        raise WrongInput("Judge every question: " + ", ".join(faults(answers)) + ".")
    becomes = STEPS.get(was)
    if becomes is None:
        raise WrongInput("A final file audit is not changed.")
    kept = {key: judged for key, judged in answers.items() if judged in JUDGEMENTS}
    with house.writing() as connection:
        found = returns.audits(connection, house.service, number)
        if not found:
            raise NotFound("There is no such file audit.")
        if becomes == "verified" and found[0].reviewed_by == actor.user:
            raise NotPermitted("Whoever reviewed a file does not verify it: ask a colleague.")
        if not returns.move_audit(connection, house.service, number, was, becomes, kept, actor.user, house.now()):
            raise NotAllowed("Somebody else was first: load the page again.")


def inspection_sample(house: House, start: date, end: date) -> list[Json]:
    """The cases of victims who consented and were first contacted in a period, as an inspection asks for them.

    Raises NothingToReport where the period ends before it begins.
    """
    if end < start:
        raise NothingToReport("The period ends before it begins.")
    knows = knowing(house)
    with house.reading() as connection:
        found = [
            {
                "case": case.reference,
                "contacted_on": case.found.contacted_on,
                "consented_on": case.found.consented_on,
                "enhanced": case.enhanced,
                "victim_kind": case.found.victim_kind,
                "is_open": case.is_open,
            }
            for case in known_cases(house, connection, knows, contacted=(start, end))
            if case.found.is_consented
        ]
    return sorted(found, key=lambda each: str(each["case"]))


def evidence_pack(house: House, reference: str, actor: Actor) -> Json:
    """One case as an inspector may read it: states, days, duties and events, without names, notes or who lives where.

    Users are named by role only.  Taking it is logged with the case and as an export.  Raises NotFound, NotPermitted.
    """
    demand(house, "evidence_pack", actor)
    with house.reading() as connection:
        key = cases.find(connection, house.service, reference)
        if key is None:
            raise NotFound("There is no such case.")
        case = cases.history(connection, house.service, key)
        roles = {user.name: user.role for user in accounts.users(connection, house.service)}
    with house.writing() as connection:
        accounts.log_read(connection, house.service, key.case_id, actor.user, "evidence_pack.read", house.now())
    keep(house, name="evidence_pack", form="html", period=reference, shared=True, actor=actor)
    owed = duties(case, house.rulebook, house.calendar, house.today())
    return {
        "reference": reference,
        "state": case.state,
        "victim_kind": case.victim_kind,
        "enhanced": case.enhanced_from is not None,
        "evidence": evidence(case),
        "duties": owed,
        "events": [
            {
                "seq": e.seq,
                "kind": e.kind,
                "day": e.day,
                "by": roles.get(e.by, "system"),
                "fields": _redacted(e.kind, e.fields),
            }
            for e in case.standing
        ],
    }


def _redacted(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are days, numbers, choices or flags: no reference of a note, person, child or letter."""
    asked = {each.name: each.kind for each in CATALOGUE[kind].fields} if kind in CATALOGUE else {}
    plain = (FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.FLAG, FieldKind.DAY, FieldKind.NUMBER)
    return {name: value for name, value in fields.items() if asked.get(name) in plain}
