"""Keeps moments in UTC and small documents as JSON text, alike on SQLite and PostgreSQL."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

# Built once: json.dumps builds a writer at every call that asks for another form than its own.
_written = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; SQLite would otherwise lose the offset without a word."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Refuse a moment without its zone, and turn the others to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Give the moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Document(TypeDecorator[Any]):
    """A small JSON document as text with sorted keys, so that the same document is the same bytes everywhere."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _: Dialect) -> str | None:
        """The document as text."""
        return value if value is None or type(value) is Canonical else canonical(value)

    def process_result_value(self, value: str | None, _: Dialect) -> Any:
        """The text as a document."""
        return None if value is None else json.loads(value)


class Canonical(str):
    """A document that was already written in the one way."""

    __slots__ = ()


def canonical(document: Any) -> str:
    """The one way in which a document is written: sorted keys, no spaces, text as it is."""
    return _written(document)
