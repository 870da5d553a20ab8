"""Lets an officer see what a file would do before it is taken in: sealed while it waits, and forgotten afterwards."""

import base64
import io
import zlib
from datetime import datetime
from typing import Any, BinaryIO

from engine.entries import Actor
from engine.errors import NotFound
from engine.house import House
from engine.intake.files import read
from engine.intake.importing import profile_of, take_in
from engine.intake.receipts import problem_document
from store import officer_work
from store.sealed import CannotOpen
from workflow.problems import Problem

_GONE = "There is no such file any more. Send it again: nothing of it was kept."
ENDINGS = (".csv", ".json", ".jsonl", ".xlsx")
"""The kinds of file that are read, by how their names end."""


def look(house: House, actor: Actor, file: BinaryIO, name: str, now: datetime) -> tuple[str, dict[str, Any]]:
    """What would happen if a file were taken in, and the number under which it waits; empty where it cannot be.

    Only the ending of the name is looked at, and no name is kept.
    """
    force = str(actor.force)
    ending = next((each for each in ENDINGS if name.lower().endswith(each)), "")
    content = file.read(house.officers.largest_file + 1)
    if len(content) > house.officers.largest_file:
        return "", _refused("file-too-large", f"Send at most {house.officers.largest_file // 1024 // 1024} MB at once.")
    if not content:
        return "", _refused("file-empty", "Choose a file that holds records.")
    if not ending:
        return "", _refused("not-a-known-kind", "Send a CSV, XLSX, JSON or JSON lines file.")
    problems = read(io.BytesIO(content), name=f"records{ending}", profile=profile_of(house, force, None)).problems
    if problems:
        return "", {"problems": [problem_document(each) for each in problems], "rows": []}
    receipt = take_in(house, io.BytesIO(content), force, now, name=f"records{ending}", dry_run=True)
    number = house.codes(24)
    packed = [ending, base64.b64encode(zlib.compress(content, 1)).decode()]
    sealed = house.keyring.seal(_place(actor, number), packed)
    with house.writing() as connection:
        officer_work.forget(connection, house.service, now)
        until = now + house.officers.file_waits
        officer_work.add_file(connection, house.service, number, force, actor.user, sealed, until)
    return number, receipt


def take(house: House, actor: Actor, number: str, now: datetime) -> None:
    """Take a file in that waits, and forget it; a second time changes nothing.  Raises NotFound."""
    sealed, receipt = _found(house, actor, number, now)
    if sealed is None:
        return
    try:
        ending, packed = house.keyring.open(_place(actor, number), sealed)
    except CannotOpen:
        raise NotFound(_GONE) from None
    content = io.BytesIO(zlib.decompress(base64.b64decode(packed)))
    receipt = take_in(house, content, str(actor.force), now, name=f"records{ending}")
    with house.writing() as connection:
        until = now + house.officers.file_receipt_lasts
        officer_work.settle_file(connection, house.service, number, str(actor.force), actor.user, receipt, until)


def receipt_of_file(house: House, actor: Actor, number: str, now: datetime) -> dict[str, Any]:
    """The receipt of a file that was taken in.  Raises NotFound."""
    _, receipt = _found(house, actor, number, now)
    if receipt is None:
        raise NotFound(_GONE)
    found: dict[str, Any] = receipt
    return found


def forget(house: House, actor: Actor, number: str) -> None:
    """Forget a file that is not to be taken in."""
    with house.writing() as connection:
        officer_work.drop_file(connection, house.service, number, str(actor.force), actor.user)


def forget_what_is_over(house: House, now: datetime) -> None:
    """Forget records and files that waited longer than they may."""
    with house.reading() as connection:
        is_over = officer_work.has_expired(connection, house.service, now)
    if is_over:
        with house.writing() as connection:
            officer_work.forget(connection, house.service, now)


def _found(house: House, actor: Actor, number: str, now: datetime) -> tuple[bytes | None, Any]:
    with house.reading() as connection:
        found = officer_work.file(connection, house.service, number, str(actor.force), actor.user, now)
    if found is None:
        raise NotFound(_GONE)
    return found


def _refused(rule: str, remedy: str) -> dict[str, Any]:
    return {"problems": [problem_document(Problem("", rule, remedy))], "rows": []}


def _place(actor: Actor, number: str) -> str:
    return f"waiting_file.{actor.user}.{number}"
