"""Peoples a house with cases on their way: taken in, ready for contact, and with letters that were approved."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.engine import make_url

from engine.codes import random_code
from engine.entries import Actor, Entry
from engine.house import House
from engine.intake.receive import receive
from engine.post import approve
from engine.record import record
from engine.words import Words
from store import cases, post
from store.cases import CaseKey
from store.database import is_sqlite
from store.post import KeptLetter
from tests.edge.consent_records import consent_record
from workflow.case import Case
from workflow.vocabulary import Role

FORCE = "derbyshire"
ROSA = Actor("rosa", Role.PRACTITIONER)

_NUMBERS = count(100_000)
_Result = TypeVar("_Result")


def busy(house: House) -> House:
    """The same house for many hands: codes that never meet, short letters, and a print folder that is there."""
    house.print_folder.prepare()
    return replace(house, codes=random_code, words=Words(Path(__file__).parent / "words"))


def crime_reference(number: int) -> str:
    """The crime reference of the case of that number."""
    return f"26{number:09}/26"


def told(number: int, **changes: Any) -> dict[str, Any]:
    """The consent record of the case of that number, with the changes named."""
    plain = {
        "force": FORCE,
        "submission_id": f"TST-2026-{number:06}",
        "incident__crime_reference": crime_reference(number),
        "victim__family_name": f"Example-{number}",
    }
    return consent_record(**{**plain, **changes})


def take_in(house: House, number: int, now: datetime, **changes: Any) -> str:
    """A new case that waits for triage; gives its reference."""
    receipt = receive(house, told(number, **changes), FORCE, "opt_in", now)
    assert receipt.case_reference is not None, receipt
    return receipt.case_reference


def another() -> int:
    """A number that no case has yet, whichever house it is in."""
    return next(_NUMBERS)


def token(word: str) -> Entry:
    """An entry that can be found again by its word, and that anybody may record as often as they like."""
    return Entry("support_referred", {"by": "yjs", "outcome": "signposted", "agency": word})


def tokens(kept: Case) -> list[str]:
    """The words of such entries in a case, in the order in which they were recorded."""
    return [event.text("agency") for event in kept.history if event.kind == "support_referred" and event.text("agency")]


def ready(house: House, number: int, now: datetime) -> str:
    """A new case in which contact is due and the first letter is drafted; gives its reference."""
    reference = take_in(house, number, now)
    record(house, reference, [Entry("triage_completed")], actor=ROSA, now=now)
    return reference


def approved(house: House, number: int, now: datetime) -> str:
    """A new case whose first letter was approved; gives the letter."""
    letter = only_letter(house, ready(house, number, now))
    approve(house, letter.letter_id, ROSA, now)
    return letter.letter_id


def case_key(house: House, reference: str) -> CaseKey:
    """The key of a case that is there."""
    with house.reading() as connection:
        found = cases.find(connection, house.service, reference)
    assert found is not None, reference
    return found


def case(house: House, reference: str) -> Case:
    """A case with its history, as it is kept."""
    key = case_key(house, reference)
    with house.reading() as connection:
        return cases.history(connection, house.service, key)


def kinds(house: House, reference: str) -> list[str]:
    """The kinds of the events of a case in their order."""
    return [event.kind for event in case(house, reference).history]


def letters_of(house: House, reference: str) -> list[KeptLetter]:
    """The letters of a case."""
    key = case_key(house, reference)
    with house.reading() as connection:
        return post.of_case(connection, house.service, key.case_id)


def only_letter(house: House, reference: str) -> KeptLetter:
    """The one letter of a case."""
    (letter,) = letters_of(house, reference)
    return letter


def kept_letter(house: House, letter_id: str) -> KeptLetter:
    """A letter as it is kept."""
    with house.reading() as connection:
        letter = post.find(connection, house.service, letter_id)
    assert letter is not None, letter_id
    return letter


def printed(house: House) -> set[str]:
    """The letters that lie in the print folder."""
    return {file.stem for file in (house.settings.out / "letters").glob("*.pdf")}


def sqlite_file(house: House) -> Path:
    """The file in which a SQLite database is kept."""
    return Path(make_url(house.settings.database).database or "")


def together(deeds: Sequence[Callable[[], _Result]]) -> list[_Result]:
    """What the deeds answer when they all begin at the same moment, each in a thread of its own."""
    line = Barrier(len(deeds))

    def begin(deed: Callable[[], _Result]) -> _Result:
        line.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return [done.result() for done in [threads.submit(begin, deed) for deed in deeds]]


def settled(town: House) -> None:
    """Wait until the server has noticed that the killed one is gone."""
    if is_sqlite(town.database):
        return
    busy = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND state <> 'idle'"
    )
    patience = time.monotonic() + 10
    while time.monotonic() < patience:
        with town.reading() as connection:
            if connection.execute(text(busy)).scalar_one() == 0:
                return
        time.sleep(0.005)
    raise AssertionError("the server still works for a process that was killed")
