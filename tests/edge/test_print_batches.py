"""Proves that a batch for the printer holds each letter once, as it was approved, on sheets of its own."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from engine.delivery.printing import PrintingFailed
from engine.entries import Entry
from engine.house import House
from engine.letter_pages import page_image
from engine.post import preview, release
from engine.print_batches import Batch, batches, print_batch, waiting
from engine.record import record
from engine.words import plain_text
from tests.conftest import NOW
from tests.edge.faults.town import ROSA, approved, kept_letter, printed, together
from tests.edge.test_pdf import text_of
from workflow.machine import NotAllowed

pytest_plugins = ["tests.edge.faults.fixtures"]


def _sent(town: House, *numbers: int) -> tuple[str, ...]:
    """So many letters, approved and released."""
    letters = tuple(approved(town, number, NOW) for number in numbers)
    assert set(release(town, NOW, "clock").sent) == set(letters)
    return letters


def _folder(town: House) -> Path:
    return town.settings.out / "batches"


def _manifest(town: House, name: str) -> dict[str, object]:
    read: dict[str, object] = json.loads((_folder(town) / f"{name}.json").read_text())
    return read


def test_a_batch_holds_every_letter_once_each_on_the_front_of_a_sheet(town: House) -> None:
    letters = _sent(town, 1, 2, 3)

    made = print_batch(town, ROSA, NOW)

    file = (_folder(town) / f"{made.name}.pdf").read_bytes()
    pages = PdfReader(BytesIO(file)).pages
    rows = _manifest(town, made.name)["contents"]
    assert isinstance(rows, list)
    assert {row["letter"] for row in rows} == set(made.letters) == set(letters)
    assert all(row["first_page"] % 2 == 1 for row in rows)
    assert len(pages) == 2 * made.sheets == 2 * sum(row["sheets"] for row in rows)
    assert made.digest == hashlib.sha256(file).hexdigest() == _manifest(town, made.name)["sha256"]
    for row in rows:
        assert row["sha256"] == hashlib.sha256(page_image(town, row["letter"], NOW)).hexdigest()
        first = row["first_page"]
        words = set(plain_text(preview(town, row["letter"], NOW).html).split())
        assert words <= set(text_of(file, "-f", str(first), "-l", str(first)).split())
        blank = range(first + row["pages"], first + 2 * row["sheets"])
        assert [text_of(file, "-f", str(n), "-l", str(n)).strip() for n in blank] == [""] * (row["pages"] % 2)


def test_the_list_of_a_batch_names_nobody(town: House) -> None:
    _sent(town, 1)

    made = print_batch(town, ROSA, NOW)

    text = (_folder(town) / f"{made.name}.json").read_text()
    assert "Example" not in text
    assert "Nowhere" not in text
    assert sorted(file.name for file in _folder(town).iterdir()) == [f"{made.name}.json", f"{made.name}.pdf"]


def test_a_batch_run_again_finds_only_what_left_since(town: House) -> None:
    _sent(town, 1, 2)
    first = print_batch(town, ROSA, NOW)

    again = print_batch(town, ROSA, NOW)
    (later,) = _sent(town, 3)
    second = print_batch(town, ROSA, NOW)

    assert again == Batch()
    assert second.letters == (later,)
    assert (first.name, second.name) == (f"{NOW.date()}-1", f"{NOW.date()}-2")
    assert printed(town) == set()
    assert [batch.letters for batch in batches(town)] == [1, 2]


def test_a_letter_that_may_not_go_any_more_is_taken_out_before_it_is_printed(town: House) -> None:
    stays, goes = _sent(town, 1, 2)
    reference = kept_letter(town, stays).reference
    record(town, reference, [Entry("consent_withdrawn", {"part": "all"})], actor=ROSA, now=NOW)

    made = print_batch(town, ROSA, NOW)

    assert (made.letters, made.stopped) == ((goes,), (stays,))
    assert kept_letter(town, stays).state == "returned"
    assert printed(town) == set()


def test_what_has_lain_there_for_days_may_have_been_printed_and_is_left_to_a_person(town: House) -> None:
    (letter,) = _sent(town, 1)

    made = print_batch(town, ROSA, NOW + timedelta(days=9))

    assert (made.name, made.lying) == ("", (letter,))
    assert printed(town) == {letter}
    assert kept_letter(town, letter).state == "released"


def test_a_folder_that_is_full_or_gone_leaves_every_letter_to_be_printed(town: House) -> None:
    letters = _sent(town, 1, 2)
    _folder(town).mkdir(parents=True)
    (_folder(town) / f"{NOW.date()}-1.pdf").mkdir()

    with pytest.raises(PrintingFailed):
        print_batch(town, ROSA, NOW)

    assert set(waiting(town)) == set(letters)
    (_folder(town) / f"{NOW.date()}-1.pdf").rmdir()
    assert set(print_batch(town, ROSA, NOW).letters) == set(letters)


def test_two_who_print_at_once_print_no_letter_twice(town: House) -> None:
    letters = _sent(town, 1, 2)

    def attempt() -> tuple[str, ...]:
        try:
            return print_batch(town, ROSA, NOW).letters
        except NotAllowed:
            return ()

    made = together([attempt, attempt])

    assert sorted(one for each in made for one in each) == sorted(letters)


def test_a_letter_that_would_not_come_out_as_approved_is_left_to_be_printed_singly(
    town: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (letter,) = _sent(town, 1)
    monkeypatch.setattr("engine.print_batches.kept_page", lambda *_: b"another page")

    made = print_batch(replace(town), ROSA, NOW)

    assert (made.name, made.differing) == ("", (letter,))
    assert printed(town) == {letter}
