"""The print folder: a letter is there whole or not at all, once, for its owner only, and a fault says what to do."""

import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from engine.delivery.printing import PrintFolder, PrintingFailed

PDF = b"%PDF-1.7 a letter that is no letter"


def held_by(folder: Path) -> list[str]:
    """The names of everything in a folder, hidden files too."""
    return sorted(each.name for each in folder.iterdir())


@contextmanager
def room_for(most: int) -> Iterator[None]:
    """Files may not grow past so many bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def somebody_else() -> Iterator[None]:
    """Act as a user who may not write here; whoever is not root is one already."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_letter_is_filed_under_its_code_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    place = PrintFolder(tmp_path).put("L-0a1B2c", PDF)

    assert place == tmp_path / "L-0a1B2c.pdf"
    assert place.read_bytes() == PDF
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert held_by(tmp_path) == ["L-0a1B2c.pdf"]


def test_the_same_letter_again_leaves_one_file(tmp_path: Path) -> None:
    folder = PrintFolder(tmp_path)
    folder.put("L-1", PDF)

    folder.put("L-1", PDF)

    assert held_by(tmp_path) == ["L-1.pdf"]
    assert (tmp_path / "L-1.pdf").read_bytes() == PDF


def test_a_letter_written_anew_takes_the_place_of_the_old_one_in_one_step(tmp_path: Path) -> None:
    folder = PrintFolder(tmp_path)
    folder.put("L-1", PDF)

    folder.put("L-1", PDF + b" again")

    assert (tmp_path / "L-1.pdf").read_bytes() == PDF + b" again"


def test_whoever_prints_never_sees_half_a_letter(tmp_path: Path) -> None:
    folder, big = PrintFolder(tmp_path), b"x" * 2_000_000
    folder.put("L-1", big)
    writers = [Thread(target=lambda: [folder.put("L-1", big) for _ in range(5)]) for _ in range(3)]

    for writer in writers:
        writer.start()
    seen = set()
    while any(writer.is_alive() for writer in writers):
        seen.add(len((tmp_path / "L-1.pdf").read_bytes()))
    for writer in writers:
        writer.join()

    assert seen <= {2_000_000}
    assert held_by(tmp_path) == ["L-1.pdf"]


@pytest.mark.parametrize(
    "letter_id", ["", "../L-1", "a/b", ".hidden", "-rf", "L 1", "Sam Example", "L-1\n", "L-1.pdf", "é", "x" * 65]
)
def test_a_code_that_is_not_a_code_is_never_a_file_name(tmp_path: Path, letter_id: str) -> None:
    with pytest.raises(PrintingFailed, match="no proper code"):
        PrintFolder(tmp_path).put(letter_id, PDF)

    assert held_by(tmp_path) == []


def test_a_folder_that_is_gone_is_told_and_not_made_in_silence(tmp_path: Path) -> None:
    gone = tmp_path / "out" / "letters"

    with pytest.raises(PrintingFailed, match="is not there"):
        PrintFolder(gone).put("L-1", PDF)

    assert not gone.exists()


def test_a_folder_is_made_when_it_is_asked_for_and_kept_for_its_owner(tmp_path: Path) -> None:
    folder = PrintFolder(tmp_path / "out" / "letters")

    folder.prepare()
    folder.prepare()

    assert folder.put("L-1", PDF).read_bytes() == PDF
    assert stat.S_IMODE((tmp_path / "out" / "letters").stat().st_mode) == 0o700


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "letters").write_bytes(b"")

    with pytest.raises(PrintingFailed, match="is not there"):
        PrintFolder(tmp_path / "letters").put("L-1", PDF)


def test_a_full_disk_is_told_and_leaves_the_letter_that_was_there(tmp_path: Path) -> None:
    folder = PrintFolder(tmp_path)
    folder.put("L-1", PDF)

    with room_for(1000), pytest.raises(PrintingFailed, match="is full"):
        folder.put("L-1", b"x" * 5000)

    assert held_by(tmp_path) == ["L-1.pdf"]
    assert (tmp_path / "L-1.pdf").read_bytes() == PDF


def test_a_folder_that_may_not_be_written_to_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)

    with somebody_else(), pytest.raises(PrintingFailed, match="may not be written to"):
        PrintFolder(tmp_path).put("L-1", PDF)

    tmp_path.chmod(0o700)
    assert held_by(tmp_path) == []


def test_a_fault_is_one_sentence_that_names_neither_folder_nor_letter(tmp_path: Path) -> None:
    with pytest.raises(PrintingFailed) as failed:
        PrintFolder(tmp_path / "gone").put("L-1", PDF)

    assert str(failed.value).count(".") == 1
    assert "L-1" not in str(failed.value)
    assert str(tmp_path) not in str(failed.value)


def test_a_letter_can_be_withdrawn_until_it_is_printed(tmp_path: Path) -> None:
    folder = PrintFolder(tmp_path)
    folder.put("L-1", PDF)

    assert folder.withdraw("L-1") is True
    assert folder.withdraw("L-1") is False
    assert held_by(tmp_path) == []
