"""The pictures of the README are those that `make screens` makes: all there, small, and said in words."""

import re
from pathlib import Path

from tests.screens import FOLDER, LARGEST, ROOT, SCREENS

_SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")


def test_the_readme_shows_every_picture_that_the_command_makes_with_its_words() -> None:
    shown = _SHOWN.findall((ROOT / "README.md").read_text(encoding="utf-8"))

    assert [(words, file) for words, file in shown if file.startswith("docs/")] == [
        (screen.alt, screen.file) for screen in SCREENS
    ]
    assert all(len(screen.alt) > 60 for screen in SCREENS), "Whoever does not see the picture learns what is on it."


def test_every_picture_is_there_and_small_and_there_is_no_other() -> None:
    there = {file.name: file.stat().st_size for file in FOLDER.iterdir()}

    assert set(there) == {Path(screen.file).name for screen in SCREENS}
    assert {name: size for name, size in there.items() if not 5_000 < size <= LARGEST} == {}
    assert all((FOLDER / name).read_bytes().startswith(b"\x89PNG") for name in there)
