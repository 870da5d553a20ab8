"""The commands of the post: templates are checked, and all letters are stopped and let go again, by command."""

import shutil
from pathlib import Path

import pytest

from engine.settings import read_settings
from tests.edge.commands import Commands


def test_the_letters_of_the_service_have_no_fault(tmp_path: Path) -> None:
    told = Commands(tmp_path).json("letters", "check")

    assert (told["kinds"], told["faults"]) == (43, [])


def test_the_check_names_what_is_not_in_welsh_and_what_nobody_checked_until_somebody_has(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    assert commands("user", "add", "morgan", "--role", "manager").exit_code == 0
    before = commands.json("letters", "check")
    said = ("--by", "Ffion Example", "--on", "2026-11-02", "--as", "morgan")

    assert commands("letters", "checked", "L06", *said).exit_code == 0

    after = commands.json("letters", "check")
    assert {"L07/cy", "L16/cy"} <= set(before["missing_words"])
    assert set(before["unchecked_words"]) - set(after["unchecked_words"]) == {"L06/cy"}
    (checked,) = [each for each in commands.json("letters", "words") if each["state"] == "checked"]
    assert (checked["kind"], checked["checked_by"], checked["checked_on"]) == ("L06", "Ffion Example", "2026-11-02")
    assert commands("letters", "checked", "L07", *said).exit_code != 0


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("{{ surname }}", "surname"),
        ("{{ salutation | default('friend') }}", "default"),
        ("{{ salutation | shout }}", "shout"),
    ],
)
def test_a_template_of_a_service_that_would_go_wrong_is_named(tmp_path: Path, source: str, fault: str) -> None:
    home = read_settings({}).home
    for name in ("config", "templates"):
        shutil.copytree(home / name, tmp_path / "own" / name)
    place = tmp_path / "own" / "templates" / "letters" / "L06" / "en.html"
    place.write_text(place.read_text().replace("{{ salutation }}", source))

    done = Commands(tmp_path, HOME=str(tmp_path / "own"))("letters", "check")

    assert done.exit_code == 1
    assert fault in done.stdout


def test_all_letters_are_stopped_by_one_manager_and_let_go_by_two(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    for name, role in (("morgan", "manager"), ("nadia", "manager"), ("rosa", "practitioner")):
        assert commands("user", "add", name, "--role", role).exit_code == 0

    assert commands("dispatch", "stop", "--reason", "safety", "--as", "rosa").exit_code == 3
    assert commands("dispatch", "stop", "--reason", "safety", "--as", "morgan").exit_code == 0
    assert commands("dispatch", "lift", "--reason", "put_right", "--as", "morgan").exit_code == 0
    assert commands.json("dispatch", "status")["stopped_since"] is not None
    assert commands("dispatch", "lift", "--reason", "put_right", "--as", "nadia").exit_code == 0

    told = commands.json("dispatch", "status")
    assert told["stopped_since"] is None
    assert [order["deed"] for order in told["orders"]] == ["lift", "ask_to_lift", "stop"]
