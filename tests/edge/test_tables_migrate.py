"""Moves running cases to the tables of an imagined next release: dry, in bulk, killed half-way, and back again."""

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from shutil import copytree

import pytest

from engine.checking import check_house
from engine.desk import open_file
from engine.entries import CLOCK, Actor, Entry
from engine.errors import BadConfiguration, NotFound
from engine.house import House, keep_tables, open_house
from engine.record import begin_cases, open_cases, record
from engine.settings import Settings
from engine.sweep import sweep
from engine.table_moves import differences, kept_tables, kept_versions, migrate, placings, revert, unplaced
from store import cases, clockwork, people, projections
from tests.conftest import NOW
from tests.core.histories import INFORMED, NINE, SCOPE
from tests.edge.commands import Commands
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import ROSA, case, case_key, letters_of, settled
from tests.other_tables import MAPPING, REST, second_set
from workflow.machine import NotAllowed
from workflow.permissions import NotPermitted
from workflow.vocabulary import Role

pytest_plugins = ["tests.edge.faults.fixtures"]

MORGAN = Actor("morgan", Role.MANAGER)
SECOND = second_set()
LATER = NOW + timedelta(days=1)

READY = (
    Entry("case_opened", {"source": "police", "victim_kind": "individual", "under_18": "no", "force": "derbyshire"}),
    Entry("crime_reported"),
    Entry("details_received", {"reachable": "phone|post"}),
    Entry("consent_recorded", {"decision": "yes", "model": "opt_in", "informed": INFORMED, "scope": SCOPE}),
    Entry("safety_recorded", {"phone": "yes", "voicemail": "yes", "post": "yes", "said_by": "victim"}),
    Entry("needs_recorded", {"language": "en"}),
    Entry("characteristics_recorded", {"complete": NINE, "asked_by": "practitioner"}),
    Entry("triage_completed"),
)
ASKED = (Entry("views_asked", {"channel": "phone"}),)
GIVEN_UP = (
    # Nobody gives up before ten working days.
    Entry("attempt_made", {"channel": "phone", "outcome": "no_answer"}, NOW - timedelta(days=21)),
    Entry("attempt_made", {"channel": "post", "outcome": "sent"}),
    Entry("attempt_made", {"channel": "phone", "outcome": "no_answer"}),
    Entry("attempts_exhausted"),
)


def _referred(by: str) -> tuple[Entry, ...]:
    return (Entry("support_referred", {"by": by, "outcome": "referred"}),)


def _open(house: House, wanted: Sequence[Sequence[Entry]]) -> list[str]:
    """Cases on the tables of this release, each with these entries after triage; gives their references."""
    with house.writing() as connection:
        victim = people.add(connection, house.service, house.keyring, "victim", "m", {"family_name": "Example"})
        keys = open_cases(
            house, connection, [(victim.person_id, f"26{n:09}/26") for n in range(len(wanted))], "derbyshire"
        )
        begun = [(key, (*READY, *more)) for key, more in zip(keys, wanted, strict=True)]
        begin_cases(house, connection, begun, MORGAN, NOW)
    return [key.reference for key in keys]


def _next_release(house: House, folder: Path, mapping: str | None = MAPPING) -> House:
    """The same house with the tables and the mapping of the next release."""
    home = folder / "next"
    copytree(house.settings.config, home / "config", dirs_exist_ok=True)
    if mapping is not None:
        (home / "config" / "tables_migrations.toml").write_text(mapping, encoding="utf-8")
    upgraded = replace(house, settings=replace(house.settings, home=home), tables=SECOND)
    keep_tables(house.database, house.service, SECOND, NOW)
    return upgraded


def _silent(done: int, total: int) -> None:
    assert 0 < done <= total


def _reminders(house: House, reference: str) -> Counter[str]:
    return Counter(event.kind for event in case(house, reference).history if event.kind != "tables_migrated")


