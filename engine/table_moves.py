"""Moves running cases to the tables of this release: what differs, where each case would stand, the move, and back."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from engine.documents import read_document
from engine.entries import Actor, Entry
from engine.errors import BadConfiguration, NotFound, WrongInput
from engine.house import House
from engine.record import Deed, Placed, record
from store import cases, table_versions
from store.database import DatabaseBusy
from workflow.machine import NotAllowed
from workflow.placed import Changes, changes_of, fields_of
from workflow.table_changes import Placing, Renaming, difference, has_moved_since, placing
from workflow.table_mapping import BadMapping, mapping_of

Json = dict[str, Any]
Tell = Callable[[int, int], None]

MAPPING = "tables_migrations.toml"
_BATCH = 500
_TRIES = 3


def mapping(house: House) -> tuple[Renaming, ...]:
    """The mapping of the config folder; empty where there is no such file.  Raises BadConfiguration."""
    path = house.settings.config / MAPPING
    if not path.exists():
        return ()
    try:
        return mapping_of(read_document(path, MAPPING, tomllib.loads))
    except BadMapping as fault:
        raise BadConfiguration(MAPPING, fault.path, fault.remedy) from None


def kept_versions(house: House) -> Json:
    """Every version of the tables that is kept, with the cases on it, and every run, as ``tables show --json``."""
    with house.reading() as connection:
        found = table_versions.versions(connection, house.service)
        runs = table_versions.runs(connection, house.service)
        moved = {run.run_id: table_versions.count_moves(connection, run.run_id) for run in runs}
    return {
        "present": house.tables.version,
        "versions": [
            {
                "version": each.version,
                "first_used_at": each.first_used_at.isoformat(),
                "is_present": each.version == house.tables.version,
                "is_readable": each.document is not None,
                "open_cases": each.open_cases,
                "closed_cases": each.closed_cases,
            }
            for each in found
        ],
        "runs": [
            {
                "run": each.run_id,
                "deed": each.deed,
                "version": each.version,
                "undoes": each.undoes,
                "by": each.by,
                "began_at": each.began_at.isoformat(),
                "ended_at": each.ended_at.isoformat() if each.ended_at else None,
                "moved": moved[each.run_id],
                "counts": each.counts,
            }
            for each in runs
        ],
    }


def kept_tables(house: House, version: str) -> Json:
    """The tables of a kept version.  Raises NotFound, and WrongInput where they were used before they were kept."""
    with house.reading() as connection:
        found = next((v for v in table_versions.versions(connection, house.service) if v.version == version), None)
    if found is None:
        raise NotFound("No case ever ran on tables of that version.")
    if found.document is None:
        raise WrongInput("The tables of that version were used before tables were kept: nobody can read them any more.")
    return {"version": version, **found.document}


def differences(house: House, before: str, after: str) -> Json:
    """What differs between two kept versions, in plain words, and how many open cases stand on each."""
    was, now = kept_tables(house, before), kept_tables(house, after)
    with house.reading() as connection:
        standing = {v.version: v.open_cases for v in table_versions.versions(connection, house.service)}
    return {
        "from": {"version": before, "open_cases": standing[before]},
        "to": {"version": after, "open_cases": standing[after]},
        "differences": [
            {"track": each.track, "what": each.what, "how": each.how, "words": each.words}
            for each in difference(was, now)
        ],
    }


def placings(house: House, tell: Tell) -> Json:
    """Where every case on other tables would stand under those of this release; nothing is written.

    The keys: ``version``, ``stays``, ``moves`` and ``cannot`` (how many), ``cases`` with the verdict on each that does
    not stay: ``case``, ``from``, ``verdict``, ``words``.
    """
    counts = {"stays": 0, "moves": 0, "cannot": 0}
    listed: list[Json] = []
    for reference, version, found in _placings(house, mapping(house), tell):
        counts[found.outcome] += 1
        if found.outcome != "stays":
            listed.append(
                {"case": reference, "from": version, "verdict": found.outcome, "words": " ".join(found.words)}
            )
    return {"version": house.tables.version, **counts, "cases": listed}


def _placings(house: House, lines: Sequence[Renaming], tell: Tell) -> Iterator[tuple[str, str, Placing]]:
    passed = done = 0
    with house.reading() as connection:
        total = table_versions.count_elsewhere(connection, house.service, house.tables.version)
    while True:
        # A reading for each batch: one that lasts for a million cases would keep the database from tidying up.
        with house.reading() as connection:
            batch = table_versions.elsewhere(connection, house.service, house.tables.version, passed, _BATCH)
            found = []
            for case_id, reference in batch:
                case = cases.history(connection, house.service, cases.by_number(connection, house.service, case_id))
                found.append((reference, case.history[-1].tables, placing(case, house.tables.known, lines)))
        if not batch:
            return
        passed = batch[-1][0]
        for each in found:
            done += 1
            tell(done, max(done, total))
            yield each


def unplaced(house: House) -> list[str]:
    """The cases that stand in a state which the tables of this release do not have, for ``check``."""
    found = _placings(house, mapping(house), lambda done, total: None)
    return [reference for reference, _, each in found if each.outcome != "stays"]


def migrate(house: House, actor: Actor, now: datetime, tell: Tell, *, leave: bool) -> Json:
    """Move every case that stands in a state which is gone, one transaction for each; gives what came of it.

    A run that was broken off is gone on with.  Raises NotAllowed where a case cannot be placed, unless ``leave``: such
    cases stay where they are.  Raises NotPermitted, and BadConfiguration where the mapping cannot be used.
    """
    house.permissions.demand_record(actor.role, "tables_migrated")
    lines, plan = mapping(house), placings(house, tell)
    if plan["cannot"] and not leave:
        raise NotAllowed(
            f"{plan['cannot']} cases cannot be placed; victim-contact tables migrate --dry-run says why. Complete "
            f"{MAPPING}, or leave them where they are with --leave."
        )
    version = house.tables.version
    with house.writing() as connection:
        run = table_versions.begin(connection, house.service, "migrate", version, None, actor.user, now)
    to_move = [each["case"] for each in plan["cases"] if each["verdict"] == "moves"]

    def move(deed: Deed) -> None:
        found = placing(deed.case, house.tables.known, lines)
        if found.outcome == "moves":
            _go_over(deed, run.run_id, version, found.states, found.changes)

    failed = _each(house, to_move, actor, now, move, tell)
    counts = {"stays": plan["stays"], "left": plan["cannot"], "failed": len(failed)}
    return _ended(house, run, counts, failed, now)


def revert(house: House, run_id: int, actor: Actor, now: datetime, tell: Tell) -> Json:
    """Take a run back: every case it moved, and that has not moved since, stands where it stood, by one more event.

    Gives what came of it, with the cases that went on and therefore stay.  Raises NotFound, NotPermitted, and
    NotAllowed where the run is itself one that took back.
    """
    house.permissions.demand_record(actor.role, "tables_migrated")
    with house.writing() as connection:
        undone = table_versions.run(connection, house.service, run_id)
        if undone is None:
            raise NotFound("There is no run of that number. See: victim-contact tables show")
        if undone.deed != "migrate":
            raise NotAllowed("That run took another one back: run the migration again instead.")
        if undone.ended_at is None:
            # What was broken off is not gone on with once it is taken back.
            table_versions.end(connection, run_id, {"broken_off": True}, now)
        run = table_versions.begin(connection, house.service, "revert", undone.version, run_id, actor.user, now)
        moved = dict(table_versions.moved_by(connection, house.service, run_id))
    went_on: list[str] = []

    def move_back(deed: Deed) -> None:
        event = deed.case.history[moved[deed.key.reference] - 1]
        if any(e.kind == event.kind and e.fields.get("undoes") == run_id for e in deed.case.history):
            return
        if has_moved_since(deed.case, event):
            went_on.append(deed.key.reference)
            return
        kept = cases.kept_history(deed.connection, house.service, deed.key)
        was = {**deed.case.states, **kept[event.seq - 2].reached}
        back = {track: {now: was for was, now in change.items()} for track, change in changes_of(event).items()}
        _go_over(deed, run.run_id, event.text("from"), was, back, run_id)

    failed = _each(house, list(moved), actor, now, move_back, tell)
    return _ended(house, run, {"went_on": sorted(went_on), "failed": len(failed)}, failed, now)


def _go_over(deed: Deed, run: int, version: str, states: Any, changes: Changes, undoes: int | None = None) -> None:
    fields: dict[str, str | int | bool] = {"run": run, "from": deed.case.history[-1].tables, "to": version}
    if undoes is not None:
        fields["undoes"] = undoes
    event = deed.add(Entry("tables_migrated", {**fields, **fields_of(changes)}), placed=Placed(version, states))
    table_versions.note_move(deed.connection, deed.house.service, run, deed.key.case_id, event.seq)


def _each(
    house: House,
    references: Sequence[str],
    actor: Actor,
    now: datetime,
    deed: Callable[[Deed], None],
    tell: Tell,
) -> list[str]:
    """Do it to each case in a transaction of its own; gives the cases that failed, which do not stop the others."""
    failed: list[str] = []
    for done, reference in enumerate(references, start=1):
        if not _one(house, reference, actor, now, deed):
            failed.append(reference)
        tell(done, len(references))
    return failed


def _one(house: House, reference: str, actor: Actor, now: datetime, deed: Callable[[Deed], None]) -> bool:
    for _ in range(_TRIES):
        try:
            record(house, reference, [], actor=actor, now=now, within=deed)
        except DatabaseBusy:
            continue
        except Exception:  # noqa: BLE001  (a case that fails is named, and the next one goes on)
            return False
        return True
    return False


def _ended(house: House, run: table_versions.Run, counts: Json, failed: Sequence[str], now: datetime) -> Json:
    with house.writing() as connection:
        counts["moved"] = table_versions.count_moves(connection, run.run_id)
        if not failed:
            table_versions.end(connection, run.run_id, counts, now)
    return {"run": run.run_id, "deed": run.deed, "version": run.version, **counts, "failed_cases": list(failed)}
