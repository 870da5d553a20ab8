"""Keeps who checked which version of the words of a letter in another language than English."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlmodel import col

from store.tables import CheckedWords


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """That one version of the words was checked: by whom, and when."""

    kind: str
    language: str
    version: str
    checked_by: str
    checked_on: date


def is_checked(connection: Connection, service: str, kind: str, language: str, version: str) -> bool:
    """Whether somebody checked this very version."""
    return (
        connection.execute(_where(select(col(CheckedWords.version)), service, kind, language, version)).first()
        is not None
    )


def keep(connection: Connection, service: str, check: KeptCheck, recorded_by: str, recorded_at: datetime) -> None:
    """That a version was checked; a later word on the same version takes the place of the earlier."""
    of = (service, check.kind, check.language, check.version)
    connection.execute(_where(delete(CheckedWords), *of))
    values = {
        "service_id": service,
        "kind": check.kind,
        "language": check.language,
        "version": check.version,
        "checked_by": check.checked_by,
        "checked_on": check.checked_on,
        "recorded_by": recorded_by,
        "recorded_at": recorded_at,
    }
    connection.execute(insert(CheckedWords), values)


def checks(connection: Connection, service: str) -> list[KeptCheck]:
    """Every check there is, of present words and of earlier ones."""
    rows = connection.execute(
        select(
            col(CheckedWords.kind),
            col(CheckedWords.language),
            col(CheckedWords.version),
            col(CheckedWords.checked_by),
            col(CheckedWords.checked_on),
        )
        .where(col(CheckedWords.service_id) == service)
        .order_by(col(CheckedWords.checked_on))
    )
    return [KeptCheck(*row) for row in rows]


def _where(statement: Any, service: str, kind: str, language: str, version: str) -> Any:
    return statement.where(
        col(CheckedWords.service_id) == service,
        col(CheckedWords.kind) == kind,
        col(CheckedWords.language) == language,
        col(CheckedWords.version) == version,
    )
