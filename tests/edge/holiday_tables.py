"""Makes tables of bank holidays for tests, takes them in, and says what cases were told."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.calendar_files import HOLIDAYS, load_calendar, stamp
from engine.calendar_import import Proposal, adopt, propose
from engine.entries import Entry
from engine.house import House
from engine.record import record
from store import projections
from tests.conftest import NOW
from tests.edge.faults.town import ROSA, another, case, case_key, take_in
from workflow.duties import Duty, duties
from workflow.events import Value
from workflow.london import start_of_day

ACKNOWLEDGE = "complaint-acknowledgement"
FUNERAL = ("2026-12-02", "Bank holiday for a state funeral")
OPEN = ("open", "paused", "no_data")


def with_own_config(town: House, folder: Path) -> House:
    """The house with a config folder that may be written, in a folder of the test."""
    home = folder / "home"
    shutil.copytree(town.settings.config, home / "config")
    (home / "templates").symlink_to(town.settings.templates)
    settings = replace(town.settings, home=home)
    return replace(
        town, settings=settings, calendar=load_calendar(settings.config), calendar_read=stamp(settings.config)
    )


def quietly(done: int, total: int) -> None:
    """Tell nobody how far it is."""


def table(house: House, *added: tuple[str, str], gone: tuple[str, ...] = (), since: str = "", until: str = "") -> Path:
    """A file in the form GOV.UK publishes: the present table with days added and gone, perhaps a part of it."""
    events = json.loads((house.settings.config / HOLIDAYS).read_text(encoding="utf-8"))["england-and-wales"]["events"]
    kept = [event for event in events if event["date"] not in gone and since <= event["date"] <= (until or "9")]
    kept += [{"title": title, "date": day, "notes": "", "bunting": False} for day, title in added]
    document = {"england-and-wales": {"division": "england-and-wales", "events": sorted(kept, key=lambda e: e["date"])}}
    file = house.settings.home / "new.json"
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return file


def proposed(house: House, file: Path, now: datetime = NOW, **said: bool) -> Proposal:
    """What a file would change."""
    return propose(house, file, now, quietly, **said)


def taken_in(house: House, file: Path, now: datetime = NOW) -> tuple[House, dict[str, Any]]:
    """The house after a table was taken in, and what that did."""
    done = adopt(house, proposed(house, file, now), now, quietly)
    return house.counting_now(), done


def put(house: House, reference: str, event: str, day: str, **fields: Value) -> None:
    """Record one event of a day."""
    at = start_of_day(date.fromisoformat(day))
    record(house, reference, [Entry(event, fields, at)], actor=ROSA, now=max(NOW, at + timedelta(hours=12)))


def complaint(house: House, received: str, acknowledged: str | None = None) -> str:
    """A new case with a complaint; gives its reference."""
    reference = take_in(house, another(), NOW)
    put(house, reference, "complaint_received", received)
    if acknowledged:
        put(house, reference, "complaint_acknowledged", acknowledged)
    return reference


def rows(house: House, reference: str) -> dict[tuple[str, int], Mapping[str, Any]]:
    """The duties of a case as lists show them."""
    with house.reading() as connection:
        kept = projections.duty_rows(connection, house.service, case_key(house, reference).case_id)
    return {(row["rule"], row["occurrence"]): row for row in kept}


def due(house: House, reference: str, rule: str = ACKNOWLEDGE) -> str:
    """The due day of a rule as lists show it."""
    return next(str(row["due_on"]) for (name, _), row in rows(house, reference).items() if name == rule)


def told(house: House, reference: str) -> dict[tuple[str, int], tuple[str, str, str]]:
    """What the case was told: by duty, from which day to which, and why; each once."""
    events = case(house, reference).of("deadline_moved")
    found = {
        (e.text("rule"), int(e.fields["occurrence"])): (e.text("was"), e.text("now"), e.text("why")) for e in events
    }
    assert len(found) == len(events)
    return found


def derived(house: House, reference: str, today: str, rule: str = ACKNOWLEDGE) -> Duty:
    """A duty as it is derived."""
    owed = duties(case(house, reference), house.rulebook, house.calendar, date.fromisoformat(today))
    return next(duty for duty in owed if duty.rule.id == rule)
