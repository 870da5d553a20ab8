"""Brings a spreadsheet over: each victim of a crime one case, its history marked, and a receipt for every row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from engine.correspondence import incident_match, name_of, under_18
from engine.entries import Actor, Entry
from engine.errors import WrongInput
from engine.feeds.forms import Form
from engine.feeds.reading import DryRun, read_table
from engine.feeds.receipts import Json, Line, receipt, refused, taken
from engine.house import House
from engine.intake.opening import person_match
from engine.record import begin_cases, continue_case, finish, open_cases
from engine.search_keys import digests_of
from engine.tracker.judging import Cell, TrackerRow, judge_row
from engine.tracker.profile import Words, tracker_form
from store import cases, feeds, people, searching, submissions
from store.cases import CaseKey
from workflow.events import Fields
from workflow.london import london_day
from workflow.problems import Problem
from workflow.vocabulary import Channel, Known, Role, State

Tell = Callable[[int, int], None]

ACTOR = Actor("feed:tracker", Role.FEED)
"""In whose name the history is brought over."""
_AGAIN = Problem("", "victim-twice", "Look at the rows: another is about this victim and crime. They are one case.")
_THERE = Problem("", "case-is-there", "Look at the case: it was there before, and this was added to it.")
_NO_MORE = Problem("", "case-takes-no-more", "Look at the case: it was merged or erased, and takes nothing more.")
_DIFFER = Problem("consent", "answers-differ", "Ask the officer in charge: the rows about this victim differ.")


def import_tracker(
    house: House,
    path: Path,
    now: datetime,
    *,
    profile: str | None = None,
    dry_run: bool = False,
    tell: Tell = lambda done, total: None,
) -> Json:
    """Bring a spreadsheet over and give the receipt: one line for each row, in the order of the file.

    The rows about one victim of one crime are one case, kept in one transaction, with the most careful of their
    answers.  The same file again changes nothing; a cell that is new is added, and is read before anybody is contacted.
    Raises NotFound, WrongInput or BadConfiguration.
    """
    form, words = tracker_form(house.settings.config, profile)
    model = house.settings.forces.get(form.force)
    if model is None:
        raise WrongInput("The profile names a force that service.toml does not.")
    reading = read_table(path, form)
    lines: list[Line] = []
    groups: dict[tuple[str, str, str], list[TrackerRow]] = {}
    for place, each in enumerate(reading.rows, start=1):
        judged: TrackerRow | list[Problem] = list(each.problems)
        if each.raw is not None:
            judged = judge_row(place, each.raw, words, london_day(now))
        if isinstance(judged, list):
            lines.append(refused(place, judged))
        else:
            born = str(judged.victim.get("date_of_birth", ""))
            groups.setdefault((judged.crime_reference, name_of(judged.victim).casefold(), born), []).append(judged)
    for rows in groups.values():
        lines += _Victim(house, form, words, str(model), rows, now).taken(dry_run)
        tell(len(lines), len(lines))
    return receipt(reading, lines, dry_run)


@dataclass
class _Victim:
    """The rows about one victim of one crime, while they are brought over."""

    house: House
    form: Form
    words: Words
    model: str
    rows: Sequence[TrackerRow]
    now: datetime

    def taken(self, dry_run: bool) -> list[Line]:
        """The lines of these rows; all of them are kept, or none where the database refuses."""
        lines: list[Line] = []
        try:
            with self.house.writing() as connection:
                lines = self._within(connection)
                if dry_run:
                    raise DryRun
        except DryRun:
            pass
        return lines

    def _within(self, connection: Connection) -> list[Line]:
        house, first = self.house, self.rows[0]
        submissions.hold_force(connection, house.service, self.form.force)
        identity = house.keyring.match("tracker", first.crime_reference, name_of(first.victim), self._born)
        kept = feeds.tracker_row(connection, house.service, identity)
        before: Mapping[str, list[str]] = kept.cells if kept else {}
        digests = {row.row: self._digests(row) for row in self.rows}
        cells: dict[str, list[str]] = {name: list(found) for name, found in before.items()}
        fresh: list[Cell] = []
        news: set[int] = set()
        for row in self.rows:
            for cell, digest in zip(row.cells, digests[row.row], strict=True):
                if digest not in cells.setdefault(cell.column, []):
                    cells[cell.column].append(digest)
                    fresh.append(cell)
                    news.add(row.row)
        if kept is not None:
            key = cases.by_number(connection, house.service, kept.case_id)
            there = False
        else:
            found = self._case_there(connection)
            there = found is not None
            key = found or self._opened(connection, fresh)
        if fresh and (kept is not None or there) and not self._added(connection, key, fresh):
            # Nothing may be marked as brought over that no case holds.
            known = [row for row in self.rows if row.row not in news]
            lines = [Line(row.row, "duplicate", (key.reference,)) for row in known]
            return [*lines, *(refused(number, (_NO_MORE,)) for number in sorted(news))]
        if fresh:
            is_new = kept is None
            feeds.keep_tracker_row(connection, house.service, identity, key.case_id, cells, self.now, is_new=is_new)
        return [self._line(row, key, row.row in news, kept is not None, there) for row in self.rows]

    @property
    def _born(self) -> str:
        return str(self.rows[0].victim.get("date_of_birth", ""))

    def _digests(self, row: TrackerRow) -> list[str]:
        return [self.house.keyring.match("tracker cell", cell.column, cell.words)[:32] for cell in row.cells]

    def _line(self, row: TrackerRow, key: CaseKey, is_new: bool, was_kept: bool, there: bool) -> Line:
        if not is_new:
            return Line(row.row, "duplicate", (key.reference,))
        gaps = list(row.gaps)
        gaps += [_AGAIN] if len(self.rows) > 1 else []
        gaps += [_DIFFER] if len({each.consent for each in self.rows}) > 1 else []
        gaps += [_THERE] if there else []
        return taken(row.row, gaps, (key.reference,), changed=was_kept)

    def _case_there(self, connection: Connection) -> CaseKey | None:
        """The case of this victim of this crime that came another way; None where there is none."""
        name = name_of(self.rows[0].victim).casefold()
        for key in cases.of_incident(connection, self.house.service, self.form.force, self.rows[0].crime_reference):
            document = people.find(connection, self.house.keyring, key.person_id).document
            birthdays = {str(document.get("date_of_birth") or ""), self._born} - {""}
            if name_of(document).casefold() == name and len(birthdays) < 2:
                return key
        return None

    def _opened(self, connection: Connection, fresh: Sequence[Cell]) -> CaseKey:
        house, row = self.house, self.rows[0]
        victim = people.add(
            connection, house.service, house.keyring, "victim", person_match(house, row.victim), dict(row.victim)
        )
        (key,) = open_cases(house, connection, [(victim.person_id, row.crime_reference)], self.form.force)
        found_by = digests_of(house.keyring, row.victim, [], row.crime_reference)
        searching.add_first(connection, house.service, [(key.case_id, found_by)])
        entries = [Entry("case_opened", self._opening(), self.now), *self._safety(), *self._history(fresh)]
        entries.append(Entry("consent_recorded", self._consent(), self.now))
        if self._is_stopped(connection):
            entries.append(Entry("consent_withdrawn", {"part": "all", "told_to": "officer"}, self.now))
        begin_cases(house, connection, [(key, entries)], ACTOR, self.now)
        return key

    def _is_stopped(self, connection: Connection) -> bool:
        """Whether a withdrawal of this victim came before the case did."""
        row, force = self.rows[0], self.form.force
        stops = [
            incident_match(self.house, force, crime, document)
            for crime, document in ((row.crime_reference, row.victim), ("", row.victim), (row.crime_reference, {}))
        ]
        return bool(submissions.suppressed_among(connection, self.house.service, stops))

    def _opening(self) -> Fields:
        """How the case opens: only who was grown up on the day of the oldest offence was certainly no child."""
        born, today = self._born or None, london_day(self.now)
        if under_18(born, today, "individual"):
            age, kind = Known.YES, "child"
        elif under_18(born, self.words.oldest_offence, "individual") is False:
            age, kind = Known.NO, "individual"
        else:
            age, kind = Known.UNKNOWN, "individual"
        return {"source": "tracker", "victim_kind": kind, "under_18": age, "force": self.form.force}

    def _safety(self) -> list[Entry]:
        """What any of the rows forbids; nothing in a spreadsheet makes a channel safe."""
        closed = frozenset[str]().union(*(row.closed for row in self.rows))
        channels: list[Channel] = []
        if "do_not_contact" in closed:
            channels = list(Channel)
        elif "do_not_write" in closed:
            channels = [Channel.POST]
        if not channels:
            return []
        unsafe: Fields = {str(each): Known.NO for each in channels}
        return [Entry("safety_recorded", {**unsafe, "said_by": "practitioner"}, self.now)]

    def _history(self, fresh: Sequence[Cell]) -> list[Entry]:
        return [Entry("history_brought_over", {**cell.fields, "note": cell.words}, self.now) for cell in fresh]

    def _consent(self) -> Fields:
        """The most careful of the answers: a yes only where every row says it, a no where any does, else a question."""
        said = {row.consent for row in self.rows}
        decision = "no" if "no" in said else "yes" if said == {"yes"} else "undecided"
        fields: Fields = {"decision": decision, "model": self.model}
        if decision == "yes":
            return {**fields, "scope": "contact", "queries": "uninformed"}
        return {**fields, "queries": "refusal_to_confirm" if decision == "no" else "not_asked"}

    def _added(self, connection: Connection, key: CaseKey, fresh: Sequence[Cell]) -> bool:
        """Add what is new to a case that is there, and say whether it could be; what it forbids counts, a yes not."""
        deed = continue_case(self.house, connection, key, ACTOR, self.now)
        if deed.case.state in (State.MERGED, State.ERASED):
            return False
        for entry in (*self._safety(), *self._history(fresh)):
            deed.add(entry)
        said = {str(cell.fields.get("said")) for cell in fresh if cell.column == "consent"}
        if "no" in said and deed.case.is_open:
            refusal: Fields = {"decision": "no", "model": self.model, "queries": "refusal_to_confirm"}
            deed.add(Entry("consent_recorded", refusal, self.now))
        finish(deed)
        return True
