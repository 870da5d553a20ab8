"""Shows answers on the command line: one JSON document or a table, and refusals as one sentence with a status."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec

Parameters = ParamSpec("Parameters")

DONE, FINDINGS, WRONG_USAGE, REFUSED = 0, 1, 2, 3
"""The exit statuses."""


class Finished(Exception):
    """Ends a command with a status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def as_json(document: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def as_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table on a terminal, plain columns in a pipe."""
    if not sys.stdout.isatty():
        for row in (columns, *rows):
            print("\t".join("" if cell is None else str(cell) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    Console().print(table)


@contextmanager
def progress(words: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal, silence in a pipe; the function takes how many are done and how many there are."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def guarded(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """A command whose refusals are one sentence on standard error and a status, never a traceback."""

    @wraps(command)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        import typer

        try:
            command(*args, **kwargs)
        except Finished as end:
            raise typer.Exit(end.status) from None
        except (typer.Exit, typer.Abort, KeyboardInterrupt):
            raise
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(DONE) from None
        except Exception as fault:
            status = _status(fault)
            if status is None:
                raise
            print(str(fault), file=sys.stderr)
            raise typer.Exit(status) from None

    return run


def _status(fault: Exception) -> int | None:
    from sqlalchemy.exc import OperationalError

    from engine.errors import BadConfiguration, KeyReused, NotFound, NotReady, StaleCase, WrongInput
    from store.database import DatabaseBusy, DatabaseUnusable
    from store.sealed import CannotOpen
    from workflow.code import NotInForce, UnknownRule
    from workflow.explain import CannotExplain
    from workflow.machine import NotAllowed
    from workflow.permissions import NotPermitted

    if isinstance(fault, NotAllowed | NotPermitted | NotFound | StaleCase | KeyReused | DatabaseBusy):
        return REFUSED
    if isinstance(fault, OperationalError):
        fault.args = ("The database cannot be reached.",)
        return WRONG_USAGE
    if isinstance(fault, WrongInput | NotReady | BadConfiguration | DatabaseUnusable | CannotOpen):
        return WRONG_USAGE
    if isinstance(fault, CannotExplain | UnknownRule | NotInForce):
        return WRONG_USAGE
    return None
