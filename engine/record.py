"""The one door: every change to a case comes through here, in one transaction, or it does not happen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from engine.alike import Alike, Told
from engine.child_links import follow_links
from engine.codes import case_reference
from engine.drafting import draft_owed, review_letters
from engine.entries import SYSTEM, Actor, Entry, Written
from engine.errors import KeyReused, NotFound, StaleCase, WrongInput
from engine.feedback_concerns import check_named, raise_concern
from engine.house import House
from engine.merging import check_survivor
from engine.projecting import derive, project
from engine.rule_checks import check_rule
from engine.search_keys import follow
from engine.sight import NO_CASE, is_behind_wall
from engine.suppressing import keep_suppression
from engine.telling import tell_moved
from engine.whose import check_turn
from store import cases, people, projections, submissions
from store.cases import CaseKey
from store.types import canonical
from workflow.case import Case
from workflow.catalogue import CATALOGUE
from workflow.duties import duties
from workflow.events import Event, EventKind, FieldKind, field_problems
from workflow.london import london_day
from workflow.machine import NotAllowed
from workflow.placed import as_placed

# A clock that differs a little from ours is no reason to refuse what just happened.
_SKEW = timedelta(minutes=5)
# As for the days in the fields of an event: what is earlier is a slip of the keyboard.
_FIRST_YEAR = 1900
_REUSED = "This key was used for something else."


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a case is put by a change of the tables: the version it is on from now, and the state of every track."""

    tables: str
    states: Mapping[str, str]


@dataclass
class Deed:
    """A transaction on one case while it is under way: what was there, and what was added to it."""

    house: House
    connection: Connection
    key: CaseKey
    actor: Actor
    now: datetime
    before: Case
    case: Case
    added: list[Event] = field(default_factory=list)

    def follow(self, entry: Entry) -> Event:
        """Add what follows from an entry by rule, in the name of the system rather than of whoever acted."""
        return self.add(entry, SYSTEM)

    def add(self, entry: Entry, actor: Actor | None = None, placed: Placed | None = None) -> Event:
        """Judge one entry and add it; raises NotPermitted, NotAllowed or WrongInput, and then nothing is written.

        ``placed`` is where a change of the tables puts the case, which no table judges.
        """
        actor = actor or self.actor
        kind = CATALOGUE.get(entry.kind)
        if kind is None:
            raise WrongInput("There is no such event. See: victim-contact events")
        self.house.permissions.demand_record(actor.role, entry.kind)
        self.house.permissions.demand_answers(actor.role, entry.kind, entry.fields)
        at = entry.at or self.now
        if at.tzinfo is None:
            raise WrongInput("Give the moment with its time zone.")
        if at.year < _FIRST_YEAR:
            raise WrongInput(f"Give a day from {_FIRST_YEAR} on.")
        if at > self.now + _SKEW:
            raise NotAllowed("An event cannot be in the future.")
        event = Event(
            seq=self.case.version + 1,
            kind=entry.kind,
            at=at,
            recorded_at=self.now,
            by=actor.user,
            fields=self._fields(kind, entry),
            corrects=self._corrects(entry),
            tables=placed.tables if placed else self.house.tables.version,
        )
        check_rule(self, event)
        check_turn(self, event, actor)
        check_named(self, event)
        check_survivor(self, event, actor)
        if placed:
            event = event.leading_to(placed.states)
            self._go_over(event)
        else:
            event = event.leading_to(self.house.tables.reached(self.case, event, self.house.rulebook))
            self.case = self.case.with_event(event)
            self.added.append(event)
            raise_concern(self, event)
        return event

    def _go_over(self, event: Event) -> None:
        """Add the move to other tables, and read what was before by its new names, so that nothing of it is new."""
        kept = cases.kept_history(self.connection, self.house.service, self.key)
        *before, moved = as_placed((*kept, *self.added, event))
        self.before = Case(self.case.reference, tuple(before))
        self.case = self.before.with_event(moved)
        self.added.append(event)

    def _fields(self, kind: EventKind, entry: Entry) -> Mapping[str, str | int | bool]:
        fields = dict(entry.fields)
        notes = {
            each.name: str(fields[each.name])
            for each in kind.fields
            if each.kind is FieldKind.NOTE and each.name in fields
        }
        for name, words in notes.items():
            if len(words) > 4000:
                raise WrongInput("A note may have up to 4000 characters.")
            fields[name] = f"N-{self.house.codes(16)}"
        problems = field_problems(kind, fields)
        if problems:
            raise WrongInput(" ".join(f"{p.path}: {p.remedy}" for p in problems))
        if notes:
            victim = people.find(self.connection, self.house.keyring, self.key.person_id)
            for name, words in notes.items():
                people.write_note(
                    self.connection,
                    self.house.service,
                    victim,
                    self.key.case_id,
                    str(fields[name]),
                    self.actor.user,
                    self.now,
                    words,
                )
        return fields

    def _corrects(self, entry: Entry) -> int | None:
        if entry.corrects is None:
            if entry.kind == "entry_retracted":
                raise WrongInput("Say which entry is taken back, by its number.")
            return None
        if not 1 <= entry.corrects <= self.case.version or entry.corrects in self.case.retracted:
            raise WrongInput("There is no standing entry of that number to put right.")
        kind = CATALOGUE.get(self.case.history[entry.corrects - 1].kind)
        if kind is None or not kind.opens_form:
            raise WrongInput("What the system recorded itself cannot be taken back.")
        return entry.corrects


