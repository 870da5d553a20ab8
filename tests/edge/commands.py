"""Runs commands in the process of the test, which takes a tenth of the time of a process of their own."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from engine.__main__ import app


class Commands:
    """The commands on a database in a folder of the test; ``now`` is the moment they take it to be."""

    def __init__(self, folder: Path, now: str = "2026-11-23T09:30:00+00:00", **settings: str) -> None:
        self.folder = folder
        self.environment = {
            "VICTIM_CONTACT_DATABASE": f"sqlite:///{folder / 'test.db'}",
            "VICTIM_CONTACT_OUT": str(folder / "out"),
            "VICTIM_CONTACT_KEY_FILE": str(folder / "key"),
            "VICTIM_CONTACT_NOW": now,
            **{f"VICTIM_CONTACT_{name}": value for name, value in settings.items()},
        }

    def __call__(self, *words: str, charset: str = "utf-8") -> Result:
        done = CliRunner(charset=charset).invoke(app, words, env=self.environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    def json(self, *words: str) -> Any:
        done = self(*words, "--json")
        assert done.exit_code == 0, done.stderr
        return json.loads(done.stdout)