def test_the_tables_are_kept_from_their_first_use_on_and_a_difference_is_said_in_words(
    town: House, tmp_path: Path
) -> None:
    _open(town, [ASKED, ()])
    upgraded = _next_release(town, tmp_path)

    shown = kept_versions(upgraded)
    found = differences(upgraded, town.tables.version, SECOND.version)

    standing = {each["version"]: (each["open_cases"], each["is_readable"]) for each in shown["versions"]}
    assert standing == {town.tables.version: (2, True), SECOND.version: (0, True)}
    assert {table["track"] for table in kept_tables(upgraded, town.tables.version)["tables"]} >= {"journey", "views"}
    assert "The state asked is gone." in [each["words"] for each in found["differences"]]
    assert (found["from"]["open_cases"], found["to"]["open_cases"]) == (2, 0)
    with pytest.raises(NotFound):
        differences(upgraded, "nowhere", SECOND.version)


def test_a_rehearsal_gives_each_case_its_verdict_and_writes_nothing(town: House, tmp_path: Path) -> None:
    _, asked, ours, police, lost = _open(town, [(), ASKED, _referred("yjs"), _referred("police"), GIVEN_UP])
    upgraded = _next_release(town, tmp_path)

    found = placings(upgraded, _silent)

    assert (found["stays"], found["moves"], found["cannot"]) == (1, 3, 1)
    words = {each["case"]: (each["verdict"], each["words"]) for each in found["cases"]}
    assert words[asked] == ("moves", "Views goes from asked to invited: It is called so from now on.")
    assert words[ours][1] == "Support goes from referred to referred by us: We referred."
    assert words[police][1] == "Support goes from referred to referred by police: Police did."
    assert words[lost][0] == "cannot"
    assert "the mapping does not name it" in words[lost][1]
    assert kept_versions(upgraded)["runs"] == []
    assert case(town, asked).states["views"] == "asked"


def test_a_migration_does_not_start_while_a_case_cannot_be_placed_unless_it_may_be_left(
    town: House, tmp_path: Path
) -> None:
    asked, lost = _open(town, [ASKED, GIVEN_UP])
    upgraded = _next_release(town, tmp_path)

    with pytest.raises(NotAllowed, match="1 cases cannot be placed"):
        migrate(upgraded, MORGAN, LATER, _silent, leave=False)
    untouched = case(town, asked).version
    done = migrate(upgraded, MORGAN, LATER, _silent, leave=True)

    assert case(town, asked).history[untouched - 1].kind != "tables_migrated"
    assert (done["moved"], done["left"], done["failed"]) == (1, 1, 0)
    assert unplaced(upgraded) == [lost]
    (finding,) = [
        line for line in check_house(upgraded, LATER, rebuild=False, tell=_silent)["checks"]
        if line["what"] == "cases on older tables"
    ]  # fmt: skip
    assert finding["outcome"] == "failed"
    assert lost in finding["details"]
    with pytest.raises(NotAllowed, match="a state that this release no longer has"):
        record(upgraded, lost, [Entry("note_written", {"note": "Anything."})], actor=ROSA, now=LATER)
    assert [kind.name for kind in open_file(upgraded, lost, MORGAN, LATER).possible] == ["consent_withdrawn"]
    written = record(upgraded, lost, [Entry("consent_withdrawn", {"part": "all"})], actor=ROSA, now=LATER)
    assert written.state == "closed"


def test_a_moved_case_says_so_and_goes_on_and_nothing_is_said_or_sent_twice(town: House, tmp_path: Path) -> None:
    asked, lost = _open(town, [ASKED, GIVEN_UP])
    sweep(town, LATER)
    before = {reference: case(town, reference) for reference in (asked, lost)}
    letters = {reference: len(letters_of(town, reference)) for reference in before}
    upgraded = _next_release(town, tmp_path, MAPPING + REST)

    done = migrate(upgraded, MORGAN, LATER, _silent, leave=False)

    kept = {reference: case(town, reference) for reference in before}
    for reference, was in before.items():
        *rest, last = kept[reference].history
        assert (last.kind, last.by, last.tables) == ("tables_migrated", "morgan", SECOND.version)
        assert (last.text("from"), last.text("to"), last.fields["run"]) == (
            town.tables.version, SECOND.version, done["run"]
        )  # fmt: skip
        assert [(e.seq, e.at, e.recorded_at, e.kind, e.tables) for e in rest] == [
            (e.seq, e.at, e.recorded_at, e.kind, e.tables) for e in was.history
        ]
        assert len(letters_of(town, reference)) == letters[reference]
    assert (kept[asked].history[-1].text("was_views"), kept[asked].history[-1].text("now_views")) == (
        "asked",
        "invited",
    )
    assert kept[lost].state == "attempting"
    assert faults(upgraded, LATER) == []
    sweep(upgraded, LATER)
    assert {reference: _reminders(town, reference) for reference in before} == {
        reference: Counter(event.kind for event in was.history) for reference, was in before.items()
    }
    record(upgraded, asked, [Entry("views_recorded", {"outcome": "given"})], actor=ROSA, now=LATER)
    assert case(town, asked).states["views"] == "given"


