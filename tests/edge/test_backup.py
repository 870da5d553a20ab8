"""Holds backup and restore: whole or refused, between both databases, and no letter goes out twice afterwards."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlmodel import SQLModel

from engine.backup import back_up, restore
from engine.checking import check_house
from engine.dispatch import lift
from engine.entries import Actor, Entry
from engine.errors import NotReady, WrongInput
from engine.house import House, open_house
from engine.post import release
from engine.record import record
from engine.settings import Settings
from store.tables import Note
from tests.conftest import NOW, new_house, settings_for
from tests.edge.faults.town import approved
from tests.edge.web_visitors import new_case
from workflow.vocabulary import Role

pytest_plugins = ["tests.edge.faults.fixtures"]


def silent(_: int, __: int) -> None:
    """Tell nobody how far it is."""


def rows(house: House) -> dict[str, list[object]]:
    """Every row of every table but the switch that a restore turns."""
    with house.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in SQLModel.metadata.sorted_tables
            if table.name not in ("service", "dispatch_order")
        }


@contextmanager
def restored(settings: Settings, file: Path) -> Iterator[House]:
    """The house that comes out of a backup."""
    restore(settings, file, NOW, silent)
    house = open_house(settings)
    yield house
    house.database.dispose()


@pytest.fixture
def empty(house: House, tmp_path: Path) -> Settings:
    """Settings of an empty SQLite database beside the house, with the same key."""
    return replace(settings_for(f"sqlite:///{tmp_path / 'elsewhere.db'}", tmp_path), key_file=house.settings.key_file)


def test_what_was_backed_up_comes_back_row_for_row_and_the_check_finds_nothing(
    house: House, practitioner: Actor, empty: Settings, tmp_path: Path
) -> None:
    """From SQLite and from PostgreSQL alike; what is sealed opens again, and work goes on with new numbers."""
    case = new_case(house)
    record(house, case, [Entry("note_written", {"note": "She prefers mornings."})], actor=practitioner, now=NOW)
    manifest = back_up(house, tmp_path / "copy", NOW, silent)

    with restored(empty, tmp_path / "copy") as again:
        assert rows(again) == rows(house)
        assert sum(manifest.rows.values()) >= sum(len(found) for found in rows(house).values())
        assert check_house(again, NOW, rebuild=False, tell=silent)["ok"]
        record(again, case, [Entry("note_written", {"note": "Still does."})], actor=practitioner, now=NOW)
        assert new_case(again, submission_id="AFTER-1", incident__crime_reference="22/999/26") != case


def test_a_backup_comes_back_into_either_kind_of_database(database: str, tmp_path: Path) -> None:
    """A service can move from one kind to the other with it; the numbers of the database go on after the highest."""
    origin = new_house(f"sqlite:///{tmp_path / 'origin.db'}", tmp_path)
    case = new_case(origin)
    back_up(origin, tmp_path / "copy", NOW, silent)
    target = replace(settings_for(database, tmp_path), key_file=origin.settings.key_file)

    with restored(target, tmp_path / "copy") as again:
        assert rows(again) == rows(origin)
        other = new_case(again, submission_id="AFTER-1", incident__crime_reference="22/999/26")
        assert other != case
    origin.database.dispose()


def test_after_a_restore_no_letter_leaves_until_two_people_have_looked(town: House, tmp_path: Path) -> None:
    """A letter that went out after the backup waits in the restored post, and its page in the folder is named."""
    letter = approved(town, 1, NOW)
    back_up(town, tmp_path / "copy", NOW, silent)
    assert release(town, NOW, "clock-a").sent == (letter,)
    later = replace(town.settings, database=f"sqlite:///{tmp_path / 'elsewhere.db'}")

    told = restore(later, tmp_path / "copy", NOW, silent)

    again = open_house(later)
    assert told.printed_since == (letter,)
    assert release(again, NOW, "clock-a").sent == ()
    assert not lift(again, Actor("morgan", Role.MANAGER), "put_right", NOW)
    assert release(again, NOW, "clock-a").sent == ()
    again.database.dispose()


def test_a_backup_is_one_steady_picture_while_others_write(house: House, empty: Settings, tmp_path: Path) -> None:
    """What is written after it began is not in it, and nobody had to wait."""
    new_case(house)
    before = rows(house)
    written: list[str] = []

    def meanwhile(_: int, __: int) -> None:
        if not written:
            written.append(new_case(house, submission_id="MEANWHILE", incident__crime_reference="22/888/26"))

    back_up(house, tmp_path / "copy", NOW, meanwhile)

    assert written
    with restored(empty, tmp_path / "copy") as again:
        assert rows(again) == before


def test_a_backup_holds_nothing_personal_in_the_clear_and_only_its_owner_reads_it(house: House, tmp_path: Path) -> None:
    """Sealed stays sealed; the key is not in it."""
    new_case(house, victim__given_name="Zebedina", victim__family_name="Quillfeather")
    back_up(house, tmp_path / "copy", NOW, silent)

    found = (tmp_path / "copy").read_bytes()

    for plain in (b"Zebedina", b"Quillfeather", b"07700", b"Nowhere Street", house.settings.key_file.read_bytes()):
        assert plain not in found
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600


def _truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


def _flipped(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    place = whole.rindex(b"derbyshire")
    whole[place] = ord("D")
    file.write_bytes(bytes(whole))


def _shortened(file: Path) -> None:
    with sqlite3.connect(file) as copy:
        copy.execute("DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)")


def _strange(file: Path) -> None:
    file.write_text("This is a shopping list.", encoding="utf-8")


@pytest.mark.parametrize("harm", [_truncated, _emptied, _flipped, _shortened, _strange])
def test_a_copy_that_is_not_what_was_backed_up_is_refused_and_leaves_nothing_behind(
    house: House, empty: Settings, tmp_path: Path, harm: object
) -> None:
    """Cut off, empty, one letter altered, a row taken out, no backup at all: one sentence, and no row is left."""
    new_case(house)
    file = tmp_path / "copy"
    back_up(house, file, NOW, silent)
    harm(file)  # type: ignore[operator]

    with pytest.raises(WrongInput):
        restore(empty, file, NOW, silent)

    left = tmp_path / "elsewhere.db"
    if left.exists() and left.stat().st_size:
        with sqlite3.connect(left) as found:
            assert found.execute("SELECT count(*) FROM service").fetchone() == (0,)
            assert found.execute("SELECT count(*) FROM event").fetchone() == (0,)


def test_the_wrong_key_another_version_and_a_database_in_use_are_refused(
    house: House, empty: Settings, tmp_path: Path
) -> None:
    """Before anything is written."""
    file, other = tmp_path / "copy", tmp_path / "other-key"
    back_up(house, file, NOW, silent)
    other.write_bytes(bytes(32))

    with pytest.raises(WrongInput, match="key file is not the one"):
        restore(replace(empty, key_file=other), file, NOW, silent)
    with pytest.raises(WrongInput, match="not empty"):
        restore(house.settings, file, NOW, silent)
    with sqlite3.connect(file) as copy:
        copy.execute("""UPDATE backup_manifest SET document = json_set(document, '$.version', '0000')""")
    with pytest.raises(NotReady, match="version 0000"):
        restore(empty, file, NOW, silent)


def test_a_file_that_is_there_is_never_written_over_and_a_broken_off_backup_leaves_none(
    house: House, tmp_path: Path
) -> None:
    """Neither under its own name nor under a half-finished one."""
    file = tmp_path / "copy"
    file.write_text("precious", encoding="utf-8")

    def broken_off(_: int, __: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(WrongInput, match="already"):
        back_up(house, file, NOW, silent)
    with pytest.raises(WrongInput, match="cannot be written"):
        back_up(house, tmp_path / "nowhere" / "copy", NOW, silent)
    with pytest.raises(KeyboardInterrupt):
        back_up(house, tmp_path / "second", NOW, broken_off)

    assert file.read_text(encoding="utf-8") == "precious"
    assert sorted(each.name for each in tmp_path.glob("second*")) == []


def test_a_file_restored_twice_is_refused_the_second_time(house: House, empty: Settings, tmp_path: Path) -> None:
    """A rerun after success harms nothing."""
    back_up(house, tmp_path / "copy", NOW, silent)
    restore(empty, tmp_path / "copy", NOW, silent)

    with pytest.raises(WrongInput, match="not empty"):
        restore(empty, tmp_path / "copy", NOW, silent)


def test_more_rows_than_one_batch_come_over(house: House, empty: Settings, tmp_path: Path) -> None:
    """A table of 1,201 rows, in the order of its key."""
    new_case(house)
    with house.writing() as connection:
        case = connection.execute(text("SELECT min(case_id) FROM victim_case")).scalar_one()
        note = {"service_id": house.service, "case_id": case, "by": "rosa", "at": NOW, "sealed": b"x"}
        connection.execute(insert(Note), [{"note_id": f"N-{number:06}", **note} for number in range(1201)])

    back_up(house, tmp_path / "copy", NOW, silent)

    with restored(empty, tmp_path / "copy") as again:
        assert rows(again) == rows(house)
        assert len(rows(again)["note"]) == 1201
