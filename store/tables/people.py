"""Declares the tables of people: names, ways of reaching them, addresses compared, characteristics; all sealed."""

from datetime import date

from sqlalchemy import Column, ForeignKey, Index, Integer, text
from sqlmodel import Field, SQLModel

from store.tables.columns import number, one_of, person, sealed


class Person(SQLModel, table=True):
    """A victim, a child or one of staff, sealed under a key of their own: erasing the key erases the person."""

    __tablename__ = "person"
    __table_args__ = (
        one_of("kind", ("victim", "child", "staff"), "kind"),
        Index("ix_person_match", "service_id", "kind", "match"),
    )

    person_id: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    kind: str = Field(max_length=16)
    match: str = Field(max_length=64)
    wrapped_key: bytes = sealed()
    sealed: bytes = sealed()


class ContactPoint(SQLModel, table=True):
    """A way of reaching somebody: sealed, with the days between which it holds and who gave it."""

    __tablename__ = "contact_point"
    __table_args__ = (Index("ix_contact_point_person", "person_id", "channel"),)

    contact_point_id: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    person_id: int = person()
    channel: str = Field(max_length=16)
    sealed: bytes = sealed()
    given_by: str = Field(max_length=64)
    from_day: date
    until_day: date | None = None


class ComingOfAge(SQLModel, table=True):
    """The month in which a child victim turns 18, by its first day, and when their birthday was last looked at.

    A month and not the day: the birthday stays sealed.  ``adult_in`` is empty where there is nothing to wait for.
    """

    __tablename__ = "coming_of_age"
    __table_args__ = (
        Index(
            "ix_coming_of_age_adult",
            "service_id",
            "adult_in",
            sqlite_where=text("adult_in IS NOT NULL"),
            postgresql_where=text("adult_in IS NOT NULL"),
        ),
    )

    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    person_id: int = Field(
        sa_column=Column(Integer, ForeignKey("person.person_id"), primary_key=True, autoincrement=False)
    )
    adult_in: date | None = None
    looked_on: date | None = None


class KnownAddress(SQLModel, table=True):
    """An address that no victim's letter may go to unseen: a child's, a household's, a school's, or of staff."""

    __tablename__ = "known_address"
    __table_args__ = (Index("ix_known_address_person", "person_id"),)

    address_id: int = number()
    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    person_id: int = person()
    of: str = Field(max_length=16)
    has_number: bool
    given_by: str = Field(max_length=64)
    from_day: date
    until_day: date | None = None
    sealed: bytes = sealed()


class AddressKey(SQLModel, table=True):
    """A digest of one form of a known address, by which it is compared without being read."""

    __tablename__ = "address_key"
    __table_args__ = (Index("ix_address_key_digest", "service_id", "digest"),)

    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    address_id: int = Field(sa_column=Column(Integer, ForeignKey("known_address.address_id"), primary_key=True))
    grade: str = Field(primary_key=True, max_length=16)
    digest: str = Field(primary_key=True, max_length=64)


class CharacteristicAnswer(SQLModel, table=True):
    """The status of one protected characteristic, and its value sealed."""

    __tablename__ = "characteristic"

    service_id: str = Field(foreign_key="service.service_id", max_length=32)
    person_id: int = Field(sa_column=Column(Integer, ForeignKey("person.person_id"), primary_key=True))
    name: str = Field(primary_key=True, max_length=40)
    status: str = Field(max_length=24)
    sealed: bytes = sealed()
    source: str = Field(max_length=24)
    asked_on: date | None = None
