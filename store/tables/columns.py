"""Declares the columns that tables share, and how constraints are named."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, LargeBinary
from sqlmodel import Field, SQLModel

from store.types import Document, Moment

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def one_of(column: str, values: Any, name: str) -> CheckConstraint:
    """A column that holds one of these values and no other."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


def moment(nullable: bool = False) -> Any:
    """A moment in UTC."""
    return Field(default=None, sa_column=Column(Moment, nullable=nullable))


def document(nullable: bool = False) -> Any:
    """A small document without personal data."""
    return Field(default=None, sa_column=Column(Document, nullable=nullable))


def sealed(nullable: bool = False) -> Any:
    """What is sealed under the key of a person or of the service."""
    return Field(default=None, sa_column=Column(LargeBinary, nullable=nullable))


def number() -> Any:
    """A number the database gives."""
    return Field(default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True))


def case() -> Any:
    """The case that a row is about."""
    return Field(sa_column=Column(Integer, ForeignKey("victim_case.case_id"), nullable=False))


def case_key() -> Any:
    """The case that a row is about, as part of its key."""
    return Field(sa_column=Column(Integer, ForeignKey("victim_case.case_id"), primary_key=True))


def person() -> Any:
    """The person that a row is about."""
    return Field(sa_column=Column(Integer, ForeignKey("person.person_id"), nullable=False))
