"""Reads how this service counts: the dated definitions of KPI 10, sample and bands, suppression, and the teams."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from engine.errors import BadConfiguration
from workflow.kpi import CONTACTED, ENGAGED, OUTCOMES, Definition
from workflow.vocabulary import Characteristic

_FILE = "reports.toml"


@dataclass(frozen=True, slots=True)
class Group:
    """Answers about one characteristic that are counted together; ``ages`` from and to, both included.

    ``area`` is the per cent of the people of the area, None where it is not known.
    """

    characteristic: str
    name: str
    values: frozenset[str]
    ages: tuple[int, int] | None
    area: float | None


OTHER_ANSWER = "another answer"


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups in which characteristics are counted, and where the area's figures are from."""

    groups: tuple[Group, ...]
    source: str

    def group(self, characteristic: str, value: object) -> str:
        """The group of an answer; one that stands in none is another answer, and never shown as it was given."""
        said = " ".join(str(value).split()).casefold()
        age = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else None
        for each in self.groups:
            if each.characteristic == characteristic and (
                said in each.values or (each.ages and age is not None and each.ages[0] <= age <= each.ages[1])
            ):
                return each.name
        return OTHER_ANSWER

    def names(self, characteristic: str) -> list[str]:
        """The groups of a characteristic in their order, other answers last."""
        return [*(each.name for each in self.groups if each.characteristic == characteristic), OTHER_ANSWER]

    def area(self, characteristic: str, name: str) -> float | None:
        """The per cent of the area's people in a group."""
        return next((g.area for g in self.groups if (g.characteristic, g.name) == (characteristic, name)), None)


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """How this service counts; what each key means stands beside it in reports.toml.

    ``bands`` are names with the lowest per cent of each, highest first; ``teams`` says by user which team.
    """

    definitions: tuple[Definition, ...]
    list_before_working: int
    due_after_working: int
    files_a_month: int
    bands: tuple[tuple[str, int], ...]
    suppress_below: int
    teams: Mapping[str, str]
    grouping: Grouping

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
        due_after_working=_number(document, "return", "due_after_working", 0, 60),
        files_a_month=_number(document, "sample", "files_a_month", 1, 50),
        bands=_bands(document.get("score")),
        suppress_below=_number(document, "suppression", "below", 2, 20),
        teams={str(user): name for name, users in teams.items() for user in users},
        grouping=_grouping(document.get("profile", {})),
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


def _grouping(table: object) -> Grouping:
    listed = table.get("group", []) if isinstance(table, dict) else None
    if not isinstance(table, dict) or not isinstance(listed, list):
        raise BadConfiguration(_FILE, "profile", "Give the groups as [[profile.group]].")
    return Grouping(tuple(_group(each, place) for place, each in enumerate(listed, 1)), str(table.get("source", "")))


def _group(each: object, place: int) -> Group:
    table = each if isinstance(each, dict) else {}
    values, ages, area = table.get("values", []), table.get("ages"), table.get("area")
    faults = {
        "characteristic": table.get("characteristic") not in tuple(Characteristic),
        "name": not isinstance(table.get("name"), str) or not table.get("name"),
        "values": not isinstance(values, list),
        "ages": ages is not None
        and not (isinstance(ages, list) and len(ages) == 2 and all(type(age) is int for age in ages)),
        "area": area is not None and not (type(area) in (int, float) and 0 <= area <= 100),
    }
    for key, is_wrong in faults.items():
        if is_wrong:
            remedy = "Give characteristic, name, and values or ages = [from, to]; area is a per cent."
            raise BadConfiguration(_FILE, f"profile.group.{place}.{key}", remedy)
    return Group(
        table["characteristic"],
        table["name"],
        frozenset(str(value).casefold() for value in values),
        (ages[0], ages[1]) if ages is not None else None,
        float(area) if area is not None else None,
    )
