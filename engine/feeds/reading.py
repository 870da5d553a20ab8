"""Reads a table of another system row by row, with the same care as the files of police."""

from pathlib import Path

from engine.errors import WrongInput
from engine.feeds.forms import Form
from engine.intake.files import Reading, read
from workflow.problems import Problem

_NO_TABLE = Problem("", "not-a-table", "Send a table: CSV, or a sheet saved as XLSX.")


class DryRun(Exception):
    """Ends the transaction of a dry run without keeping anything."""


def read_table(path: Path, form: Form) -> Reading:
    """The rows of a table by our names, or what is wrong with the file.  Raises WrongInput where there is no file."""
    if not path.is_file():
        raise WrongInput("There is no such file.")
    reading = read(path, profile=form.profile)
    if not reading.problems and reading.kind not in ("csv", "xlsx"):
        return Reading(reading.kind, reading.encoding, (_NO_TABLE,), iter(()))
    return reading
