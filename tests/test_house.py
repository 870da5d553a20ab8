"""Holds the laws of the house that no other tool holds: where time and SQL may stand, and what things are called."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from workflow.catalogue import CATALOGUE

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("workflow", "store", "engine", "web")
SQL = frozenset({"select", "insert", "update", "delete", "text"})
SQL_LIBRARIES = ("sqlalchemy", "sqlmodel")
SUFFIXES = ("Manager", "Helper", "Handler", "Util", "Utils", "Base")
WORDS = (
    ".py",
    ".html",
    ".toml",
    ".md",
    ".txt",
    ".json",
    ".csv",
    ".js",
    ".css",
    ".cfg",
    ".ini",
    ".sh",
    ".yml",
    ".mako",
    "",
)


@cache
def _kept() -> tuple[Path, ...]:
    """Every file that is, or is about to be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return tuple(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


@cache
def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(_text(file), str(file))


def _place(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _modules(*folders: str) -> tuple[Path, ...]:
    """The Python modules in these folders of the house."""
    found = tuple(f for f in _kept() if f.suffix == ".py" and f.relative_to(ROOT).parts[0] in folders)
    assert found, folders
    return found


def _texts(*folders: str) -> tuple[Path, ...]:
    """The files of words in these folders, or in the whole house where none is named."""
    return tuple(
        f
        for f in _kept()
        if f.suffix in WORDS and f.suffix != ".lock" and (not folders or f.relative_to(ROOT).parts[0] in folders)
    )


def _dotted(node: ast.AST) -> str:
    """A name as it is written: ``datetime.datetime.now``."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return f"{_dotted(node.value)}.{node.attr}"
    return ""


def test_every_event_kind_has_its_line_in_the_permissions_and_no_line_is_without_its_kind() -> None:
    permitted = tomllib.loads(_text(ROOT / "config" / "permissions.toml"))["events"]

    assert set(permitted) == set(CATALOGUE)
    assert all(roles for roles in permitted.values())


_CLOCKS = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime)|func\.(now|current_\w+))$"
)


def test_the_present_moment_comes_from_one_module() -> None:
    found = {
        _place(file)
        for file in _modules(*PACKAGES)
        for node in ast.walk(_tree(file))
        if (isinstance(node, ast.Attribute) and _CLOCKS.search(_dotted(node)))
        or (isinstance(node, ast.ImportFrom) and node.module == "time" and {n.name for n in node.names} & {"time"})
    }

    assert found == {"engine/moment.py"}


def _sql(file: Path) -> Iterator[str]:
    """The SQL that a module builds: constructs of the library by name, by module, or as raw text."""
    borrowed: set[str] = set()
    libraries = set(SQL_LIBRARIES)
    for node in ast.walk(_tree(file)):
        match node:
            case ast.ImportFrom() if (node.module or "").partition(".")[0] in SQL_LIBRARIES:
                borrowed |= {name.asname or name.name for name in node.names if name.name in SQL}
            case ast.Import():
                libraries |= {n.asname for n in node.names if n.asname and n.name.partition(".")[0] in SQL_LIBRARIES}
    for node in ast.walk(_tree(file)):
        name = _dotted(node)
        first, last = name.partition(".")[0], name.rpartition(".")[2]
        if name in borrowed or last == "exec_driver_sql" or (first in libraries and last in SQL):
            yield f"{_place(file)}: {name}"


def test_sql_stands_in_the_store_alone() -> None:
    assert [line for file in _modules("workflow", "engine", "web") for line in _sql(file)] == []
    assert any(True for file in _modules("store") for _ in _sql(file))


def test_the_deciding_layer_imports_the_standard_library_and_transitions_and_nothing_else() -> None:
    allowed = sys.stdlib_module_names | {"workflow", "transitions"}
    imported = {
        name.partition(".")[0]
        for file in _modules("workflow")
        for node in ast.walk(_tree(file))
        for name in (
            [n.name for n in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert imported - allowed == set()
    assert "transitions" in imported


def _first_sentence_fault(file: Path) -> str | None:
    opening = (ast.get_docstring(_tree(file)) or "").partition("\n\n")[0]
    if not opening:
        return "opens with no sentence"
    if not opening.endswith(".") or re.search(r"[.!?]\s+[A-Z]", opening):
        return "does not open with one sentence"
    return None


def test_every_module_opens_with_one_sentence() -> None:
    faults = {_place(file): _first_sentence_fault(file) for file in _modules(*PACKAGES, "tests")}

    assert {place: fault for place, fault in faults.items() if fault} == {}


def _public(body: list[ast.stmt], within: str = "") -> Iterator[tuple[str, ast.AST]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield f"{within}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body, f"{node.name}.")


def test_whatever_is_public_says_what_it_is() -> None:
    silent = [
        f"{_place(file)}: {name}"
        for file in _modules(*PACKAGES)
        if "migrations/versions" not in _place(file)
        for name, node in _public(_tree(file).body)
        if not ast.get_docstring(node)  # type: ignore[arg-type]
    ]

    assert silent == []


def test_no_class_is_named_for_nothing_in_particular() -> None:
    vague = [
        f"{_place(file)}: {node.name}"
        for file in _modules(*PACKAGES)
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.ClassDef) and node.name.endswith(SUFFIXES)
    ]

    assert vague == []


def _lines_with(pattern: str, files: tuple[Path, ...]) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{_place(file)}:{number}"
        for file in files
        if file != Path(__file__).resolve() and wanted.search(_text(file))
        for number, line in enumerate(_text(file).splitlines(), start=1)
        if wanted.search(line)
    ]


def test_a_child_is_called_a_child() -> None:
    assert _lines_with(r"(?i)\boffenders?\b", _texts(*PACKAGES, "templates", "config")) == []


def test_nothing_is_left_to_be_done_later() -> None:
    assert _lines_with(r"\b(TODO|FIXME)\b", _texts()) == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    assert _lines_with(r"(?<![\w.~/-])(/home/|/root/|/Users/|/work/|[A-Z]:\\Users)", _texts()) == []


def test_the_locks_name_packages_and_hashes_but_no_address() -> None:
    locks = [file for file in _kept() if file.suffix == ".lock" or file.name == "package-lock.json"]
    assert {"requirements.lock", "requirements-dev.lock", "package-lock.json"} <= {file.name for file in locks}

    addressed = r"https?://(?!.*/sponsors/)|--(index|extra-index)-url|--find-links|\"resolved\""
    assert _lines_with(addressed, tuple(locks)) == []


@pytest.mark.parametrize(
    ("statement", "is_clock"),
    [
        ("datetime.now(UTC)", True),
        ("datetime.datetime.now()", True),
        ("date.today()", True),
        ("time.time()", True),
        ("func.now()", True),
        ("house.now()", False),
        ("house.today()", False),
        ("time.monotonic()", False),
    ],
)
def test_the_law_of_time_knows_a_clock_when_it_sees_one(statement: str, is_clock: bool) -> None:
    names = [_dotted(node) for node in ast.walk(ast.parse(statement)) if isinstance(node, ast.Attribute)]

    assert any(_CLOCKS.search(name) for name in names) is is_clock