def test_the_days_of_a_moved_case_stay_what_they_were(town: House, tmp_path: Path) -> None:
    (lost,) = _open(town, [GIVEN_UP])
    upgraded = _next_release(town, tmp_path, MAPPING + REST.replace('"attempting"', '"engaged"'))
    key = case_key(town, lost)
    with town.reading() as connection:
        before = projections.summary(connection, town.service, key.case_id)

    migrate(upgraded, CLOCK, LATER + timedelta(days=30), _silent, leave=False)

    with town.reading() as connection:
        after = projections.summary(connection, town.service, key.case_id)
    assert before is not None
    assert after is not None
    assert after["entered_on"] == before["entered_on"]
    assert (before["tables"], after["tables"]) == (town.tables.version, SECOND.version)


def test_a_run_is_taken_back_where_nothing_moved_since(town: House, tmp_path: Path) -> None:
    asked, noted, heard = _open(town, [ASKED, ASKED, ASKED])
    upgraded = _next_release(town, tmp_path)
    run = migrate(upgraded, MORGAN, LATER, _silent, leave=False)["run"]
    record(upgraded, noted, [Entry("note_written", {"note": "Called."})], actor=ROSA, now=LATER)
    record(upgraded, heard, [Entry("views_recorded", {"outcome": "given"})], actor=ROSA, now=LATER)

    done = revert(upgraded, run, MORGAN, LATER, _silent)

    assert (done["moved"], done["went_on"]) == (2, [heard])
    assert {r: case(town, r).states["views"] for r in (asked, noted, heard)} == {
        asked: "asked", noted: "asked", heard: "given"
    }  # fmt: skip
    assert case(town, asked).history[-1].tables == town.tables.version
    assert faults(town, LATER, {asked, noted}) == []
    # Once back, it can be moved again, and taking back twice does nothing.
    assert revert(upgraded, run, MORGAN, LATER, _silent)["moved"] == 0
    assert migrate(upgraded, MORGAN, LATER, _silent, leave=False)["moved"] == 2
    runs = [(each["deed"], each["undoes"], each["by"], each["moved"]) for each in kept_versions(upgraded)["runs"]]
    assert runs == [("migrate", None, "morgan", 3), ("revert", run, "morgan", 2), ("revert", run, "morgan", 0),
                    ("migrate", None, "morgan", 2)]  # fmt: skip


def test_what_is_no_migration_cannot_be_taken_back_and_only_a_manager_moves_cases(town: House, tmp_path: Path) -> None:
    _open(town, [ASKED])
    upgraded = _next_release(town, tmp_path)
    run = migrate(upgraded, MORGAN, LATER, _silent, leave=False)["run"]
    back = revert(upgraded, run, MORGAN, LATER, _silent)["run"]

    with pytest.raises(NotAllowed):
        revert(upgraded, back, MORGAN, LATER, _silent)
    with pytest.raises(NotFound):
        revert(upgraded, 999, MORGAN, LATER, _silent)
    with pytest.raises(NotPermitted):
        migrate(upgraded, ROSA, LATER, _silent, leave=False)
    with pytest.raises(NotPermitted):
        revert(upgraded, run, ROSA, LATER, _silent)
    with pytest.raises(NotAllowed):
        record(upgraded, case_reference(town), [Entry("tables_migrated", {"run": 1, "from": "a", "to": "b"})],
               actor=MORGAN, now=LATER)  # fmt: skip


def case_reference(house: House) -> str:
    """The reference of the first case."""
    with house.reading() as connection:
        return cases.keys(connection, house.service)[0].reference


