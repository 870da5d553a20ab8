"""Shows a force what its records look like from here: complete or not, refused or not, early or late, week by week."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from engine.errors import NotFound
from engine.house import House
from engine.report_settings import read_report_settings
from store import force_cases, people, submissions
from store.cases import CaseKey
from workflow.case import Case
from workflow.london import london_day
from workflow.mirror import Mirror, Told, mirror, of_week
from workflow.vocabulary import Characteristic, Decision

_WEEK = timedelta(days=6)


def mirror_of(house: House, force: str, first: date, last: date) -> dict[str, Any]:
    """The mirror of a force for the records that came from one day to another, and of the week that ends on the last.

    Raises NotFound for a force we do not know.
    """
    with house.reading() as connection:
        if force not in submissions.forces(connection, house.service):
            raise NotFound("That force is not known here.")
        told = list(_told(house, connection, force))
    below = house_limit(house)
    week = max(first, last - _WEEK)
    return {
        "force": force,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "hidden_below": below,
        **_document(mirror(of_week(told, first, last), below)),
        "week": {
            "from": week.isoformat(),
            "to": last.isoformat(),
            **_document(mirror(of_week(told, week, last), below)),
        },
    }


def house_limit(house: House) -> int:
    """Under which number figures are hidden, as in everything else that leaves the service."""
    return read_report_settings(house.settings.config).suppress_below


def forces_of(house: House) -> list[str]:
    """The forces that send records."""
    with house.reading() as connection:
        return submissions.forces(connection, house.service)


def _document(shown: Mirror) -> dict[str, Any]:
    tables = [
        {
            "name": table.name,
            "title": table.title,
            "of": table.of,
            "rows": [{**asdict(share), "rate": share.rate} for share in table.shares],
        }
        for table in shown.tables
    ]
    return {"records": shown.records, "median_working_days_to_details": shown.median_days, "tables": tables}


def _told(house: House, connection: Connection, force: str) -> Iterator[Told]:
    """What each record of a force told us, one for each case that its records opened."""
    for key, case in force_cases.histories(connection, house.service, force):
        found = _one(house, connection, key, case)
        if found is not None:
            yield found


def _one(house: House, connection: Connection, key: CaseKey, case: Case) -> Told | None:
    answers = [*case.of("consent_recorded")]
    received = case.last("details_received")
    if not answers or received is None:
        return None
    first = answers[0]
    victim = people.find(connection, house.keyring, key.person_id)
    officer = victim.document.get("officer") or {}
    is_organisation = case.victim_kind == "organisation"
    known = {} if is_organisation else people.characteristics(connection, victim)
    # What a record says nothing about was not asked; an organisation has no characteristics.
    otherwise = ("not_applicable" if is_organisation else "not_asked", None)
    reported = case.of("crime_reported")
    refused = first.text("decision") == Decision.NO
    later = [*answers[1:], *case.of("consent_renewed")]
    return Told(
        received_on=london_day(case.history[0].recorded_at),
        station=str(victim.document.get("station") or ""),
        team=str(officer.get("team") or ""),
        officer=str(officer.get("collar_number") or ""),
        statuses=tuple((str(name), known.get(str(name), otherwise)[0]) for name in Characteristic),
        asked=first.text("decision") != Decision.NOT_ASKED,
        refused=refused,
        reason=first.text("refusal_reason"),
        informed=len(first.items("informed")),
        became_yes=refused and any(e.kind == "consent_renewed" or e.text("decision") == Decision.YES for e in later),
        days_to_details=house.calendar.working_days_between(reported[0].day, received.recorded_day)
        if reported
        else None,
    )
