"""Reads how this service counts: the dated definitions of KPI 10, sample and bands, suppression, and the teams."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from engine.errors import BadConfiguration
from workflow.kpi import CONTACTED, ENGAGED, OUTCOMES, Definition

_FILE = "reports.toml"


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """How this service counts; what each key means stands beside it in reports.toml.

    ``bands`` are names with the lowest per cent of each, highest first; ``teams`` says by user which team.
    """

    definitions: tuple[Definition, ...]
    list_before_working: int
    files_a_month: int
    bands: tuple[tuple[str, int], ...]
    suppress_below: int
    teams: Mapping[str, str]

    def definition_on(self, day: date) -> Definition:
        """The definition of KPI 10 for a quarter that ends on a day; the first one for any before it."""
        return next((each for each in reversed(self.definitions) if each.since <= day), self.definitions[0])


def read_report_settings(folder: Path) -> ReportSettings:
    """The settings of the reports in a folder.  Raises BadConfiguration, naming key and remedy."""
    try:
        document = tomllib.loads((folder / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadConfiguration(_FILE, "file", "It is not there: put it into the config folder.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadConfiguration(_FILE, "file", f"It is not readable TOML: {fault}.") from None
    teams = document.get("teams", {})
    if not isinstance(teams, dict) or not all(isinstance(users, list) for users in teams.values()):
        raise BadConfiguration(_FILE, "teams", "Give each team a list of user names.")
    return ReportSettings(
        definitions=_definitions(document.get("kpi")),
        list_before_working=_number(document, "return", "list_before_working", 1, 60),
        files_a_month=_number(document, "sample", "files_a_month", 1, 50),
        bands=_bands(document.get("score")),
        suppress_below=_number(document, "suppression", "below", 2, 20),
        teams={str(user): name for name, users in teams.items() for user in users},
    )


def _definitions(listed: object) -> tuple[Definition, ...]:
    if not isinstance(listed, list) or not listed:
        raise BadConfiguration(_FILE, "kpi", "Give at least one [[kpi]] with the day from which it counts.")
    found = []
    for place, each in enumerate(listed, start=1):
        table: dict[str, Any] = each if isinstance(each, dict) else {}
        engaged, outcomes = table.get("engaged"), table.get("outcomes")
        faults = {
            "from": not isinstance(table.get("from"), date),
            "engaged": not isinstance(engaged, list) or not engaged or not set(map(str, engaged)) <= set(ENGAGED),
            "contacted": table.get("contacted") not in CONTACTED,
            "not_objected_counts": not isinstance(table.get("not_objected_counts"), bool),
            "outcomes": not isinstance(outcomes, list) or not outcomes or not set(map(str, outcomes)) <= set(OUTCOMES),
        }
        for key, is_wrong in faults.items():
            if is_wrong:
                allowed = {"engaged": ENGAGED, "contacted": CONTACTED, "outcomes": OUTCOMES}.get(key)
                remedy = f"Choose from: {', '.join(allowed)}." if allowed else "Give a day, or true or false."
                raise BadConfiguration(_FILE, f"kpi.{place}.{key}", remedy)
        found.append(
            Definition(
                table["from"],
                tuple(table["engaged"]),
                table["contacted"],
                table["not_objected_counts"],
                tuple(table["outcomes"]),
            )
        )
    return tuple(sorted(found, key=lambda each: each.since))


def _number(document: dict[str, Any], part: str, key: str, least: int, most: int) -> int:
    table = document.get(part)
    value = table.get(key) if isinstance(table, dict) else None
    if type(value) is not int or not least <= value <= most:
        raise BadConfiguration(_FILE, f"{part}.{key}", f"Give a whole number from {least} to {most}.")
    return value


def _bands(table: object) -> tuple[tuple[str, int], ...]:
    listed = table.get("bands") if isinstance(table, dict) else None
    try:
        bands = tuple((str(name), int(least)) for name, least in listed or ())
    except (TypeError, ValueError):
        bands = ()
    if not bands or list(bands) != sorted(bands, key=lambda band: -band[1]) or bands[-1][1] != 0:
        raise BadConfiguration(_FILE, "score.bands", "List name and lowest per cent, highest first, down to 0.")
    return bands