def test_a_mapping_that_cannot_be_used_is_named_and_nothing_is_written(town: House, tmp_path: Path) -> None:
    _open(town, [ASKED])
    upgraded = _next_release(town, tmp_path, '[[move]]\ntrack = "views"\nfrom = "asked"\n')

    with pytest.raises(BadConfiguration, match="tables_migrations"):
        migrate(upgraded, MORGAN, LATER, _silent, leave=True)

    assert kept_versions(upgraded)["runs"] == []
    lines = check_house(upgraded, LATER, rebuild=False, tell=_silent)["checks"]
    assert [line["outcome"] for line in lines if line["what"] == "cases on older tables"] == ["failed"]


def _worker(settings: Settings, pipe: Pipe) -> None:
    """A migration in a process of its own, which says after each case how many are done."""
    house = replace(open_house(settings), tables=SECOND)
    moving = False

    def tell(done: int, total: int) -> None:
        nonlocal moving
        moving = moving or done == total
        if moving:
            pipe.send(done)

    migrate(house, CLOCK, LATER, tell, leave=True)
    pipe.send(-1)


def _killed_after(house: House, many: int) -> None:
    """Start a migration and kill it once it has moved so many cases."""
    mine, theirs = multiprocessing.get_context("spawn").Pipe()
    worker = multiprocessing.get_context("spawn").Process(target=_worker, args=(house.settings, theirs))
    worker.start()
    # The rehearsal that comes first tells its last case too.
    seen, moved = 0, 0
    while moved < many:
        assert mine.poll(60)
        now = mine.recv()
        assert now != -1, "it was done before it was killed"
        seen, moved = now, moved + (now > 0 and seen > 0)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    settled(house)


@pytest.mark.parametrize("each", [39, pytest.param(199, marks=pytest.mark.slow)], ids=["200 cases", "1000 cases"])
def test_many_cases_survive_two_kills_and_each_is_moved_once(town: House, tmp_path: Path, each: int) -> None:
    wanted = [ASKED, _referred("yjs"), (), _referred("police"), (*ASKED, *_referred("yjs"))] * each + [GIVEN_UP] * 5
    references = _open(town, wanted)
    upgraded = _next_release(town, tmp_path)

    _killed_after(upgraded, each * 3 // 5)
    partly = kept_versions(upgraded)["runs"]
    _killed_after(upgraded, each)
    done = migrate(upgraded, CLOCK, LATER, _silent, leave=True)

    assert len(references) == 5 * each + 5
    assert [(found["run"], found["ended_at"]) for found in partly] == [(done["run"], None)]
    assert each * 3 // 5 <= partly[0]["moved"] < 4 * each
    assert (done["moved"], done["left"], done["failed"]) == (4 * each, 5, 0)
    moves = Counter(
        [event.kind for event in case(town, reference).history].count("tables_migrated") for reference in references
    )
    assert moves == Counter({1: 4 * each, 0: each + 5})
    (run,) = kept_versions(upgraded)["runs"]
    assert run["counts"] == {"stays": each, "left": 5, "failed": 0, "moved": 4 * each}
    assert faults(upgraded, LATER) == []
    with town.reading() as connection:
        assert clockwork.stuck(connection, town.service) == []

    back = revert(upgraded, run["run"], CLOCK, LATER, _silent)

    assert (back["moved"], back["went_on"]) == (4 * each, [])
    assert {case(town, reference).states["support"] for reference in references} == {"not_discussed", "referred"}


def test_the_commands_show_rehearse_move_and_take_back(tmp_path: Path) -> None:
    run = Commands(tmp_path)
    shown = run.json("tables", "show")

    plain, moves = run("tables", "show"), run("tables", "show", shown["present"])
    same = run.json("tables", "diff", shown["present"])
    rehearsed, moved = run.json("tables", "migrate", "--dry-run"), run("tables", "migrate")
    back, nowhere = run("tables", "revert", "1"), run("tables", "diff", "nowhere")

    assert [version["is_present"] for version in shown["versions"]] == [True]
    assert "present" in plain.stdout
    assert "case_opened" in moves.stdout
    assert same["differences"] == []
    assert (rehearsed["moves"], rehearsed["cannot"]) == (0, 0)
    assert (moved.exit_code, "moved 0" in moved.stdout) == (0, True)
    assert (back.exit_code, nowhere.exit_code) == (0, 3)
