"""The commands of the post: templates are checked, and all letters are stopped and let go again, by command."""

import shutil
from pathlib import Path

import pytest

from engine.settings import read_settings
from tests.edge.commands import Commands


def test_the_letters_of_the_service_have_no_fault(tmp_path: Path) -> None:
    assert Commands(tmp_path).json("letters", "check") == {"kinds": 43, "faults": []}


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
