"""Declares the tables of the moves by which cases ran, and of the runs that carried them from one to another."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer
from sqlmodel import Field, SQLModel

from store.tables.columns import case_key, document, moment, number, one_of


class TablesVersion(SQLModel, table=True):
    """The tables of moves of one version, kept as data from its first use on; empty where it was used before that."""

    __tablename__ = "tables_version"

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    version: str = Field(primary_key=True, max_length=16)
    first_used_at: datetime = moment()
    document: Any = document(nullable=True)


class TablesRun(SQLModel, table=True):
    """A run that moved cases to other tables, or took such a run back; without an end it can be gone on with."""

    __tablename__ = "tables_run"
    __table_args__ = (one_of("deed", ("migrate", "revert"), "deed"),)

    run_id: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    deed: str = Field(max_length=8)
    version: str = Field(max_length=16)
    undoes: int | None = Field(default=None, foreign_key="tables_run.run_id")
    by: str = Field(max_length=64)
    began_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)
    counts: Any = document(nullable=True)


class TablesMove(SQLModel, table=True):
    """A case that a run moved, and the number of the event that says so."""

    __tablename__ = "tables_move"

    run_id: int = Field(sa_column=Column(Integer, ForeignKey("tables_run.run_id"), primary_key=True))
    case_id: int = case_key()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    seq: int
