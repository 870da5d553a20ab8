"""Reads and replaces single files of the config folder, and refuses what cannot be read with file and remedy."""

import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from engine.errors import BadConfiguration

_Read = TypeVar("_Read")


def read_document(path: Path, name: str, parse: Callable[[str], _Read]) -> _Read:
    """What a file holds, as ``parse`` (``json.loads`` or ``tomllib.loads``) reads it.

    Raises BadConfiguration, naming the file as ``name``.
    """
    try:
        return parse(path.read_text(encoding="utf-8"))
    except OSError:
        raise BadConfiguration(name, "file", "Put the file there and let the service read it.") from None
    except UnicodeDecodeError:
        raise BadConfiguration(name, "file", "Save it as UTF-8.") from None
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as fault:
        raise BadConfiguration(name, "file", f"Correct its form: {fault}.") from None
    except (RecursionError, ValueError):
        raise BadConfiguration(
            name, "file", "Correct its form: it is nested too deeply or holds a number too long."
        ) from None


def replace_document(path: Path, name: str, text: str) -> None:
    """Put a text in the place of a file, so that whoever reads sees the old one or the new one and never a part.

    Raises BadConfiguration where the folder cannot be written; the old file stands then.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            beside.chmod(path.stat().st_mode & 0o777)
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError:
        beside.unlink(missing_ok=True)
        raise BadConfiguration(
            name, "file", "It cannot be written: let this user write to the config folder."
        ) from None