Within = Callable[[Deed], None]
"""Something that must happen in the same transaction as the events, such as marking a letter released."""


def record(
    house: House,
    reference: str,
    entries: Sequence[Entry],
    *,
    actor: Actor,
    now: datetime,
    seen: int | None = None,
    key: str | None = None,
    within: Within | None = None,
) -> Written:
    """Record events on a case: lock, re-read, check, judge, append, draft, project, commit once.

    ``seen`` is the version the caller saw; ``key`` makes the same call twice one effect.  Raises NotFound,
    NotPermitted, NotAllowed, WrongInput, StaleCase, KeyReused or DatabaseBusy; nothing is written then.
    """
    with house.writing() as connection:
        found = cases.lock(connection, house.service, reference)
        if found is None or is_behind_wall(house, connection, found, actor):
            raise NotFound(NO_CASE)
        given = _answered(house, connection, found, entries, actor, key)
        if given is not None:
            return given
        deed = _deed(house, connection, found, actor, now)
        if seen is not None and seen != found.version:
            raise StaleCase(tuple((e.seq, e.kind, e.by) for e in deed.case.history if e.seq > seen))
        for entry in entries:
            deed.add(entry)
            if within is None and not CATALOGUE[entry.kind].opens_form:
                raise NotAllowed("The system records that itself, together with what it does.")
        if within is not None:
            within(deed)
        written = finish(deed)
        if key is not None and not submissions.keep_answer(
            connection,
            house.service,
            actor.user,
            key,
            _digest(reference, entries),
            {"after": found.version, "version": written.version},
            now,
        ):
            raise KeyReused(_REUSED)
        return written


def open_cases(house: House, connection: Connection, victims: Sequence[tuple[int, str]], force: str) -> list[CaseKey]:
    """New cases within a transaction that is under way, each for a person and a crime reference, in their order.

    They hold nothing yet: the caller then calls ``begin_cases`` with their first entries.
    """
    fresh = [(case_reference(house.codes), person_id, crime_reference) for person_id, crime_reference in victims]
    return cases.add_all(connection, house.service, force, fresh)


