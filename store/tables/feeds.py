"""Declares the tables of the other feeds: interventions with children, and the rows of a service's own spreadsheet."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary
from sqlmodel import Field, SQLModel

from store.tables.columns import moment
from store.types import Document


class ChildIntervention(SQLModel, table=True):
    """One intervention with a child, as the case management system last gave it, sealed under the child's own key.

    ``digest`` tells whether a row says anything new; ``crime_reference`` is by what it finds the cases it is about.
    """

    __tablename__ = "child_intervention"
    __table_args__ = (Index("ix_child_intervention_crime", "service_id", "crime_reference"),)

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    intervention_id: str = Field(primary_key=True, max_length=64)
    person_id: int = Field(sa_column=Column(Integer, ForeignKey("person.person_id"), nullable=False, index=True))
    crime_reference: str = Field(max_length=64)
    digest: str = Field(max_length=64)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    first_at: datetime = moment()
    changed_at: datetime | None = moment(nullable=True)


class TrackerRow(SQLModel, table=True):
    """One victim of one incident in a service's own spreadsheet, found again by digest, and the case it became.

    ``cells`` holds for each column the digests of what stood there, so that only what is new is brought over again.
    """

    __tablename__ = "tracker_row"
    __table_args__ = (Index("ix_tracker_row_case", "case_id"),)

    service_id: str = Field(primary_key=True, foreign_key="service.service_id", max_length=32)
    identity: str = Field(primary_key=True, max_length=64)
    case_id: int = Field(sa_column=Column(Integer, ForeignKey("victim_case.case_id"), nullable=False))
    cells: Any = Field(sa_column=Column(Document, nullable=False))
    first_at: datetime = moment()
    changed_at: datetime | None = moment(nullable=True)
