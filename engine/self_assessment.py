"""Lays the twelve rights beside the year's figures with what managers judged of each, and keeps their judgements."""

from datetime import date
from typing import Any

from engine.entries import Actor
from engine.errors import WrongInput
from engine.house import House
from engine.reports import compliance
from store import returns
from workflow.quarters import financial_year

Json = dict[str, Any]

RIGHTS: dict[str, str] = {
    "1": "To be able to understand and to be understood",
    "2": "To have the details of the crime recorded without unjustified delay",
    "3": "To be provided with information when reporting the crime",
    "4": "To be referred to services that support victims and have services and support tailored to meet your needs",
    "5": "To be provided with information about compensation",
    "6": "To be provided with information about the investigation and prosecution",
    "7": "To make a Victim Personal Statement",
    "8": "To be given information about the trial, trial process and your role as a witness",
    "9": "To be given information about the outcome of the case and any appeals",
    "10": "To be paid expenses and have property returned",
    "11": "To be given information about the person convicted, after a conviction",
    "12": "To make a complaint about your rights not being met",
}
"""The twelve rights of the Code of 2021, by their titles or as near to them as our words allow."""

EVIDENCE: dict[str, str] = {
    "policy": "Victim policy, with its date and review",
    "board": "The board sees the profile of victims",
    "police": "Arrangements with police for consent and details",
    "characteristics": "Protected characteristics are known",
    "brochure": "Brochure of the range of restorative justice",
    "probation": "Agreement with probation's Victim Liaison Unit",
    "duty_system": "Risk and safeguarding duty system, out of hours too",
    "workload": "Workload",
    "supervision": "Supervision, clinical supervision included",
    "training": "Training",
    "access": "The restorative justice worker's access to the case management system",
    "child_offer": "The offer to child victims, not limited in time",
    "evaluation": "Evaluation, victim tracker, and you said, we did",
    "self_assessment": "The yearly self-assessment against the Victims' Code",
}
"""What an inspection of the organisation asks to see (V1.2).  Source: domain.md 2.2; not the inspectorate's words."""

JUDGED = ("", "met", "partly", "not_met")
_LONGEST = 2000


def year_named(name: str, today: date) -> int:
    """The calendar year in which a financial year begins; the one that runs today where none is named."""
    if not name:
        return financial_year(today)[0].year
    if not (name.isascii() and name.isdigit() and len(name) == 4 and 2000 <= int(name) <= 2190):
        raise WrongInput("Name a financial year by the year in which it begins, such as 2026.")
    return int(name)


def self_assessment(house: House, year: int) -> Json:
    """The year that begins in April of ``year``: by right the figures, the judgement, and last year's beside them."""
    quarters = financial_year(date(year, 4, 1))
    start, end = quarters[0].start, quarters[-1].end
    figures = {row["key"]: row for row in compliance(house, start, end, by="right")["groups"]}
    last = financial_year(date(year - 1, 4, 1))
    before = {row["key"]: row for row in compliance(house, last[0].start, last[-1].end, by="right")["groups"]}
    with house.reading() as connection:
        judged = returns.judgements(connection, house.service, "victims_code", str(year))
        judged_before = returns.judgements(connection, house.service, "victims_code", str(year - 1))
        items = returns.judgements(connection, house.service, "v1_2", str(year))
    return {
        "year": year,
        "period": {"from": start.isoformat(), "to": end.isoformat()},
        "is_over": house.today() > end,
        "rights": [
            {
                "right": right,
                "title": title,
                "figures": figures.get(right),
                "last": before.get(right),
                "judged": judged.get(right),
                "judged_last": judged_before.get(right),
            }
            for right, title in RIGHTS.items()
        ],
        "evidence": [{"item": item, "title": title, "judged": items.get(item)} for item, title in EVIDENCE.items()],
    }


def keep_judgement(house: House, year: int, subject: str, item: str, document: dict[str, str], actor: Actor) -> None:
    """Keep what a manager judged of a right or of a piece of evidence; the ones before it stay.

    ``document`` holds ``judgement``, ``evidence`` (where it is found), ``actions``, ``owner`` and ``reviewed_on``.
    Raises NotPermitted and WrongInput.
    """
    house.permissions.demand(actor.role, "self_assessment.judge")
    known = {"victims_code": RIGHTS, "v1_2": EVIDENCE}.get(subject, {})
    if item not in known:
        raise WrongInput("There is no such item.")
    if document.get("judgement", "") not in JUDGED:
        raise WrongInput("Judge it as met, partly met or not met.")
    if any(len(words) > _LONGEST for words in document.values()):
        raise WrongInput(f"A text may have up to {_LONGEST} characters.")
    with house.writing() as connection:
        returns.judge(connection, house.service, subject, str(year), item, document, actor.user, house.now())
