"""Judges one row of a case management system: who it is about, what is wrong with it, and what is missing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.children.profile import ASKED
from engine.feeds.forms import Form
from workflow.events import CODE_CHARACTERS
from workflow.problems import Problem

_DAYS = ("date_of_birth", "offence_on", "decided_on", "started_on", "ended_on")
_LONGEST_NAME = 120
_YOUNGEST, _GROWN = 10, 18
"""The age of criminal responsibility (Children and Young Persons Act 1963, section 16), and of being grown up."""
_MOST_MONTHS = 600
_NOT_A_WORD = "?"
_CRIME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 /._-]{2,63}")


@dataclass(frozen=True, slots=True)
class ChildRow:
    """A row that can be taken: the child as kept under seal, the crime, and the intervention in codes and days."""

    row: int
    intervention_id: str
    child_id: str
    crime_reference: str
    child: Mapping[str, str]
    content: Mapping[str, Any]
    gaps: tuple[Problem, ...]

    @property
    def identity(self) -> tuple[str, str, str]:
        """Who the row says the child is: names folded, and birthday."""
        given, family = (" ".join(self.child[part].casefold().split()) for part in ("given_name", "family_name"))
        return (given, family, self.child.get("date_of_birth", ""))


def check_row(row: int, raw: Mapping[str, str], form: Form, today: date) -> ChildRow | list[Problem]:
    """A row as it can be taken, or every reason why it cannot."""
    errors: list[Problem] = []
    for name in ASKED.required:
        if name not in raw and name != "date_of_birth":
            errors.append(Problem(name, "missing", f"Give {name}: no row can be taken without it."))
    errors += _codes(raw)
    days = _days(raw, form, errors)
    months = _months(raw, errors)
    errors += _order(days, today)
    if errors:
        return errors
    content, gaps = _content(raw, form, days, months, today)
    child = {"given_name": raw["given_name"], "family_name": raw["family_name"]}
    if "date_of_birth" in days:
        child["date_of_birth"] = days["date_of_birth"].isoformat()
    crime = " ".join(raw["crime_reference"].split())
    return ChildRow(row, raw["intervention_id"], raw["child_id"], crime, child, content, tuple(gaps))


def _codes(raw: Mapping[str, str]) -> Iterator[Problem]:
    names = [raw[part].casefold() for part in ("given_name", "family_name") if part in raw]
    for name in ("intervention_id", "child_id"):
        given = raw.get(name, "")
        if not given:
            continue
        if len(given) > 64 or not CODE_CHARACTERS.issuperset(given) or not any(sign.isdigit() for sign in given):
            yield Problem(name, "not-a-reference", "Give a reference of letters, digits and hyphens.")
        elif any(len(each) > 2 and each in given.casefold() for each in names):
            yield Problem(name, "tells-a-name", "Give a reference that does not hold the child's name.")
    if "crime_reference" in raw and not _CRIME.fullmatch(raw["crime_reference"]):
        yield Problem("crime_reference", "not-a-reference", "Give the crime reference as police write it.")
    for name in ("given_name", "family_name"):
        if len(raw.get(name, "")) > _LONGEST_NAME:
            yield Problem(name, "too-long", f"Shorten it: at most {_LONGEST_NAME} letters.")


def _days(raw: Mapping[str, str], form: Form, errors: list[Problem]) -> dict[str, date]:
    found: dict[str, date] = {}
    for name in _DAYS:
        if name not in raw:
            continue
        cell = form.profile.cell(name, raw[name])
        if cell == _NOT_A_WORD:
            errors.append(Problem(name, "not-a-day", "Give a day that exists, in a form that the profile lists."))
        else:
            found[name] = date.fromisoformat(cell)
    return found


def _months(raw: Mapping[str, str], errors: list[Problem]) -> int | None:
    given = raw.get("custody_months")
    if given is None:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", given) or int(given) > _MOST_MONTHS:
        errors.append(Problem("custody_months", "not-a-number", "Give whole months of custody, or leave it empty."))
        return None
    return int(given)


def _order(days: Mapping[str, date], today: date) -> Iterator[Problem]:
    started, ended, born = days.get("started_on"), days.get("ended_on"), days.get("date_of_birth")
    if started and ended and ended < started:
        yield Problem("ended_on", "ends-before-it-starts", "Check both days: it cannot end before it starts.")
    if ended and not started:
        yield Problem("started_on", "missing", "Give the day on which it started: there is one on which it ended.")
    offence = days.get("offence_on")
    if offence and offence > today:
        yield Problem("offence_on", "in-the-future", "Check the day of the offence: it has not come.")
    seen = offence or min((day for name in ("decided_on", "started_on") if (day := days.get(name))), default=None)
    if born and seen:
        age = _age(born, seen)
        if age < _YOUNGEST or (offence and age >= _GROWN):
            yield Problem("date_of_birth", "not-10-to-17", "Check it: the child was 10 to 17 at the offence.")


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _content(
    raw: Mapping[str, str], form: Form, days: Mapping[str, date], months: int | None, today: date
) -> tuple[dict[str, Any], list[Problem]]:
    """The intervention in codes and days, and what is missing or contradicts itself in it."""
    gaps: list[Problem] = []
    codes = {name: _code(raw, form, name, gaps) for name in ("decision", "outcome", "disposal", "ended_as")}
    listed = (form.further["listed"] or {}).get(raw.get("offence", ""))
    content: dict[str, Any] = {name: code for name, code in codes.items() if code}
    content |= {name: day.isoformat() for name, day in days.items() if name != "date_of_birth"}
    if months:
        content["custody_months"] = months
    if listed is not None:
        content["listed"] = listed
    gaps += _missing(days, codes, months, listed, today)
    if "" in raw:
        gaps.append(Problem("", "stray-cell", "Give every column a name: what stands under none was not read."))
    return content, gaps


def _code(raw: Mapping[str, str], form: Form, name: str, gaps: list[Problem]) -> str:
    if name not in raw:
        return ""
    code = form.profile.words.get(name, {}).get(" ".join(raw[name].split()), "")
    if not code:
        gaps.append(Problem(name, "word-unknown", f"Add this word to words.{name} of the profile, and send it again."))
    return code


def _missing(
    days: Mapping[str, date], codes: Mapping[str, str], months: int | None, listed: bool | None, today: date
) -> Iterator[Problem]:
    decided, started, ended = (days.get(name) for name in ("decided_on", "started_on", "ended_on"))
    if "date_of_birth" not in days:
        yield Problem("date_of_birth", "missing", "Give it: without it nobody can tell children of one name apart.")
    elif decided and "offence_on" not in days and _age(days["date_of_birth"], decided) >= _GROWN:
        yield Problem("offence_on", "age-not-sure", "Give the day of the offence: they were 18 at the decision.")
    if decided is None:
        yield Problem("decided_on", "missing", "Give the day of the decision: the victim is to be heard before it.")
    elif decided > today and codes["outcome"]:
        yield Problem("outcome", "before-its-day", "Check the day: it has not come, and has an outcome.")
    elif decided <= today and not codes["outcome"]:
        yield Problem("outcome", "missing", "Say what was decided: the day has passed.")
    if started and decided and started < decided:
        yield Problem("started_on", "starts-before-decision", "Check both days: it starts before it was decided.")
    if codes["outcome"] == "no_further_action" and started:
        yield Problem("outcome", "nothing-decided", "Check it: no further action, and an intervention that starts.")
    if ended and ended > today:
        yield Problem("ended_on", "ends-later", "Send the file again after that day: it is not counted before.")
    elif ended and not codes["ended_as"]:
        yield Problem("ended_as", "missing", "Say how it ended: until then no victim is told that it was completed.")
    custody = codes["disposal"] == "custody" and codes["outcome"] != "no_further_action"
    if custody and not months:
        yield Problem("custody_months", "missing", "Give the months: they may bring the Victim Contact Scheme.")
    if custody and months and listed is None:
        words = "Say in the profile whether the offence is listed: until then it is taken for one that is."
        yield Problem("offence", "listed-offence-unknown", words)
    if months and not custody:
        yield Problem("disposal", "months-without-custody", "Check both: months of custody need a custodial sentence.")