def begin_cases(
    house: House,
    connection: Connection,
    begun: Sequence[tuple[CaseKey, Sequence[Entry]]],
    actor: Actor,
    now: datetime,
    alike: Alike | None = None,
) -> None:
    """The first entries of cases that were just opened: judged, appended and projected as ``record`` does for one.

    One case and five hundred take the same few statements.  No letter of a new case waits, and no day of it has moved.
    ``alike`` saves judging and deriving again what was the same for a case before.  Raises NotPermitted, NotAllowed or
    WrongInput for the first entry that cannot be, and then the caller keeps none of the cases.
    """
    counting, alike = house.counting_now(), alike or Alike()
    told = [
        alike.told(
            counting,
            key.reference,
            entries,
            actor,
            now,
            partial(_begun, counting, connection, key, entries, actor, now),
        )
        for key, entries in begun
    ]
    histories = [(key, each.events) for (key, _), each in zip(begun, told, strict=True)]
    if histories and not cases.append_first(connection, house.service, histories):
        raise StaleCase(())
    derived = [(key.case_id, *each.derived) for (key, _), each in zip(begun, told, strict=True)]
    projections.write_first(connection, house.service, derived)


def _begun(
    house: House, connection: Connection, key: CaseKey, entries: Sequence[Entry], actor: Actor, now: datetime
) -> Told:
    """What the first entries of a case come to."""
    case = Case(key.reference)
    deed = Deed(house, connection, key, actor, now, case, case)
    for entry in entries:
        deed.add(entry)
    draft_owed(deed)
    today = london_day(now)
    owed = duties(deed.case, house.rulebook, house.calendar, today)
    return Told(tuple(deed.added), derive(house, deed.case, today, owed))


def continue_case(house: House, connection: Connection, found: CaseKey, actor: Actor, now: datetime) -> Deed:
    """A case that is there, locked, within a transaction that is under way."""
    locked = cases.lock(connection, house.service, found.reference)
    if locked is None:
        raise NotFound("There is no such case.")
    return _deed(house, connection, locked, actor, now)


def _deed(house: House, connection: Connection, found: CaseKey, actor: Actor, now: datetime) -> Deed:
    case = cases.history(connection, house.service, found)
    # What nobody here understands may be a withdrawal: the case waits until somebody does.
    if any(event.kind not in CATALOGUE for event in case.history):
        raise NotAllowed("The case holds an entry of a kind that this release does not know.")
    return Deed(house.counting_now(), connection, found, actor, now, case, case)


def finish(deed: Deed) -> Written:
    """Let follow what must follow: judge letters again, draft what is owed, tell what moved, append, project."""
    if not deed.added:
        return Written(deed.key.reference, deed.case.version, deed.case.state, ())
    keep_suppression(deed)
    follow_links(deed)
    review_letters(deed)
    draft_owed(deed)
    house, case_id = deed.house, deed.key.case_id
    kept = projections.duty_rows(deed.connection, house.service, case_id)
    # A day that moved begins, meets and stops nothing, so the duties are those of the case that was told as well.
    owed = duties(deed.case, house.rulebook, house.calendar, london_day(deed.now))
    tell_moved(deed, kept, owed)
    if not cases.append(deed.connection, house.service, deed.key, deed.added):
        raise StaleCase(())
    project(house, deed.connection, case_id, deed.case, deed.now, owed=owed, kept=kept)
    follow(deed.connection, house.service, house.keyring, deed.key, deed.added, london_day(deed.now))
    return Written(deed.key.reference, deed.case.version, deed.case.state, tuple(deed.added))


def _answered(
    house: House, connection: Connection, found: CaseKey, entries: Sequence[Entry], actor: Actor, key: str | None
) -> Written | None:
    """What was answered the first time the key came; None where it is new.  Raises KeyReused."""
    if key is None:
        return None
    reference = found.reference
    kept = submissions.answer(connection, house.service, actor.user, key)
    if kept is None:
        return None
    digest, answer = kept
    if digest != _digest(reference, entries):
        raise KeyReused(_REUSED)
    history = cases.history(connection, house.service, found).history
    then = Case(reference, history[: answer["version"]])
    return Written(reference, then.version, then.state, history[answer["after"] : answer["version"]], repeated=True)


def _digest(reference: str, entries: Sequence[Entry]) -> str:
    import hashlib

    said = [[e.kind, e.at.isoformat() if e.at else None, dict(e.fields), e.corrects] for e in entries]
    return hashlib.sha256(canonical([reference, said]).encode()).hexdigest()


__all__ = ["Deed", "NotAllowed", "begin_cases", "continue_case", "finish", "open_cases", "record"]
