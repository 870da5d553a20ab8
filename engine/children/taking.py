"""Takes an export of the case management system in: crime by crime, whole rows, and a receipt for every one."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.children.both_sides import keep_apart
from engine.children.checking import ChildRow, check_row
from engine.children.identity import SHARED, find_child, shared_numbers
from engine.children.owed import BY, Known, owed, waiting
from engine.children.profile import children_form
from engine.entries import Actor
from engine.feeds.forms import Form
from engine.feeds.reading import DryRun, read_table
from engine.feeds.receipts import Json, Line, receipt, refused, taken
from engine.house import House
from engine.record import continue_case, finish
from store import cases, feeds, people
from store.cases import CaseKey
from store.feeds import KeptIntervention
from store.types import canonical
from workflow.case import Case
from workflow.london import london_day
from workflow.machine import NotAllowed
from workflow.problems import Problem
from workflow.vocabulary import Role, State

Tell = Callable[[int, int], None]

ACTOR = Actor(BY, Role.FEED)
"""In whose name the feed records."""
_ROUNDS = 3
_REPEATED = Problem(
    "intervention_id", "number-reused", "Give each intervention a number of its own: another row has this one."
)
_MOVED = Problem(
    "crime_reference",
    "crime-changed",
    "Check it: this intervention was about another crime, whose cases stay as they are.",
)
_FORCES = Problem(
    "crime_reference", "several-forces", "Name the force in the profile: more than one has a crime of this reference."
)
_REFUSED = Problem("", "case-takes-no-more", "Look at the case: something of this row could not be recorded there.")
_UNLINKED = Problem("child_id", "unlinked-by-a-person", "Speak to the service: this child was taken off the case.")
_GOES_ON = Problem(
    "ended_on", "another-goes-on", "Nothing to do: the end counts when the child's last intervention for it ends."
)


def import_children(
    house: House,
    path: Path,
    now: datetime,
    *,
    profile: str | None = None,
    dry_run: bool = False,
    tell: Tell = lambda done, total: None,
) -> Json:
    """Take an export in and give the receipt: one line for each row, in the order of the file.

    Every row of one crime is kept in one transaction, with all that it means for every case of that crime.  A row of
    a crime that has no case is kept and waits: the same file again takes it up.  The same file again otherwise changes
    nothing; a row whose content changed is put right where it was recorded.  Raises NotFound, WrongInput or
    BadConfiguration.
    """
    form = children_form(house.settings.config, profile)
    reading = read_table(path, form)
    lines: list[Line] = []
    rows: list[ChildRow] = []
    seen: dict[str, ChildRow] = {}
    today = london_day(now)
    for place, each in enumerate(reading.rows, start=1):
        checked = check_row(place, each.raw, form, today) if each.raw is not None else list(each.problems)
        if isinstance(checked, list):
            lines.append(refused(place, checked))
        elif checked.intervention_id not in seen:
            seen[checked.intervention_id] = checked
            rows.append(checked)
        elif _said(checked) == _said(seen[checked.intervention_id]):
            lines.append(Line(place, "duplicate"))
        else:
            lines.append(refused(place, (_REPEATED,)))
    shared, also = shared_numbers(rows), set()
    for crime, group in _by_crime(rows).items():
        batch = _Batch(house, form, crime, shared, now, dry_run)
        lines += batch.taken(group)
        also |= batch.also_victims
        tell(len(lines), len(rows))
    return {**receipt(reading, lines, dry_run), "also_victims": sorted(also)}


def _by_crime(rows: Sequence[ChildRow]) -> Mapping[str, list[ChildRow]]:
    found: dict[str, list[ChildRow]] = {}
    for row in rows:
        found.setdefault(row.crime_reference, []).append(row)
    return found


def _said(row: ChildRow) -> str:
    said = [row.child_id, row.crime_reference, dict(row.child), dict(row.content)]
    return hashlib.sha256(canonical(said).encode()).hexdigest()


@dataclass
class _Batch:
    """The rows about one crime, while they are taken in."""

    house: House
    form: Form
    crime: str
    shared: frozenset[str]
    now: datetime
    dry_run: bool
    also_victims: set[str] = field(default_factory=set)

    def taken(self, rows: Sequence[ChildRow]) -> list[Line]:
        """The lines of these rows; all of them are kept, or none where the database refuses."""
        lines: list[Line] = []
        try:
            with self.house.writing() as connection:
                lines = self._within(connection, rows)
                if self.dry_run:
                    raise DryRun
        except DryRun:
            pass
        return lines

    def _within(self, connection: Connection, rows: Sequence[ChildRow]) -> list[Line]:
        service = self.house.service
        kept = feeds.interventions(connection, service, [row.intervention_id for row in rows])
        gaps: dict[str, list[Problem]] = {row.intervention_id: list(row.gaps) for row in rows}
        before = {}
        for row in rows:
            old = kept.get(row.intervention_id)
            content = self._keep(connection, row, old, gaps[row.intervention_id])
            if content is not None:
                before[row.intervention_id] = content
        theirs = [
            key for key in feeds.cases_of_crime(connection, service, self.crime) if self.form.force in ("", key.force)
        ]
        reached: dict[str, list[str]] = {number: [] for number in gaps}
        fresh: set[str] = set()
        if len({key.force for key in theirs}) > 1:
            for found in gaps.values():
                found.append(_FORCES)
            theirs = []
        for key in theirs:
            self._record(connection, key, before, gaps, reached, fresh)
        for each in feeds.of_crime(connection, service, self.crime) if theirs else []:
            child = people.find(connection, self.house.keyring, each.person_id)
            self.also_victims.update(keep_apart(self.house, connection, child, self.now))
        lines = []
        for row in rows:
            number, old = row.intervention_id, kept.get(row.intervention_id)
            is_known = old is not None and old.digest == _said(row)
            if is_known and number not in fresh:
                lines.append(Line(row.row, "duplicate", tuple(reached[number]), waits=not theirs))
            else:
                changed = old is not None and not is_known
                found = [*dict.fromkeys(gaps[number])]
                lines.append(taken(row.row, found, reached[number], waits=not theirs, changed=changed))
        return lines

    def _keep(
        self, connection: Connection, row: ChildRow, old: KeptIntervention | None, gaps: list[Problem]
    ) -> dict[str, Any] | None:
        """Keep the intervention as it is now; gives what it said before where that was something else."""
        service, digest = self.house.service, _said(row)
        found = find_child(self.house, connection, row, self.shared)
        if found.is_shared:
            gaps.append(SHARED)
        before = None
        if old is not None:
            before = feeds.content_of(people.find(connection, self.house.keyring, old.person_id), old)
            if old.crime_reference != row.crime_reference:
                gaps.append(_MOVED)
            if old.digest == digest:
                return None
        content = {**row.content, "child_id": row.child_id, "code": found.code}
        feeds.keep_intervention(
            connection,
            service,
            found.person,
            row.intervention_id,
            row.crime_reference,
            digest,
            content,
            self.now,
            is_new=old is None,
        )
        return before

    def _record(
        self,
        connection: Connection,
        key: CaseKey,
        before: Mapping[str, dict[str, Any]],
        gaps: Mapping[str, list[Problem]],
        reached: Mapping[str, list[str]],
        fresh: set[str],
    ) -> None:
        """What all the interventions of the crime mean for one case of it."""
        case = cases.history(connection, self.house.service, key)
        if case.state in (State.MERGED, State.ERASED):
            return
        kept = feeds.of_crime(connection, self.house.service, self.crime)
        known = [self._known(connection, case, key, each, before.get(each.intervention_id)) for each in kept]
        off = {event.text("child") for event in case.of("child_unlinked")} - set(case.children)
        for each in known:
            if each.child in off and each.intervention_id in gaps:
                gaps[each.intervention_id].append(_UNLINKED)
        known = [each for each in known if each.child not in off]
        for number in waiting(known, london_day(self.now)) & set(gaps):
            gaps[number].append(_GOES_ON)
        for each in known:
            if each.intervention_id in reached:
                reached[each.intervention_id].append(key.reference)
        deed = continue_case(self.house, connection, key, ACTOR, self.now)
        refusals: set[str] = set()
        for _ in range(_ROUNDS):
            done = len(deed.added)
            for number, entry in owed(deed.case, known, self.now):
                try:
                    deed.add(entry)
                    fresh.add(number)
                except NotAllowed:
                    refusals.add(number)
            if len(deed.added) == done:
                break
            # What was put right once is put right.
            known = [Known(each.intervention_id, each.child, each.content) for each in known]
        for number in refusals & set(gaps):
            gaps[number].append(_REFUSED)
        finish(deed)

    def _known(
        self, connection: Connection, case: Case, key: CaseKey, kept: KeptIntervention, before: dict[str, Any] | None
    ) -> Known:
        """An intervention as the case knows it, and its child linked with the case."""
        child = people.find(connection, self.house.keyring, kept.person_id)
        content = feeds.content_of(child, kept)
        # Within one crime the number says who is meant, whoever else may bear it elsewhere.
        linked = {event.text("child") for event in case.of("child_linked", "child_unlinked")}
        code = content["child_id"] if content["child_id"] in linked else content["code"]
        if code == content["code"] and (code in case.children or code not in linked):
            cases.add_child(connection, self.house.service, key.case_id, child.person_id)
        return Known(kept.intervention_id, code, content, before)
