"""Proves that moments come back as they went in, that the chain sees every change, and that no person can be read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError
from sqlmodel import SQLModel, col

from engine.desk import open_file
from engine.entries import Entry
from engine.house import House
from engine.intake.receive import receive
from engine.post import approve
from engine.record import record
from store import cases
from store.database import is_sqlite
from store.tables import Heartbeat
from tests.conftest import NOW
from tests.edge.consent_records import child_record
from tests.edge.faults.soundness import faults
from tests.edge.faults.town import FORCE, ROSA, case, case_key, only_letter, ready, sqlite_file, take_in

pytest_plugins = ["tests.edge.faults.fixtures"]

LONDON = ZoneInfo("Europe/London")
MOMENTS = (
    NOW,
    datetime(2026, 7, 1, 9, 0, tzinfo=LONDON),
    datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=0),
    datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1),
    datetime(2026, 3, 29, 0, 59, 59, 999_999, tzinfo=LONDON),
    datetime(2026, 6, 30, 23, 30, 0, 1, tzinfo=UTC),
    datetime(1900, 1, 1, tzinfo=timezone(timedelta(hours=14))),
    datetime(2199, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=-12))),
)


def test_a_moment_comes_back_as_it_went_in_and_in_utc(town: House) -> None:
    with town.writing() as connection:
        for number, moment in enumerate(MOMENTS):
            row = {"service_id": town.service, "clock": str(number), "at": moment}
            connection.execute(insert(Heartbeat).values(**row))

    with town.reading() as connection:
        kept = {clock: at for clock, at in connection.execute(select(col(Heartbeat.clock), col(Heartbeat.at)))}  # noqa: C416

    for number, moment in enumerate(MOMENTS):
        assert kept[str(number)] == moment.astimezone(UTC)
        assert kept[str(number)].utcoffset() == timedelta(0)


def test_moments_are_ordered_by_when_they_are_and_not_by_how_they_are_written(town: House) -> None:
    test_a_moment_comes_back_as_it_went_in_and_in_utc(town)

    with town.reading() as connection:
        ordered = list(connection.execute(select(col(Heartbeat.clock)).order_by(col(Heartbeat.at))).scalars())
        after = select(col(Heartbeat.clock)).where(col(Heartbeat.at) > MOMENTS[2])
        later = set(connection.execute(after).scalars())

    instants = [moment.astimezone(UTC) for moment in MOMENTS]
    assert [int(number) for number in ordered] == sorted(range(len(MOMENTS)), key=lambda number: instants[number])
    assert later == {str(number) for number in range(len(MOMENTS)) if instants[number] > instants[2]}


def test_a_moment_without_its_zone_is_refused(town: House) -> None:
    naive = datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001  (that it has no zone is the point)

    with pytest.raises(StatementError, match="time zone"), town.writing() as connection:
        connection.execute(insert(Heartbeat).values(service_id=town.service, clock="x", at=naive))
    with pytest.raises(StatementError, match="time zone"), town.reading() as connection:
        connection.execute(select(col(Heartbeat.clock)).where(col(Heartbeat.at) > naive))


def test_the_chain_holds_whatever_the_zone_in_which_a_moment_was_given(town: House) -> None:
    reference = ready(town, 1, NOW)
    summer, winter = datetime(2026, 7, 1, 9, 0, tzinfo=LONDON), NOW.astimezone(LONDON)
    east = NOW.astimezone(timezone(timedelta(hours=9)))

    for at, now in ((summer, NOW), (winter, winter), (None, east)):
        record(town, reference, [Entry("complaint_received", at=at)], actor=ROSA, now=now)

    assert _broken(town) == []
    assert [event.at for event in case(town, reference).history[-3:]] == [summer, winter, east]
    assert faults(town, NOW) == []


def _broken(town: House) -> list[tuple[str, int | None]]:
    """The cases whose chain does not hold, each with the entry at which it breaks."""
    with town.reading() as connection:
        links = [
            (key.reference, cases.broken_link(connection, town.service, key, kept))
            for key, kept in cases.histories(connection, town.service)
        ]
    return [(reference, link) for reference, link in links if link is not None]


def _unguarded(town: House, statement: str, **values: Any) -> None:
    """Change the history as somebody could who may do everything in the database."""
    with town.writing() as connection:
        if is_sqlite(connection):
            triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
            for name, _ in triggers:
                connection.execute(text(f"DROP TRIGGER {name}"))
            connection.execute(text(statement), values)
            for _, words in triggers:
                connection.execute(text(words))
        else:
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
            connection.execute(text(statement), values)
            connection.execute(text("ALTER TABLE event ENABLE TRIGGER USER"))


CHANGES = (
    "kind = 'note_written'",
    "\"by\" = 'somebody-else'",
    "fields = '{}'",
    "corrects = 1",
    "reached = replace(reached, 'contact_due', 'closed')",
    "tables = 'other'",
    "at = recorded_at",
    "recorded_at = at",
    "chain = 'x'",
)


def test_the_chain_sees_a_change_of_any_column(town: House) -> None:
    entry = Entry("case_assigned", {"to": "rosa"}, at=NOW - timedelta(days=1))
    references = [ready(town, number, NOW) for number in range(len(CHANGES) + 1)]
    seqs = {record(town, reference, [entry], actor=ROSA, now=NOW).version for reference in references}

    for reference, change in zip(references, CHANGES, strict=False):
        case_id = case_key(town, reference).case_id
        _unguarded(town, f"UPDATE event SET {change} WHERE case_id = :case AND seq = :seq", case=case_id, seq=min(seqs))  # noqa: S608

    assert len(seqs) == 1
    assert _broken(town) == [(reference, min(seqs)) for reference in references[:-1]]


def test_the_chain_sees_an_entry_taken_out_or_moved_to_another_case(town: House) -> None:
    first, second = ready(town, 1, NOW), ready(town, 2, NOW)
    _unguarded(town, "UPDATE event SET case_id = case_id + 1, seq = seq + 50 WHERE case_id = 1 AND seq = 4")

    assert {reference for reference, _ in _broken(town)} == {first, second}


CANARY = "Zyxcanary"


def _told_with_canaries() -> dict[str, Any]:
    changes: dict[str, Any] = {
        "force": FORCE,
        "officer__name": f"{CANARY} Officer",
        "victim__title": "Mx",
        "victim__given_name": f"{CANARY}given",
        "victim__family_name": f"{CANARY}family",
        "victim__known_as": f"{CANARY}known",
        "victim__date_of_birth": "2013-07-29",
        "victim__address": {"lines": [f"7 {CANARY} Street", f"{CANARY}ton"], "postcode": "ZZ98 7QQ"},
        "victim__phones": [{"number": "07700 900987", "kind": "mobile"}],
        "victim__email": f"{CANARY}@example.org",
        "victim__guardian__name": f"{CANARY} Guardian",
        "victim__guardian__phone": "07700 900654",
        "safety__must_not_know": [f"{CANARY} Neighbour"],
        "safety__do_not_contact_times": [f"{CANARY} evenings"],
        "characteristics__religion_or_belief": {"status": "answered", "value": f"{CANARY} belief"},
        "needs__note": f"{CANARY} needs",
        "notes": f"{CANARY} notes",
    }
    record = child_record(**changes)
    record["incident"]["children"] = [
        {"given_name": f"{CANARY}child", "family_name": f"{CANARY}kin", "date_of_birth": "2011-01-31"}
    ]
    return record


SECRETS = (CANARY, "2013-07-29", "2011-01-31", "ZZ98 7QQ", "ZZ987QQ", "900987", "900654", "Words-that-hurt")


def _everything_kept(town: House) -> Iterator[bytes]:
    """Every byte of the database as it lies there: the file and its journal, or every row of every table as text."""
    if is_sqlite(town.database):
        file = sqlite_file(town)
        for each in sorted(file.parent.glob(f"{file.name}*")):
            yield each.read_bytes()
        return
    with town.reading() as connection:
        for table in SQLModel.metadata.tables:
            for row in connection.execute(text(f"SELECT t::text FROM {table} t")).scalars():  # noqa: S608
                yield row.encode()


def _in_any_form(secret: str) -> tuple[bytes, ...]:
    plain = secret.lower().encode()
    return plain, plain.hex().encode(), secret.encode().hex().encode(), secret.encode("utf-16-le").lower()


def test_no_personal_data_can_be_read_in_the_database(town: House) -> None:
    taken = receive(town, _told_with_canaries(), FORCE, "opt_in", NOW)
    rejected = {**_told_with_canaries(), "submission_id": "TST-2", "incident": {"crime_reference": CANARY * 20}}
    assert receive(town, rejected, FORCE, "opt_in", NOW).status == "rejected"
    assert taken.case_reference is not None, taken.errors
    note = Entry("note_written", {"note": "Words-that-hurt"})
    record(town, taken.case_reference, [note], actor=ROSA, now=NOW, key="note")
    adult = take_in(
        town, 7, NOW, victim__family_name=f"{CANARY}family", victim__address=_told_with_canaries()["victim"]["address"]
    )
    record(town, adult, [Entry("triage_completed")], actor=ROSA, now=NOW)
    approve(town, only_letter(town, adult).letter_id, ROSA, NOW)

    assert CANARY in open_file(town, adult, ROSA, NOW).victim_name
    kept = [each.lower() for each in _everything_kept(town)]

    assert sum(map(len, kept)) > 10_000
    assert any(town.service.encode() in each for each in kept)
    for secret in SECRETS:
        for form in _in_any_form(secret):
            assert not any(form in each for each in kept), secret
